"""Totals: all that a run has added up, by audit, tokenizer, language and cohort."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import reduce
from operator import add
from typing import Any, NamedTuple, Self, TypeVar

from tokaudit.audits import Audit
from tokaudit.bag import Documents
from tokaudit.corpus import Census
from tokaudit.errors import Unproven
from tokaudit.parallel import Alignment
from tokaudit.text import Absent

K = TypeVar("K")
V = TypeVar("V")


class Key(NamedTuple):
    """What a total is a total of, all cohorts together."""

    audit: str
    tokenizer: str
    lang: str


@dataclass
class Totals:
    """Every audit's totals, a count of the corpus's rows, and how those are aligned.

    `documents` counts, by tokenizer and language, what became of the rows. `compared` counts what
    was compared on the way, by tokenizer and short cut; `unproven` says which short cuts failed.
    """

    audits: dict[Key, dict[int, Audit]] = field(default_factory=dict)
    documents: dict[tuple[str, str], dict[int, Documents]] = field(default_factory=dict)
    census: dict[str, Census] = field(default_factory=dict)
    alignment: Alignment = field(default_factory=lambda: Alignment(Absent("no corpus was read")))
    compared: Counter[tuple[str, str]] = field(default_factory=Counter)
    unproven: list[Unproven] = field(default_factory=list)

    def add(self, key: Key, cohort: int, audit: Audit) -> None:
        """Merge a total into what is there."""
        _merge(self.audits.setdefault(key, {}), cohort, audit)

    def count(self, spec: str, lang: str, cohort: int, documents: Documents) -> None:
        """Count documents of a language that a tokenizer has met."""
        _merge(self.documents.setdefault((spec, lang), {}), cohort, documents)

    def take_in(self, other: Self) -> None:
        """Merge all totals of another part of the same run."""
        for key, cohorts in other.audits.items():
            for cohort, audit in cohorts.items():
                self.add(key, cohort, audit)
        for (spec, lang), counted in other.documents.items():
            for cohort, documents in counted.items():
                self.count(spec, lang, cohort, documents)
        for lang, census in other.census.items():
            _merge(self.census, lang, census)
        if other.census:
            self.alignment = other.alignment
        self.compared += other.compared
        known = {(found.spec, found.how) for found in self.unproven}
        self.unproven += [found for found in other.unproven if (found.spec, found.how) not in known]

    def drop(self, specs: Collection[str]) -> None:
        """Forget all that was added up for these tokenizers."""
        self.audits = {key: v for key, v in self.audits.items() if key.tokenizer not in specs}
        self.documents = {key: v for key, v in self.documents.items() if key[0] not in specs}

    def of(self, key: Key, cohorts: Collection[int] | None = None) -> Audit | None:
        """Merge the totals of these cohorts (of all by default); None if there are none."""
        chosen = _chosen(self.audits.get(key, {}), cohorts)
        return reduce(add, chosen) if chosen else None

    def documents_of(
        self, spec: str, lang: str, cohorts: Collection[int] | None = None
    ) -> Documents:
        """Merge the counts of documents of these cohorts (of all by default)."""
        return sum(_chosen(self.documents.get((spec, lang), {}), cohorts), Documents())

    def langs(self, audit: str) -> list[str]:
        """List the languages an audit has seen, by label."""
        return sorted({key.lang for key in self.audits if key.audit == audit})


def _merge(into: dict[K, Any], key: K, value: Any) -> None:
    into[key] = into[key] + value if key in into else value


def _chosen(found: dict[int, V], cohorts: Collection[int] | None) -> list[V]:
    return [total for cohort, total in found.items() if cohorts is None or cohort in cohorts]
