"""Parquet for large comparisons: one figure a row, of all tables; the signature is metadata."""

from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tokaudit.figures import figures
from tokaudit.report import Report

SUFFIXES = (".parquet",)
SCHEMA = pa.schema(
    [
        ("table", pa.string()),
        ("row", pa.int64()),
        ("tokenizer", pa.string()),
        ("lang", pa.string()),
        ("column", pa.string()),
        ("figure", pa.float64()),
        ("count", pa.int64()),
        ("text", pa.string()),
        ("absent", pa.string()),
    ]
)


def render(report: Report) -> bytes:
    """Return a file: a count is in `count` and in `figure`, yes is 1 and no is 0."""
    rows = [{**figure._asdict(), **_valued(figure.value)} for figure in figures(report)]
    table = pa.Table.from_pylist(rows, SCHEMA.with_metadata({"signature": report.signature}))
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    return bytes(sink.getvalue())


def _valued(value: Any) -> dict[str, Any]:
    """Put a value into the columns of its type."""
    if isinstance(value, str):
        return {"text": value}
    whole = {"count": int(value)} if isinstance(value, int) else {}
    return whole if value is None else {"figure": float(value), **whole}
