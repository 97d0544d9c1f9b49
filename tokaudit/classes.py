"""Token classes: what kind of thing each id of a vocabulary is; every id is in exactly one class.

A class is a position and a content. The positions `control`, `byte` and `partial UTF-8` have no
content: no character can be seen in them.
"""

from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tokaudit.characters import Codes, Ints, categories, code_points, scripts
from tokaudit.text import WHITE_SPACE
from tokaudit.vocabulary import Vocabulary

POSITIONS = {
    "control": "a control token, the unknown token, or an entry that stands for no text",
    "byte": "one byte that is no character by itself, or a byte that stands in (`<0xNN>`)",
    "partial UTF-8": "several bytes that begin or end within a character",
    "single character": "one character",
    "word-initial": "a space and more; where pieces inside words are marked (`##`), one without",
    "word-inner": "any other text",
}
CONTENTS = {
    "letters": "letters and marks of one script",
    "digits": "numbers (general category N)",
    "symbols": "punctuation and symbols (P, S), emoji among them",
    "white space": "White_Space only",
    "invisible": "control and format characters (Cc, Cf)",
    "unassigned": "private use, noncharacters, and what Unicode has not assigned (Co, Cn)",
    "mixed": "several of these, or letters of several scripts",
}
POSITION_NAMES, CONTENT_NAMES = tuple(POSITIONS), tuple(CONTENTS)
CONTROL, BYTE, PARTIAL, SINGLE, INITIAL, INNER = range(len(POSITION_NAMES))
NO_CONTENT, MIXED, LETTERS = -1, len(CONTENT_NAMES) - 1, 0
BY_CATEGORY = {"L": 0, "N": 1, "P": 2, "S": 2, "Z": 3, "C": 4, "Cn": 5, "Co": 5, "Cs": 5}
NO_SCRIPT, SEVERAL = "none", "several"
SHARED_SCRIPTS = ("Inherited", "Common", "Unknown")
JOINERS = (0x200C, 0x200D)  # they may stand between letters and between emoji alike


class Classes(NamedTuple):
    """For every place of a vocabulary its position, its content (or -1) and its script's name."""

    positions: Ints
    contents: Ints
    scripts: tuple[str, ...]

    def named(self) -> list[str]:
        """Write each id's class in words."""
        both = zip(self.positions.tolist(), self.contents.tolist(), strict=True)
        return [name(position, content) for position, content in both]


def name(position: int, content: int) -> str:
    """Write a class in words.

    >>> name(INNER, LETTERS), name(BYTE, NO_CONTENT)
    ('word-inner letters', 'byte')
    """
    first = POSITION_NAMES[position]
    if content == NO_CONTENT:
        return first
    return f"{first}{':' if position == SINGLE else ''} {CONTENT_NAMES[content]}"


@lru_cache(maxsize=16)
def classify(vocabulary: Vocabulary) -> Classes:
    """Put every id into its class."""
    positions = _positions(vocabulary)
    texts = vocabulary.texts.to_pylist()
    seen = np.flatnonzero(positions >= SINGLE)
    words = [texts[place].decode() for place in seen.tolist()]
    bare = [word[1:] if len(word) > 1 and word[0] == " " else word for word in words]
    flat = code_points("".join(bare))
    starts = np.concatenate([[0], np.cumsum([len(word) for word in bare])]).astype(np.int64)[:-1]
    contents = np.full(len(vocabulary), NO_CONTENT, np.int64)
    names = [NO_SCRIPT] * len(vocabulary)
    if seen.size:
        script = _scripts(flat, starts)
        for place, code in zip(seen.tolist(), script.tolist(), strict=True):
            names[place] = SEVERAL if code < 0 else scripts().names[code]
        contents[seen] = _contents(flat, starts, script < 0)
    return Classes(positions, contents, tuple(names))


def _positions(vocabulary: Vocabulary) -> Ints:
    texts = vocabulary.texts.to_pylist()
    single = [len(text.decode("utf-8", "replace")) == 1 for text in texts]
    spaced = np.array([text[:1] == b" " for text in texts], np.bool_)
    initial = spaced | ~vocabulary.continuing if vocabulary.continuing.any() else spaced
    control = vocabulary.special | (vocabulary.ids == vocabulary.unknown)
    control |= vocabulary.lengths == 0
    byte = vocabulary.fallback | (vocabulary.partial & (vocabulary.lengths == 1))
    order = [control, byte, vocabulary.partial, np.array(single, np.bool_), initial]
    return np.asarray(np.select(order, range(len(order)), INNER), np.int64)


def _contents(flat: npt.NDArray[np.uint32], starts: Ints, several: npt.NDArray[np.bool_]) -> Ints:
    """Give each text's content: that of its characters, if they agree; marks and joiners do."""
    bits = np.bitwise_or.reduceat(_bits()[flat], starts)
    content = np.full(starts.size, MIXED, np.int64)
    content[bits == 0] = LETTERS  # marks alone
    for kind in range(MIXED):
        content[bits == 1 << kind] = kind
    content[several & (content == LETTERS)] = MIXED
    return content


def _scripts(flat: npt.NDArray[np.uint32], starts: Ints) -> Ints:
    """Give the one script of each text, -1 for several; shared ones count where they are alone."""
    rank = _ranks()[scripts().codes[flat]]
    highest = np.maximum.reduceat(rank, starts)
    real = np.where(rank >= len(SHARED_SCRIPTS), rank, np.iinfo(np.int16).max)
    lowest = np.minimum.reduceat(real, starts)
    several = (highest >= len(SHARED_SCRIPTS)) & (lowest != highest)
    return np.where(several, -1, np.argsort(_ranks())[highest]).astype(np.int64)


@cache
def _ranks() -> Codes:
    """Order scripts so that those of no language come first; each has a rank of its own."""
    names = scripts().names
    shared = [names.index(each) for each in SHARED_SCRIPTS if each in names]
    order = [*shared, *(code for code in range(len(names)) if code not in shared)]
    return np.argsort(order).astype(np.int16)


@cache
def _bits() -> npt.NDArray[np.uint8]:
    """Give every code point one bit, by its kind; marks and joiners have none."""
    names, codes = categories()
    kinds = [BY_CATEGORY.get(each, BY_CATEGORY.get(each[0])) for each in names]
    table = np.array([0 if kind is None else 1 << kind for kind in kinds], np.uint8)[codes]
    table[[ord(letter) for letter in WHITE_SPACE]] = 1 << BY_CATEGORY["Z"]
    table[list(JOINERS)] = 0
    return table
