"""Heat: where a figure stands between the best and the worst of its table."""

import math
from collections.abc import Callable, Sequence

Heat = Callable[[float | None], float | None]


def heating(figures: Sequence[float | None], better: str) -> Heat:
    """Make the scale of these figures: 0 is the best, 1 the worst, by ratio where all are positive.

    `better` is `lower` or `higher`; without it, or without a difference, nothing has a heat.

    >>> heat = heating([1.0, 2.0, 4.0], "lower")
    >>> heat(1.0), heat(2.0), heat(4.0), heat(None)
    (0.0, 0.5, 1.0, None)
    """
    known = [figure for figure in figures if figure is not None]
    by_ratio = bool(known) and min(known) > 0
    low, high = (_placed(end, by_ratio) for end in (min(known, default=0), max(known, default=0)))

    def heat(figure: float | None) -> float | None:
        if figure is None or low == high or better not in ("lower", "higher"):
            return None
        place = (_placed(figure, by_ratio) - low) / (high - low)
        return min(1.0, max(0.0, place if better == "lower" else 1 - place))

    return heat


def _placed(figure: float, by_ratio: bool) -> float:
    if not by_ratio:
        return float(figure)
    return math.log(figure) if figure > 0 else -math.inf
