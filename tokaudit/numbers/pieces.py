"""Pieces: where a reading's tokens end among the digits of its numbers, and what became of them."""

from dataclasses import dataclass

import numpy as np

from tokaudit.batch import Ints, Mask, Spans, running_total
from tokaudit.numbers.found import Numbers
from tokaudit.reading import Reading

LONGEST = 18  # digits: longer numbers have no bits of borders


@dataclass(frozen=True, eq=False)
class Pieces:
    """What became of each number.

    Bit k of `borders` is set where a token ends behind digit k + 1, the last digit aside; it is -1
    for numbers of more than 18 digits. `split` numbers have a digit that takes several tokens,
    `glued` ones share a token with something beside them (a space before them aside), and of
    `lost` ones a part became the unknown token, or nothing at all.
    """

    borders: Ints
    split: Mask
    glued: Mask
    lost: Mask


def pieces(reading: Reading, found: Numbers) -> Pieces:
    """Look up every number in the spans of a reading's tokens."""
    size = reading.batch.data.size
    spans = reading.spans
    inked = spans.ends > spans.starts
    starts, ends = spans.starts[inked], spans.ends[inked]
    ending = running_total(np.bincount(ends, minlength=size + 1))
    digits = found.digits
    several = ending[digits.ends + 1] - ending[digits.starts + 1] > 1
    return Pieces(
        borders=_borders(found, ending),
        split=_any(several, found.first),
        glued=_glued(reading, found, Spans(starts, ends)),
        lost=_lost(reading, found, Spans(starts, ends), inked),
    )


def _borders(found: Numbers, ending: Ints) -> Ints:
    """Set a bit where a token ends behind a digit, or before the next one (`1,234`)."""
    inner = found.places[1:] > 0  # this digit and the one before it are of one number
    before, after = found.digits.ends[:-1], found.digits.starts[1:]
    cut = inner & (ending[after + 1] > ending[before])
    bits = np.append(cut.astype(np.int64) << found.places[:-1].clip(0, 62), 0)
    summed = np.add.reduceat(bits, found.first[:-1]) if found.row.size else bits[:0]
    return np.where(found.lengths <= LONGEST, summed, -1)


def _any(marks: Mask, first: Ints) -> Mask:
    total = running_total(marks)
    return np.asarray(total[first[1:]] > total[first[:-1]])


def _glued(reading: Reading, found: Numbers, tokens: Spans) -> Mask:
    """Mark numbers whose first or last token holds something else; one space before is nothing."""
    data = reading.batch.data
    begins = np.zeros(data.size + 1, np.bool_)
    ends = np.zeros(data.size + 1, np.bool_)
    begins[tokens.starts], ends[tokens.ends] = True, True
    before = (found.starts - 1).clip(0)
    space = (found.starts > 0) & (data[before] == ord(" ")) if data.size else begins[found.starts]
    alone = begins[found.starts] | (space & begins[before])
    return np.asarray(~alone | ~ends[found.ends])


def _lost(reading: Reading, found: Numbers, tokens: Spans, inked: Mask) -> Mask:
    """Mark numbers that the unknown token touches, or that no token covers whole."""
    lacking = reading.tokenizer.vocabulary.unknown
    known = reading.ids[inked] != (-1 if lacking is None else lacking)
    if known.all() and not reading.altered.any():
        return np.zeros(found.row.size, np.bool_)
    places = reading.batch.data.size + 1
    begun = np.bincount(tokens.starts[known], minlength=places)
    depth = np.cumsum(begun - np.bincount(tokens.ends[known], minlength=places))
    covered = running_total(depth[:-1] > 0)
    missing = covered[found.digits.ends] - covered[found.digits.starts] < np.subtract(
        found.digits.ends, found.digits.starts
    )
    return _any(missing, found.first)
