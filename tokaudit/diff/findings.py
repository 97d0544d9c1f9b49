"""Findings that are new, gone, or say something else than they did."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from tokaudit.diff.sides import Sides
from tokaudit.findings import Finding
from tokaudit.rules import SEVERITIES

Key = tuple[str, str | None, str | None]


class Changed(NamedTuple):
    """A finding that is not as it was, and whom it is about; None where it is not there."""

    spec: str | None
    before: Finding | None
    after: Finding | None

    @property
    def finding(self) -> Finding:
        """The finding as it is, or as it was if it is gone."""
        found = self.after or self.before
        assert found
        return found

    @property
    def change(self) -> str:
        """Say what became of it: new, gone, graver, milder, says otherwise."""
        if not (self.before and self.after):
            return "new" if self.after else "gone"
        before, after = (SEVERITIES.index(f.severity) for f in (self.before, self.after))
        return "says otherwise" if before == after else "graver" if after > before else "milder"


def changed(sides: Sides) -> list[Changed]:
    """Compare findings by rule, tokenizer and language, in the order of the rules."""
    names = {pair.before: pair.spec for pair in sides.pairs if pair.before}
    olds: dict[Key, list[Finding]] = defaultdict(list)
    news: dict[Key, list[Finding]] = defaultdict(list)
    for found, side in ((sides.before, olds), (sides.after, news)):
        for finding in filter(lambda f: sides.wants(f.lang), found.findings):
            spec = finding.tokenizer
            named = names.get(spec, spec) if spec and side is olds else spec
            side[finding.rule, named, finding.lang].append(finding)
    keys = sorted({*olds, *news}, key=lambda key: tuple(part or "" for part in key))
    return [Changed(key[1], *both) for key in keys for both in _unlike(olds[key], news[key])]


def _unlike(
    olds: Sequence[Finding], news: Sequence[Finding]
) -> Iterator[tuple[Finding | None, Finding | None]]:
    """Leave out what is said in the same words on both sides, and pair the others in order."""
    before, after = list(olds), []
    for finding in news:
        same = [f for f in before if (f.message, f.severity) == (finding.message, finding.severity)]
        if same:
            before.remove(same[0])
        else:
            after.append(finding)
    yield from zip_longest(before, after)
