"""Grids: tables for people, and the choice of the one that answers at a glance.

How a figure is written, which one stands out and which carries a mark is decided here, for every
medium.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from tokaudit.batch import NO_LANGUAGE
from tokaudit.columns import SURE
from tokaudit.heat import Heat, heating
from tokaudit.languages import name as language_name
from tokaudit.text import harmless

NOTHING = "–"
LOSSY = "*"
LOSSY_NOTE = (
    f"{LOSSY} the tokenizer altered rows of this language (lower-cased, normalised or lost text):"
    " do not rank it by this figure"
)
LOSSY_SUM = f"{LOSSY} the tokenizer altered rows of some languages: do not rank it by these figures"
SURE_NOTE = "±: the 95 % interval, if the rows are drawn at random from the text that is meant"
DETAIL_ROWS = 24
SURE_OF = 4  # tokenizers side by side: beyond these, intervals make a table too wide to read
LOSSES = ("altered_in",)  # columns of a summary that are worth their room if there is something
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Cell:
    """One value of a grid: how it is written, whether it is the best of its row.

    `shown` is text that has been through `text.show`; a renderer only escapes it for its medium.
    `heat` goes from 0, the best of the grid, to 1, the worst; None where there is nothing to rank.
    `cut` is the sign that stands in the text wherever a token ends, if the text is one of tokens.
    """

    text: str
    best: bool = False
    shown: bool = False
    heat: float | None = None
    cut: str = ""


@dataclass(frozen=True)
class Grid:
    """A table for people.

    The first column names things, the first `labels` are text, the others are figures;
    `named_columns` says that those are headed by names of tokenizers, `named_rows` that the first
    column holds names and not words; a `detail` may be folded.
    """

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    labels: int = 1
    notes: tuple[str, ...] = ()
    detail: bool = False
    named_columns: bool = False
    named_rows: bool = True


def summary(table: pa.Table | None, short: Mapping[str, str]) -> Iterator[Grid]:
    """Sum up the languages, where there are several."""
    rows = table.to_pylist() if table is not None else []
    if table is not None and any(row["languages"] > 1 for row in rows):
        quiet = [c for c in LOSSES if c in table.column_names and not any(row[c] for row in rows)]
        lossy = {row["tokenizer"] for row in rows if row.get("altered_in")}
        marked = {spec: name + LOSSY * (spec in lossy) for spec, name in short.items()}
        notes = (LOSSY_SUM,) if lossy else ()
        shown = plain("all languages", table.drop_columns(quiet), marked)
        yield replace(shown, detail=False, notes=notes)


def main_grids(
    table: pa.Table, headline: Sequence[str], short: Mapping[str, str]
) -> Iterator[Grid]:
    """Choose the shape that answers at a glance: one grid of figures, or one for each figure."""
    rows = table.to_pylist()
    langs = _by_cost(rows, headline)
    if len(langs) == 1:
        yield _by_tokenizer(rows, headline, short)
    elif len(short) == 1:
        yield by_language(rows, langs, headline)
    else:
        for column in headline:
            yield pivot(table.schema.field(column), rows, langs, short)


def _by_cost(rows: Rows, headline: Sequence[str]) -> list[str]:
    """Order languages from the most expensive by the first tokenizer's premium, then by label."""
    key = "premium" if "premium" in headline else headline[0]
    first: dict[str, Any] = {}
    for row in rows:
        first.setdefault(row["lang"], row[key])
    numbers = {
        lang: v if isinstance(v, int | float) else float("-inf") for lang, v in first.items()
    }
    return sorted(first, key=lambda lang: (-numbers[lang], lang))


def _by_tokenizer(rows: Rows, headline: Sequence[str], short: Mapping[str, str]) -> Grid:
    lang = rows[0]["lang"] if rows else ""
    cells = tuple(
        (Cell(short[row["tokenizer"]]), *(figured(row, column) for column in headline))
        for row in rows
    )
    title = "" if lang == NO_LANGUAGE else f"Figures for {named(lang)}"
    return Grid(title, ("tokenizer", *map(spaced, headline)), cells, 1, footnotes(rows, headline))


def by_language(rows: Rows, langs: Sequence[str], headline: Sequence[str]) -> Grid:
    """Give each language a row and each figure a column: one tokenizer's."""
    by_lang = {row["lang"]: row for row in rows}
    cells = tuple(
        (*label(lang), *(figured(by_lang[lang], column) for column in headline)) for lang in langs
    )
    header = ("lang", "language", *map(spaced, headline))
    return Grid("By language", header, cells, 2, footnotes(rows, headline))


