"""Where does this tokenizer cut numbers, and does it always cut them the same way?

Arithmetic is learned digit by digit. Where 1233 is one token and 1234 is two, or where groups of
three are counted from the left, columns of equal worth do not line up, and a model has to memorise
what it could have carried: GPT-3.5 added 7- to 9-digit numbers at 94 % or at 8 % depending on
where the digits were cut (Singh & Strouse 2024). `single` (a token a digit) and `right-to-left 3`
keep columns in line; `left-to-right k` does when lengths agree; `bpe` has no rule to learn.

All numbers of one to four digits, zero-padded ones among them, are cut, bare and behind a space,
and a fixed sample of longer ones. `match_probability` is the chance that two numbers of that
length, drawn at random, are cut alike. This says where tokenizers make arithmetic hard, not that
a model fails at it.
"""

import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import numpy as np
import pyarrow as pa

from tokaudit.audits import Audit, Beside, Row, count, figure, flag, label
from tokaudit.batch import Batch, Ints, Mask
from tokaudit.cuts import (
    Cut,
    Partition,
    evidence,
    match_probability,
    most_common,
    strategy,
    written,
)
from tokaudit.reading import Reading
from tokaudit.text import ratio
from tokaudit.vocabulary import Vocabulary

EXHAUSTIVE = range(1, 5)
SAMPLED = range(5, 10)
SAMPLE = 2_000
LONGEST = SAMPLED[-1]
NO_LANGUAGE = "zxx"  # ISO 639-2: no linguistic content
NUMBER = re.compile(rb"( ?)([0-9]+)")
MEANINGS = {
    "single": "Every digit is a token, so columns of equal worth always line up.",
    "left-to-right": "Groups are counted from the left, so columns line up only between numbers of"
    " equal length.",
    "right-to-left": "Groups are counted from the right, so columns line up at any length.",
    "whole": "Every number is one token: no digit can be seen in it.",
    "mixed": "Every length is cut one way, but by no one rule for all lengths.",
    "bpe": "The cut follows merges and not the digits",
}


@dataclass(frozen=True)
class Digits(Audit):
    """Counts of numbers by cut."""

    cuts: Counter[Cut] = field(default_factory=Counter)
    lost: int = 0
    failed: int = 0

    headline = ("strategy", "strategy_spaced", "match_probability", "match_probability_spaced")
    schemas: ClassVar = {
        "digits": pa.schema(
            [
                label(
                    "strategy",
                    "how numbers of 1 to 9 digits are cut: single, left-to-right k, right-to-left"
                    " k, whole, mixed (regular for each length, by no one rule) or bpe (irregular)",
                ),
                label("strategy_spaced", "the same behind a space"),
                figure(
                    "match_probability",
                    "chance that two random 4-digit strings are cut alike: sum of squared shares",
                    "higher",
                ),
                figure("match_probability_spaced", "the same behind a space", "higher"),
                count("number_tokens", "ids that are ASCII digits only"),
                count("number_tokens_spaced", "ids that are a space and ASCII digits"),
                label("evidence", "the cuts of each length, most frequent first"),
                count("lost_numbers", "numbers that became the unknown token, not cut", "lower"),
                count("failed_rows", "numbers the tokenizer could not encode, left out"),
            ]
        ),
        "digits_inventory": pa.schema(
            [
                flag("spaced", "with a leading space"),
                count("digits", "length of the number"),
                count("tokens", "ids in the vocabulary that are such a number"),
            ]
        ),
        "digits_partitions": pa.schema(
            [
                flag("spaced", "behind a space"),
                count("digits", "length of the number"),
                label("partition", "lengths of the pieces, from the left"),
                count("numbers", "zero-padded numbers cut so"),
                figure("share", "of the numbers of this length that were cut"),
                flag("sampled", "a fixed sample of this length, not all numbers"),
                figure("match_probability", "sum of squared shares of this length", "higher"),
            ]
        ),
    }

    @classmethod
    def probes(cls) -> Iterable[Batch]:
        """Bring every number of one to four digits, and a sample of five to nine."""
        numbers = [f"{n:0{digits}}" for digits in EXHAUSTIVE for n in range(10**digits)]
        for digits in SAMPLED:
            drawn = random.Random(digits).sample(range(10**digits), SAMPLE)
            numbers += [f"{n:0{digits}}" for n in sorted(drawn)]
        return [Batch.of(NO_LANGUAGE, [*numbers, *(f" {n}" for n in numbers)])]

    @classmethod
    def observe(cls, reading: Reading) -> Self:
        """Count rows that are a number, with or without a space before it, by their cut."""
        rows, spaced, digits = _numbers(reading.batch)
        weights = reading.batch.weights[rows]
        known = ~_with_unknown(reading)[rows]
        key = np.stack([spaced, digits, _borders(reading)[rows]], axis=1)[known]
        distinct, place = np.unique(key, axis=0, return_inverse=True)
        counts = np.zeros(len(distinct), np.int64)
        np.add.at(counts, place.reshape(-1), weights[known])
        cuts = (Cut(bool(s), d, b) for s, d, b in distinct.tolist())
        found = {cut: n for cut, n in zip(cuts, counts.tolist(), strict=True) if n}
        return cls(Counter(found), int(weights[~known].sum()), reading.failed)

    def rows(self, beside: Beside[Self]) -> Mapping[str, Iterable[Row]]:
        """Give the strategy in one row, then the inventory and every partition."""
        inventory = _inventory(beside.vocabulary)
        return {
            "digits": [self._summary(inventory)],
            "digits_inventory": [
                {"spaced": spaced, "digits": digits, "tokens": tokens}
                for (spaced, digits), tokens in sorted(inventory.items())
            ],
            "digits_partitions": self._partitions(),
        }

    def _summary(self, inventory: Counter[tuple[bool, int]]) -> dict[str, Any]:
        bare, spaced = self._by_length(False), self._by_length(True)
        return {
            "strategy": strategy(bare),
            "strategy_spaced": strategy(spaced),
            "match_probability": match_probability(bare.get(EXHAUSTIVE[-1], {})),
            "match_probability_spaced": match_probability(spaced.get(EXHAUSTIVE[-1], {})),
            "number_tokens": sum(n for (behind, _), n in inventory.items() if not behind),
            "number_tokens_spaced": sum(n for (behind, _), n in inventory.items() if behind),
            "evidence": evidence(bare),
            "lost_numbers": self.lost,
            "failed_rows": self.failed,
        }

    def _by_length(self, spaced: bool) -> dict[int, Counter[Partition]]:
        lengths: dict[int, Counter[Partition]] = {}
        for cut, numbers in self.cuts.items():
            if cut.spaced == spaced:
                lengths.setdefault(cut.digits, Counter())[cut.partition] += numbers
        return dict(sorted(lengths.items()))

    def _partitions(self) -> Iterator[Row]:
        for spaced in (False, True):
            for digits, partitions in self._by_length(spaced).items():
                for partition, numbers in most_common(partitions):
                    yield {
                        "spaced": spaced,
                        "digits": digits,
                        "partition": written(partition),
                        "numbers": numbers,
                        "share": ratio(numbers, partitions.total(), "no number"),
                        "sampled": digits not in EXHAUSTIVE,
                        "match_probability": match_probability(partitions),
                    }

    @classmethod
    def verdict(cls, rows: Sequence[Row]) -> str:
        """Say how numbers are cut and what that means for columns."""
        (row,) = rows
        bare, spaced = row["strategy"], row["strategy_spaced"]
        if bare is None or spaced is None:
            return "Numbers are lost: none became tokens of its own digits."
        behind = "" if spaced == bare else f" (behind a space: {spaced})"
        return f"Numbers: {bare}{behind}. {_meaning(row)}"


