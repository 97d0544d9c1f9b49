"""Overlaps: which ids of a vocabulary the languages of a corpus share with each other."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from tokaudit.batch import Ints
from tokaudit.columns import count, figure, label, table
from tokaudit.histogram import Histogram
from tokaudit.text import ratio

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

    The last column is of ids that any other language has.
    """

    ids: Ints
    tokens: Ints


def rows(
    found: Mapping[str, Histogram], reference: str | None
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Compare each language with all others together, the reference and the nearest."""
    langs = [lang for lang, histogram in found.items() if histogram.ids.size]
    if len(langs) < 2:
        return
    shared = matrix([found[lang] for lang in langs])
    sizes = np.array([found[lang].ids.size for lang in langs])
    for place, lang in enumerate(langs):
        tokens = found[lang].total
        for other, why in _chosen(shared.ids, sizes, place, langs, reference):
            both = int(shared.ids[place, other])
            known = other < len(langs)
            union = int(sizes[place] + (sizes[other] if known else 0)) - both
            yield (
                lang,
                {
                    "beside": langs[other] if known else ANY,
                    "why": why,
                    "ids": int(sizes[place]),
                    "shared": both,
                    "shared_ids": ratio(both, int(sizes[place]), "no ids"),
                    "shared_tokens": ratio(int(shared.tokens[place, other]), tokens, "no tokens"),
                    "jaccard": both / union,
                },
            )


def _chosen(
    ids: Ints, sizes: Ints, place: int, langs: Sequence[str], reference: str | None
) -> Iterator[tuple[int, str]]:
    """Choose what to show beside a language."""
    yield len(langs), ANY
    if reference in langs and reference != langs[place]:
        yield langs.index(reference), "reference"
    jaccard = ids[place, :-1] / (sizes[place] + sizes - ids[place, :-1])
    jaccard[place] = -1
    order = np.argsort(-jaccard, kind="stable")
    nearest = [other for other in order.tolist() if other != place][:NEAREST]
    yield from ((other, "nearest") for other in nearest)


def matrix(found: Sequence[Histogram]) -> Shared:
    """Count what each two of these share; memory for `AT_ONCE` ids at a time."""
    every = np.unique(np.concatenate([histogram.ids for histogram in found]))
    size = len(found)
    ids, tokens = (np.zeros((size, size + 1), np.int64) for _ in range(2))
    for first in range(0, every.size, AT_ONCE):
        counts = np.stack(
            [_counts(histogram, every[first : first + AT_ONCE]) for histogram in found]
        )
        used = counts > 0
        others = (used.sum(axis=0) > 1)[None, :]
        both = np.concatenate([used, others]).T.astype(np.float64)
        ids += (used.astype(np.float64) @ both).astype(np.int64)
        tokens += (counts @ both).astype(np.int64)
    return Shared(ids, tokens)


def _counts(histogram: Histogram, ids: Ints) -> npt.NDArray[np.float64]:
    """Give how often each of these ascending ids occurs (exact below 2^53)."""
    counts = np.zeros(ids.size)
    _, mine, theirs = np.intersect1d(histogram.ids, ids, assume_unique=True, return_indices=True)
    counts[theirs] = histogram.counts[mine]
    return counts
