"""A corpus: Parquet files read as pieces of one language, and a count of what became of each row.

Files are streamed a bounded piece at a time, columns are projected, and every row is accounted
for: kept, or counted as null, blank, invalid UTF-8 or too long.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Self

import pyarrow as pa
import pyarrow.compute as pc

from tokaudit import sources
from tokaudit.errors import BadCorpus
from tokaudit.parquet import UNDETERMINED, Columns, File
from tokaudit.text import line


@dataclass(frozen=True)
class Census:
    """What became of the rows of one language: totals that add.

    `rows` were kept. `digest` adds up a hash of each kept row (id and text), modulo 2**128, so it
    is the same in any order and any division into files.
    """

    rows: int = 0
    bytes: int = 0
    null: int = 0
    blank: int = 0
    invalid_utf8: int = 0
    too_long: int = 0
    digest: int = 0

    def __add__(self, other: Self) -> Self:
        """Merge two counts."""
        sums = {f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self)}
        return type(self)(**{**sums, "digest": sums["digest"] % 2**128})

    @property
    def left_out(self) -> int:
        """Count rows that were not audited."""
        return self.null + self.blank + self.invalid_utf8 + self.too_long


@dataclass(frozen=True)
class Piece:
    """Kept rows of one language, as they follow each other in a file; ids may be null or absent."""

    lang: str
    texts: pa.LargeStringArray
    ids: pa.LargeStringArray | None
    dropped: Census

    @cached_property
    def census(self) -> Census:
        """Count the rows and hash them."""
        texts = self.texts.cast(pa.large_binary()).to_pylist()
        ids = self.ids.cast(pa.large_binary()).to_pylist() if self.ids else [None] * len(texts)
        digest = sum(
            int.from_bytes(hashlib.blake2b((row or b"") + b"\0" + text, digest_size=16).digest())
            for row, text in zip(ids, texts, strict=True)
        )
        kept = Census(rows=len(texts), bytes=sum(map(len, texts)), digest=digest)
        return self.dropped + kept


@dataclass(frozen=True)
class Corpus:
    """Where texts come from. Iterating streams; nothing is held.

    `langs` keeps only these languages. A file without the language column needs exactly one
    of them, and is then in that language.
    """

    paths: tuple[str, ...]
    columns: Columns = field(default_factory=Columns)
    langs: tuple[str, ...] = ()
    max_row_bytes: int = 8 * 2**20

    @cached_property
    def files(self) -> list[File]:
        """Find every file, each once, and check its columns; raises BadCorpus."""
        found = [source for path in self.paths for source in sources.find(path)]
        distinct = {(source.filesystem.type_name, source.path): source for source in found}
        return [File.open(source, self.columns, self.langs) for source in distinct.values()]

    @property
    def rows(self) -> int:
        """Count rows by the files' own metadata, those to be left out among them."""
        return sum(file.rows for file in self.files)

    @property
    def has_ids(self) -> bool:
        """Say whether rows can be aligned: some file has the id column."""
        return any(file.has_id for file in self.files)

    def labels(self) -> list[str]:
        """List every language there is, chosen or not, by reading the labels alone."""
        found: set[str] = set()
        for file in self.files:
            if file.lang is not None:
                found.add(file.lang)
                continue
            for record in file.records([self.columns.lang]):
                labels = pc.fill_null(_strings(record.column(0)), UNDETERMINED)
                found.update(labels.unique().to_pylist())
        return sorted(found)

    def check_langs(self) -> None:
        """Raise BadCorpus if a language was chosen that is not there."""
        if not self.langs:
            return
        labels = self.labels()
        if missing := [lang for lang in self.langs if lang not in labels]:
            listed = line(", ".join(labels[:12])) + (", ..." if len(labels) > 12 else "")
            raise BadCorpus(
                f"no rows in {line(', '.join(missing))}: the corpus has {len(labels)} languages"
                f" ({listed})"
            )

    def __iter__(self) -> Iterator[Piece]:
        """Stream the corpus in the order of its files; raises BadCorpus."""
        for file in self.files:
            for record in file.records():
                yield from self._pieces(file, record)

    def _pieces(self, file: File, record: pa.RecordBatch) -> Iterator[Piece]:
        if file.lang is not None:
            yield self._piece(file.lang, record, file)
            return
        langs = pc.fill_null(_strings(record.column(self.columns.lang)), UNDETERMINED)
        for lang in langs.unique().to_pylist():
            if not self.langs or lang in self.langs:
                yield self._piece(lang, record.filter(pc.equal(langs, lang)), file)

    def _piece(self, lang: str, rows: pa.RecordBatch, file: File) -> Piece:
        """Keep the rows that can be audited, and count why the others cannot."""
        texts = rows.column(self.columns.text)
        ids = rows.column(self.columns.id).cast(pa.large_string()) if file.has_id else None
        counts: dict[str, int] = {}
        for reason, is_bad in DEFECTS.items():
            keep = pc.invert(is_bad(texts, self))
            counts[reason] = keep.false_count
            texts, ids = texts.filter(keep), ids.filter(keep) if ids is not None else None
        return Piece(lang, _strings(texts), ids, Census(**counts))


def _null(texts: pa.Array, corpus: Corpus) -> pa.BooleanArray:
    return texts.is_null()


def _too_long(texts: pa.Array, corpus: Corpus) -> pa.BooleanArray:
    values = texts.dictionary if pa.types.is_dictionary(texts.type) else texts
    long = pc.greater(pc.binary_length(values.cast(_binary(values))), corpus.max_row_bytes)
    return long.take(texts.indices) if values is not texts else long


def _invalid(texts: pa.Array, corpus: Corpus) -> pa.BooleanArray:
    strings = _strings(texts)
    try:
        strings.validate(full=True)
    except pa.ArrowInvalid:
        raw = strings.cast(pa.large_binary()).to_pylist()
        return pa.array([not _is_utf8(each) for each in raw], pa.bool_())
    return strings.is_null()  # all false: nulls are gone by now


def _blank(texts: pa.Array, corpus: Corpus) -> pa.BooleanArray:
    strings = _strings(texts)
    return pc.or_(pc.utf8_is_space(strings), pc.equal(pc.binary_length(strings), 0))


# Why a row is left out, in the order it is asked: later questions need the earlier answers.
DEFECTS = {"null": _null, "too_long": _too_long, "invalid_utf8": _invalid, "blank": _blank}


def _binary(values: pa.Array) -> pa.DataType:
    return pa.large_binary() if pa.types.is_large_string(values.type) else pa.binary()


def _strings(values: pa.Array) -> pa.LargeStringArray:
    return values.cast(pa.large_string())


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
