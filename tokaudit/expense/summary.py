"""What the rows of `fertility` say across languages: a summary and a sentence for a tokenizer."""

from collections.abc import Mapping, Sequence
from math import fsum
from statistics import median
from typing import Any

from tokaudit.text import Absent

Row = Mapping[str, Any]


def fewest_tokens(rows: Sequence[Row]) -> dict[str, int]:
    """Find the fewest tokens each language needs under a tokenizer that loses nothing."""
    fewest: dict[str, int] = {}
    for row in rows:
        if not row["altered_rows"] and not row["failed_rows"]:
            fewest[row["lang"]] = min(fewest.get(row["lang"], row["tokens"]), row["tokens"])
    return fewest


def summary(rows: Sequence[Row], fewest: Mapping[str, int]) -> dict[str, Any]:
    """Sum up the rows of one tokenizer: languages won, and the spread of premiums."""
    known = _with_premium(rows)
    none = Absent("no premium but the reference's own")
    won = [r for r in rows if r["tokens"] == fewest.get(r["lang"]) and not r["altered_rows"]]
    return {
        "languages": len(rows),
        "tokens": sum(row["tokens"] for row in rows),
        "cheapest_in": len(won),
        "altered_in": sum(row["altered_rows"] > 0 for row in rows),
        "premium_median": median(row["premium"] for row in known) if known else none,
        "premium_max": known[-1]["premium"] if known else none,
        "costliest": known[-1]["lang"] if known else none,
        "gini_rows": gini([row["premium"] for row in rows if row["premium"] is not None]),
        "gini_bytes": gini([r["tokens_per_byte"] for r in rows if r["tokens_per_byte"]]),
    }


def gini(values: Sequence[float]) -> float | Absent:
    """Say how unequal values are: the mean difference of all pairs / twice the mean.

    >>> gini([1.0, 1.0]), gini([1.0, 3.0])
    (0.0, 0.25)
    """
    if len(values) < 2:
        return Absent("fewer than two languages")
    pairs = (rank * value for rank, value in enumerate(sorted(values), 1))
    return 2 * fsum(pairs) / (len(values) * fsum(values)) - (len(values) + 1) / len(values)


def _with_premium(rows: Sequence[Row]) -> list[Row]:
    """Give the rows with a premium, the smallest first, but not the reference language's own."""
    known = (row for row in rows if row["premium"] is not None and not row["is_reference"])
    return sorted(known, key=lambda row: (row["premium"], row["lang"]))


def sentence(rows: Sequence[Row]) -> str:
    """Name the language that costs one tokenizer most, and say where text is lost."""
    known = _with_premium(rows)
    return (_by_premium(known) if known else _by_word(rows)) + _loss(rows) + _unmatched(rows)


def _by_premium(known: Sequence[Row]) -> str:
    worst, middle = known[-1], median(row["premium"] for row in known)
    beside = f", the most of {len(known)} languages; the median is {middle:.2f}"
    return (
        f"The same rows cost {worst['premium']:.2f} times the tokens of the reference language in"
        f" {worst['lang']}{beside if len(known) > 1 else ''}."
    )


def _by_word(rows: Sequence[Row]) -> str:
    known = [row for row in rows if row["fertility"] is not None]
    if not known:
        return "There is no figure per word: the reasons stand beside the table."
    worst = max(known, key=lambda row: row["fertility"])
    among = f", the most of {len(known)} languages" if len(known) > 1 else ""
    return f"A word costs {worst['fertility']:.2f} tokens in {worst['lang']}{among}."


def _loss(rows: Sequence[Row]) -> str:
    altered = [row for row in rows if row["altered_rows"]]
    if not altered:
        return ""
    worst = max(altered, key=lambda row: row["altered_rows"] / row["rows"])
    share = 100 * worst["altered_rows"] / worst["rows"]
    return (
        f" It alters text in {len(altered)} of {len(rows)} languages (up to {share:.1f} % of the"
        f" rows, in {worst['lang']}): what is lost costs nothing, so do not rank it by cost there."
    )


def _unmatched(rows: Sequence[Row]) -> str:
    unmatched, every = (sum(row[name] for row in rows) for name in ("unmatched_rows", "rows"))
    if not unmatched:
        return ""
    return f" Words are known of {every - unmatched:,} of {every:,} rows."
