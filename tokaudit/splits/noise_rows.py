"""What noise does to tokens, as tables and findings: by family and rate, and for a language."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from tokaudit.batch import Ints
from tokaudit.columns import SURE, count, figure, label, sure, table
from tokaudit.findings import Finding
from tokaudit.intervals import half_width
from tokaudit.noise.documents import CHARACTERS
from tokaudit.noise.families import families
from tokaudit.noise.noisy import RATES, Variant, variants
from tokaudit.splits.part import Row
from tokaudit.splits.resilience import COUNTED, Resilience
from tokaudit.text import Absent, ratio

NO_CORPUS = "no corpus was read: name one, such as builtin:parallel"
MIDDLE = RATES[1]
COSTLY = 2.0  # times the tokens: a form of the same text that is worth a note
SHARES = {  # a figure is the first sum over the second
    "edits_share": ("edits", "chars"),
    "token_ratio": ("after", "before"),
    "edit_distance": ("distance", "before"),
    "words_changed": ("changed", "words"),
    "words_touched": ("touched", "words"),
    "unseen": ("unseen", "edited"),
    "round_trip": ("kept", "documents"),
}
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
        figure("words_changed", "share of words with other tokens than before", "lower"),
        sure("words_changed"),
        figure("words_touched", "share of words with an edit inside"),
        figure("unseen", "share of edited documents whose ids are those of the original"),
        figure("round_trip", "share of noisy documents that their tokens' bytes give back"),
    ],
    empty=NO_CORPUS,
)
LANGUAGES = table(
    [
        count("documents", "documents that were made noisy"),
        *(
            figure(f"distance_{rate:.0%}".rstrip("%"), f"edit distance, all families at {rate:.0%}",
                   "lower")
            for rate in RATES
        ),
        figure("edit_distance", f"Levenshtein distance of ids / tokens, all families at {MIDDLE:.0%}",
               "lower"),
        sure("edit_distance"),
        figure("words_changed", f"share of words with other tokens, all families at {MIDDLE:.0%}",
               "lower"),
        label("worst", f"the family with the largest distance at {MIDDLE:.0%}"),
        figure("worst_distance", "its edit distance", "lower"),
        label("mildest", "the family with the smallest"),
        figure("mildest_distance", "its edit distance", "lower"),
    ],
    across="edit_distance",
    by="lang",
    empty=NO_CORPUS,
)  # fmt: skip


class Sums(NamedTuple):
    """Sums of one variant, or of several, shape (groups, counted)."""

    groups: Ints

    def total(self, name: str) -> int:
        """Sum over all groups."""
        return int(self.of(name).sum())

    def of(self, name: str) -> Ints:
        """Give a sum for each group."""
        return np.asarray(self.groups[:, COUNTED.index(name)])

    def share(self, name: str) -> float | Absent:
        """Give one of the figures in `SHARES`."""
        part, whole = SHARES[name]
        return ratio(self.total(part), self.total(whole), f"no {whole} in these documents")

    def sure(self, name: str) -> float | Absent:
        """Say how sure a figure is."""
        part, whole = SHARES[name]
        return half_width(self.of(part), self.of(whole))


def rows(noise: Resilience) -> dict[str, list[Row]]:
    """Give both tables."""
    found = _found(noise)
    said = [_row(variant, sums) for variant, sums in found.items()]
    return {"noise": said, "noise_languages": [_language(found)] if found else []}


def _found(noise: Resilience) -> dict[Variant, Sums]:
    """Give the sums of every variant that some document could be made into."""
    every = zip(variants(), noise.by_variant(), strict=True)
    found = {variant: Sums(sums) for variant, sums in every}
    return {variant: sums for variant, sums in found.items() if sums.groups.any()}


def _row(variant: Variant, sums: Sums) -> Row:
    return {
        "family": variant.family,
        "what": families()[variant.family].what,
        "rate": variant.rate,
        "documents": sums.total("documents"),
        "refused": sums.total("refused"),
        **{name: sums.share(name) for name in SHARES},
        **{f"{name}{SURE}": sums.sure(name) for name in SURE_OF},
    }


def _language(found: Mapping[Variant, Sums]) -> Row:
    """Take the families that are rated together, at each rate."""
    at = {rate: _together(found, rate) for rate in RATES}
    ordered = sorted(_distances(found))
    none = Absent("no family of noise could hit these documents")
    (most, worst), (least, mildest) = (ordered[-1], ordered[0]) if ordered else ((none, "-"),) * 2
    return {
        "documents": max((sums.total("documents") for sums in found.values()), default=0),
        **{f"distance_{rate:.0%}".rstrip("%"): at[rate].share("edit_distance") for rate in RATES},
        "edit_distance": at[MIDDLE].share("edit_distance"),
        f"edit_distance{SURE}": at[MIDDLE].sure("edit_distance"),
        "words_changed": at[MIDDLE].share("words_changed"),
        "worst": worst,
        "worst_distance": most,
        "mildest": mildest,
        "mildest_distance": least,
    }


def _together(found: Mapping[Variant, Sums], rate: float) -> Sums:
    zero = np.zeros_like(next(iter(found.values())).groups)
    return Sums(sum((sums.groups for each, sums in found.items() if each.rate == rate), zero))


def _distances(found: Mapping[Variant, Sums]) -> Iterator[tuple[Any, str]]:
    for variant, sums in found.items():
        share = sums.share("edit_distance")
        if variant.rate == MIDDLE and not isinstance(share, Absent):
            yield share, variant.family


def findings(noise: Resilience) -> Iterator[Finding]:
    """Name forms of the same text that cost many more tokens, and noise that is not seen."""
    found = _found(noise)
    if costly := list(_costly(found)):
        said = ", ".join(f"{variant.family} {times:.1f}x" for times, variant in sorted(costly)[::-1])
        yield Finding("TA560", f"tokens with noise / without: {said}")
    whole = {variant: sums for variant, sums in found.items() if variant.rate in (MIDDLE, 1)}
    if unseen := [v.family for v, sums in whole.items() if sums.share("unseen") == 1]:
        yield Finding("TA561", f"the same ids with and without: {', '.join(unseen)}")


def _costly(found: Mapping[Variant, Sums]) -> Iterator[tuple[float, Variant]]:
    for variant, sums in found.items():
        times = sums.share("token_ratio")
        if variant.rate == 1 and not isinstance(times, Absent) and times >= COSTLY:
            yield times, variant
