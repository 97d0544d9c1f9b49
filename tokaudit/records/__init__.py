"""Records: texts with their labels, read out of plain text, JSONL, CSV, TSV and Parquet files.

Nothing is guessed: the suffix (or the user) says the format, columns are taken by their exact
names, and every refusal names the file and, where there are lines, the line.
"""

from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from tokaudit.errors import BadCorpus
from tokaudit.records.asked import Asked, Record
from tokaudit.records.cells import csv, tsv
from tokaudit.records.jsonl import jsonl
from tokaudit.records.parquet import parquet
from tokaudit.records.plain import lines, whole
from tokaudit.sources import Source
from tokaudit.text import line as shown

Reader = Callable[[Source, Asked], Iterator[Record]]

COMPRESSED = (".gz", ".bz2", ".zst", ".lz4")
BY_SUFFIX: dict[str, Reader] = {
    ".txt": lines,
    ".jsonl": jsonl,
    ".ndjson": jsonl,
    ".csv": csv,
    ".tsv": tsv,
    ".parquet": parquet,
}
BY_NAME: dict[str, Reader] = {"lines": lines, "whole": whole}


def read(source: Source, asked: Asked, form: str | None = None) -> Iterator[Record]:
    """Stream a file's records; `form` is in `BY_NAME`, or None for what the suffix says.

    Every record has the same fields. Raises BadCorpus, and BadUsage where options contradict the
    file.
    """
    return (BY_NAME[form] if form else _by_suffix(source))(source, asked)


def _by_suffix(source: Source) -> Reader:
    path = PurePosixPath(source.path.lower())
    suffix = path.with_suffix("").suffix if path.suffix in COMPRESSED else path.suffix
    if suffix not in BY_SUFFIX:
        raise BadCorpus(
            f"{source}: the suffix {shown(suffix)!r} says no format; known are"
            f" {', '.join(BY_SUFFIX)} (--lines and --whole read text under any name)"
        )
    return BY_SUFFIX[suffix]
