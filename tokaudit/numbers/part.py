"""A part of the digits audit: one kind of texts, and a total of what became of them."""

import math
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

import numpy as np

from tokaudit import words
from tokaudit.adding import added
from tokaudit.batch import NO_LANGUAGE, Batch, Ints, Mask
from tokaudit.reading import Reading

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Row = Mapping[str, Any]
T = TypeVar("T", bound="DataclassInstance")


@dataclass(frozen=True)
class Part(ABC):
    """A total that adds as an audit does.

    Its batches are called `NAME/KEY`; `observe` is given readings of these only.
    """

    NAME: ClassVar[str]

    @classmethod
    @abstractmethod
    def texts(cls) -> Mapping[str, Sequence[str]]:
        """Give the texts of each key, the same every time."""

    @classmethod
    @cache
    def probes(cls) -> tuple[Batch, ...]:
        """Give the texts as batches, one for each key."""
        return tuple(probe(cls.NAME, key, texts) for key, texts in cls.texts().items())

    @classmethod
    @abstractmethod
    def observe(cls, reading: Reading) -> Self:
        """Measure one batch, every row as often as its weight says."""

    def __add__(self, other: Self) -> Self:
        """Merge two totals."""
        return added(self, other)

    def __bool__(self) -> bool:
        """Say whether anything was seen."""
        return self != type(self)()


def probe(name: str, key: str, texts: Sequence[str]) -> Batch:
    """Make a batch of texts that an audit brings along."""
    return Batch.of(NO_LANGUAGE, texts, segmenter=words.default(), probe=f"{name}/{key}")


def key_of(reading: Reading) -> str:
    """Give the key of a batch."""
    return reading.batch.probe.partition("/")[2]


def sums(rows: Iterable[tuple[Any, int]]) -> Counter[Any]:
    """Add up counts by key; what is nought is left out, so that equal totals are equal."""
    total: Counter[Any] = Counter()
    for key, n in rows:
        total[key] += n
    return Counter({key: n for key, n in total.items() if n})


def weighted(marks: Mask | Ints, weights: Ints) -> int:
    """Sum marks or numbers, each as often as its weight."""
    return int(np.dot(marks.astype(np.int64), weights))


def tally(columns: Sequence[Ints | Mask], weights: Ints) -> Counter[tuple[int, ...]]:
    """Count distinct rows of these columns, each as often as its weight."""
    table, first, place = kinds(columns)
    counts = np.zeros(first.size, np.int64)
    np.add.at(counts, place, weights)
    pairs = zip(map(tuple, table[first].tolist()), counts.tolist(), strict=True)
    return sums(pairs)


def kinds(columns: Sequence[Ints | Mask]) -> tuple[Ints, Ints, Ints]:
    """Give columns as a table, the first row of each kind (in order), and the kind of each row.

    A row is written as one number where the columns' ranges allow it, which sorts faster.
    """
    table = np.stack([np.asarray(column, np.int64) for column in columns], axis=1)
    if not len(table):
        return table, table[:, 0], table[:, 0]
    low = table.min(axis=0)
    ranges = [
        high - least + 1
        for high, least in zip(table.max(axis=0).tolist(), low.tolist(), strict=True)
    ]
    if math.prod(ranges) < 2**63:
        worth = [math.prod(ranges[column + 1 :]) for column in range(len(ranges))]
        _, first, place = np.unique((table - low) @ worth, return_index=True, return_inverse=True)
    else:
        _, first, place = np.unique(table, axis=0, return_index=True, return_inverse=True)
    return table, first, place.reshape(-1)
