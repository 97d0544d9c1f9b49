"""What of its text does each language keep, and of what is it made?

A tokenizer that writes [UNK], drops marks or lower-cases has lost text before any model reads it,
and looks cheap for it. Where tokens are parts of characters, a model must learn spelling byte by
byte, and may write what is no text. Read `exact` and `lossy` first: rows drawn, whole, through the
library's own encoder and decoder. Then `unk_rate` and `dropped_chars`: what is not there at all;
`partial_utf8_rate` and `split_graphemes`: what is there in pieces; `words_never_whole`: what the
vocabulary has no entry for.

Rates are of running text and all of it; only round trips are of a sample (`--sample`,
`--all-rows`). Words are looked up in context, clusters (what a reader takes for one character) are
also read alone. `vocabulary_used` and the overlaps grow with the corpus: compare languages on
parallel text only. A figure that a tokenizer cannot have (`unk_rate` without an unknown token) is
absent, not 0.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import numpy as np

from tokaudit.audits import Audit, Beside, Groups, Row
from tokaudit.batch import Ints
from tokaudit.columns import SURE
from tokaudit.coverage import judging, measures, overlaps, residue, seen
from tokaudit.coverage.measures import HEATED, RATES, UNSURE
from tokaudit.coverage.residue import Residue
from tokaudit.coverage.round_trip import COLUMNS as ROUND_TRIP
from tokaudit.coverage.round_trip import RoundTrip
from tokaudit.coverage.seen import LOST, Clusters, Words
from tokaudit.coverage.spread import phrases, spread
from tokaudit.findings import Finding
from tokaudit.histogram import Histogram
from tokaudit.intervals import half_width
from tokaudit.reading import Reading
from tokaudit.text import Absent, ratio
from tokaudit.tokenizer import Tokenizer
from tokaudit.vocabulary import Vocabulary
from tokaudit.words import UNSEGMENTED


@dataclass(frozen=True)
class Coverage(Audit):
    """Totals over the text of a language; `histogram` counts ids."""

    bytes: int = 0
    chars: int = 0
    graphemes: int = 0
    word_count: int = 0
    tokens: int = 0
    unknown: int = 0
    fallback: int = 0
    partial: int = 0
    phrases: int = 0
    unknown_chars: int = 0
    dropped_chars: int = 0
    split_chars: int = 0
    split_graphemes: int = 0
    unsegmented: int = 0
    histogram: Histogram = field(default_factory=Histogram)
    words: Words = field(default_factory=Words)
    clusters: Clusters = field(default_factory=Clusters)
    round_trip: RoundTrip = field(default_factory=RoundTrip)

    reads_sample: ClassVar = True
    grouped = (
        "chars",
        "graphemes",
        "tokens",
        *(name for name in dict.fromkeys(part for part, _, _ in RATES.values())),
    )
    headline = ("lossy", *HEATED)
    summary = judging.COLUMNS
    schemas: ClassVar = {
        "coverage": measures.COLUMNS,
        "coverage_round_trip": ROUND_TRIP,
        "coverage_words": seen.WORD_COLUMNS,
        "coverage_clusters": seen.CLUSTER_COLUMNS,
        "coverage_overlaps": overlaps.COLUMNS,
        "coverage_merges": residue.COLUMNS,
        "coverage_residue": residue.EXAMPLES,
    }

    @classmethod
    def per_row(cls, reading: Reading) -> Sequence[Ints]:
        """Count, for each row, what is `grouped`."""
        batch, found = reading.batch, spread(reading)
        own = {"chars": batch.chars, "graphemes": batch.graphemes}
        return [(own | found)[name] for name in cls.grouped]

    @classmethod
    def observe(cls, reading: Reading) -> Self:
        """Add up one batch."""
        batch = reading.batch
        sums: dict[str, Any] = {
            name: batch.total(values)
            for name, values in zip(cls.grouped, cls.per_row(reading), strict=True)
        }
        return cls(
            bytes=batch.total(np.diff(batch.offsets)),
            word_count=int(batch.weights[reading.words.row].sum()),
            unsegmented=batch.total(batch.uncut.astype(np.int64)),
            histogram=Histogram.of(reading.ids, reading.weights),
            words=Words.observe(reading),
            clusters=Clusters.observe(reading),
            **sums,
        )

    @classmethod
    def sampled(cls, reading: Reading) -> Self:
        """Send documents there and back."""
        return cls(round_trip=RoundTrip.observe(reading))

    def rows(self, beside: Beside[Self]) -> Mapping[str, Iterable[Row]]:
        """Give one row for this language, its losses, its words and its clusters."""
        documents, vocabulary = beside.documents, beside.vocabulary
        row = {
            "rows": documents.rows,
            "altered_rows": documents.altered,
            "failed_rows": documents.failed,
            **{name: getattr(self, name) for name in ("bytes", "chars", "graphemes", "tokens")},
            "words": UNSEGMENTED if self.unsegmented else self.word_count,
            **self._rates(vocabulary, beside.groups),
            **self._of_ids(vocabulary),
            **self._of_text(),
            "drawn_rows": self.round_trip.rows.total(),
            **self.round_trip.shares(),
        }
        return dict.fromkeys(self.schemas, ()) | {
            "coverage": [row],
            "coverage_round_trip": self.round_trip.table(),
            "coverage_words": () if self.unsegmented else self.words.rows(),
            "coverage_clusters": self.clusters.rows(),
        }

    def _rates(self, vocabulary: Vocabulary, groups: Groups) -> Row:
        """Divide each part by its whole; what this vocabulary cannot have is absent."""
        lacking = _lacking(vocabulary)
        found: dict[str, Any] = {"unknown_tokens": lacking.get("unknown", self.unknown)}
        for name, (part, whole, _) in RATES.items():
            none = f"no {whole}"
            rate = lacking.get(part) or ratio(getattr(self, part), getattr(self, whole), none)
            found[name] = rate
            if name not in UNSURE:
                found[f"{name}{SURE}"] = lacking.get(part) or _width(groups, part, whole)
        return found

    def _of_ids(self, vocabulary: Vocabulary) -> Row:
        used = self.histogram.ids
        several = int(phrases(vocabulary)[vocabulary.places(used)].sum())
        producible = vocabulary.producible
        return {
            "ids_used": used.size,
            "vocabulary_used": ratio(used.size, producible, "text yields no id")
            if self.tokens
            else Absent("no tokens"),
            "multi_word_types": ratio(several, used.size, "no tokens"),
        }

    def _of_text(self) -> Row:
        words = {"words_looked_at": len(self.words.texts), "words_never_whole": self.words.share()}
        return {
            **(dict.fromkeys(words, UNSEGMENTED) if self.unsegmented else words),
            "clusters": self.clusters.distinct(),
            "clusters_lost": self.clusters.distinct(*LOST),
        }

    @classmethod
    def together(
        cls, totals: Mapping[str, Self], tokenizer: Tokenizer, reference: str | None
    ) -> Iterator[tuple[str, str | None, Row]]:
        """Compare the ids of all languages, and ask which merges are for nothing."""
        found = {lang: total.histogram for lang, total in totals.items()}
        for lang, row in overlaps.rows(found, reference):
            yield "coverage_overlaps", lang, row
        every = Residue(tokenizer, sum(found.values(), Histogram()))
        yield "coverage_merges", None, every.summary()
        yield from (("coverage_residue", None, row) for row in every.examples())

    @classmethod
    def notices(cls, rows: Sequence[Row]) -> Iterator[Finding]:
        """Say where text is lost, unknown or in pieces."""
        return judging.findings(rows)

    @classmethod
    def summarise(cls, rows: Sequence[Row]) -> Mapping[str, Row]:
        """Sum up the languages of each tokenizer."""
        specs = dict.fromkeys(row["tokenizer"] for row in rows)
        return {s: judging.summary([r for r in rows if r["tokenizer"] == s]) for s in specs}

    @classmethod
    def verdict(cls, rows: Sequence[Row]) -> str:
        """Say whether text comes back, and where it is unknown or in pieces."""
        return judging.sentence(rows)


def _lacking(vocabulary: Vocabulary) -> Mapping[str, Absent]:
    """Say which parts this vocabulary cannot have, and why."""
    unknown = Absent("this vocabulary has no unknown token")
    fallback = Absent("no entries of this vocabulary are bytes that stand in")
    return {
        **(
            {} if vocabulary.unknown is not None else {"unknown": unknown, "unknown_chars": unknown}
        ),
        **({} if vocabulary.fallback.any() else {"fallback": fallback}),
    }


def _width(groups: Groups, part: str, whole: str) -> float | Absent:
    own = groups.own
    return own if isinstance(own, Absent) else half_width(own[part], own[whole])
