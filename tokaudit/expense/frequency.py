"""Frequency: what frequent and rare words cost, and which words cost most beyond one token."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from tokaudit.batch import Ints, Mask
from tokaudit.columns import count, cut, figure, label, table
from tokaudit.expense.cuts import Cut
from tokaudit.expense.lexicon import LIMIT, Lexicon
from tokaudit.text import Absent, ratio

RARE = 10  # occurrences up to which a word is rare
CLASSES = {"1": 1, "2 to 10": 10, "11 to 100": 100, "101 to 1,000": 1_000, "more": None}
SHOWN, GLANCE = 20, 5
UNEXAMINED = Absent("the tokenizer was not asked")
EXCESS = "tokens beyond one for each occurrence"
FIGURES = (
    count("word_types", "distinct words, as written"),
    figure("words_kept", f"share of them that figures by frequency are of: all up to {LIMIT:,},"
           " beyond that a sample by hash"),
    figure("rare_word_tokens", f"mean tokens of words that occur up to {RARE} times (--rare)",
           "lower"),
    figure("frequent_word_tokens", "mean tokens of words that occur more often", "lower"),
)  # fmt: skip
BY_FREQUENCY = table(
    [
        label("occurrences", "how often a word occurs in the text"),
        count("types", "distinct words that do (of those kept)"),
        count("words", "their occurrences"),
        figure("tokens_per_word", "tokens that overlap them / words", "lower"),
        figure("single_token_words", "share of the words that are one token", "higher"),
    ],
    empty="no words",
)
COSTLY = table(
    [
        label("word", "a word, as written"),
        cut("cut", "the word as tokens cut it by itself, behind a space if its script has them"),
        count("occurrences", "how often it occurs"),
        figure("tokens_per_word", "tokens that overlap it / occurrences", "lower"),
        count("excess", EXCESS),
        figure("share", "excess / all tokens of the language (of the words kept, so at most)"),
    ],
    empty="no word takes more than one token",
    examples=True,
)
COSTLIEST = table(
    [
        label(
            "how_often_x_tokens",
            f"words with the most {EXCESS}: how often each occurs x its tokens",
        )
    ],
    across="how_often_x_tokens",
    by="lang",
    empty="no word takes more than one token",
)


def figures(lexicon: Lexicon, rare: int) -> dict[str, int | float | Absent]:
    """Say what rare words cost and what frequent ones do."""
    is_rare = lexicon.counts <= rare
    kept_all = not lexicon.halvings
    return {
        "word_types": lexicon.keys.size if kept_all else Absent("only a sample was kept"),
        "words_kept": lexicon.share if lexicon.keys.size else Absent("no words"),
        "rare_word_tokens": _mean(lexicon, is_rare, f"no word occurs up to {rare} times"),
        "frequent_word_tokens": _mean(lexicon, ~is_rare, f"no word occurs over {rare} times"),
    }


def _mean(lexicon: Lexicon, chosen: Mask, reason: str) -> float | Absent:
    tokens, words = (int(each[chosen].sum()) for each in (lexicon.tokens, lexicon.counts))
    return ratio(tokens, words, reason)


def by_frequency(lexicon: Lexicon) -> Iterator[Mapping[str, Any]]:
    """Give the words of each class of frequency that there is."""
    least = 1
    for name, most in CLASSES.items():
        chosen = lexicon.counts >= least
        if most is not None:
            chosen, least = chosen & (lexicon.counts <= most), most + 1
        if chosen.any():
            words = int(lexicon.counts[chosen].sum())
            yield {
                "occurrences": name,
                "types": int(chosen.sum()),
                "words": words,
                "tokens_per_word": int(lexicon.tokens[chosen].sum()) / words,
                "single_token_words": int(lexicon.whole[chosen].sum()) / words,
            }


def costly(lexicon: Lexicon, tokens: int, drawn: Cut | None) -> Iterator[Mapping[str, Any]]:
    """Give the words that cost most beyond one token, of so many tokens in all."""
    places = _costliest(lexicon, SHOWN)
    words = lexicon.texts.take(pa.array(places, pa.int64())).to_pylist()
    cuts = drawn(words) if drawn else [UNEXAMINED for _ in words]
    for place, word, parts in zip(places, words, cuts, strict=True):
        occurrences, spent = int(lexicon.counts[place]), int(lexicon.tokens[place])
        yield {
            "word": word,
            "cut": parts,
            "occurrences": occurrences,
            "tokens_per_word": spent / occurrences,
            "excess": spent - occurrences,
            "share": (spent - occurrences) / tokens,
        }


def glance(lexicon: Lexicon) -> Iterator[Mapping[str, Any]]:
    """Write the costliest words in one line."""
    words = [
        f"{lexicon.texts[place].as_py()} {lexicon.counts[place]:,}\u00d7"
        f"{lexicon.tokens[place] / lexicon.counts[place]:.3g}"
        for place in _costliest(lexicon, GLANCE)
    ]
    if words:
        yield {"how_often_x_tokens": ", ".join(words)}


def _costliest(lexicon: Lexicon, most: int) -> list[int]:
    """Find the words with the largest excess; equal ones by the alphabet."""
    excess: Ints = lexicon.tokens - lexicon.counts
    found = np.flatnonzero(excess > 0)
    if found.size > most:
        least = np.partition(excess[found], -most)[-most]
        found = found[excess[found] >= least]
    texts = lexicon.texts
    return sorted(found.tolist(), key=lambda place: (-excess[place], texts[place].as_py()))[:most]
