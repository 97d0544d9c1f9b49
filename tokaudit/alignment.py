"""Where in a text its tokens lie, found by comparing letters, for engines that have no offsets.

Both sides are folded (compatibility forms, no case, no accents, no white space), so what a
normaliser did to a letter does not hide it. Letters that agree are placed exactly; between them,
all tokens of a stretch that differs cover all of that stretch of the text.
"""

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import regex

from tokaudit.batch import Ints, Spans
from tokaudit.text import WHITE_SPACE

MARK = regex.compile(r"\p{M}")
ANCHOR = 3  # letters that must agree for a stretch that differs to be over
LOSS = "\0"  # stands for a token that is no text; agrees with no letter
REACH = 48  # letters on either side among which its end is looked for


class Letter(NamedTuple):
    """A folded letter, and where it comes from: first and last token, or a range of bytes."""

    text: str
    start: int
    end: int


class Stretch(NamedTuple):
    """Letters of the tokens and letters of the text that stand for each other."""

    tokens: slice
    text: slice


def align(text: str, tokens: Sequence[bytes]) -> Spans:
    """Give the bytes of the text that each token covers; a token of no letters covers none.

    Tokens are given as the bytes they stand for, and as nothing where they stand for a loss.
    """
    mine, theirs = _of_tokens(tokens), _of_text(text)
    starts, ends = np.full(len(tokens), -1, np.int64), np.full(len(tokens), -1, np.int64)
    for stretch in _stretches(mine, theirs):
        covered = theirs[stretch.text]
        for letter in mine[stretch.tokens] if covered else ():
            owners = slice(letter.start, letter.end + 1)
            starts[owners] = np.where(starts[owners] < 0, covered[0].start, starts[owners])
            ends[owners] = np.maximum(ends[owners], covered[-1].end)
    return _filled(starts, ends)


def _filled(starts: Ints, ends: Ints) -> Spans:
    """Let tokens without a place cover nothing, behind the token before them."""
    before = np.maximum.accumulate(np.concatenate([[0], ends]))[:-1].clip(0)
    lost = starts < 0
    return Spans(np.where(lost, before, starts), np.where(lost, before, ends))


def _of_text(text: str) -> list[Letter]:
    letters, place = [], 0
    for letter in text:
        size = len(letter.encode())
        letters += [Letter(part, place, place + size) for part in folded(letter)]
        place += size
    return letters


def _of_tokens(tokens: Sequence[bytes]) -> list[Letter]:
    """Fold what the tokens spell together: a letter may be spread over several of them."""
    owners = [number for number, token in enumerate(tokens) for _ in token or LOSS]
    letters, place = [], 0
    joined = b"".join(token or LOSS.encode() for token in tokens)
    for letter in joined.decode("utf-8", "surrogateescape"):
        size = len(letter.encode("utf-8", "surrogateescape"))
        first, last = owners[place], owners[place + size - 1]
        letters += [Letter(part, first, last) for part in folded(letter)]
        place += size
    return letters


def folded(letter: str) -> list[str]:
    """Give what is left of a letter when case, accents and form do not count."""
    parts = unicodedata.normalize("NFKD", letter).casefold()
    return [part for part in parts if part not in WHITE_SPACE and not MARK.match(part)]


def _stretches(mine: list[Letter], theirs: list[Letter]) -> list[Stretch]:
    """Walk along both sides; where they differ, look for the nearest place where they agree."""
    found, here, there = [], 0, 0
    while here < len(mine):
        if there < len(theirs) and mine[here].text == theirs[there].text:
            step = Stretch(slice(here, here + 1), slice(there, there + 1))
        else:
            step = _difference(mine, theirs, here, there)
        found.append(step)
        here, there = step.tokens.stop, step.text.stop
    return found


def _difference(mine: list[Letter], theirs: list[Letter], here: int, there: int) -> Stretch:
    ahead = [letter.text for letter in mine[here : here + REACH + ANCHOR]]
    beyond = [letter.text for letter in theirs[there : there + REACH + ANCHOR]]
    for total in range(1, 2 * REACH):
        for i in range(max(0, total - REACH), min(total, REACH) + 1):
            j = total - i
            if _agree(ahead[i : i + ANCHOR], beyond[j : j + ANCHOR]):
                return Stretch(slice(here, here + i), slice(there, there + j))
    return Stretch(slice(here, len(mine)), slice(there, len(theirs)))


def _agree(ours: list[str], yours: list[str]) -> bool:
    """Say whether both go on alike (as far as the next loss), or both are over."""
    if LOSS not in ours:
        return ours == yours
    sure = ours.index(LOSS)
    return sure > 0 and ours[:sure] == yours[:sure]
