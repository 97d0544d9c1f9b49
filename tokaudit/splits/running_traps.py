"""Traps in running text: two words A B that touch, and a token T torn out of both.

Counted in the beginnings of drawn documents, so that what is kept is bounded; each pair with what
the words are cut into alone, what they are cut into where they stand, and the sentence.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, Self

import numpy as np

from tokaudit.adding import added
from tokaudit.batch import Batch, Ints
from tokaudit.columns import count, cut, label, table
from tokaudit.drawing import drawn, pictured, written
from tokaudit.reading import Reading
from tokaudit.reads import read
from tokaudit.specimens import Specimens
from tokaudit.splits.borders import Crossings, borders, crossings
from tokaudit.splits.part import Row
from tokaudit.splits.units import Units, units

CHARACTERS = 2_000  # of each document that was drawn, from its beginning
SHOWN = 50  # of each language
AROUND = 40  # characters of context on either side
COLUMNS = table(
    [
        label("a", "the first word"),
        label("b", "the word behind it, without a space between them"),
        label("token", "what the token over their border is"),
        count("seen", "how often it was seen in the documents that were drawn"),
        cut("alone", "A and B as they are cut alone"),
        cut("here", "A B as they are cut here, with what is joined to them"),
        label("context", "the sentence where it stands, a bar at the border"),
    ],
    empty="no words that touch are torn in documents that were drawn, or no corpus was read",
    examples=True,
)


class Trap(NamedTuple):
    """A pair of words and the token over their border, as text or as its bytes."""

    first: str
    second: str
    token: str


@dataclass(frozen=True)
class RunningTraps:
    """How often each trap was seen, and where it stands: (hash, alone, here, context)."""

    counts: Counter[Trap] = field(default_factory=Counter)
    shown: Specimens = field(default_factory=Specimens)

    def __add__(self, other: Self) -> Self:
        """Merge two totals."""
        return added(self, other)

    @classmethod
    def sampled(cls, reading: Reading) -> Self:
        """Look at documents that were drawn."""
        batch, over = reading.batch, crossings(reading)
        torn = np.flatnonzero(over.torn)
        unit = borders(batch).unit[torn]
        weights = batch.weights[units(batch).row[unit]]
        early = _place(batch, borders(batch).place[torn]) < CHARACTERS
        kept = early & (weights > 0)
        return cls._of(reading, over, torn[kept], weights[kept])

    @classmethod
    def _of(cls, reading: Reading, over: Crossings, torn: Ints, weights: Ints) -> Self:
        batch, own = reading.batch, units(reading.batch)
        second = borders(batch).unit[torn]
        first, behind = (_texts(batch, own, unit) for unit in (second - 1, second))
        ids = reading.ids[over.token[torn]]
        tokens = map(written, reading.tokenizer.vocabulary.decode(ids).to_pylist())
        traps = [Trap(*each) for each in zip(first, behind, tokens, strict=True)]
        counts: Counter[Trap] = Counter()
        for trap, weight in zip(traps, weights.tolist(), strict=True):
            counts[trap] += weight
        return cls(counts, Specimens.of(zip(traps, _shown(reading, torn, traps), strict=True)))

    def rows(self) -> Iterator[Row]:
        """Show the most frequent traps."""
        ordered = sorted(self.counts.items(), key=lambda item: (-item[1], item[0]))
        for trap, n in ordered[:SHOWN]:
            _, alone, here, context = self.shown.kept[trap]
            named = {"a": trap.first, "b": trap.second, "token": trap.token}
            yield {**named, "seen": n, "alone": alone, "here": here, "context": context}


def _place(batch: Batch, places: Ints) -> Ints:
    """Count the characters of its row before each place."""
    leads = np.flatnonzero((batch.data & 0xC0) != 0x80)
    begin = batch.offsets[batch.row_of(places)]
    return np.searchsorted(leads, places) - np.searchsorted(leads, begin)


def _texts(batch: Batch, own: Units, which: Ints) -> Iterator[str]:
    spans = zip(own.starts[which].tolist(), own.ends[which].tolist(), strict=True)
    return (batch.data[begin:end].tobytes().decode() for begin, end in spans)


def _shown(reading: Reading, torn: Ints, traps: list[Trap]) -> Iterator[tuple[int, str, str, str]]:
    """Give each trap as it is cut alone and here, and its sentence; the hash is the document's."""
    batch, found, own = reading.batch, borders(reading.batch), units(reading.batch)
    alone = _alone(reading, traps)
    keys = batch.keys if batch.keys is not None else np.zeros(batch.rows, np.uint64)
    texts = batch.texts.to_pylist()
    places = _place(batch, found.place[torn]).tolist()
    for trap, border, place in zip(traps, torn.tolist(), places, strict=True):
        unit = int(found.unit[border])
        row = int(own.row[unit])
        begin, end = max(0, place - AROUND), place + AROUND
        context = f"{texts[row][begin:place]}|{texts[row][place:end]}"
        cut = f"{alone[trap.first]} + {alone[trap.second]}"
        here = pictured(reading, int(own.starts[unit - 1]), int(own.ends[unit]))
        yield int(keys[row]), cut, here, context


def _alone(reading: Reading, traps: list[Trap]) -> dict[str, str]:
    """Cut each word of some traps alone; what cannot be encoded is left as it is."""
    words = sorted({word for trap in traps for word in trap[:2]})
    found = read(reading.tokenizer.by_reference(), Batch.of(reading.batch.lang, words))
    cuts = dict(zip(found.batch.texts.to_pylist(), drawn(found), strict=True))
    return {word: cuts.get(word, word) for word in words}
