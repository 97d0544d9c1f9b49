"""The verdict: one sentence on what of a tokenizer is at risk."""

from collections.abc import Iterator

from tokaudit.splits.part import Row


def verdict(row: Row) -> str:
    """Name what is at risk; `row` is that of the first table, null where a figure is absent."""
    if row["control_tokens"] is None:
        return "The tokenizer was not examined: there is nothing to say."
    risks = list(_risks(row))
    return f"At risk: {'; '.join(risks)}." if risks else "Nothing of what was tried is at risk."


def _risks(row: Row) -> Iterator[str]:
    if row["forged"]:
        yield f"text becomes {row['forged']:,} of {row['control_tokens']:,} control tokens"
