"""Ranking: in which order traps are shown, those first that a reader meets first."""

import numpy as np

from tokaudit.batch import Ints, Mask


def order(trap: Ints, first: Ints, second: Ints, exact: Mask, agreed: Mask | None) -> Ints:
    """Order pairs: where the word segmenter agrees, where T is the token, then by rank.

    `trap`, `first` and `second` are places in a lexicon, which are ranks: those of T come first,
    then those of A and B together.
    """
    doubtful = np.zeros(trap.size, np.bool_) if agreed is None else ~agreed
    return np.asarray(np.lexsort((first, first + second, trap, ~exact, doubtful)))
