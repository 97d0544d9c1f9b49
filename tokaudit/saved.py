"""A saved report: what the JSON of `tokaudit/1` holds; an old shape is never changed."""

from collections.abc import Mapping
from typing import Any, Literal

import pyarrow as pa
from pydantic import BaseModel, ConfigDict, JsonValue

from tokaudit.findings import Finding
from tokaudit.report import Report
from tokaudit.rules import Severity
from tokaudit.text import whole_letters

SCHEMA: Literal["tokaudit/1"] = "tokaudit/1"
REASONS = pa.map_(pa.string(), pa.string())
KINDS: dict[str, pa.DataType] = {
    "text": pa.string(),
    "count": pa.int64(),
    "figure": pa.float64(),
    "flag": pa.bool_(),
    "reasons": REASONS,
}


class Strict(BaseModel):
    """No unknown key, no NaN, nothing converted."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, frozen=True, strict=True)


class Open(Strict):
    """Keys that may grow: whoever reads them ignores what is not known."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, JsonValue]


class FindingRecord(Strict):
    """One thing that deserves attention; `tokaudit explain RULE` says more."""

    rule: str
    severity: Severity
    message: str
    tokenizer: str | None
    lang: str | None


class Column(Strict):
    """A column of a table: what it holds, and under `about` its definition and which is better."""

    name: str
    type: Literal["text", "count", "figure", "flag", "reasons"]
    about: dict[str, str]


class Layout(Strict):
    """How a report is laid out for people.

    `sections`: the tables of each audit, the first of them its main one. `questions`: what each
    audit asks. `headlines`: the columns of a table to show. `glances`: what names a row of a table
    and the figure to see at once. `about`: what is said of whole tables.
    """

    sections: dict[str, list[str]]
    questions: dict[str, str]
    headlines: dict[str, list[str]]
    glances: dict[str, tuple[str, str]]
    about: dict[str, dict[str, str]]


class Facts(Open):
    """What a tokenizer is and who computed its ids."""

    algorithm: str
    vocabulary_size: int | None
    engine: str


class Environment(Open):
    """Where the report was made: in no digest."""

    tokenizers: dict[str, Facts]


class Conditions(Open):
    """All that a figure depends on: with the figures, what the digest in the signature is of."""

    tokaudit: str
    tokenizers: dict[str, str]


class Saved(Strict):
    """A report as JSON.

    `tables`: rows with `tokenizer` and `lang` first and every figure at full precision; a null
    figure has its reason under `absent`. `columns`: what each column of a table holds.
    `verdicts`: by audit and tokenizer.
    """

    schema_: Literal["tokaudit/1"]
    signature: str
    conditions: Conditions
    environment: Environment
    verdicts: dict[str, dict[str, str]]
    findings: list[FindingRecord]
    layout: Layout
    columns: dict[str, list[Column]]
    tables: dict[str, list[dict[str, JsonValue]]]

    model_config = ConfigDict(
        alias_generator=lambda name: name.rstrip("_"),
        validate_by_name=True,
    )


def saved(report: Report) -> Saved:
    """Take all there is in a report."""
    return Saved(
        schema_=SCHEMA,
        signature=report.signature,
        conditions=Conditions.model_validate(dict(report.conditions)),
        environment=Environment.model_validate(dict(report.environment)),
        verdicts={
            name: {spec: whole_letters(sentence) for spec, sentence in said.items()}
            for name, said in report.verdicts.items()
        },
        findings=list(map(_finding, report.findings)),
        layout=_layout(report),
        columns={name: [_column(field) for field in t.schema] for name, t in report.tables.items()},
        tables={name: list(map(_row, t.to_pylist())) for name, t in report.tables.items()},
    )


def _finding(finding: Finding) -> FindingRecord:
    return FindingRecord(
        rule=finding.rule,
        severity=finding.severity,
        message=whole_letters(finding.message),
        tokenizer=finding.tokenizer,
        lang=finding.lang,
    )


def _layout(report: Report) -> Layout:
    return Layout(
        sections={name: list(tables) for name, tables in report.sections.items()},
        questions=dict(report.questions),
        headlines={name: list(columns) for name, columns in report.headlines.items()},
        glances=dict(report.glances),
        about={name: said for name, t in report.tables.items() if (said := _said(t.schema))},
    )


def _column(field: pa.Field) -> Column:
    kind: Any = next(name for name, kind in KINDS.items() if kind == field.type)
    return Column(name=field.name, type=kind, about=_said(field))


def _said(about: pa.Schema | pa.Field) -> dict[str, str]:
    said: Mapping[bytes, bytes] = about.metadata or {}
    return {key.decode(): value.decode() for key, value in said.items() if value}


def _row(row: dict[str, Any]) -> dict[str, Any]:
    """Write the reasons of null figures as a mapping, where there are any."""
    reasons = dict(row.pop("absent", None) or ())
    return row | {"absent": reasons} if reasons else row
