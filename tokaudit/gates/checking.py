"""Checking: which audits a configuration needs, and what its limits make of their report."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from tokaudit import audits
from tokaudit.audits import Audit
from tokaudit.errors import BadUsage
from tokaudit.findings import Finding
from tokaudit.gates.baseline import Baseline
from tokaudit.gates.configuration import Configuration
from tokaudit.gates.judge import BROKEN, Judge
from tokaudit.gates.limits import FINDINGS, Limit
from tokaudit.report import Report
from tokaudit.rules import SEVERITIES
from tokaudit.text import line

DEFAULT = "fertility"
NAME = 'name one, baseline = "baseline.json"'


@dataclass(frozen=True, eq=False)
class Checked:
    """A report with what limits have to say among its findings, and which of these fail a run.

    `broken` tells which limit and where; `ignored` counts findings that were left out as asked.
    """

    report: Report
    broken: Sequence[tuple[Limit, Finding]]
    failing: Sequence[Finding]
    ignored: int


def audits_of(asks: Configuration, limits: Sequence[Limit]) -> list[str]:
    """Name the audits to run: those that are listed, else those the limits are about."""
    return asks.audits or sorted({audit for limit in limits for audit in about(limit)}) or [DEFAULT]


def about(limit: Limit) -> list[str]:
    """Name the audits that have the figure a limit is about, in their first table if any has."""
    table, _, column = limit.figure.rpartition(".")
    if FINDINGS in (table, limit.figure):
        return []
    every = {name: audits.get(name) for name in audits.names()}
    if table:
        return [name for name in every if table == name or table.startswith(f"{name}_")]
    main = [name for name, audit in every.items() if column in audit.schemas[name].names]
    return main or [
        name
        for name, audit in every.items()
        if any(column in schema.names for schema in _every(audit))
    ]


def _every(audit: type[Audit]) -> list[pa.Schema]:
    return [*audit.schemas.values(), *([audit.summary] if audit.summary else [])]


def baseline(asks: Configuration, limits: Sequence[Limit]) -> Baseline | None:
    """Read the baseline if a limit compares with it; raises BadUsage."""
    relative = [limit for limit in limits if limit.relative]
    if not relative:
        return None
    if asks.baseline is None:
        raise BadUsage(f"the limit {line(relative[0].written)!r} compares with a baseline: {NAME}")
    return Baseline.read(Path(asks.baseline))


def judged(
    report: Report, asks: Configuration, limits: Sequence[Limit], before: Baseline | None
) -> Checked:
    """Judge a report by a configuration; raises BadUsage."""
    if before:
        before.check(report)
    said = Judge(report, before, asks.tokenizers).findings(limits)
    found = [*report.findings, *(finding for _, finding in said)]
    kept = [replace(f, level=asks.severity.get(f.rule)) for f in found if f.rule not in asks.ignore]
    lowest = SEVERITIES.index(asks.fail_on)
    return Checked(
        report=replace(report, findings=tuple(kept)),
        broken=[(limit, finding) for limit, finding in said if finding.rule == BROKEN],
        failing=[f for f in kept if SEVERITIES.index(f.severity) >= lowest],
        ignored=len(found) - len(kept),
    )


def update(report: Report, asks: Configuration, limits: Sequence[Limit]) -> Baseline:
    """Write the baseline that a configuration names; raises BadUsage, CannotWrite."""
    if asks.baseline is None:
        raise BadUsage(f"--update-baseline needs a file to write: {NAME}")
    made = Baseline.of(report, asks.tokenizers, limits)
    made.save(Path(asks.baseline))
    return made
