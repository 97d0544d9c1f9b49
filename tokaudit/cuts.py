"""Cuts of numbers: into which pieces digits fall, and by which rule if there is one."""

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from tokaudit.text import Absent

Partition = tuple[int, ...]


class Cut(NamedTuple):
    """How a number was cut: bit i of `borders` is set where a token ends after digit i + 1."""

    spaced: bool
    digits: int
    borders: int

    @property
    def partition(self) -> Partition:
        """Lengths of the pieces, from the left.

        >>> Cut(False, 4, 0b0100).partition
        (3, 1)
        """
        inner = [i + 1 for i in range(self.digits - 1) if self.borders >> i & 1]
        return tuple(np.diff([0, *inner, self.digits]).tolist())


def left_to_right(digits: int, group: int) -> Partition:
    """Cut a length into groups from the left.

    >>> left_to_right(7, 3)
    (3, 3, 1)
    """
    full, rest = divmod(digits, group)
    return (group,) * full + ((rest,) if rest else ())


def strategy(by_length: Mapping[int, Mapping[Partition, int]]) -> str | Absent:
    """Name the one rule that gives every cut of every length, or say that there is none.

    >>> strategy({1: {(1,): 10}, 2: {(2,): 100}, 3: {(2, 1): 1000}})
    'left-to-right 2'
    """
    if not by_length:
        return Absent("no number kept its digits")
    if any(len(partitions) > 1 for partitions in by_length.values()):
        return "bpe"
    only = {digits: next(iter(partitions)) for digits, partitions in by_length.items()}
    group = max(max(partition) for partition in only.values())
    from_left = {digits: left_to_right(digits, group) for digits in only}
    if group == 1:
        return "single"
    if group == max(only):
        return "whole" if only == from_left else "mixed"
    if only == from_left:
        return f"left-to-right {group}"
    from_right = {digits: partition[::-1] for digits, partition in from_left.items()}
    return f"right-to-left {group}" if only == from_right else "mixed"


def match_probability(partitions: Mapping[Partition, int]) -> float | Absent:
    """Chance that two numbers drawn at random are cut alike: the sum of squared shares."""
    if not (total := sum(partitions.values())):
        return Absent("no number of this length kept its digits")
    return float(sum(Fraction(n, total) ** 2 for n in partitions.values()))


def most_common(partitions: Counter[Partition]) -> list[tuple[Partition, int]]:
    """Order partitions by count, then by their pieces."""
    return sorted(partitions.items(), key=lambda pair: (-pair[1], pair[0]))


def written(partition: Partition) -> str:
    """Write a partition.

    >>> written((3, 1))
    '3|1'
    """
    return "|".join(map(str, partition))


def evidence(by_length: Mapping[int, Counter[Partition]]) -> str | Absent:
    """Write the cuts of each length; of several, the first three with their shares."""
    if not by_length:
        return Absent("no number kept its digits")
    return "; ".join(map(_cuts, by_length.values()))


def _cuts(partitions: Counter[Partition]) -> str:
    first, total = most_common(partitions)[:3], partitions.total()
    if len(partitions) == 1:
        return written(first[0][0])
    listed = ", ".join(f"{written(p)} {100 * n / total:.1f} %" for p, n in first)
    return listed + (f", {len(partitions) - 3} more" if len(partitions) > 3 else "")
