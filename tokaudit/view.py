"""A view: one text as one tokenizer cuts it, with figures of the whole of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import NamedTuple

import numpy as np

from tokaudit import loss
from tokaudit.batch import Batch
from tokaudit.errors import EngineFailed
from tokaudit.pieces import Cut, Piece
from tokaudit.reading import Reading
from tokaudit.reads import read
from tokaudit.text import Absent, line, ratio
from tokaudit.tokenizer import Tokenizer

NO_TOKENS = "no tokens"
UNCUT = Absent("words of this script are found by ICU only")


class Word(NamedTuple):
    """A word in its text (by bytes), how many tokens overlap it, and its parts between borders."""

    start: int
    tokens: int
    parts: tuple[bytes, ...]


@dataclass(frozen=True, eq=False)
class Subject:
    """A text to look at; what begins in its first `limit` characters is shown, None: all of it."""

    name: str
    text: str
    limit: int | None = None

    @property
    def batch(self) -> Batch:
        """The text as a batch of one row."""
        return Batch.of("und", [self.text])

    @property
    def until(self) -> int:
        """The byte up to which it is shown."""
        return len(self.text[: self.limit].encode())


@dataclass(frozen=True, eq=False)
class View:
    """What a tokenizer makes of a text.

    `pieces` and `words` are those of the part that is shown; `figures` are of the whole text.
    `loss` is the class of what a round trip loses (`loss.py`), and `spelled` the bytes of all
    tokens, a dummy prefix left out.
    """

    spec: str
    figures: Mapping[str, int | float | Absent]
    pieces: tuple[Piece, ...]
    words: tuple[Word, ...]
    loss: str
    spelled: bytes

    @property
    def altered(self) -> bool:
        """Say whether the tokens stand for other text."""
        return self.loss != loss.CLASSES[0]


@dataclass(frozen=True, eq=False)
class Sight:
    """A text as several tokenizers cut it: its measures, its words as pieces, and the views."""

    subject: Subject
    measures: Mapping[str, int | Absent]
    words: tuple[Piece, ...]
    views: tuple[View, ...]


def measured(batch: Batch) -> dict[str, int | Absent]:
    """Measure a text, whatever tokenizer reads it."""
    return {
        "bytes": int(batch.data.size),
        "chars": int(batch.chars[0]),
        "graphemes": int(batch.graphemes[0]),
        "words": UNCUT if batch.uncut[0] else len(batch.words.starts),
    }


def look(tokenizer: Tokenizer, subject: Subject, batch: Batch) -> View:
    """Read a text with a tokenizer; raises EngineFailed if it refuses it."""
    reading = read(tokenizer, batch)
    if reading.failed:
        raise EngineFailed(f"{line(tokenizer.spec)} cannot encode {line(subject.name)}")
    vocabulary, texts = tokenizer.vocabulary, batch.texts
    spelled = loss.decoded(vocabulary, reading.encoded, texts)
    says = vocabulary.decode(reading.ids).to_pylist()
    text = subject.text.encode()
    cut = Cut.of(text, reading.spans, reading.ids, says, vocabulary.unknown)
    until = subject.until
    words = takewhile(lambda word: word.start < until, _words(reading, cut))
    return View(
        tokenizer.spec,
        _figures(reading, cut),
        tuple(cut.pieces(until)),
        tuple(words),
        loss.CLASSES[loss.classes(texts, spelled)[0]],
        spelled[0].as_py(),
    )


def segmented(batch: Batch, subject: Subject) -> tuple[Piece, ...]:
    """Give the words of a text as pieces; what is in no word is left out of them."""
    words = batch.words
    cut = Cut.of(subject.text.encode(), words, np.arange(words.starts.size))
    return tuple(cut.pieces(subject.until))


def _figures(reading: Reading, cut: Cut) -> dict[str, int | float | Absent]:
    batch, tokens = reading.batch, len(reading.ids)
    split = int(np.count_nonzero(reading.words.tokens > 1))
    return {
        "tokens": tokens,
        "bytes_per_token": ratio(batch.data.size, tokens, NO_TOKENS),
        "chars_per_token": ratio(int(batch.chars[0]), tokens, NO_TOKENS),
        "cut_words": UNCUT if batch.uncut[0] else split,
        "cut_graphemes": cut.cut_clusters(),
    }


def _words(reading: Reading, cut: Cut) -> Iterator[Word]:
    """Give every word with its parts between the borders of tokens."""
    begins = np.unique(cut.spans.starts)
    words, tokens = reading.batch.words, reading.words.tokens
    for start, end, count in zip(*map(np.ndarray.tolist, (*words, tokens)), strict=True):
        inner = begins[np.searchsorted(begins, start, "right") : np.searchsorted(begins, end)]
        borders = [start, *inner.tolist(), end]
        yield Word(start, count, tuple(cut.text[a:b] for a, b in pairwise(borders)))
