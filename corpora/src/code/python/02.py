from typing import Optional, Protocol, Sequence, TypeVar


class Comparable(Protocol):
    def __lt__(self, other, /) -> bool: ...


T = TypeVar("T", bound=Comparable)


def lower_bound(items: Sequence[T], target: T) -> int:
    """Return the first index whose item is not less than ``target``.

    The answer is ``len(items)`` when every item is smaller.
    """
    lo, hi = 0, len(items)
    while lo < hi:
        mid = (lo + hi) // 2
        if items[mid] < target:
            lo = mid + 1
        else:
            hi = mid
    return lo


def binary_search(items: Sequence[T], target: T) -> Optional[int]:
    """Index of the leftmost match, or None if ``target`` is absent."""
    pos = lower_bound(items, target)
    if pos < len(items) and items[pos] == target:
        return pos
    return None


# Edge cases: empty list, single item, duplicates, both ends.
assert binary_search([], 3) is None
assert binary_search([3], 3) == 0
assert binary_search([1, 2, 2, 2, 5], 2) == 1
assert binary_search([1, 4, 9], 10) is None
assert binary_search(["ant", "bee", "éclair"], "éclair") == 2