def _numbers(batch: Batch) -> tuple[Ints, Ints, Ints]:
    """Find the rows that are a number: their indices, whether spaced, and their length."""
    data, offsets = batch.data.tobytes(), batch.offsets.tolist()
    matches = (NUMBER.fullmatch(data, *offsets[row : row + 2]) for row in range(batch.rows))
    found = [
        (row, len(match[1]), len(match[2]))
        for row, match in enumerate(matches)
        if match and len(match[2]) <= LONGEST
    ]
    table = np.array(found, np.int64).reshape(-1, 3)
    return table[:, 0], table[:, 1], table[:, 2]


def _with_unknown(reading: Reading) -> Mask:
    """Mark rows that hold the unknown token: their digits are lost, not cut."""
    unknown = reading.tokenizer.vocabulary.unknown
    row = np.repeat(np.arange(reading.batch.rows), reading.tokens)
    marked = np.zeros(reading.batch.rows, np.bool_)
    marked[row[reading.ids == unknown]] = unknown is not None
    return marked


def _borders(reading: Reading) -> Ints:
    """Give each row the bits of its cuts: where a token ends, counted in digits."""
    batch, (starts, ends) = reading.batch, reading.spans
    row = np.repeat(np.arange(batch.rows), reading.tokens)
    lead = np.zeros(batch.rows, np.int64)
    filled = np.diff(batch.offsets) > 0
    lead[filled] = batch.data[batch.offsets[:-1][filled]] == 0x20
    digit = ends - batch.offsets[:-1][row] - lead[row] - 1
    inside = (ends > starts) & (digit >= 0) & (digit < LONGEST)
    bits = np.zeros(batch.rows, np.int64)
    np.bitwise_or.at(bits, row[inside], np.int64(1) << digit[inside])
    return bits


def _inventory(vocabulary: Vocabulary) -> Counter[tuple[bool, int]]:
    """Count ids that are ASCII digits, by length, with and without a leading space."""
    ordinary = ~(vocabulary.special | vocabulary.fallback)
    texts = vocabulary.texts.filter(pa.array(ordinary)).to_pylist()
    matches = (NUMBER.fullmatch(text) for text in texts)
    return Counter((bool(match[1]), len(match[2])) for match in matches if match)


def _meaning(row: Row) -> str:
    kind, chance = row["strategy"].split()[0], row["match_probability"]
    if kind != "bpe":
        return MEANINGS[kind]
    if chance is None:
        return f"{MEANINGS[kind]}."
    odds = f"two random 4-digit numbers are cut alike with probability {chance:.2f}"
    return f"{MEANINGS[kind]}: {odds}."
