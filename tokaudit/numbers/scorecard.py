"""The score card: what numbers are owed, part by part, each with the figure it was judged by."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tokaudit.columns import flag, label, table
from tokaudit.numbers.alignment import Alignment
from tokaudit.numbers.forms import Forms
from tokaudit.numbers.part import Row
from tokaudit.numbers.problems import TRIPLES
from tokaudit.numbers.regularity import in_contexts, stability
from tokaudit.numbers.rule import Rule
from tokaudit.numbers.separators import NONE, WRITTEN, Separators
from tokaudit.numbers.sweep import Sweep, contexts
from tokaudit.numbers.writing_systems import WritingSystems
from tokaudit.text import Absent

COLUMNS = table(
    [
        label("part", "what is asked"),
        flag("met", "whether the figure is what it should be"),
        label("result", "the figure"),
        label("asked", "what was looked at, and what meets it"),
    ],
    across="result",
    by="part",
)
IRREGULAR = ("bpe", "mixed")


class Seen(NamedTuple):
    """All that a card is written from: totals, texts that failed, the cuts that are owed."""

    sweep: Sweep
    alignment: Alignment
    separators: Separators
    forms: Forms
    systems: WritingSystems
    failed: int
    rule: Rule


class Judged(NamedTuple):
    """One part: whether it is met (None: nothing was there to judge), and by which figure."""

    part: str
    met: bool | None
    figure: str
    asked: str


def card(judged: Sequence[Judged]) -> Iterator[Row]:
    """Give a row for each part."""
    for part, met, figure, asked in judged:
        mark = "–" if met is None else "yes" if met else "no"
        yield {
            "part": part,
            "met": Absent("there was nothing to judge") if met is None else met,
            "result": f"{mark}: {figure}" if figure else mark,
            "asked": asked,
        }


def judgements(seen: Seen) -> Iterator[Judged]:
    """Judge every part."""
    yield _one_rule(seen)
    yield _everywhere(seen)
    yield from _neighbours(seen)
    yield from _results(seen)
    yield from _lengths(seen)
    yield from _forms(seen)
    whole, sets = seen.systems.whole
    yield Judged(
        "every script's digits whole",
        whole == sets if sets else None,
        f"{whole} of {sets} sets",
        "sets of digits in Unicode of which each digit is one token, or read as ASCII; all",
    )
    lost = seen.sweep.lost
    yield Judged(
        "no number is lost",
        lost == seen.failed == 0,
        f"{lost:,} lost" + (f", {seen.failed:,} texts failed" if seen.failed else ""),
        "numbers, bare or in context, that became the unknown token or nothing; none, and no text"
        " that could not be encoded",
    )


def _one_rule(seen: Seen) -> Judged:
    name = seen.rule.names["bare"]
    known = not isinstance(name, Absent)
    said = str(name) if known else "no number kept its digits"
    asked = "one rule cuts all bare numbers of 1 to 9 digits"
    return Judged("one rule for all lengths", known and name not in IRREGULAR, said, asked)


def _everywhere(seen: Seen) -> Judged:
    rows = [row for row in in_contexts(seen.sweep) if row["context"] != "bare"]
    alike, others = sum(row["as_bare"] == 1 for row in rows), len(contexts()) - 1
    return Judged(
        "the same cut everywhere",
        alike == others if rows else None,
        f"{alike} of {others} contexts",
        "contexts (space, letter, bracket, minus, line start, currency signs) where each number"
        " is cut as it is bare; all",
    )


def _neighbours(seen: Seen) -> Iterator[Judged]:
    rows = list(stability(seen.sweep))
    for column, part, asked in (
        ("as_next", "n and n + 1 cut alike", "least share over lengths 1 to 5; 1"),
        ("as_padded", "a zero before changes nothing", "least share over lengths 1 to 4; 1"),
    ):
        shares = [row[column] for row in rows if not isinstance(row[column], Absent)]
        least = min(shares, default=None)
        figure = "nothing was cut" if least is None else f"{least:.3f}"
        yield Judged(part, None if least is None else least == 1, figure, asked)


def _results(seen: Seen) -> Iterator[Judged]:
    names = {"+": "sums", "-": "differences", "*": "products"}
    for operation in TRIPLES:
        wrong, triples = seen.alignment.misaligned(operation)
        yield Judged(
            f"{names[operation]} in line",
            wrong == 0 if triples else None,
            f"{wrong} of {triples} misaligned",
            "length combinations with a result in line with neither operand; none",
        )


def _lengths(seen: Seen) -> Iterator[Judged]:
    plain, repairing = seen.separators.in_line(NONE), seen.separators.repairing()
    none = isinstance(plain, Absent)
    yield Judged(
        "all lengths in line",
        None if isinstance(plain, Absent) else plain == 1,
        "every number was lost" if isinstance(plain, Absent) else f"{plain:.3f}",
        "share of gaps between digits cut as usual at their place from the right, in numbers of"
        " 4 to 12 digits; 1",
    )
    figure = "not needed" if plain == 1 else f"{len(repairing)} of {len(WRITTEN) - 1} repair it"
    yield Judged(
        "in line with separators",
        None if none else plain == 1 or bool(repairing),
        figure,
        "separators that bring all lengths in line; one, where it is needed",
    )


def _forms(seen: Seen) -> Iterator[Judged]:
    irregular, judged = seen.forms.irregular(seen.rule)
    mixed, digits = seen.forms.total("mixed_tokens"), seen.forms.total("digit_tokens")
    yield Judged(
        "the same in dates and prices",
        irregular == 0 if judged else None,
        f"{irregular:,} of {judged:,} irregular",
        "numbers inside all forms of writing that are not cut by the rule (or habit); none",
    )
    yield Judged(
        "digits keep to themselves",
        mixed == 0 if digits else None,
        f"{mixed:,} of {digits:,} mixed",
        "tokens with a digit, in all forms, that hold something else, a space before aside; none",
    )
