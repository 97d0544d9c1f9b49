"""Words and grapheme clusters of a corpus, each distinct one with what became of it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from tokaudit.batch import Batch, Ints, Spans
from tokaudit.characters import script_of
from tokaudit.columns import count, label, table
from tokaudit.distinct import Distinct, Met, met
from tokaudit.fates import FATES, NAMES, fates
from tokaudit.reading import Reading
from tokaudit.reads import read
from tokaudit.text import Absent, quoted, ratio

SHOWN = 8  # words or clusters of a language
LOST = ("unknown", "dropped", "changed")
NO_SCRIPT = ("Common", "Inherited", "Unknown")
WORD_COLUMNS = table(
    [
        label("word", "a word that is one token nowhere in the text of its language"),
        count("occurrences", "how often it occurs", "lower"),
    ]
)
CLUSTER_COLUMNS = table(
    [
        label("script", "Unicode Script of the cluster's first character that has one"),
        label("fate", "what becomes of the cluster, read alone: " + "; ".join(
            f"{name}, {said}" for name, said in FATES.items())),
        count("clusters", "distinct grapheme clusters with this fate, white space aside"),
        count("occurrences", "how often they occur"),
        label("examples", "the most frequent ones"),
    ]
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Words(Distinct):
    """Words in context: how often each was one token, and how often not."""

    OUTCOMES = ("whole", "cut")
    MOST = 4_096

    @classmethod
    def observe(cls, reading: Reading) -> Self:
        """Look every word up where it stands."""
        batch, (row, _, whole) = reading.batch, reading.words
        return cls.of(batch.once(_words), (~whole).astype(np.int64), batch.weights[row])

    @property
    def never_whole(self) -> Ints:
        """Which of the texts are one token nowhere."""
        return np.flatnonzero(self.table[:, 0] == 0)

    def rows(self) -> Iterator[dict[str, Any]]:
        """Give the most frequent words that are one token nowhere, of those looked at."""
        found = self.never_whole
        times = self.table[found, 1]
        for place in np.lexsort((found, -times))[:SHOWN].tolist():
            yield {"word": self.texts[int(found[place])].as_py(), "occurrences": int(times[place])}

    def share(self) -> float | Absent:
        """Give the share of distinct words that are one token nowhere."""
        return ratio(self.never_whole.size, len(self.texts), "no words")


@dataclass(frozen=True, eq=False)
class Clusters(Distinct):
    """Grapheme clusters by their fate, each read alone; white space is none."""

    OUTCOMES = NAMES
    MOST = 2**16

    @classmethod
    def observe(cls, reading: Reading) -> Self:
        """Read each distinct cluster of a batch once."""
        batch = reading.batch
        found, row = batch.once(_clusters)
        return cls.of(found, reading.once(_fates)[found.codes], batch.weights[row])

    def distinct(self, *fate: str) -> int | Absent:
        """Count distinct clusters (with one of these fates)."""
        chosen = [NAMES.index(name) for name in fate or NAMES]
        return self._all(int(np.count_nonzero(self.table[:, chosen].any(axis=1))))

    def _all(self, counted: int) -> int | Absent:
        """Give a count, if it is of all clusters there are."""
        if self.left_out:
            return Absent(f"more than {self.MOST:,} distinct clusters: not all are counted")
        return counted

    def rows(self) -> Iterator[dict[str, Any]]:
        """Count clusters by script and fate, the most frequent script first."""
        groups: dict[tuple[str, str], list[tuple[int, str]]] = {}
        for text, place, times in self._each():
            groups.setdefault((_script(text), NAMES[place]), []).append((times, text))
        by_script: Counter[str] = Counter()
        for (script, _), found in groups.items():
            by_script[script] += sum(times for times, _ in found)
        for script, fate in sorted(
            groups, key=lambda g: (-by_script[g[0]], g[0], NAMES.index(g[1]))
        ):
            found = groups[script, fate]
            first = sorted(found, key=lambda each: (-each[0], each[1]))[:SHOWN]
            yield {
                "script": script,
                "fate": fate,
                "clusters": self._all(len(found)),
                "occurrences": self._all(sum(times for times, _ in found)),
                "examples": ", ".join(quoted(text.encode()) for _, text in first),
            }

    def _each(self) -> Iterator[tuple[str, int, int]]:
        """Give each cluster, the place of its fate, and how often it occurs."""
        places, times = self.table.argmax(axis=1), self.table.sum(axis=1)
        yield from zip(self.texts.to_pylist(), places.tolist(), times.tolist(), strict=True)


def _words(batch: Batch) -> Met:
    return met(batch.data, batch.words)


def _clusters(batch: Batch) -> tuple[Met, Ints]:
    """Find the distinct clusters that hold something visible, and the row of each occurrence."""
    seen, (starts, ends) = batch.visible, batch.clusters
    visible = seen[ends] > seen[starts]
    spans = Spans(starts[visible], ends[visible])
    return met(batch.data, spans), batch.row_of(spans.starts)


def _fates(reading: Reading) -> Ints:
    """Give the fate of each distinct cluster of a batch, -1 where the engine refuses it."""
    batch = reading.batch
    texts = batch.once(_clusters)[0].texts
    once, inside = np.ones(len(texts), np.int64), np.zeros(len(texts), np.bool_)
    alone = read(reading.tokenizer, Batch(batch.lang, texts, once, batch.segmenter, inside))
    found = np.full(len(texts), -1, np.int64)
    found[np.delete(np.arange(len(texts)), alone.refused)] = fates(alone)
    return found


def _script(text: str) -> str:
    names = map(script_of, text)
    return next((name for name in names if name not in NO_SCRIPT), script_of(text[0]))
