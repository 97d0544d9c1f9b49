"""Regularity: whether a sweep's cuts follow a rule, everywhere and from number to number."""

from collections import Counter
from collections.abc import Iterator

import numpy as np

from tokaudit.batch import Ints
from tokaudit.columns import count, figure, flag, label, table
from tokaudit.numbers.cuts import (
    Partition,
    borders,
    by_rule,
    match_probability,
    most_common,
    nearest,
    partition,
    pictured,
    strategy,
    written,
)
from tokaudit.numbers.part import Row
from tokaudit.numbers.sweep import CONTEXTS, EXACT, LONGEST, Sweep, Swept, contexts, is_exact
from tokaudit.text import Absent, ratio

SHOWN = "1234567890"  # the digits that a picture is drawn with
PICTURE = table(
    [
        count("digits", "length of the number"),
        label(
            "cut", "its most frequent cut, drawn on 1234567890; its share where there are others"
        ),
        label("cut_spaced", "the same behind a space"),
    ],
    across="cut",
    by="digits",
)
PARTITIONS = table(
    [
        label("context", "bare, or what stands before the number"),
        count("digits", "length of the number"),
        label("partition", "lengths of the pieces, from the left"),
        count("numbers", "zero-padded numbers cut so"),
        figure("share", "of the numbers of this length that were cut"),
        flag("sampled", "a fixed sample of this length, not all numbers"),
        figure("match_probability", "sum of squared shares of this length", "higher"),
    ]
)
CONTEXT_COLUMNS = table(
    [
        label(
            "context",
            "bare; behind a space, a letter, a minus, a line end, a currency sign; in brackets",
        ),
        label("strategy", "how numbers are cut there"),
        count("numbers", "numbers that were cut there"),
        figure("as_bare", "share of them that are cut as they are bare", "higher"),
        figure("glued", "share of them that share a token with what stands beside them", "lower"),
        count("lost", "numbers that became the unknown token, or nothing, there", "lower"),
        label("first_difference", "the smallest number cut otherwise, there and bare"),
    ]
)
STABILITY = table(
    [
        count("digits", "length of the number n, without leading zeros"),
        count("numbers", "numbers n that were cut, as was n + 1 with as many digits"),
        figure("as_next", "share of them cut as n + 1 is", "higher"),
        figure("as_padded", "share of n whose digits are cut the same behind one zero", "higher"),
    ]
)


def picture(sweep: Sweep) -> Iterator[Row]:
    """Draw the usual cut of each length."""
    bare, spaced = sweep.of("bare", LONGEST), sweep.of("space", LONGEST)
    for digits in sorted({*bare, *spaced}):
        yield {
            "digits": digits,
            "cut": _drawn(bare.get(digits), digits),
            "cut_spaced": _drawn(spaced.get(digits), digits),
        }


def _drawn(cuts: Counter[Partition] | None, digits: int) -> str | Absent:
    if cuts is None:
        return Absent("no number of this length kept its digits")
    (first, numbers), *others = most_common(cuts)
    share = f"  {100 * numbers / cuts.total():.0f} %" if others else ""
    return pictured(SHOWN[:digits], first) + share


def partitions(sweep: Sweep) -> Iterator[Row]:
    """List every cut, bare and behind a space."""
    for context in ("bare", "space"):
        for digits, cuts in sweep.of(context).items():
            for pieces, numbers in most_common(cuts):
                yield {
                    "context": context,
                    "digits": digits,
                    "partition": written(pieces),
                    "numbers": numbers,
                    "share": ratio(numbers, cuts.total(), "no number"),
                    "sampled": not is_exact(context, digits),
                    "match_probability": match_probability(cuts),
                }


def in_contexts(sweep: Sweep) -> Iterator[Row]:
    """Say for each context how numbers are cut there, and which first not as bare."""
    bare = sweep.where("bare")
    for name in contexts():
        here = sweep.where(name)
        if not here.counts.size:
            continue
        kept = here.chosen(here.lost == 0)
        numbers = int(kept.counts.sum())
        same, compared, first = _against(kept, bare)
        yield {
            "context": name if name in CONTEXTS else f"behind {name}",
            "strategy": strategy(sweep.of(name)),
            "numbers": numbers,
            "as_bare": ratio(same, compared, "no number kept its digits in both places"),
            "glued": ratio(int(kept.counts @ kept.glued), numbers, "no number kept its digits"),
            "lost": int(here.counts.sum()) - numbers,
            "first_difference": first,
        }


