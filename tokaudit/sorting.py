"""Sorting: rows as they are read, of many small files too, become pieces of one language."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from tokaudit import parquet
from tokaudit.census import Census
from tokaudit.defects import DEFECTS, NO_DEFECT, Defects, lengths


class Rows(NamedTuple):
    """Rows as they are read: the language, label and defect of each; texts and ids of good ones."""

    langs: pa.LargeStringArray
    labels: pa.LargeStringArray
    defects: Defects
    texts: pa.LargeStringArray
    ids: pa.LargeStringArray


@dataclass(frozen=True)
class Piece:
    """Kept rows of one language, as they follow each other; ids may be null.

    `lang` is their label: that of the language, or `language/part` if languages are divided.
    """

    lang: str
    language: str
    texts: pa.LargeStringArray
    ids: pa.LargeStringArray
    dropped: Census

    @cached_property
    def raw(self) -> list[tuple[bytes | None, bytes]]:
        """The id and the text of each row, in bytes."""
        texts = self.texts.cast(pa.large_binary()).to_pylist()
        ids = self.ids.cast(pa.large_binary()).to_pylist()
        return list(zip(ids, texts, strict=True))

    @cached_property
    def census(self) -> Census:
        """Count the rows and hash them."""
        digest = sum(
            int.from_bytes(hashlib.blake2b(_named(row) + text, digest_size=16).digest())
            for row, text in self.raw
        )
        kept = Census(
            rows=len(self.raw), bytes=sum(len(text) for _, text in self.raw), digest=digest
        )
        return self.dropped + kept


def pieces(parts: Sequence[Rows], chosen: Sequence[str]) -> Iterator[Piece]:
    """Sort rows by language, without those that have a defect; of `chosen` languages, or all."""
    langs, labels = (pa.concat_arrays([part[at] for part in parts]) for at in (0, 1))
    texts, ids = (pa.concat_arrays([part[at] for part in parts]) for at in (3, 4))
    defects = np.concatenate([part.defects for part in parts])
    coded = labels.dictionary_encode()
    codes = coded.indices.to_numpy()
    kept = codes[defects == NO_DEFECT]
    for code, label in enumerate(coded.dictionary.to_pylist()):
        rows = np.flatnonzero(codes == code)
        lang = langs[int(rows[0])].as_py()
        if not chosen or lang in chosen:
            counts = np.bincount(defects[rows] + 1, minlength=len(DEFECTS) + 1)[1:].tolist()
            mine = pa.array(np.flatnonzero(kept == code))
            dropped = Census(**dict(zip(DEFECTS, counts, strict=True)))
            yield from _parts(label, lang, texts.take(mine), ids.take(mine), dropped)


def _parts(
    label: str,
    lang: str,
    texts: pa.LargeStringArray,
    ids: pa.LargeStringArray,
    dropped: Census,
) -> Iterator[Piece]:
    """Divide rows so that the texts of a piece are about `PIECE_BYTES` long, or one row."""
    ends = np.cumsum(lengths(texts).to_numpy(zero_copy_only=False))
    first = 0
    while first == 0 or first < len(texts):
        before = ends[first - 1] if first else 0
        last = int(np.searchsorted(ends, before + parquet.PIECE_BYTES, side="right"))
        part = slice(first, max(last, first + 1))
        yield Piece(label, lang, texts[part], ids[part], dropped)
        first, dropped = part.stop, Census()


def _named(row: bytes | None) -> bytes:
    """Write an id so that no id and text look like another id and text, or like none."""
    return b"-" if row is None else b"%d:%s" % (len(row), row)
