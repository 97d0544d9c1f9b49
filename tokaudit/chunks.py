"""Chunks: the parts of a document between spaces and line ends, which few tokens cross.

A document is cut before a space and after a line end (U+0020, U+000A) that stands alone between
two visible characters. Joined, the chunks are the document. Whether a tokenizer gives the same ids
by chunks, or only by those between spaces (`spaced`), is for `safety.py` to say.
"""

import re
from collections.abc import Callable
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import regex

from tokaudit.text import WHITE_SPACE

Ints = npt.NDArray[np.int64]
CodePoints = npt.NDArray[np.uint32]
Mask = npt.NDArray[np.bool_]
Cut = Callable[[pa.LargeStringArray], tuple[pa.LargeStringArray, Ints]]

SPACE, DELETE, LINE_FEED, SLASH = b" \x7f\n/"
BLANK = re.escape("".join(WHITE_SPACE))
# What nothing is cut beside: other white space (SentencePiece reads U+2581 as a space); after what
# would draw a space into its grapheme cluster; before what some normalisers drop.
BEFORE = rf"[{BLANK}▁\p{{Grapheme_Cluster_Break=Prepend}}]"
AFTER = rf"[{BLANK}▁\p{{M}}\p{{Cc}}\p{{Cf}}]"
ASCII_BLANK = np.isin(np.arange(256), list(b"\t\n\v\f\r \x1c\x1d\x1e\x1f"))

# Planes 2 and 3 hold Han only, and those up to 13 nothing.
SEARCHED = (*range(0xD800), *range(0xE000, 0x20000), *range(0xE0000, 0xE1000))


def cut(texts: pa.LargeStringArray) -> tuple[pa.LargeStringArray, Ints]:
    """Give the chunks of texts without nulls, and where each text's chunks begin.

    The chunks share the texts' bytes; the second array has texts + 1 numbers.
    """
    offsets = np.frombuffer(texts.buffers()[1] or bytes(8), np.int64)
    offsets = offsets[texts.offset : texts.offset + len(texts) + 1]
    data = np.frombuffer(texts.buffers()[2] or b"", np.uint8)[: offsets[-1]]
    places = _cuts(data, offsets)
    bounds = np.sort(np.concatenate([offsets, places]), kind="stable")
    chunks = pa.LargeStringArray.from_buffers(
        bounds.size - 1, pa.py_buffer(bounds), texts.buffers()[2]
    )
    before = np.searchsorted(places, offsets)  # an empty text is one empty chunk
    return chunks, before + np.arange(offsets.size)


def uncut(texts: pa.LargeStringArray) -> tuple[pa.LargeStringArray, Ints]:
    """Give each text as its own chunk."""
    return texts, np.arange(len(texts) + 1)


def _cuts(data: npt.NDArray[np.uint8], offsets: Ints) -> Ints:
    """Find every place where a chunk begins and no text does."""
    if data.size < 3:
        return np.zeros(0, np.int64)
    edges = np.zeros(data.size + 1, np.bool_)
    edges[offsets] = True
    spaces = np.flatnonzero(data[:-1] == SPACE)
    spaces = spaces[(spaces > offsets[0]) & ~(edges[spaces] | edges[spaces + 1])]
    lines = np.flatnonzero(data[:-1] == LINE_FEED)
    lines = lines[(lines > offsets[0]) & ~(edges[lines] | edges[lines + 1])]
    texts = np.searchsorted(offsets, spaces, side="right")
    places = np.concatenate([_before_space(data, spaces, texts), _after_line(data, lines)])
    return np.sort(places)


def _before_space(data: npt.NDArray[np.uint8], spaces: Ints, texts: Ints) -> Ints:
    """Choose the spaces (each of a text) that begin a chunk: no normaliser can empty what follows.

    A word that begins with a mark or a format character may vanish and leave two spaces side by
    side, so nothing is cut on either side of it.
    """
    visible = _visible_after(data, spaces)
    dropped = ~visible & ~ASCII_BLANK[data[spaces + 1]]
    after_dropped = np.zeros(spaces.size, np.bool_)
    after_dropped[1:] = dropped[:-1] & (texts[1:] == texts[:-1])
    return np.asarray(spaces[_plain_before(data, spaces) & visible & ~after_dropped])


def _after_line(data: npt.NDArray[np.uint8], lines: Ints) -> Ints:
    """Choose the line ends that end a chunk: alone between two visible characters.

    Some patterns draw a line end to the punctuation before it, and slashes after it too.
    """
    good = _plain_before(data, lines) & _visible_after(data, lines) & (data[lines + 1] != SLASH)
    return np.asarray(lines[good] + 1)


def _plain_before(data: npt.NDArray[np.uint8], places: Ints) -> Mask:
    """Mark places with a visible character before them that draws nothing to it."""
    left = data[places - 1]
    good = ~ASCII_BLANK[left]
    wide = np.flatnonzero(left >= 0x80)
    good[wide] = ~_binding(BEFORE)[_code_points_before(data, places[wide])]
    return np.asarray(good)


def _visible_after(data: npt.NDArray[np.uint8], places: Ints) -> Mask:
    """Mark places with a character behind the next one that is visible and stays so."""
    right = data[places + 1]
    good = (right > SPACE) & (right != DELETE)
    wide = np.flatnonzero(right >= 0x80)
    good[wide] = ~_binding(AFTER)[_code_points_after(data, places[wide])]
    return np.asarray(good)


def _code_points_before(data: npt.NDArray[np.uint8], places: Ints) -> CodePoints:
    """Decode the multi-byte character that ends before each place."""
    last, third, second, first = (
        data[np.maximum(places - back, 0)].astype(np.uint32) for back in (1, 2, 3, 4)
    )
    two = (third & 0x1F) << 6 | last & 0x3F
    three = (second & 0x0F) << 12 | (third & 0x3F) << 6 | last & 0x3F
    four = (first & 0x07) << 18 | (second & 0x3F) << 12 | (third & 0x3F) << 6 | last & 0x3F
    return np.where(third >= 0xC0, two, np.where(second >= 0xC0, three, four))


def _code_points_after(data: npt.NDArray[np.uint8], places: Ints) -> CodePoints:
    """Decode the multi-byte character that begins after the space at each place."""
    first, second, third, fourth = (
        data[np.minimum(places + ahead, data.size - 1)].astype(np.uint32) for ahead in (1, 2, 3, 4)
    )
    two = (first & 0x1F) << 6 | second & 0x3F
    three = (first & 0x0F) << 12 | (second & 0x3F) << 6 | third & 0x3F
    four = (first & 0x07) << 18 | (second & 0x3F) << 12 | (third & 0x3F) << 6 | fourth & 0x3F
    return np.where(first < 0xE0, two, np.where(first < 0xF0, three, four))


@cache
def _binding(kind: str) -> Mask:
    """Mark the characters of a kind, by code point."""
    table = np.zeros(0x110000, np.bool_)
    found = regex.finditer(kind, "".join(map(chr, SEARCHED)))
    table[[ord(match.group()) for match in found]] = True
    return table
