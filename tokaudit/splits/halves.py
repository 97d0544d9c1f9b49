"""Halves: entries that begin or end within a character, and the pairs of them that join to text."""

from collections import defaultdict
from typing import NamedTuple, Self

import numpy as np

from tokaudit.batch import Ints
from tokaudit.characters import script_of
from tokaudit.reach.utf8 import fringe
from tokaudit.vocabulary import Vocabulary

SHARED = ("Common", "Inherited", "Unknown")


class Half(NamedTuple):
    """An entry that is whole characters but for a part of one: its place, and their script.

    `script` is None where it is a part of a character and nothing else.
    """

    place: int
    script: str | None


class Joint(NamedTuple):
    """Entries that end in one part of a character, and those that begin with what it lacks."""

    letter: str
    firsts: tuple[Half, ...]
    seconds: tuple[Half, ...]


class Pairs(NamedTuple):
    """Some of all pairs (`there` of them): pair i is of `joints[joint[i]]`, by their places."""

    joints: tuple[Joint, ...]
    joint: Ints
    first: Ints
    second: Ints
    there: int

    @classmethod
    def of(cls, vocabulary: Vocabulary, limit: int, seed: int) -> Self:
        """List all pairs, or so many of them drawn at random."""
        found = joints(vocabulary)
        sizes = np.array([len(each.firsts) * len(each.seconds) for each in found], np.int64)
        there, ends = int(sizes.sum()), np.cumsum(sizes)
        drawn = np.arange(there)
        if there > limit:
            drawn = np.sort(np.random.default_rng(seed).choice(there, limit, replace=False))
        joint = np.searchsorted(ends, drawn, side="right")
        widths = np.array([len(each.seconds) for each in found], np.int64)
        first, second = np.divmod(drawn - (ends - sizes)[joint], widths[joint])
        return cls(found, joint, first, second, there)


def joints(vocabulary: Vocabulary) -> tuple[Joint, ...]:
    """Match every beginning of a character with every end of one, letters ascending."""
    firsts: dict[bytes, list[Half]] = defaultdict(list)
    seconds: dict[bytes, list[Half]] = defaultdict(list)
    for place in np.flatnonzero(vocabulary.partial & ~vocabulary.special).tolist():
        part = fringe(vocabulary.texts[place].as_py())
        if part is None or bool(part.tail) == bool(part.head):
            continue
        side, key = (firsts, part.head) if part.head else (seconds, part.tail)
        side[key].append(Half(place, _script(part.middle)))
    both = ((head, tail, _letter(head + tail)) for head in firsts for tail in seconds)
    found = [
        Joint(letter, tuple(firsts[head]), tuple(seconds[tail]))
        for head, tail, letter in both
        if letter
    ]
    return tuple(sorted(found, key=lambda each: each.letter))


def _letter(data: bytes) -> str | None:
    """Give the one character that these bytes are."""
    try:
        letter = data.decode()
    except UnicodeDecodeError:
        return None
    return letter if len(letter) == 1 else None


def _script(text: str) -> str | None:
    """Name the first script of some letters that is of a language, else a shared one."""
    names = [script_of(letter) for letter in text]
    return next((name for name in names if name not in SHARED), names[0] if names else None)
