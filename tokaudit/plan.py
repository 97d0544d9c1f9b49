"""A plan: what is settled about a corpus before it is read.

How rows of different languages are aligned; and, by a hash of each row, which of 32 groups it
falls into and whether it is drawn for a sample. The hash is of the row's id, so that
parallel rows are drawn together, or of its text where there is no id: any order of rows, and any
division of the work, gives the same groups and the same sample.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np

from tokaudit.batch import Keys, Mask
from tokaudit.corpus import Corpus
from tokaudit.parallel import Alignment
from tokaudit.sorting import Piece

SAMPLE = 1_000  # rows of a language, by default
USUAL = 512  # bytes of a row: of longer ones fewer are drawn
LEAST = 100  # but so many, however long
SEED = 1


@dataclass(frozen=True)
class Plan:
    """How rows are aligned, the share of each language's rows that is drawn, and about how many."""

    alignment: Alignment
    seed: int = SEED
    shares: Mapping[str, float] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, corpus: Corpus, reference: str | None, seed: int, sample: int | None) -> Self:
        """Read ids, and texts too so that about `sample` rows of each language can be drawn.

        Fewer are drawn where rows are long (`_share`); None draws all, and 0 spares the reading.
        """
        corpus = replace(corpus, share=(0, 1))
        alignment = Alignment.of(corpus, reference)
        sizes = corpus.sizes() if sample != 0 else {}
        shares = {lang: _share(sample, *size) for lang, size in sizes.items()}
        drawn = {lang: round(shares[lang] * rows) for lang, (rows, _) in sizes.items()}
        return cls(alignment, seed, shares, drawn)

    def keys(self, piece: Piece) -> Keys:
        """Hash each row of a piece, by its id or else by its text."""
        salt = self.seed.to_bytes(8, "little")
        hashed = b"".join(
            hashlib.blake2b(text if row is None else row, digest_size=8, key=salt).digest()
            for row, text in piece.raw
        )
        return np.frombuffer(hashed, "<u8")

    def drawn(self, lang: str, keys: Keys) -> Mask:
        """Mark the rows of a language that belong to the sample."""
        share = self.shares.get(lang, 0.0)
        return np.asarray(keys / 2.0**64 < share) if share < 1 else np.ones(keys.size, np.bool_)


def _share(sample: int | None, rows: int, size: int) -> float:
    """Say which share of these rows is drawn: `sample`, or as many as so many usual rows hold."""
    if sample is None:
        return 1.0
    by_size = max(sample * USUAL / max(1, size), LEAST / rows)
    return min(1.0, sample / rows, by_size)
