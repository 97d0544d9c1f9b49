"""The grids of a whole comparison, in the order in which they are read."""

from collections.abc import Iterator
from dataclasses import replace

import pyarrow as pa

from tokaudit import details
from tokaudit.grids import DETAIL_ROWS, Grid, Rows
from tokaudit.report import Report
from tokaudit.standings import languages, ranking
from tokaudit.standings.written import Short

BOTH_WAYS = ("compare_words", "compare_rows")  # tables of what became dearer, and cheaper


def grids(report: Report, short: Short) -> Iterator[Grid]:
    """Lay a comparison out: all languages, each language, and then what is worth a closer look."""
    against = report.conditions["baseline"]
    others = {spec: name for spec, name in short.items() if spec != against}
    langs = report.tables["compare_languages"].to_pylist()
    terms = _terms(report, langs)
    yield ranking.grid(report.tables["compare"].to_pylist(), short, against)
    if len(others) == 1:
        (other,) = others.values()
        yield languages.one_by_one(langs, short[against], other, terms)
    else:
        yield from languages.side_by_side(langs, others, short[against], terms)
    for name in report.sections["compare"][2:]:
        yield from _details(name, report.tables[name], short)


def _terms(report: Report, rows: Rows) -> str:
    """Say how verdicts were reached."""
    tests = sum(row["p_adjusted"] is not None for row in rows)
    corrected = f"corrected for {tests} comparisons (Holm), intervals not corrected"
    how = corrected if report.conditions["correction"] == "holm" else "not corrected"
    few = sum(row["few"] for row in rows)
    said = "" if not few else f"; {'all' if few == len(rows) else 'few:'} on fewer than 100 rows"
    return f"verdicts at p < {report.conditions['alpha']:g}, {how}{said}"


def _details(name: str, table: pa.Table, short: Short) -> Iterator[Grid]:
    """Lay out a further table; of long ones the first rows."""
    title = name.removeprefix("compare_").replace("_", " ")
    if b"across" in (table.schema.metadata or {}):
        laid = details.laid_out(title, table, short)
        yield from [replace(laid, detail=True)] if laid else []
    elif name in BOTH_WAYS:
        for said, rows in _ways(table):
            yield _first(f"{title} {said}", rows, ("tokenizer", "absent"))
    elif table.num_rows:
        yield _first(title, table, ("tokenizer", "lang", "absent"))


def _first(title: str, table: pa.Table, hidden: tuple[str, ...]) -> Grid:
    shown = [field for field in table.schema if field.name not in hidden]
    shown.sort(key=lambda field: not pa.types.is_string(field.type))  # words first, then figures
    columns = [field.name for field in shown]
    left = table.num_rows - DETAIL_ROWS
    notes = (f"{left:,} rows more, in JSON",) if left > 0 else ()
    laid = details.chosen(title, table.slice(0, DETAIL_ROWS), columns)
    return replace(laid, detail=True, notes=notes)


def _ways(table: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    """Part what became dearer from what became cheaper."""
    own, other = table["tokens"].to_numpy(), table["tokens_against"].to_numpy()
    for said, mask in (("that need more tokens", own > other), ("that need fewer", own < other)):
        if mask.any():
            yield said, table.filter(pa.array(mask))
