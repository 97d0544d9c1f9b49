"""What noise does to tokens, as tables and findings: by family and rate, and for a language."""

from collections.abc import Iterator, Mapping
from functools import reduce
from typing import Any

import numpy as np

from tokaudit.bag import GROUPS
from tokaudit.columns import SURE, count, figure, label, sure, table
from tokaudit.findings import Finding
from tokaudit.noise.documents import CHARACTERS
from tokaudit.noise.families import families
from tokaudit.noise.noisy import ALL, RATES, Variant, variants
from tokaudit.splits.part import Row
from tokaudit.splits.resilience import Resilience
from tokaudit.splits.sums import Cells
from tokaudit.text import Absent

Found = Mapping[Variant, Cells]
NO_CORPUS = "no corpus was read: name one, such as builtin:parallel"
MIDDLE = RATES[1]
TYPED = ("swap", "delete", "insert")  # families that can hit words of any script
COSTLY = 2.0  # times the tokens: a form of the same text that is worth a note
SHARES = {  # a figure is the first sum over the second
    "edits_share": ("edits", "chars"),
    "token_ratio": ("after", "before"),
    "edit_distance": ("distance", "before"),
    "distance_per_edit": ("distance", "edits"),
    "words_changed": ("changed", "words"),
    "words_touched": ("touched", "words"),
    "unseen": ("unseen", "edited"),
    "round_trip": ("kept", "documents"),
}
DISTANCE = SHARES["edit_distance"]
SURE_OF = ("token_ratio", "edit_distance", "words_changed")
FAMILIES = table(
    [
        label("family", "family of noise"),
        label("what", "what it does"),
        figure("rate", "edits asked for / characters; 1: all that can be"),
        count("documents", f"documents read, the first {CHARACTERS} characters of each"),
        count("refused", "documents that could not be encoded, with noise or without", "lower"),
        figure("edits_share", "edits made / characters"),
        figure("token_ratio", "tokens with noise / tokens without"),
        sure("token_ratio"),
        figure("edit_distance", "Levenshtein distance of the ids / tokens without noise", "lower"),
        sure("edit_distance"),
        figure("distance_per_edit", "Levenshtein distance of the ids / edits made", "lower"),
        figure("words_changed", "share of words with other tokens than before", "lower"),
        sure("words_changed"),
        figure("words_touched", "share of words with an edit inside"),
        figure("unseen", "share of edited documents whose ids are those of the original"),
        figure("round_trip", "share of noisy documents that their tokens' bytes give back"),
    ],
    empty=NO_CORPUS,
)


def distance_at(rate: float) -> str:
    """Name the column of the edit distance at a rate."""
    return f"distance_{round(100 * rate)}"


LANGUAGES = table(
    [
        count("documents", "documents that were made noisy"),
        figure("edit_distance", "Levenshtein distance of the ids / tokens without noise, where"
               f" {MIDDLE:.0%} of the characters are mistyped ({', '.join(TYPED)} together)",
               "lower"),
        sure("edit_distance"),
        *(figure(distance_at(rate), f"the same at {rate:.0%}", "lower") for rate in RATES),
        figure("words_changed", f"share of words with other tokens, mistyped at {MIDDLE:.0%}",
               "lower"),
        label("worst", f"the family with the largest distance for an edit, at {MIDDLE:.0%}"),
        figure("worst_distance", "its Levenshtein distance / edits", "lower"),
        label("mildest", "the family with the smallest one"),
        figure("mildest_distance", "its Levenshtein distance / edits", "lower"),
    ],
    across="edit_distance",
    by="lang",
    empty=NO_CORPUS,
)  # fmt: skip


def rows(noise: Resilience) -> dict[str, list[Row]]:
    """Give both tables."""
    found: Found = noise.by_kind(variants())
    said = [_row(variant, cells) for variant, cells in found.items()]
    return {"noise": said, "noise_languages": [_language(found)] if found else []}


def _row(variant: Variant, cells: Cells) -> Row:
    return {
        "family": variant.family,
        "what": families()[variant.family].what,
        "rate": variant.rate,
        "documents": cells.total("documents"),
        "refused": cells.total("refused"),
        **{name: cells.share(*of) for name, of in SHARES.items()},
        **{f"{name}{SURE}": cells.sure(*SHARES[name]) for name in SURE_OF},
    }


def _language(found: Found) -> Row:
    """Take the families of typing errors together, at each rate, and compare all families."""
    typed = {rate: _together(found, rate) for rate in RATES}
    ordered = sorted(_distances(found))
    none = Absent("no family of noise could hit these documents"), "-"
    (most, worst), (least, mildest) = (ordered[-1], ordered[0]) if ordered else (none, none)
    return {
        "documents": max(cells.total("documents") for cells in found.values()),
        "edit_distance": typed[MIDDLE].share(*DISTANCE),
        f"edit_distance{SURE}": typed[MIDDLE].sure(*DISTANCE),
        **{distance_at(rate): typed[rate].share(*DISTANCE) for rate in RATES},
        "words_changed": typed[MIDDLE].share(*SHARES["words_changed"]),
        "worst": worst,
        "worst_distance": most,
        "mildest": mildest,
        "mildest_distance": least,
    }


def _together(found: Found, rate: float) -> Cells:
    """Take the families that are typing errors in any script together."""
    none = Cells(dict.fromkeys(Resilience.COUNTED, np.zeros(GROUPS, np.int64)))
    cells = (found[Variant(name, rate)] for name in TYPED if Variant(name, rate) in found)
    return reduce(Cells.together, cells, none)


def _distances(found: Found) -> Iterator[tuple[Any, str]]:
    for variant, cells in found.items():
        share = cells.share(*SHARES["distance_per_edit"])
        if variant.rate == MIDDLE and not isinstance(share, Absent):
            yield share, variant.family


def findings(noise: Resilience) -> Iterator[Finding]:
    """Name forms of the same text that cost many more tokens, and noise that is not seen."""
    found: Found = noise.by_kind(variants())
    if costly := sorted(_costly(found), reverse=True):
        said = ", ".join(f"{variant.family} {times:.1f}x" for times, variant in costly)
        yield Finding("TA560", f"tokens with noise / without: {said}")
    most = [variant for variant in found if variant.rate in (RATES[-1], ALL)]
    if unseen := [each.family for each in most if found[each].share(*SHARES["unseen"]) == 1]:
        yield Finding("TA561", f"the same ids with and without: {', '.join(unseen)}")


def _costly(found: Found) -> Iterator[tuple[float, Variant]]:
    for variant, cells in found.items():
        times = cells.share(*SHARES["token_ratio"])
        if variant.rate == ALL and not isinstance(times, Absent) and times >= COSTLY:
            yield times, variant
