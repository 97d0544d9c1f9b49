"""Crossings: which token of a reading lies over a place of its text, so that no border is there."""

import numpy as np

from tokaudit.batch import Ints, Mask
from tokaudit.reading import Reading


def crossing(reading: Reading, places: Ints) -> Ints:
    """Give the token that begins before and ends behind each place; -1 where none does.

    `places` are bytes of `batch.data`, none of them at either end of its row.
    """
    starts, ends = reading.spans
    order = np.argsort(starts, kind="stable")
    before = np.searchsorted(starts[order], places, side="left") - 1
    found = order[before.clip(0)] if order.size else np.zeros(places.size, np.int64)
    inside = (before >= 0) & (found < starts.size)
    inside[inside] &= ends[found[inside]] > places[inside]
    return np.where(inside, found, -1)


def unknown(reading: Reading) -> Mask:
    """Mark rows in which the unknown token stands for something: their cuts say nothing."""
    vocabulary = reading.tokenizer.vocabulary
    number = -1 if vocabulary.unknown is None else vocabulary.unknown
    lost = np.flatnonzero(reading.ids == number)
    marked = np.zeros(reading.batch.rows, np.bool_)
    marked[np.searchsorted(reading.encoded.offsets, lost, side="right") - 1] = True
    return marked
