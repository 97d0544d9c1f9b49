"""Pieces: a text as tokens cut it, for people to look at; every byte of it is in exactly one.

Where several tokens cover the same bytes and spell them together, each has its own; where they
spell other text, the first of them has all. Bytes that no token covers are pieces without a token.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from tokaudit import words
from tokaudit.batch import Ints, Spans, running_total
from tokaudit.text import is_utf8

# What may be remarkable about a piece: part of a character; a token that stands for other text
# than it covers; the unknown token; one for text that is not there; text that no token covers.
PART, ALTERED, UNKNOWN = "part", "altered", "unknown"
ADDED, LEFT_OUT = "added", "left out"


class Piece(NamedTuple):
    """Bytes of a text and the token that covers them, None if none does.

    `says` are the bytes that the token stands for, a dummy prefix included; `inside` marks a piece
    that begins within a grapheme cluster.
    """

    id: int | None
    start: int
    covered: bytes
    says: bytes
    mark: str = ""
    inside: bool = False


@dataclass(frozen=True, eq=False)
class Cut:
    """A text cut by tokens: `spans` are the bytes each covers, `says` its own."""

    text: bytes
    ids: Ints
    spans: Spans
    says: Sequence[bytes]
    unknown: int | None = None

    @classmethod
    def of(
        cls,
        text: bytes,
        spans: Spans,
        ids: Ints,
        says: Sequence[bytes] | None = None,
        unknown: int | None = None,
    ) -> "Cut":
        """Give each token bytes of its own where it can have them.

        `spans` may overlap, leave bytes out, or be out of order; without `says`, tokens stand for
        what they cover.
        """
        bounds = zip(spans.starts.tolist(), spans.ends.tolist(), strict=True)
        spelled = [text[start:end] for start, end in bounds] if says is None else says
        return cls(text, ids, _parted(text, spans, spelled), spelled, unknown)

    @cached_property
    def clusters(self) -> Ints:
        """Say at which byte every grapheme cluster begins."""
        data = np.frombuffer(self.text, np.uint8)
        letters = np.flatnonzero((data & 0xC0) != 0x80)
        return np.asarray(letters[words.grapheme_starts(self.text.decode())])

    def cut_clusters(self) -> int:
        """Count grapheme clusters within which a token begins."""
        clusters = self.clusters
        starts = self.spans.starts[self.spans.ends > self.spans.starts]
        inner = starts[~np.isin(starts, clusters)]
        return int(np.unique(np.searchsorted(clusters, inner)).size)

    def pieces(self, until: int | None = None) -> list[Piece]:
        """List pieces in the order of the text: all, or the stretches that begin before a byte."""
        begins, size = frozenset(self.clusters.tolist()), len(self.text)
        return [
            piece._replace(inside=bool(piece.covered) and piece.start not in begins)
            for piece in self._pieces(size if until is None else min(until, size))
        ]

    def _pieces(self, until: int) -> Iterator[Piece]:
        reached = 0
        for first, after in pairwise([*stretches(self.spans).tolist(), len(self.ids)]):
            start = int(self.spans.starts[first:after].min())
            end = int(self.spans.ends[first:after].max())
            if min(start, until) > reached:
                yield self._left_out(reached, min(start, until))
            if start >= until:
                return
            yield self._piece(first, start, self.text[start:end], alone=after - first == 1)
            for token in range(first + 1, after):
                yield self._piece(token, end, b"", alone=False)
            reached = end
        if until > reached:
            yield self._left_out(reached, until)

    def _left_out(self, start: int, end: int) -> Piece:
        covered = self.text[start:end]
        return Piece(None, start, covered, covered, LEFT_OUT)

    def _piece(self, token: int, start: int, covered: bytes, alone: bool) -> Piece:
        number, says = int(self.ids[token]), self.says[token]
        prefixed = token == 0 and alone and bool(covered) and says == b" " + covered
        if number == self.unknown:
            mark = UNKNOWN
        elif alone and not covered:
            mark = ADDED
        elif says == covered or prefixed:
            mark = "" if is_utf8(covered) else PART
        else:
            mark = ALTERED
        return Piece(number, start, covered, says, mark)


def stretches(spans: Spans) -> Ints:
    """Give the first token of every stretch: none of another stretch reaches into it."""
    if not spans.starts.size:
        return np.zeros(0, np.int64)
    reach = np.maximum.accumulate(spans.ends)
    back = np.minimum.accumulate(spans.starts[::-1])[::-1]
    return np.concatenate([[0], np.flatnonzero(reach[:-1] <= back[1:]) + 1])


def _begins(spans: Spans, firsts: Ints) -> Ints:
    """Say at which byte every stretch begins."""
    if not firsts.size:
        return firsts
    return np.asarray(np.minimum.reduceat(spans.starts, firsts))


def _parted(text: bytes, spans: Spans, says: Sequence[bytes]) -> Spans:
    """Part the bytes of a stretch among its tokens where they spell it together.

    They may spell what is left out before it too: the space of a word, which offsets of some
    libraries begin after.
    """
    starts, ends = spans.starts.copy(), spans.ends.copy()
    firsts = stretches(spans)
    begins, afters = _begins(spans, firsts), np.append(firsts[1:], len(says))
    reached = np.append(0, np.maximum.accumulate(ends))[firsts]
    loose = np.flatnonzero((afters - firsts > 1) | (begins > reached))
    for stretch in loose.tolist():
        mine = slice(int(firsts[stretch]), int(afters[stretch]))
        end, spelled = int(ends[mine].max()), b"".join(says[mine])
        start = end - len(spelled)
        if reached[stretch] <= start <= begins[stretch] and text[start:end] == spelled:
            borders = start + running_total(np.array([len(each) for each in says[mine]]))
            starts[mine], ends[mine] = borders[:-1], borders[1:]
    return Spans(starts, ends)
