"""Neighbours: the totals that stand beside a total when its figures are made."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any, NamedTuple, TypeVar

from tokaudit.audits import NO_GROUPS, NO_PROBES, Audit, Beside, Groups
from tokaudit.batch import NO_LANGUAGE, Ints
from tokaudit.text import Absent
from tokaudit.tokenizer import Tokenizer
from tokaudit.totals import Key, Totals

T = TypeVar("T")


class Part(NamedTuple):
    """Part of what was added up: these cohorts of the keys' documents, or all of them."""

    keys: tuple[Key, ...]
    cohorts: frozenset[int] | None = None


@dataclass(frozen=True)
class Neighbours:
    """Where neighbours are found: all totals of a run, and the spec of its baseline."""

    totals: Totals
    baseline: str

    def beside(self, key: Key, tokenizer: Tokenizer, audit: type[Audit]) -> Beside[Any]:
        """Gather what stands beside a tokenizer's total."""
        shared, reference = self._parallel(key)
        baseline = self._baseline(key)
        return Beside(
            vocabulary=tokenizer.vocabulary,
            shared=self._total(shared),
            reference=self._total(reference),
            baseline=self._total(baseline),
            is_reference=key.lang in self.totals.alignment.references,
            documents=self.totals.documents_of(key.tokenizer, key.lang),
            chosen=audit.chosen,
            probes=self.totals.of(key._replace(lang=NO_LANGUAGE)) or NO_PROBES,
            groups=Groups(
                own=self._groups(audit, Part((key,))),
                shared=self._groups(audit, shared),
                reference=self._groups(audit, reference),
                baseline=self._groups(audit, baseline),
            ),
        )

    def _total(self, part: Part | Absent) -> Audit | Absent:
        if isinstance(part, Absent):
            return part
        return _sum(self.totals.of(key, part.cohorts) for key in part.keys) or self._none(part)

    def _none(self, part: Part) -> Absent:
        """Say why there is nothing of this part."""
        if part.cohorts is None:
            return Absent(f"{part.keys[0].tokenizer} has no figures here")
        return Absent(f"no rows parallel with {self.totals.alignment.reference}")

    def _groups(self, audit: type[Audit], part: Part | Absent) -> Mapping[str, Ints] | Absent:
        if isinstance(part, Absent) or not audit.grouped:
            return part if isinstance(part, Absent) else NO_GROUPS
        sums = _sum(self.totals.groups_of(key, part.cohorts) for key in part.keys)
        if sums is None:
            return self._none(part)
        return dict(zip(audit.grouped, sums.T, strict=True))

    def _baseline(self, key: Key) -> Part | Absent:
        """Find the baseline tokenizer's total, if both could read all of the text."""
        baseline = key._replace(tokenizer=self.baseline)
        if self._failed(key) or self._failed(baseline):
            return Absent("rows failed to encode, so the text is not the same")
        return Part((baseline,))

    def _parallel(self, key: Key) -> tuple[Part | Absent, Part | Absent]:
        """Find the rows this language shares with the reference, in both."""
        alignment = self.totals.alignment
        reference = alignment.reference
        if isinstance(reference, Absent):
            return reference, reference
        cohorts = frozenset(c for c, langs in enumerate(alignment.members) if key.lang in langs)
        others = tuple(key._replace(lang=label) for label in sorted(alignment.references))
        if any(self._failed(each, cohorts) for each in (key, *others)):
            none = Absent("rows failed to encode, so the rows are not the same")
            return none, none
        return Part((key,), cohorts), Part(others, cohorts)

    def _failed(self, key: Key, cohorts: Collection[int] | None = None) -> bool:
        return self.totals.documents_of(key.tokenizer, key.lang, cohorts).failed > 0


def _sum(found: Iterable[T | None]) -> T | None:
    """Merge the totals that there are; None if there are none."""
    known = [each for each in found if each is not None]
    return reduce(add, known) if known else None
