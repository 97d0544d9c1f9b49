"""Totals: all that a run has added up, by audit, tokenizer, language and cohort."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import add
from typing import Any, NamedTuple, Self, TypeVar

from tokaudit.audits import Audit
from tokaudit.bag import GROUPS, Documents
from tokaudit.batch import Ints
from tokaudit.census import Census
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

    `documents` counts, by tokenizer and language, what became of the rows. `groups` holds the
    `grouped` fields of audits: for each cohort those of each group of documents, end to end.
    `compared` counts what was compared on the way, by tokenizer and short cut; `unproven` says
    which short cuts failed.
    """

    audits: dict[Key, dict[int, Audit]] = field(default_factory=dict)
    documents: dict[tuple[str, str], dict[int, Documents]] = field(default_factory=dict)
    groups: dict[Key, dict[int, Ints]] = field(default_factory=dict)
    census: dict[str, Census] = field(default_factory=dict)
    alignment: Alignment = field(default_factory=lambda: Alignment(Absent("no corpus was read")))
    compared: Counter[tuple[str, str]] = field(default_factory=Counter)
    unproven: list[Unproven] = field(default_factory=list)

    def add(self, key: Key, cohort: int, audit: Audit) -> None:
        """Merge a total into what is there."""
        _merge(self.audits.setdefault(key, {}), cohort, audit)

    def add_groups(self, key: Key, cohort: int, sums: Ints) -> None:
        """Merge the `grouped` fields of an audit, shape (groups x fields,)."""
        _merge(self.groups.setdefault(key, {}), cohort, sums)

    def count(self, spec: str, lang: str, cohort: int, documents: Documents) -> None:
        """Count documents of a language that a tokenizer has met."""
        _merge(self.documents.setdefault((spec, lang), {}), cohort, documents)

    def take_in(self, other: Self) -> None:
        """Merge all totals of another part of the same run."""
        _merge_all(self.audits, other.audits)
        _merge_all(self.groups, other.groups)
        _merge_all(self.documents, other.documents)
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
        self.groups = {key: v for key, v in self.groups.items() if key.tokenizer not in specs}
        self.documents = {key: v for key, v in self.documents.items() if key[0] not in specs}

    def of(self, key: Key, cohorts: Collection[int] | None = None) -> Audit | None:
        """Merge the totals of these cohorts (of all by default); None if there are none."""
        chosen = _chosen(self.audits.get(key, {}), cohorts)
        return reduce(add, chosen) if chosen else None

    def groups_of(self, key: Key, cohorts: Collection[int] | None = None) -> Ints | None:
        """Merge the `grouped` fields of these cohorts (of all by default): (groups, fields)."""
        chosen = _chosen(self.groups.get(key, {}), cohorts)
        return reduce(add, chosen).reshape(GROUPS, -1) if chosen else None

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


def _merge_all(into: dict[K, dict[int, Any]], other: Mapping[K, Mapping[int, Any]]) -> None:
    for key, cohorts in other.items():
        for cohort, value in cohorts.items():
            _merge(into.setdefault(key, {}), cohort, value)


def _chosen(found: dict[int, V], cohorts: Collection[int] | None) -> list[V]:
    return [total for cohort, total in found.items() if cohorts is None or cohort in cohorts]
