"""A lattice: all ways to cut bytes into entries of a vocabulary, counted exactly and drawn fairly."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from typing import NamedTuple, Self

import numpy as np

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
    def of(cls, vocabulary: Vocabulary) -> Self:
        """Look through a vocabulary; control tokens and the unknown token spell nothing."""
        initial: dict[bytes, list[int]] = {}
        inner: dict[bytes, list[int]] = {}
        unknown = -1 if vocabulary.unknown is None else vocabulary.unknown
        kept = ~vocabulary.special & (vocabulary.ids != unknown) & (vocabulary.lengths > 0)
        marks = vocabulary.continuing.tolist()
        texts = vocabulary.texts.to_pylist()
        for place in np.flatnonzero(kept).tolist():
            side = inner if marks[place] else initial
            side.setdefault(texts[place], []).append(int(vocabulary.ids[place]))
        longest = int(vocabulary.lengths[kept].max(initial=0))
        return cls(initial, inner if inner else initial, longest)
