"""Judging: which figures of a report keep their limits, and by how much the others do not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tokaudit.errors import BadUsage
from tokaudit.findings import FEW_ROWS, Finding
from tokaudit.gates.baseline import MAKE, Baseline
from tokaudit.gates.figures import Figure, Figures
from tokaudit.gates.limits import OPERATORS, Limit
from tokaudit.grids import written
from tokaudit.report import Report
from tokaudit.text import Absent, line

BROKEN, UNJUDGED = "TA901", "TA902"


@dataclass(frozen=True, eq=False)
class Judge:
    """What figures are held against: the report they are in, a baseline, and who is judged.

    Without `judged` every tokenizer is; the others are only compared with.
    """

    report: Report
    baseline: Baseline | None = None
    judged: Sequence[str] = ()

    def findings(self, limits: Sequence[Limit]) -> list[tuple[Limit, Finding]]:
        """Say which limits are broken or could not be judged, and where; raises BadUsage."""
        return [(limit, finding) for limit in limits for finding in self._of(limit)]

    def _of(self, limit: Limit) -> Iterator[Finding]:
        found = self._figures.of(limit)
        mine = [f for f in found if not self.judged or f.tokenizer in self.judged]
        others = {(f.tokenizer, f.place): f.value for f in found}
        if mine and all(isinstance(figure.value, Absent) for figure in mine):
            raise BadUsage(
                f"the limit {line(limit.written)!r} cannot be judged: {mine[0].value.reason}"
            )
        for figure in mine:
            if limit.other != figure.tokenizer:
                yield from self._judged(limit, figure, others)

    def _judged(
        self, limit: Limit, figure: Figure, others: Mapping[tuple[str, str], Any]
    ) -> Iterator[Finding]:
        if isinstance(figure.value, Absent):
            yield _finding(UNJUDGED, limit, figure, f"not judged: {figure.value.reason}")
            return
        bound = self._bound(limit, figure, others)
        if isinstance(bound, Absent):
            yield _finding(UNJUDGED, limit, figure, f"not judged: {bound.reason}")
        elif not _keeps(limit, figure.value, bound):
            yield _finding(BROKEN, limit, figure, _by_how_much(limit, figure.value, bound))

    def _bound(self, limit: Limit, figure: Figure, others: Mapping[tuple[str, str], Any]) -> Any:
        """Say how much a figure may be, or why that cannot be said."""
        if limit.relative:
            return self._before(limit, figure)
        if limit.other is None:
            return limit.value
        if (limit.other, figure.place) not in others:
            known = ", ".join(self.report.conditions["tokenizers"])
            raise BadUsage(
                f"the limit {line(limit.written)!r} compares with {line(limit.other)}, which is"
                f" neither a number nor one of the tokenizers ({line(known)}); a word stands in"
                ' quotes: "single"'
            )
        other = others[limit.other, figure.place]
        return limit.shift.of(other) if isinstance(other, int | float) else other

    def _before(self, limit: Limit, figure: Figure) -> float | Absent:
        """Say how much a figure may be by the baseline; raises BadUsage for too few rows."""
        few = [lang for lang in self._few if limit.over or lang == figure.lang]
        if few:
            raise BadUsage(
                f"the limit {line(limit.written)!r} compares with a baseline, and there are fewer"
                f" than {FEW_ROWS} rows in {line(', '.join(few[:8]))}: name other languages, or use"
                " a larger corpus"
            )
        was = self.baseline and self.baseline.figure(limit, figure.tokenizer, figure.place)
        if not isinstance(was, int | float):
            return Absent(f"it is not in the baseline; write that again with {MAKE}")
        return limit.shift.of(was)

    @cached_property
    def _figures(self) -> Figures:
        return Figures(self.report)

    @cached_property
    def _few(self) -> list[str]:
        """The languages of the corpus that have too few rows to compare runs by."""
        corpus = self.report.tables.get("corpus")
        rows = corpus.to_pylist() if corpus is not None else []
        return [row["lang"] for row in rows if row["rows"] < FEW_ROWS]


def _keeps(limit: Limit, value: Any, bound: Any) -> bool:
    """Compare; raises BadUsage for what cannot be compared."""
    if limit.operator is None:
        return bool(value <= bound if limit.shift.amount >= 0 else value >= bound)
    alike = isinstance(value, str) == isinstance(bound, str)
    if not alike or (isinstance(value, str) and limit.operator not in ("==", "!=")):
        raise BadUsage(
            f"the limit {line(limit.written)!r}: the figure is {line(repr(value))}, which cannot be"
            f" {limit.operator} {line(repr(bound))}"
        )
    return OPERATORS[limit.operator](value, bound)


def _by_how_much(limit: Limit, value: Any, bound: Any) -> str:
    """Say what the figure is, what it may be, and how far it is off."""
    must = limit.operator or ("<=" if limit.shift.amount >= 0 else ">=")
    said = f"it is {written(value)}, and must be {must} {written(bound)}"
    numbers = isinstance(value, int | float) and isinstance(bound, int | float)
    if not numbers or isinstance(value, bool) or not bound:
        return said
    return f"{said}: off by {abs(value / bound - 1):.1%}"


def _finding(rule: str, limit: Limit, figure: Figure, said: str) -> Finding:
    return Finding(rule, f"{limit.written}: {said}", figure.tokenizer, figure.lang)
