"""What two vocabularies share and what only one of them has: in all, by class and by script."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from tokaudit.classes import classify
from tokaudit.overlap import entries
from tokaudit.text import ratio, show
from tokaudit.vocabulary import Vocabulary

EXAMPLES = 8
NOTHING = "no text in either vocabulary"


def summary(a: Vocabulary, b: Vocabulary) -> dict[str, Any]:
    """Count the texts of both, of one, and of either."""
    ours, theirs = entries.places(a).keys(), entries.places(b).keys()
    shared = len(ours & theirs)
    names = entries.controls(a), entries.controls(b)
    return {
        "ids_a": len(a),
        "ids_b": len(b),
        "texts_a": len(ours),
        "texts_b": len(theirs),
        "shared": shared,
        "only_a": len(ours) - shared,
        "only_b": len(theirs) - shared,
        "jaccard": ratio(shared, len(ours) + len(theirs) - shared, NOTHING),
        "share_of_a_in_b": ratio(shared, len(ours), "A has no texts"),
        "share_of_b_in_a": ratio(shared, len(theirs), "B has no texts"),
        "controls_a": len(names[0]),
        "controls_b": len(names[1]),
        "controls_shared": len(names[0] & names[1]),
    }


def by_class(a: Vocabulary, b: Vocabulary) -> Iterator[dict[str, Any]]:
    """Count by class, the classes with most texts of one side only first."""
    yield from _grouped("class", a, b, (classify(a).named(), classify(b).named()))


def by_script(a: Vocabulary, b: Vocabulary) -> Iterator[dict[str, Any]]:
    """Count by script, as `by_class`."""
    yield from _grouped("script", a, b, (classify(a).scripts, classify(b).scripts))


def _grouped(
    column: str, a: Vocabulary, b: Vocabulary, names: tuple[Sequence[str], Sequence[str]]
) -> Iterator[dict[str, Any]]:
    """Group texts by name; one that both have goes by the name it has in A."""
    ours, theirs = entries.places(a), entries.places(b)
    shared = Counter(names[0][ours[text]] for text in ours.keys() & theirs.keys())
    only_a = _by_name(ours, theirs.keys(), names[0])
    only_b = _by_name(theirs, ours.keys(), names[1])
    sizes = {name: len(only_a[name]) + len(only_b[name]) for name in {*shared, *only_a, *only_b}}
    for name in sorted(sizes, key=lambda each: (-sizes[each], each)):
        yield {
            column: name,
            "shared": shared[name],
            "only_a": len(only_a[name]),
            "only_b": len(only_b[name]),
            "examples_a": examples(only_a[name]),
            "examples_b": examples(only_b[name]),
        }


def _by_name(
    mine: Mapping[bytes, int], others: Iterable[bytes], names: Sequence[str]
) -> dict[str, list[bytes]]:
    """List the texts that only this side has by name, in the order of their ids."""
    found: dict[str, list[bytes]] = defaultdict(list)
    for text in sorted(mine.keys() - set(others), key=mine.__getitem__):
        found[names[mine[text]]].append(text)
    return found


def examples(texts: Sequence[bytes]) -> str:
    """Write the first of some texts."""
    return " ".join(map(show, texts[:EXAMPLES])) + " …" * (len(texts) > EXAMPLES)
