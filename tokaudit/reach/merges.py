"""Merges: what a model makes of one text by itself, were nothing cut before it.

Why that decides: in any context, a token comes about only if no merge (or piece) reaches over its
borders. Then what happens between them happens as if nothing stood around it. So a token that its
own bytes do not yield alone is yielded nowhere.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

# Scores are summed in single precision by some engines: closer ones decide nothing.
MARGIN = 1e-3
NEVER = float("inf")  # the rank of what does not merge
Rank = Callable[[bytes, bytes], float]


@dataclass(frozen=True)
class Merges:
    """Byte pair encoding: the rank of a merge (the lowest goes first, then the leftmost).

    `by_bytes` says that it begins with bytes and not with characters; `whole_first` that a piece
    of text which is an entry is taken at once, without a merge.
    """

    rank: Rank
    by_bytes: bool
    whole_first: bool

    def yields(self, data: bytes) -> bool:
        """Say whether merging these bytes, and nothing else, ends in one token."""
        return not self.long(data) or self.halves(data) is not None

    def long(self, data: bytes) -> bool:
        """Say whether it takes a merge to make these bytes one token."""
        return len(data if self.by_bytes else data.decode()) > 1

    def halves(self, data: bytes) -> tuple[bytes, bytes] | None:
        """Give what the last merge joins; None if merging these bytes does not end in one token."""
        parts, last = self._symbols(data), None
        ranks = [self.rank(left, right) for left, right in pairwise(parts)]
        while ranks:
            lowest = min(ranks)
            if lowest == NEVER:
                return None
            at = ranks.index(lowest)
            last = parts[at], parts[at + 1]
            parts[at : at + 2] = [parts[at] + parts[at + 1]]
            beside = slice(max(0, at - 1), at + 2)  # only what stands beside the new part changed
            ranks[beside] = [self.rank(left, right) for left, right in pairwise(parts[beside])]
        return last

    def _symbols(self, data: bytes) -> list[bytes]:
        if self.by_bytes:
            return [data[at : at + 1] for at in range(len(data))]
        return [letter.encode() for letter in data.decode()]


@dataclass(frozen=True)
class Scores:
    """A unigram model: the logarithm of each piece's probability."""

    pieces: Mapping[str, float]

    def yields(self, data: bytes) -> bool:
        """Say whether no other cut into known pieces has a higher score than the piece itself."""
        text = data.decode()
        return self._best(text) <= self.pieces[text] + MARGIN

    def _best(self, text: str) -> float:
        """Give the highest score of a cut into two pieces or more."""
        best = [0.0]
        for end in range(1, len(text) + 1):
            best.append(max(self._ending(text, end, best), default=float("-inf")))
        return best[-1]

    def _ending(self, text: str, end: int, best: Sequence[float]) -> Iterator[float]:
        for start in range(end):
            if end - start < len(text) and (score := self.pieces.get(text[start:end])) is not None:
                yield best[start] + score


def by_pairs(pairs: Sequence[tuple[bytes, bytes]]) -> Rank:
    """Rank merges by their place in a list."""
    ranks = {pair: rank for rank, pair in reversed(list(enumerate(pairs)))}
    return lambda left, right: ranks.get((left, right), NEVER)


def by_entries(ranks: Mapping[bytes, float]) -> Rank:
    """Rank merges by the entry they make: any two parts of an entry merge."""
    return lambda left, right: ranks.get(left + right, NEVER)
