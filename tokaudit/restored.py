"""A saved report read back: the same report, or one sentence on why the file is none."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa
from pydantic import ValidationError
from pydantic_core import from_json

import tokaudit
from tokaudit import diff_grids
from tokaudit.errors import BadReport
from tokaudit.findings import RULES, Finding
from tokaudit.report import Report
from tokaudit.saved import KINDS, SCHEMA, Column, FindingRecord, Saved
from tokaudit.text import line

# Tables that need not be about a tokenizer, and what all others have.
GENERAL = {
    "corpus": {"lang", "name", "rows", "bytes"},
    "diff_conditions": set[str](),
    "diff_findings": {"tokenizer", "lang"},
}
ROW = {"tokenizer", "lang", "absent"}
# Sections that are laid out in a way of their own: the tables they cannot do without.
OWN = {"diff": set(diff_grids.NEEDED), "compare": {"compare", "compare_languages"}}
FAMILY = SCHEMA.partition("/")[0]


def restored(data: bytes, name: str) -> Report:
    """Read a report back without loss; `name` is what messages call it. Raises BadReport."""
    shown = line(name)
    try:
        found = from_json(data, allow_inf_nan=False)
    except ValueError as error:
        raise BadReport(f"{shown} is no JSON: {line(str(error))}") from error
    _check_schema(found, shown)
    try:
        saved = Saved.model_validate_json(data)
        report = _report(saved)
        now = report.signature
    except ValidationError as error:
        raise BadReport(f"{shown} is no whole {SCHEMA} report: {_first(error)}") from error
    except (ValueError, TypeError, OverflowError) as error:
        raise BadReport(
            f"{shown} has a figure its column cannot hold: {line(str(error))}"
        ) from error
    for wrong in _inconsistencies(report, saved):
        raise BadReport(f"{shown} does not hold together: {line(wrong)}")
    if now != saved.signature:
        raise BadReport(f"{shown} was changed: its figures are not those of its signature")
    return report


def _check_schema(found: Any, shown: str) -> None:
    said = found.get("schema") if isinstance(found, dict) else None
    if said == SCHEMA:
        return
    if isinstance(said, str) and said.startswith(f"{FAMILY}/"):
        raise BadReport(
            f"{shown} is a report in the form {line(said)}, and tokaudit {tokaudit.__version__}"
            f" reads {SCHEMA}: use the version of tokaudit that wrote it, or a newer one"
        )
    what = f'its "schema" is {line(repr(said))}' if said else 'it has no "schema"'
    raise BadReport(f"{shown} is no report of tokaudit: {what}, not {SCHEMA} (made by -f json)")


def _first(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    return line(f"{'.'.join(map(str, first['loc']))}: {first['msg']}")


def _report(saved: Saved) -> Report:
    layout = saved.layout
    return Report(
        tables={
            name: pa.Table.from_pylist(
                list(map(_row, rows)), _schema(saved.columns.get(name, []), layout.about.get(name))
            )
            for name, rows in saved.tables.items()
        },
        sections={name: tuple(tables) for name, tables in layout.sections.items()},
        headlines={name: tuple(columns) for name, columns in layout.headlines.items()},
        questions=layout.questions,
        verdicts=saved.verdicts,
        conditions=saved.conditions.model_dump(),
        environment=saved.environment.model_dump(),
        findings=tuple(_finding(f) for f in saved.findings),
        glances=dict(layout.glances),
    )


def _finding(saved: FindingRecord) -> Finding:
    """Make a finding; it has a level of its own where that is not the one of its rule."""
    found = Finding(saved.rule, saved.message, saved.tokenizer, saved.lang)
    own = saved.rule in RULES and saved.severity != found.severity
    return replace(found, level=saved.severity) if own else found


def _schema(columns: Sequence[Column], about: Mapping[str, str] | None) -> pa.Schema:
    fields = [pa.field(c.name, KINDS[c.type], metadata=c.about or None) for c in columns]
    return pa.schema(fields, metadata=about)


def _row(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "absent": list(row.get("absent", {}).items())}


def _inconsistencies(report: Report, saved: Saved) -> Iterator[str]:
    """Say what could not be laid out."""
    yield from _of_tables(report, saved)
    yield from _of_layout(report)
    yield from _of_timings(report)
    yield from (
        f"a finding is of rule {f.rule}, which tokaudit {tokaudit.__version__} does not know"
        for f in report.findings
        if f.rule not in RULES
    )


def _of_tables(report: Report, saved: Saved) -> Iterator[str]:
    described = report.conditions["tokenizers"].keys() & report.environment["tokenizers"].keys()
    for name, table in report.tables.items():
        named = set(table.column_names)
        if len(named) < table.num_columns:
            yield f"table {name} has two columns of one name"
            continue
        if {key for row in saved.tables[name] for key in row} - named - {"absent"}:
            yield f"table {name} has figures without a column"
        if missing := (GENERAL.get(name, ROW) | diff_grids.NEEDED.get(name, set())) - named:
            yield f"table {name} lacks the column {min(missing)}"
        elif name not in GENERAL and set(table["tokenizer"].to_pylist()) - described:
            yield f"table {name} has rows of a tokenizer that is not described"


def _of_layout(report: Report) -> Iterator[str]:
    """Name what is laid out and is not there."""
    described = report.environment["tokenizers"].keys()
    if not report.sections.keys() == report.verdicts.keys() == report.questions.keys():
        yield "its sections, questions and verdicts are not of the same audits"
    if any(said.keys() - described for said in report.verdicts.values()):
        yield "it has a verdict on a tokenizer that is not described"
    for section, tables in report.sections.items():
        if not (tables and report.headlines.get(section)):
            yield f"it does not say what to show of {section}"
        if missing := OWN.get(section, set()) - set(tables):
            yield f"its section {section} lacks the table {min(missing)}"
    for name, columns in _shown(report):
        there = report.tables[name].column_names if name in report.tables else ()
        if name not in report.tables or set(columns) - set(there):
            yield f"it shows something of {name} that is not there"


def _of_timings(report: Report) -> Iterator[str]:
    """Look at what is laid out of the environment, which may hold anything."""
    timings = report.environment.get("timings", {})
    try:
        timed = {next(iter(row.values())) for rows in timings.values() for row in rows}
    except (AttributeError, TypeError, StopIteration):
        timed = {""}
    if timed - report.environment["tokenizers"].keys():
        yield "it has timings of a tokenizer that is not described"


def _shown(report: Report) -> Iterator[tuple[str, Sequence[str]]]:
    """List the tables that are shown, and which of their columns."""
    yield from ((name, ()) for tables in report.sections.values() for name in tables)
    yield from ((tables[0], report.headlines[s]) for s, tables in report.sections.items())
    others = {**report.headlines, **report.glances}  # an audit may name tables it did not make
    yield from ((name, shown) for name, shown in others.items() if name in report.tables)
    for name, table in report.tables.items():
        said = table.schema.metadata or {}
        if b"across" in said:
            yield name, [said[key].decode() if key in said else "" for key in (b"across", b"by")]
