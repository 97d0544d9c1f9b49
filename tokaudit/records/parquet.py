"""Parquet: rows with labels that may be numbers, and text that must be strings."""

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq

from tokaudit.errors import BadCorpus
from tokaudit.records.asked import Asked, Record
from tokaudit.records.streams import complaints
from tokaudit.sources import Source
from tokaudit.text import line as shown

MOST_ROWS, MOST_BYTES = 4_096, 16 * 2**20  # read at a time
TEXT_TYPES = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)


def parquet(source: Source, asked: Asked) -> Iterator[Record]:
    """Read the rows of a Parquet file; raises BadCorpus."""
    with complaints(source), source.filesystem.open_input_file(source.path) as stream:
        file = pq.ParquetFile(stream, page_checksum_verification=True)
        columns = asked.among(file.schema_arrow.names, source)
        for each, name in columns.items():
            _check(source, each, file.schema_arrow.field(name))
        for batch in file.iter_batches(_rows(file), columns=list(columns.values())):
            cells = [_strings(batch.column(name)) for name in columns.values()]
            for row in zip(*cells, strict=True):
                yield dict(zip(columns, row, strict=True))


def _check(source: Source, each: str, column: pa.Field) -> None:
    kind = column.type
    if pa.types.is_integer(kind) and each != "text":
        return
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    if not any(is_text(kind) for is_text in TEXT_TYPES):
        raise BadCorpus(f"{source}: column {shown(column.name)!r} is {column.type}, not strings")


def _rows(file: pq.ParquetFile) -> int:
    """Say how many rows to read at a time, by the sizes that the file's metadata gives."""
    groups = map(file.metadata.row_group, range(file.num_row_groups))
    size = max(1, sum(group.total_byte_size for group in groups))
    return max(1, min(MOST_ROWS, int(MOST_BYTES * file.metadata.num_rows // size)))


def _strings(values: pa.Array) -> list[str | None]:
    """Give Python strings; raises UnicodeDecodeError for what is not UTF-8."""
    return list(values.cast(pa.large_string()).to_pylist())
