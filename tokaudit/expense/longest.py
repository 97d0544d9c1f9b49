"""The longest rows: of the rows that were drawn, those that cost most beside the reference's."""

from collections.abc import Iterator, Mapping
from typing import Any

from tokaudit.columns import count, figure, label, table
from tokaudit.expense.drawn import MOST, Drawn

SHOWN = 5
COLUMNS = table(
    [
        figure("premium", "tokens / tokens of the same row in the reference language", "lower"),
        count("tokens", "tokens of the row"),
        count("reference_tokens", "tokens of the same row in the reference language"),
        label("row", "how it begins"),
        label("reference_row", "how it begins in the reference language"),
        count("rows_drawn", f"parallel rows that were compared, at most {MOST:,} drawn by hash"),
    ],
    empty="no parallel rows, or no other language than the reference",
    examples=True,
)


def rows(drawn: Drawn, reference: Drawn) -> Iterator[Mapping[str, Any]]:
    """Give the rows with the largest premium."""
    theirs = {each.key: each for each in reference if each.tokens}
    pairs = [(each, theirs[each.key]) for each in drawn if each.key in theirs]
    pairs.sort(key=lambda pair: (-pair[0].tokens / pair[1].tokens, pair[0].key))
    for own, other in pairs[:SHOWN]:
        yield {
            "premium": own.tokens / other.tokens,
            "tokens": own.tokens,
            "reference_tokens": other.tokens,
            "row": own.start,
            "reference_row": other.start,
            "rows_drawn": len(pairs),
        }
