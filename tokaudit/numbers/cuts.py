"""Cuts of numbers: into which pieces digits fall, and by which rule if there is one."""

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction

import numpy as np

from tokaudit.text import Absent

Partition = tuple[int, ...]
ByLength = Mapping[int, Counter[Partition]]
# Rules that a tokenizer without a rule is measured against.
GROUPS = (2, 3, 4)
SIDES = ("left-to-right", "right-to-left")
RULES = ("single", *(f"{side} {group}" for side in SIDES for group in GROUPS), "whole")


def partition(digits: int, borders: int) -> Partition:
    """Give the lengths of the pieces, from the left; bit k is a border behind digit k + 1.

    >>> partition(4, 0b0100)
    (3, 1)
    """
    inner = [k + 1 for k in range(digits - 1) if borders >> k & 1]
    return tuple(np.diff([0, *inner, digits]).tolist())


def borders(pieces: Partition) -> int:
    """Set a bit for each border, the inverse of `partition`.

    >>> borders((3, 1))
    4
    """
    return sum(1 << end - 1 for end in np.cumsum(pieces[:-1], dtype=np.int64).tolist())


def left_to_right(digits: int, group: int) -> Partition:
    """Cut a length into groups from the left.

    >>> left_to_right(7, 3)
    (3, 3, 1)
    """
    full, rest = divmod(digits, group)
    return (group,) * full + ((rest,) if rest else ())


def by_rule(rule: str, digits: int) -> Partition | None:
    """Cut a length as a rule says; None where the name is no rule (`bpe`, `mixed`).

    >>> by_rule("right-to-left 3", 7), by_rule("single", 2), by_rule("bpe", 2)
    ((1, 3, 3), (1, 1), None)
    """
    side, _, group = rule.partition(" ")
    if side == "left-to-right":
        return left_to_right(digits, int(group))
    if side == "right-to-left":
        return left_to_right(digits, int(group))[::-1]
    return {"single": (1,) * digits, "whole": (digits,)}.get(rule)


def strategy(by_length: ByLength) -> str | Absent:
    """Name the one rule that gives every cut of every length, or say that there is none.

    >>> strategy({1: Counter({(1,): 10}), 2: Counter({(2,): 100}), 3: Counter({(2, 1): 1000})})
    'left-to-right 2'
    """
    if not by_length:
        return Absent("no number kept its digits")
    if any(len(partitions) > 1 for partitions in by_length.values()):
        return "bpe"
    only = {digits: next(iter(partitions)) for digits, partitions in by_length.items()}
    group = max(max(pieces) for pieces in only.values())
    rules = ["single" if group == 1 else "whole" if group == max(only) else ""]
    rules += [f"{side} {group}" for side in SIDES if 1 < group < max(only)]
    fits = (r for r in rules if all(by_rule(r, d) == cut for d, cut in only.items()))
    return next(fits, "mixed")


def nearest(by_length: ByLength) -> tuple[str, Fraction] | Absent:
    """Find the rule that cuts most numbers right, and its share: the mean over lengths.

    Lengths of one digit are left out, since every rule cuts them right.
    """
    longer = {d: partitions for d, partitions in by_length.items() if d > 1}
    if not longer:
        return Absent("no number of several digits kept its digits")
    shares = {rule: _share(rule, longer) for rule in RULES}
    best = max(RULES, key=lambda rule: shares[rule])  # of equals the first, the simplest
    return best, shares[best]


def _share(rule: str, by_length: ByLength) -> Fraction:
    shares = (
        Fraction(partitions[by_rule(rule, digits) or ()], partitions.total())
        for digits, partitions in by_length.items()
    )
    return sum(shares, Fraction(0)) / len(by_length)


def usual(rule: str | Absent, by_length: ByLength, digits: int) -> Partition | None:
    """Give the cut a tokenizer owes a length: by its rule, without one its most frequent."""
    ruled = None if isinstance(rule, Absent) else by_rule(rule, digits)
    if ruled or digits not in by_length:
        return ruled
    return most_common(by_length[digits])[0][0]


def match_probability(partitions: Mapping[Partition, int]) -> float | Absent:
    """Chance that two numbers drawn at random are cut alike: the sum of squared shares."""
    if not (total := sum(partitions.values())):
        return Absent("no number of this length kept its digits")
    return float(sum(Fraction(n, total) ** 2 for n in partitions.values()))


def most_common(partitions: Counter[Partition]) -> list[tuple[Partition, int]]:
    """Order partitions by count, then by their pieces."""
    return sorted(partitions.items(), key=lambda pair: (-pair[1], pair[0]))


def written(pieces: Partition) -> str:
    """Write a partition.

    >>> written((3, 1))
    '3|1'
    """
    return "|".join(map(str, pieces))


def pictured(number: str, pieces: Partition) -> str:
    """Draw a number with its cuts.

    >>> pictured("1234567", (3, 3, 1))
    '123|456|7'
    """
    ends = np.cumsum(pieces).tolist()
    return "|".join(number[end - size : end] for size, end in zip(pieces, ends, strict=True))


def evidence(by_length: ByLength) -> str | Absent:
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
