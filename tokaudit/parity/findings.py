"""What a comparison means: a verdict in a sentence or two, and what deserves attention."""

from collections import Counter
from collections.abc import Iterator

from tokaudit import tables
from tokaudit.findings import Finding
from tokaudit.overlap import changes
from tokaudit.parity import stages
from tokaudit.parity.comparison import Comparison

RULES = {
    stages.ADDED: "TA401",
    stages.NORMALISER: "TA402",
    stages.PRE_TOKENIZER: "TA403",
    stages.MODEL: "TA404",
    stages.IDS: "TA405",
    stages.POST_PROCESSOR: "TA406",
    stages.UNKNOWN: "TA407",
}
MOST = 4  # languages and kinds of probe that a sentence names


def verdict(found: Comparison) -> str:
    """Say in a sentence or two whether the sides are equal, and how far they are not."""
    total, against = found.total, found.a.name
    rows = _many(total.rows, "row")
    if found.equal:
        return f"Equal to {against}: the ids of all {rows} that were compared are the same."
    if not total.differing:
        return f"Not equal to {against}, though the ids of {rows} are the same: see the findings."
    stage, count = total.stages.most_common(1)[0]
    return (
        f"Not equal to {against}: the ids of {total.differing:,} of {rows} differ"
        f" ({total.differing / total.rows:.1%}). First stage that differs: {stage}"
        f" ({_many(count, 'row')}). {_many(total.gained, 'token')} more and {total.lost:,} fewer,"
        " row by row."
    )


def differences(found: Comparison) -> Iterator[Finding]:
    """Say what makes the sides unequal, in the order of the rules."""
    total, spec = found.total, found.b.name
    for stage, rule in RULES.items():
        if rows := total.stages[stage]:
            why = "".join(f"; {reason}" for reason in _reasons(found) if rule == "TA407")
            yield Finding(rule, f"{_many(rows, 'row')} ({where(found, stage)}){why}", spec)
    for side, rows in ((found.a, total.refused_a), (found.b, total.refused_b)):
        if rows:
            yield Finding(
                "TA408", f"{_many(rows, 'row')} that only the other side encodes", side.name
            )
    if other := found.changes.get(changes.OTHER):
        yield Finding("TA409", _many(other.ids.size, "id"), spec)


def _reasons(found: Comparison) -> list[str]:
    sides = (found.a, found.b)
    reasons = (stages.why_unknown(side.name, side.tokenizer) for side in sides)
    return sorted({reason for reason in reasons if reason})


def beside(found: Comparison) -> Iterator[Finding]:
    """Say what else deserves notice."""
    for name, change in found.changes.items():
        if name != changes.OTHER:
            yield Finding("TA410", f"{_many(change.ids.size, 'id')}: {name}", found.b.name)
    for side, rows in ((found.a, found.total.only_a), (found.b, found.total.only_b)):
        if rows:
            yield Finding("TA411", f"only here: {_many(rows, 'row')}", side.name)
    loaded = {s.name: s.tokenizer for s in (found.a, found.b) if s.tokenizer is not None}
    yield from tables.of_tokenizers(list(loaded.values()))
    for lang, counted in sorted(found.census.items()):
        if counted.left_out:
            yield Finding("TA005", tables.left_out(counted), lang=lang)


def where(found: Comparison, stage: str) -> str:
    """Name the languages and kinds of probe with most rows that differ first in a stage."""
    counts: Counter[str] = Counter()
    for (lang, kind), tally in found.tallies.items():
        counts[kind or lang] += tally.stages[stage]
    most = sorted((-rows, name) for name, rows in counts.items() if rows)
    named = ", ".join(f"{name} {-rows:,}" for rows, name in most[:MOST])
    return named + (f" and {len(most) - MOST} more" if len(most) > MOST else "")


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' * (number != 1)}"
