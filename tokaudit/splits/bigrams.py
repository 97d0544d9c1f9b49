"""Incomplete-token bigrams: two tokens that are no text, and together are, whatever is around.

Jang et al. 2024 (arXiv 2410.23684) prompt models with pairs of tokens that begin or end within a
character; where the two are of different scripts they were hardly seen together in training, and
models fail to repeat them far more often than the same text cut otherwise.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple, Self

import numpy as np

from tokaudit.batch import NO_LANGUAGE, Batch, Ints
from tokaudit.characters import script_of
from tokaudit.columns import count, flag, label, table
from tokaudit.findings import Finding
from tokaudit.reads import read
from tokaudit.splits.halves import SHARED, Pairs
from tokaudit.splits.part import Looked, Part, Row
from tokaudit.splits.scope import Scope
from tokaudit.text import quoted
from tokaudit.tokenizer import Tokenizer

TEXTS, EXAMPLES = 20_000, 4


class Scripts(NamedTuple):
    """The scripts of two tokens; one that is a part of a letter only takes that letter's."""

    first: str
    second: str

    @property
    def differ(self) -> bool:
        """Say whether both are of a language, and not of the same script."""
        return self.first != self.second and not {self.first, self.second} & set(SHARED)


@dataclass(frozen=True)
class Bigrams(Part):
    """Bigrams by the scripts of their tokens, with the texts of some."""

    found: Counter[Scripts]
    examples: Mapping[Scripts, Sequence[str]]
    halves: int
    there: int
    read: int

    FIGURES: ClassVar = [
        count("incomplete_tokens", "ids that begin or end within a character, bytes among them"),
        count("bigrams", "of the pairs read: text together, and encoded as these two"),
        count("improbable_bigrams", "bigrams of two different scripts", "lower"),
    ]
    TABLES: ClassVar = {
        "bigrams": table(
            [
                label("scripts", "of the first token and of the second"),
                count("bigrams", "of the pairs read: text together, and encoded as these two"),
                flag("improbable", "the scripts differ, and both are of languages"),
                label("examples", "texts of some, and the bytes of their two tokens"),
            ],
            empty="No pair of incomplete tokens is text.",
        )
    }

    @classmethod
    def look(cls, tokenizer: Tokenizer, scope: Scope) -> Self:
        """Join every beginning of a character with every end, and encode what comes out."""
        vocabulary = tokenizer.vocabulary
        pairs = Pairs.of(vocabulary, scope.limit, scope.seed)
        found: Counter[Scripts] = Counter()
        examples: dict[Scripts, list[str]] = {}
        for begin in range(0, pairs.joint.size, TEXTS):
            for scripts, example in _kept(tokenizer, pairs, slice(begin, begin + TEXTS)):
                found[scripts] += 1
                listed = examples.setdefault(scripts, [])
                if len(listed) < EXAMPLES:
                    listed.append(example)
        halves = int((vocabulary.partial & ~vocabulary.special).sum())
        return cls(found, examples, halves, pairs.there, pairs.joint.size)

    def figures(self) -> Row:
        """Count bigrams, and those of two scripts."""
        return {
            "incomplete_tokens": self.halves,
            "bigrams": self.found.total(),
            "improbable_bigrams": self._improbable,
        }

    @property
    def _improbable(self) -> int:
        return sum(number for scripts, number in self.found.items() if scripts.differ)

    def tables(self) -> Mapping[str, Iterable[Row]]:
        """Give a row for each pair of scripts, improbable ones first."""
        return {"bigrams": map(self._row, self._ordered())}

    def _ordered(self) -> list[Scripts]:
        return sorted(self.found, key=lambda each: (not each.differ, -self.found[each], each))

    def _row(self, scripts: Scripts) -> Row:
        return {
            "scripts": " + ".join(scripts),
            "bigrams": self.found[scripts],
            "improbable": scripts.differ,
            "examples": ", ".join(self.examples[scripts]),
        }

    def looked(self) -> Iterable[Looked]:
        """Say how many pairs are text."""
        yield Looked("pairs of incomplete tokens that are text", self.there, self.read)

    def findings(self) -> Iterator[Finding]:
        """Name bigrams of two scripts."""
        if self._improbable:
            first = next(each for each in self._ordered() if each.differ)
            some, pair = ", ".join(self.examples[first]), " + ".join(first)
            said = f"{self._improbable:,} of {self.found.total():,} bigrams, most of {pair}: {some}"
            yield Finding("TA520", said)


def _kept(tokenizer: Tokenizer, pairs: Pairs, part: slice) -> Iterator[tuple[Scripts, str]]:
    """Encode some pairs; give the scripts, and an example, of those that stay two tokens."""
    chosen = zip(pairs.joint[part], pairs.first[part], pairs.second[part], strict=True)
    halves = [(j, pairs.joints[j].firsts[a], pairs.joints[j].seconds[b]) for j, a, b in chosen]
    places = np.array([(a.place, b.place) for _, a, b in halves], np.int64).reshape(-1, 2)
    first, second = (tokenizer.vocabulary.texts.take(side).to_pylist() for side in places.T)
    texts = [(a + b).decode() for a, b in zip(first, second, strict=True)]
    for row in _same(tokenizer, texts, tokenizer.vocabulary.ids[places]).tolist():
        joint, a, b = halves[row]
        own = script_of(pairs.joints[joint].letter)
        example = f"{quoted(texts[row].encode())} {quoted(first[row])}{quoted(second[row])}"
        yield Scripts(a.script or own, b.script or own), example


def _same(tokenizer: Tokenizer, texts: Sequence[str], ids: Ints) -> Ints:
    """Give the texts that are encoded to their two ids, and to nothing more.

    What else could come first where no byte is altered is the space put before every text.
    """
    reading = read(tokenizer, Batch.of(NO_LANGUAGE, texts))
    rows = np.delete(np.arange(len(texts)), reading.refused)
    padded, ends = np.concatenate([[-1, -1], reading.ids]), reading.encoded.offsets[1:]
    last = np.stack([padded[ends], padded[ends + 1]], axis=1)
    same = (last == ids[rows]).all(axis=1) & ~reading.altered & (reading.tokens > 1)
    return np.asarray(rows[same])
