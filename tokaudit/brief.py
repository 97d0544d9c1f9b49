"""The brief: a report in plain words and one table, for whoever never heard of fertility."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from tokaudit.grids import LOSSY, NOTHING, Cell, Grid
from tokaudit.plain_words import Row, Rows, by_spec, called, cut, reference, sentences, several
from tokaudit.report import Report


@dataclass(frozen=True)
class Brief:
    """A few sentences, and a row for each tokenizer."""

    sentences: tuple[str, ...]
    grid: Grid


@dataclass(frozen=True)
class Column:
    """A column of the brief: what it is called, the table it is from, how its value is written."""

    header: str
    table: str
    write: Callable[[Row], str]


def brief(report: Report, short: Mapping[str, str]) -> Brief | None:
    """Say what matters most; None for a report that has nothing of it."""
    columns = [c for c in _columns(report) if c.table in report.tables]
    if not columns:
        return None
    by_table = {column.table: by_spec(report, column.table) for column in columns}
    cells = tuple(
        (
            Cell(name),
            *(Cell(_written(column, by_table[column.table].get(spec))) for column in columns),
        )
        for spec, name in short.items()
    )
    header = ("tokenizer", *(column.header for column in columns))
    notes = tuple(_notes(by_table.get("fertility_summary", {}), reference(report)))
    grid = Grid("In short", header, cells, len(header), notes)  # all of it reads as words
    return Brief(tuple(sentences(report, short)), grid)


def _columns(report: Report) -> Iterator[Column]:
    if several(report):
        yield Column("fewest tokens in", "fertility_summary", _cheapest)
        yield Column("typical language", "fertility_summary", lambda r: _times(r["premium_median"]))
        yield Column("costliest language", "fertility_summary", _costliest)
    else:
        yield Column("tokens per word", "fertility", lambda r: f"{r['fertility']:.2f}")
        yield Column("bytes per token", "fertility", lambda r: f"{r['bytes_per_token']:.2f}")
    yield Column("numbers are cut", "digits", lambda r: cut(r["strategy"]))
    yield Column(
        "sums out of line",
        "digits",
        lambda r: f"{r['misaligned_sums']:,} of {r['length_combinations']:,}",
    )
    yield Column("ids no text yields", "vocabulary", lambda r: f"{r['wasted']:,} of {r['ids']:,}")
    yield Column("characters lost", "vocabulary", lambda r: f"{r['characters_lost']:,}")


def _written(column: Column, row: Row | None) -> str:
    """Write a value; what is absent, and has no form, is a dash."""
    try:
        return column.write(row) if row is not None else NOTHING
    except TypeError:
        return NOTHING


def _cheapest(row: Row) -> str:
    altered = LOSSY if row["altered_in"] else ""
    return f"{row['cheapest_in']:,} of {row['languages']:,} languages{altered}"


def _times(premium: float | None) -> str:
    return NOTHING if premium is None else f"{premium:.1f} x"


def _costliest(row: Row) -> str:
    if row["costliest"] is None:
        return NOTHING
    return f"{_times(row['premium_max'])} {called(row['costliest'])}"


def _notes(summary: Rows, base: str | None) -> Iterator[str]:
    if summary and base:
        yield f"x: times the tokens of the same text in {base}"
    if any(row["altered_in"] for row in summary.values()):
        yield f"{LOSSY} it alters text (lower case, normal forms, unknown letters): do not rank it"
