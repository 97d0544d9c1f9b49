"""Traps found: pairs of words of a lexicon between which a tokenizer puts no border.

Two words make a trap if a token of `enc(A + B)` lies over the border between them. A token that is
all of A and B makes none: it is a word of its own. Texts with unknown tokens are left out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from tokaudit import words
from tokaudit.batch import NO_LANGUAGE, Batch, Ints, Mask
from tokaudit.reads import read
from tokaudit.splits.candidates import candidates
from tokaudit.splits.crossings import crossing, unknown
from tokaudit.splits.lexicon import Lexicon, cut_at
from tokaudit.splits.ranking import order
from tokaudit.tokenizer import Tokenizer

TEXTS = 20_000  # read at once
BORDER, UNREAD = -1, -2


@dataclass(frozen=True, eq=False)
class Traps:
    """Pairs of words by their places in a lexicon, each once, in the order to show them.

    `trap[i]` is the word T over the border, `exact[i]` says that T is the very token that lies over
    it, `agreed[i]` that the word segmenter cuts between A and B (None where it was not asked).
    `there` candidates (A, B, T) are known, `read` of them were read, `crossed` have no border.
    """

    lexicon: Lexicon
    first: Ints
    second: Ints
    trap: Ints
    exact: Mask
    agreed: Mask | None
    there: int
    read: int
    crossed: int

    @classmethod
    def of(cls, tokenizer: Tokenizer, lexicon: Lexicon, limit: int) -> Self:
        """Read the pairs of about so many candidates."""
        found = candidates(lexicon.words, limit)
        code, place = np.unique(
            found.first * len(lexicon.words) + found.second, return_inverse=True
        )
        over = _over(tokenizer, lexicon, *np.divmod(code, len(lexicon.words)))[place]
        crossed = np.flatnonzero(over >= 0)
        exact = _exact(tokenizer, lexicon, over[crossed], found.trap[crossed])
        one = _one_a_pair(place[crossed], exact, found.trap[crossed])
        kept, exact = crossed[one], exact[one]
        first, second, trap = found.first[kept], found.second[kept], found.trap[kept]
        agreed = None if lexicon.spaced else _agreed(lexicon, first, second)
        shown = order(trap, first, second, exact, agreed)
        return cls(
            lexicon,
            first[shown],
            second[shown],
            trap[shown],
            exact[shown],
            agreed if agreed is None else agreed[shown],
            there=found.there,
            read=int((over != UNREAD).sum()),
            crossed=crossed.size,
        )

    def texts(self, places: Ints) -> list[tuple[str, str, str]]:
        """Give A, B and T of some pairs."""
        found = (each[places].tolist() for each in (self.first, self.second, self.trap))
        return [tuple(self.lexicon.words[at] for at in row) for row in zip(*found, strict=True)]


def _over(tokenizer: Tokenizer, lexicon: Lexicon, first: Ints, second: Ints) -> Ints:
    """Read pairs: give the id of the token over each border, BORDER or UNREAD."""
    sizes = np.array([len(word.encode()) for word in lexicon.words], np.int64)
    found = np.full(first.size, UNREAD)
    for begin in range(0, first.size, TEXTS):
        part = slice(begin, begin + TEXTS)
        texts = [lexicon.words[a] + lexicon.words[b] for a, b in _pairs(first[part], second[part])]
        rows, ids = token_over(tokenizer, texts, sizes[first[part]])
        found[begin + rows] = ids
    return found


def _pairs(first: Ints, second: Ints) -> Iterator[tuple[int, int]]:
    return zip(first.tolist(), second.tolist(), strict=True)


def token_over(tokenizer: Tokenizer, texts: Sequence[str], borders: Ints) -> tuple[Ints, Ints]:
    """Give the texts that could be read, and the id of the token over each one's border (in bytes).

    It is BORDER where no token lies over it, or one that is the whole text.
    """
    reading = read(tokenizer, Batch.of(NO_LANGUAGE, texts, segmenter=words.default()))
    rows = np.delete(np.arange(len(texts)), reading.refused)
    begins, ends = reading.batch.offsets[:-1], reading.batch.offsets[1:]
    token = crossing(reading, begins + borders[rows])
    starts, stops = (side[token.clip(0)] if side.size else token for side in reading.spans)
    whole = (starts <= begins) & (stops >= ends)
    over = np.where((token < 0) | whole, BORDER, reading.ids[token.clip(0)] if token.size else -1)
    told = ~unknown(reading)
    return rows[told], over[told]


def _exact(tokenizer: Tokenizer, lexicon: Lexicon, over: Ints, trap: Ints) -> Mask:
    """Say where the token over a border is T itself."""
    tokens = tokenizer.vocabulary.decode(over).to_pylist()
    pairs = zip(tokens, trap.tolist(), strict=True)
    same = (token.removeprefix(b" ") == lexicon.words[word].encode() for token, word in pairs)
    return np.fromiter(same, np.bool_, over.size)


def _one_a_pair(pair: Ints, exact: Mask, trap: Ints) -> Ints:
    """Choose for each pair the T that lies over the border, else the most frequent."""
    best = np.lexsort((trap, ~exact, pair))
    _, firsts = np.unique(pair[best], return_index=True)
    return np.asarray(best[firsts])


def _agreed(lexicon: Lexicon, first: Ints, second: Ints) -> Mask | None:
    """Say where the word segmenter cuts between two words; None if it cannot tell."""
    pairs = list(_pairs(first, second))
    texts = (lexicon.words[a] + lexicon.words[b] for a, b in pairs)
    return cut_at(texts, (len(lexicon.words[a]) for a, _ in pairs))
