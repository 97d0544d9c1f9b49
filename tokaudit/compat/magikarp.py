"""Magikarp: the categories of "Fishing for Magikarp" (Land & Bartolo 2024), by decode and encode.

A token is OK if its own text, encoded, is that token and no other. No context is tried, so what
is called unreachable here may well be reached: pieces such as `##ing` never are what they say.
"""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pyarrow as pa

from tokaudit.errors import EngineFailed
from tokaudit.tokenizer import Ids, Tokenizer

CLASSES = (
    "OK", "OK_SPECIAL", "UNREACHABLE_SPECIAL", "UNDECODEABLE",
    "UNREACHABLE_SINGLE_TOKEN", "UNREACHABLE_MULTI_TOKEN",
)  # fmt: skip
PREFIXES = ("«", "»")  # put before a text where the tokenizer itself puts a space
REPLACEMENT = "\ufffd"


def classify(tokenizer: Tokenizer) -> list[str]:
    """Name the category of every id; control tokens are matched in text, as `transformers` does."""
    vocabulary = tokenizer.vocabulary
    texts = [data.decode("utf-8", "replace") for data in vocabulary.texts.to_pylist()]
    marked = zip(texts, vocabulary.continuing.tolist(), strict=True)
    texts = ["##" * continuing + text for text, continuing in marked]
    found = zip(
        vocabulary.ids.tolist(), vocabulary.special.tolist(), texts, _again(tokenizer, texts),
        strict=True,
    )  # fmt: skip
    return [
        "OK_SPECIAL" if special else _category(number, text, again)
        for number, special, text, again in found
    ]


def _category(number: int, text: str, again: list[int]) -> str:
    if again == [number]:
        return "OK"
    if len(text) >= 3 and text[0] in "[<" and text[-1] in "]>" and any(map(str.isalpha, text)):
        return "UNREACHABLE_SPECIAL"
    if REPLACEMENT in text:
        return "UNDECODEABLE"
    return "UNREACHABLE_SINGLE_TOKEN" if len(again) == 1 else "UNREACHABLE_MULTI_TOKEN"


def _again(tokenizer: Tokenizer, texts: list[str]) -> Iterator[list[int]]:
    """Encode each text behind a prefix that stays a token of its own, and take that away."""
    first = _ids(tokenizer, ["test"])[0]
    spaced = bool(first) and tokenizer.vocabulary.decode(np.array(first))[0].as_py()[:1] == b" "
    if not spaced:
        yield from _ids(tokenizer, texts)
        return
    alone = {prefix: _ids(tokenizer, [prefix])[0] for prefix in PREFIXES}
    tries = [_ids(tokenizer, [prefix + text for text in texts]) for prefix in PREFIXES]
    for both in zip(*tries, strict=True):
        behind = (
            ids[len(alone[prefix]) :]
            for prefix, ids in zip(PREFIXES, both, strict=True)
            if ids[: len(alone[prefix])] == alone[prefix]
        )
        yield next(behind, list(both[0]))


def _ids(tokenizer: Tokenizer, texts: list[str]) -> list[list[int]]:
    try:
        found = tokenizer.encode(pa.array(texts, pa.large_string()))
    except EngineFailed:
        if len(texts) == 1:
            return [[]]
        middle = len(texts) // 2
        return _ids(tokenizer, texts[:middle]) + _ids(tokenizer, texts[middle:])
    return _listed(found)


def _listed(found: Ids) -> list[list[int]]:
    ids, bounds = found.ids.tolist(), found.offsets.tolist()
    return [ids[a:b] for a, b in pairwise(bounds)]
