"""Totals: all that a run has added up, by audit, tokenizer, language and cohort."""

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import reduce
from operator import add
from typing import NamedTuple

from tokaudit.audits import Audit
from tokaudit.corpus import Census
from tokaudit.parallel import Alignment
from tokaudit.text import Absent


class Key(NamedTuple):
    """What a total is a total of, all cohorts together."""

    audit: str
    tokenizer: str
    lang: str


@dataclass
class Totals:
    """Every audit's totals, a count of the corpus's rows, and how those are aligned."""

    audits: dict[Key, dict[int, Audit]] = field(default_factory=dict)
    census: dict[str, Census] = field(default_factory=dict)
    alignment: Alignment = field(default_factory=lambda: Alignment(Absent("no corpus was read")))

    def add(self, key: Key, cohort: int, audit: Audit) -> None:
        """Merge a total into what is there."""
        cohorts = self.audits.setdefault(key, {})
        cohorts[cohort] = cohorts[cohort] + audit if cohort in cohorts else audit

    def of(self, key: Key, cohorts: Collection[int] | None = None) -> Audit | None:
        """Merge the totals of these cohorts (of all by default); None if there are none."""
        found = self.audits.get(key, {})
        chosen = [total for c, total in found.items() if cohorts is None or c in cohorts]
        return reduce(add, chosen) if chosen else None

    def langs(self, audit: str) -> list[str]:
        """List the languages an audit has seen, by label."""
        return sorted({key.lang for key in self.audits if key.audit == audit})
