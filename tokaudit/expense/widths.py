"""Widths: how sure figures are that divide one sum over documents by another."""

from collections.abc import Mapping

from tokaudit.batch import Ints
from tokaudit.intervals import half_width
from tokaudit.text import Absent

Sums = Mapping[str, Ints] | Absent  # by group of documents
PER_WORD = {
    "fertility": "word_tokens",
    "continued_words": "continued",
    "single_token_words": "whole",
}


def widths(own: Sums, shared: Sums, reference: Sums, baseline: Sums) -> dict[str, float | Absent]:
    """Give half the width of the 95 % interval of each figure that has one."""
    return {name: _width(own, part, own, "words") for name, part in PER_WORD.items()} | {
        "bytes_per_token": _width(own, "bytes", own, "tokens"),
        "premium": _width(shared, "tokens", reference, "tokens"),
        "nsl": _width(own, "tokens", baseline, "tokens"),
    }


def _width(parts: Sums, part: str, wholes: Sums, whole: str) -> float | Absent:
    if isinstance(parts, Absent) or isinstance(wholes, Absent):
        return parts if isinstance(parts, Absent) else wholes  # type: ignore[return-value]
    return half_width(parts[part], wholes[whole])
