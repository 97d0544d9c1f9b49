"""JSON Lines for streams and databases: one row a line, `table` first."""

import json

from tokaudit.figures import rows
from tokaudit.report import Report

SUFFIXES = (".jsonl", ".ndjson")


def render(report: Report) -> bytes:
    """Return ASCII; the last line has the signature."""
    lines = (json.dumps(row, ensure_ascii=True, allow_nan=False) for row in rows(report))
    return "".join(f"{line}\n" for line in lines).encode()
