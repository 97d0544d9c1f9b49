"""Problems of arithmetic: operands and results of given lengths, their carries, how they are put.

The lengths are those of Singh & Strouse (2024), 7 to 9 digits for sums. A difference is a sum read
backwards. Products of 2 to 4 digits by 2 to 4 are about as long as those sums.
"""

import random
from functools import cache
from typing import NamedTuple

# Lengths of a, b and a + b.
SUMS = (
    (7, 7, 7), (7, 7, 8), (8, 7, 8), (7, 8, 8), (8, 7, 9), (7, 8, 9), (8, 8, 8),
    (8, 8, 9), (9, 7, 9), (7, 9, 9), (9, 8, 9), (8, 9, 9), (9, 9, 9),
)  # fmt: skip
FACTORS = (2, 3, 4)
TRIPLES = {
    "+": SUMS,
    "-": tuple((result, a, b) for a, b, result in SUMS),
    "*": tuple((a, b, a + b - less) for a in FACTORS for b in FACTORS for less in (1, 0)),
}
OPERATIONS = tuple(TRIPLES)
PATIENCE = 200  # draws for each problem


class Problem(NamedTuple):
    """One problem, in numbers."""

    operation: str
    a: int
    b: int

    @property
    def answer(self) -> int:
        """The result."""
        return {"+": self.a + self.b, "-": self.a - self.b, "*": self.a * self.b}[self.operation]

    @property
    def prompt(self) -> str:
        """The problem as it is put, without its answer.

        >>> Problem("+", 12, 34).prompt
        '12+34='
        """
        return f"{self.a}{self.operation}{self.b}="

    @property
    def lengths(self) -> tuple[int, int, int]:
        """Digits of both operands and of the result."""
        a, b, answer = (len(str(n)) for n in (self.a, self.b, self.answer))
        return a, b, answer


@cache
def carries(problem: Problem) -> int:
    """Give the places something is carried (or borrowed) from: bit i, from 10^i to 10^(i + 1).

    Of a product, what the column's sum of digit products and the carry before leaves over.

    >>> bin(carries(Problem("+", 95, 15))), carries(Problem("-", 30, 12))
    ('0b11', 1)
    """
    places = sum(problem.lengths)
    a, b = ([int(digit) for digit in reversed(f"{n:0{places}}")] for n in problem[1:])
    found, carry = 0, 0
    for place in range(places):
        if problem.operation == "*":
            column = sum(a[i] * b[place - i] for i in range(place + 1))
        else:
            column = a[place] + b[place] * (-1 if problem.operation == "-" else 1)
        carry = (carry + column) // 10  # of a difference -1 or 0
        found |= (carry != 0) << place
    return found


@cache
def problems(
    operation: str, lengths: tuple[int, int, int], size: int, seed: int
) -> tuple[Problem, ...]:
    """Draw distinct problems of these lengths, the same for the same seed.

    Fewer than `size` come where lengths hardly ever come out so.
    """
    drawing = random.Random(f"{operation} {lengths} {seed}")
    found: dict[Problem, None] = {}
    for _ in range(PATIENCE * size):
        drawn = _drawn(operation, lengths, drawing)
        if drawn.lengths == lengths:
            found[drawn] = None
        if len(found) == size:
            break
    return tuple(found)


def _drawn(operation: str, lengths: tuple[int, int, int], drawing: random.Random) -> Problem:
    of = lengths[1:] if operation == "-" else lengths[:2]  # a difference is a sum read backwards
    a, b = (drawing.randrange(10 ** (digits - 1), 10**digits) for digits in of)
    return Problem("-", a + b, a) if operation == "-" else Problem(operation, a, b)
