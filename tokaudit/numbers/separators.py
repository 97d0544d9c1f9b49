"""Separators: what a sign between groups of digits does to their cuts, and which one repairs them.

A tokenizer that counts groups from the left has its columns in line again where something it
always cuts at stands between groups counted from the right.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from tokaudit.batch import Ints, Mask
from tokaudit.columns import count, figure, flag, label, table
from tokaudit.numbers.found import Numbers, numbers
from tokaudit.numbers.part import Part, Row, key_of, sums
from tokaudit.numbers.pieces import pieces
from tokaudit.reading import Reading
from tokaudit.text import Absent, ratio

NONE = "none"
LENGTHS, SAMPLE = range(4, 13), 100  # of each length
COLUMNS = table(
    [
        label("separator", "what stands between groups, counted from the right"),
        label("example", "one number so written"),
        count("numbers", "numbers of 4 to 12 digits that were cut"),
        figure("one_group_a_token", "share whose groups each have their digits in one token of"
               " their own", "higher"),
        figure("in_line", "share of the borders and joints between neighbouring digits that are"
               " the usual ones at their place, counted from the right; 1: every length is in line",
               "higher"),
        flag("repairs", "brings every length in line, which it is not without a separator"),
        count("lost", "numbers that became the unknown token, not cut", "lower"),
    ]
)  # fmt: skip


def grouped(number: str, separator: str) -> str:
    """Write a number in groups of three.

    >>> grouped("1234567", ",")
    '1,234,567'
    """
    first = len(number) % 3
    groups = [number[:first], *(number[i : i + 3] for i in range(first, len(number), 3))]
    return separator.join(group for group in groups if group)


def indian(number: str) -> str:
    """Write a number in a group of three and groups of two before it.

    >>> indian("1234567")
    '12,34,567'
    """
    head, tail = number[:-3], number[-3:]
    first = len(head) % 2
    groups = [head[:first], *(head[i : i + 2] for i in range(first, len(head), 2)), tail]
    return ",".join(group for group in groups if group)


def _by(separator: str) -> Callable[[str], str]:
    return lambda number: grouped(number, separator)


# How a number is written, by name; the first is the one that separators are compared with.
WRITTEN: dict[str, Callable[[str], str]] = {
    NONE: lambda number: number,
    "comma": _by(","),
    "point": _by("."),
    "underscore": _by("_"),
    "apostrophe": _by("'"),
    "space": _by(" "),
    "narrow no-break space": _by("\u202f"),
    "Indian comma": indian,
}


@dataclass(frozen=True)
class Separators(Part):
    """Sums by separator and what was summed; borders and joints by separator and place."""

    NAME = "separators"
    seen: Counter[tuple[str, str]] = field(default_factory=Counter)
    gaps: Counter[tuple[str, int, bool]] = field(default_factory=Counter)

    @classmethod
    def texts(cls) -> Mapping[str, Sequence[str]]:
        """Write the same numbers in every way."""
        drawing = random.Random(0)
        drawn = [
            str(drawing.randrange(10 ** (digits - 1), 10**digits))
            for digits in LENGTHS
            for _ in range(SAMPLE)
        ]
        return {name: [write(number) for number in drawn] for name, write in WRITTEN.items()}

    @classmethod
    def observe(cls, reading: Reading) -> Self:
        """Look at the groups of each number, and at every gap between its digits."""
        name, groups = key_of(reading), numbers(reading.batch)
        whole = groups.by_row()
        weights = reading.batch.weights[whole.row]
        cut = pieces(reading, whole)
        kept = ~cut.lost
        alone = _alone(reading, groups, whole, cut.borders) & kept
        seen = {"numbers": kept, "lost": cut.lost, "one_group_a_token": alone}
        return cls(
            sums(((name, what), int(marks @ weights)) for what, marks in seen.items()),
            _gaps(name, whole, np.where(kept, cut.borders, -1), weights),
        )

    def rows(self) -> Iterator[Row]:
        """Give a row for each way of writing."""
        example = "1234567"
        for name, write in WRITTEN.items():
            cut, lost = self.seen[name, "numbers"], self.seen[name, "lost"]
            if cut or lost:
                alone = ratio(self.seen[name, "one_group_a_token"], cut, "every number was lost")
                yield {
                    "separator": name,
                    "example": write(example),
                    "numbers": cut,
                    "one_group_a_token": Absent("no groups are written") if name == NONE else alone,
                    "in_line": self.in_line(name),
                    "repairs": name in self.repairing(),
                    "lost": lost,
                }

    def in_line(self, name: str) -> float | Absent:
        """Give the share of gaps between digits that are as usual at their place."""
        places = {place for of, place, _ in self.gaps if of == name}
        counts = [(self.gaps[name, p, False], self.gaps[name, p, True]) for p in places]
        return ratio(sum(map(max, counts)), sum(map(sum, counts)), "every number was lost")

    def repairing(self) -> list[str]:
        """List the separators that bring in line what is not without them."""
        if self.in_line(NONE) == 1:
            return []
        return [name for name in WRITTEN if name != NONE and self.in_line(name) == 1]


def _alone(reading: Reading, groups: Numbers, whole: Numbers, borders: Ints) -> Mask:
    """Mark whole numbers whose groups are each the digits of a token that holds no other group's.

    `borders` are those of the whole numbers.
    """
    cut = pieces(reading, groups)
    number = np.searchsorted(whole.row, groups.row)
    before = groups.first[:-1] - whole.first[number]  # digits of the same number
    apart = (before == 0) | (borders[number] >> (before - 1).clip(0) & 1 == 1)
    good = np.ones(whole.row.size, np.bool_)
    np.logical_and.at(good, number, (cut.borders == 0) & ~cut.split & apart)
    return good


def _gaps(
    name: str, whole: Numbers, borders: Ints, weights: Ints
) -> Counter[tuple[str, int, bool]]:
    """Count borders and joints by their place: 0 is between units and tens."""
    found: Counter[tuple[str, int, bool]] = Counter()
    for place in range(int(whole.lengths.max(initial=1)) - 1):
        there = (place < whole.lengths - 1) & (borders >= 0)
        border = borders >> (whole.lengths - 2 - place).clip(0) & 1
        for cut in (False, True):
            found[name, place, cut] = int((there & (border == cut)) @ weights)
    return Counter({key: n for key, n in found.items() if n})
