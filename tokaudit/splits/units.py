"""Units: the words of running text, those written in camel case cut at their capitals.

A word is a word-break segment that holds a letter or a number; `userName` is one word and two
units. A capital behind a small letter begins a unit: that border is the writer's own.
"""

from functools import cache
from typing import NamedTuple

import numpy as np

from tokaudit.batch import Batch, Ints, Mask
from tokaudit.characters import categories, scripts


class Units(NamedTuple):
    """Unit i is the bytes `starts[i]:ends[i]` of a batch's data, in row `row[i]`.

    `camel[i]` says that it begins within a word; `script[i]` is the script of its first letter, by
    its place among all scripts.
    """

    starts: Ints
    ends: Ints
    row: Ints
    camel: Mask
    script: Ints

    @property
    def touching(self) -> Ints:
        """List the units that begin where the one before ends, in the same row."""
        meet = (self.ends[:-1] == self.starts[1:]) & (self.row[:-1] == self.row[1:])
        return np.flatnonzero(meet) + 1


def units(batch: Batch) -> Units:
    """Find the units of a batch, once for all tokenizers."""
    return batch.once(_units)


def script_name(place: int) -> str:
    """Name a script by its place."""
    return scripts().names[place]


def _units(batch: Batch) -> Units:
    leads = np.flatnonzero((batch.data & 0xC0) != 0x80)
    codes = np.frombuffer(batch.data.tobytes().decode().encode("utf-32-le"), np.uint32)
    words = batch.words
    capitals = np.flatnonzero(_small()[codes[:-1]] & _capital()[codes[1:]]) + 1
    places = leads[capitals]
    word = np.searchsorted(words.starts, places, side="right") - 1
    inside = word >= 0
    behind, own = places[inside], word[inside]
    inside[inside] = (behind > words.starts[own]) & (behind < words.ends[own])
    starts = np.sort(np.concatenate([words.starts, places[inside]]))
    ends = np.sort(np.concatenate([words.ends, places[inside]]))
    script = scripts().codes[codes[np.searchsorted(leads, starts)]].astype(np.int64)
    return Units(starts, ends, batch.row_of(starts), np.isin(starts, places[inside]), script)


@cache
def _small() -> Mask:
    return _of("Ll")


@cache
def _capital() -> Mask:
    return _of("Lu")


def _of(category: str) -> Mask:
    names, codes = categories()
    return np.asarray(codes == names.index(category))
