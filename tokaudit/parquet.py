"""A Parquet file of a corpus: its columns are known to be right before a row is read.

It is opened anew whenever it is streamed, so that ten thousand files need ten thousand schemas but
never ten thousand open handles.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tokaudit.defects import strings
from tokaudit.errors import BadCorpus
from tokaudit.sources import Source
from tokaudit.text import line

UNDETERMINED = "und"  # ISO 639-2: the language of a row that names none
PIECE_BYTES, PIECE_ROWS = 16 * 2**20, 16_384
GIT_LFS = b"version https://git-lfs"
TEXT_TYPES = "string, large_string, string_view or dictionary of strings"


@dataclass(frozen=True)
class Columns:
    """Which column holds what; `id` may be missing unless `id_wanted`.

    By the column `by`, if one is named, each language is divided into parts.
    """

    text: str = "text"
    lang: str = "lang"
    id: str = "id"
    id_wanted: bool = False
    by: str | None = None


@dataclass(frozen=True)
class File:
    """A file and what its schema and metadata say.

    `lang` is the language of all its rows where a folder or the user says so, else None, and
    `part` likewise what part of it they are; `size` is the bytes of its columns before compression.
    """

    source: Source
    names: tuple[str, ...]
    rows: int
    size: int
    lang: str | None
    part: str | None
    has_id: bool
    columns: tuple[str, ...]

    @classmethod
    def open(cls, source: Source, columns: Columns, langs: Sequence[str] = ()) -> Self:
        """Look at a file and check its columns; raises BadCorpus."""
        with _opened(source) as parquet:
            schema, metadata = parquet.schema_arrow, parquet.metadata
        _check_text(source, schema, columns.text)
        lang = _constant_language(source, schema, columns.lang, langs)
        part = _constant_part(source, schema, columns.by)
        has_id = _check_id(source, schema, columns)
        said = [columns.lang] * (lang is None) + [columns.by or ""] * (part is None)
        groups = (metadata.row_group(i) for i in range(metadata.num_row_groups))
        return cls(
            source=source,
            names=tuple(schema.names),
            rows=metadata.num_rows,
            size=sum(group.total_byte_size for group in groups),
            lang=lang,
            part=part,
            has_id=has_id,
            columns=(columns.text, *dict.fromkeys(said), *[columns.id] * has_id),
        )

    def records(
        self, columns: Sequence[str] | None = None, rows: range | None = None
    ) -> Iterator[pa.RecordBatch]:
        """Stream columns (all that are needed by default) in pieces of about 16 MiB.

        Of `rows` (all by default) only the row groups that hold them are read. Raises BadCorpus.
        """
        wanted = range(self.rows) if rows is None else rows
        per_row = max(1, self.size // max(1, self.rows))
        size = max(1, min(PIECE_ROWS, PIECE_BYTES // per_row))
        text = self.columns[0]
        with _opened(self.source, folded=[text]) as parquet:
            groups, position = _groups(parquet.metadata, wanted)
            try:
                found = parquet.iter_batches(size, groups, columns=list(columns or self.columns))
                for record in found:
                    first = max(wanted.start - position, 0)
                    position += len(record)
                    last = len(record) - max(position - wanted.stop, 0)
                    if first < last:
                        yield from _bounded(record.slice(first, last - first), text)
                    if position >= wanted.stop:
                        return
            except (pa.ArrowException, OSError) as error:
                raise BadCorpus(f"{self.source} {_why(error, 'is damaged')}") from error


def _groups(metadata: pq.FileMetaData, wanted: range) -> tuple[list[int], int]:
    """List the row groups that hold wanted rows, and say at which row the first of them begins."""
    groups: list[int] = []
    begins = position = 0
    for number in range(metadata.num_row_groups):
        end = position + metadata.row_group(number).num_rows
        if position < wanted.stop and end > wanted.start:
            begins = begins if groups else position
            groups.append(number)
        position = end
    return groups, begins


def _bounded(record: pa.RecordBatch, text: str) -> Iterator[pa.RecordBatch]:
    """Divide rows whose text, taken out of its dictionary, would be longer than a piece.

    A few kilobytes of Parquet can say a thousand times over that a row is the same long text.
    """
    texts = record.column(text) if text in record.schema.names else None
    if texts is None or not pa.types.is_dictionary(texts.type):
        yield record
        return
    sizes = pc.binary_length(strings(texts.dictionary).cast(pa.large_binary()))
    ends = np.cumsum(sizes.take(texts.indices).fill_null(0).to_numpy(zero_copy_only=False))
    first = 0
    while first < len(record):
        before = ends[first - 1] if first else 0
        last = int(np.searchsorted(ends, before + PIECE_BYTES, side="right"))
        last = max(last, first + 1)
        yield record.slice(first, last - first)
        first = last


@contextmanager
def _opened(source: Source, folded: Sequence[str] = ()) -> Iterator[pq.ParquetFile]:
    """Open a file; texts that stay `folded` are each there once, and rows say which they hold."""
    try:
        handle = source.filesystem.open_input_file(source.path)
        if handle.read(len(GIT_LFS)) == GIT_LFS:
            raise BadCorpus(f"cannot read {source}: it is a git-lfs pointer: run git lfs pull")
        handle.seek(0)
        parquet = pq.ParquetFile(
            handle,
            read_dictionary=list(folded),
            page_checksum_verification=True,
            pre_buffer=False,  # what it reads ahead stays in memory until the file is closed
        )
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise BadCorpus(f"cannot read {source}: it {_why(error, 'is no Parquet')}") from error
    with handle:
        yield parquet


def _why(error: Exception, otherwise: str) -> str:
    """Say what is wrong with a file: pyarrow names no encryption where it can only not decrypt."""
    reason = str(error).partition("\n")[0]
    if "decrypt" in reason.lower():
        return "is encrypted, and tokaudit has no keys: decrypt it first"
    if isinstance(error, MemoryError):
        otherwise = "needs more memory than there is"
    elif getattr(error, "errno", None):  # the system's word, not the file's
        otherwise = "cannot be opened"
    return f"{otherwise}: {line(reason)}"


def _check_text(source: Source, schema: pa.Schema, name: str) -> None:
    if name not in schema.names:
        raise _missing(source, schema, name, "text")
    if not _is_text(kind := _field(source, schema, name).type):
        raise BadCorpus(f"{source}: column {line(name)!r} is {kind}, not {TEXT_TYPES}")


def _check_id(source: Source, schema: pa.Schema, columns: Columns) -> bool:
    """Say whether there is an id column; raises BadCorpus for one that cannot be compared."""
    if columns.id not in schema.names:
        if columns.id_wanted:
            raise _missing(source, schema, columns.id, "id")
        return False
    kind = _field(source, schema, columns.id).type
    if not _is_label(kind):
        raise BadCorpus(f"{source}: column {line(columns.id)!r} is {kind}, not strings or integers")
    return True


def _constant_language(
    source: Source, schema: pa.Schema, name: str, langs: Sequence[str]
) -> str | None:
    """Say which language all rows of a file are in, or None where a column says it row by row."""
    if name in schema.names:
        if not _is_text(kind := _field(source, schema, name).type):
            raise BadCorpus(f"{source}: column {line(name)!r} is {kind}, not {TEXT_TYPES}")
        return None
    if name in (folders := source.partitions):
        return folders[name] or UNDETERMINED
    if len(langs) == 1:
        return langs[0]
    raise _missing(source, schema, name, "lang")


def _constant_part(source: Source, schema: pa.Schema, name: str | None) -> str | None:
    """Say which part of a language all rows of a file are, or None where a column says it."""
    if name is None:
        return ""
    if name in schema.names:
        if not _is_label(kind := _field(source, schema, name).type):
            raise BadCorpus(f"{source}: column {line(name)!r} is {kind}, not strings or integers")
        return None
    if name in (folders := source.partitions):
        return folders[name]
    raise _missing(source, schema, name, "by")


def _missing(source: Source, schema: pa.Schema, name: str, role: str) -> BadCorpus:
    there = ", ".join(f"{line(f.name)} ({f.type})" for f in schema) or "no column at all"
    other = next((n for n in schema.names if n.lower() == name.lower()), None)
    option = "--by" if role == "by" else f"--{role}-column"
    hint = f" ({option} {line(other)}?)" if other else f" (name one with {option})"
    if role == "lang":
        hint += "; for a corpus of one language give it with --lang"
    return BadCorpus(f"{source} has no column {line(name)!r}; it has {there}{hint}")


def _field(source: Source, schema: pa.Schema, name: str) -> pa.Field:
    if len(schema.get_all_field_indices(name)) > 1:
        raise BadCorpus(f"{source} has several columns named {line(name)!r}")
    return schema.field(name)


def _is_label(kind: pa.DataType) -> bool:
    return _is_text(kind) or bool(pa.types.is_integer(kind))


def _is_text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        return _is_text(kind.value_type)
    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    )
