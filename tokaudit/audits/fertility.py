"""How many tokens does text of this language cost?

Users pay by the token and a context window is counted in tokens, so a language at a premium of 4
costs four times as much as the reference language for the same content and keeps a quarter of the
window. Read `premium` to compare languages (it needs parallel rows and no notion of a word),
`fertility` to compare tokenizers within a language, `bytes_per_token` for plain compression.

Words are looked up where they stand in running text, never encoded alone: alone, a word loses the
space before it, and rankings flip. Totals are divided once at the end; ratios are never averaged.
Do not compare `fertility` between languages that build words differently (Finnish and English),
nor any figure between different texts. A tokenizer that loses text (lower-cases, strips accents,
writes [UNK]) looks cheap because of what it lost.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple, Self, TypeVar

import numpy as np

from tokaudit.audits import Audit, Beside, Groups, Row
from tokaudit.bag import Documents
from tokaudit.batch import Batch, Ints, by_row
from tokaudit.columns import SURE
from tokaudit.documents import Lengths
from tokaudit.expense import choices, columns, compression, frequency, isolated, longest, spread
from tokaudit.expense.context import COLUMNS as CONTEXT
from tokaudit.expense.context import Context
from tokaudit.expense.context import probes as of_context
from tokaudit.expense.cuts import Cut, cut
from tokaudit.expense.drawn import Drawn
from tokaudit.expense.isolated import Alone, alone
from tokaudit.expense.lexicon import Lexicon
from tokaudit.expense.summary import fewest_tokens, sentence, summary
from tokaudit.expense.widths import PER_WORD, widths
from tokaudit.histogram import Histogram
from tokaudit.reading import Reading
from tokaudit.text import Absent, ratio
from tokaudit.tokenizer import Tokenizer
from tokaudit.words import UNSEGMENTED

T = TypeVar("T")


class Examined(NamedTuple):
    """What a tokenizer is asked about words: how it cuts them, and what they cost alone."""

    cut: Cut
    alone: Alone | None


@dataclass(frozen=True)
class Fertility(Audit):
    """Totals over the text of a language; `histogram` counts ids, `lexicon` words."""

    bytes: int = 0
    chars: int = 0
    graphemes: int = 0
    words: int = 0
    tokens: int = 0
    word_tokens: int = 0
    continued: int = 0
    whole: int = 0
    unsegmented: int = 0
    unmatched: int = 0
    histogram: Histogram = field(default_factory=Histogram)
    lexicon: Lexicon = field(default_factory=Lexicon)
    tokens_of_rows: Histogram = field(default_factory=Histogram)
    drawn: Drawn = field(default_factory=Drawn)
    context: Context = field(default_factory=Context)

    reads_documents = True
    wants_corpus = True

    grouped = ("bytes", "chars", "words", "tokens", "word_tokens", "continued", "whole")
    headline = ("fertility", "premium", "bytes_per_token", "single_token_words")
    schemas: ClassVar = {
        "fertility": columns.FIGURES,
        "fertility_costliest_words": frequency.COSTLIEST,
        "fertility_context": CONTEXT,
        "fertility_words": frequency.COSTLY,
        "fertility_frequency": frequency.BY_FREQUENCY,
        "fertility_rows": longest.COLUMNS,
        "fertility_spread": spread.COLUMNS,
    }
    summary = columns.SUMMARY

    @classmethod
    def choosing(cls, **chosen: Any) -> type[Self]:
        """Show what is asked for among the first."""
        more = tuple(column for name in chosen for column in choices.ON_REQUEST.get(name, ()))
        return super().choosing(**chosen)._with(headline=cls.headline + more)

    @classmethod
    def probes(cls) -> Iterable[Batch]:
        """Bring code and generated data, if a context is asked about."""
        return of_context() if "context" in cls.chosen else ()

    @classmethod
    def examine(cls, tokenizer: Tokenizer) -> Examined:
        """Keep a tokenizer that is to cut words, and to encode them alone if that is asked for."""
        return Examined(cut(tokenizer), alone(tokenizer) if cls.chosen.get("isolated") else None)

    @classmethod
    def per_row(cls, reading: Reading) -> Sequence[Ints]:
        """Count, for each row, what is `grouped`."""
        return reading.once(_per_row)

    @classmethod
    def observe(cls, reading: Reading) -> Self:
        """Add up one batch."""
        batch = reading.batch
        if batch.probe:
            return cls(context=Context.observe(reading))
        names = (*cls.grouped, "unmatched" if batch.segmenter.whole else "unsegmented")
        per_row = (*cls.per_row(reading), batch.uncut.astype(np.int64))
        sums: dict[str, Any] = dict(zip(names, map(batch.total, per_row), strict=True))
        return cls(
            graphemes=batch.total(batch.graphemes),
            histogram=Histogram.of(reading.ids, reading.weights),
            lexicon=Lexicon.of(reading),
            **sums,
        )

    @classmethod
    def of_documents(cls, documents: Lengths) -> Self:
        """Count documents by their tokens, and draw some."""
        tokens = documents.tokens
        return cls(
            tokens_of_rows=Histogram.of(tokens, np.ones_like(tokens)), drawn=Drawn.of(documents)
        )

    def rows(self, beside: Beside[Self]) -> Mapping[str, Iterable[Row]]:
        """Give one row, this language under this tokenizer, and what is known besides."""
        chosen = {**choices.DEFAULTS, **beside.chosen}
        tables = {
            "fertility_costliest_words": frequency.glance(self.lexicon),
            "fertility_words": frequency.costly(
                self.lexicon, self.tokens, beside.examined and beside.examined.cut
            ),
            "fertility_frequency": frequency.by_frequency(self.lexicon),
            "fertility_rows": self._longest(beside),
            "fertility_spread": spread.rows(self.tokens_of_rows, self.histogram, beside.vocabulary),
        }
        of_corpus = beside.documents != Documents() or self.context == Context()
        return tables | {
            "fertility": [self._row(beside, chosen)] if of_corpus else [],
            "fertility_context": self.context.rows(chosen["context"] or 0),
        }

    def _row(self, beside: Beside[Self], chosen: Mapping[str, Any]) -> dict[str, Any]:
        """Give this language under this tokenizer."""
        asked = choices.figures(self.histogram, self.chars, len(beside.vocabulary), chosen)
        figures = self._figures(beside) | asked | compression.figures(self.drawn)
        words = frequency.figures(self.lexicon, chosen["rare"])
        words |= isolated.figures(self.lexicon, beside.examined and beside.examined.alone)
        words = {name: self._if_segmented(each) for name, each in words.items()}
        found = self._totals(beside.documents) | figures | words | self._sure(beside.groups)
        return {name: found[name] for name in columns.FIGURES.names}

    def _longest(self, beside: Beside[Self]) -> Iterable[Row]:
        """Compare drawn rows with the same rows in the reference language."""
        own, other = beside.shared, beside.reference
        if beside.is_reference or isinstance(own, Absent) or isinstance(other, Absent):
            return ()
        return longest.rows(own.drawn, other.drawn)

    def _totals(self, documents: Documents) -> dict[str, Any]:
        return {
            "rows": documents.rows,
            "bytes": self.bytes,
            "chars": self.chars,
            "graphemes": self.graphemes,
            "words": self._if_segmented(self.words),
            "tokens": self.tokens,
            "altered_rows": documents.altered,
            "unmatched_rows": self.unmatched,
            "failed_rows": documents.failed,
        }

    def _figures(self, beside: Beside[Self]) -> dict[str, Any]:
        return {
            "fertility": self._per_word(self.word_tokens),
            "tokens_per_word": Absent("some rows have no words")
            if self.unmatched
            else self._per_word(self.tokens),
            "continued_words": self._per_word(self.continued),
            "single_token_words": self._per_word(self.whole),
            "bytes_per_token": ratio(self.bytes, self.tokens, "no tokens"),
            "chars_per_token": ratio(self.chars, self.tokens, "no tokens"),
            "tokens_per_byte": ratio(self.tokens, self.bytes, "no text"),
            "premium": _relative(beside.shared, beside.reference, "the reference language"),
            "is_reference": beside.is_reference,
            "nsl": _relative(self, beside.baseline, "the baseline"),
            "vocabulary_used": self._used(beside.vocabulary.producible),
            "bits_per_byte": self._bits(self.histogram.entropy(1)),
            "bits_per_byte_uniform": self._bits(float(np.log2(len(beside.vocabulary)))),
        }

    def _sure(self, groups: Groups) -> dict[str, float | Absent]:
        """Say how sure figures are."""
        return {
            f"{name}{SURE}": self._if_segmented(width) if name in PER_WORD else width
            for name, width in widths(*groups).items()
        }

    def _used(self, producible: int) -> float | Absent:
        if not self.tokens:
            return Absent("no tokens")
        return ratio(self.histogram.ids.size, producible, "text yields no id")

    def _if_segmented(self, figure: T) -> T | Absent:
        if self.unsegmented:
            return UNSEGMENTED
        return figure

    def _per_word(self, total: int) -> float | Absent:
        counted = self._if_segmented(total)
        return counted if isinstance(counted, Absent) else ratio(counted, self.words, "no words")

    def _bits(self, entropy: float | Absent) -> float | Absent:
        if isinstance(entropy, Absent):
            return entropy
        return ratio(self.tokens * entropy, self.bytes, "no text")

    @classmethod
    def summarise(cls, rows: Sequence[Row]) -> Mapping[str, Row]:
        """Count languages won, and take the spread of premiums."""
        fewest = fewest_tokens(rows)
        specs = dict.fromkeys(row["tokenizer"] for row in rows)
        return {s: summary([r for r in rows if r["tokenizer"] == s], fewest) for s in specs}

    @classmethod
    def verdict(cls, rows: Sequence[Row]) -> str:
        """Name the language that costs most, and say where figures hide a loss of text."""
        return sentence(rows)


def _per_row(reading: Reading) -> Sequence[Ints]:
    batch, (row, tokens, whole) = reading.batch, reading.words
    words, *cut = by_row(row, batch.rows, np.ones_like(whole), tokens, tokens >= 2, whole)
    return np.diff(batch.offsets), batch.chars, words, reading.tokens, *cut


def _relative(own: Fertility | Absent, other: Fertility | Absent, named: str) -> float | Absent:
    """Divide the tokens of two totals that say the same thing."""
    for total in (own, other):
        if isinstance(total, Absent):
            return total
    return ratio(own.tokens, other.tokens, f"no tokens in {named}")  # type: ignore[union-attr]
