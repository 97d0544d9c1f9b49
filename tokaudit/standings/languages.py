"""The grids of single languages: two tokenizers with all that is known, or several side by side."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from math import exp

from tokaudit.grids import LOSSY, NOTHING, Cell, Grid, Rows, footnotes, label, written
from tokaudit.standings.written import Row, Short, interval, percent

SIDE_BY_SIDE = 6  # tokenizers: of more, a language shows the fewest tokens and the most
SCREEN = 20  # languages that are seen at once: both ends, if there are both
NOT_SHOWN, UNJUDGED = "·", "?"


def one_by_one(rows: Rows, a: str, b: str, terms: str) -> Grid:
    """Give each language a row, the largest differences of both kinds first."""
    all_few = all(row["few"] for row in rows)
    cells = tuple(
        (
            *label(row["lang"]),
            Cell(written(row["tokens_against"]) + LOSSY * bool(row["altered_rows_against"])),
            Cell(written(row["tokens"]) + LOSSY * bool(row["altered_rows"])),
            Cell(NOTHING if row["difference"] is None else percent(row["difference"])),
            Cell(interval(row)),
            _verdict(row, row["few"] and not all_few),
        )
        for row in both_ends(rows)
    )
    header = ("lang", "language", a, b, "%", "95 % interval", "verdict")
    notes = (terms, *footnotes(rows, ["difference", "verdict"]))
    return Grid(f"tokens of {b} against {a}", header, cells, 2, notes)


def both_ends(rows: Rows) -> list[Row]:
    """Begin with a screen of the best and of the worst in order; then come the largest of the rest.

    Each kind has half of the screen, and what the other leaves of its own.
    """
    ordered = sorted(rows, key=lambda row: (-_size(row), row["lang"]))
    better = [row for row in ordered if row["verdict"] == "better"]
    worse = [row for row in ordered if row["verdict"] == "worse"]
    kept = better[: max(SCREEN // 2, SCREEN - len(worse))]
    first = kept + worse[: SCREEN - len(kept)]
    chosen = {row["lang"] for row in first}
    first.sort(key=lambda row: (row["log_ratio"], row["lang"]))
    return first + [row for row in ordered if row["lang"] not in chosen]


def _verdict(row: Row, few: bool) -> Cell:
    return Cell((row["verdict"] or NOTHING) + ", few" * few, best=row["verdict"] == "better")


def _size(row: Row) -> float:
    return -1.0 if row["log_ratio"] is None else abs(row["log_ratio"])


def side_by_side(rows: Rows, others: Short, against: str, terms: str) -> Iterator[Grid]:
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
    header = ("lang", "language", *others.values())
    whole = Grid(f"tokens against {against}, %", header, cells, 2, notes, named_columns=True)
    if len(others) < SIDE_BY_SIDE:
        yield whole
        return
    yield _ends(by_lang, order, others, against)
    yield replace(whole, detail=True)


def _judged(row: Row) -> Cell:
    """Write a difference; its sign says who is better, unless that is not shown."""
    if row["difference"] is None:
        return Cell(NOTHING)
    mark = {None: f" {UNJUDGED}", "no difference shown": f" {NOT_SHOWN}"}.get(row["verdict"], "")
    lossy = row["altered_rows"] or row["altered_rows_against"]
    figure = percent(row["difference"]) + (LOSSY if lossy else mark)
    return Cell(figure, row["verdict"] == "better")


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
