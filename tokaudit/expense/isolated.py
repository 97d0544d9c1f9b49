"""Isolated words: what each word would cost alone, to compare with published figures."""

from collections.abc import Callable

import numpy as np

from tokaudit.batch import Ints
from tokaudit.columns import figure
from tokaudit.errors import EngineFailed
from tokaudit.expense.lexicon import Lexicon
from tokaudit.text import Absent, ratio
from tokaudit.tokenizer import Tokenizer

Alone = Callable[[Lexicon], Ints]
ALONE = "with each word encoded alone (--isolated), of the words kept: only for comparison"
COLUMNS = (
    figure("isolated_fertility", f"tokens / words, {ALONE}", "lower"),
    figure("isolated_single_token_words", f"share of words that are one token, {ALONE}", "higher"),
)


def alone(tokenizer: Tokenizer) -> Alone:
    """Say how to count the tokens of each word of a lexicon, encoded alone."""

    def tokens(lexicon: Lexicon) -> Ints:
        return np.diff(tokenizer.engine.encode(lexicon.texts).offsets)

    return tokens


def figures(lexicon: Lexicon, alone: Alone | None) -> dict[str, float | Absent]:
    """Give the figures that published work has."""
    found = Absent("not asked for (--isolated)") if alone is None else _counted(lexicon, alone)
    if isinstance(found, Absent):
        return dict.fromkeys((column.name for column in COLUMNS), found)
    spent, single = int(found @ lexicon.counts), int(lexicon.counts[found == 1].sum())
    words = int(lexicon.counts.sum())
    figures = (ratio(part, words, "no words") for part in (spent, single))
    return dict(zip((column.name for column in COLUMNS), figures, strict=True))


def _counted(lexicon: Lexicon, alone: Alone) -> Ints | Absent:
    try:
        return alone(lexicon)
    except EngineFailed:
        return Absent("a word could not be encoded alone")
