"""Alignment: whether digits of equal worth sit in the same token in operands and result."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Self

import numpy as np

from tokaudit.batch import Ints, Mask
from tokaudit.columns import count, figure, flag, label, table
from tokaudit.numbers.found import Numbers, numbers, values
from tokaudit.numbers.part import Part, Row, key_of, sums
from tokaudit.numbers.pieces import LONGEST, pieces
from tokaudit.numbers.problems import TRIPLES, Problem, carries, problems
from tokaudit.reading import Reading
from tokaudit.text import ratio

PROBLEMS, SEED = 100, 0  # of each operation and length triple
COLUMNS = table(
    [
        label("operation", "+, - or *, written a+b=c"),
        count("a_digits", "digits of the first operand"),
        count("b_digits", "digits of the second operand"),
        count("result_digits", "digits of the result"),
        count("problems", "seeded problems of these lengths, cut whole as a+b=c"),
        figure(
            "aligned_places",
            "share of the places that a, b and c all have whose digits sit in the same token of"
            " each, counted from the right",
            "higher",
        ),
        count(
            "misaligned",
            "problems whose result is in line with neither operand: over the places that both have"
            " it has other borders, counted from the right",
            "lower",
        ),
        flag("length_match", "the result is as long as one of the operands"),
        count("carries", "places that something is carried from (in differences: borrowed for)"),
        figure(
            "carries_over_a_border",
            "share of them that cross a token border of the result (of a, in differences)",
            "lower",
        ),
        count(
            "lost", "problems with a number that became the unknown token: in no figure", "lower"
        ),
    ]
)


class Lined(NamedTuple):
    """Three numbers a row: lengths, and borders counted from the right; which rows are whole."""

    lengths: Ints  # rows x 3
    borders: Ints  # rows x 3: bit i is a border between 10^i and 10^(i + 1)
    lost: Mask

    def in_line(self, one: int, other: int) -> Mask:
        """Mark rows where two numbers have the same borders over the places that both have."""
        common = np.minimum(self.lengths[:, one], self.lengths[:, other])
        differ = self.borders[:, one] ^ self.borders[:, other]
        return np.asarray(differ & ((1 << common - 1) - 1) == 0)

    @property
    def misaligned(self) -> Mask:
        """Mark rows whose result is in line with neither operand."""
        return ~(self.in_line(0, 2) | self.in_line(1, 2))


def lined(reading: Reading, found: Numbers) -> Lined:
    """Line up three numbers a row."""
    cut = pieces(reading, found)
    flipped = np.zeros(found.row.size, np.int64)
    for place in range(LONGEST - 1):
        bit = cut.borders >> (found.lengths - 2 - place).clip(0) & 1
        flipped |= np.where(place < found.lengths - 1, bit, 0) << place
    lost = np.asarray(cut.lost.reshape(-1, 3).any(axis=1))
    return Lined(found.lengths.reshape(-1, 3), flipped.reshape(-1, 3), lost)


@dataclass(frozen=True)
class Alignment(Part):
    """Sums by operation, the three lengths, and what was summed."""

    NAME = "alignment"
    seen: Counter[tuple[str, tuple[int, ...], str]] = field(default_factory=Counter)

    @classmethod
    def texts(cls) -> Mapping[str, Sequence[str]]:
        """Write problems with their answers, by operation."""
        return {
            operation: [
                f"{problem.prompt}{problem.answer}"
                for lengths in triples
                for problem in problems(operation, lengths, PROBLEMS, SEED)
            ]
            for operation, triples in TRIPLES.items()
        }

    @classmethod
    def observe(cls, reading: Reading) -> Self:
        """Line up every problem."""
        found = numbers(reading.batch)
        operation, rows = key_of(reading), lined(reading, found)
        weights = reading.batch.weights[found.row[::3]]
        measured = _measured(operation, rows, found)
        return cls(
            sums(
                ((operation, tuple(lengths), name), int(n * weight))
                for name, column in measured.items()
                for lengths, n, weight in zip(
                    rows.lengths.tolist(), column.tolist(), weights.tolist(), strict=True
                )
            )
        )

    def rows(self) -> Iterator[Row]:
        """Give a row for each operation and length triple."""
        for operation, triples in TRIPLES.items():
            for lengths in triples:
                if any(self.seen[operation, lengths, name] for name in ("problems", "lost")):
                    yield self._row(operation, lengths)

    def _row(self, operation: str, lengths: tuple[int, int, int]) -> Row:
        seen = {name: self.seen[operation, lengths, name] for name in NAMES}
        a, b, result = lengths
        lost = "every problem lost a number"
        return {
            "operation": operation,
            "a_digits": a,
            "b_digits": b,
            "result_digits": result,
            "problems": seen["problems"],
            "aligned_places": ratio(seen["aligned"], seen["places"], lost),
            "misaligned": seen["misaligned"],
            "length_match": result in (a, b),
            "carries": seen["carries"],
            "carries_over_a_border": ratio(seen["crossing"], seen["carries"], "nothing is carried"),
            "lost": seen["lost"],
        }

    def misaligned(self, operation: str = "+") -> tuple[int, int]:
        """Count the length triples with a misaligned result, and all that were measured."""
        rows = [row for row in self.rows() if row["operation"] == operation and row["problems"]]
        return sum(row["misaligned"] > 0 for row in rows), len(rows)


NAMES = ("problems", "lost", "places", "aligned", "misaligned", "carries", "crossing")


def _measured(operation: str, rows: Lined, found: Numbers) -> dict[str, Ints]:
    """Measure each row; a row that lost a number has no figures but that."""
    kept = ~rows.lost
    common = rows.lengths.min(axis=1)
    carried = _carries(operation, values(found).reshape(-1, 3))
    taking = rows.borders[:, 0 if operation == "-" else 2]
    measured = {
        "places": common,
        "aligned": _aligned(rows, common),
        "misaligned": rows.misaligned,
        "carries": _bits(carried),
        "crossing": _bits(carried & taking),
    }
    return {
        "problems": kept.astype(np.int64),
        "lost": rows.lost.astype(np.int64),
        **{name: np.where(kept, column, 0).astype(np.int64) for name, column in measured.items()},
    }


def _aligned(rows: Lined, common: Ints) -> Ints:
    """Count the places whose tokens have the same number from the right in all three."""
    token = np.zeros_like(rows.borders)
    aligned = np.zeros_like(common)
    for place in range(int(common.max(initial=0))):
        aligned += (place < common) & (token == token[:, :1]).all(axis=1)
        token += rows.borders >> place & 1
    return aligned


def _carries(operation: str, numbers: Ints) -> Ints:
    found = [carries(Problem(operation, a, b)) for a, b, _ in numbers.tolist()]
    return np.array(found, np.int64)


def _bits(values: Ints) -> Ints:
    return np.array([value.bit_count() for value in values.tolist()], np.int64)
