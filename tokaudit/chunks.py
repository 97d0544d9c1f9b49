"""Chunks: the parts of a document between single spaces, which few tokenizers' tokens cross.

A document is cut before every U+0020 that stands between two visible characters, so each chunk but
the first begins with its space. Joined, the chunks are the document. Whether a tokenizer gives the
same ids by chunks is for `safety.py` to say.
"""

import re
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import regex

from tokaudit.text import WHITE_SPACE

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint32]
Mask = npt.NDArray[np.bool_]

SPACE, DELETE = 0x20, 0x7F
BLANK = re.escape("".join(WHITE_SPACE))
# What a space may not follow: white space (SentencePiece reads U+2581 as a space), and what would
# draw it into its grapheme cluster.
BEFORE = rf"[{BLANK}▁\p{{Grapheme_Cluster_Break=Prepend}}]"
# What may not follow a space: white space, and what some normalisers drop.
AFTER = rf"[{BLANK}▁\p{{M}}\p{{Cc}}\p{{Cf}}]"

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


def _cuts(data: npt.NDArray[np.uint8], offsets: Ints) -> Ints:
    """Find every place where a chunk begins and no text does."""
    if data.size < 3:
        return np.zeros(0, np.int64)
    inner = data[offsets[0] + 1 : -1] == SPACE
    places = np.flatnonzero(inner) + offsets[0] + 1
    edges = np.zeros(data.size + 1, np.bool_)
    edges[offsets] = True
    places = places[~(edges[places] | edges[places + 1])]
    return np.asarray(places[_joinable(data, places)])


def _joinable(data: npt.NDArray[np.uint8], places: Ints) -> Mask:
    """Mark places where a word ends and another begins that no normaliser can empty.

    A word that begins with a mark or a format character may vanish and leave two spaces side by
    side, so nothing is cut on either side of it.
    """
    left, right = data[places - 1], data[places + 1]
    ends, empties = left > SPACE, (right <= SPACE) | (right == DELETE)
    wide = np.flatnonzero(left >= 0x80)
    ends[wide] = ~_binding(BEFORE)[_code_points_before(data, places[wide])]
    wide = np.flatnonzero(right >= 0x80)
    empties[wide] = _binding(AFTER)[_code_points_after(data, places[wide])]
    after_empty = np.concatenate([[False], empties[:-1]])
    return np.asarray(ends & ~empties & ~after_empty)


def _code_points_before(data: npt.NDArray[np.uint8], places: Ints) -> Codes:
    """Decode the multi-byte character that ends before each place."""
    last, third, second, first = (
        data[np.maximum(places - back, 0)].astype(np.uint32) for back in (1, 2, 3, 4)
    )
    two = (third & 0x1F) << 6 | last & 0x3F
    three = (second & 0x0F) << 12 | (third & 0x3F) << 6 | last & 0x3F
    four = (first & 0x07) << 18 | (second & 0x3F) << 12 | (third & 0x3F) << 6 | last & 0x3F
    return np.where(third >= 0xC0, two, np.where(second >= 0xC0, three, four))


def _code_points_after(data: npt.NDArray[np.uint8], places: Ints) -> Codes:
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