def pivot(
    field: pa.Field,
    rows: Rows,
    langs: Sequence[str],
    short: Mapping[str, str],
) -> Grid:
    """Give each language a row and each tokenizer a column: one figure."""
    by_key = {(row["lang"], row["tokenizer"]): row for row in rows}
    better = said(field, "better")
    heat = heating([row[field.name] for row in rows if not row.get("altered_rows")], better)
    cells = tuple(
        (*label(lang), *_contest([by_key[lang, spec] for spec in short], field, heat))
        for lang in langs
    )
    header = ("lang", "language", *short.values())
    notes = footnotes(rows, [field.name], sure=len(short) <= SURE_OF)
    return Grid(spaced(field.name), header, cells, 2, notes, named_columns=True)


def _contest(rows: Rows, field: pa.Field, heat: Heat) -> Iterator[Cell]:
    """Write the figures of one language; the best that loses no text stands out."""
    column, better = field.name, said(field, "better")
    sure = len(rows) <= SURE_OF
    honest = [r[column] for r in rows if r[column] is not None and not r.get("altered_rows")]
    choose = {"lower": min, "higher": max}.get(better)
    best = choose(honest) if choose and len(honest) > 1 and len(set(honest)) > 1 else None
    for row in rows:
        figure = figured(row, column, sure)
        altered = bool(row.get("altered_rows"))
        won = best is not None and row[column] == best and not altered
        yield Cell(figure.text, won, heat=None if altered else heat(row[column]))


def figured(row: Mapping[str, Any], column: str, sure: bool = True) -> Cell:
    """Write a figure, how `sure` it is, and a mark if text was lost."""
    width = row.get(f"{column}{SURE}") if sure else None
    mark = LOSSY if row.get("altered_rows") and row[column] is not None else ""
    return Cell(written(row[column]) + (f" ±{written(width)}" if width else "") + mark)


def said(field: pa.Field, about: str) -> str:
    """Read what is said of a column: its `definition`, which way is `better`."""
    return str((field.metadata or {}).get(about.encode(), b"").decode())


def footnotes(rows: Rows, columns: Sequence[str], sure: bool = True) -> tuple[str, ...]:
    """Say which rows lost text, what ± is where it is shown, and why figures are absent."""
    reasons = {
        f"{NOTHING} {spaced(column)}: {reason}"
        for row in rows
        for column, reason in row["absent"]
        if column in columns
    }
    lossy = [LOSSY_NOTE] if any(row.get("altered_rows") for row in rows) else []
    widths = sure and any(row.get(f"{c}{SURE}") for row in rows for c in columns)
    return (*lossy, *([SURE_NOTE] * widths), *sorted(reasons))


def plain(name: str, table: pa.Table, short: Mapping[str, str]) -> Grid:
    """Show a table as it is, but for its reasons, and its language if there is one only."""
    rows = table.to_pylist()
    several = len({row["lang"] for row in rows}) > 1
    hidden = ("tokenizer", "absent") if several else ("tokenizer", "lang", "absent")
    columns = [c for c in table.column_names if c not in hidden]
    first = [row for spec in short for row in _of(spec, rows)[:DETAIL_ROWS]]
    cells = tuple(
        (Cell(short[row["tokenizer"]]), *(valued(row[c], table.schema.field(c)) for c in columns))
        for row in first
    )
    left = len(rows) - len(first)
    notes = (f"{left} rows more, in JSON: the first {DETAIL_ROWS} of each tokenizer are here",)
    header = ("tokenizer", *map(spaced, columns))
    return Grid(spaced(name), header, cells, 1, notes if left else (), detail=True)


def _of(spec: str, rows: Rows) -> list[Mapping[str, Any]]:
    return [row for row in rows if row["tokenizer"] == spec]


def label(lang: str) -> tuple[Cell, Cell]:
    """Write a language's label and, beside it, its name."""
    return Cell(lang), Cell(language_name(lang) or "")


def named(lang: str) -> str:
    """Write a label with its display name beside it."""
    return f"{lang} ({name})" if (name := language_name(lang)) else lang


def valued(value: Any, field: pa.Field) -> Cell:
    """Write a value; one from a saved report is believed to be made safe only if it is."""
    text, safe = written(value), b"shown" in (field.metadata or {})
    sign = said(field, "cut") if value is not None else ""
    return Cell(text, shown=safe and harmless(text), cut=sign)


def spaced(column: str) -> str:
    """Write a column's name as words."""
    return column.replace("_", " ")


def written(value: Any) -> str:
    """Write one value: thousands separated, three decimals, a dash for nothing."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.3f}" if isinstance(value, float) else str(value)
