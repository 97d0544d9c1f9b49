"""A bag: documents of one language as distinct chunks, and how often each of them occurs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tokaudit import chunks
from tokaudit.adding import added
from tokaudit.batch import Batch, Ints, Keys, Mask, running_total, stretches
from tokaudit.once import Once
from tokaudit.words import Segmenter

Codes = npt.NDArray[np.int32]
GROUPS = 32  # of documents, by their keys: intervals come from leaving out each in turn
BATCH_BYTES = 2 * 2**20  # of distinct chunks: what is found out about a batch weighs many times


@dataclass(frozen=True)
class Documents:
    """What became of documents under one tokenizer: totals that add.

    `altered` documents are not what their tokens' bytes, joined, give (one space more at the
    beginning aside); `failed` ones could not be encoded and are in no other figure.
    """

    rows: int = 0
    altered: int = 0
    failed: int = 0

    def __add__(self, other: Self) -> Self:
        """Merge two counts."""
        return added(self, other)


@dataclass(frozen=True, eq=False)
class Bag(Once):
    """Distinct chunks, and the documents they make up.

    Document d is the chunks `codes[starts[d]:starts[d + 1]]`, end to end, belongs to the cohort
    `cohorts[d]` and has the hash `keys[d]`. Chunks that are `inside` follow a single space of their
    document, which they begin with; `spaced` tells which ones do. The documents of a bag that is
    `drawn` are of a sample of about so many: they are in another bag as well.
    """

    lang: str
    chunks: pa.LargeStringArray
    inside: Mask
    codes: Codes
    starts: Ints
    cohorts: Ints
    keys: Keys
    drawn: int = 0

    @property
    def documents(self) -> int:
        """How many documents there are."""
        return len(self.cohorts)

    def whole(self) -> Self:
        """Give the same documents uncut, each its own chunk."""
        texts = self._joined(self.starts)
        return type(self).of_documents(self.lang, texts, self.cohorts, self.keys)

    def spaced(self) -> Self:
        """Give the same documents cut at spaces only."""
        begins = _first_bytes(self.chunks)[self.codes] == chunks.SPACE
        begins[self.starts[:-1]] = True
        counted = self._joined(
            np.append(np.flatnonzero(begins), self.codes.size)
        ).dictionary_encode()
        starts = np.append(np.cumsum(begins)[self.starts[:-1]] - 1, len(counted))
        distinct, codes = counted.dictionary, counted.indices.to_numpy()
        inside = _inside(codes, starts, len(distinct))
        distinct, inside, codes = _apart(distinct, inside, codes, starts[:-1])
        return type(self)(self.lang, distinct, inside, codes, starts, self.cohorts, self.keys)

    def _joined(self, starts: Ints) -> pa.LargeStringArray:
        """Join the occurrences of chunks from each of these places to the next."""
        joined = self.chunks.take(pa.array(self.codes))
        ends = np.frombuffer(joined.buffers()[1] or bytes(8), np.int64)
        return pa.LargeStringArray.from_buffers(
            starts.size - 1, pa.py_buffer(ends[starts]), joined.buffers()[2]
        )

    @classmethod
    def of_documents(
        cls, lang: str, texts: pa.LargeStringArray, cohorts: Ints, keys: Keys, drawn: int = 0
    ) -> Self:
        """Take documents as they are."""
        rows = len(texts)
        inside, codes = np.zeros(rows, np.bool_), np.arange(rows, dtype=np.int32)
        return cls(lang, texts, inside, codes, np.arange(rows + 1), cohorts, keys, drawn)

    def batches(self, segmenter: Segmenter) -> Iterator[tuple[slice, Batch]]:
        """Give the chunks as batches of bounded size, each with its place among the chunks.

        There every chunk has weight 1; `weights` tells how often it occurs.
        """
        ends = np.frombuffer(self.chunks.buffers()[1] or bytes(8), np.int64)[self.chunks.offset :]
        first = 0
        while first < len(self.chunks):
            last = int(np.searchsorted(ends, ends[first] + BATCH_BYTES, side="right")) - 1
            part = slice(first, min(max(last, first + 1), len(self.chunks)))
            texts, inside = self.chunks[part], self.inside[part]
            once = np.ones(len(texts), np.int64)
            batch = Batch(self.lang, texts, once, segmenter, inside)
            if self.drawn:
                batch = replace(batch, keys=self.keys[part], drawn=self.drawn)
            yield part, batch
            first = part.stop

    @cached_property
    def weights(self) -> dict[int, Ints]:
        """How often each chunk occurs, for each cohort of documents."""
        present = np.unique(self.cohorts)
        if present.size == 1:
            return {int(present[0]): self._count(self.codes)}
        cohort = np.repeat(self.cohorts, np.diff(self.starts))
        return {int(c): self._count(self.codes[cohort == c]) for c in present}

    @cached_property
    def groups(self) -> dict[tuple[int, int], tuple[Ints, Ints]]:
        """The chunks in each group of each cohort's documents, ascending, and how often."""
        label = self.cohorts * GROUPS + (self.keys % GROUPS).astype(np.int64)
        order, lengths = np.argsort(label, kind="stable"), np.diff(self.starts)
        codes = self.codes[stretches(self.starts[:-1][order], lengths[order])]
        present, first = np.unique(label[order], return_index=True)
        begins = np.append(running_total(lengths[order])[first], codes.size).tolist()
        found = {}
        for which, begin, end in zip(present.tolist(), begins[:-1], begins[1:], strict=True):
            counts = self._count(codes[begin:end])
            there = np.flatnonzero(counts)
            found[divmod(which, GROUPS)] = there, counts[there]
        return found

    def _count(self, codes: Codes) -> Ints:
        return np.bincount(codes, minlength=len(self.chunks)).astype(np.int64)

    def count(self, documents: Mask) -> dict[int, int]:
        """Count marked documents by cohort; every cohort that is present has its number."""
        return {cohort: int(documents[self.cohorts == cohort].sum()) for cohort in self.weights}

    def holding(self, marked: Mask) -> Mask:
        """Mark the documents that hold a marked chunk; every document has at least one chunk."""
        return np.logical_or.reduceat(marked[self.codes], self.starts[:-1])

    def select(self, documents: Mask) -> Self:
        """Keep only these documents, and the chunks they hold."""
        lengths = np.diff(self.starts)
        codes = self.codes[np.repeat(documents, lengths)]
        kept, found = np.unique(codes, return_inverse=True)
        return type(self)(
            lang=self.lang,
            chunks=self.chunks.take(pa.array(kept)),
            inside=self.inside[kept],
            codes=found.astype(np.int32),
            starts=np.concatenate([[0], np.cumsum(lengths[documents])]),
            cohorts=self.cohorts[documents],
            keys=self.keys[documents],
            drawn=self.drawn,
        )


