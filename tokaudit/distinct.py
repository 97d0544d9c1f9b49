"""Distinct texts of a corpus: how often each was met with which outcome, in bounded memory.

The texts with the smallest hashes are kept, as many as `MOST`. A text that is among the smallest of
all is among the smallest of every part, so no part has dropped it: counts are exact, whatever the
order and the division of the work, and what is kept is a fair sample of all distinct texts.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tokaudit.batch import Ints, Keys, Spans, running_total, stretches


class Met(NamedTuple):
    """Distinct texts with their hashes; occurrence i is of the text `codes[i]`."""

    texts: pa.LargeStringArray
    hashes: Keys
    codes: Ints


def met(data: npt.NDArray[np.uint8], spans: Spans) -> Met:
    """Find the distinct texts among these stretches of UTF-8."""
    sizes = spans.ends - spans.starts
    joined = data[stretches(spans.starts, sizes)]
    every = pa.LargeStringArray.from_buffers(
        sizes.size, pa.py_buffer(running_total(sizes)), pa.py_buffer(joined)
    )
    counted = every.dictionary_encode()
    codes = counted.indices.to_numpy().astype(np.int64)
    return Met(counted.dictionary, hashes(counted.dictionary.to_pylist()), codes)


def hashes(texts: Sequence[str]) -> Keys:
    """Hash texts to 64 bits, the same everywhere."""
    found = (hashlib.blake2b(text.encode(), digest_size=8).digest() for text in texts)
    return np.frombuffer(b"".join(found), "<u8")


@dataclass(frozen=True, eq=False)
class Distinct:
    """Texts by ascending hash; text i came `table[i, j]` times with the outcome `OUTCOMES[j]`.

    `left_out` says whether there were more texts than are kept.
    """

    texts: pa.LargeStringArray = field(default_factory=lambda: pa.array([], pa.large_string()))
    hashes: Keys = field(default_factory=lambda: np.zeros(0, np.uint64))
    counts: Ints = field(default_factory=lambda: np.zeros(0, np.int64))  # flat: state.py is
    left_out: int = 0

    OUTCOMES: ClassVar[tuple[str, ...]] = ("met",)
    MOST: ClassVar[int] = 4_096

    @classmethod
    def of(cls, found: Met, outcomes: Ints, weights: Ints) -> Self:
        """Count occurrences, each with its outcome (a place in `OUTCOMES`, or -1: uncounted)."""
        width, told = len(cls.OUTCOMES), outcomes >= 0
        cells = found.codes[told] * width + outcomes[told]
        table = np.zeros(len(found.texts) * width, np.int64)
        np.add.at(table, cells, weights[told])
        return cls._kept(found.texts, found.hashes, table.reshape(-1, width), 0)

    @classmethod
    def _kept(cls, texts: pa.LargeStringArray, hashed: Keys, table: Ints, left_out: int) -> Self:
        """Keep what was counted at all, up to `MOST`; a hash stands for one text."""
        there = np.flatnonzero(table.any(axis=1))
        kept, first, place = np.unique(hashed[there], return_index=True, return_inverse=True)
        sums = np.zeros((kept.size, len(cls.OUTCOMES)), np.int64)
        np.add.at(sums, place.reshape(-1), table[there])
        few = slice(0, cls.MOST)
        return cls(
            texts.take(pa.array(there[first[few]])),
            kept[few],
            sums[few].reshape(-1),
            int(left_out or kept.size > cls.MOST),
        )

    def __add__(self, other: Self) -> Self:
        """Add counts text by text."""
        return self._kept(
            pa.concat_arrays([self.texts, other.texts]),
            np.concatenate([self.hashes, other.hashes]),
            np.concatenate([self.table, other.table]),
            self.left_out or other.left_out,
        )

    def __eq__(self, other: object) -> bool:
        """Compare texts and counts."""
        return (
            isinstance(other, Distinct)
            and self.left_out == other.left_out
            and self.texts.equals(other.texts)
            and np.array_equal(self.counts, other.counts)
        )

    __hash__ = None  # type: ignore[assignment]

    @property
    def table(self) -> Ints:
        """Occurrences, shape (texts, outcomes)."""
        return self.counts.reshape(-1, len(self.OUTCOMES))
