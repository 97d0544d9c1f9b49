"""Figures: all there is in a report by rows or one by one, for formats that know one table."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from tokaudit.report import Report
from tokaudit.text import whole_letters

OWN = ("tokenizer", "lang", "absent")


class Figure(NamedTuple):
    """One value: the table and row it stands in, what it is about, and why it is null if it is.

    `row` counts from 0 in each table.
    """

    table: str
    row: int
    tokenizer: str | None
    lang: str | None
    column: str
    value: Any
    absent: str | None = None


def rows(report: Report) -> Iterator[dict[str, Any]]:
    """Give every row under the name of its table; then verdicts, findings and the signature."""
    for name, table in report.tables.items():
        for row in table.to_pylist():
            reasons = dict(row.pop("absent", None) or ())
            yield {"table": name, **row} | ({"absent": reasons} if reasons else {})
    for audit, verdicts in report.verdicts.items():
        for spec, said in verdicts.items():
            verdict = whole_letters(said)
            yield {"table": "verdicts", "tokenizer": spec, "audit": audit, "verdict": verdict}
    for finding in report.findings:
        about = {"tokenizer": finding.tokenizer, "lang": finding.lang}
        what = {"severity": finding.severity, "message": whole_letters(finding.message)}
        yield {"table": "findings", **about, "rule": finding.rule, **what}
    yield {"table": "report", "signature": report.signature}


def figures(report: Report) -> Iterator[Figure]:
    """Give every value of every row by itself."""
    table, number = "", 0
    for row in rows(report):
        number = number + 1 if row["table"] == table else 0
        table, reasons = row.pop("table"), row.get("absent", {})
        about = table, number, row.get("tokenizer"), row.get("lang")
        for column, value in row.items():
            if column not in OWN:
                yield Figure(*about, column, value, reasons.get(column))
