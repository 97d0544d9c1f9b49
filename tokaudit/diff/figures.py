"""Figures and words that are not what they were, the largest change first."""

import math
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import pyarrow as pa

from tokaudit.columns import SURE
from tokaudit.diff.rows import Compared, Met, Row
from tokaudit.grids import said
from tokaudit.report import Report
from tokaudit.text import Absent

Figures = dict[str, Any]
Placed = tuple[str, str, Figures]
NUMBER = (pa.int64(), pa.float64())
ROUNDING = 1e-12  # of a figure: what versions of a library may round otherwise


class Change(NamedTuple):
    """A value that is not what it was: whose, in which language, and how it is laid out."""

    spec: str
    lang: str
    figures: Figures

    @property
    def is_figure(self) -> bool:
        """Say whether it is a number on both sides, or none."""
        return "difference" in self.figures

    @property
    def size(self) -> float:
        """Say how large it is, 0 to 2: by the larger of both, so that a half is as a double."""
        before, after = self.figures["before"], self.figures["after"]
        if isinstance(before, Absent) or isinstance(after, Absent):
            return 0.0
        return float(abs(after - before) / max(abs(before), abs(after)))


def changes(report: Report, table: Compared) -> Iterator[Change]:
    """Give the values of a table that are not what they were; `report` says what counts first."""
    first = set(report.headlines.get(table.name, ()))
    for met in table.rows:
        for column in table.columns if met.before and met.after else ():
            before, after = met.before[column], met.after[column]  # type: ignore[index]
            if not _alike(before, after):
                field = table.schema.field(column)
                place = {"table": table.name, "column": column, "row": met.place}
                lay_out = _figure if field.type in NUMBER else _words
                found = {**place, "headline": column in first, **lay_out(met, field)}
                yield Change(met.pair.spec, met.lang, found)


def _alike(before: Any, after: Any) -> bool:
    """Compare values; one that another order of rounding would explain is no change."""
    if isinstance(before, float) and isinstance(after, float):
        return math.isclose(before, after, rel_tol=ROUNDING)
    return bool(before == after)


def largest_first(found: Sequence[Change]) -> list[Placed]:
    """Lay figures out by their size; what is equally large stays in the order of the tables."""
    ordered = sorted(found, key=lambda change: -change.size)
    return [(spec, lang, figures) for spec, lang, figures in ordered]


def _figure(met: Met, field: pa.Field) -> Figures:
    """Hold a figure against what it was."""
    assert met.before and met.after
    before, after = _known(met.before, field.name), _known(met.after, field.name)
    widths = [row.get(f"{field.name}{SURE}") for row in (met.before, met.after)]
    return {
        "before": before,
        f"before{SURE}": widths[0],
        "after": after,
        f"after{SURE}": widths[1],
        **_by_how_much(before, after, widths),
        "better": _judged(before, after, said(field, "better")),
    }


def _by_how_much(before: Any, after: Any, widths: Sequence[float | None]) -> Figures:
    if isinstance(before, Absent) or isinstance(after, Absent):
        none = Absent("there is a figure on one side only")
        return {"difference": none, "relative": none, "within": none}
    change = after - before
    there = [width for width in widths if width is not None]
    sure = abs(change) <= math.hypot(*there) if len(there) == 2 else Absent("no intervals")
    relative = after / before - 1 if before else Absent("it was 0")
    return {"difference": change, "relative": relative, "within": sure}


def _judged(before: Any, after: Any, better: str) -> str | None:
    if isinstance(before, Absent) or isinstance(after, Absent) or not better:
        return None
    return "better" if (after < before) == (better == "lower") else "worse"


def _known(row: Row, column: str) -> Any:
    """Give a figure, or why there is none."""
    if row[column] is not None:
        return float(row[column])
    return Absent(dict(row["absent"]).get(column, "no figure"))


def _words(met: Met, field: pa.Field) -> Figures:
    """Put what was said beside what is said."""
    assert met.before and met.after
    return {
        "shown": b"shown" in (field.metadata or {}),
        "before": _written(met.before[field.name]),
        "after": _written(met.after[field.name]),
    }


def _written(value: Any) -> str | None:
    return ("yes" if value else "no") if isinstance(value, bool) else value
