"""What a comparison says of each tokenizer, in a sentence or two."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tokaudit.comparing.verdicts import BETTER, NOT_SHOWN, WORSE
from tokaudit.standings.written import interval

Row = Mapping[str, Any]
NAMED = 6  # languages: where there are more, their number is enough
SAID = {BETTER: "better in", WORSE: "worse in", NOT_SHOWN: "no difference shown in"}


def sentence(row: Row, langs: Sequence[Row], against: str, several: bool) -> str:
    """Say how a tokenizer compares, from its row of the ranking and its rows by language.

    `several` says that there are more than two, so that the best of all is worth a word.
    """
    parts = [_compared(row, langs, against), _best(row, several), _altered(row)]
    return " ".join(part for part in parts if part)


def _compared(row: Row, langs: Sequence[Row], against: str) -> str:
    if not langs:
        return "The others are compared with it."
    if row["difference"] is None:
        return f"It cannot be compared with {against}: {dict(row['absent'])['difference']}."
    said = f"{_difference(row['difference'], against)} {interval(row)}".rstrip()
    if len(langs) == 1:
        return f"{said} in {langs[0]['lang']}: {langs[0]['verdict'] or _reason(langs[0])}."
    listed = ", ".join(_groups(langs))
    return f"{said}, the mean over {row['languages']} languages: {listed}."


def _difference(part: float, against: str) -> str:
    if not part:
        return f"As many tokens as {against}"
    return f"{abs(100 * part):.1f} % {'fewer' if part < 0 else 'more'} tokens than {against}"


def _reason(row: Row) -> str:
    return f"not judged ({dict(row['absent'])['verdict']})"


def _groups(langs: Sequence[Row]) -> Iterator[str]:
    """Count languages by verdict, and name them where they are few."""
    for verdict, said in [*SAID.items(), (None, "not judged in")]:
        found = sorted(row["lang"] for row in langs if row["verdict"] == verdict)
        if len(found) == len(langs):
            yield f"{said} all {len(found)}"
        elif found:
            named = f" ({', '.join(found)})" if len(found) <= NAMED else ""
            yield f"{said} {len(found)}{named}"


def _best(row: Row, several: bool) -> str:
    return "No other is shown to need fewer tokens over all." if several and row["best"] else ""


def _altered(row: Row) -> str:
    if not row["altered_in"]:
        return ""
    langs = f"{row['altered_in']} language{'s' * (row['altered_in'] != 1)}"
    return f"It alters text in {langs}, where it cannot win: what is lost costs nothing."
