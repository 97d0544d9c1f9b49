"""Candidates for trap words: pairs of words whose meeting spells a third one over their border.

A pair of words A and B and a word T are a candidate if T = s + p, A ends in s and B begins with p,
and T is not just A and B (ADT, arXiv 2405.17067). All of them are counted; where they are too many,
those of the words that come first in the lexicon are kept, equally many for every T and border.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import NamedTuple, Self

import numpy as np

from tokaudit.batch import Ints, stretches


class Candidates(NamedTuple):
    """Words by their places in a lexicon: `first[i]` and `second[i]` spell `trap[i]` between them.

    `there` is how many there are, kept or not.
    """

    first: Ints
    second: Ints
    trap: Ints
    there: int


class Affixes(NamedTuple):
    """Words by an affix: those that have it are the `size` places from `begin` on in `places`.

    `at[affix]` is (begin, size); the places of one affix ascend.
    """

    places: Ints
    at: dict[str, tuple[int, int]]

    @classmethod
    def of(cls, words: Sequence[str], cut: Callable[[str], Iterable[str]]) -> Self:
        """List words by every affix that `cut` makes of them."""
        having: dict[str, list[int]] = defaultdict(list)
        for place, word in enumerate(words):
            for affix in cut(word):
                having[affix].append(place)
        ends = np.cumsum([len(places) for places in having.values()]).tolist()
        at = {a: (end - len(p), len(p)) for (a, p), end in zip(having.items(), ends, strict=True)}
        return cls(np.fromiter(chain.from_iterable(having.values()), np.int64), at)


class Splits(NamedTuple):
    """Every way to split a word T into s and p that words end in and begin with.

    The words that end in s are `sizes[i, 0]` from `begins[i, 0]` on, those that begin with p
    `sizes[i, 1]` from `begins[i, 1]` on; `plain[i]` says that s and p are words themselves.
    """

    trap: Ints
    begins: Ints
    sizes: Ints
    plain: Ints


def candidates(words: Sequence[str], limit: int) -> Candidates:
    """Find all candidates among some words, or about `limit` of them."""
    endings = Affixes.of(words, lambda word: (word[k:] for k in range(len(word))))
    beginnings = Affixes.of(words, lambda word: (word[:k] for k in range(1, len(word) + 1)))
    splits = _splits(words, endings, beginnings)
    kept = np.minimum(splits.sizes, _most(splits.sizes, limit))
    kept[limit:] = 0
    pairs = kept.prod(axis=1)
    group, within = np.repeat(np.arange(pairs.size), pairs), stretches(np.zeros_like(pairs), pairs)
    row, column = np.divmod(within, kept[group, 1])
    first = endings.places[splits.begins[group, 0] + row]
    second = beginnings.places[splits.begins[group, 1] + column]
    lengths, trap = np.array(list(map(len, words)), np.int64), splits.trap[group]
    new = lengths[first] + lengths[second] > lengths[trap]
    there = int(splits.sizes.prod(axis=1).sum() - splits.plain.sum())
    return Candidates(first[new], second[new], trap[new], there)


def _splits(words: Sequence[str], endings: Affixes, beginnings: Affixes) -> Splits:
    """Look both parts of every word up."""
    known, none = set(words), (0, 0)
    rows = [
        (place, *before, *behind, word[:k] in known and word[k:] in known)
        for place, word in enumerate(words)
        for k in range(1, len(word))
        if (before := endings.at.get(word[:k], none))[1]
        and (behind := beginnings.at.get(word[k:], none))[1]
    ]
    found = np.array(rows, np.int64).reshape(-1, 6)
    return Splits(found[:, 0], found[:, [1, 3]], found[:, [2, 4]], found[:, 5])


def _most(sizes: Ints, limit: int) -> int:
    """Say how many words may stand on either side of each split, so that pairs keep to a limit."""
    least, most = 1, int(sizes.max(initial=1))
    while least < most:
        middle = (least + most + 1) // 2
        fits = int(np.minimum(sizes, middle).prod(axis=1).sum()) <= limit
        least, most = (middle, most) if fits else (least, middle - 1)
    return least
