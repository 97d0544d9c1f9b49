"""Choices: figures of the fertility audit that depend on a number the user names."""

from collections.abc import Mapping
from typing import Any

from tokaudit.expense import isolated
from tokaudit.expense.columns import RENYI_ORDER
from tokaudit.expense.frequency import RARE
from tokaudit.histogram import Histogram
from tokaudit.text import Absent

DEFAULTS: Mapping[str, Any] = {
    "renyi_order": RENYI_ORDER,
    "vocabulary_denominator": False,
    "rare": RARE,
    "context": None,
    "price": None,
}
# Columns to see at once, if they are asked for.
ON_REQUEST = {
    "context": ("context_chars",),
    "price": ("cost",),
    "isolated": tuple(column.name for column in isolated.COLUMNS),
}


def figures(
    ids: Histogram, chars: int, vocabulary: int, chosen: Mapping[str, Any]
) -> dict[str, float | Absent]:
    """Give these figures of a text of so many letters; `ids` counts its tokens."""
    order = float(chosen["renyi_order"])  # "inf", which JSON does not have
    types = vocabulary if chosen["vocabulary_denominator"] else None
    return {
        "renyi_efficiency": ids.efficiency(order, types),
        "context_chars": _held(chosen["context"], chars, ids.total),
        "cost": _cost(chosen["price"], ids.total),
    }


def _held(window: int | None, chars: int, tokens: int) -> int | Absent:
    if window is None:
        return Absent("no --context was given")
    return window * chars // tokens if tokens else Absent("no tokens")


def _cost(price: float | None, tokens: int) -> float | Absent:
    if price is None:
        return Absent("no --price was given")
    return tokens * price / 1_000_000 if tokens else Absent("no tokens")
