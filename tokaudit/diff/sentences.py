"""What a diff says of each tokenizer, in a sentence or two."""

from collections.abc import Iterator, Mapping
from typing import Any

from tokaudit.diff.sides import Pair, Sides

SAME, CHANGED, ADDED, REMOVED = "same", "changed", "added", "removed"


def status(sides: Sides, pair: Pair) -> str:
    """Say what became of a tokenizer."""
    if not pair.before:
        return ADDED
    if not pair.after:
        return REMOVED
    identities = sides.before.conditions["tokenizers"], sides.after.conditions["tokenizers"]
    return SAME if identities[0][pair.before] == identities[1][pair.after] else CHANGED


def sentence(sides: Sides, row: Mapping[str, Any]) -> str:
    """Say what changed of a tokenizer, from its row."""
    if row["status"] == ADDED:
        return "It was not there before."
    if row["status"] == REMOVED:
        return "It is no longer there."
    parts = [_who(row), _texts(sides), _figures(row), _findings(row)]
    return " ".join(part for part in parts if part)


def _who(row: Mapping[str, Any]) -> str:
    named = f", named {row['named_before']} before" if row["named_before"] else ""
    if row["status"] == SAME:
        return f"The same tokenizer{named}."
    return f"Another tokenizer{named}: its identity was {row['identity_before']}."


def _texts(sides: Sides) -> str:
    """Say whether figures are of the same text."""
    before, after = (each.conditions.get("corpus") for each in (sides.before, sides.after))
    if before is None and after is None:
        return ""
    if before is None or after is None:
        return f"Only the report {'after' if before is None else 'before'} read a corpus."
    return "The same text." if before == after else "Other text: figures of it may well differ."


def _figures(row: Mapping[str, Any]) -> str:
    if not row["compared"]:
        return "No figure is in both reports."
    if not row["changed"]:
        return f"None of {row['compared']:,} figures changed."
    sure = f", {row['within']:,} of them within their intervals" if row["within"] else ""
    return f"{row['changed']:,} of {row['compared']:,} figures changed{sure}."


def _findings(row: Mapping[str, Any]) -> str:
    said = ", ".join(_counted(row))
    return f"Findings: {said}." if said else ""


def _counted(row: Mapping[str, Any]) -> Iterator[str]:
    for change in ("new", "gone"):
        if row[f"findings_{change}"]:
            yield f"{row[f'findings_{change}']:,} {change}"
