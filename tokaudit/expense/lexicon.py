"""A lexicon: the distinct words of a text, how often each occurs, and what it costs in tokens.

Words are told apart by a hash of 64 bits. Of more than `LIMIT` words those are kept whose hash is
below a threshold (distinct sampling, Gibbons 2001): what is kept depends on which words there are,
neither on their order nor on how the work was divided.
"""

from dataclasses import dataclass, field, replace
from typing import NamedTuple, Self
from weakref import WeakValueDictionary

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tokaudit.batch import Batch, Ints, Keys, running_total, stretches
from tokaudit.reading import Reading

LIMIT = 2**18  # words of a language that are kept
LONGEST = 128  # bytes of a word that is kept: longer ones are no words but data
PRIME = np.uint64(
    0x9E3779B97F4A7C15
)  # odd, its bits without a pattern (2^64 over the golden ratio)


class Coded(NamedTuple):
    """Distinct words by ascending hash, and which of them each word of a batch is (-1: none)."""

    keys: Keys
    texts: pa.LargeStringArray
    code: Ints


def _no_ints() -> Ints:
    return np.zeros(0, np.int64)


@dataclass(frozen=True, eq=False)
class Lexicon:
    """Word i occurs `counts[i]` times, as `tokens[i]` tokens in all, `whole[i]` times as one token.

    Hashes `keys` ascend; none is 2**(64 - `halvings`) or more, so one in 2**`halvings` is kept.
    """

    keys: Keys = field(default_factory=lambda: np.zeros(0, np.uint64))
    texts: pa.LargeStringArray = field(default_factory=lambda: pa.array([], pa.large_string()))
    counts: Ints = field(default_factory=_no_ints)
    tokens: Ints = field(default_factory=_no_ints)
    whole: Ints = field(default_factory=_no_ints)
    halvings: int = 0

    @classmethod
    def of(cls, reading: Reading) -> Self:
        """Count the words of a reading, each as often as its row."""
        keys, texts, code = reading.batch.once(_coded)
        row, tokens, whole = (each[code >= 0] for each in reading.words)
        code, often = code[code >= 0], reading.batch.weights[row]
        counts, spent, one = (
            np.bincount(code, each, keys.size).astype(np.int64)
            for each in (often, tokens * often, whole * often)
        )
        found = cls(keys, texts, counts, spent, one)
        return found._only(np.flatnonzero(counts))._bounded(0)._sharing()

    def __add__(self, other: Self) -> Self:
        """Merge two lexicons word by word."""
        keys = np.concatenate([self.keys, other.keys])
        order = np.argsort(keys, kind="stable")  # two runs that ascend: merged in linear time
        keys = keys[order]
        first = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])[: keys.size])
        texts = pa.concat_arrays([self.texts, other.texts]).take(pa.array(order[first]))
        pairs = ((getattr(self, name), getattr(other, name)) for name in SUMS)
        counts, tokens, whole = (
            np.add.reduceat(np.concatenate(pair)[order], first) for pair in pairs
        )
        merged = type(self)(keys[first], texts, counts, tokens, whole)
        return merged._bounded(max(self.halvings, other.halvings))._sharing()

    def __eq__(self, other: object) -> bool:
        """Compare words and counts."""
        return (
            isinstance(other, Lexicon)
            and self.halvings == other.halvings
            and self.texts.equals(other.texts)
            and all(np.array_equal(getattr(self, n), getattr(other, n)) for n in ("keys", *SUMS))
        )

    __hash__ = None  # type: ignore[assignment]

    @property
    def share(self) -> float:
        """The share of all distinct words that is kept."""
        return 0.5**self.halvings

    def _bounded(self, halvings: int) -> Self:
        """Halve what is kept until it fits."""
        size = _below(self.keys, halvings)
        while size > LIMIT:
            halvings += 1
            size = _below(self.keys, halvings)
        return replace(self._only(slice(size)), halvings=halvings)

    def _sharing(self) -> Self:
        """Take the words of a lexicon that has the same: all tokenizers read one text."""
        known = KNOWN.setdefault(hash(self.keys.tobytes()), self)
        if known is self or not np.array_equal(known.keys, self.keys):
            return self
        counts = known.counts if np.array_equal(known.counts, self.counts) else self.counts
        return replace(self, keys=known.keys, texts=known.texts, counts=counts)

    def _only(self, places: Ints | slice) -> Self:
        if (places.stop if isinstance(places, slice) else places.size) == self.keys.size:
            return self
        texts = self.texts[places] if isinstance(places, slice) else self.texts.take(places)
        sums = (getattr(self, name)[places] for name in SUMS)
        return type(self)(self.keys[places], texts, *sums)


SUMS = ("counts", "tokens", "whole")
KNOWN: WeakValueDictionary[int, Lexicon] = WeakValueDictionary()  # those in use


def _below(keys: Keys, halvings: int) -> int:
    """Count the hashes under the threshold."""
    return int(np.searchsorted(keys, np.uint64(2 ** (64 - halvings)))) if halvings else keys.size


def _coded(batch: Batch) -> Coded:
    """Find the distinct words of a batch; those that are too long are none."""
    starts, ends = batch.words
    sizes = ends - starts
    data = batch.data[stretches(starts, sizes)]
    texts = _strings(running_total(sizes), data).dictionary_encode()
    distinct = texts.dictionary
    keys = hashes(distinct)
    kept = np.flatnonzero(_lengths(distinct) <= LONGEST)
    order = kept[np.argsort(keys[kept])]
    place = np.full(len(distinct), -1)
    place[order] = np.arange(order.size)
    code = place[texts.indices.to_numpy()] if len(distinct) else _no_ints()
    return Coded(keys[order], distinct.take(pa.array(order)), code)


def hashes(texts: pa.LargeStringArray) -> Keys:
    """Hash texts that are not empty: a polynomial in an odd number, modulo 2^64, then mixed."""
    if not len(texts):
        return np.zeros(0, np.uint64)
    data, first, sizes = _bytes(texts), _offsets(texts)[:-1], _lengths(texts)
    powers = np.multiply.accumulate(np.full(int(sizes.max()), PRIME, np.uint64))
    places = np.arange(data.size) - np.repeat(first, sizes)
    summed = np.add.reduceat(data.astype(np.uint64) * powers[places], first)
    for shift in (32, 29, 32):
        summed = (summed ^ summed >> np.uint64(shift)) * PRIME
    return np.asarray(summed ^ summed >> np.uint64(32))


def _strings(offsets: Ints, data: npt.NDArray[np.uint8]) -> pa.LargeStringArray:
    return pa.LargeStringArray.from_buffers(
        offsets.size - 1, pa.py_buffer(offsets), pa.py_buffer(data)
    )


def _offsets(texts: pa.LargeStringArray) -> Ints:
    return np.frombuffer(texts.buffers()[1] or bytes(8), np.int64)[: len(texts) + 1]


def _lengths(texts: pa.LargeStringArray) -> Ints:
    return np.diff(_offsets(texts))


def _bytes(texts: pa.LargeStringArray) -> npt.NDArray[np.uint8]:
    return np.frombuffer(texts.buffers()[2] or b"", np.uint8)[: _offsets(texts)[-1]]
