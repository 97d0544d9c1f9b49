"""Resilience: what noise in some documents does to their tokens, by family of noise and rate."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tokaudit.adding import added
from tokaudit.bag import GROUPS
from tokaudit.batch import Batch, Ints, Spans, by_row, stretches
from tokaudit.histogram import Histogram
from tokaudit.noise.documents import NoisyDocuments, noisy_documents
from tokaudit.noise.noisy import variants
from tokaudit.reading import Reading, read
from tokaudit.splits.distance import distance
from tokaudit.splits.overlaps import overlaps

# What is summed up of every noisy text: `unseen` are edited ones that have the ids of the original,
# `kept` those that their tokens' bytes give back.
COUNTED = (
    *("documents", "refused", "edited", "unseen", "kept", "chars", "edits"),
    *("before", "after", "distance", "words", "touched", "changed"),
)


@dataclass(frozen=True)
class Resilience:
    """Sums by variant of noise, group of documents and what is `COUNTED`, as one histogram."""

    sums: Histogram = field(default_factory=Histogram)

    def __add__(self, other: Self) -> Self:
        """Merge two totals."""
        return added(self, other)

    @classmethod
    def sampled(cls, reading: Reading) -> Self:
        """Make some of the drawn documents noisy and read them."""
        found = noisy_documents(reading.batch)
        weights = reading.batch.weights[found.rows][found.document]
        texts = np.flatnonzero(weights)
        if not texts.size:
            return cls()
        pairs = _pairs(reading, found, texts)
        columns = {"refused": (~np.isin(texts, pairs.text)).astype(np.int64)}
        for name, values in (_texts(pairs, found) | _words(pairs, found)).items():
            columns[name] = np.zeros(texts.size, np.int64)
            columns[name][np.searchsorted(texts, pairs.text)] = values
        counted = np.stack([columns[name] for name in COUNTED], axis=1)
        sums = counted * weights[texts][:, None]
        row = found.variant[texts] * GROUPS + found.group[found.document[texts]]
        place = row[:, None] * len(COUNTED) + np.arange(len(COUNTED))
        return cls(Histogram.of(place[sums > 0], sums[sums > 0]))

    def by_variant(self) -> npt.NDArray[np.int64]:
        """Give the sums, shape (variants, groups, counted)."""
        shape = len(variants()), GROUPS, len(COUNTED)
        dense = np.zeros(shape, np.int64)
        dense.reshape(-1)[self.sums.ids] = self.sums.counts
        return dense


class Pairs(NamedTuple):
    """Texts before and after noise, in one reading: `text[i]`, as rows `before[i]`, `after[i]`."""

    both: Reading
    text: Ints
    before: Ints
    after: Ints


def _pairs(reading: Reading, found: NoisyDocuments, texts: Ints) -> Pairs:
    """Read noisy texts and what they were made of; pairs of which one is refused are left out."""
    documents, document = np.unique(found.document[texts], return_inverse=True)
    originals = found.clean.texts.take(pa.array(documents)).to_pylist()
    written = [*originals, *(found.texts[text] for text in texts.tolist())]
    batch = Batch.of(reading.batch.lang, written, segmenter=reading.batch.segmenter)
    both = read(reading.tokenizer.by_reference(), batch)
    row = np.full(len(written), -1)
    row[np.delete(np.arange(len(written)), both.refused)] = np.arange(both.batch.rows)
    before, after = row[document], row[documents.size :]
    there = np.flatnonzero((before >= 0) & (after >= 0))
    return Pairs(both, texts[there], before[there], after[there])


def _texts(pairs: Pairs, found: NoisyDocuments) -> dict[str, Ints]:
    """Count what each text has as a whole."""
    both, text, before, after = pairs
    apart = np.fromiter(_distances(pairs), np.int64, text.size)
    edited = found.edits[text] > 0
    return {
        "edited": edited.astype(np.int64),
        "unseen": (edited & (apart == 0)).astype(np.int64),
        "documents": np.ones_like(text),
        "chars": found.clean.chars[found.document[text]],
        "edits": found.edits[text],
        "before": both.tokens[before],
        "after": both.tokens[after],
        "distance": apart,
        "kept": (~both.altered[after]).astype(np.int64),
    }


def _distances(pairs: Pairs) -> Iterator[int]:
    ids, ends = pairs.both.ids.tolist(), pairs.both.encoded.offsets.tolist()
    for one, other in zip(pairs.before.tolist(), pairs.after.tolist(), strict=True):
        yield distance(ids[ends[one] : ends[one + 1]], ids[ends[other] : ends[other + 1]])


def _words(pairs: Pairs, found: NoisyDocuments) -> dict[str, Ints]:
    """Count the words of each text, those that were hit, and those with other tokens than before.

    A document that holds words which the segmenter cannot tell has none.
    """
    both, text, before, after = pairs
    sizes = np.diff(found.first)[text]
    place = stretches(found.first[text], sizes)
    word, pair = found.word[place], np.repeat(np.arange(text.size), sizes)
    begin = both.batch.offsets[before][pair] - found.clean.offsets[found.document[text]][pair]
    clean = overlaps(both, Spans(*(side[word] + begin for side in found.clean.words)))
    begin = both.batch.offsets[after][pair]
    noisy = overlaps(both, Spans(found.starts[place] + begin, found.ends[place] + begin))
    marks = {"touched": found.touched[place], "changed": ~clean.same(noisy)}
    counts = {name: by_row(pair, marked, text.size) for name, marked in marks.items()}
    return {"words": sizes} | counts
