"""Two reports side by side: which tokenizer of the one is which of the other."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import pyarrow as pa

from tokaudit.errors import BadUsage
from tokaudit.report import Report
from tokaudit.text import line


class Pair(NamedTuple):
    """A tokenizer as it is named before and after; None where it is not there."""

    before: str | None
    after: str | None

    @property
    def spec(self) -> str:
        """What it is called: as it is named after, if it is still there."""
        return self.after or self.before or ""


@dataclass(frozen=True, eq=False)
class Sides:
    """Two reports, and the languages to look at (all, if none is named)."""

    before: Report
    after: Report
    langs: frozenset[str] = frozenset()

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """Pair tokenizers by name, then by identity; the only one of each side is the same one."""
        olds, news = _identities(self.before), _identities(self.after)
        found = [Pair(spec, spec) for spec in news if spec in olds]
        lone = [spec for spec in olds if spec not in news]
        for spec in (spec for spec in news if spec not in olds):
            alike = [old for old in lone if olds[old] == news[spec] or len(olds) == len(news) == 1]
            found.append(Pair(lone.pop(lone.index(alike[0])) if alike else None, spec))
        order = list(news)
        found.sort(key=lambda pair: order.index(pair.spec))
        return (*found, *(Pair(old, None) for old in lone))

    @property
    def tables(self) -> Iterator[tuple[str, pa.Table | None, pa.Table | None]]:
        """Give every table of rows about tokenizers, as it is on the one side and on the other."""
        for name in dict.fromkeys([*self.before.tables, *self.after.tables]):
            found = self.before.tables.get(name), self.after.tables.get(name)
            if all(each is None or "tokenizer" in each.column_names for each in found):
                yield name, *found

    def wants(self, lang: str | None) -> bool:
        """Say whether to look at what is said of a language, or of none."""
        return not self.langs or lang is None or lang in self.langs or lang not in self._every

    @cached_property
    def _every(self) -> frozenset[str]:
        """Labels of languages; what else stands in their column is about none or all of them."""
        tables = (r.tables["corpus"] for r in (self.before, self.after) if "corpus" in r.tables)
        return frozenset(lang for table in tables for lang in table["lang"].to_pylist())

    def check(self) -> None:
        """Raise BadUsage if neither report has a language that was asked for."""
        for lang in sorted(self.langs - self._every):
            raise BadUsage(f"neither report has the language {line(lang)}: {_listed(self._every)}")


def _identities(report: Report) -> dict[str, str]:
    """Give the tokenizers that are described."""
    described = report.environment["tokenizers"]
    return {s: each for s, each in report.conditions["tokenizers"].items() if s in described}


def _listed(langs: Iterable[str], most: int = 8) -> str:
    known = sorted(langs)
    more = f" and {len(known) - most} more" if len(known) > most else ""
    return line(f"there are {', '.join(known[:most])}{more}" if known else "they read no corpus")
