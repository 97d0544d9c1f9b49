"""Where does this tokenizer cut numbers, and does it always cut them the same way?

Arithmetic is learned digit by digit. Where 1233 is one token and 1234 is two, or where groups of
three are counted from the left, columns of equal worth do not line up, and a model has to memorise
what it could have carried: GPT-3.5 added 7- to 9-digit numbers at 94 % or at 8 % depending on
where the digits were cut (Singh & Strouse 2024). `single` (a token a digit) and `right-to-left 3`
keep columns in line; `left-to-right k` does when lengths agree; `bpe` has no rule to learn.

All numbers of one to four digits, zero-padded ones among them, are cut, bare and behind a space,
and a fixed sample of longer ones. `match_probability` is the chance that two numbers of that length,
drawn at random, are cut alike. This says where tokenizers make arithmetic hard, not that a model
fails at it.
"""

import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple, Self

import numpy as np
import pyarrow as pa

from tokaudit.audits import Audit, Beside, Row, column
from tokaudit.batch import Batch, Ints
from tokaudit.reading import Reading
from tokaudit.text import Absent, ratio
from tokaudit.vocabulary import Vocabulary

EXHAUSTIVE = range(1, 5)
SAMPLED = range(5, 10)
SAMPLE = 2_000
NO_LANGUAGE = "zxx"  # ISO 639-2: no linguistic content
NUMBER = re.compile(rb"( ?)([0-9]+)")
COUNT, FIGURE, TEXT = pa.int64(), pa.float64(), pa.string()


MEANINGS = {
    "single": "Every digit is a token, so columns of equal worth always line up.",
    "left-to-right": "Groups are counted from the left, so columns line up only between numbers of"
    " equal length.",
    "right-to-left": "Groups are counted from the right, so columns line up at any length.",
    "whole": "Every number is one token: no digit can be seen in it.",
    "mixed": "Every length is cut one way, but by no one rule for all lengths.",
    "bpe": "The cut follows merges and not the digits",
}


class Cut(NamedTuple):
    """How a number was cut: bit i of `borders` is set where a token ends after digit i + 1."""

    spaced: bool
    digits: int
    borders: int

    @property
    def partition(self) -> tuple[int, ...]:
        """Lengths of the pieces, from the left."""
        ends = [i + 1 for i in range(self.digits) if self.borders >> i & 1]
        ends = [*ends, self.digits] if not ends or ends[-1] != self.digits else ends
        return tuple(np.diff([0, *ends]).tolist())


