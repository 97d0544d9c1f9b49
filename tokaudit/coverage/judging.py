"""What the rows of `coverage` say across languages: a summary, findings, and a sentence."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from tokaudit.columns import count, figure, label
from tokaudit.findings import Finding
from tokaudit.text import Absent, ratio

Row = Mapping[str, Any]
UNKNOWN_LIMIT = 0.01  # of tokens: above it, what a model reads has holes
PIECES_LIMIT = 0.5  # of tokens: above it, most are no character by themselves
LISTED = 4  # languages in a finding
CHANGED, FORMS = ("whitespace", "case"), ("nfc", "nfkc")
COLUMNS = pa.schema(
    [
        count("languages", "languages with text"),
        count("tokens", "tokens of all languages", "lower"),
        count("exact_in", "languages of which every row drawn came back byte for byte", "higher"),
        count("lossy_in", "languages of which rows drawn lost text: class lossy", "lower"),
        count("altered_in", "languages in which it altered rows", "lower"),
        figure("unk_rate", "unknown tokens of all languages / their tokens", "lower"),
        figure("unk_max", "largest unk_rate", "lower"),
        label("unk_worst", "the language with the largest unk_rate"),
        figure("pieces_max", "largest partial_utf8_rate", "lower"),
        label("pieces_worst", "the language with the largest partial_utf8_rate"),
    ]
)


def summary(rows: Sequence[Row]) -> dict[str, Any]:
    """Sum up the rows of one tokenizer."""
    unknown, partial = worst(rows, "unk_rate"), worst(rows, "partial_utf8_rate")
    none = Absent("no unknown token")
    tokens = sum(row["tokens"] for row in rows)
    known = [row["unknown_tokens"] for row in rows if row["unknown_tokens"] is not None]
    return {
        "languages": len(rows),
        "tokens": tokens,
        "exact_in": sum(row["exact"] == 1 for row in rows),
        "lossy_in": sum((row["lossy"] or 0) > 0 for row in rows),
        "altered_in": sum(row["altered_rows"] > 0 for row in rows),
        "unk_rate": ratio(sum(known), tokens, "no tokens") if known else none,
        "unk_max": unknown["unk_rate"] if unknown else none,
        "unk_worst": unknown["lang"] if unknown else none,
        "pieces_max": partial["partial_utf8_rate"] if partial else Absent("no tokens"),
        "pieces_worst": partial["lang"] if partial else Absent("no tokens"),
    }


def worst(rows: Sequence[Row], column: str) -> Row | None:
    """Find the row with the largest figure, the first by label among equals."""
    known = [row for row in rows if row[column] is not None]
    return max(sorted(known, key=lambda row: row["lang"]), key=lambda r: r[column], default=None)


def findings(rows: Sequence[Row]) -> Iterator[Finding]:
    """List what deserves attention about one tokenizer, one finding for all languages it is in."""
    yield from _of("TA101", rows, lambda r: r["lossy"], "of the rows drawn lose text")
    yield from _of(
        "TA102", rows, _sum(CHANGED), "of the rows drawn come back with other spaces or case"
    )
    yield from _of("TA103", rows, _sum(FORMS), "of the rows drawn come back normalised")
    yield from _of("TA104", rows, lambda r: r["undecoded"], "of the rows drawn cannot be decoded")
    yield from _of(
        "TA110", rows, lambda r: r["unk_rate"], "of the tokens are unknown", UNKNOWN_LIMIT
    )
    yield from _of("TA111", rows, lambda r: r["dropped_chars"], "of the characters leave no token")
    yield from _of(
        "TA112",
        rows,
        lambda r: r["partial_utf8_rate"],
        "of the tokens are parts of characters",
        PIECES_LIMIT,
    )


def _sum(columns: Sequence[str]) -> Callable[[Row], float]:
    return lambda row: sum(row[column] or 0 for column in columns)


def _of(
    rule: str,
    rows: Sequence[Row],
    figure: Callable[[Row], float | None],
    said: str,
    limit: float = 0,
) -> Iterator[Finding]:
    """Say in which languages a figure is above a limit, the worst first."""
    known = ((figure(row) or 0, row["lang"]) for row in rows)
    over = sorted((each for each in known if each[0] > limit), key=lambda each: (-each[0], each[1]))
    if not over:
        return
    if len(rows) == 1:
        yield Finding(rule, f"{percent(over[0][0])} {said}", lang=over[0][1])
        return
    listed = ", ".join(f"{lang} {percent(share)}" for share, lang in over[:LISTED])
    more = f" and {len(over) - LISTED} more" if len(over) > LISTED else ""
    yield Finding(rule, f"in {len(over)} of {len(rows)} languages: {listed}{more} {said}")


def sentence(rows: Sequence[Row]) -> str:
    """Say whether text comes back, what is unknown, and where tokens are parts of characters."""
    drawn = [row for row in rows if row["exact"] is not None]
    parts = [_unknown(rows), _partial(rows)]
    return f"{_round_trip(drawn)} {' '.join(filter(None, parts))}".strip()


def _round_trip(rows: Sequence[Row]) -> str:
    if not rows:
        return "No row was decoded."
    where = f"in all {len(rows)} languages" if len(rows) > 1 else f"in {rows[0]['lang']}"
    least = min(sorted(rows, key=lambda row: row["lang"]), key=lambda row: row["exact"])
    if least["exact"] == 1:
        return f"Every row drawn comes back byte for byte {where}."
    lost = [row for row in rows if row["lossy"]]
    exact = sum(row["exact"] == 1 for row in rows)
    said = (
        f"Rows drawn come back byte for byte in {exact} of {len(rows)} languages"
        if len(rows) > 1
        else f"Of the rows drawn in {least['lang']} {percent(least['exact'])} come back exactly"
    )
    most = worst(lost, "lossy")
    if most is None:
        return f"{said}; what differs elsewhere is form, white space or case."
    among = (
        f"text is lost in {len(lost)}, most in {most['lang']}" if len(rows) > 1 else "text is lost"
    )
    return f"{said}; {among} ({percent(most['lossy'])} of the rows)."


def _unknown(rows: Sequence[Row]) -> str:
    most = worst(rows, "unk_rate")
    if most is None:
        return "It has no unknown token." if rows else ""
    if not most["unk_rate"]:
        return "Nothing is unknown."
    upto = "up to " if len(rows) > 1 else ""
    return f"Unknown: {upto}{percent(most['unk_rate'])} of the tokens, in {most['lang']}."


def _partial(rows: Sequence[Row]) -> str:
    most = worst(rows, "partial_utf8_rate")
    if most is None or not most["partial_utf8_rate"]:
        return ""
    upto = "up to " if len(rows) > 1 else ""
    share = percent(most["partial_utf8_rate"])
    return f"Parts of characters: {upto}{share} of the tokens, in {most['lang']}."


def percent(share: float) -> str:
    """Write a share so that a small one is not nothing, and a large one not all.

    >>> percent(0.25), percent(0.00001), percent(0.99999), percent(1.0)
    ('25.0 %', '< 0.1 %', '> 99.9 %', '100.0 %')
    """
    if 0 < share < 0.001:
        return "< 0.1 %"
    return "> 99.9 %" if 0.999 < share < 1 else f"{100 * share:.1f} %"
