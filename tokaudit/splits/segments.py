"""Segments: words that a user brings with the parts they are made of, from a file."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from tokaudit.errors import BadUsage
from tokaudit.text import line

COLUMNS = ("word", "segments", "lang")
SUFFIXES = {".parquet": "", ".csv": ",", ".tsv": "\t"}
BAR, JOINER = "|", "@@"


class Segmented(NamedTuple):
    """A word of a language, and the bytes of it at which its parts but the first begin."""

    lang: str
    word: str
    borders: tuple[int, ...]


class Segments(NamedTuple):
    """Words with their parts, each once, and how many rows of each language were left out."""

    words: tuple[Segmented, ...]
    left_out: Mapping[str, int]


def load(path: Path) -> Segments:
    """Read a file with the columns word, segments, lang; raises BadUsage.

    Segments are parted by `|`, or else by blanks (`@@` at their ends is dropped). Rows whose
    segments, joined, are not the word, are left out.
    """
    found: dict[Segmented, None] = {}
    left_out: dict[str, int] = {}
    for word, written, lang in _rows(path):
        parts = _parts(written or "")
        if lang and word and "".join(parts) == word:
            found[Segmented(lang, word, _borders(parts))] = None
        else:
            left_out[lang or "und"] = left_out.get(lang or "und", 0) + 1
    if not found:
        raise BadUsage(f"--segments {line(str(path))}: no row whose segments, joined, are its word")
    return Segments(tuple(sorted(found)), left_out)


def _rows(path: Path) -> Iterator[tuple[str | None, ...]]:
    if path.suffix not in SUFFIXES:
        raise BadUsage(
            f"--segments reads {', '.join(SUFFIXES)}, and {line(str(path))!r} ends in none of them"
        )
    try:
        table = _table(path)
        missing = [name for name in COLUMNS if name not in table.column_names]
        if missing:
            raise BadUsage(
                f"--segments {line(str(path))} has no column {' or '.join(missing)}; it needs"
                f" {', '.join(COLUMNS)}"
            )
        columns = [table[name].cast(pa.string()).to_pylist() for name in COLUMNS]
    except (OSError, ValueError, KeyError, pa.ArrowException) as error:
        raise BadUsage(
            f"--segments {line(str(path))} cannot be read: {line(str(error))}"
        ) from error
    return zip(*columns, strict=True)


def _table(path: Path) -> pa.Table:
    if delimiter := SUFFIXES[path.suffix]:
        from pyarrow import csv

        kinds = csv.ConvertOptions(column_types=dict.fromkeys(COLUMNS, pa.string()))
        return csv.read_csv(path, csv.ReadOptions(), csv.ParseOptions(delimiter=delimiter), kinds)
    import pyarrow.parquet as pq

    return pq.read_table(path)


def _parts(written: str) -> list[str]:
    parts = written.split(BAR) if BAR in written else written.split()
    return [part.strip().removeprefix(JOINER).removesuffix(JOINER) for part in parts]


def _borders(parts: list[str]) -> tuple[int, ...]:
    ends = (len("".join(parts[:count]).encode()) for count in range(1, len(parts)))
    return tuple(ends)
