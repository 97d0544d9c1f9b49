"""`tiktoken:o200k_base`: OpenAI's encodings, and those of installed `tiktoken_ext` plugins.

Rank files come from tiktoken's own cache (TIKTOKEN_CACHE_DIR) or are downloaded into it.
"""

import os

import requests
import tiktoken
import tiktoken.load

from tokaudit.engines import contained
from tokaudit.engines.tiktoken import TiktokenEngine
from tokaudit.errors import BadTokenizer
from tokaudit.loaders import Spec, offline
from tokaudit.text import line
from tokaudit.tokenizer import SourceFile, Tokenizer
from tokaudit.vocabulary import Vocabulary


def load(spec: Spec) -> Tokenizer:
    """Load an encoding by its name."""
    known = tiktoken.list_encoding_names()
    if spec.ref not in known:
        listed = ", ".join(sorted(known))
        raise BadTokenizer(f"tiktoken has no encoding {line(spec.ref)!r}; it has {listed}")
    return from_encoding(spec, _encoding(spec.ref))


def _encoding(name: str) -> tiktoken.Encoding:
    read_file = tiktoken.load.read_file  # the one place where tiktoken downloads
    try:
        if offline():
            tiktoken.load.read_file = _refuse
        with contained(f"tiktoken cannot use {name}", but=requests.RequestException):
            return tiktoken.get_encoding(name)
    except requests.RequestException as error:
        cache = os.environ.get("TIKTOKEN_CACHE_DIR") or "its default place"
        why = "offline was asked for" if offline() else f"the download failed ({_kind(error)})"
        raise BadTokenizer(
            f"tiktoken's cache ({line(cache)}) lacks {name} and {why}; set TIKTOKEN_CACHE_DIR to a"
            " cache that has it, or run once with a network"
        ) from error
    finally:
        tiktoken.load.read_file = read_file


def _refuse(blobpath: str) -> bytes:
    raise requests.ConnectionError(f"offline: {blobpath}")


def _kind(error: requests.RequestException) -> str:
    response = getattr(error, "response", None)
    return f"HTTP {response.status_code}" if response is not None else type(error).__name__


def from_encoding(
    spec: Spec, encoding: tiktoken.Encoding, files: tuple[SourceFile, ...] = ()
) -> Tokenizer:
    """Describe an encoding that is there already."""
    special = {name: encoding.encode_single_token(name) for name in encoding.special_tokens_set}
    entries = {}
    for number in range(encoding.max_token_value + 1):
        try:
            entries[number] = encoding.decode_single_token_bytes(number)
        except KeyError:  # ids may have gaps
            continue
    return Tokenizer(
        spec=str(spec),
        algorithm="byte-level BPE",
        vocabulary=Vocabulary.of(entries, set(special.values())),
        engine=TiktokenEngine(encoding),
        pipeline={"pattern": encoding._pat_str, "special": special},
        files=files,
    )
