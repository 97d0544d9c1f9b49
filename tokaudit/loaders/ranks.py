"""`ranks:x.tiktoken?pattern=cl100k_base`: ranks in a file, with the pattern of an encoding.

Such a file has a line for each token, its bytes in base64 and its rank, and says nothing of how
text is cut before; the pattern is named by one of OpenAI's encodings. It has no special tokens.
"""

import base64
import binascii
from dataclasses import replace
from pathlib import Path

import tiktoken

from tokaudit import encodings
from tokaudit.engines import contained
from tokaudit.errors import BadTokenizer
from tokaudit.loaders import Spec, contents, path_of
from tokaudit.loaders.tiktoken import check, from_encoding, library
from tokaudit.text import line, show
from tokaudit.tokenizer import Tokenizer


def load(spec: Spec) -> Tokenizer:
    """Load a file by its path."""
    return load_path(spec, path_of(spec.ref))


def load_path(spec: Spec, path: Path) -> Tokenizer:
    """Load a file whose pattern the spec names."""
    data, file = contents(path)
    with contained(line(str(path))):
        pattern = encodings.pattern(spec.query.get("pattern", ""))
        ranks = _ranks(data)
        check(ranks, {})
        encoding = tiktoken.Encoding(
            path.name, pat_str=pattern, mergeable_ranks=ranks, special_tokens={}
        )
    return replace(from_encoding(spec, encoding, (file,)), library=library(encoding))


def _ranks(data: bytes) -> dict[bytes, int]:
    ranks: dict[bytes, int] = {}
    for number, row in enumerate(data.split(b"\n"), 1):
        if fields := row.split():
            token, rank = _fields(fields, number)
            if token in ranks:
                raise BadTokenizer(f"line {number} has the token {show(token)} a second time")
            ranks[token] = rank
    return ranks


def _fields(fields: list[bytes], number: int) -> tuple[bytes, int]:
    """Read a token and its rank; `int` alone would take signs, underscores and spaces."""
    try:
        token, rank = fields
        if not rank.isdigit():
            raise ValueError
        return base64.b64decode(token, validate=True), int(rank)
    except (ValueError, binascii.Error) as error:
        said = show(b" ".join(fields))
        raise BadTokenizer(f"line {number} is no token in base64 with its rank: {said}") from error
