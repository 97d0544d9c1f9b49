"""A sweep: all short numbers and a sample of longer ones, bare and behind what stands in text."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, NamedTuple, Self

import numpy as np
import regex

from tokaudit.batch import Ints, Mask
from tokaudit.histogram import Histogram
from tokaudit.numbers.cuts import Partition, partition
from tokaudit.numbers.found import numbers, values
from tokaudit.numbers.part import Part, key_of
from tokaudit.numbers.pieces import pieces
from tokaudit.reading import Reading

# What stands before a number and behind it.
CONTEXTS = {
    "bare": ("", ""),
    "space": (" ", ""),
    "letter": ("x", ""),
    "brackets": ("(", ")"),
    "minus": ("-", ""),
    "line": ("\n", ""),
}
EXACT = {"bare": 5}  # lengths up to which all numbers are cut, zero-padded ones among them
EXACT_ELSEWHERE = 4
LONGEST = 10
# Numbers of each length that are not all cut: bare and behind a space, elsewhere, behind a sign.
SAMPLE, SMALL_SAMPLE, SIGN_SAMPLE = 2_000, 500, 20
CURRENCY = regex.compile(r"\p{Sc}")
# Bits of one packed cut, from the lowest.
WIDTHS = {"value": 34, "borders": 9, "digits": 4, "context": 7, "lost": 1, "glued": 1}


class Swept(NamedTuple):
    """Cuts, one a row: the number (worth and length), where, how it was cut, how often seen."""

    value: Ints
    borders: Ints
    digits: Ints
    context: Ints
    lost: Ints
    glued: Ints
    counts: Ints

    def chosen(self, mask: Mask) -> "Swept":
        """Keep the rows that are marked."""
        return Swept(*(column[mask] for column in self))


@dataclass(frozen=True)
class Sweep(Part):
    """Every number that was cut, with its cut, packed into 56 bits."""

    NAME = "sweep"
    packed: Histogram = field(default_factory=Histogram)

    @classmethod
    def texts(cls) -> Mapping[str, Sequence[str]]:
        """Put all numbers of a context behind what makes it."""
        main = {
            context: [f"{before}{number}{after}" for number in _numbers(context)]
            for context, (before, after) in CONTEXTS.items()
        }
        behind = {sign: [sign + number for number in _numbers(sign)] for sign in signs()}
        return behind | main

    @classmethod
    def observe(cls, reading: Reading) -> Self:
        """Pack the cut of every number."""
        found = numbers(reading.batch)
        cut = pieces(reading, found)
        context = np.full(found.row.size, contexts().index(key_of(reading)))
        columns = {
            "value": values(found),
            "borders": np.where(cut.lost, 0, cut.borders),
            "digits": found.lengths,
            "context": context,
            "lost": cut.lost,
            "glued": cut.glued,
        }
        return cls(Histogram.of(_pack(columns), reading.batch.weights[found.row]))

    @cached_property
    def swept(self) -> Swept:
        """Unpack all cuts, ordered by context, length and worth."""
        columns = _unpack(self.packed.ids, tuple(WIDTHS))
        found = Swept._make([*columns, self.packed.counts])
        order = np.lexsort((found.value, found.digits, found.context))
        return Swept(*(column[order] for column in found))

    def where(self, context: str) -> Swept:
        """Give the cuts of one context."""
        index = contexts().index(context)
        first, last = np.searchsorted(self.swept.context, [index, index + 1])
        return Swept(*(column[first:last] for column in self.swept))

    @cached_property
    def cuts(self) -> dict[str, dict[int, Counter[Partition]]]:
        """Count the cuts of the numbers that were not lost: by context, length, pieces."""
        kinds = Histogram.of(self.packed.ids >> WIDTHS["value"], self.packed.counts)
        names, cuts = contexts(), {}  # type: ignore[var-annotated]
        for kind, n in zip(kinds.ids.tolist(), kinds.counts.tolist(), strict=True):
            borders, digits, context, lost, _ = _unpack(kind, tuple(WIDTHS)[1:])
            if not lost:
                lengths = cuts.setdefault(names[context], {}).setdefault(digits, Counter())
                lengths[partition(digits, borders)] += n
        return {name: dict(sorted(lengths.items())) for name, lengths in cuts.items()}

    def of(self, context: str, longest: int = 9) -> dict[int, Counter[Partition]]:
        """Give the cuts of one context, of numbers of up to so many digits."""
        lengths = self.cuts.get(context, {})
        return {digits: cuts for digits, cuts in lengths.items() if digits <= longest}

    @property
    def lost(self) -> int:
        """Count numbers that became the unknown token or nothing."""
        return int(self.swept.counts[self.swept.lost == 1].sum())


@cache
def signs() -> tuple[str, ...]:
    """Give the currency signs of Unicode (General_Category Sc)."""
    return tuple(CURRENCY.findall("".join(map(chr, [*range(0xD800), *range(0xE000, 0x110000)]))))


@cache
def contexts() -> tuple[str, ...]:
    """Name every context, in order."""
    return (*CONTEXTS, *signs())


def is_exact(context: str, digits: int) -> bool:
    """Say whether all numbers of a length are cut in this context."""
    return digits <= (EXACT.get(context, EXACT_ELSEWHERE) if context in CONTEXTS else 0)


def _numbers(context: str) -> list[str]:
    """Write the numbers of a context; a smaller sample is part of a larger one."""
    size = SAMPLE if context in ("bare", "space") else SMALL_SAMPLE
    size = size if context in CONTEXTS else SIGN_SAMPLE
    written: list[str] = []
    for digits in range(1, LONGEST + 1):
        drawn = range(10**digits) if is_exact(context, digits) else _drawn(digits)[:size]
        written += (f"{n:0{digits}}" for n in sorted(drawn))
    return written


@cache
def _drawn(digits: int) -> list[int]:
    return random.Random(digits).sample(range(10**digits), min(SAMPLE, 10**digits))


def _pack(columns: Mapping[str, Ints | Mask]) -> Ints:
    packed, shift = np.zeros(len(columns["value"]), np.int64), 0
    for name, width in WIDTHS.items():
        packed |= np.asarray(columns[name], np.int64) << shift
        shift += width
    return packed


def _unpack(packed: Any, names: Sequence[str]) -> list[Any]:
    """Give the columns of packed cuts (an array, or one number), from the lowest bit."""
    found = []
    for name in names:
        found.append(packed & ((1 << WIDTHS[name]) - 1))
        packed = packed >> WIDTHS[name]
    return found