@dataclass(frozen=True)
class Digits(Audit):
    """Counts of numbers by cut."""

    cuts: Counter[Cut] = field(default_factory=Counter)
    failed: int = 0

    headline = ("strategy", "strategy_spaced", "match_probability", "match_probability_spaced")
    schemas = {
        "digits": pa.schema(
            [
                column(
                    "strategy",
                    TEXT,
                    "how numbers of 1 to 9 digits are cut: single, left-to-right k, right-to-left"
                    " k, whole, mixed (regular for each length, by no one rule) or bpe (irregular)",
                ),
                column("strategy_spaced", TEXT, "the same behind a space"),
                column(
                    "match_probability",
                    FIGURE,
                    "chance that two random 4-digit strings are cut alike: sum of squared shares",
                    "higher",
                ),
                column("match_probability_spaced", FIGURE, "the same behind a space", "higher"),
                column("number_tokens", COUNT, "ids that are ASCII digits only"),
                column("number_tokens_spaced", COUNT, "ids that are a space and ASCII digits"),
                column("evidence", TEXT, "the cuts of each length, most frequent first"),
                column("failed_rows", COUNT, "numbers the tokenizer could not encode, left out"),
            ]
        ),
        "digits_inventory": pa.schema(
            [
                column("spaced", pa.bool_(), "with a leading space"),
                column("digits", COUNT, "length of the number"),
                column("tokens", COUNT, "ids in the vocabulary that are such a number"),
            ]
        ),
        "digits_partitions": pa.schema(
            [
                column("spaced", pa.bool_(), "behind a space"),
                column("digits", COUNT, "length of the number"),
                column("partition", TEXT, "lengths of the pieces, from the left"),
                column("numbers", COUNT, "zero-padded numbers cut so"),
                column("share", FIGURE, "of the numbers of this length that were cut"),
                column("sampled", pa.bool_(), "a fixed sample of this length, not all numbers"),
                column(
                    "match_probability",
                    FIGURE,
                    "sum over partitions of this length of share squared",
                    "higher",
                ),
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
        batch = reading.batch
        rows, spaced, digits = _numbers(batch)
        borders = _borders(reading)[rows]
        key = np.stack([spaced, digits, borders], axis=1)
        distinct, place = np.unique(key, axis=0, return_inverse=True)
        counts = np.zeros(len(distinct), np.int64)
        np.add.at(counts, place.reshape(-1), batch.weights[rows])
        cuts = (Cut(bool(s), d, b) for s, d, b in distinct.tolist())
        found = {cut: n for cut, n in zip(cuts, counts.tolist(), strict=True) if n}
        return cls(Counter(found), reading.failed)

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
        longest = EXHAUSTIVE[-1]
        return {
            "strategy": strategy(self._by_length(False)),
            "strategy_spaced": strategy(self._by_length(True)),
            "match_probability": match_probability(self._by_length(False).get(longest, {})),
            "match_probability_spaced": match_probability(self._by_length(True).get(longest, {})),
            "number_tokens": sum(n for (spaced, _), n in inventory.items() if not spaced),
            "number_tokens_spaced": sum(n for (spaced, _), n in inventory.items() if spaced),
            "evidence": _evidence(self._by_length(False)),
            "failed_rows": self.failed,
        }

    def _by_length(self, spaced: bool) -> dict[int, Counter[tuple[int, ...]]]:
        lengths: dict[int, Counter[tuple[int, ...]]] = {}
        for cut, numbers in self.cuts.items():
            if cut.spaced == spaced:
                lengths.setdefault(cut.digits, Counter())[cut.partition] += numbers
        return dict(sorted(lengths.items()))

    def _partitions(self) -> Iterator[Row]:
        for spaced in (False, True):
            for digits, partitions in self._by_length(spaced).items():
                total = partitions.total()
                for partition, numbers in _most_common(partitions):
                    yield {
                        "spaced": spaced,
                        "digits": digits,
                        "partition": _written(partition),
                        "numbers": numbers,
                        "share": ratio(numbers, total, "no number"),
                        "sampled": digits not in EXHAUSTIVE,
                        "match_probability": match_probability(partitions),
                    }

    @classmethod
    def verdict(cls, rows: Sequence[Row]) -> str:
        """Say how numbers are cut and what that means for columns."""
        (row,) = rows
        bare, spaced = row["strategy"], row["strategy_spaced"]
        if bare is None or spaced is None:
            return "No number could be encoded."
        behind = "" if spaced == bare else f" (behind a space: {spaced})"
        return f"Numbers are cut {bare}{behind}. {_meaning(row)}"


def _numbers(batch: Batch) -> tuple[Ints, Ints, Ints]:
    """Find the rows that are a number: their indices, whether spaced, and their length."""
    data, offsets = batch.data.tobytes(), batch.offsets.tolist()
    found = [
        (row, len(match[1]), len(match[2]))
        for row in range(batch.rows)
        if (match := NUMBER.fullmatch(data, offsets[row], offsets[row + 1]))
        and len(match[2]) <= SAMPLED[-1]
    ]
    table = np.array(found, np.int64).reshape(-1, 3)
    return table[:, 0], table[:, 1], table[:, 2]


def _borders(reading: Reading) -> Ints:
    """Give each row the bits of its cuts: where a token ends, counted in digits."""
    batch, (starts, ends) = reading.batch, reading.spans
    row = np.repeat(np.arange(batch.rows), reading.tokens)
    lead = np.zeros(batch.rows, np.int64)
    filled = np.diff(batch.offsets) > 0
    lead[filled] = batch.data[batch.offsets[:-1][filled]] == 0x20
    digit = ends - batch.offsets[:-1][row] - lead[row] - 1
    inside = (ends > starts) & (digit >= 0) & (digit < SAMPLED[-1])
    bits = np.zeros(batch.rows, np.int64)
    np.bitwise_or.at(bits, row[inside], np.int64(1) << digit[inside])
    return bits


def strategy(by_length: Mapping[int, Mapping[tuple[int, ...], int]]) -> str | Absent:
    """Name the one rule that gives every cut, or say that there is none."""
    if not by_length:
        return Absent("no number was encoded")
    if any(len(partitions) > 1 for partitions in by_length.values()):
        return "bpe"
    only = {digits: next(iter(partitions)) for digits, partitions in by_length.items()}
    group = max(max(partition) for partition in only.values())
    if group == 1:
        return "single"
    if all(len(partition) == 1 for partition in only.values()):
        return "whole"
    if all(partition == left_to_right(n, group) for n, partition in only.items()):
        return f"left-to-right {group}"
    if all(partition == left_to_right(n, group)[::-1] for n, partition in only.items()):
        return f"right-to-left {group}"
    return "mixed"


def left_to_right(digits: int, group: int) -> tuple[int, ...]:
    """Cut a length into groups from the left.

    >>> left_to_right(7, 3)
    (3, 3, 1)
    """
    full, rest = divmod(digits, group)
    return (group,) * full + ((rest,) if rest else ())


def match_probability(partitions: Mapping[tuple[int, ...], int]) -> float | Absent:
    """Chance that two numbers drawn at random are cut alike: the sum of squared shares."""
    if not (total := sum(partitions.values())):
        return Absent("no number of this length was encoded")
    return float(sum(Fraction(n, total) ** 2 for n in partitions.values()))


def _inventory(vocabulary: Vocabulary) -> Counter[tuple[bool, int]]:
    """Count ids that are ASCII digits, by length, with and without a leading space."""
    texts = vocabulary.texts.filter(pa.array(~vocabulary.special)).to_pylist()
    matches = (NUMBER.fullmatch(text) for text in texts)
    return Counter((bool(match[1]), len(match[2])) for match in matches if match)


def _most_common(partitions: Counter[tuple[int, ...]]) -> list[tuple[tuple[int, ...], int]]:
    return sorted(partitions.items(), key=lambda pair: (-pair[1], pair[0]))


def _evidence(by_length: Mapping[int, Counter[tuple[int, ...]]]) -> str | Absent:
    """Write the cuts of each length; of many, the first three with their shares."""
    if not by_length:
        return Absent("no number was encoded")
    return "; ".join(_cuts_of(partitions) for partitions in by_length.values())


def _cuts_of(partitions: Counter[tuple[int, ...]]) -> str:
    first, total = _most_common(partitions)[:3], partitions.total()
    if len(partitions) == 1:
        return _written(first[0][0])
    listed = ", ".join(f"{_written(p)} {100 * n / total:.1f} %" for p, n in first)
    return listed + (f", {len(partitions) - 3} more" if len(partitions) > 3 else "")


def _written(partition: tuple[int, ...]) -> str:
    return "|".join(map(str, partition))


def _meaning(row: Row) -> str:
    kind = row["strategy"].split()[0]
    if kind != "bpe":
        return MEANINGS[kind]
    chance = row["match_probability"]
    return f"{MEANINGS[kind]}: two random 4-digit numbers are cut alike with probability {chance:.2f}."
