"""Figures that a limit is about, looked up in a report."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import mean, median
from typing import Any

import pyarrow as pa

from tokaudit.batch import NO_LANGUAGE
from tokaudit.columns import SURE
from tokaudit.errors import BadUsage
from tokaudit.findings import RULES
from tokaudit.gates.limits import FINDINGS, Limit
from tokaudit.report import Report
from tokaudit.rules import SEVERITIES
from tokaudit.tables import ALL_LANGUAGES
from tokaudit.text import Absent, line

REDUCE: Mapping[str, Callable[[Sequence[Any]], Any]] = {
    "max": max,
    "min": min,
    "mean": mean,
    "median": median,
    "sum": sum,
}


@dataclass(frozen=True)
class Figure:
    """What a report says, and of which row: its language, if any, and what it was chosen by."""

    tokenizer: str
    lang: str | None
    place: str
    value: Any


@dataclass(frozen=True, eq=False)
class Figures:
    """A report, looked up by the names of limits."""

    report: Report

    def of(self, limit: Limit) -> list[Figure]:
        """List the figures that a limit is about; raises BadUsage if it names none."""
        table, _, name = limit.figure.rpartition(".")
        if FINDINGS in (table, limit.figure):
            return list(self._findings(limit, name))
        column, rows = self._column(limit)
        chosen = [row for row in rows if self._is_meant(limit, row)]
        if not chosen:
            asked = ", ".join(f"{key}={value}" for key, value in limit.rows)
            raise BadUsage(f"the limit {line(limit.written)!r}: there is no row with {line(asked)}")
        return list(_reduced(limit, column, chosen))

    def _findings(self, limit: Limit, which: str) -> Iterator[Figure]:
        """Count findings of a severity or a rule, for each tokenizer."""
        if which not in SEVERITIES and which not in RULES:
            known = ", ".join(SEVERITIES)
            raise BadUsage(
                f"the limit {line(limit.written)!r}: findings are counted by severity ({known})"
                " or by rule, such as findings.TA101"
            )
        found = Counter(f.tokenizer for f in self.report.findings if which in (f.severity, f.rule))
        general = found.pop(None, 0)
        for spec in self.report.conditions["tokenizers"]:
            yield Figure(spec, None, which, found[spec] + general)

    def _column(self, limit: Limit) -> tuple[str, Sequence[Mapping[str, Any]]]:
        """Find the one table that has the column; raises BadUsage."""
        table, _, column = limit.figure.rpartition(".")
        having = [
            name
            for name, each in self._tables.items()
            if column in each.column_names and table in ("", name)
        ]
        main = [name for name in having if name in self.report.headlines]
        having = main or having
        if len(having) != 1:
            raise BadUsage(
                f"the limit {line(limit.written)!r}: {self._hint(limit, column, having)}"
            )
        return column, self._tables[having[0]].to_pylist()

    def _hint(self, limit: Limit, column: str, having: Sequence[str]) -> str:
        if having:
            return f"{column} is in several tables: write " + " or ".join(
                f"{name}.{column}" for name in having
            )
        table = limit.figure.rpartition(".")[0] or next(iter(self.report.headlines), "")
        if table in self._tables:
            known = ", ".join(self._tables[table].column_names[2:-1])
            return f"there is no {line(column)} in {table}, which has {known}"
        return f"there is no table {line(table)}: there are {', '.join(self._tables)}"

    @cached_property
    def _tables(self) -> dict[str, pa.Table]:
        return {n: t for n, t in self.report.tables.items() if "tokenizer" in t.column_names}

    @staticmethod
    def _is_meant(limit: Limit, row: Mapping[str, Any]) -> bool:
        for name, value in limit.rows:
            if name not in row:
                known = ", ".join(key for key in row if key != "absent")
                raise BadUsage(
                    f"the limit {line(limit.written)!r}: there is no column {line(name)}"
                    f" to choose rows by, only {known}"
                )
            if str(row[name]) != value:
                return False
        return True


def _reduced(limit: Limit, column: str, rows: Sequence[Mapping[str, Any]]) -> Iterator[Figure]:
    """Give the figure of each row, or for each tokenizer one over its rows."""
    if limit.over is None:
        for row in rows:
            lang = row["lang"] if row["lang"] not in (NO_LANGUAGE, ALL_LANGUAGES) else None
            chosen = [value for name, value in limit.rows if name != "lang"]
            place = ", ".join([*filter(None, [lang]), *chosen])
            yield Figure(row["tokenizer"], lang, place, _value(limit, column, row))
        return
    for spec in dict.fromkeys(row["tokenizer"] for row in rows):
        known = [r[column] for r in rows if r["tokenizer"] == spec and r[column] is not None]
        value = REDUCE[limit.over](known) if known else Absent(f"no row has {column}")
        yield Figure(spec, None, limit.over, value)


def _value(limit: Limit, column: str, row: Mapping[str, Any]) -> Any:
    """Give a row's figure or an end of its interval, or say why there is none."""
    reasons = dict(row["absent"])
    if row[column] is None:
        return Absent(reasons.get(column, "no figure"))
    if not limit.end:
        return row[column]
    width = row.get(f"{column}{SURE}")
    if width is None:
        return Absent(reasons.get(f"{column}{SURE}", f"{column} has no interval"))
    return row[column] + limit.end * width
