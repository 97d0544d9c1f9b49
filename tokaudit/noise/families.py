"""Families of noise: which letters of a text each one can hit, and what it writes instead."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import NamedTuple

import numpy as np

from tokaudit.batch import Ints
from tokaudit.noise import changes
from tokaudit.noise.keyboards import neighbours
from tokaudit.noise.lookalikes import ALIKE, LEET, SCANNED, others
from tokaudit.noise.written import Written

Targets = Callable[[Written], Ints]
Change = Callable[[Written, int, int], changes.Instead]


class Family(NamedTuple):
    """`change(text, place, draw)` gives what is written for the letters from a place on.

    `targets` gives the places that can be hit. A family that is `rated` hits so many letters that
    they are 1, 5 or 10 % of the characters; another one hits all it can.
    """

    what: str
    rated: bool
    targets: Targets
    change: Change


@cache
def families() -> Mapping[str, Family]:
    """Give every family by its name, in the order of the report."""
    alike, misread = others(ALIKE), others(SCANNED)
    return {
        "swap": Family(
            "two letters of a word change places", True, changes.swappable, changes.swap
        ),
        "delete": Family("a letter is left out", True, changes.words, changes.delete),
        "insert": Family("a letter of the text's own", True, changes.letters, changes.insert),
        "keyboard": Family("the key beside is hit", True, *_one_of(neighbours)),
        "case flip": Family("a letter changes its case", True, *_rewritten(changes.flipped)),
        "leetspeak": Family("a digit stands for a letter", True, *_one_of(_in(LEET))),
        "scanning": Family("a sign is taken for one of its shape", True, *_one_of(_in(misread))),
        "homoglyph": Family("another script's letter looks the same", True, *_one_of(_in(alike))),
        "full-width": Family("ASCII in full-width form", True, *_rewritten(changes.wide)),
        "styled": Family("a mathematical letter", True, *_rewritten(changes.styled)),
        "zero-width": Family("U+200B inside a word", True, changes.followed, changes.zero_width),
        "emoji": Family("an emoji behind a word or a sign", True, changes.gaps, changes.emoji),
        "double space": Family("a space is doubled", True, *_rewritten(changes.doubled)),
        "leading space": Family("a space before the text", False, changes.first, changes.lead),
        "capitals": Family("all letters are capitals", False, *_rewritten(str.upper)),
        "no marks": Family("accents and points are left out", False, *_rewritten(changes.bare)),
        "NFC": Family("letters and marks are composed", False, changes.composable, changes.compose),
        "NFD": Family("letters and marks are taken apart", False, *_rewritten(changes.apart)),
    }


def _one_of(table: Callable[[str], str]) -> tuple[Targets, Change]:
    """Hit letters for which a table has something else, and write one of that."""

    def change(text: Written, place: int, draw: int) -> changes.Instead:
        instead = table(text.letters[place])
        return (instead[draw % len(instead)],)

    return _where(lambda letter: bool(table(letter))), change


def _rewritten(rewrite: Callable[[str], str]) -> tuple[Targets, Change]:
    """Hit letters that are rewritten as something else."""
    targets = _where(lambda letter: rewrite(letter) != letter)
    return targets, lambda text, place, _: (rewrite(text.letters[place]),)


def _where(hit: Callable[[str], bool]) -> Targets:
    hit = cache(hit)

    def targets(text: Written) -> Ints:
        wanted = {letter for letter in text.alphabet if hit(letter)}
        found = [i for i, letter in enumerate(text.letters) if letter in wanted] if wanted else []
        return np.array(found, np.int64)

    return targets


def _in(table: Mapping[str, str]) -> Callable[[str], str]:
    return lambda letter: table.get(letter, "")
