"""The reference libraries, called plainly: text to ids, with nothing of ours between."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import sentencepiece
import tiktoken
import tokenizers

from tokaudit.tokenizer import PROBES, Ids, Tokenizer

Encode = Callable[[str], list[int]]
BATCH = 2_048  # rows
# What no sentence holds: nothing, blanks, emoji, unassigned and private letters, control letters.
ODD = [
    *PROBES,
    "",
    "\n",
    " \u3000 ",
    "a" * 2_000,
    "x" * 99 + " " + "1" * 101,
    "🏴\U000e0067\U000e007f",
]


def in_package(package: str, name: str) -> str:
    """Give the path of a package's file."""
    files = metadata.files(package) or []
    (found,) = (file for file in files if file.name == name)
    return str(found.locate())


@cache
def plain(path: str | Path) -> tokenizers.Tokenizer:
    """Load a tokenizer.json as the library does, with nothing added and nothing cut."""
    backend = tokenizers.Tokenizer.from_file(str(path))
    backend.no_padding()
    backend.no_truncation()
    return backend


def by_tokenizers(path: str | Path) -> Encode:
    """Give `tokenizers`' own way to encode, with nothing added and nothing cut."""
    backend = tokenizers.Tokenizer.from_file(str(path))
    backend.no_padding()
    backend.no_truncation()
    backend.encode_special_tokens = True
    return lambda text: backend.encode(text, add_special_tokens=False).ids


def by_tiktoken(name: str) -> Encode:
    """Give tiktoken's."""
    encoding = tiktoken.get_encoding(name)
    return lambda text: encoding.encode(text, disallowed_special=())


def by_sentencepiece(path: str | Path) -> Encode:
    """Give sentencepiece's."""
    processor = sentencepiece.SentencePieceProcessor(model_file=str(path))
    return lambda text: processor.encode(text, out_type=int)


def of_mistral_common(path: str) -> Any:
    """Load a vocabulary by mistral-common's own classes."""
    if path.endswith(".json"):
        module = pytest.importorskip("mistral_common.tokens.tokenizers.tekken")
        return module.Tekkenizer.from_file(path)
    module = pytest.importorskip("mistral_common.tokens.tokenizers.sentencepiece")
    return module.SentencePieceTokenizer(path)


def by_mistral_common(path: str) -> Encode:
    """Give mistral-common's."""
    theirs = of_mistral_common(path)
    return lambda text: theirs.encode(text, bos=False, eos=False)


def same(tokenizer: Tokenizer, encode: Encode, texts: Sequence[str]) -> Iterator[Ids]:
    """Compare row by row, so that a failure shows the text; give our ids, batch by batch.

    A Unigram model of `tokenizers` reads a control token's text as that token whatever is asked
    of it, and tokaudit does not: texts that hold one are not compared.
    """
    controls: list[str] = []
    if tokenizer.algorithm == "Unigram":
        special = tokenizer.vocabulary.texts.filter(pa.array(tokenizer.vocabulary.special))
        controls = [token.decode() for token in special.to_pylist()]
    for first in range(0, len(texts), BATCH):
        batch = texts[first : first + BATCH]
        found = tokenizer.engine.encode(pa.array(batch, pa.large_string()))
        assert found.offsets.tolist()[-1] == len(found.ids)
        for text, start, end in zip(batch, found.offsets[:-1], found.offsets[1:], strict=True):
            if not any(token in text for token in controls):
                assert found.ids[start:end].tolist() == encode(text), repr(text)
        yield found
