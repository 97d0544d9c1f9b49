"""Details: an audit's further tables as grids, side by side or as they are."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa

from tokaudit.grids import (
    DETAIL_ROWS,
    SURE_OF,
    Cell,
    Grid,
    Rows,
    figured,
    footnotes,
    label,
    plain,
    spaced,
    valued,
    written,
)


def laid_out(name: str, table: pa.Table, short: Mapping[str, str]) -> Grid | None:
    """Lay a table out as its schema says (`columns.table`); None if it is empty without a word."""
    said = {key.decode(): value.decode() for key, value in (table.schema.metadata or {}).items()}
    if not table.num_rows:
        return Grid(spaced(name), (said["empty"],), (), 1, detail=True) if "empty" in said else None
    if "across" in said:
        return _across(name, table.to_pylist(), said["across"], said["by"], short)
    return plain(name, table, short)


def _across(name: str, rows: Rows, column: str, by: str, short: Mapping[str, str]) -> Grid:
    """Give each value of `by` a row and each tokenizer a column."""
    by_key = {(row[by], row["tokenizer"]): row for row in rows}
    cells = []
    for key in dict.fromkeys(row[by] for row in rows):
        named = label(key) if by == "lang" else (Cell(written(key)),)
        found = (by_key.get((key, spec)) for spec in short)
        cells.append((*named, *(_met(row, column, len(short)) for row in found)))
    header = ("lang", "language") if by == "lang" else (spaced(by),)
    left = all(isinstance(row[column], str | None) for row in rows)
    labels = len(header) + len(short) * left
    title = f"{spaced(name)}: {spaced(column)}" if by == "lang" else spaced(name)
    return Grid(
        title,
        (*header, *short.values()),
        tuple(cells),
        labels,
        footnotes(rows, [column]),
        named_columns=True,
        named_rows=by == "lang",
    )


def _met(row: Mapping[str, Any] | None, column: str, tokenizers: int) -> Cell:
    return Cell(written(None)) if row is None else figured(row, column, tokenizers <= SURE_OF)


def glance(table: pa.Table, seen: tuple[str, str], short: Mapping[str, str]) -> Grid:
    """Put one figure of a table side by side for all tokenizers, the largest rows first."""
    by, column = seen
    largest: dict[str, float] = {}
    for row in table.to_pylist():
        largest[row[by]] = max(largest.get(row[by], 0), row[column] or 0)
    ordered = sorted(filter(largest.get, largest), key=lambda each: -largest[each])
    order = {each: place for place, each in enumerate(ordered[:DETAIL_ROWS])}
    rows = [row for row in table.to_pylist() if row[by] in order]
    rows.sort(key=lambda row: order[row[by]])
    left = len(ordered) - len(order)
    notes = (f"{left} rows more, in JSON",) if left else ()
    title = f"{spaced(column)} by {spaced(by)}"
    return replace(_across(title, rows, column, by, short), notes=notes)


def chosen(name: str, table: pa.Table, columns: Sequence[str]) -> Grid:
    """Show these columns of a table that is about one tokenizer: words first, then figures."""
    fields = [table.schema.field(column) for column in columns]
    labels = sum(pa.types.is_string(field.type) for field in fields)
    cells = tuple(
        tuple(valued(row[field.name], field) for field in fields) for row in table.to_pylist()
    )
    return Grid(spaced(name), tuple(map(spaced, columns)), cells, labels, named_rows=False)
