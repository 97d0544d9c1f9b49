"""Headlines of other audits, so that tokenizers can be seen side by side."""

from collections.abc import Iterator, Sequence
from typing import Any

from tokaudit.comparing.closely import Placed
from tokaudit.grids import spaced, written
from tokaudit.report import Report


def rows(report: Report, audits: Sequence[str]) -> Iterator[Placed]:
    """Give the headline figures of some audits of a report.

    Of an audit by language they are those of its summary; one that has none is left out.
    """
    for name in audits:
        found, columns = _of_audit(report, name)
        for column in columns:
            for row in found:
                figure = {"figure": f"{name}: {spaced(column)}", "value": written(row[column])}
                yield row["tokenizer"], row["lang"], figure


def _of_audit(report: Report, name: str) -> tuple[list[dict[str, Any]], Sequence[str]]:
    """Give one row for each tokenizer, and the columns that matter."""
    if summary := report.tables.get(f"{name}_summary"):
        return summary.to_pylist(), summary.column_names[2:-1]
    found = report.tables[report.sections[name][0]].to_pylist()
    specs = [row["tokenizer"] for row in found]
    return (found if len(set(specs)) == len(specs) else []), report.headlines[name]
