"""Examples: the first rows of tables that are worth a closer look, by language and by tokenizer.

A page is bounded: the more languages and tokenizers there are, the fewer rows each of them gets.
"""

from collections import defaultdict
from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from itertools import chain, zip_longest
from typing import Any, NamedTuple

import pyarrow as pa

from tokaudit.grids import Cell, Grid, Rows, spaced, valued
from tokaudit.report import Report

Row = Mapping[str, Any]
Short = Mapping[str, str]
EVERY = 2_000  # rows for all languages together, and for all tokenizers together
MOST, FEWEST = 12, 1  # rows of a table for a language or for a tokenizer
HIDDEN = ("tokenizer", "lang", "absent")


class Shown(NamedTuple):
    """Rows that could be shown, and how many of them may be."""

    rows: Rows
    most: int


def of_languages(report: Report, langs: Collection[str], short: Short) -> Mapping[str, list[Grid]]:
    """Give examples of each of these languages: the first of each tokenizer in turn."""
    found: dict[str, list[Grid]] = defaultdict(list)
    tables = list(_tables(report))
    for name, table in tables:
        for lang, rows in _grouped(table.to_pylist(), "lang").items():
            if lang in langs:
                shown = Shown(_in_turn(rows, short), _room(len(langs), len(tables)))
                found[lang].extend(_grid(name, table.schema, shown, short))
    return found


def of_tokenizers(report: Report, langs: Container[str], short: Short) -> Mapping[str, list[Grid]]:
    """Give examples of each tokenizer that are about none of these languages."""
    found: dict[str, list[Grid]] = defaultdict(list)
    tables = list(_tables(report))
    for name, table in tables:
        general = [row for row in table.to_pylist() if row["lang"] not in langs]
        for spec, rows in _grouped(general, "tokenizer").items():
            shown = Shown(rows, _room(len(short), len(tables)))
            found[spec].extend(_grid(name, table.schema, shown, {}))
    return found


def _tables(report: Report) -> Iterator[tuple[str, pa.Table]]:
    """Give the tables whose rows are examples."""
    for name in chain.from_iterable(report.sections.values()):
        table = report.tables[name]
        marked = b"examples" in (table.schema.metadata or {})
        if marked and "tokenizer" in table.column_names:
            yield name, table


def _grouped(rows: Rows, by: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[by]].append(row)
    return found


def _room(parts: int, tables: int) -> int:
    return max(FEWEST, min(MOST, EVERY // max(1, parts * tables)))


def _in_turn(rows: Rows, short: Short) -> Rows:
    """Put the first row of each tokenizer first, then the second of each."""
    own = _grouped(rows, "tokenizer")
    each = (own.get(spec, ()) for spec in short)
    return [row for turn in zip_longest(*each) for row in turn if row is not None]


def _grid(name: str, schema: pa.Schema, shown: Shown, short: Short) -> Iterator[Grid]:
    """Lay examples out, words first; without names of tokenizers, of the one they are of."""
    rows = shown.rows[: shown.most]
    fields = [field for field in schema if field.name not in HIDDEN]
    fields.sort(key=lambda field: not pa.types.is_string(field.type))
    fields = [field for field in fields if any(row[field.name] is not None for row in rows)]
    if not fields:
        return
    words = sum(pa.types.is_string(field.type) for field in fields)
    cells = tuple((*_named(row["tokenizer"], short), *_valued(row, fields)) for row in rows)
    header = (*(("tokenizer",) if short else ()), *(spaced(field.name) for field in fields))
    left = len(shown.rows) - len(rows)
    notes = (f"{left:,} rows more, in JSON",) if left else ()
    named = bool(short)
    yield Grid(spaced(name), header, cells, words + named, notes, named_rows=named)


def _named(spec: str, short: Short) -> Sequence[Cell]:
    return (Cell(short[spec]),) if short else ()


def _valued(row: Row, fields: Sequence[pa.Field]) -> Iterator[Cell]:
    return (valued(row[field.name], field) for field in fields)
