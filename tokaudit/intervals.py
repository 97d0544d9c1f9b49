"""Intervals: how sure a ratio of two totals is, from groups of documents left out in turn.

The delete-a-group jackknife (Kott 2001, Journal of Official Statistics 17): with documents in G
groups at random, the ratio is made again without each group, and what the G results differ by
tells its variance. Intervals are of Student's t with G - 1 degrees of freedom.
"""

import numpy as np
import numpy.typing as npt

from tokaudit.batch import Ints
from tokaudit.text import Absent

LEVEL = 0.95
FEWEST = 16  # groups: of fewer, the interval would say little
Figures = npt.NDArray[np.float64]


def half_width(parts: Ints, wholes: Ints) -> float | Absent:
    """Give half the width of the 95 % interval of sum(parts) / sum(wholes).

    Both hold one total for each group of documents, shape (groups,); a group that holds nothing is
    none.
    """
    there = (parts != 0) | (wholes != 0)
    parts, wholes = parts[there], wholes[there]
    left = wholes.sum() - wholes
    if parts.size < FEWEST or not left.all():
        return Absent("too few documents for an interval")
    return spread((parts.sum() - parts) / left)


def spread(replicates: Figures) -> float:
    """Give half the width of the 95 % interval, from what a figure is without each group."""
    from scipy.special import stdtrit  # loading it takes a moment

    return float(stdtrit(replicates.size - 1, (1 + LEVEL) / 2) * error(replicates))


def chance(figure: float, replicates: Figures) -> float:
    """Give the two-sided p of a figure, were it 0 in truth, from what it is without each group."""
    from scipy.special import stdtr

    doubt = error(replicates)
    if not doubt:
        return float(figure == 0)
    return float(2 * stdtr(replicates.size - 1, -abs(figure) / doubt))


def error(replicates: Figures) -> float:
    """Give the standard error of a figure, from what it is without each group."""
    groups = replicates.size
    variance = (groups - 1) / groups * np.square(replicates - replicates.mean()).sum()
    return float(np.sqrt(variance))
