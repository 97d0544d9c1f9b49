"""Sums by kind and group of documents, so that every share has its interval."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple, Self, TypeVar

import numpy as np

from tokaudit.adding import added
from tokaudit.bag import GROUPS
from tokaudit.batch import Ints, Keys
from tokaudit.histogram import Histogram
from tokaudit.intervals import half_width
from tokaudit.text import Absent, ratio

K = TypeVar("K")


class Cells(NamedTuple):
    """Sums of one kind, or of several: an int64 (groups,) for each name."""

    sums: Mapping[str, Ints]

    def total(self, name: str) -> int:
        """Sum over all groups."""
        return int(self.sums[name].sum())

    def share(self, part: str, whole: str) -> float | Absent:
        """Divide one sum by another."""
        return ratio(self.total(part), self.total(whole), f"no {whole} in these documents")

    def sure(self, part: str, whole: str) -> float | Absent:
        """Give half the width of the share's 95 % interval."""
        return half_width(self.sums[part], self.sums[whole])

    def together(self, other: "Cells") -> "Cells":
        """Take two kinds as one."""
        return Cells({name: sums + other.sums[name] for name, sums in self.sums.items()})


@dataclass(frozen=True)
class Sums:
    """What is `COUNTED` of things of several kinds, by group of documents, as one histogram."""

    COUNTED: ClassVar[tuple[str, ...]]

    cells: Histogram = field(default_factory=Histogram)

    def __add__(self, other: Self) -> Self:
        """Merge two totals."""
        return added(self, other)

    @classmethod
    def of(cls, kind: Ints, group: Ints, columns: Mapping[str, Ints], weights: Ints) -> Self:
        """Sum columns up, one for each name that is counted; each thing as often as its weight."""
        sums = np.stack([columns[name] for name in cls.COUNTED], axis=1) * weights[:, None]
        row = kind * GROUPS + group
        place = row[:, None] * len(cls.COUNTED) + np.arange(len(cls.COUNTED))
        return cls(Histogram.of(place[sums > 0], sums[sums > 0]))

    def by_kind(self, kinds: Sequence[K]) -> dict[K, Cells]:
        """Give the sums of every kind of which there is something; `kinds` names them in order."""
        dense = np.zeros((len(kinds), GROUPS, len(self.COUNTED)), np.int64)
        dense.reshape(-1)[self.cells.ids] = self.cells.counts
        return {
            kind: Cells(dict(zip(self.COUNTED, sums.T, strict=True)))
            for kind, sums in zip(kinds, dense, strict=True)
            if sums.any()
        }


def groups(keys: Keys) -> Ints:
    """Give the group that each document falls into."""
    return np.asarray(keys % np.uint64(GROUPS), np.int64)
