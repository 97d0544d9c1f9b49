"""Overlaps: which ids of a vocabulary the languages of a corpus share with each other."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from tokaudit.batch import Ints
from tokaudit.columns import count, figure, label, table
from tokaudit.histogram import Histogram

NEAREST = 3  # languages beside each
AT_ONCE = 2**14  # ids in one product of matrices
ANY = "any other"
COLUMNS = table(
    [
        label("beside", "the other language; `any other` is all of them together"),
        label("why", f"why it is shown: all others, the reference, or one of the {NEAREST} with"
              " the largest Jaccard index"),
        count("ids", "distinct ids in the text of this language"),
        count("shared", "of these, ids that the other language's text has too"),
        figure("shared_ids", "shared / ids"),
        figure("shared_tokens", "tokens of this language whose id is shared / all its tokens"),
        figure("jaccard", "shared / ids in the text of either language"),
    ],
    empty="a single language shares with none",
)  # fmt: skip


class Shared(NamedTuple):
    """Shape (languages, languages + 1): ids, and tokens of the first language, that are shared.

    The last column is of ids that any other language has; `every` counts the ids of all of them.
    """

    ids: Ints
    tokens: Ints
    every: int


def rows(
    found: Mapping[str, Histogram], reference: str | None
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Compare each language with all others together, the reference and the nearest."""
    langs = [lang for lang, histogram in found.items() if histogram.ids.size]
    if len(langs) < 2:
        return
    shared = matrix([found[lang] for lang in langs])
    known = langs.index(reference) if reference in langs else None
    for place, lang in enumerate(langs):
        for other, why in _chosen(shared, place, known):
            beside = langs[other] if other < len(langs) else ANY
            yield lang, {"beside": beside, "why": why} | _compared(shared, place, other)


def _compared(shared: Shared, place: int, other: int) -> dict[str, Any]:
    """Give the figures of a language beside another, or beside all others (the last column)."""
    mine, both = int(shared.ids[place, place]), int(shared.ids[place, other])
    tokens = int(shared.tokens[place, place])
    return {
        "ids": mine,
        "shared": both,
        "shared_ids": both / mine,
        "shared_tokens": int(shared.tokens[place, other]) / tokens,
        "jaccard": both / int(_unions(shared, place)[other]),
    }


def _unions(shared: Shared, place: int) -> Ints:
    """Count the ids of a language or of each other one, and at last those of all."""
    sizes = shared.ids.diagonal()
    return np.append(sizes[place] + sizes - shared.ids[place, :-1], shared.every)


def _chosen(shared: Shared, place: int, reference: int | None) -> Iterator[tuple[int, str]]:
    """Choose what to show beside a language: places among the languages."""
    size = len(shared.ids)
    yield size, ANY
    if reference is not None and reference != place:
        yield reference, "reference"
    jaccard = shared.ids[place, :-1] / _unions(shared, place)[:-1]
    order = np.argsort(-jaccard, kind="stable").tolist()
    nearest = [other for other in order if other not in (place, reference)]
    yield from ((other, "nearest") for other in nearest[:NEAREST])


def matrix(found: Sequence[Histogram]) -> Shared:
    """Count what each two of these share, taking `AT_ONCE` ids at a time."""
    every = np.unique(np.concatenate([histogram.ids for histogram in found]))
    size = len(found)
    ids, tokens = (np.zeros((size, size + 1), np.int64) for _ in range(2))
    for first in range(0, every.size, AT_ONCE):
        some = every[first : first + AT_ONCE]
        counts = np.stack([_counts(histogram, some) for histogram in found])
        used = counts > 0
        several = used.sum(axis=0, keepdims=True) > 1
        both = np.concatenate([used, several]).T.astype(np.float64)
        ids += (used.astype(np.float64) @ both).astype(np.int64)
        tokens += (counts @ both).astype(np.int64)
    return Shared(ids, tokens, every.size)


def _counts(histogram: Histogram, ids: Ints) -> npt.NDArray[np.float64]:
    """Give how often each of these ascending ids occurs (exact below 2^53).

    Between the first and the last of them the histogram has no other.
    """
    counts = np.zeros(ids.size)
    mine = slice(*np.searchsorted(histogram.ids, [ids[0], ids[-1] + 1]))
    counts[np.searchsorted(ids, histogram.ids[mine])] = histogram.counts[mine]
    return counts
