"""Entries of a vocabulary in canonical form: the bytes they stand for in running text."""

from functools import lru_cache
from itertools import compress

import numpy as np
import regex

from tokaudit.vocabulary import Mask, Vocabulary
from tokaudit.words import UNSPACED

# What begins a word that a space may stand before.
WORD = regex.compile(r"[\p{L}\p{N}]")


def ordinary(vocabulary: Vocabulary) -> Mask:
    """Mark the entries that stand for text."""
    controls = vocabulary.special | (vocabulary.ids == vocabulary.unknown)
    return np.asarray(~controls & (vocabulary.lengths > 0))


@lru_cache(maxsize=16)
def texts(vocabulary: Vocabulary) -> tuple[bytes, ...]:
    """Give every entry's bytes, in the order of the ids, control tokens among them.

    Where pieces inside words are marked, a letter or a number that is not marked begins a word and
    has a space before it, unless its script is written without spaces.
    """
    found: list[bytes] = vocabulary.texts.to_pylist()
    if not vocabulary.continuing.any():
        return tuple(found)
    initial = (ordinary(vocabulary) & ~vocabulary.continuing & ~vocabulary.partial).tolist()
    return tuple(
        b" " + text if begins and _is_spaced(text.decode()) else text
        for text, begins in zip(found, initial, strict=True)
    )


@lru_cache(maxsize=16)
def places(vocabulary: Vocabulary) -> dict[bytes, int]:
    """Give the first place of every distinct text, in the order of the ids.

    A byte that stands in (`<0x41>`) counts only where no other entry has its text.
    """
    mine, written = ordinary(vocabulary), texts(vocabulary)
    found: dict[bytes, int] = {}
    for kept in (mine & ~vocabulary.fallback, mine & vocabulary.fallback):
        for place in np.flatnonzero(kept).tolist():
            found.setdefault(written[place], place)
    return dict(sorted(found.items(), key=lambda entry: entry[1]))


def controls(vocabulary: Vocabulary) -> frozenset[bytes]:
    """Give the names of the control tokens, the unknown token among them."""
    return frozenset(compress(vocabulary.texts.to_pylist(), (~ordinary(vocabulary)).tolist()))


def _is_spaced(text: str) -> bool:
    return bool(WORD.match(text)) and not UNSPACED.match(text)
