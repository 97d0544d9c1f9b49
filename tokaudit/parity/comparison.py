"""A comparison: two sides give ids for the same texts, and what became of each is counted."""

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from tokaudit.batch import NO_LANGUAGE
from tokaudit.census import Census
from tokaudit.corpus import Corpus
from tokaudit.errors import NothingToAudit
from tokaudit.overlap.changes import OTHER, Change, changes
from tokaudit.parity import stages
from tokaudit.parity.probes import PROBES
from tokaudit.parity.sides import Group, Side, parts
from tokaudit.parity.tally import Difference, Tally, count, differing
from tokaudit.text import line
from tokaudit.tokenizer import Tokenizer

ALIKE = 3  # examples of one language or kind of probe, so that others are seen


@dataclass(frozen=True)
class Scope:
    """What is compared besides the probes: a corpus, and rows of files, in these languages.

    `examples` is how many differing rows are kept to be shown.
    """

    corpus: Corpus | None = None
    langs: tuple[str, ...] = ()
    examples: int = 10


@dataclass(frozen=True, eq=False)
class Comparison:
    """What was found, by language and kind of probe; the worst rows; what the corpus held.

    `changes` of the vocabulary are empty too where a side is a file of ids, which has none.
    """

    a: Side
    b: Side
    tallies: Mapping[tuple[str, str | None], Tally]
    worst: Sequence[Difference]
    census: Mapping[str, Census]
    changes: Mapping[str, Change]

    @property
    def total(self) -> Tally:
        """Add all up."""
        return sum(self.tallies.values(), Tally())

    @property
    def equal(self) -> bool:
        """Say whether every row has the same ids, and every id the same bytes."""
        return self.total.same and OTHER not in self.changes


def compare(
    a: Side,
    b: Side,
    scope: Scope | None = None,
    on_rows: Callable[[int], None] = lambda rows: None,
) -> Comparison:
    """Compare two sides on the probes, a corpus, and what files of ids hold besides.

    `on_rows` hears how many texts were compared. Raises TokauditError,
    NothingToAudit if no text is on both sides.
    """
    scope = scope or Scope()
    census: dict[str, Census] = {}
    tallies: dict[tuple[str, str | None], Tally] = {}
    worst: dict[tuple[str, str | None], list[Difference]] = {}
    for group in _groups((a, b), scope, census):
        tally, differences = _observe(a, b, group)
        key = group.lang, group.kind
        tallies[key] = tallies.get(key, Tally()) + tally
        worst[key] = _worst(ALIKE, [*worst.get(key, ()), *differences])
        on_rows(len(group.texts))
    shown = _worst(scope.examples, [each for alike in worst.values() for each in alike])
    found = Comparison(a, b, tallies, shown, census, _changes(a.tokenizer, b.tokenizer))
    if found.total == Tally(only_a=found.total.only_a, only_b=found.total.only_b):
        raise NothingToAudit(f"{line(a.name)} and {line(b.name)} have no text in common")
    return found


def _worst(most: int, differences: list[Difference]) -> list[Difference]:
    return heapq.nsmallest(most, differences, lambda each: each.order)


def _changes(a: Tokenizer | None, b: Tokenizer | None) -> Mapping[str, Change]:
    return changes(a.vocabulary, b.vocabulary) if a and b else {}


def _groups(sides: tuple[Side, Side], scope: Scope, census: dict[str, Census]) -> Iterator[Group]:
    """Stream probes, corpus (whose rows are counted) and what files hold besides."""
    for kind, texts in PROBES.items():
        yield Group(NO_LANGUAGE, kind, pa.array(texts, pa.large_string()))
    if scope.corpus is not None:
        scope.corpus.check_langs()
        for piece in scope.corpus:
            census[piece.lang] = census.get(piece.lang, Census()) + piece.census
            yield from (Group(piece.lang, None, texts) for texts in parts(piece.texts))
        if not any(counted.rows for counted in census.values()):
            raise NothingToAudit("nothing to compare: the corpus holds no text")
    for side in sides:
        yield from side.rest(scope.langs)


def _observe(a: Side, b: Side, group: Group) -> tuple[Tally, list[Difference]]:
    """Ask both sides for the same texts."""
    x, y = a.answer(group.texts), b.answer(group.texts)
    differences: list[Difference] = []
    for row in np.flatnonzero(differing(x, y)).tolist():
        # Copies: an example that is kept must not keep all ids of its batch.
        text, ids = group.texts[row].as_py(), (x.row(row).copy(), y.row(row).copy())
        stage = stages.first_differing(a.tokenizer, b.tokenizer, text, ids)
        differences.append(Difference(group.lang, group.kind, text, ids, stage))
    return count(x, y, differences), differences
