"""Overlaps: which tokens of a reading have a share in some stretches of its text."""

from typing import NamedTuple

import numpy as np

from tokaudit.batch import Ints, Mask, Spans, running_total, stretches
from tokaudit.reading import Reading


class Overlaps(NamedTuple):
    """Stretch i shares text with the tokens `ids[first[i]:last[i]]`; tokens are in text order."""

    ids: Ints
    first: Ints
    last: Ints

    def take(self, stretches: Ints) -> "Overlaps":
        """Give some of the stretches."""
        return Overlaps(self.ids, self.first[stretches], self.last[stretches])

    def same(self, other: "Overlaps") -> Mask:
        """Mark stretches with the very ids that those of another reading have."""
        sizes = self.last - self.first
        alike = sizes == other.last - other.first
        rows = np.flatnonzero(alike)
        mine = self.ids[stretches(self.first[rows], sizes[rows])]
        differ = running_total(mine != other.ids[stretches(other.first[rows], sizes[rows])])
        alike[rows] = np.diff(differ[running_total(sizes[rows])]) == 0
        return np.asarray(alike)


def overlaps(reading: Reading, spans: Spans) -> Overlaps:
    """Find the tokens of stretches of `batch.data`, each within a row and without blank ends."""
    starts, ends = reading.spans
    order = np.lexsort((ends, starts)) if (np.diff(starts) < 0).any() else slice(None)
    starts, ends = starts[order], np.maximum.accumulate(ends[order])
    first = np.searchsorted(ends, spans.starts, side="right")
    last = np.maximum(np.searchsorted(starts, spans.ends, side="left"), first)
    return Overlaps(reading.ids[order], first, last)
