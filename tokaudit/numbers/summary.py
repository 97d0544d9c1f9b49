"""The summary of the digits audit: one row a tokenizer, and one sentence."""

from collections.abc import Iterator, Sequence

from tokaudit.columns import count, figure, label, table
from tokaudit.numbers.cuts import evidence, match_probability
from tokaudit.numbers.inventory import Tokens
from tokaudit.numbers.part import Row
from tokaudit.numbers.regularity import counterexample, nearest_rule
from tokaudit.numbers.scorecard import Judged, Seen
from tokaudit.text import Absent

GROUPS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight"}
COLUMNS = table(
    [
        label(
            "strategy",
            "how numbers of 1 to 9 digits are cut: single, left-to-right k, right-to-left k,"
            " whole, mixed (regular for each length, by no one rule) or bpe (irregular)",
        ),
        label("strategy_spaced", "the same behind a space"),
        figure(
            "match_probability",
            "chance that two random 4-digit strings are cut alike: sum of squared shares",
            "higher",
        ),
        figure("match_probability_spaced", "the same behind a space", "higher"),
        count(
            "misaligned_sums",
            "length combinations of a + b = c, of length_combinations, with a result in line with"
            " neither operand (Singh & Strouse 2024)",
            "lower",
        ),
        count("length_combinations", "length combinations whose sums were cut"),
        label("repaired_by", "separators between groups that bring all lengths in line"),
        count("parts_met", "parts of the score card that are met", "higher"),
        count("parts", "parts of the score card that there was something to judge by"),
        label("nearest_rule", "the rule that cuts most numbers right"),
        figure("nearest_share", "mean over lengths of 2 to 9 digits of the share it cuts right"),
        label("counterexample", "the smallest number that it would have cut otherwise"),
        label("evidence", "the cuts of each length, most frequent first"),
        count("number_tokens", "ids that are ASCII digits only"),
        count("number_tokens_spaced", "ids that are a space and ASCII digits"),
        count("lost_numbers", "numbers that became the unknown token, or nothing", "lower"),
        count("failed_rows", "texts the tokenizer could not encode, left out"),
    ]
)


def rows(seen: Seen, judged: Sequence[Judged], tokens: Tokens) -> Iterator[Row]:
    """Give the one row."""
    sweep, rule = seen.sweep, seen.rule
    misaligned, triples = seen.alignment.misaligned()
    nearest, share = nearest_rule(sweep)
    known = [each.met for each in judged if each.met is not None]
    yield {
        "strategy": rule.names["bare"],
        "strategy_spaced": rule.names["space"],
        "match_probability": match_probability(rule.cuts["bare"].get(4, {})),
        "match_probability_spaced": match_probability(rule.cuts["space"].get(4, {})),
        "misaligned_sums": misaligned if triples else Absent("no sum kept its digits"),
        "length_combinations": triples,
        "repaired_by": _repaired(seen),
        "parts_met": sum(known),
        "parts": len(known),
        "nearest_rule": nearest,
        "nearest_share": share,
        "counterexample": nearest
        if isinstance(nearest, Absent)
        else counterexample(sweep, nearest),
        "evidence": evidence(sweep.of("bare")),
        "number_tokens": sum(n for (spaced, _), n in tokens.items() if not spaced),
        "number_tokens_spaced": sum(n for (spaced, _), n in tokens.items() if spaced),
        "lost_numbers": sweep.lost,
        "failed_rows": seen.failed,
    }


def _repaired(seen: Seen) -> str | Absent:
    plain = seen.separators.in_line("none")
    if isinstance(plain, Absent):
        return plain
    if plain == 1:
        return Absent("all lengths are in line")
    return ", ".join(seen.separators.repairing()) or "none"


def verdict(row: Row) -> str:
    """Say how numbers are cut and what that means for columns.

    >>> verdict({"strategy": "single", "strategy_spaced": "single", "misaligned_sums": 0,
    ...          "length_combinations": 13, "repaired_by": None, "lost_numbers": 0})
    'Single digits: results are misaligned in 0 of 13 length combinations.'
    """
    if row["strategy"] is None:
        return "Numbers are lost: none became tokens of its own digits."
    parts = [_results(row), _repair(row), _odds(row), _behind(row), _lost(row)]
    said = "; ".join(part for part in parts if part)
    return f"{_named(row['strategy'])}: {said}."


def _named(strategy: str) -> str:
    side, _, group = strategy.partition(" ")
    if group:
        return f"{side.capitalize()} groups of {GROUPS.get(int(group), group)}"
    return {
        "single": "Single digits",
        "whole": "Whole numbers, in which no digit can be seen",
        "mixed": "One cut for each length, but no one rule for all",
    }.get(strategy, "No rule")


def _results(row: Row) -> str:
    if row["misaligned_sums"] is None:
        return "no sum kept its digits"
    found = f"{row['misaligned_sums']} of {row['length_combinations']} length combinations"
    other = "of another length than both operands " * row["strategy"].startswith("left-to-right")
    return f"results {other}are misaligned in {found}"


def _repair(row: Row) -> str:
    repaired: str | None = row["repaired_by"]
    if repaired is None:
        return ""
    if repaired == "none":
        return "no separator repairs it"
    return "writing thousands separators repairs it" + _which(repaired.split(", "))


def _which(separators: Sequence[str]) -> str:
    return "" if "comma" in separators else f" ({', '.join(separators)})"


def _odds(row: Row) -> str:
    chance = row.get("match_probability")
    if row["strategy"] != "bpe" or chance is None:
        return ""
    return f"two random 4-digit numbers are cut alike with probability {chance:.2f}"


def _behind(row: Row) -> str:
    spaced = row["strategy_spaced"]
    return (
        "" if spaced == row["strategy"] else f"behind a space: {spaced or 'all numbers are lost'}"
    )


def _lost(row: Row) -> str:
    return f"{row['lost_numbers']:,} numbers are lost" if row["lost_numbers"] else ""
