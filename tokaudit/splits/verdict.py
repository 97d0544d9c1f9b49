"""The verdict: one sentence on what of a tokenizer is at risk."""

from collections.abc import Iterator
from typing import Any

from tokaudit.splits.part import Row

SOME = 0.02  # a share of trap words from which they are worth a word
MOST = 0.5  # a share of words that lose their token behind a letter


def verdict(row: Row) -> str:
    """Name what is at risk; `row` is that of the first table, null where a figure is absent."""
    if row["control_tokens"] is None:
        return "The tokenizer was not examined: there is nothing to say."
    risks = [*_controls(row), *_cuts(row)]
    return f"At risk: {'; '.join(risks)}." if risks else "Nothing of what was tried is at risk."


def _controls(row: Row) -> Iterator[str]:
    forged, here = row["forged"] or 0, row["forged_here"]
    if forged or here:
        where = "everywhere" if here >= forged else f"in {row['library']} unless told otherwise"
        yield f"text becomes {max(forged, here):,} of {_counted(row, 'control')}, {where}"
    if row["disguised"]:
        yield f"{row['disguised']:,} of them in disguise"
    if row["added_from_text"]:
        yield f"{_counted(row, 'added')} can be written in any text"


def _counted(row: Row, kind: str) -> str:
    number: Any = row[f"{kind}_tokens"]
    return f"{number:,} {kind} token{'s' * (number != 1)}"


def _cuts(row: Row) -> Iterator[str]:
    if (row["trap_share"] or 0) >= SOME:
        yield f"{row['trap_share']:.0%} of word pairs tried in scripts without spaces lose a border"
    if row["improbable_bigrams"]:
        yield f"{row['improbable_bigrams']:,} pairs of incomplete tokens join two scripts"
    if (row["broken_share"] or 0) >= MOST:
        yield f"{row['broken_share']:.0%} of words lose their token behind one letter"
