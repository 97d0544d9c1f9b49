"""A reading: one tokenizer meets one batch, encoded once however many audits ask."""

from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tokaudit.batch import Batch, Ints, Mask, Spans, running_total, stretches
from tokaudit.errors import EngineFailed
from tokaudit.ink import Spelled, by_ink
from tokaudit.once import Once, shared_property
from tokaudit.tokenizer import Ids, Tokenizer

SPACE = 0x20


class WordTokens(NamedTuple):
    """For each word of a batch: its row, how many tokens overlap it, and if one token is it."""

    row: Ints
    tokens: Ints
    whole: Mask


@dataclass(frozen=True, eq=False)
class Reading(Once):
    """Flat ids of a batch, and (found when first asked for) where in the text each token lies.

    `failed` counts rows the engine could not encode (`refused` says which they were); they are not
    in `batch` any more.
    """

    tokenizer: Tokenizer
    batch: Batch
    encoded: Ids
    failed: int = 0
    refused: Ints = field(default_factory=lambda: np.zeros(0, np.int64))

    def weighted(self, weights: Ints) -> Self:
        """Read the same texts, occurring this often; what was found out about them stays known."""
        other = copy(self)
        object.__setattr__(other, "batch", self.batch.weighted(weights))
        self.shares(other)
        vars(other).pop("weights", None)
        return other

    @property
    def ids(self) -> Ints:
        """Ids of all rows, end to end."""
        return self.encoded.ids

    @shared_property
    def tokens(self) -> Ints:
        """Tokens of each row."""
        return np.diff(self.encoded.offsets)

    @cached_property
    def weights(self) -> Ints:
        """How often each token occurs: the weight of its row."""
        return np.repeat(self.batch.weights, self.tokens)

    @shared_property
    def spans(self) -> Spans:
        """The bytes of `batch.data` that each token covers; raises EngineFailed if unknown.

        In rows that are not altered, spans are running totals of token lengths, and where only
        white space and the case of ASCII letters are, of what is left (without white space at
        their ends). Other rows were normalised or lost something: there the engine's own offsets
        count.
        """
        batch, (ends, _), offsets = self.batch, self._decoded, self.encoded.offsets
        if not self.altered.any() and ends[-1] == batch.data.size:
            return Spans(ends[:-1], ends[1:])
        shift = np.repeat(batch.offsets[:-1] - ends[offsets[:-1]] - self._surplus, self.tokens)
        floor = np.repeat(batch.offsets[:-1], self.tokens)
        spans = Spans(np.maximum(ends[:-1] + shift, floor), np.maximum(ends[1:] + shift, floor))
        return self._respanned(spans) if self.altered.any() else spans

    @shared_property
    def altered(self) -> Mask:
        """Mark rows whose tokens' bytes, joined, are not the row.

        One space more at the beginning (a dummy prefix) alters nothing.
        """
        batch, (ends, data), offsets = self.batch, self._decoded, self.encoded.offsets
        if np.array_equal(ends[offsets], batch.offsets) and np.array_equal(data, batch.data):
            return np.zeros(batch.rows, np.bool_)
        first = ends[offsets[:-1]]  # of a row's first token
        prefixed = self._surplus == 1
        prefixed[prefixed] = data[first[prefixed]] == SPACE
        same = prefixed | (self._surplus == 0)
        rows = np.flatnonzero(same)
        same[rows] = self._same(rows, first[rows] + self._surplus[rows])
        return np.asarray(~same)

    def _same(self, rows: Ints, decoded: Ints) -> Mask:
        """Compare rows byte by byte with what is decoded from these places on."""
        begin, size = self.batch.offsets[rows], np.diff(self.batch.offsets)[rows]
        own = self.batch.data[stretches(begin, size)]
        differ = running_total(self._decoded[1][stretches(decoded, size)] != own)
        return np.asarray(np.diff(differ[running_total(size)]) == 0)

    @shared_property
    def _surplus(self) -> Ints:
        """Bytes that each row's tokens have more than the row."""
        return np.diff(self._decoded[0][self.encoded.offsets]) - np.diff(self.batch.offsets)

    @shared_property
    def places(self) -> Ints:
        """Where each token stands in the vocabulary."""
        return self.tokenizer.vocabulary.places(self.ids)

    @shared_property
    def _decoded(self) -> tuple[Ints, npt.NDArray[np.uint8]]:
        """Where each token's bytes end (tokens + 1 numbers, the first 0), and all those bytes."""
        decoded = self.tokenizer.vocabulary.texts.take(pa.array(self.places))
        ends = np.frombuffer(decoded.buffers()[1] or bytes(8), np.int64)[: len(decoded) + 1]
        return ends, np.frombuffer(decoded.buffers()[2] or b"", np.uint8)[: ends[-1]]

    def _respanned(self, spans: Spans) -> Spans:
        """Replace the spans of altered rows."""
        starts, ends = spans.starts.copy(), spans.ends.copy()
        own = Spelled(self.batch.data, self.batch.offsets)
        decoded = Spelled(self._decoded[1], self._decoded[0][self.encoded.offsets])
        inked = by_ink(own, decoded, self._decoded[0], self.tokens)
        alike = self.altered & inked.alike
        mine = np.repeat(alike, self.tokens)
        starts[mine], ends[mine] = inked.starts[mine], inked.ends[mine]
        return self._placed(Spans(starts, ends), np.flatnonzero(self.altered & ~alike))

    def _placed(self, spans: Spans, rows: Ints) -> Spans:
        """Replace the spans of these rows by the engine's own."""
        if not rows.size:
            return spans
        mine = np.repeat(np.isin(np.arange(self.batch.rows), rows), self.tokens)
        begin = self.batch.offsets[rows] + (
            self.batch.inside[rows] & (self.tokenizer.chunking.how == "bare")
        )
        start = np.repeat(begin, self.tokens[rows])
        found = self._offsets(rows, mine)
        starts, ends = spans.starts.copy(), spans.ends.copy()
        starts[mine], ends[mine] = found.starts + start, found.ends + start
        return self._without_prefixes(Spans(starts, ends), mine)

    def _without_prefixes(self, spans: Spans, placed: Mask) -> Spans:
        """Give a `▁` put before a word no bytes: engines say it has those of the first letter."""
        seen, vocabulary = self.batch.visible, self.tokenizer.vocabulary
        prefix = placed & vocabulary.blank[self.places] & (self.ids != vocabulary.unknown)
        prefix &= seen[spans.ends] > seen[spans.starts]
        return Spans(spans.starts, np.where(prefix, spans.starts, spans.ends))

    def _offsets(self, rows: Ints, mine: Mask) -> Spans:
        """Give the engine's offsets for these rows (whose tokens are `mine`)."""
        spec, engine = self.tokenizer.spec, self.tokenizer.engine
        placed = engine.place(texts_read(self.tokenizer, self.batch.take(rows)))
        if placed is None:
            raise EngineFailed(f"{spec}: tokens are other text, and {engine.name} has no offsets")
        if not np.array_equal(placed.ids.ids, self.ids[mine]):
            raise EngineFailed(f"{spec}: {engine.name} gave other ids when asked for offsets")
        return Spans(placed.starts, placed.ends)

    @shared_property
    def words(self) -> WordTokens:
        """What became of each word, in context.

        A token overlaps a word if they share a byte that is not white space; a word is whole
        if one token covers it and at most white space besides.
        """
        (words, row), tokens = self.batch.once(_inked_words), self._inked_tokens
        ended = self._before(tokens.ends)
        counts = self._before(tokens.starts)[words.ends] - ended[words.starts + 1]
        whole = counts == 1
        first, last = words.starts[whole], words.ends[whole]
        if (np.diff(tokens.ends) < 0).any():
            only = np.searchsorted(np.maximum.accumulate(tokens.ends), first, side="right")
        else:
            only = ended[first + 1]
        start, end = tokens.starts[only], tokens.ends[only]
        seen = self.batch.visible
        whole[whole] = (
            (start <= first) & (end >= last) & (seen[end] - seen[start] == seen[last] - seen[first])
        )
        return WordTokens(row, counts, whole)

    def _before(self, places: Ints) -> Ints:
        """Count, for each byte of the batch and the two behind it, the places before it."""
        return running_total(np.bincount(places, minlength=self.batch.data.size + 1))

    @property
    def _inked_tokens(self) -> Spans:
        """Tokens that cover something visible and stand for something visible, in order."""
        seen, (starts, ends), vocabulary = self.batch.visible, self.spans, self.tokenizer.vocabulary
        inked = seen[starts] < seen[ends]
        inked &= ~vocabulary.blank[self.places]  # a `▁` put before a word
        starts, ends = starts[inked], ends[inked]
        if (np.diff(starts) < 0).any():  # a normaliser may have reordered
            order = np.lexsort((ends, starts))
            starts, ends = starts[order], ends[order]
        return Spans(starts, ends)


def _inked_words(batch: Batch) -> tuple[Spans, Ints]:
    """Give words without white space at their ends (a narrow no-break space may belong to one).

    And the row of each.
    """
    seen, (starts, ends) = batch.visible, batch.words
    visible = np.flatnonzero(np.diff(seen))
    words = Spans(visible[seen[starts]], visible[seen[ends] - 1] + 1)
    return words, batch.row_of(words.starts)


def texts_read(tokenizer: Tokenizer, batch: Batch) -> pa.LargeStringArray:
    """Give what the engine reads: a space that it would put before a text itself is left out."""
    return batch.bare if tokenizer.chunking.how == "bare" else batch.texts
