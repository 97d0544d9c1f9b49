"""Trials: what a tokenizer does with texts that we know, found by encoding them."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from tokaudit import loss
from tokaudit.errors import EngineFailed
from tokaudit.portrait.facts import Example, Token
from tokaudit.text import is_utf8
from tokaudit.tokenizer import PROBES, Ids, Ints, Tokenizer

REFUSED = "refused"  # beside the classes of loss: the engine did not encode it at all
WORD = "Hello"


def encoded(tokenizer: Tokenizer, text: str) -> Ids | None:
    """Encode one text; None where the engine refuses it."""
    try:
        return tokenizer.encode(pa.array([text], pa.large_string()))
    except EngineFailed:
        return None


def examples(tokenizer: Tokenizer, texts: Sequence[str] = PROBES) -> tuple[Example, ...]:
    """Encode and decode every text, and say what was lost."""
    return tuple(_example(tokenizer, text) for text in texts)


def _example(tokenizer: Tokenizer, text: str) -> Example:
    found = encoded(tokenizer, text)
    if found is None:
        return Example(text, b"", REFUSED)
    texts = pa.array([text], pa.large_string())
    decoded = loss.decoded(tokenizer.vocabulary, found, texts)
    return Example(text, decoded[0].as_py(), loss.CLASSES[loss.classes(texts, decoded)[0]])


def from_text(tokenizer: Tokenizer, tokens: Sequence[Token]) -> tuple[Token, ...]:
    """Choose the tokens that plain text produces by holding what they are spelled as."""
    spelled = [token for token in tokens if is_utf8(token.data)]
    found = _each(tokenizer, [token.data.decode() for token in spelled])
    return tuple(token for token, ids in zip(spelled, found, strict=True) if token.id in ids)


def _each(tokenizer: Tokenizer, texts: Sequence[str]) -> list[Ints]:
    """Encode many texts at once, or each by itself where the engine refuses one of them."""
    try:
        found = tokenizer.encode(pa.array(texts, pa.large_string()))
    except EngineFailed:
        alone = (encoded(tokenizer, text) for text in texts)
        return [np.zeros(0, np.int64) if each is None else each.ids for each in alone]
    return np.split(found.ids, found.offsets[1:-1]) if texts else []


def puts_space_before(tokenizer: Tokenizer) -> bool:
    """Say whether a text that begins with a letter gets a space before it."""
    found = encoded(tokenizer, WORD)
    if found is None or not found.ids.size:
        return False
    first = tokenizer.vocabulary.decode(found.ids[:1])[0].as_py()
    return bool(first.startswith(b" "))
