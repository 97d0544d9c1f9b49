"""Drawings of texts with a bar wherever a token ends."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from tokaudit.reading import Reading
from tokaudit.text import in_hex


def drawn(reading: Reading) -> Iterator[str]:
    """Draw each row; pieces of a character are written as their bytes, `‹e5b9›`."""
    batch, (starts, ends) = reading.batch, reading.spans
    data, tokens = batch.data.tobytes(), pairwise(reading.encoded.offsets.tolist())
    for (begin, end), (first, last) in zip(pairwise(batch.offsets.tolist()), tokens, strict=True):
        borders = {*starts[first:last].tolist(), *ends[first:last].tolist()}
        edges = sorted({begin, end, *(border for border in borders if begin < border < end)})
        yield "|".join(written(data[a:b]) for a, b in pairwise(edges))


def written(piece: bytes) -> str:
    r"""Write a piece as text, or as bytes if it is none; a bar in it is no end of a token.

    >>> written(b"a|b"), written(b"\xe5\xb9")
    ('a‹7c›b', '‹e5b9›')
    """
    try:
        return piece.decode().replace("|", in_hex(b"|"))
    except UnicodeDecodeError:
        return in_hex(piece)


def pictured(reading: Reading, begin: int, end: int) -> str:
    """Draw the tokens that have a share in some bytes of a batch's data, a bar between them."""
    starts, ends = reading.spans
    first = np.searchsorted(ends, begin, side="right")
    last = np.searchsorted(starts, end, side="left")
    pieces = zip(starts[first:last].tolist(), ends[first:last].tolist(), strict=True)
    return "|".join(written(reading.batch.data[a:b].tobytes()) for a, b in pieces)
