"""Ink: where tokens lie in a text of which they only lack white space or the case of letters."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tokaudit.batch import Ints, Mask, running_total, stretches

# Bytes that are not ASCII white space, and bytes with ASCII letters in lower case.
INK = np.isin(np.arange(256), list(b"\t\n\v\f\r "), invert=True)
LOWER = np.frombuffer(bytes(range(256)).lower(), np.uint8)


class Spelled(NamedTuple):
    """Bytes of many texts, end to end: text i owns `data[offsets[i]:offsets[i + 1]]`."""

    data: npt.NDArray[np.uint8]
    offsets: Ints

    @property
    def ink(self) -> Ints:
        """Where the bytes are that are not white space."""
        return np.flatnonzero(INK[self.data])


class Inked(NamedTuple):
    """Rows that are `alike`, and which bytes of the rows' own text their tokens cover."""

    alike: Mask
    starts: Ints
    ends: Ints


def by_ink(own: Spelled, decoded: Spelled, ends: Ints, tokens: Ints) -> Inked:
    """Find each row's tokens, which are `decoded` and end at `ends` there, in the row's own bytes.

    Rows are alike if both have the same bytes but for white space and ASCII case. A token's span is
    without white space at its ends; spans of tokens in other rows mean nothing.
    """
    mine, theirs = running_total(INK[own.data]), running_total(INK[decoded.data])
    first, second = mine[own.offsets], theirs[decoded.offsets]
    alike = np.diff(first) == np.diff(second)
    ink = own.ink
    alike[alike] = _same(
        own.data[ink],
        decoded.data[decoded.ink],
        first[:-1][alike],
        second[:-1][alike],
        np.diff(first)[alike],
    )
    shift = np.repeat(np.where(alike, first[:-1] - second[:-1], 0), tokens)
    begins, ended = np.append(ink, own.data.size), np.append(0, ink + 1)
    starts = begins[(theirs[ends[:-1]] + shift).clip(0, ink.size)]
    starts = np.minimum(starts, np.repeat(own.offsets[1:], tokens))  # the next ink may be a row on
    last = ended[(theirs[ends[1:]] + shift).clip(0, ink.size)]
    return Inked(alike, starts, np.maximum(starts, last))


def _same(
    left: npt.NDArray[np.uint8], right: npt.NDArray[np.uint8], first: Ints, second: Ints, size: Ints
) -> Mask:
    """Compare stretches of two arrays, letter case aside."""
    differ = LOWER[left[stretches(first, size)]] != LOWER[right[stretches(second, size)]]
    return np.asarray(np.diff(running_total(differ)[running_total(size)]) == 0)
