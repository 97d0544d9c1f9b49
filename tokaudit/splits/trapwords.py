"""Trap words: how many pairs of words lose the border between them when they meet, by script."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, NamedTuple, Self

import numpy as np

from tokaudit.batch import NO_LANGUAGE, Batch
from tokaudit.columns import count, cut, figure, label, table
from tokaudit.drawing import drawn
from tokaudit.findings import Finding
from tokaudit.reads import read
from tokaudit.splits.found import Traps
from tokaudit.splits.lexicon import lexicons
from tokaudit.splits.part import Looked, Part, Row
from tokaudit.splits.scope import Scope
from tokaudit.text import Absent, ratio
from tokaudit.tokenizer import Tokenizer

EXAMPLES, LISTED = 24, 4  # in the table of examples; beside a script's figures
UNSPACED, SPANS = "running text", "spans without spaces"
NOTED = 0.02  # a share of traps from which a script is worth a note


class Example(NamedTuple):
    """A trap to look at: A, B, T, and A B as it is cut, a bar at each border of tokens."""

    first: str
    second: str
    trap: str
    cut: str


@dataclass(frozen=True)
class TrapWords(Part):
    """The traps of each script, and the first of them."""

    traps: tuple[Traps, ...]
    examples: Mapping[str, tuple[Example, ...]]

    FIGURES: ClassVar = [
        count("trap_candidates", "pairs of words that spell a third word over their border"),
        count("traps_read", "candidates that were read"),
        count("traps", "candidates read whose two words have no border between them", "lower"),
        figure("trap_share", "of the candidates read, scripts written without spaces", "lower"),
        figure("span_trap_share", "of the candidates read, other scripts: in spans", "lower"),
    ]
    TABLES: ClassVar = {
        "traps": table(
            [
                label("script", "Unicode Script of the words (Japanese: words with a kana)"),
                label("where", "whether words of the script meet in running text, or in spans"),
                count("words", "entries of the vocabulary that count as words"),
                count(
                    "candidates", "pairs A, B with a word T = s + p, A ending in s, B in p begun"
                ),
                count("read", "candidates that were read, those of the first words in rank"),
                count("traps", "of these, those without a border between A and B", "lower"),
                figure("share", "of the candidates read", "lower"),
                figure("exact", "pairs with T itself over the border / pairs without a border"),
                figure("agreed", "pairs that the word segmenter cuts between A and B"),
                label("examples", "the first pairs, as tokens cut them"),
            ],
            empty="The vocabulary holds no words that could meet.",
        ),
        "trap_examples": table(
            [
                label("script", "Unicode Script"),
                label("a", "the first word"),
                label("b", "the second word"),
                label("trap", "the word over the border"),
                cut("cut", "A B, cut where a token ends"),
            ],
            examples=True,
        ),
    }

    @classmethod
    def look(cls, tokenizer: Tokenizer, scope: Scope) -> Self:
        """Read the candidates of every script, as many as the limit allows."""
        found = tuple(
            Traps.of(tokenizer, lexicon, scope.word_pairs)
            for lexicon in lexicons(tokenizer.vocabulary)
        )
        examples = {each.lexicon.script: _examples(tokenizer, each) for each in found}
        return cls(tuple(each for each in found if each.there), examples)

    def figures(self) -> Row:
        """Add up the scripts."""
        return {
            "trap_candidates": sum(each.there for each in self.traps),
            "traps_read": sum(each.read for each in self.traps),
            "traps": sum(each.crossed for each in self.traps),
            "trap_share": self._share(spaced=False),
            "span_trap_share": self._share(spaced=True),
        }

    def _share(self, *, spaced: bool) -> float | Absent:
        chosen = [each for each in self.traps if each.lexicon.spaced == spaced]
        crossed, tried = sum(e.crossed for e in chosen), sum(e.read for e in chosen)
        return ratio(crossed, tried, "no words of such a script could meet")

    def tables(self) -> Mapping[str, Iterable[Row]]:
        """Give a row for each script, those with the most traps first, and examples."""
        return {"traps": map(self._script, self._ordered()), "trap_examples": self._listed()}

    def _ordered(self) -> list[Traps]:
        return sorted(self.traps, key=lambda each: (each.lexicon.spaced, -each.crossed))

    def _script(self, found: Traps) -> Row:
        lexicon, pairs = found.lexicon, found.first.size
        agreed = Absent("words of this script are told by spaces")
        return {
            "script": lexicon.script,
            "where": SPANS if lexicon.spaced else UNSPACED,
            "words": len(lexicon.words),
            "candidates": found.there,
            "read": found.read,
            "traps": found.crossed,
            "share": ratio(found.crossed, found.read, "no candidate was read"),
            "exact": ratio(int(found.exact.sum()), pairs, "no trap"),
            "agreed": agreed
            if found.agreed is None
            else ratio(int(found.agreed.sum()), pairs, "no trap"),
            "examples": ", ".join(each.cut for each in self.examples[lexicon.script][:LISTED]),
        }

    def _listed(self) -> Iterator[Row]:
        for found in self._ordered():
            for each in self.examples[found.lexicon.script]:
                named = {"a": each.first, "b": each.second, "trap": each.trap, "cut": each.cut}
                yield {"script": found.lexicon.script, **named}

    def looked(self) -> Iterator[Looked]:
        """Say how many candidates of each script there are."""
        for each in self.traps:
            yield Looked(f"trap candidates, {each.lexicon.script}", each.there, each.read)

    def findings(self) -> Iterator[Finding]:
        """Name the scripts without spaces whose words lose borders; of the others, the first."""
        noted = [t for t in self._ordered() if t.read and t.crossed / t.read >= NOTED]
        yield from (Finding("TA510", self._said(each)) for each in noted if not each.lexicon.spaced)
        if spaced := [each for each in noted if each.lexicon.spaced]:
            more = f"; so in {len(spaced) - 1} scripts more" if len(spaced) > 1 else ""
            yield Finding("TA511", self._said(spaced[0]) + more)

    def _said(self, found: Traps) -> str:
        script, pairs = found.lexicon.script, f"{found.crossed:,} of {found.read:,} pairs of words"
        cuts = ", ".join(each.cut for each in self.examples[script][:LISTED])
        return f"{script}: {pairs} read ({found.there:,} are known), such as {cuts}"


def _examples(tokenizer: Tokenizer, found: Traps) -> tuple[Example, ...]:
    """Draw the first traps, no word in two of them."""
    seen: set[str] = set()
    chosen: list[tuple[str, str, str]] = []
    for row in found.texts(np.arange(found.first.size)):
        if len(chosen) < EXAMPLES and seen.isdisjoint(row):
            seen.update(row)
            chosen.append(row)
    batch = Batch.of(NO_LANGUAGE, [a + b for a, b, _ in chosen])
    cuts = drawn(read(tokenizer, batch))
    return tuple(Example(*row, cut) for row, cut in zip(chosen, cuts, strict=True))
