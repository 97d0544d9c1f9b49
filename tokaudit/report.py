"""A report: what was found, under what conditions, and what deserves attention."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pyarrow as pa

from tokaudit.findings import Finding


@dataclass(frozen=True, eq=False)
class Report:
    """Arrow tables by name, and all it takes to read or repeat them.

    Every table begins with `tokenizer` (the spec as written) and `lang` (the label as written),
    and ends with `absent`: for each null figure of the row, why it is null. `sections` maps an
    audit to its tables, `verdicts` to a sentence for each tokenizer, `questions` to what the
    audit asks. `glances` names tables to see at once (what names a row, and the figure).
    `environment` is where it ran; it is in no digest.
    """

    tables: Mapping[str, pa.Table]
    sections: Mapping[str, tuple[str, ...]]
    headlines: Mapping[str, tuple[str, ...]]
    questions: Mapping[str, str]
    verdicts: Mapping[str, Mapping[str, str]]
    conditions: Mapping[str, Any]
    environment: Mapping[str, Any]
    findings: tuple[Finding, ...] = ()
    glances: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over every figure and condition, 16 hex digits."""
        tables = {name: table.to_pylist() for name, table in self.tables.items()}
        whole = json.dumps([tables, self.conditions], sort_keys=True, allow_nan=False)
        return hashlib.sha256(whole.encode()).hexdigest()[:16]

    @property
    def signature(self) -> str:
        """The conditions on one line, to paste beside any number that is quoted."""
        parts = [f"{key}:{value}" for key, value in _flat(self.conditions)]
        return "|".join([*parts, f"figures:{self.digest}"])


def _flat(conditions: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in conditions.items():
        if isinstance(value, Mapping):
            yield key, ",".join(f"{name}={each}" for name, each in value.items())
        else:
            yield key, "none" if value is None else str(value)