@dataclass(eq=False)
class Gathering:
    """Documents of one language on their way into a bag; `size` is about what they take in memory.

    Pieces of a corpus are cut and counted as they come; equal chunks of different pieces meet when
    the bag is made.
    """

    lang: str
    parts: list[pa.DictionaryArray]
    starts: list[Ints]
    cohorts: list[Ints]
    keys: list[Keys]
    size: int = 0

    @classmethod
    def nothing(cls, lang: str) -> Self:
        """Begin with no document."""
        return cls(lang, [], [], [], [])

    def add(
        self, texts: pa.LargeStringArray, cohorts: Ints, keys: Keys, cut: chunks.Cut = chunks.cut
    ) -> None:
        """Cut and count documents."""
        pieces, starts = cut(texts)
        counted = pieces.dictionary_encode()
        self.parts.append(counted)
        self.starts.append(starts)
        self.cohorts.append(cohorts)
        self.keys.append(keys)
        self.size += counted.nbytes + starts.nbytes + cohorts.nbytes + keys.nbytes

    def bag(self) -> Bag:
        """Give what was gathered."""
        unified = pa.chunked_array(self.parts).unify_dictionaries()
        codes = np.concatenate([part.indices.to_numpy() for part in unified.chunks])
        distinct, starts = unified.chunk(0).dictionary, _end_to_end(self.starts)
        inside = np.zeros(len(distinct), np.bool_)
        cohorts, keys = np.concatenate(self.cohorts), np.concatenate(self.keys)
        return Bag(self.lang, distinct, inside, codes, starts, cohorts, keys)


def _end_to_end(parts: Sequence[Ints]) -> Ints:
    """Join the starts of several pieces, each of which counts from 0."""
    shifts = np.cumsum([0, *(part[-1] for part in parts)])
    moved = (part[:-1] + shift for part, shift in zip(parts, shifts, strict=False))
    return np.concatenate([*moved, shifts[-1:]])


def _first_bytes(texts: pa.LargeStringArray) -> npt.NDArray[np.uint8]:
    """Give the first byte of each text (of an empty one, the next text's)."""
    bounds = np.frombuffer(texts.buffers()[1] or bytes(8), np.int64)[texts.offset :]
    data = np.append(np.frombuffer(texts.buffers()[2] or b"", np.uint8), np.uint8(0))
    return data[bounds[: len(texts)]]


def _inside(codes: Codes, starts: Ints, distinct: int) -> Mask:
    """Mark chunks that occur after the first of a document."""
    later = np.ones(codes.size, np.bool_)
    later[starts[:-1]] = False
    inside = np.zeros(distinct, np.bool_)
    inside[codes[later]] = True
    return inside


def _apart(
    distinct: pa.LargeStringArray, inside: Mask, codes: Codes, first: Ints
) -> tuple[pa.LargeStringArray, Mask, Codes]:
    """Give a document that begins like a chunk inside others a chunk of its own to begin with."""
    clash = first[inside[codes[first]]]
    if not clash.size:
        return distinct, inside, codes
    also, place = np.unique(codes[clash], return_inverse=True)
    codes = codes.copy()
    codes[clash] = len(distinct) + place
    distinct = pa.concat_arrays([distinct, distinct.take(pa.array(also))])
    return distinct, np.concatenate([inside, np.zeros(also.size, np.bool_)]), codes
