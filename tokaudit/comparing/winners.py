"""Winners: who is better over all languages, and which others are not shown to be worse."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from tokaudit.comparing.pairs import Pair, Row, Terms
from tokaudit.comparing.replicated import Replicated, less, mean
from tokaudit.comparing.verdicts import adjusted
from tokaudit.text import Absent

NOT_COMPARED = Absent("no language with a weight can be compared under every tokenizer")
ALTERS = Absent("it altered rows, and what is lost costs nothing")


class Standing(NamedTuple):
    """A tokenizer over all languages.

    `tokens` is the mean of the logarithms of the ratios of tokens (0 for the one that others are
    compared with); `best` says whether it has the fewest of those that alter no text, or is not
    shown to have more.
    """

    tokens: Replicated | Absent
    altered_in: int
    best: bool | Absent


def common(pairs: Sequence[Pair], terms: Terms) -> dict[str, float]:
    """Give the weights of the languages in which every tokenizer can be compared."""
    absent = {pair.lang for pair in pairs if isinstance(pair.tokens, Absent)}
    langs = dict.fromkeys(pair.lang for pair in pairs if pair.lang not in absent)
    weights = terms.weights
    found = {lang: 1.0 if weights is None else weights.get(lang, 0.0) for lang in langs}
    return {lang: weight for lang, weight in found.items() if weight}


def standings(pairs: Sequence[Pair], terms: Terms) -> dict[str, Standing]:
    """Rank tokenizers over the languages that all of them can be compared in."""
    weights = common(pairs, terms)
    specs = dict.fromkeys([terms.against, *(pair.spec for pair in pairs)])
    altered = {spec: _altered(pairs, spec) for spec in specs}
    if not weights:
        return {s: Standing(NOT_COMPARED, len(altered[s]), NOT_COMPARED) for s in specs}
    means = {spec: _mean(pairs, spec, weights) for spec in specs}
    honest = {spec: each for spec, each in means.items() if not altered[spec] & weights.keys()}
    best = dict(_best(honest, terms))
    return {s: Standing(means[s], len(altered[s]), best.get(s, ALTERS)) for s in specs}


def _mean(pairs: Sequence[Pair], spec: str, weights: Mapping[str, float]) -> Replicated:
    known = {
        pair.lang: pair.tokens
        for pair in pairs
        if pair.spec == spec and pair.lang in weights and not isinstance(pair.tokens, Absent)
    }
    if known:
        return mean(list(known.values()), [weights[lang] for lang in known])
    any_other = _mean(pairs, pairs[0].spec, weights)  # the same documents, compared with themselves
    return Replicated(0.0, np.zeros_like(any_other.without), any_other.there)


def _altered(pairs: Sequence[Pair], spec: str) -> set[str]:
    """Find the languages in which a tokenizer alters text."""
    return {row["lang"] for row in _rows(pairs) if row["tokenizer"] == spec and row["altered_rows"]}


def _rows(pairs: Collection[Pair]) -> Iterator[Row]:
    for pair in pairs:
        yield from (pair.own, pair.other)


def _best(means: Mapping[str, Replicated], terms: Terms) -> Iterator[tuple[str, bool | Absent]]:
    """Mark the one with the fewest tokens, and those that are not shown to have more.

    It was chosen by the figures that it is tested with, so the test is somewhat too ready to leave
    others out.
    """
    if not means:
        return
    leader = min(means, key=lambda spec: means[spec].value)
    yield leader, True
    others = [spec for spec in means if spec != leader]
    doubts = [less(means[spec], means[leader]).p for spec in others]
    for spec, p in zip(others, adjusted(doubts, terms.correction), strict=True):
        yield spec, p if isinstance(p, Absent) else p >= terms.alpha
