"""A noisy text: a text that one family of noise has hit, and where its letters have gone."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from tokaudit.batch import Ints, Mask, running_total
from tokaudit.noise.chance import MOST, draws
from tokaudit.noise.families import Family, families
from tokaudit.noise.written import Written

RATES = (0.01, 0.05, 0.1)  # edits / characters
ALL = 1.0  # the rate of a family that hits all it can
LOW_BITS = np.uint64(0xFFFF)  # of a draw, to choose by: the high ones say whether a letter is hit


class Variant(NamedTuple):
    """A family of noise at a rate."""

    family: str
    rate: float


@cache
def variants() -> tuple[Variant, ...]:
    """List every family at each of its rates."""
    return tuple(
        Variant(name, rate)
        for name, family in families().items()
        for rate in (RATES if family.rated else (ALL,))
    )


class Noisy(NamedTuple):
    """A text that was hit: letter i of the original begins at byte `starts[i]` of it now.

    `starts` has one number more than there are letters; `hit` marks the letters written otherwise,
    which are two where an edit swapped them.
    """

    text: str
    edits: int
    starts: Ints
    hit: Mask


def noisy(text: Written, key: int) -> Iterator[tuple[Variant, Noisy]]:
    """Give a text in every variant that can hit it; a higher rate hits all that a lower one hits.

    Each target is hit with the same chance, so that on average there are as many edits as the rate
    says, or as many as there are targets.
    """
    for name, family in families().items():
        targets = family.targets(text)
        if not targets.size:
            continue
        drawn = draws(key, name, len(text.letters))
        picks = (drawn & LOW_BITS).tolist()
        for rate in RATES if family.rated else (ALL,):
            chance = rate * len(text.letters) / targets.size if family.rated else ALL
            places = targets[drawn[targets] / MOST < chance].tolist()
            yield Variant(name, rate), _hit(text, family, [(i, picks[i]) for i in places])


def _hit(text: Written, family: Family, edits: Sequence[tuple[int, int]]) -> Noisy:
    """Write something else at these places, ascending, by these draws; what is written stays."""
    letters, free, made = list(text.letters), 0, 0
    hit: list[int] = []
    for place, draw in edits:
        if place >= free:
            instead = family.change(text, place, draw)
            free = place + len(instead)
            letters[place:free] = instead
            hit += range(place, free)
            made += 1
    widths, marks = text.widths.copy(), np.zeros(len(letters), np.bool_)
    widths[hit] = [len(letters[i].encode()) for i in hit]
    marks[hit] = True
    return Noisy("".join(letters), made, running_total(widths), marks)
