"""Rows drawn from a corpus to look at: of each language those whose hashes are the smallest."""

from itertools import accumulate

import numpy as np
import pyarrow as pa

from tokaudit.corpus import Corpus
from tokaudit.plan import Plan
from tokaudit.sorting import Piece

BYTES = 2**20  # of a language; the first row may be longer
Kept = list[tuple[int, str]]  # hashes and texts, ascending


def drawn(corpus: Corpus, plan: Plan, rows: int) -> dict[str, list[str]]:
    """Draw up to so many rows of each language, the same in any order of rows and files."""
    kept: dict[str, Kept] = {}
    for piece in corpus:
        kept[piece.lang] = _added(kept.get(piece.lang, []), piece, plan, rows)
    return {lang: [text for _, text in found] for lang, found in sorted(kept.items()) if found}


def _added(kept: Kept, piece: Piece, plan: Plan, rows: int) -> Kept:
    keys = plan.keys(piece)
    chosen = keys <= kept[-1][0] if len(kept) == rows else np.ones(keys.size, np.bool_)
    texts = piece.texts.filter(pa.array(chosen)).to_pylist()
    ordered = sorted([*kept, *zip(keys[chosen].tolist(), texts, strict=True)])[:rows]
    sizes = accumulate(len(text.encode()) for _, text in ordered)
    return [row for row, size in zip(ordered, sizes, strict=True) if size <= BYTES] or ordered[:1]
