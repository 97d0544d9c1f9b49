"""Two vocabularies side by side: ids that stand for other bytes, and ids only one of them has."""

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tokaudit.text import show
from tokaudit.tokenizer import Ints
from tokaudit.vocabulary import Vocabulary

FIRST = 12  # ids that are shown of each change
OTHER, RENAMED, ONLY_A, ONLY_B = "other bytes", "control token renamed", "only in A", "only in B"


class Change(NamedTuple):
    """Ids that differ in one way, in ascending order, and the first of them written out."""

    ids: Ints
    examples: str


def changes(a: Vocabulary, b: Vocabulary) -> dict[str, Change]:
    """Sort the ids that differ by how they do; a change that no id has is not there.

    An id that is a control token on both sides stands for no text: there only its name differs.
    """
    shared = np.intersect1d(a.ids, b.ids)
    unequal = shared[~_true(pc.equal(a.decode(shared), b.decode(shared)))]
    control = a.special[a.places(unequal)] & b.special[b.places(unequal)]
    found = {
        OTHER: unequal[~control],
        RENAMED: unequal[control],
        ONLY_A: np.setdiff1d(a.ids, b.ids),
        ONLY_B: np.setdiff1d(b.ids, a.ids),
    }
    return {name: Change(ids, _examples(ids, a, b)) for name, ids in found.items() if ids.size}


def _true(values: pa.BooleanArray) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.asarray(values.to_numpy(zero_copy_only=False), np.bool_)


def _examples(ids: Ints, a: Vocabulary, b: Vocabulary) -> str:
    written = [f"{number}: {_entry(number, a)} {_entry(number, b)}" for number in ids[:FIRST]]
    return ", ".join(written) + ", …" * (ids.size > FIRST)


def _entry(number: int, vocabulary: Vocabulary) -> str:
    """Write an entry; an id that is not there is a dash."""
    if number not in vocabulary.ids:
        return "–"
    return show(vocabulary.decode(np.array([number]))[0].as_py())
