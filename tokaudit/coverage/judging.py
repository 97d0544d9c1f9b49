"""What the rows of `coverage` say across languages: a summary, findings, and a sentence."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from tokaudit.columns import count, figure, label
from tokaudit.findings import Finding
from tokaudit.text import Absent

Row = Mapping[str, Any]
UNKNOWN_LIMIT = 0.01  # of tokens: above it, what a model reads has holes
PIECES_LIMIT = 0.5  # of tokens: above it, most are no character by themselves
LISTED = 4  # languages in a finding
CHANGED, FORMS = ("whitespace", "case"), ("nfc", "nfkc")
COLUMNS = pa.schema(
    [
        count("languages", "languages with text"),
        count("exact_in", "languages of which every row drawn came back byte for byte", "higher"),
        count("lossy_in", "languages of which rows drawn lost text: class lossy", "lower"),
        count("altered_in", "languages in which it altered rows", "lower"),
        figure("unk_max", "largest unk_rate", "lower"),
        label("unk_worst", "the language with the largest unk_rate"),
        figure("pieces_max", "largest partial_utf8_rate", "lower"),
        label("pieces_worst", "the language with the largest partial_utf8_rate"),
    ]
)


def summary(rows: Sequence[Row]) -> dict[str, Any]:
    """Sum up the rows of one tokenizer."""
    return {
        "languages": len(rows),
        "exact_in": sum(row["exact"] == 1 for row in rows),
        "lossy_in": sum((row["lossy"] or 0) > 0 for row in rows),
        "altered_in": sum(row["altered_rows"] > 0 for row in rows),
        **_largest("unk", rows, "unk_rate", "no unknown token"),
        **_largest("pieces", rows, "partial_utf8_rate", "no tokens"),
    }


def _largest(name: str, rows: Sequence[Row], column: str, none: str) -> dict[str, Any]:
    """Give the largest figure and its language, if it is not 0 in all of them."""
    most = worst(rows, column)
    if most is None:
        return dict.fromkeys((f"{name}_max", f"{name}_worst"), Absent(none))
    where = most["lang"] if most[column] else Absent("it is 0 in every language")
    return {f"{name}_max": most[column], f"{name}_worst": where}


def worst(rows: Sequence[Row], column: str) -> Row | None:
    """Find the row with the largest figure, the first by label among equals."""
    known = [row for row in rows if row[column] is not None]
    return max(sorted(known, key=lambda row: row["lang"]), key=lambda r: r[column], default=None)


def findings(rows: Sequence[Row]) -> Iterator[Finding]:
    """List what deserves attention about one tokenizer, one finding for all languages it is in."""
    drawn, tokens = "rows drawn", "tokens"
    for rule, share, limit, said in (
        ("TA101", _sum("lossy"), 0.0, (drawn, "lose text")),
        ("TA102", _sum(*CHANGED), 0.0, (drawn, "come back with other spaces or case")),
        ("TA103", _sum(*FORMS), 0.0, (drawn, "come back normalised")),
        ("TA104", _sum("undecoded"), 0.0, (drawn, "cannot be decoded")),
        ("TA110", _sum("unk_rate"), UNKNOWN_LIMIT, (tokens, "are unknown")),
        ("TA111", _sum("dropped_chars"), 0.0, ("characters", "leave no token")),
        ("TA112", _sum("partial_utf8_rate"), PIECES_LIMIT, (tokens, "are parts of characters")),
    ):
        over = [(share(row), row["lang"]) for row in rows if share(row) > limit]
        if over:
            yield _found(rule, sorted(over, key=lambda each: (-each[0], each[1])), len(rows), said)


def _sum(*columns: str) -> Callable[[Row], float]:
    return lambda row: sum(row[column] or 0 for column in columns)


def _found(
    rule: str, over: Sequence[tuple[float, str]], languages: int, said: tuple[str, str]
) -> Finding:
    """Say in which languages a share is too large, the worst first."""
    what, happens = said
    if languages == 1:
        ((share, lang),) = over
        return Finding(rule, f"{percent(share)} of the {what} {happens}", lang=lang)
    listed = ", ".join(f"{lang} {percent(share)}" for share, lang in over[:LISTED])
    more = f" and {len(over) - LISTED} more" if len(over) > LISTED else ""
    where = f"in {len(over)} of {languages} languages"
    return Finding(rule, f"{what} {happens} {where}: {listed}{more}")


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
