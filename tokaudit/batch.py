"""A batch: some weighted texts of one language, and what is true of them under any tokenizer.

Everything is a flat array over the batch's own bytes: text i owns the bytes
`offsets[i]:offsets[i + 1]` of `data`, a word is a start and an end in `data`. What the texts hold
(words, clusters, white space) is found once, however many tokenizers read them.
"""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tokaudit import words
from tokaudit.once import Once, shared_property
from tokaudit.text import WHITE_SPACE

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Keys = npt.NDArray[np.uint64]  # a hash of each of some documents
NO_LANGUAGE = "zxx"  # ISO 639-2, no linguistic content: the language of texts an audit brings


class Spans(NamedTuple):
    """Half-open byte ranges `starts[i]:ends[i]` in a batch's `data`."""

    starts: Ints
    ends: Ints


@dataclass(frozen=True, eq=False)
class Batch(Once):
    """Texts without nulls; `weights[i]` says how often text i occurs.

    A text is a document or, `inside` one, a chunk of it that begins with the space it was cut at.
    `probe` names texts that an audit brings along; those of a corpus have no name. Documents that
    were `drawn` for a sample of about so many, of which the batch has some, have `keys`: hashes
    that are the same however the work is divided.
    """

    lang: str
    texts: pa.LargeStringArray
    weights: Ints
    segmenter: words.Segmenter
    inside: Mask
    probe: str = ""
    keys: Keys | None = None
    drawn: int = 0

    @classmethod
    def of(
        cls,
        lang: str,
        texts: Sequence[str],
        weights: Sequence[int] | None = None,
        segmenter: words.Segmenter | None = None,
        probe: str = "",
    ) -> Self:
        """Make a batch from Python strings."""
        counts = np.ones(len(texts), np.int64) if weights is None else np.array(weights, np.int64)
        array, inside = pa.array(texts, pa.large_string()), np.zeros(len(texts), np.bool_)
        return cls(lang, array, counts, segmenter or words.default(), inside, probe)

    def take(self, rows: Ints) -> Self:
        """Give a batch of these rows only."""
        return replace(
            self,
            texts=self.texts.take(pa.array(rows)),
            weights=self.weights[rows],
            inside=self.inside[rows],
            keys=None if self.keys is None else self.keys[rows],
        )

    def weighted(self, weights: Ints) -> Self:
        """Give the same texts, occurring this often; what was found out about them stays known."""
        other = copy(self)
        object.__setattr__(other, "weights", weights)
        self.shares(other)
        return other

    @property
    def rows(self) -> int:
        """How many distinct texts there are (not weighted)."""
        return len(self.texts)

    @shared_property
    def offsets(self) -> Ints:
        """Where each text starts in `data`, and where the last one ends: rows + 1 numbers."""
        raw = np.frombuffer(self.texts.buffers()[1] or bytes(8), dtype=np.int64)
        own = raw[self.texts.offset : self.texts.offset + self.rows + 1]
        return np.asarray(own - own[0])

    @shared_property
    def data(self) -> npt.NDArray[np.uint8]:
        """The UTF-8 bytes of all texts, end to end."""
        raw = np.frombuffer(self.texts.buffers()[1] or bytes(8), dtype=np.int64)
        first, last = raw[self.texts.offset], raw[self.texts.offset + self.rows]
        return np.frombuffer(self.texts.buffers()[2] or b"", dtype=np.uint8)[first:last]

    def total(self, per_row: Ints) -> int:
        """Sum a figure that each row has, every row as often as it occurs."""
        return int(per_row @ self.weights)

    def per_row(self, running: Ints) -> Ints:
        """Turn a running total over bytes (length bytes + 1) into a sum for each row."""
        return np.asarray(running[self.offsets[1:]] - running[self.offsets[:-1]])

    def row_of(self, positions: Ints) -> Ints:
        """Say in which row each byte position lies."""
        return np.asarray(np.searchsorted(self.offsets, positions, side="right") - 1)

    @shared_property
    def bare(self) -> pa.LargeStringArray:
        """The texts, those `inside` documents without the space they begin with."""
        data = np.delete(self.data, self.offsets[:-1][self.inside])
        offsets = self.offsets - running_total(self.inside)
        return pa.LargeStringArray.from_buffers(
            self.rows, pa.py_buffer(offsets), pa.py_buffer(data)
        )

    @shared_property
    def chars(self) -> Ints:
        """Code points of each row."""
        return self.per_row(running_total(self._leads))

    @shared_property
    def graphemes(self) -> Ints:
        """Grapheme clusters of each row."""
        before = np.searchsorted(self.clusters.starts, self.offsets)
        return np.asarray(np.diff(before))

    @shared_property
    def clusters(self) -> Spans:
        """The grapheme clusters of all rows: every byte is in one of them."""
        starts, first = words.grapheme_starts(self._joined), self._joined_starts
        row = np.searchsorted(first, starts, side="right") - 1
        own = starts - first[row] < self.chars[row]
        begins = self._char_starts[starts[own] - row[own]]
        return Spans(begins, np.append(begins[1:], self.data.size)[: begins.size])

    @property
    def letters(self) -> Spans:
        """The characters (code points) of all rows."""
        return Spans(self._char_starts[:-1], self._char_starts[1:])

    @shared_property
    def uncut(self) -> Mask:
        """Mark rows whose words the segmenter cannot tell."""
        refuses = self.segmenter.refuses
        if refuses is None:
            return np.zeros(self.rows, np.bool_)
        found = map(refuses, self.texts.to_pylist())
        return np.fromiter(found, np.bool_, self.rows)

    @shared_property
    def words(self) -> Spans:
        """The words of all rows that can be cut."""
        starts, ends = self.segmenter.cut(self._joined)
        row = np.searchsorted(self._joined_starts, starts, side="right") - 1
        told = ~self.uncut[row]
        starts, ends, row = starts[told], ends[told], row[told]
        at = self._char_starts
        return Spans(at[starts - row], at[ends - row])

    @shared_property
    def visible(self) -> Ints:
        """Running total of bytes that are not white space (length bytes + 1)."""
        blank = _blank()[np.frombuffer(self._flat.encode("utf-32-le"), np.uint32)]
        return running_total(~np.repeat(blank, np.diff(self._char_starts)))

    @shared_property
    def _leads(self) -> Mask:
        return np.asarray((self.data & 0xC0) != 0x80)

    @shared_property
    def _char_starts(self) -> Ints:
        """Where each character begins in `data`, and where the last one ends."""
        return np.append(np.flatnonzero(self._leads), self.data.size)

    @shared_property
    def _flat(self) -> str:
        return self.data.tobytes().decode()

    @shared_property
    def _joined(self) -> str:
        return words.SEPARATOR.join(self.texts.to_pylist())

    @shared_property
    def _joined_starts(self) -> Ints:
        return np.concatenate([[0], np.cumsum(self.chars + 1)])[:-1].astype(np.int64)


def running_total(values: npt.NDArray[np.bool_] | Ints) -> Ints:
    """Sum up to each position: n values give n + 1 totals, the first of them 0."""
    total = np.zeros(values.size + 1, np.int64)
    np.cumsum(values, out=total[1:])
    return total


def by_row(row: Ints, rows: int, *values: Ints | Mask) -> list[Ints]:
    """Sum values by the row each belongs to; `row` ascends."""
    bounds = np.searchsorted(row, np.arange(rows + 1))
    return [np.diff(running_total(each)[bounds]) for each in values]


def stretches(begins: Ints, sizes: Ints) -> Ints:
    """List the places of many stretches of an array, end to end, to gather them all at once."""
    before = running_total(sizes)
    return np.asarray(np.arange(before[-1]) + np.repeat(begins - before[:-1], sizes))


@cache
def _blank() -> Mask:
    table = np.zeros(0x110000, np.bool_)
    table[[ord(letter) for letter in WHITE_SPACE]] = True
    return table
