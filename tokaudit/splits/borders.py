"""Borders: where words of running text begin and end, and over which of them tokens lie.

Four kinds of borders are told apart: between words that `touch` (scripts without spaces), between
the parts of a `camel`-case word, between a word and a `sign` beside it, and where a word stands
behind a `space`. A border is crossed if one token covers something visible on both sides of it; the
space itself may belong to either side. It is torn if that token begins or ends inside one of two
words that touch: the token is neither both words nor one of them.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Self

import numpy as np

from tokaudit.adding import added
from tokaudit.batch import Batch, Ints, Mask
from tokaudit.numbers.part import tally
from tokaudit.reading import Reading
from tokaudit.splits.units import Units, units

KINDS = ("touch", "camel", "sign", "space")
TOUCH, CAMEL, SIGN, SPACE = range(len(KINDS))
COUNTED = ("borders", "crossed", "torn")
BLANK = ord(" ")


class Borders(NamedTuple):
    """Border i is before byte `place[i]` of a batch's data.

    What is visible before it ends at `before[i]`, which differs where there is a space between.
    `unit[i]` is the unit it belongs to: the second of two that touch.
    """

    place: Ints
    before: Ints
    kind: Ints
    unit: Ints


def borders(batch: Batch) -> Borders:
    """Find the borders of a batch, once for all tokenizers."""
    return batch.once(_borders)


def _borders(batch: Batch) -> Borders:
    found = units(batch)
    touching = found.touching
    begins, ends = np.ones(found.starts.size, np.bool_), np.ones(found.starts.size, np.bool_)
    begins[touching], ends[touching - 1] = False, False
    parts = [
        _kind(found.starts, touching, np.where(found.camel[touching], CAMEL, TOUCH)),
        *_beside(batch, found.starts, np.flatnonzero(begins)),
        _signs(batch, found, np.flatnonzero(ends)),
    ]
    place, kind, unit = (np.concatenate(each) for each in zip(*parts, strict=True))
    return Borders(place, _before(batch, place), kind, unit)


Part = tuple[Ints, Ints, Ints]  # places, kinds, units


def _kind(places: Ints, unit: Ints, kind: Ints) -> Part:
    return places[unit], kind, unit


def _beside(batch: Batch, starts: Ints, unit: Ints) -> Iterator[Part]:
    """Give the units that begin behind a space, and those behind a sign."""
    unit = unit[~np.isin(starts[unit], batch.offsets)]
    spaced = batch.data[starts[unit] - 1] == BLANK
    yield _kind(starts, unit[spaced], np.full(int(spaced.sum()), SPACE))
    signs = unit[np.diff(batch.visible)[starts[unit] - 1] > 0]
    yield _kind(starts, signs, np.full(signs.size, SIGN))


def _signs(batch: Batch, found: Units, unit: Ints) -> Part:
    """Give the units that end before a sign."""
    unit = unit[~np.isin(found.ends[unit], batch.offsets)]
    unit = unit[np.diff(batch.visible)[found.ends[unit]] > 0]
    return _kind(found.ends, unit, np.full(unit.size, SIGN))


def _before(batch: Batch, place: Ints) -> Ints:
    """Say where what is visible before each place ends; 0, if nothing is."""
    visible = np.append(-1, np.flatnonzero(np.diff(batch.visible)))
    return visible[batch.visible[place]] + 1


class Crossings(NamedTuple):
    """Which borders are crossed and torn, and by which token (-1: none)."""

    crossed: Mask
    torn: Mask
    token: Ints


def crossings(reading: Reading) -> Crossings:
    """Look for the token that lies over each border of a batch."""
    found, batch = borders(reading.batch), reading.batch
    starts, ends = reading.spans
    order = np.lexsort((ends, starts)) if (np.diff(starts) < 0).any() else np.arange(starts.size)
    starts, ends = starts[order], ends[order]
    reach = np.maximum.accumulate(ends)
    last = np.searchsorted(starts, found.before, side="left") - 1  # begins before what is visible
    crossed = last >= 0
    crossed[crossed] = reach[last[crossed]] > found.place[crossed]
    token = np.full(crossed.size, -1)
    # The first token that reaches so far is the one that lies over the place.
    token[crossed] = np.searchsorted(reach, found.place[crossed], side="right")
    torn = crossed & (found.kind <= CAMEL)
    begin, end = starts[token[torn]], ends[token[torn]]
    own, before = units(batch), found.unit[torn] - 1
    inside = (begin > own.starts[before]) & (begin < own.ends[before])
    torn[torn] = inside | ((end > own.starts[before + 1]) & (end < own.ends[before + 1]))
    token[crossed] = order[token[crossed]]
    return Crossings(crossed, torn, token)


@dataclass(frozen=True)
class BorderCounts:
    """Borders by script, kind, and whether they are crossed and torn."""

    counts: Counter[tuple[int, ...]] = field(default_factory=Counter)
    unsegmented: int = 0

    def __add__(self, other: Self) -> Self:
        """Merge two totals."""
        return added(self, other)

    @classmethod
    def observe(cls, reading: Reading) -> Self:
        """Count the borders of a batch."""
        batch, found = reading.batch, borders(reading.batch)
        own, over = units(batch), crossings(reading)
        columns = (own.script[found.unit], found.kind, over.crossed, over.torn)
        weights = batch.weights[own.row[found.unit]]
        return cls(tally(columns, weights), batch.total(batch.uncut.astype(np.int64)))

    @classmethod
    def per_row(cls, reading: Reading) -> Sequence[Ints]:
        """Count the borders of each row: for each kind those there are, crossed, torn."""
        found, over = borders(reading.batch), crossings(reading)
        row, rows = units(reading.batch).row[found.unit], reading.batch.rows
        marks = (np.ones_like(over.crossed), over.crossed, over.torn)
        return [
            np.bincount(row[(found.kind == kind) & mark], minlength=rows)
            for kind in range(len(KINDS))
            for mark in marks
        ]

    def total(self, name: str, kind: int, script: int | None = None) -> int:
        """Sum what is `COUNTED` of borders of a kind, in one script or in all."""
        at = COUNTED.index(name) + 1  # in the key, where borders themselves have no mark
        return sum(
            n
            for key, n in self.counts.items()
            if key[1] == kind and script in (None, key[0]) and (at == 1 or key[at])
        )


GROUPED = tuple(f"{kind}_{name}" for kind in KINDS for name in COUNTED)
