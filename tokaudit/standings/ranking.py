"""The grid of all languages together: a row for each tokenizer."""

import re
from collections.abc import Callable, Mapping

from tokaudit.grids import LOSSY, LOSSY_NOTE, NOTHING, Cell, Grid, Rows, written
from tokaudit.standings.written import Row, Short, percent, thousands

COLUMNS = {
    "better": "better",
    "worse": "worse",
    "undecided": "open",
    "altered_in": "altered in",
    "premium_median": "premium",
    "digits": "digits",
    "vocabulary": "ids",
    "share_of_against": "shared",
}
EXPLAINED = (
    "better, worse, open (no difference shown): languages; premium: median / maximum;"
    " digits left 3: groups of three from the left; shared: what it has of {}'s texts"
)
DIGITS = re.compile(r"(left|right)-to-(?:left|right)")
BRIEFLY: Mapping[str, Callable[[Row], str]] = {
    "premium_median": lambda row: f"{row['premium_median']:.2f} / {row['premium_max']:.2f}",
    "digits": lambda row: DIGITS.sub(r"\1", row["digits"]),
    "vocabulary": lambda row: thousands(row["vocabulary"]),
    "share_of_against": lambda row: f"{100 * row['share_of_against']:.0f} %",
}


def grid(rows: Rows, short: Short, against: str) -> Grid:
    """Give each of several tokenizers its row, the fewest tokens first."""
    columns = {name: said for name, said in COLUMNS.items() if _says_something(name, rows)}
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
    marked = (LOSSY_NOTE.replace(" of this language", ""),) if lossy else ()
    notes = (EXPLAINED.format(short[against]), *marked)
    title = f"all languages: tokens against {short[against]}, the mean in %"
    return Grid(title, ("tokenizer", "%", *columns.values()), cells, notes=notes)


def _says_something(name: str, rows: Rows) -> bool:
    known = [row[name] for row in rows if row[name] is not None]
    return any(known) if name == "altered_in" else bool(known)


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
    """Write a figure briefly: there is little room."""
    if name in BRIEFLY and row[name] is not None:
        return BRIEFLY[name](row)
    return written(row[name])
