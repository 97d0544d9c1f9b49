"""JSON for machines: `schema` says which shape this is, and an old shape is never changed."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, JsonValue

from tokaudit.report import Report
from tokaudit.rules import Severity

SCHEMA: Literal["tokaudit/1"] = "tokaudit/1"
SUFFIXES = (".json",)


class Strict(BaseModel):
    """No unknown key, no NaN."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, frozen=True)


class FindingRecord(Strict):
    """One thing that deserves attention; `tokaudit explain RULE` says more."""

    rule: str
    severity: Severity
    message: str
    tokenizer: str | None
    lang: str | None


class Saved(Strict):
    """A report as JSON.

    `tables`: rows with `tokenizer` and `lang` first and every figure at full precision; a null
    figure has its reason under `absent`. `definitions`: what each column of a table means.
    `verdicts`: by audit and tokenizer.
    """

    schema_: Literal["tokaudit/1"]
    signature: str
    conditions: dict[str, JsonValue]
    environment: dict[str, JsonValue]
    verdicts: dict[str, dict[str, str]]
    findings: list[FindingRecord]
    definitions: dict[str, dict[str, str]]
    tables: dict[str, list[dict[str, JsonValue]]]

    model_config = ConfigDict(
        extra="forbid",
        allow_inf_nan=False,
        alias_generator=lambda name: name.rstrip("_"),
        validate_by_name=True,
    )


def render(report: Report) -> bytes:
    """Return one object, its tables row by row."""
    saved = Saved(
        schema_=SCHEMA,
        signature=report.signature,
        conditions=dict(report.conditions),
        environment=dict(report.environment),
        verdicts={name: dict(said) for name, said in report.verdicts.items()},
        findings=[
            FindingRecord(
                rule=finding.rule,
                severity=finding.severity,
                message=finding.message,
                tokenizer=finding.tokenizer,
                lang=finding.lang,
            )
            for finding in report.findings
        ],
        definitions={name: _definitions(table) for name, table in report.tables.items()},
        tables={
            name: [_row(r) for r in table.to_pylist()] for name, table in report.tables.items()
        },
    )
    return saved.model_dump_json(by_alias=True, indent=1, ensure_ascii=True).encode() + b"\n"


def _definitions(table: Any) -> dict[str, str]:
    return {
        field.name: field.metadata[b"definition"].decode()
        for field in table.schema
        if field.metadata and b"definition" in field.metadata
    }


def _row(row: dict[str, Any]) -> dict[str, Any]:
    """Write the reasons of null figures as a mapping, where there are any."""
    reasons = dict(row.pop("absent", None) or ())
    return row | {"absent": reasons} if reasons else row
