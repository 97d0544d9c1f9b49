"""Characters: what Unicode says of every code point, and the sequences it makes of them.

The tables are unicodedataplus's (Python's own are as old as Python itself); emoji sequences are
the properties of strings of UTS #51, as ICU knows them.
"""

from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import unicodedataplus

try:
    import icu
except ImportError:
    icu = None

UNICODE_VERSION: str = unicodedataplus.unidata_version
CODE_POINTS = 0x110000
# Where characters are assigned one by one; all other planes are unassigned or private use.
LISTED = (*range(0x40000), *range(0xE0000, 0xE1000))
PRIVATE_PLANES = range(0xF0000, CODE_POINTS)
HANGUL = "Hangul"
EMOJI = {
    "keycap": "Emoji_Keycap_Sequence",
    "flag": "RGI_Emoji_Flag_Sequence",
    "tag sequence": "RGI_Emoji_Tag_Sequence",
    "skin tone": "RGI_Emoji_Modifier_Sequence",
    "joined emoji": "RGI_Emoji_ZWJ_Sequence",
}
Codes = npt.NDArray[np.int16]
Ints = npt.NDArray[np.int64]


class Property(NamedTuple):
    """A property of every code point: `names[codes[c]]` is that of code point c."""

    names: tuple[str, ...]
    codes: Codes


class Sequence(NamedTuple):
    """Several code points that are one thing to a reader: its kind, its script, its text."""

    kind: str
    script: str
    text: str


@cache
def categories() -> Property:
    """General_Category: `Lu`, `Nd`, ...; `Cn` where nothing is assigned."""
    found = _property(unicodedataplus.category, "Cn")
    private = [code for code in PRIVATE_PLANES if code & 0xFFFF < 0xFFFE]
    found.codes[private] = found.names.index("Co")
    return found


@cache
def scripts() -> Property:
    """Script: `Latin`, `Han`, ...; `Common`, `Inherited`, and `Unknown` where none is."""
    return _property(unicodedataplus.script, "Unknown")


@cache
def blocks() -> Property:
    """Block, by its name; `No_Block` outside of all."""
    return _property(unicodedataplus.block, "No_Block")


@cache
def newer(version: str) -> str:
    r"""Write the characters that are not in a version of Unicode as a class: `[\x{88f}-\x{88f}]`.

    What is still unassigned is among them, and so are the private planes.
    """
    names, codes = _property(unicodedataplus.age, "Unassigned")
    old = [code for code, name in enumerate(names) if _numbered(name) <= _numbered(version)]
    listed = ~np.isin(codes, old)
    listed[0xD800:0xE000] = False  # no text holds a surrogate
    bounds = np.flatnonzero(np.diff(listed, prepend=False, append=False)).reshape(-1, 2)
    return "[" + "".join(rf"\x{{{first:x}}}-\x{{{end - 1:x}}}" for first, end in bounds) + "]"


def _numbered(version: str) -> tuple[float, ...]:
    return tuple(map(int, version.split("."))) if version[0].isdigit() else (float("inf"),)


def _property(ask: Callable[[str], str], nothing: str) -> Property:
    values = [ask(chr(code)) for code in LISTED]
    names = tuple(dict.fromkeys([nothing, *values]))
    place = {name: code for code, name in enumerate(names)}
    codes = np.zeros(CODE_POINTS, np.int16)
    codes[list(LISTED)] = [place[value] for value in values]
    return Property(names, codes)


@cache
def assigned() -> Ints:
    """List the code points that are characters: no surrogates, nothing private, noncharacters."""
    names, codes = categories()
    absent = [code for code, name in enumerate(names) if name in ("Cn", "Cs", "Co")]
    return np.flatnonzero(~np.isin(codes, absent)).astype(np.int64)


def code_points(text: str) -> npt.NDArray[np.uint32]:
    """Give the code points of a text as an array."""
    return np.frombuffer(text.encode("utf-32-le"), np.uint32)


def script_of(letter: str) -> str:
    """Name the script of one character."""
    names, codes = scripts()
    return names[int(codes[ord(letter)])]


@cache
def sequences() -> tuple[Sequence, ...]:
    """List emoji sequences, decomposed letters and two-digit numbers, each text once."""
    found = (*_emoji(), *_decomposed(), *_numbers())
    return tuple({sequence.text: sequence for sequence in found}.values())


def _emoji() -> Iterator[Sequence]:
    if icu is None:
        return
    for kind, name in EMOJI.items():
        texts = icu.UnicodeSetIterator(icu.UnicodeSet(rf"[\p{{{name}}}]"))
        yield from (Sequence(kind, "Common", text) for text in sorted(map(str, texts)))


def _decomposed() -> Iterator[Sequence]:
    """Write every letter that has a canonical decomposition as letter and marks, or as jamo."""
    for code in assigned().tolist():
        letter = chr(code)
        text = unicodedataplus.normalize("NFD", letter)
        if len(text) > 1 and text != letter:
            script = script_of(text[0])
            kind = "decomposed syllable" if script == HANGUL else "decomposed letter"
            yield Sequence(kind, script, text)


def _numbers() -> Iterator[Sequence]:
    """Write the numbers 00 to 99 in every set of decimal digits."""
    for zero in map(chr, assigned().tolist()):
        if unicodedataplus.decimal(zero, None) == 0:
            digits = [chr(ord(zero) + n) for n in range(10)]
            yield from (
                Sequence("two digits", script_of(zero), tens + ones)
                for tens in digits
                for ones in digits
            )
