"""What changed most: words and rows that two tokenizers cut into different numbers of tokens."""

from collections.abc import Callable, Iterator
from heapq import nsmallest
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from tokaudit.batch import Batch, Ints, Spans, running_total, stretches
from tokaudit.legible import BORDER, shown, written
from tokaudit.pieces import Cut
from tokaudit.reading import Reading
from tokaudit.reads import read
from tokaudit.tokenizer import Tokenizer

WORDS, ROWS = 5, 2  # of each language that became dearer, and that became cheaper
SHOWN = 120  # bytes of a row
Row = dict[str, Any]


class Both(NamedTuple):
    """The same texts read by two tokenizers; rows that either refuses are left out."""

    own: Reading
    other: Reading

    @property
    def batch(self) -> Batch:
        """The texts."""
        return self.own.batch


def both(own: Tokenizer, other: Tokenizer, batch: Batch) -> Both:
    """Read texts twice."""
    found = Both(read(own, batch), read(other, batch))
    refused = np.union1d(found.own.refused, found.other.refused)
    if not refused.size:
        return found
    return both(own, other, batch.take(np.setdiff1d(np.arange(batch.rows), refused)))


def words(found: Both) -> Iterator[Row]:
    """List the words whose tokens in all changed most, the dearer first.

    They are cut as where they changed most.
    """
    batch = found.batch
    starts, ends = batch.words
    spelled = _spelled(batch, starts, ends).dictionary_encode()
    codes, distinct = spelled.indices.to_numpy(), spelled.dictionary.to_pylist()
    own, other = (_by_code(codes, each.words.tokens, len(distinct)) for each in found)
    changes = found.own.words.tokens - found.other.words.tokens
    counts = np.bincount(codes, minlength=len(distinct))
    for code in _most(own - other, distinct.__getitem__, WORDS):
        there = np.flatnonzero(codes == code)
        place = there[np.argmax(changes[there] * np.sign(own[code] - other[code]))]
        span = int(starts[place]), int(ends[place])
        yield {
            "word": shown(distinct[code]),
            "count": int(counts[code]),
            "tokens": int(own[code]),
            "tokens_against": int(other[code]),
            "change": int(own[code] - other[code]),
            "cut": _parts(found.own, *span),
            "cut_against": _parts(found.other, *span),
        }


def rows(found: Both) -> Iterator[Row]:
    """List the rows whose ratio of tokens is farthest from 1, the dearer first."""
    own, other = found.own.tokens, found.other.tokens
    known = np.minimum(own, other) > 0
    ratios = np.where(known, np.log(np.maximum(own, 1)) - np.log(np.maximum(other, 1)), 0)
    texts = found.batch.texts
    for row in _most(ratios, lambda place: texts[place].as_py(), ROWS):
        yield {
            "tokens": int(own[row]),
            "tokens_against": int(other[row]),
            "ratio": float(own[row] / other[row]),
            "cut": _cut(found.own, row),
            "cut_against": _cut(found.other, row),
        }


def _spelled(batch: Batch, starts: Ints, ends: Ints) -> pa.LargeBinaryArray:
    sizes = ends - starts
    data = batch.data[stretches(starts, sizes)]
    offsets = running_total(sizes)
    return pa.LargeBinaryArray.from_buffers(
        pa.large_binary(), sizes.size, [None, pa.py_buffer(offsets), pa.py_buffer(data)]
    )


def _by_code(codes: Ints, tokens: Ints, size: int) -> Ints:
    return np.bincount(codes, tokens, size).astype(np.int64)


def _most(changes: Any, name: Callable[[int], Any], most: int) -> Iterator[int]:
    """Choose places of what rose most, then of what fell most; equal changes go by name."""
    for sign in (1, -1):
        places = np.flatnonzero(sign * changes > 0).tolist()
        yield from nsmallest(most, places, key=lambda at: (-abs(changes[at]), name(at)))


def _parts(reading: Reading, start: int, end: int) -> str:
    """Write the bytes of a word between the borders of tokens."""
    begins = reading.spans.starts
    inner = np.unique(begins[(begins > start) & (begins < end)]).tolist()
    data = reading.batch.data
    parts = (data[a:b].tobytes() for a, b in pairwise([start, *inner, end]))
    return BORDER.join(map(shown, parts))


def _cut(reading: Reading, row: int) -> str:
    """Write the beginning of a row as it is cut."""
    batch, vocabulary = reading.batch, reading.tokenizer.vocabulary
    mine = slice(*reading.encoded.offsets[row : row + 2].tolist())
    begin, end = batch.offsets[row : row + 2].tolist()
    spans = Spans(*(each[mine] - begin for each in reading.spans))
    ids = reading.ids[mine]
    says = vocabulary.decode(ids).to_pylist()
    cut = Cut.of(batch.data[begin:end].tobytes(), spans, ids, says, vocabulary.unknown)
    pieces = [piece for piece in cut.pieces(SHOWN) if piece.start < SHOWN]
    return BORDER.join(map(written, pieces)) + (" …" if end - begin > SHOWN else "")
