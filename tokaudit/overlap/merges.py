"""The order of merges in two vocabularies: how far it is the same, and how much was moved."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Any

from tokaudit.overlap import entries
from tokaudit.spelling import reader
from tokaudit.text import Absent, show
from tokaudit.tokenizer import Tokenizer

FIGURES = ("merges_a", "merges_b", "alike", "shared", "moved", "parted")
NORMAL = 1  # a type of SentencePiece's pieces


def order(tokenizer: Tokenizer) -> list[bytes] | Absent:
    """List what merges make, the first merge first, each once; why not, where there are none.

    Merges are a list in a tokenizer.json, the order of the ids in files of ranks, and that of the
    scores in SentencePiece's BPE.
    """
    settings = tokenizer.settings
    model = settings.get("model") or {}
    if "merges" in model:
        to_bytes = reader(settings)
        pairs = (pair if isinstance(pair, list) else pair.split(" ") for pair in model["merges"])
        return list(dict.fromkeys(to_bytes(left) + to_bytes(right) for left, right in pairs))
    if "pattern" in settings:
        return [text for text in entries.places(tokenizer.vocabulary) if len(text) > 1]
    if "pieces" in settings and tokenizer.algorithm == "BPE":
        return _by_score(tokenizer)
    return Absent(f"{tokenizer.algorithm} has no merges that are known")


def compare(a: Tokenizer, b: Tokenizer) -> Mapping[str, Any]:
    """Compare two orders; figures are absent where a side has none."""
    first, second = order(a), order(b)
    if isinstance(first, Absent) or isinstance(second, Absent):
        why = first if isinstance(first, Absent) else second
        return dict.fromkeys(FIGURES, why)
    pairs = zip(first, second, strict=False)
    alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    place = {text: number for number, text in enumerate(second)}
    shared = [place[text] for text in first if text in place]
    return {
        "merges_a": len(first),
        "merges_b": len(second),
        "alike": alike,
        "shared": len(shared),
        "moved": len(shared) - longest_ascending(shared),
        "parted": _pair(first[alike:], second[alike:]),
    }


def _pair(first: Sequence[bytes], second: Sequence[bytes]) -> str | Absent:
    """Write the first merges that differ; a side that is over is a dash."""
    if not first and not second:
        return Absent("no merge differs")
    return " ".join(show(rest[0]) if rest else "–" for rest in (first, second))


def _by_score(tokenizer: Tokenizer) -> list[bytes]:
    """Order pieces by score, best first; pieces of users and single characters are not merged."""
    kinds, scores = zip(*tokenizer.settings["pieces"], strict=True)
    places = entries.places(tokenizer.vocabulary)
    merged = [
        text
        for text, place in places.items()
        if kinds[place] == NORMAL and len(text.decode("utf-8", "replace")) > 1
    ]
    return sorted(merged, key=lambda text: -scores[places[text]])


def longest_ascending(numbers: Sequence[int]) -> int:
    """Give the length of the longest subsequence that ascends, by patience sorting."""
    tops: list[int] = []
    for number in numbers:
        pile = bisect_left(tops, number)
        tops[pile : pile + 1] = [number]
    return len(tops)
