"""Fates: what becomes of a short text that should stay one thing, such as a character or an emoji.

A text has the first of these fates that fits. A dummy space that a tokenizer puts before every
text is no part of it.
"""

import numpy as np
import numpy.typing as npt

from tokaudit.batch import Ints
from tokaudit.reading import Reading

FATES = {
    "unknown": "the unknown token stands for it or for a part of it",
    "dropped": "no token stands for it, or only white space does",
    "changed": "its tokens' bytes, joined, are another text: normalisation changed it",
    "one_token": "one token is it",
    "whole_tokens": "several tokens are it, each of them whole characters",
    "byte_pieces": "several tokens are it, and some hold a part of a character",
}
NAMES = tuple(FATES)
UNKNOWN, DROPPED, CHANGED, ONE_TOKEN, WHOLE_TOKENS, BYTE_PIECES = range(len(NAMES))


def fates(reading: Reading) -> npt.NDArray[np.int64]:
    """Give the fate of each row, as its place in `NAMES`; an empty row is `dropped`."""
    vocabulary = reading.tokenizer.vocabulary
    places = vocabulary.places(reading.ids)
    unknown = _any(reading, reading.ids == vocabulary.unknown)
    inked = _any(reading, ~vocabulary.blank[places])
    partial = _any(reading, vocabulary.partial[places])
    visible = np.diff(reading.batch.visible[reading.batch.offsets]) > 0
    dropped = (reading.tokens == 0) | (visible & ~inked)
    one = reading.tokens - _dummies(reading, vocabulary.lengths[places]) == 1
    chosen = np.select(
        [unknown, dropped, reading.altered, one, ~partial],
        [UNKNOWN, DROPPED, CHANGED, ONE_TOKEN, WHOLE_TOKENS],
        BYTE_PIECES,
    )
    return np.asarray(chosen, np.int64)


def _any(reading: Reading, marked: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Say of each row whether one of its tokens is marked."""
    return _sums(reading, marked.astype(np.int64)) > 0


def _sums(reading: Reading, values: Ints) -> Ints:
    total = np.concatenate([[0], np.cumsum(values)])
    return np.asarray(np.diff(total[reading.encoded.offsets]))


def _dummies(reading: Reading, lengths: Ints) -> Ints:
    """Count, for rows that are not altered, the token that is the space put before: 0 or 1."""
    surplus = _sums(reading, lengths) - np.diff(reading.batch.offsets)
    first = np.minimum(reading.encoded.offsets[:-1], max(lengths.size - 1, 0))
    alone = lengths[first] == 1 if lengths.size else np.zeros(surplus.size, np.bool_)
    return np.asarray((surplus == 1) & alone, np.int64)