def _against(here: Swept, bare: Swept) -> tuple[int, int, str | Absent]:
    """Count the numbers cut as they are bare and those cut in both; draw the first difference."""
    cut = _lookup(bare, here.digits, here.value)
    both, same = cut >= 0, cut == here.borders
    differs = np.flatnonzero(both & ~same)
    counts = int(here.counts[same].sum()), int(here.counts[both].sum())
    if not differs.size:
        return *counts, Absent("every number is cut as it is bare")
    i = differs[0]
    number = f"{here.value[i]:0{here.digits[i]}}"
    there = pictured(number, partition(len(number), int(here.borders[i])))
    alone = pictured(number, partition(len(number), int(cut[i])))
    return *counts, f"{there}, bare {alone}"


def _lookup(swept: Swept, digits: Ints, value: Ints) -> Ints:
    """Find the borders of these numbers in one context; -1 where they were not cut or lost."""
    known, asked = _number(swept.digits, swept.value), _number(digits, value)
    if not known.size:
        return np.full(asked.size, -1)
    at = np.searchsorted(known, asked).clip(0, known.size - 1)
    there = (known[at] == asked) & (swept.lost[at] == 0)
    return np.where(there, swept.borders[at], -1)


def _number(digits: Ints, value: Ints) -> Ints:
    return digits << 40 | value


def stability(sweep: Sweep) -> Iterator[Row]:
    """Follow the cuts of bare numbers from n to n + 1, and to n behind a zero."""
    bare = sweep.where("bare")
    bare = bare.chosen(bare.lost == 0)
    for digits in range(1, EXACT["bare"] + 1):
        least = 10 ** (digits - 1) if digits > 1 else 0
        of_length = bare.chosen((bare.digits == digits) & (bare.value >= least))
        following = _lookup(bare, of_length.digits, of_length.value + 1)
        padded = _lookup(bare, of_length.digits + 1, of_length.value)
        padded = np.where(padded < 0, padded, padded >> 1)  # the border behind the zero aside
        exact = is_exact("bare", digits + 1)
        if of_length.counts.size:
            yield {
                "digits": digits,
                "numbers": int(of_length.counts[following >= 0].sum()),
                "as_next": _alike(of_length, following),
                "as_padded": _alike(of_length, padded)
                if exact
                else Absent("numbers one digit longer are only sampled"),
            }


def _alike(swept: Swept, borders: Ints) -> float | Absent:
    """Give the share of numbers that have these borders, of those for which any are known."""
    same, known = swept.counts[borders == swept.borders], swept.counts[borders >= 0]
    return ratio(int(same.sum()), int(known.sum()), "no such numbers kept their digits")


def counterexample(sweep: Sweep, rule: str) -> str | Absent:
    """Draw the smallest bare number that a rule would have cut otherwise."""
    bare = sweep.where("bare")
    bare = bare.chosen(bare.lost == 0)
    owed = {d: by_rule(rule, d) for d in np.unique(bare.digits).tolist()}
    wrong = np.zeros(bare.digits.size, np.bool_)
    for digits, pieces in owed.items():
        if pieces:
            wrong |= (bare.digits == digits) & (bare.borders != borders(pieces))
    if not wrong.any():
        return Absent("every number is cut by the rule")
    first = np.flatnonzero(wrong)[0]
    digits, found = int(bare.digits[first]), int(bare.borders[first])
    number = f"{bare.value[first]:0{digits}}"
    rightly = pictured(number, owed[digits] or ())
    return f"{pictured(number, partition(digits, found))}, not {rightly}"


def nearest_rule(sweep: Sweep) -> tuple[str | Absent, float | Absent]:
    """Name the rule that cuts most bare numbers right, and its share."""
    found = nearest(sweep.of("bare"))
    return (found, found) if isinstance(found, Absent) else (found[0], float(found[1]))
