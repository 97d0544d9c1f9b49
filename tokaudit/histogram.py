"""A histogram: exact counts by id, kept sparse so that any number of them can be held and added."""

import math
from collections.abc import Sequence
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
        """Rényi entropy in bits: log2(sum p^a) / (1 - a).

        At order 1 it is Shannon's and at infinity -log2 of the largest p, its limits. Summed
        exactly (`math.fsum`), so the order of ids does not matter; shares are taken of the
        largest, so that no order is too large.
        """
        if not self.total:
            return Absent("no tokens")
        shares = (self.counts / self.total).tolist()
        if order == 1:
            return math.fsum(-p * math.log2(p) for p in shares)
        largest = max(shares)
        if math.isinf(order):
            return -math.log2(largest) + 0.0  # never -0.0
        rest = math.fsum((p / largest) ** order for p in shares)
        return (math.log2(rest) + order * math.log2(largest)) / (1 - order) + 0.0

    def efficiency(self, order: float, types: int | None = None) -> float | Absent:
        """Entropy over the most that this many types could have (Zouhar et al. 2023).

        `types` are those seen, unless a number is given.
        """
        entropy = self.entropy(order)
        if isinstance(entropy, Absent):
            return entropy
        types = self.ids.size if types is None else types
        if types < 2:
            return Absent("fewer than two distinct tokens")
        return entropy / math.log2(types)

    def quantiles(self, shares: Sequence[float]) -> list[int]:
        """For each share the smallest id that so much of the total is up to; there is a total."""
        reached = np.cumsum(self.counts)
        places = np.searchsorted(reached, [math.ceil(share * self.total) for share in shares])
        return [int(found) for found in self.ids[places]]
