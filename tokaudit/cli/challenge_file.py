"""Challenge sets as files: a table written as Parquet or as JSON lines, by the file's suffix."""

from pathlib import Path
from typing import TYPE_CHECKING

from tokaudit.cli.output import check_writable
from tokaudit.errors import BadUsage
from tokaudit.text import line

if TYPE_CHECKING:
    import pyarrow as pa


def check_export(file: Path | None) -> None:
    """Raise BadUsage or CannotWrite for a file that could not be written."""
    if file is None:
        return
    if file.suffix not in WRITERS:
        raise BadUsage(
            f"--export writes {' or '.join(WRITERS)}, and {line(str(file))!r} ends in neither"
        )
    check_writable(file)


def export_table(file: Path, table: "pa.Table") -> None:
    """Write a table whole or not at all; raises CannotWrite."""
    from tokaudit.files import write_whole

    write_whole(file, WRITERS[file.suffix](table))


def _parquet(table: "pa.Table") -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    return bytes(sink.getvalue())


def _jsonl(table: "pa.Table") -> bytes:
    import json

    rows = (json.dumps(row, ensure_ascii=False) for row in table.to_pylist())
    return "".join(f"{row}\n" for row in rows).encode()


WRITERS = {".parquet": _parquet, ".jsonl": _jsonl}
