"""A histogram: exact counts by id, kept sparse so that any number of them can be held and added."""

import math
from dataclasses import dataclass, field
from typing import Self

import numpy as np
import numpy.typing as npt

from tokaudit.text import Absent

Ints = npt.NDArray[np.int64]

DENSE = 16  # up to this many places in an array for each id are worth it
EXACT = 2**53  # numpy counts with weights in float64, exact below this


def _none() -> Ints:
    return np.zeros(0, np.int64)


@dataclass(frozen=True, eq=False)
class Histogram:
    """`counts[i]` occurrences of `ids[i]`; ids ascend, counts are positive."""

    ids: Ints = field(default_factory=_none)
    counts: Ints = field(default_factory=_none)

    @classmethod
    def of(cls, ids: Ints, weights: Ints) -> Self:
        """Count ids, each as often as its weight; exact in int64."""
        if not ids.size:
            return cls()
        if ids.max() < DENSE * ids.size and int(weights.sum()) < EXACT:
            dense = np.bincount(ids, weights).astype(np.int64)
            distinct = np.flatnonzero(dense)
            return cls(distinct, dense[distinct])
        distinct, place = np.unique(ids, return_inverse=True)
        counts = np.zeros(distinct.size, np.int64)
        np.add.at(counts, place.reshape(-1), weights)
        kept = counts > 0
        return cls(distinct[kept], counts[kept])

    def __add__(self, other: Self) -> Self:
        """Add counts id by id."""
        ids = np.concatenate([self.ids, other.ids])
        return self.of(ids, np.concatenate([self.counts, other.counts]))

    def __eq__(self, other: object) -> bool:
        """Compare counts."""
        return (
            isinstance(other, Histogram)
            and np.array_equal(self.ids, other.ids)
            and np.array_equal(self.counts, other.counts)
        )

    __hash__ = None  # type: ignore[assignment]

    @property
    def total(self) -> int:
        """Count all occurrences."""
        return int(self.counts.sum())

    def entropy(self, order: float) -> float | Absent:
        """Rényi entropy in bits: log2(sum p^a) / (1 - a); at order 1 Shannon's, its limit.

        Summed exactly (`math.fsum`), so the order of ids does not matter.
        """
        if not self.total:
            return Absent("no tokens")
        shares = (self.counts / self.total).tolist()
        if order == 1:
            return math.fsum(-p * math.log2(p) for p in shares)
        return math.log2(math.fsum(p**order for p in shares)) / (1 - order) + 0.0  # never -0.0

    def efficiency(self, order: float) -> float | Absent:
        """Entropy over the most that this many types could have (Zouhar et al. 2023)."""
        entropy = self.entropy(order)
        if isinstance(entropy, Absent):
            return entropy
        if self.ids.size < 2:
            return Absent("fewer than two distinct tokens")
        return entropy / math.log2(self.ids.size)
