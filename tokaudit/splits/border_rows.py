"""Borders as tables and findings: for a language, and for each script in it."""

from collections.abc import Iterator, Mapping
from typing import Any

from tokaudit.bag import Documents
from tokaudit.batch import Ints
from tokaudit.columns import SURE, count, figure, label, sure, table
from tokaudit.findings import Finding
from tokaudit.intervals import half_width
from tokaudit.splits.borders import COUNTED, KINDS, TOUCH, BorderCounts
from tokaudit.splits.part import Row
from tokaudit.splits.units import script_name
from tokaudit.text import Absent, ratio
from tokaudit.words import UNSEGMENTED

NO_CORPUS = "no corpus was read: name one, such as builtin:parallel"
SAID = {
    "touch": "between words without a space",
    "camel": "between parts of camelCase words",
    "sign": "between a word and a sign beside it",
    "space": "where a word stands behind a space",
}
TORN = 0.01  # a share of borders from which a language is worth a finding
ENOUGH = 100  # borders, fewer of which say little
LANGUAGES = table(
    [
        *(
            column
            for kind in KINDS
            for column in (
                count(f"{kind}_borders", f"borders {SAID[kind]}"),
                figure(f"{kind}_crossed", "share of them that one token lies over", "lower"),
                sure(f"{kind}_crossed"),
            )
        ),
        figure(
            "torn",
            "share of borders between words without a space over which a token lies that begins"
            " or ends inside one of the two",
            "lower",
        ),
        sure("torn"),
        count("failed_rows", "rows the tokenizer could not encode, left out"),
    ],
    across="torn",
    by="lang",
    empty=NO_CORPUS,
)
SCRIPTS = table(
    [
        label("script", "Unicode Script of a word's first letter; of two words, of the second"),
        label("kind", "where the borders are"),
        count("borders", "how many there are"),
        count("crossed", "those that one token lies over", "lower"),
        figure("crossed_share", "of the borders", "lower"),
        count("torn", "those whose token begins or ends inside one of two words", "lower"),
        figure("torn_share", "of the borders", "lower"),
    ],
    empty=NO_CORPUS,
)


def language(
    found: BorderCounts, groups: Mapping[str, Ints] | Absent, documents: Documents
) -> Iterator[Row]:
    """Give one row, if any text was read; `groups` are the sums called `KIND_COUNTED`."""
    if not documents.rows + documents.failed:
        return
    row: dict[str, Any] = {"failed_rows": documents.failed}
    for place, kind in enumerate(KINDS):
        row[f"{kind}_borders"] = found.total("borders", place)
        row |= _share(found, groups, place, "crossed", f"{kind}_crossed")
    yield row | _share(found, groups, TOUCH, "torn", "torn")


def _share(
    found: BorderCounts, groups: Mapping[str, Ints] | Absent, kind: int, counted: str, name: str
) -> dict[str, Any]:
    """Give a share of the borders of a kind, and how sure it is."""
    if found.unsegmented:
        return {name: UNSEGMENTED, f"{name}{SURE}": UNSEGMENTED}
    part, whole = found.total(counted, kind), found.total("borders", kind)
    width: float | Absent = Absent("documents were not told apart")
    if not isinstance(groups, Absent):
        width = half_width(groups[f"{KINDS[kind]}_{counted}"], groups[f"{KINDS[kind]}_borders"])
    return {name: ratio(part, whole, "no such border"), f"{name}{SURE}": width}


def scripts(found: BorderCounts) -> Iterator[Row]:
    """Give a row for each script and kind, those with the most borders first."""
    keys = {key[:2] for key in found.counts}
    sums = {key: [found.total(each, key[1], key[0]) for each in COUNTED] for key in keys}
    for (script, kind), (borders, crossed, torn) in sorted(
        sums.items(), key=lambda item: (-item[1][0], item[0])
    ):
        yield {
            "script": script_name(script),
            "kind": SAID[KINDS[kind]],
            "borders": borders,
            "crossed": crossed,
            "crossed_share": ratio(crossed, borders, "no such border"),
            "torn": torn,
            "torn_share": ratio(torn, borders, "no such border"),
        }


def findings(found: BorderCounts) -> Iterator[Finding]:
    """Say so if tokens tear words that touch."""
    torn, there = found.total("torn", TOUCH), found.total("borders", TOUCH)
    if there >= ENOUGH and torn / there >= TORN:
        yield Finding(
            "TA550", f"{torn:,} of {there:,} borders between words ({torn / there:.1%}) are torn"
        )
