"""A vocabulary: which ids there are, and the bytes of text each of them stands for."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tokaudit.errors import BadTokenizer
from tokaudit.text import WHITE_SPACE, is_utf8

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

SPARSE = 8  # a table of places may have so many entries for each id
LARGEST_ID = 2**31 - 1
LARGEST_VOCABULARY, LONGEST_TOKEN = 2_000_000, 64 * 2**10  # entries; bytes
SPACES = "".join(WHITE_SPACE)
BLANK_LEADS = sorted({letter.encode()[0] for letter in WHITE_SPACE})
# Bytes that no UTF-8 text holds: C0, C1 and F5..FF (Unicode 3.9, table 3-7).
NEVER_UTF8 = bytes([0xC0, 0xC1, *range(0xF5, 0x100)])


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Ids in ascending order (gaps are allowed), and what is known of each.

    `texts[i]` are the bytes that `ids[i]` stands for in text: byte-level alphabets, `▁`, `<0xNN>`
    and `##` are resolved. `special[i]` marks control tokens, which ordinary text never yields;
    `fallback[i]` marks bytes (`<0xNN>`) that stand in where no other entry covers a character;
    `continuing[i]` marks pieces that only continue a word (`##ing`). `unknown` is the id that
    stands for what the vocabulary lacks, if there is one.
    """

    ids: Ints
    texts: pa.LargeBinaryArray
    special: Mask
    fallback: Mask
    continuing: Mask
    unknown: int | None = None

    @classmethod
    def of(
        cls,
        entries: Mapping[int, bytes],
        special: Collection[int] = (),
        unknown: int | None = None,
        fallback: Collection[int] = (),
        continuing: Collection[int] = (),
    ) -> Self:
        """Build from a mapping of id to bytes.

        Raises BadTokenizer for an id that cannot be one, and for what is too large to be one.
        """
        ids = sorted(entries)
        if not ids or ids[0] < 0 or ids[-1] > LARGEST_ID:
            raise BadTokenizer(f"ids run from 0 to {LARGEST_ID}, not {ids[:1]} to {ids[-1:]}")
        if len(ids) > LARGEST_VOCABULARY:
            raise BadTokenizer(f"{len(ids):,} ids are over the limit of {LARGEST_VOCABULARY:,}")
        if (longest := max(map(len, entries.values()))) > LONGEST_TOKEN:
            raise BadTokenizer(f"a token of {longest:,} bytes is over {LONGEST_TOKEN:,}")
        texts = pa.array([entries[i] for i in ids], pa.large_binary())
        controls, bytewise, inner = (
            np.isin(ids, sorted(each)) for each in (special, fallback, continuing)
        )
        return cls(np.array(ids, np.int64), texts, controls, bytewise, inner, unknown)

    def __len__(self) -> int:
        """Count ids, control tokens among them."""
        return len(self.ids)

    def decode(self, ids: Ints) -> pa.LargeBinaryArray:
        """Give the bytes of each id, in order; raises BadTokenizer for an id that is not here."""
        return self.texts.take(pa.array(self.places(ids)))

    def places(self, ids: Ints) -> Ints:
        """Find each id's place in `ids`; raises BadTokenizer for an id that is not here."""
        if self._table is not None and (
            not ids.size or 0 <= ids.min() <= ids.max() <= self.ids[-1]
        ):
            places = self._table[ids]
        else:
            places = np.searchsorted(self.ids, ids).clip(0, len(self) - 1)
        if (missing := ids[self.ids[places] != ids]).size:
            raise BadTokenizer(f"the encoder gave id {missing[0]}, which the vocabulary lacks")
        return places

    @cached_property
    def lengths(self) -> Ints:
        """Bytes of text behind each id."""
        return np.diff(np.frombuffer(self.texts.buffers()[1], np.int64)[: len(self) + 1])

    @cached_property
    def chars(self) -> Ints:
        """Code points that begin in each id's bytes."""
        data = np.frombuffer(self.texts.buffers()[2] or b"", np.uint8)
        begun = np.concatenate([[0], np.cumsum((data & 0xC0) != 0x80)])
        ends = np.frombuffer(self.texts.buffers()[1], np.int64)[: len(self) + 1]
        return np.asarray(np.diff(begun[ends]), np.int64)

    @cached_property
    def blank(self) -> Mask:
        """Mark ids that stand for white space only."""
        begins = np.frombuffer(self.texts.buffers()[1], np.int64)[: len(self)]
        data = np.append(np.frombuffer(self.texts.buffers()[2] or b"", np.uint8), np.uint8(0))
        blank = (self.lengths > 0) & np.isin(data[begins], BLANK_LEADS)
        for place in np.flatnonzero(blank).tolist():
            text = self.texts[place].as_py().decode("utf-8", "replace")
            blank[place] = not text.strip(SPACES)
        return np.asarray(blank)

    @cached_property
    def partial(self) -> Mask:
        """Mark ids whose bytes are not whole characters."""
        return np.array([not is_utf8(text) for text in self.texts.to_pylist()], np.bool_)

    @cached_property
    def producible(self) -> int:
        """Count the ids that text might yield: neither control tokens nor bytes foreign to UTF-8.

        An upper bound: an id that no merge can reach is still counted.
        """
        data = np.frombuffer(self.texts.buffers()[2] or b"", np.uint8)
        foreign = np.zeros(data.size + 1, np.int64)
        np.cumsum(np.isin(data, np.frombuffer(NEVER_UTF8, np.uint8)), out=foreign[1:])
        ends = np.concatenate([[0], np.cumsum(self.lengths)])
        return int(np.count_nonzero(~self.special & (foreign[ends[1:]] == foreign[ends[:-1]])))

    @cached_property
    def digest(self) -> str:
        """SHA-256 over ids, bytes, marks and the unknown id."""
        sha = hashlib.sha256()
        marks = [self.special, self.fallback, *([self.continuing] if self.continuing.any() else [])]
        for part in (self.ids, self.lengths, *marks):
            sha.update(part.tobytes())
        sha.update(b"".join(self.texts.to_pylist()))
        sha.update(repr(self.unknown).encode())
        return sha.hexdigest()

    @cached_property
    def _table(self) -> Ints | None:
        """The place of every id up to the last, where that is not much longer than the ids."""
        if self.ids[-1] >= SPARSE * len(self):
            return None
        table = np.zeros(self.ids[-1] + 1, np.int64)
        table[self.ids] = np.arange(len(self))
        return table
