"""Digits of other writing systems: all sets of decimal digits that Unicode has, and some more."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Self

import numpy as np

from tokaudit.batch import Ints, Mask
from tokaudit.columns import count, figure, label, table
from tokaudit.numbers.found import decimal_digits
from tokaudit.numbers.part import Part, Row, key_of, sums
from tokaudit.reading import Reading
from tokaudit.text import ratio

try:
    import icu
except ImportError:  # then a set is named by the code point of its zero
    icu = None

# Digits that are not decimal (General_Category No) though people count with them.
OTHERS = {
    "superscript": "⁰¹²³⁴⁵⁶⁷⁸⁹",
    "subscript": "₀₁₂₃₄₅₆₇₈₉",
    "circled": "⓪①②③④⑤⑥⑦⑧⑨",
    "negative circled": "⓿❶❷❸❹❺❻❼❽❾",
}
SAMPLE = 40
COLUMNS = table(
    [
        label("digit_set", "the digits' name in Unicode; ASCII is `digit`"),
        label("digits", "all of them, 0 first"),
        count("alone", "digits that were cut, each alone"),
        count("one_token", "digits of these that are one token of their own", "higher"),
        count("lost", "digits that became the unknown token, or nothing", "lower"),
        count("as_ascii", "digits that came out as ASCII digits: a normaliser's doing"),
        figure(
            "tokens_per_digit", "tokens / digits of 40 seeded numbers of 2 to 5 digits", "lower"
        ),
    ]
)


@cache
def digit_sets() -> dict[str, str]:
    """Give every set of digits by name, 0 first.

    >>> digit_sets()["devanagari digit"]
    '०१२३४५६७८९'
    """
    every = decimal_digits()  # assigned in tens, from 0 (Unicode, character encoding stability)
    tens = [every[i : i + 10] for i in range(0, len(every), 10)]
    return {_name(ten[0]): ten for ten in tens} | OTHERS


def _name(zero: str) -> str:
    named = str(icu.Char.charName(zero)) if icu else ""  # none either where ICU is older than regex
    return named.removesuffix(" ZERO").lower() or f"U+{ord(zero):04X}"


@dataclass(frozen=True)
class WritingSystems(Part):
    """Sums by set of digits and what was summed."""

    NAME = "writing_systems"
    seen: Counter[tuple[str, str]] = field(default_factory=Counter)

    @classmethod
    def texts(cls) -> Mapping[str, Sequence[str]]:
        """Write each digit alone and some numbers, in every set."""
        return {name: [*digits, *_numbers(digits)] for name, digits in digit_sets().items()}

    @classmethod
    def observe(cls, reading: Reading) -> Self:
        """Count tokens of digits alone and of numbers."""
        name, batch = key_of(reading), reading.batch
        alone, kept = batch.chars == 1, ~_lost(reading)
        tokens, ascii = _tokens(reading), _as_ascii(reading, digit_sets()[name])
        seen = {
            "alone": alone & kept,
            "one_token": alone & kept & (tokens == 1) & ~ascii,
            "lost": alone & ~kept,
            "as_ascii": alone & ascii,
            "tokens": np.where(~alone & kept, tokens, 0),
            "digits": np.where(~alone & kept, batch.chars, 0),
        }
        return cls(sums(((name, what), batch.total(each)) for what, each in seen.items()))

    def rows(self) -> Iterator[Row]:
        """Give a row for each set, ASCII first."""
        for name, digits in digit_sets().items():
            seen = {
                what: self.seen[name, what] for what in ("alone", "one_token", "lost", "as_ascii")
            }
            if any(seen.values()) or self.seen[name, "digits"]:
                tokens, numbers = self.seen[name, "tokens"], self.seen[name, "digits"]
                yield {
                    "digit_set": name,
                    "digits": digits,
                    **seen,
                    "tokens_per_digit": ratio(tokens, numbers, "every number was lost"),
                }

    @property
    def whole(self) -> tuple[int, int]:
        """Count the sets whose digits are each one token or read as ASCII, and all sets there are.

        Both are 0 where nothing was read.
        """
        rows = list(self.rows())
        good = [r for r in rows if r["one_token"] + r["as_ascii"] == len(r["digits"])]
        return len(good), len(digit_sets()) if rows else 0


def _numbers(digits: str) -> list[str]:
    drawing = random.Random(0)
    return ["".join(drawing.choices(digits, k=drawing.randint(2, 5))) for _ in range(SAMPLE)]


def _tokens(reading: Reading) -> Ints:
    """Count the tokens of each row that cover something."""
    inked = reading.spans.ends > reading.spans.starts
    total = np.concatenate([[0], np.cumsum(inked)])
    return np.asarray(np.diff(total[reading.encoded.offsets]))


def _lost(reading: Reading) -> Mask:
    """Mark rows of which a byte is covered by no token but the unknown one."""
    batch, (starts, ends) = reading.batch, reading.spans
    known = reading.ids != reading.tokenizer.vocabulary.unknown
    depth = np.zeros(batch.data.size + 1, np.int64)
    np.add.at(depth, starts[known], 1)
    np.add.at(depth, ends[known], -1)
    covered = np.concatenate([[0], np.cumsum(np.cumsum(depth)[:-1] > 0)])
    return np.asarray(batch.per_row(covered) < np.diff(batch.offsets))


def _as_ascii(reading: Reading, digits: str) -> Mask:
    """Mark rows that decode to ASCII digits of the same worth, not being such."""
    found = np.zeros(reading.batch.rows, np.bool_)
    bounds = reading.encoded.offsets
    for row in np.flatnonzero(reading.altered).tolist():
        ids = reading.ids[bounds[row] : bounds[row + 1]]
        decoded = b"".join(reading.tokenizer.vocabulary.decode(ids).to_pylist()).strip()
        worth = (str(digits.index(digit)) for digit in reading.batch.texts[row].as_py())
        found[row] = decoded == "".join(worth).encode()
    return found
