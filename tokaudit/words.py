r"""Words and grapheme clusters: where text can be cut before any tokenizer cuts it.

A word is a word-break segment (UAX #29, with ICU's dictionaries for Thai, Lao, Khmer, Burmese,
Chinese and Japanese) that holds a letter or a number. `whitespace` is `str.split()`, for
comparison with older work. `regex` stands in where ICU is not installed: runs of `\w`, and no
answer for scripts written without spaces.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import regex

from tokaudit.errors import UnknownName
from tokaudit.text import Absent

try:
    import icu
except ImportError:
    icu = None

Positions = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Cut = Callable[[str], tuple[Positions, Positions]]

# Scripts written without spaces: Line_Break=SA (UAX #14) is South East Asian.
UNSPACED = regex.compile(r"[\p{Line_Break=SA}\p{Tibetan}\p{Han}\p{Hiragana}\p{Katakana}]")
# Paragraph separator: every segmenter cuts on both sides of it, whatever stands there.
SEPARATOR = "\u2029"
UNSEGMENTED = Absent("written without spaces: words need ICU (--words icu)")


@dataclass(frozen=True)
class Segmenter:
    """A way to find words: `cut` gives starts and ends in code points.

    A text that it `refuses` cannot be cut. A segmenter of `whole` rows knows the words of some
    rows, and none of a part of a row.
    """

    name: str
    version: str
    cut: Cut
    refuses: Callable[[str], bool] | None = None
    whole: bool = False


def segmenter(name: str) -> Segmenter:
    """Find a segmenter by name (`icu`, `whitespace`, `regex`); raises UnknownName."""
    if name == "icu" and icu is None:
        raise UnknownName("words by 'icu' need the package pyicu-wheels; --words regex does not")
    if name == "icu":
        return Segmenter(name, f"{icu.ICU_VERSION}/unicode-{icu.UNICODE_VERSION}", _icu_words)
    if name == "whitespace":
        return Segmenter(name, "str.split", _whitespace_words)
    if name == "regex":
        return Segmenter(name, regex.__version__, _regex_words, _is_unspaced)
    raise UnknownName(
        f"{name!r} is not among the word segmenters: icu, whitespace, regex, x.conllu"
    )


def default() -> Segmenter:
    """ICU where it is installed, else `regex`."""
    return segmenter("icu" if icu else "regex")


def grapheme_starts(text: str) -> Positions:
    r"""Give the first code point of every grapheme cluster (UAX #29 `\X`)."""
    if text.isascii() and "\r" not in text:
        return np.arange(len(text), dtype=np.int64)
    if icu is None:
        found = (m.start() for m in regex.finditer(r"\X", text))
        return np.fromiter(found, dtype=np.int64)
    return _icu_graphemes(text)


def clusters_by() -> str:
    """Name what finds grapheme clusters, with its version, for the signature."""
    return f"icu-{icu.ICU_VERSION}" if icu else f"regex-{regex.__version__}"


def _icu_graphemes(text: str) -> Positions:
    """Ask ICU about characters that may join others, and their neighbours; the rest are clusters.

    Between two characters that never join there is always a border, so leaving out a run of them
    moves no other border.
    """
    points = _code_points(text)
    joins = np.pad(~_apart()[points], 1)
    asked = np.flatnonzero(joins[:-2] | joins[1:-1] | joins[2:])
    part = points[asked].tobytes().decode("utf-32-le")
    starts = asked[_icu_borders(icu.BreakIterator.createCharacterInstance, part)[:-1]]
    begins = np.ones(points.size, np.bool_)
    begins[asked] = False
    begins[starts] = True
    return np.flatnonzero(begins)


def _icu_words(text: str) -> tuple[Positions, Positions]:
    borders = _icu_borders(icu.BreakIterator.createWordInstance, text)
    holds = np.concatenate([[0], np.cumsum(_letters_and_numbers()[_code_points(text)])])
    kept = holds[borders[1:]] > holds[borders[:-1]]
    return borders[:-1][kept], borders[1:][kept]


def _icu_borders(create: Callable[..., Iterable[int]], text: str) -> Positions:
    """List every border, 0 and the end included, in code points (ICU counts UTF-16 units)."""
    iterator = create(icu.Locale.getRoot())
    iterator.setText(icu.UnicodeString(text))  # type: ignore[attr-defined]
    units = np.fromiter(iterator, dtype=np.int64)
    borders = np.concatenate([[0], units]) if text else np.zeros(1, np.int64)
    wide = np.flatnonzero(_code_points(text) > 0xFFFF)
    if not wide.size:
        return borders
    # The k-th astral character begins k units late: subtract how many end at or before each border.
    return borders - np.searchsorted(wide + np.arange(wide.size) + 2, borders, side="right")


def _whitespace_words(text: str) -> tuple[Positions, Positions]:
    return runs(~_python_spaces()[_code_points(text)])


def _regex_words(text: str) -> tuple[Positions, Positions]:
    found = np.array([m.span() for m in regex.finditer(r"\w+", text)], np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1]


def _is_unspaced(text: str) -> bool:
    return UNSPACED.search(text) is not None


def runs(inside: Mask) -> tuple[Positions, Positions]:
    """Give starts and ends of the runs of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], inside, [False]]).astype(np.int8)))
    return edges[::2].astype(np.int64), edges[1::2].astype(np.int64)


def _code_points(text: str) -> npt.NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)


@cache
def _letters_and_numbers() -> Mask:
    return _marked("[[:L:][:N:]]")


@cache
def _apart() -> Mask:
    """Mark characters that no rule of UAX #29 joins to one that is marked too."""
    return _marked("[[:Grapheme_Cluster_Break=Other:][:Grapheme_Cluster_Break=Control:]]")


def _marked(pattern: str) -> Mask:
    """Mark the code points of a set that is written as ICU reads it."""
    table = np.zeros(0x110000, dtype=np.bool_)
    chosen = icu.UnicodeSet(pattern)
    for each in range(chosen.getRangeCount()):
        first, last = ord(chosen.getRangeStart(each)), ord(chosen.getRangeEnd(each))
        table[first : last + 1] = True
    return table


@cache
def _python_spaces() -> Mask:
    return np.fromiter((chr(c).isspace() for c in range(0x110000)), np.bool_, 0x110000)
