"""A fast way to ids, used only as far as it is proven to give the reference engine's.

Ids are compared with the reference's on the fixed probes before it is used at all, then on the
first rows of every batch and on a random share of all others.
"""

from collections import Counter
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tokaudit.batch import Ints, Mask, running_total, stretches
from tokaudit.engines import contained, gigatoken, words
from tokaudit.errors import EngineFailed, Unproven
from tokaudit.text import show
from tokaudit.tokenizer import PROBES, Encoder, Engine, Ids, Placed, Tokenizer

WAYS = (words.of, gigatoken.of)
FIRST_ROWS, SHARE = 4, 64  # compared: the first rows of a batch, and one row in so many


@dataclass(frozen=True, eq=False)
class FastEngine:
    """A fast engine and the reference it is held against; raises Unproven where they differ.

    Rows in which the expression `risky` (RE2; empty for none) finds something go to the reference.
    `compared["rows"]` counts what was compared so far.
    """

    spec: str
    reference: Engine
    fast: Encoder
    risky: str = ""
    compared: Counter[str] = field(default_factory=Counter)

    @property
    def name(self) -> str:
        """What computes the ids."""
        return self.fast.name

    @property
    def version(self) -> str:
        """Its version."""
        return self.fast.version

    def encode(self, texts: pa.LargeStringArray) -> Ids:
        """Encode, compare a share of the rows, and raise Unproven at the first difference."""
        risky = self._risky(texts)
        if risky.all():
            return self.reference.encode(texts)
        try:
            with contained(self.name):
                found = self.fast.encode(texts)
        except EngineFailed as error:  # the reference decides whether a text can be encoded
            raise Unproven(self.spec, self.name, str(error)) from error
        self.compare(texts, found, np.flatnonzero(_sample(texts) & ~risky))
        return _patched(found, np.flatnonzero(risky), self.reference, texts)

    def place(self, texts: pa.LargeStringArray) -> Placed | None:
        """Give the reference's offsets, where the fast engine has none of its own."""
        return self.fast.place(texts) or self.reference.place(texts)

    def decode(self, found: Ids) -> pa.LargeBinaryArray:
        """Only the reference decodes."""
        return self.reference.decode(found)

    def compare(self, texts: pa.LargeStringArray, found: Ids, rows: Ints) -> None:
        """Hold the ids that were found for these rows against the reference's."""
        expected = self.reference.encode(texts.take(pa.array(rows)))
        for place, row in enumerate(rows.tolist()):
            if not np.array_equal(_of(found, row), _of(expected, place)):
                raise Unproven(self.spec, self.name, show(texts[row].as_py()))
        self.compared["rows"] += rows.size

    def prove(self) -> None:
        """Compare every probe, each alone; raises Unproven or EngineFailed."""
        for probe in PROBES:
            text = pa.array([probe], pa.large_string())
            with contained(self.name):
                found = self.fast.encode(text)
            self.compare(text, found, np.flatnonzero(~self._risky(text)))

    def _risky(self, texts: pa.LargeStringArray) -> Mask:
        if not self.risky:
            return np.zeros(len(texts), np.bool_)
        found = pc.match_substring_regex(texts, self.risky)
        return np.asarray(found.to_numpy(zero_copy_only=False), np.bool_)


def faster(tokenizer: Tokenizer) -> Tokenizer:
    """Give the tokenizer a fast engine, or give it back where that is not possible.

    It is not where none knows the algorithm, or all differ on the probes.
    """
    for way in WAYS:
        try:
            with contained("a fast engine"):
                fast, risky = way(tokenizer)
            engine = FastEngine(tokenizer.spec, tokenizer.engine, fast, risky)
            engine.prove()
        except (EngineFailed, Unproven):
            continue
        return replace(tokenizer, engine=engine)
    return tokenizer


def _sample(texts: pa.LargeStringArray) -> Mask:
    """Choose the first rows and a random share of the others, for the same batch the same."""
    dice = np.random.default_rng((len(texts), texts.offset))
    chosen = dice.integers(SHARE, size=len(texts)) == 0
    chosen[:FIRST_ROWS] = True
    return np.asarray(chosen)


def _of(found: Ids, row: int) -> Ints:
    return found.ids[found.offsets[row] : found.offsets[row + 1]]


def _patched(found: Ids, rows: Ints, reference: Engine, texts: pa.LargeStringArray) -> Ids:
    """Replace the ids of some rows by the reference's."""
    if not rows.size:
        return found
    right = reference.encode(texts.take(pa.array(rows)))
    begins, sizes = found.offsets[:-1].copy(), np.diff(found.offsets)
    begins[rows], sizes[rows] = right.offsets[:-1] + found.ids.size, np.diff(right.offsets)
    both = np.concatenate([found.ids, right.ids])
    return Ids(both[stretches(begins, sizes)], running_total(sizes))
