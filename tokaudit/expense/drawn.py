"""Drawn documents: the same few of each language, with their text and what they cost.

They are the `MOST` with the smallest hashes, the same in any order and however the work was
divided; parallel rows have the same hash, so the same rows of all languages are drawn. Of
documents with the same hash (the same text, or an id that stands on several rows) one is drawn.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, Self

import numpy as np

from tokaudit.bag import Bag
from tokaudit.batch import Ints, Keys
from tokaudit.documents import Lengths, beginning

MOST = 1_000  # documents
TEXT = 2**17  # letters of text that are kept; of documents beyond them only the start
PART = 2**12  # letters of one document at most
START = 60


class Document(NamedTuple):
    """A drawn document; by hash first, then by what decides between equal hashes."""

    key: int
    start: str
    tokens: int
    text: str


@dataclass(frozen=True, eq=False)
class Drawn:
    """Document i has the hash `keys[i]` (ascending), takes `tokens[i]` tokens, begins `texts[i]`.

    Texts are cut to `PART` letters, and from where they come to `TEXT` to `START`.
    """

    keys: Keys = field(default_factory=lambda: np.zeros(0, np.uint64))
    tokens: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    texts: tuple[str, ...] = ()

    @classmethod
    def of(cls, documents: Lengths) -> Self:
        """Draw from the documents of a bag."""
        few, texts = documents.bag.once(_few)[documents.cohort]
        keys, tokens = documents.bag.keys[few], documents.all[few]
        return cls._first(_documents(keys, tokens, texts))

    def __iter__(self) -> Iterator[Document]:
        """Give the documents in order."""
        return _documents(self.keys, self.tokens, self.texts)

    def __add__(self, other: Self) -> Self:
        """Draw from both."""
        return self._first([*self, *other])

    def __eq__(self, other: object) -> bool:
        """Compare documents."""
        return isinstance(other, Drawn) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    @classmethod
    def _first(cls, documents: Iterable[Document]) -> Self:
        """Keep the first document of each of the smallest hashes."""
        first: dict[int, Document] = {}
        for each in sorted(documents):
            first.setdefault(each.key, each)
        kept = list(first.values())[:MOST]
        before = np.cumsum([0, *(len(each.text) for each in kept)]).tolist()
        texts = (d.text if n < TEXT else d.start for d, n in zip(kept, before[:-1], strict=True))
        return cls(
            np.array([each.key for each in kept], np.uint64),
            np.array([each.tokens for each in kept], np.int64),
            tuple(texts),
        )

    @property
    def whole(self) -> tuple[str, ...]:
        """Texts before `TEXT` was reached."""
        before = np.cumsum([0, *map(len, self.texts)])[:-1]
        return self.texts[: int(np.searchsorted(before, TEXT))]


def _documents(keys: Keys, tokens: Ints, texts: Iterable[str]) -> Iterator[Document]:
    found = zip(keys.tolist(), tokens.tolist(), texts, strict=True)
    return (Document(key, text[:START], n, text) for key, n, text in found)


def _few(bag: Bag) -> dict[int, tuple[Ints, list[str]]]:
    """Find the documents of each cohort that may be drawn, and how they begin."""
    few: dict[int, tuple[Ints, list[str]]] = {}
    for cohort in bag.weights:
        places = np.flatnonzero(bag.cohorts == cohort)
        smallest = np.unique(bag.keys[places])[:MOST]
        chosen = places[bag.keys[places] <= smallest[-1]]
        few[cohort] = chosen, [beginning(bag, place, PART) for place in chosen.tolist()]
    return few
