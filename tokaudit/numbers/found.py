"""Numbers of a batch: where every run of decimal digits stands, digit by digit, in bytes."""

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import regex

from tokaudit.batch import Batch, Ints, Mask, Spans

DECIMAL = regex.compile(r"\p{Nd}")
LONGEST_KNOWN = 18  # digits of a number whose value fits int64


@dataclass(frozen=True, eq=False)
class Numbers:
    """Numbers in order, their digits end to end.

    Digit j is the code point `letters[j]` and the bytes `digits.starts[j]:digits.ends[j]` of the
    batch's data; number i has the digits `first[i]:first[i + 1]` and stands in row `row[i]`.
    """

    digits: Spans
    letters: Ints
    first: Ints
    row: Ints

    @property
    def lengths(self) -> Ints:
        """Digits of each number."""
        return np.diff(self.first)

    @property
    def starts(self) -> Ints:
        """First byte of each number."""
        return self.digits.starts[self.first[:-1]]

    @property
    def ends(self) -> Ints:
        """First byte behind each number."""
        return self.digits.ends[self.first[1:] - 1]

    @property
    def places(self) -> Ints:
        """How many digits of its number stand before each digit."""
        return np.arange(self.digits.starts.size) - np.repeat(self.first[:-1], self.lengths)

    def regrouped(self, labels: Ints) -> "Numbers":
        """Take digits as one number as long as their label stays the same (`1,234` is one)."""
        begins = np.flatnonzero(np.diff(labels, prepend=labels[:1] - 1))
        of_digit = np.repeat(self.row, self.lengths)
        bounds = np.append(begins, labels.size)
        return replace(self, first=bounds, row=of_digit[begins])

    def by_row(self) -> "Numbers":
        """Take all digits of a row as one number."""
        return self.regrouped(np.repeat(self.row, self.lengths))


def numbers(batch: Batch) -> Numbers:
    """Find every number of a batch; found once, however many tokenizers read it."""
    return batch.once(_numbers)


def _numbers(batch: Batch) -> Numbers:
    starts, ends, letters = _digits(batch)
    begins_row = np.zeros(batch.data.size + 1, np.bool_)
    begins_row[batch.offsets] = True
    begins = begins_row[starts]
    begins[1:] |= starts[1:] != ends[:-1]
    begins[:1] = True
    first = np.flatnonzero(begins)
    bounds, row = np.append(first, starts.size), batch.row_of(starts[first])
    return Numbers(Spans(starts, ends), letters, bounds, row)


def values(found: Numbers) -> Ints:
    """Give the worth of each number of up to 18 ASCII digits; of others the result is no use."""
    behind = (np.repeat(found.lengths, found.lengths) - 1 - found.places).clip(0, LONGEST_KNOWN)
    worth = (found.letters - ord("0")) * 10**behind
    return np.add.reduceat(worth, found.first[:-1]) if worth.size else worth


def _digits(batch: Batch) -> tuple[Ints, Ints, Ints]:
    """Give the first byte of each digit, the first behind it, and its code point."""
    data = batch.data
    ascii_digits = np.flatnonzero((data >= ord("0")) & (data <= ord("9")))
    if not data.size or data.max() < 0x80:
        return ascii_digits, ascii_digits + 1, data[ascii_digits].astype(np.int64)
    letters = np.frombuffer(data.tobytes().decode().encode("utf-32-le"), np.uint32)
    leads = np.append(np.flatnonzero((data & 0xC0) != 0x80), data.size)
    at = np.flatnonzero(_decimal()[letters])
    return leads[at], leads[at + 1], letters[at].astype(np.int64)


@cache
def _decimal() -> Mask:
    table = np.zeros(0x110000, np.bool_)
    table[[ord(digit) for digit in decimal_digits()]] = True
    return table


@cache
def decimal_digits() -> str:
    """Give all decimal digits that Unicode assigns, in code point order."""
    every = "".join(map(chr, [*range(0xD800), *range(0xE000, 0x110000)]))
    return "".join(DECIMAL.findall(every))
