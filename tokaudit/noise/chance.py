"""Chance: numbers that look drawn and follow from a key, the same on every machine."""

import hashlib
from functools import cache

import numpy as np
import numpy.typing as npt

Draws = npt.NDArray[np.uint64]
STEP, FIRST, SECOND = (
    np.uint64(number) for number in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
)
MOST = 2.0**64


def draws(key: int, purpose: str, size: int) -> Draws:
    """Draw numbers below 2^64 for a key and a purpose: the first ones of SplitMix64 (Steele 2014).

    A longer draw begins with a shorter one.
    """
    mixed = np.full(size, (key ^ _salt(purpose)) & (2**64 - 1), np.uint64)
    mixed += np.arange(1, size + 1, dtype=np.uint64) * STEP
    mixed = (mixed ^ mixed >> np.uint64(30)) * FIRST
    mixed = (mixed ^ mixed >> np.uint64(27)) * SECOND
    return np.asarray(mixed ^ mixed >> np.uint64(31))


def chosen(keys: Draws, purpose: str, share: float) -> npt.NDArray[np.bool_]:
    """Mark about this share of many keys, each for itself."""
    if share >= 1:
        return np.ones(keys.size, np.bool_)
    mixed = (draws(int(key), purpose, 1)[0] for key in keys.tolist())
    return np.fromiter((draw / MOST < share for draw in mixed), np.bool_, keys.size)


@cache
def _salt(purpose: str) -> int:
    return int.from_bytes(hashlib.blake2b(purpose.encode(), digest_size=8).digest(), "little")
