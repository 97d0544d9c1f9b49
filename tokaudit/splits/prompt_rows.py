"""Prompt ends as tables and findings: how many cuts are broken, and prompts at risk."""

from collections.abc import Iterator

from tokaudit.columns import SURE, count, cut, figure, label, sure, table
from tokaudit.findings import Finding
from tokaudit.splits.ends import CHARACTERS, SAID
from tokaudit.splits.part import Row
from tokaudit.splits.prompt_ends import ALL, EXAMPLES, OWN, PromptEnds
from tokaudit.text import Absent

WHERE = {
    **SAID,
    **{name: f"in {name.removeprefix('own ')} of ours, at any character" for name in OWN},
    "own prose, space": "in prose of ours, behind a space",
}
SHARES = {"broken": ("broken", "cuts"), "healed": ("healed", "broken"), "split": ("split", "cuts")}
OFTEN = 0.5  # a share of broken cuts at any character from which a tokenizer is worth a note
SPACE_COSTS = 0.2  # a share of cuts behind a space that are broken, worth a warning
ENDED = 0.1  # a share of cuts at the ends of words that are, worth a warning
ENOUGH = 100  # cuts, fewer of which say little
ENDS = table(
    [
        label("where", "where texts are cut"),
        count("cuts", f"cuts, in the first {CHARACTERS} characters of drawn documents, or our own"),
        count("refused", "cuts of which a side could not be encoded", "lower"),
        figure("broken", "share of cuts before which the ids are not those the whole text begins"
               " with", "lower"),
        sure("broken"),
        figure("healed", "share of broken cuts that are so no more without the last token"),
        figure("split", "share of cuts where the ids of both sides, joined, are not those of the"
               " whole text", "lower"),
        sure("split"),
    ],
)  # fmt: skip
SHOWN = table(
    [
        label("where", "where the text is cut"),
        label("prompt", "its end"),
        cut("alone", "its last tokens, if it stops here"),
        cut("whole", "the tokens in the whole text"),
    ],
    empty="no cut is broken",
    examples=True,
)


def rows(found: PromptEnds) -> dict[str, list[Row]]:
    """Give both tables."""
    return {"prompts": list(_ends(found)), "prompt_examples": list(_examples(found))}


def _ends(found: PromptEnds) -> Iterator[Row]:
    for kind, cells in found.sums.by_kind(ALL).items():
        own = Absent("all cuts of a few texts of ours: there is no sample")
        widths = {
            f"{name}{SURE}": own if kind in OWN else cells.sure(*SHARES[name])
            for name in ("broken", "split")
        }
        shares = {name: cells.share(*of) for name, of in SHARES.items()}
        counts = {name: cells.total(name) for name in ("cuts", "refused")}
        yield {"where": WHERE[kind], **counts, **shares, **widths}


def _examples(found: PromptEnds) -> Iterator[Row]:
    for kind, where in enumerate(ALL):
        for slot in range(EXAMPLES):
            if example := found.shown.kept.get((kind, slot)):
                _, prompt, alone, whole = example
                yield {"where": WHERE[where], "prompt": prompt, "alone": alone, "whole": whole}


def findings(found: PromptEnds) -> Iterator[Finding]:
    """Say what a prompt that stops inside a word, behind a space or behind a word may do."""
    broken = {
        kind: (cells.total("broken") / cells.total("cuts"), cells.total("cuts"))
        for kind, cells in found.sums.by_kind(ALL).items()
        if cells.total("cuts") >= ENOUGH or kind in OWN
    }
    share, _ = broken.get("own prose", (0.0, 0))
    if share >= OFTEN:
        yield Finding("TA570", f"{share:.0%} of cuts in prose of ours, at any character")
    share, _ = broken.get("own prose, space", (0.0, 0))
    if share >= SPACE_COSTS:
        yield Finding("TA571", f"{share:.0%} of prompts of ours that end in a space")
    share, cuts = broken.get("word end", (0.0, 0))
    if share >= ENDED:
        yield Finding("TA572", f"{share:.0%} of {cuts:,} cuts at the end of a word")
