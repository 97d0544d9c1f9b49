"""Resilience: what noise in some documents does to their tokens, by family of noise and rate."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple, Self

import numpy as np

from tokaudit.batch import Batch, Ints, Spans, by_row, stretches
from tokaudit.noise.documents import NoisyDocuments, noisy_documents
from tokaudit.reading import Reading
from tokaudit.reads import read
from tokaudit.splits.distance import distance
from tokaudit.splits.overlaps import overlaps
from tokaudit.splits.sums import Sums, groups


@dataclass(frozen=True)
class Resilience(Sums):
    """Sums over noisy texts, their kinds being the variants of noise.

    `unseen` counts edited texts that have the ids of the original, `kept` those that their tokens'
    bytes give back; `before` and `after` are tokens, `touched` words have an edit inside.
    """

    COUNTED = (
        *("documents", "refused", "edited", "unseen", "kept", "chars", "edits"),
        *("before", "after", "distance", "words", "touched", "changed"),
    )

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
        group = groups(found.keys)[found.document[texts]]
        return cls.of(found.variant[texts], group, columns, weights[texts])


class Pairs(NamedTuple):
    """Texts before and after noise, in one reading: `text[i]`, as rows `before[i]`, `after[i]`."""

    both: Reading
    text: Ints
    before: Ints
    after: Ints


def _pairs(reading: Reading, found: NoisyDocuments, texts: Ints) -> Pairs:
    """Read noisy texts and what they were made of, equal texts once.

    Pairs of which one is refused are left out.
    """
    originals = found.clean.texts.to_pylist()
    document = found.document[texts].tolist()
    pairs = [(originals[at], found.texts[text]) for at, text in zip(document, texts, strict=True)]
    written = {text: place for place, text in enumerate(dict.fromkeys(chain.from_iterable(pairs)))}
    batch = Batch.of(reading.batch.lang, list(written), segmenter=reading.batch.segmenter)
    both = read(reading.tokenizer.by_reference(), batch)
    row = np.full(len(written), -1)
    row[np.delete(np.arange(len(written)), both.refused)] = np.arange(both.batch.rows)
    before, after = row[[[written[text] for text in pair] for pair in pairs]].T
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
        apart = one != other and distance(
            ids[ends[one] : ends[one + 1]], ids[ends[other] : ends[other + 1]]
        )
        yield int(apart)


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
    counts = by_row(pair, text.size, *marks.values())
    return {"words": sizes, **dict(zip(marks, counts, strict=True))}
