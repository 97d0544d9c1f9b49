"""Distance: how many ids are put in, left out or exchanged between two lists of ids."""

from collections.abc import Sequence


def distance(one: Sequence[int], other: Sequence[int]) -> int:
    """Give the Levenshtein distance, a column of its table at a time as bits (Myers 1999)."""
    one, other = _differing(one, other)
    if not one or not other:
        return max(len(one), len(other))
    at: dict[int, int] = {}
    for place, each in enumerate(one):
        at[each] = at.get(each, 0) | 1 << place
    return _last(at, len(one), other)


def _differing(one: Sequence[int], other: Sequence[int]) -> tuple[Sequence[int], Sequence[int]]:
    """Leave out what both begin with and what both end with."""
    least = min(len(one), len(other))
    begin = next((i for i in range(least) if one[i] != other[i]), least)
    rest = least - begin
    end = next((i for i in range(rest) if one[-1 - i] != other[-1 - i]), rest)
    return one[begin : len(one) - end], other[begin : len(other) - end]


def _last(at: dict[int, int], size: int, other: Sequence[int]) -> int:
    """Walk the table: `up` and `down` mark where a column grows or falls by one from row to row."""
    every, low = (1 << size) - 1, 1 << size - 1
    up, down, found = every, 0, size
    for each in other:
        same = at.get(each, 0)
        level = (((same & up) + up) ^ up) | same
        right, left = down | ~(level | up) & every, up & level
        found += bool(right & low) - bool(left & low)
        right, left = right << 1 | 1, left << 1
        up, down = (left | ~(same | down | right)) & every, right & (same | down) & every
    return found
