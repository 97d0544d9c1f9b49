"""Plain words: what a report comes to, in sentences for whoever never heard of fertility."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tokaudit.languages import name as language_name
from tokaudit.report import Report

Row = Mapping[str, Any]
Rows = Mapping[str, Row]  # by spec
REFERENCE_LINES = "builtin:"  # what nobody would choose is not praised
OPENING = "A language model reads text as tokens, and every token costs time, money and room."
CUTS = {
    "single": "digit by digit",
    "whole": "not at all",
    "mixed": "by no one rule",
    "bpe": "irregularly",
}


def sentences(report: Report, short: Mapping[str, str]) -> Iterator[str]:
    """Say which tokenizer costs least, for whom most, how numbers fare, and what is amiss."""
    yield OPENING
    yield from _of_languages(report, short)
    yield from _of_numbers(by_spec(report, "digits"), short)
    yield from _of_characters(by_spec(report, "vocabulary"), short)
    errors = sum(finding.severity == "error" for finding in report.findings)
    warnings = sum(finding.severity == "warning" for finding in report.findings)
    if errors or warnings:
        yield f"What deserves attention: {_many(errors, 'error')}, {_many(warnings, 'warning')}."


def _of_languages(report: Report, short: Mapping[str, str]) -> Iterator[str]:
    """Name the tokenizer that costs least, and the one that treats languages most alike."""
    sums = by_spec(report, "fertility_summary") if several(report) else {}
    real = {s: r for s, r in sums.items() if not s.startswith(REFERENCE_LINES)} or sums
    fair = {s: r for s, r in real.items() if not r["altered_in"] and r["premium_max"] is not None}
    base = reference(report)
    if not fair or base is None:
        return
    best = max(fair, key=lambda spec: fair[spec]["cheapest_in"] or 0)
    even = min(fair, key=lambda spec: fair[spec]["premium_max"])
    row = fair[best]
    if len(fair) > 1:
        least = f"{row['cheapest_in']} of {row['languages']} languages"
        yield f"{short[best]} needs the fewest tokens in {least}."
    yield (
        f"With {short[best]} the same text costs {row['premium_max']:.1f} times as much in"
        f" {called(row['costliest'])} as in {base}, the worst case; in a typical language"
        f" {row['premium_median']:.1f} times."
    )
    if even != best:
        worst = f"{fair[even]['premium_max']:.1f} times, {called(fair[even]['costliest'])}"
        yield f"{short[even]} treats languages most alike (at worst {worst})."


def _of_numbers(rows: Rows, short: Mapping[str, str]) -> Iterator[str]:
    """Group tokenizers by how they cut numbers."""
    ways: dict[tuple[str, bool], list[str]] = {}
    for spec, row in rows.items():
        way = cut(row["strategy"]), bool(row["misaligned_sums"])
        ways.setdefault(way, []).append(short[spec])
    for (how, misaligned), names in ways.items():
        harm = ", so that the digits of some sums are out of line" if misaligned else ""
        yield f"{listed(names)} {_verb(names, 'cut')} numbers {how}{harm}."


def _of_characters(rows: Rows, short: Mapping[str, str]) -> Iterator[str]:
    lost = {short[s]: n for s, row in rows.items() if (n := row["characters_lost"])}
    if lost:
        least, most = min(lost.values()), max(lost.values())
        count = f"{least:,}" if least == most else f"{least:,} to {most:,}"
        characters = "character" if most == 1 else "characters"
        yield f"{listed([*lost])} {_verb([*lost], 'lose')} {count} {characters} of Unicode."


def listed(names: Sequence[str], most: int = 4) -> str:
    """Join names as a sentence does.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    if len(names) > most:
        return f"{', '.join(names[: most - 1])} and {len(names) - most + 1} more"
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def _verb(names: Sequence[str], verb: str) -> str:
    return verb if len(names) > 1 else f"{verb}s"


def _many(count: int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"


def several(report: Report) -> bool:
    """Say whether there are languages to compare."""
    return any((row["languages"] or 0) > 1 for row in by_spec(report, "fertility_summary").values())


def by_spec(report: Report, table: str) -> Rows:
    """Give the first row of each tokenizer; none of a table that is not there."""
    first: dict[str, Row] = {}
    for row in rows(report, table):
        first.setdefault(row["tokenizer"], row)
    return first


def rows(report: Report, table: str) -> list[Row]:
    """Give the rows of a table; what an older report has no column for is null."""
    found = report.tables[table].to_pylist() if table in report.tables else []
    return [defaultdict(lambda: None, row) for row in found]


def reference(report: Report) -> str | None:
    """Name the language that premiums compare with."""
    lang = report.conditions.get("reference")
    return called(lang) if isinstance(lang, str) else None


def called(lang: str) -> str:
    """Name a language in a sentence."""
    return language_name(lang) or lang


def cut(strategy: str | None) -> str:
    """Say in plain words how numbers are cut.

    >>> cut("left-to-right 3"), cut("single")
    ('in groups of 3 from the left', 'digit by digit')
    """
    side, _, group = (strategy or "").partition(" ")
    if group:
        return f"in groups of {group} from the {side.partition('-')[0]}"
    return CUTS.get(side, "not seen")
