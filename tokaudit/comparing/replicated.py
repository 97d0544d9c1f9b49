"""A figure that was made again without each group of documents in turn."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from tokaudit.batch import Ints, Mask
from tokaudit.intervals import FEWEST, Figures, chance, spread
from tokaudit.text import Absent

FEW_GROUPS = Absent(f"the documents fall into fewer than {FEWEST} groups")
ONE_GROUP = Absent("without one group of documents there is no text of a language")


@dataclass(frozen=True, eq=False)
class Replicated:
    """A figure, what it is `without` each group, and which groups are `there`: shape (groups,).

    Without a group that holds all the text there is none: that is NaN.
    """

    value: float
    without: Figures
    there: Mask

    @property
    def width(self) -> float | Absent:
        """Half the width of the 95 % interval."""
        return self._doubt or spread(self.without[self.there])

    @property
    def p(self) -> float | Absent:
        """Two-sided p of the figure being 0, by Student's t."""
        return self._doubt or chance(self.value, self.without[self.there])

    @property
    def _doubt(self) -> Absent | None:
        """Say why it cannot be told how sure the figure is, if it cannot."""
        if int(self.there.sum()) < FEWEST:
            return FEW_GROUPS
        return None if np.isfinite(self.without).all() else ONE_GROUP


def replicated(
    figure: Callable[..., Figures], sums: Sequence[Ints], reason: str
) -> Replicated | Absent:
    """Make a figure of sums over documents; `reason` says why there may be none.

    Each of the sums has one number for each group of documents, shape (groups,).
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        value = float(figure(*(each.sum() for each in sums)))
        without = figure(*(each.sum() - each for each in sums))
    if not np.isfinite(value):
        return Absent(reason)
    known = np.where(np.isfinite(without), without, np.nan)
    return Replicated(value, known, np.any([each != 0 for each in sums], axis=0))


def log_ratio(parts: Ints, wholes: Ints) -> Replicated | Absent:
    """Give the natural logarithm of sum(parts) / sum(wholes); exchanged, its sign changes."""
    return replicated(lambda b, a: np.log(b) - np.log(a), (parts, wholes), "no tokens")


def change(own: tuple[Ints, Ints], other: tuple[Ints, Ints]) -> Replicated | Absent:
    """Give one ratio of two sums less another."""
    return replicated(lambda a, b, c, d: a / b - c / d, (*own, *other), "no words")


def mean(figures: Sequence[Replicated], weights: Sequence[float]) -> Replicated:
    """Average figures: leaving a group out leaves it out of all of them at once."""
    shares = [weight / sum(weights) for weight in weights]
    values = [share * each.value for share, each in zip(shares, figures, strict=True)]
    without = [share * each.without for share, each in zip(shares, figures, strict=True)]
    there = [each.there for each in figures]
    return Replicated(float(np.sum(values)), np.sum(without, axis=0), np.any(there, axis=0))


def less(one: Replicated, other: Replicated) -> Replicated:
    """Give one figure less another of the same groups."""
    there = one.there | other.there
    return Replicated(one.value - other.value, one.without - other.without, there)
