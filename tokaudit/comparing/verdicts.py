"""Verdicts: which differences are too large for chance, however many are looked at."""

from collections.abc import Sequence

from tokaudit.text import Absent

BETTER, WORSE, NOT_SHOWN = "better", "worse", "no difference shown"
HOLM, NONE = "holm", "none"
CORRECTIONS = (HOLM, NONE)


def adjusted(found: Sequence[float | Absent], correction: str) -> list[float | Absent]:
    """Correct the p of all tests that were made; those that were not made stay absent."""
    known = [p for p in found if not isinstance(p, Absent)]
    corrected = iter(holm(known) if correction == HOLM else known)
    return [p if isinstance(p, Absent) else next(corrected) for p in found]


def holm(found: Sequence[float]) -> list[float]:
    """Adjust p for how many there are (Holm 1979): the smallest counts as often as all of them.

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    order = sorted(range(len(found)), key=found.__getitem__)
    corrected, largest = [0.0] * len(found), 0.0
    for rank, place in enumerate(order):
        largest = max(largest, min(1.0, (len(found) - rank) * found[place]))
        corrected[place] = largest
    return corrected


def verdict(
    value: float, p: float | Absent, alpha: float, altered: tuple[int, int]
) -> str | Absent:
    """Judge a difference in tokens: fewer is better, unless text was lost on the way.

    `altered` counts the rows that the two tokenizers altered, the one that is judged first.
    """
    if isinstance(p, Absent):
        return p
    if p >= alpha:
        return NOT_SHOWN
    if altered[0] if value < 0 else altered[1]:
        return Absent("the one with fewer tokens altered rows, and what is lost costs nothing")
    return BETTER if value < 0 else WORSE
