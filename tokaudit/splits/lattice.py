"""A lattice: all ways to cut bytes into entries of a vocabulary, counted and drawn."""

import random
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from typing import NamedTuple, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tokaudit.vocabulary import Ints, Vocabulary


class Arc(NamedTuple):
    """An entry that may come next: the byte it begins at, and its id."""

    start: int
    id: int


@dataclass(frozen=True, eq=False)
class Spelling:
    """The entries of a vocabulary by their bytes, those inside words apart (`##ing`)."""

    initial: Mapping[bytes, Sequence[int]]
    inner: Mapping[bytes, Sequence[int]]
    longest: int

    @classmethod
    def of(cls, vocabulary: Vocabulary, spelled: Iterable[bytes]) -> Self:
        """Choose the entries that some bytes hold; control tokens and the unknown spell nothing."""
        initial: dict[bytes, list[int]] = {}
        inner: dict[bytes, list[int]] = {}
        unknown = -1 if vocabulary.unknown is None else vocabulary.unknown
        kept = ~vocabulary.special & (vocabulary.ids != unknown)
        kept &= pc.is_in(vocabulary.texts, _parts(spelled)).to_numpy(zero_copy_only=False)
        for place in np.flatnonzero(kept).tolist():
            side = inner if vocabulary.continuing[place] else initial
            side.setdefault(vocabulary.texts[place].as_py(), []).append(int(vocabulary.ids[place]))
        longest = int(vocabulary.lengths[kept].max(initial=0))
        return cls(initial, inner if vocabulary.continuing.any() else initial, longest)


def _parts(spelled: Iterable[bytes]) -> pa.LargeBinaryArray:
    """List every part of some bytes once."""
    places = ((d, a, b) for d in spelled for a in range(len(d)) for b in range(a + 1, len(d) + 1))
    return pa.array({data[a:b] for data, a, b in places}, pa.large_binary())


@dataclass(frozen=True, eq=False)
class Lattice:
    """All segmentations of one word's bytes (of a whole text, where words are not marked).

    `counts[i]` is how many there are of the first i bytes, exactly.
    """

    word: bytes
    spelling: Spelling

    @cached_property
    def arcs(self) -> list[list[Arc]]:
        """The entries that end at each byte, and that something may stand before."""
        size = len(self.word)
        found: list[list[Arc]] = [[] for _ in range(size + 1)]
        for start in range(size):
            if start and not found[start]:
                continue
            entries = self.spelling.inner if start else self.spelling.initial
            for end in range(start + 1, min(size, start + self.spelling.longest) + 1):
                found[end] += (Arc(start, id) for id in entries.get(self.word[start:end], ()))
        return found

    @cached_property
    def counts(self) -> list[int]:
        """Count the segmentations of every beginning."""
        counts = [1]
        for arcs in self.arcs[1:]:
            counts.append(sum(counts[arc.start] for arc in arcs))
        return counts

    def draw(self, chance: random.Random) -> list[int]:
        """Draw one segmentation, each equally likely; raises ValueError if there is none."""
        ids: list[int] = []
        end = len(self.word)
        while end:
            arcs = self.arcs[end]
            sums = list(accumulate(self.counts[arc.start] for arc in arcs))
            end, chosen = arcs[bisect_right(sums, chance.randrange(sums[-1]))]
            ids.append(chosen)
        return ids[::-1]


def words(vocabulary: Vocabulary, ids: Ints) -> list[bytes]:
    """Join tokens to the words whose segmentations are counted one by one.

    Where pieces inside words are not marked there is one word, the text.
    """
    places = vocabulary.places(ids)
    texts = vocabulary.texts.take(places).to_pylist()
    begins = np.flatnonzero(~vocabulary.continuing[places]).tolist()
    if not vocabulary.continuing.any():
        begins = [0]
    edges = sorted({0, *begins, len(texts)})
    return [b"".join(texts[a:b]) for a, b in pairwise(edges)]


def distance(canonical: Ints, other: Ints) -> int:
    """Count tokens to be replaced; both are where tokens end, in bytes of the same text.

    Between borders that both have, the larger number of tokens, unless both have the same one.
    """
    shared = np.intersect1d(canonical, other)
    first, second = (
        np.diff(np.searchsorted(ends, shared, side="right"), prepend=0)
        for ends in (canonical, other)
    )
    return int(np.where((first == 1) & (second == 1), 0, np.maximum(first, second)).sum())
