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

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self, TypeVar

import numpy as np
import pyarrow as pa

from tokaudit.audits import Audit, Beside, Groups, Row, count, figure, flag, label, sure
from tokaudit.bag import Documents
from tokaudit.batch import Ints, by_row
from tokaudit.columns import SURE
from tokaudit.costs import fewest_tokens, sentence, summary
from tokaudit.histogram import Histogram
from tokaudit.intervals import half_width
from tokaudit.reading import Reading
from tokaudit.text import Absent, ratio

T = TypeVar("T")
Sums = Mapping[str, Ints] | Absent  # by group of documents
RENYI_ORDER = 2.5
PER_WORD = {
    "fertility": "word_tokens",
    "continued_words": "continued",
    "single_token_words": "whole",
}


@dataclass(frozen=True)
class Fertility(Audit):
    """Totals over the text of a language; `histogram` counts ids."""

    bytes: int = 0
    chars: int = 0
    graphemes: int = 0
    words: int = 0
    tokens: int = 0
    word_tokens: int = 0
    continued: int = 0
    whole: int = 0
    unsegmented: int = 0
    histogram: Histogram = field(default_factory=Histogram)

    grouped = ("bytes", "chars", "words", "tokens", "word_tokens", "continued", "whole")
    headline = ("fertility", "premium", "bytes_per_token", "single_token_words")
    schemas: ClassVar = {
        "fertility": pa.schema(
            [
                count("rows", "rows measured"),
                count("bytes", "bytes of UTF-8 (B)"),
                count("chars", "code points (C)"),
                count("graphemes", "grapheme clusters, UAX #29 (G)"),
                count("words", "word-break segments that hold a letter or a number (W)"),
                count("tokens", "tokens (n)"),
                figure("fertility", "tokens that overlap a word, in context / W", "lower"),
                sure("fertility"),
                figure("tokens_per_word", "n / W, all tokens", "lower"),
                figure("continued_words", "share of words cut into two tokens or more", "lower"),
                sure("continued_words"),
                figure("single_token_words", "share of words that are one token", "higher"),
                sure("single_token_words"),
                figure("bytes_per_token", "B / n", "higher"),
                sure("bytes_per_token"),
                figure("chars_per_token", "C / n", "higher"),
                figure("tokens_per_byte", "n / B", "lower"),
                figure(
                    "premium",
                    "n / n of the reference language, on rows both have (Petrov et al. 2023)",
                    "lower",
                ),
                sure("premium"),
                flag("is_reference", "the language that premium compares with"),
                figure("nsl", "n / n of the baseline tokenizer on the same text", "lower"),
                sure("nsl"),
                figure(
                    "vocabulary_used",
                    "distinct ids seen / ids that text might yield (no control tokens, no bytes"
                    " foreign to UTF-8)",
                    "higher",
                ),
                figure(
                    "renyi_efficiency",
                    f"Rényi entropy of order {RENYI_ORDER} / log2 of the types seen"
                    " (Zouhar et al. 2023)",
                    "higher",
                ),
                figure("bits_per_byte", "n / B x Shannon entropy of the token unigram", "lower"),
                figure("bits_per_byte_uniform", "n / B x log2 of the vocabulary size", "lower"),
                count(
                    "altered_rows",
                    "rows that the tokens' own bytes, joined, do not give back (a space before"
                    " the row aside): normalised, or text was lost",
                    "lower",
                ),
                count("failed_rows", "rows the tokenizer could not encode, left out"),
            ]
        )
    }

    summary = pa.schema(
        [
            count("languages", "languages with text"),
            count("tokens", "tokens of all languages", "lower"),
            count(
                "cheapest_in",
                "languages in which no other tokenizer needs fewer tokens; where it alters text it"
                " takes no part",
                "higher",
            ),
            count("altered_in", "languages in which it altered rows", "lower"),
            figure("premium_median", "median of the premiums of all but the reference", "lower"),
            figure("premium_max", "largest premium", "lower"),
            label("costliest", "the language with the largest premium"),
        ]
    )

    @classmethod
    def per_row(cls, reading: Reading) -> Sequence[Ints]:
        """Count, for each row, what is `grouped`."""
        batch, (row, tokens, whole) = reading.batch, reading.words
        flags = (tokens >= 2, whole)
        counts = [np.ones_like(tokens), tokens, *(flag.astype(np.int64) for flag in flags)]
        words, *cut = (by_row(row, values, batch.rows) for values in counts)
        return np.diff(batch.offsets), batch.chars, words, reading.tokens, *cut

    @classmethod
    def observe(cls, reading: Reading) -> Self:
        """Add up one batch."""
        batch = reading.batch
        sums = map(batch.total, cls.per_row(reading))
        return cls(
            graphemes=batch.total(batch.graphemes),
            unsegmented=batch.total(batch.uncut.astype(np.int64)),
            histogram=Histogram.of(reading.ids, reading.weights),
            **dict(zip(cls.grouped, sums, strict=True)),
        )

    def rows(self, beside: Beside[Self]) -> Mapping[str, Iterator[Row]]:
        """Give one row: this language under this tokenizer."""
        figures = self._figures(beside)
        sure = {f"{name}{SURE}": width for name, width in self._widths(beside.groups).items()}
        return {"fertility": iter([self._totals(beside.documents) | figures | sure])}

    def _totals(self, documents: Documents) -> dict[str, Any]:
        return {
            "rows": documents.rows,
            "bytes": self.bytes,
            "chars": self.chars,
            "graphemes": self.graphemes,
            "words": self._if_segmented(self.words),
            "tokens": self.tokens,
            "altered_rows": documents.altered,
            "failed_rows": documents.failed,
        }

    def _figures(self, beside: Beside[Self]) -> dict[str, Any]:
        return {
            "fertility": self._per_word(self.word_tokens),
            "tokens_per_word": self._per_word(self.tokens),
            "continued_words": self._per_word(self.continued),
            "single_token_words": self._per_word(self.whole),
            "bytes_per_token": ratio(self.bytes, self.tokens, "no tokens"),
            "chars_per_token": ratio(self.chars, self.tokens, "no tokens"),
            "tokens_per_byte": ratio(self.tokens, self.bytes, "no text"),
            "premium": _relative(beside.shared, beside.reference, "the reference language"),
            "is_reference": beside.is_reference,
            "nsl": _relative(self, beside.baseline, "the baseline"),
            "vocabulary_used": self._used(beside.vocabulary.producible),
            "renyi_efficiency": self.histogram.efficiency(RENYI_ORDER),
            "bits_per_byte": self._bits(self.histogram.entropy(1)),
            "bits_per_byte_uniform": self._bits(float(np.log2(len(beside.vocabulary)))),
        }

    def _widths(self, groups: Groups) -> dict[str, float | Absent]:
        """Say how sure figures are that divide one sum over documents by another."""
        own, shared, reference, baseline = groups
        words = {
            name: self._if_segmented(_width(own, part, own, "words"))
            for name, part in PER_WORD.items()
        }
        return words | {
            "bytes_per_token": _width(own, "bytes", own, "tokens"),
            "premium": _width(shared, "tokens", reference, "tokens"),
            "nsl": _width(own, "tokens", baseline, "tokens"),
        }

    def _used(self, producible: int) -> float | Absent:
        if not self.tokens:
            return Absent("no tokens")
        return ratio(self.histogram.ids.size, producible, "text yields no id")

    def _if_segmented(self, figure: T) -> T | Absent:
        if self.unsegmented:
            return Absent("written without spaces: words need ICU (--words icu)")
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


def _width(parts: Sums, part: str, wholes: Sums, whole: str) -> float | Absent:
    """Say how sure the ratio of two sums is."""
    if isinstance(parts, Absent) or isinstance(wholes, Absent):
        return parts if isinstance(parts, Absent) else wholes  # type: ignore[return-value]
    return half_width(parts[part], wholes[whole])


def _relative(own: Fertility | Absent, other: Fertility | Absent, named: str) -> float | Absent:
    """Divide the tokens of two totals that say the same thing."""
    for total in (own, other):
        if isinstance(total, Absent):
            return total
    return ratio(own.tokens, other.tokens, f"no tokens in {named}")  # type: ignore[union-attr]
