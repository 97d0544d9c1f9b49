"""Standings: the tables of a comparison as grids, one screen first and details after."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from math import exp
from typing import Any

import pyarrow as pa

from tokaudit import details
from tokaudit.grids import (
    DETAIL_ROWS,
    LOSSY,
    LOSSY_NOTE,
    NOTHING,
    Cell,
    Grid,
    Rows,
    footnotes,
    label,
    written,
)
from tokaudit.report import Report

SIDE_BY_SIDE = 6  # tokenizers: of more, a language shows the fewest tokens and the most
NOT_SHOWN, UNJUDGED = "·", "?"
BOTH_WAYS = ("compare_words", "compare_rows")  # tables of what became dearer, and cheaper
RANKING = {
    "better": "better",
    "worse": "worse",
    "undecided": "undecided",
    "not_judged": "not judged",
    "altered_in": "altered in",
    "premium_median": "premium",
    "premium_max": "premium max",
    "digits": "digits",
    "vocabulary": "ids",
    "share_of_against": "shared",
}
RARE = ("not_judged", "altered_in")
RANKING_NOTE = (
    "better, worse, undecided: languages; premium: its median; digits left 3: groups of three from"
    " the left; shared: texts of {}'s vocabulary"
)
Row = Mapping[str, Any]
Short = Mapping[str, str]


def grids(report: Report, short: Short) -> Iterator[Grid]:
    """Lay a comparison out: all languages, each language, and then what is worth a closer look."""
    against = report.conditions["baseline"]
    others = {spec: name for spec, name in short.items() if spec != against}
    langs = report.tables["compare_languages"].to_pylist()
    yield _ranking(report.tables["compare"].to_pylist(), short, against)
    if len(others) == 1:
        yield _one_by_one(langs, short[against], *others.values(), _terms(report, langs))
    else:
        yield from _side_by_side(langs, others, short[against], _terms(report, langs))
    for name in report.sections["compare"][2:]:
        yield from _details(name, report.tables[name], short)


def percent(part: float) -> str:
    """Write a share as per cent, with its sign.

    >>> percent(-0.1234), percent(0.02), percent(-0.0001)
    ('-12.3', '+2.0', '0.0')
    """
    signed = f"{100 * part:+.1f}"
    return signed if float(signed) else "0.0"


def interval(row: Row) -> str:
    """Write the interval of a difference in per cent, if there is one."""
    if row["difference_low"] is None:
        return ""
    return f"[{percent(row['difference_low'])}, {percent(row['difference_high'])}]"


def _ranking(rows: Rows, short: Short, against: str) -> Grid:
    """Give each tokenizer a row, the fewest tokens first; columns that say nothing are left out."""
    columns = {name: said for name, said in RANKING.items() if _says_something(name, rows)}
    ordered = rows if len(rows) == 2 else sorted(rows, key=_rank)
    cells = tuple(
        (
            Cell(short[row["tokenizer"]], best=bool(row["best"]) and len(rows) > 2),
            Cell(_mean(row, row["tokenizer"] == against)),
            *(Cell(_fact(row, name)) for name in columns),
        )
        for row in ordered
    )
    lossy = any(row["altered_in"] for row in rows)
    notes = (
        RANKING_NOTE.format(short[against]),
        *(LOSSY_NOTE.replace(" of this language", ""),) * lossy,
    )
    title = f"all languages: tokens against {short[against]}, the mean in %"
    return Grid(title, ("tokenizer", "%", *columns.values()), cells, notes=notes)


def _says_something(name: str, rows: Rows) -> bool:
    return any(row[name] if name in RARE else row[name] is not None for row in rows)


def _rank(row: Row) -> float:
    """Order by difference; the one that others are compared with has none, and is at 0."""
    return float(row["difference"] or 0)


def _mean(row: Row, is_against: bool) -> str:
    """Write the mean and half the width of its interval."""
    mark = LOSSY if row["altered_in"] else ""
    if is_against or row["difference"] is None:
        return ("0" if is_against else NOTHING) + mark
    low, high = row["difference_low"], row["difference_high"]
    width = "" if low is None else f" ±{50 * (high - low):.1f}"
    return f"{percent(row['difference'])}{width}{mark}"


def _fact(row: Row, name: str) -> str:
    if name == "share_of_against" and row[name] is not None:
        return f"{100 * row[name]:.0f} %"
    if name == "digits" and row[name] is not None:
        return str(row[name]).replace("left-to-right", "left").replace("right-to-left", "right")
    return f"{row[name]:.2f}" if isinstance(row[name], float) else written(row[name])


def _terms(report: Report, rows: Rows) -> str:
    """Say how verdicts were reached."""
    tests = sum(row["p_adjusted"] is not None for row in rows)
    corrected = f"corrected for {tests} comparisons (Holm)"
    how = corrected if report.conditions["correction"] == "holm" else "not corrected"
    few = "; few: less than 100 rows" if any(row["few"] for row in rows) else ""
    return f"verdicts at p < {report.conditions['alpha']:g}, {how}; intervals are not{few}"


def _one_by_one(rows: Rows, a: str, b: str, terms: str) -> Grid:
    """Give each language a row, the largest differences first."""
    cells = tuple(
        (
            *label(row["lang"]),
            Cell(written(row["tokens_against"]) + LOSSY * bool(row["altered_rows_against"])),
            Cell(written(row["tokens"]) + LOSSY * bool(row["altered_rows"])),
            Cell(NOTHING if row["difference"] is None else percent(row["difference"])),
            Cell(interval(row)),
            Cell(
                (row["verdict"] or NOTHING) + ", few" * row["few"], best=row["verdict"] == "better"
            ),
        )
        for row in sorted(rows, key=lambda row: (-_size(row), row["lang"]))
    )
    header = ("lang", "language", a, b, "%", "95 % interval", "verdict")
    title = f"tokens of {b} against {a}"
    return Grid(title, header, cells, 2, (terms, *footnotes(rows, ["difference", "verdict"])))


def _size(row: Row) -> float:
    return -1.0 if row["log_ratio"] is None else abs(row["log_ratio"])


def _side_by_side(rows: Rows, others: Short, against: str, terms: str) -> Iterator[Grid]:
    """Give each language a row and each tokenizer a column; of many, the ends come first."""
    by_lang: dict[str, dict[str, Row]] = {}
    for row in rows:
        by_lang.setdefault(row["lang"], {})[row["tokenizer"]] = row
    order = sorted(by_lang, key=lambda lang: (-max(map(_size, by_lang[lang].values())), lang))
    cells = tuple(
        (*label(lang), *(_judged(by_lang[lang][spec]) for spec in others)) for lang in order
    )
    signs = f"{NOT_SHOWN} no difference shown; {UNJUDGED} not judged"
    notes = (f"{signs}; {terms}", *footnotes(rows, ["difference"]))
    title = f"tokens against {against}, %"
    header = ("lang", "language", *others.values())
    whole = Grid(title, header, cells, 2, notes, named_columns=True)
    if len(others) < SIDE_BY_SIDE:
        yield whole
        return
    yield _ends(by_lang, order, others, against)
    yield replace(whole, detail=True)


def _judged(row: Row) -> Cell:
    """Write a difference; its sign says who is better, unless that is not shown."""
    if row["difference"] is None:
        return Cell(NOTHING)
    lossy = LOSSY * bool(row["altered_rows"] or row["altered_rows_against"])
    mark = {None: UNJUDGED, "no difference shown": NOT_SHOWN}.get(row["verdict"], "")
    mark = "" if lossy else mark
    return Cell(
        percent(row["difference"]) + f" {mark}".rstrip() + lossy, row["verdict"] == "better"
    )


def _ends(
    by_lang: Mapping[str, Mapping[str, Row]], order: Sequence[str], others: Short, against: str
) -> Grid:
    """Name for each language the tokenizers with the fewest tokens and with the most."""
    cells = tuple(
        (*label(lang), *map(Cell, _end(by_lang[lang], others, against))) for lang in order
    )
    header = ("lang", "language", "fewest tokens", "%", "most tokens", "%", "most / fewest")
    note = f"% against {against}; tokenizers that alter text of a language take no part"
    return Grid("fewest and most tokens", header, cells, 2, (note,))


def _end(rows: Mapping[str, Row], others: Short, against: str) -> Iterator[str]:
    known = [row for row in rows.values() if row["log_ratio"] is not None]
    honest = [(r["log_ratio"], others[r["tokenizer"]]) for r in known if not r["altered_rows"]]
    if any(not row["altered_rows_against"] for row in known):
        honest.append((0.0, against))
    if not honest:
        yield from (NOTHING,) * 5
        return
    fewest, most = min(honest), max(honest)
    for ratio, name in (fewest, most):
        yield from (name, percent(exp(ratio) - 1))
    yield f"{exp(most[0] - fewest[0]):.2f}"


def _details(name: str, table: pa.Table, short: Short) -> Iterator[Grid]:
    """Lay out a further table: as it is, but for the first rows of long ones."""
    title = name.removeprefix("compare_")
    if b"across" in (table.schema.metadata or {}):
        laid = details.laid_out(title, table, short)
        yield from [replace(laid, detail=True)] if laid else []
    elif name in BOTH_WAYS:
        yield from _both_ways(title, table)
    elif table.num_rows:
        columns = [c for c in table.column_names if c not in ("tokenizer", "lang", "absent")]
        first = details.chosen(title, table.slice(0, DETAIL_ROWS), columns)
        yield replace(first, detail=True, notes=_left(table.num_rows))


def _both_ways(title: str, table: pa.Table) -> Iterator[Grid]:
    for said, rows in _ways(table):
        columns = [c for c in table.column_names if c not in ("tokenizer", "absent")]
        first = details.chosen(f"{title} {said}", rows.slice(0, DETAIL_ROWS), columns)
        yield replace(first, detail=True, named_rows=True, notes=_left(rows.num_rows))


def _left(rows: int) -> tuple[str, ...]:
    return (f"{rows - DETAIL_ROWS} rows more, in JSON",) if rows > DETAIL_ROWS else ()


def _ways(table: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    """Part what became dearer from what became cheaper."""
    own, other = table["tokens"].to_numpy(), table["tokens_against"].to_numpy()
    for said, mask in (("that need more tokens", own > other), ("that need fewer", own < other)):
        if mask.any():
            yield said, table.filter(pa.array(mask))
