"""The grids of a diff: who changed, under which conditions, which figures, and which findings."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from tokaudit.columns import SURE
from tokaudit.grids import NOTHING, SURE_NOTE, Cell, Grid, Rows, spaced, written
from tokaudit.report import Report
from tokaudit.text import harmless

MOST = 100  # rows of a grid
# What is laid out: the tables and their columns, but for those that every table has.
NEEDED: Mapping[str, frozenset[str]] = {
    "diff": frozenset(
        {"status", "named_before", "compared", "changed", "within", "findings_new", "findings_gone"}
    ),
    "diff_conditions": frozenset({"condition", "before", "after", "same"}),
    "diff_figures": frozenset(
        {"table", "column", "row", "headline", "before", f"before{SURE}", "after", f"after{SURE}"}
        | {"relative", "within", "better"}
    ),
    "diff_words": frozenset({"table", "column", "row", "headline", "shown", "before", "after"}),
    "diff_findings": frozenset({"change", "rule", "severity", "message"}),
    "diff_rows": frozenset({"table", "rows_gone", "rows_new"}),
}
WITHIN = "within"
EXPLAINED = (
    "largest change first; within: no larger than the 95 % intervals allow for two samples of text"
    " (on the same text nothing is chance, and `tokaudit compare` says what other text would show)"
)
Row = Mapping[str, Any]
Short = Mapping[str, str]


def grids(report: Report, short: Short) -> Iterator[Grid]:
    """Lay a diff out; there is no grid for what did not change."""
    tables = {name: report.tables[name].to_pylist() for name in report.sections["diff"]}
    figures, words = (_parted(tables[name]) for name in ("diff_figures", "diff_words"))
    yield _tokenizers(tables["diff"], short)
    yield from _conditions(tables["diff_conditions"])
    yield from _figures("figures that changed", figures[0], short)
    yield from _words("words that changed", words[0], short)
    yield from _findings(tables["diff_findings"], short)
    for grid in _figures("other figures that changed", figures[1], short):
        yield replace(grid, detail=bool(figures[0]))
    for grid in (
        *_words("other words that changed", words[1], short),
        *_rows(tables["diff_rows"], short),
    ):
        yield replace(grid, detail=True)


def _parted(rows: Rows) -> tuple[Rows, Rows]:
    """Part what audits show first from what they do not."""
    return [row for row in rows if row["headline"]], [row for row in rows if not row["headline"]]


def _tokenizers(rows: Rows, short: Short) -> Grid:
    columns = ("compared", "changed", "within", "findings_new", "findings_gone")
    cells = tuple(
        (
            Cell(short[row["tokenizer"]]),
            Cell(_became(row)),
            *(Cell(written(row[column])) for column in columns),
        )
        for row in rows
    )
    return Grid("", ("tokenizer", "status", *map(spaced, columns)), cells, 2)


def _became(row: Row) -> str:
    named = f", was {row['named_before']}" if row["named_before"] else ""
    return f"{row['status']}{named}"


def _conditions(rows: Rows) -> Iterator[Grid]:
    """Show what else differs, and of the corpus also that it is the same."""
    shown = [row for row in rows if not row["same"] or row["condition"] == "corpus"]
    cells = tuple(
        (
            Cell(spaced(row["condition"])),
            Cell(row["before"] or NOTHING),
            Cell("the same" if row["same"] else row["after"] or NOTHING),
        )
        for row in shown
    )
    if cells:
        yield Grid("conditions", ("condition", "before", "after"), cells, 3, named_rows=False)


def _figures(title: str, rows: Rows, short: Short) -> Iterator[Grid]:
    """Show the figures that changed most."""
    header = ("tokenizer", "lang", "figure", "before", "after", "%", "verdict")
    reasons = tuple(sorted({reason for row in rows for reason in _reasons(row)}))
    sure = any(row[f"after{SURE}"] is not None for row in rows)
    for grid in _listed(title, rows, header, lambda row: _figure(row, short)):
        notes = (EXPLAINED, *([SURE_NOTE] * sure), *reasons, *grid.notes)
        yield replace(grid, labels=3, notes=notes)


def _figure(row: Row, short: Short) -> tuple[Cell, ...]:
    relative = NOTHING if row["relative"] is None else f"{100 * row['relative']:+,.1f}"
    return (
        *_place(row, short),
        Cell(_sure(row, "before")),
        Cell(_sure(row, "after")),
        Cell(relative),
        Cell(WITHIN if row["within"] else row["better"] or "", best=row["better"] == "better"),
    )


def _place(row: Row, short: Short) -> tuple[Cell, Cell, Cell]:
    """Name a figure as a limit of `tokaudit check` does."""
    chosen = f"[{row['row']}]" if row["row"] else ""
    named = f"{row['table']}.{row['column']}{chosen}"
    return Cell(short[row["tokenizer"]]), Cell(row["lang"]), Cell(named)


def _sure(row: Row, side: str) -> str:
    """Write a figure that is whole as such, and how sure it is."""
    figure, width = row[side], row[f"{side}{SURE}"]
    whole = figure is not None and figure.is_integer() and abs(figure) < 2**53
    return written(int(figure) if whole else figure) + (f" ±{written(width)}" if width else "")


def _reasons(row: Row) -> Iterator[str]:
    yield from (f"{NOTHING} {said}" for side, said in row["absent"] if side in ("before", "after"))


def _words(title: str, rows: Rows, short: Short) -> Iterator[Grid]:
    """Show what is said in other words."""
    header = ("tokenizer", "lang", "what", "before", "after")
    return _listed(title, rows, header, lambda row: _said(row, short))


def _said(row: Row, short: Short) -> tuple[Cell, ...]:
    sides = (written(row[side]) for side in ("before", "after"))
    return (*_place(row, short), *(Cell(t, shown=row["shown"] and harmless(t)) for t in sides))


def _findings(rows: Rows, short: Short) -> Iterator[Grid]:
    """Show what became of findings, but for the new ones: those are the findings of the diff."""
    shown = [row for row in rows if row["change"] != "new"]
    header = ("change", "rule", "severity", "tokenizer", "lang", "said")
    for grid in _listed("findings that changed", shown, header, lambda row: _finding(row, short)):
        yield replace(grid, named_rows=False)


def _finding(row: Row, short: Short) -> tuple[Cell, ...]:
    spec = row["tokenizer"] or NOTHING
    about = (short.get(spec, spec), row["lang"] or NOTHING, row["message"])
    return tuple(map(Cell, (row["change"], row["rule"], row["severity"], *about)))


def _rows(rows: Rows, short: Short) -> Iterator[Grid]:
    """Count rows that are on one side only."""
    header = ("tokenizer", "lang", "table", "rows gone", "rows new")
    for grid in _listed("rows on one side only", rows, header, lambda row: _counted(row, short)):
        yield replace(grid, labels=3)


def _counted(row: Row, short: Short) -> tuple[Cell, ...]:
    counts = (Cell(written(row[side])) for side in ("rows_gone", "rows_new"))
    return Cell(short[row["tokenizer"]]), Cell(row["lang"]), Cell(row["table"]), *counts


def _listed(
    title: str, rows: Rows, header: tuple[str, ...], lay: Callable[[Row], tuple[Cell, ...]]
) -> Iterator[Grid]:
    """Lay the first rows out, if there are any, and say how many more there are."""
    if rows:
        left = len(rows) - MOST
        notes = (f"{left:,} rows more, in JSON and CSV",) if left > 0 else ()
        counted = f"{title}: the first {MOST} of {len(rows):,}" if left > 0 else title
        yield Grid(counted, header, tuple(map(lay, rows[:MOST])), len(header), notes)
