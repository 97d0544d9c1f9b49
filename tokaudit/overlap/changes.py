"""What changed from one version of a vocabulary to the next: by id, and by text."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tokaudit.text import Absent, ratio, show
from tokaudit.tokenizer import Ints
from tokaudit.vocabulary import Vocabulary

FIRST = 12  # ids that are shown of each change
OTHER, RENAMED, ONLY_A, ONLY_B = "other bytes", "control token renamed", "only in A", "only in B"
REMOVED, ADDED, MOVED = "text removed", "text added", "text has another id"
Entry = tuple[bytes, int]  # what it stands for, and its role


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


def kept(a: Vocabulary, b: Vocabulary) -> float | Absent:
    """Give the share of the ids of both that stand for the same bytes in both.

    Versions of one tokenizer share most; others hardly more than those of single bytes.
    """
    shared = np.intersect1d(a.ids, b.ids)
    same = int(_true(pc.equal(a.decode(shared), b.decode(shared))).sum())
    return ratio(same, shared.size, "no id is in both")


def log(a: Vocabulary, b: Vocabulary) -> dict[str, Change]:
    """Sort texts by what became of them, by the ids they have in A (added ones: in B).

    Control tokens go by their names. A text that an entry has in another role (a byte that stands
    in, a piece inside words) is another text. One of several ids counts as moved if it has gone.
    """
    ours, theirs = _ids(a), _ids(b)
    removed = sorted(number for text in ours.keys() - theirs.keys() for number in ours[text])
    added = sorted(number for text in theirs.keys() - ours.keys() for number in theirs[text])
    moved = {
        min(ours[text] - theirs[text]): min(theirs[text])
        for text in ours.keys() & theirs.keys()
        if ours[text] - theirs[text]
    }
    found = {
        REMOVED: Change(np.array(removed, np.int64), _listed(removed, a)),
        ADDED: Change(np.array(added, np.int64), _listed(added, b)),
        MOVED: Change(np.array(sorted(moved), np.int64), _moved(moved, a)),
    }
    return {name: change for name, change in found.items() if change.ids.size}


def _ids(vocabulary: Vocabulary) -> dict[Entry, set[int]]:
    """Give the ids of every text in its role."""
    marks = (vocabulary.special, vocabulary.fallback, vocabulary.continuing)
    roles = np.left_shift(np.stack(marks).astype(np.int64), [[0], [1], [2]]).sum(axis=0)
    found: dict[Entry, set[int]] = defaultdict(set)
    texts = vocabulary.texts.to_pylist()
    for text, role, number in zip(texts, roles.tolist(), vocabulary.ids.tolist(), strict=True):
        found[text, role].add(number)
    return found


def _listed(ids: Sequence[int], vocabulary: Vocabulary) -> str:
    written = [f"{number}: {_entry(number, vocabulary)}" for number in ids[:FIRST]]
    return ", ".join(written) + ", …" * (len(ids) > FIRST)


def _moved(moved: Mapping[int, int], a: Vocabulary) -> str:
    first = sorted(moved.items())[:FIRST]
    written = [f"{_entry(old, a)}: {old} to {new}" for old, new in first]
    return ", ".join(written) + ", …" * (len(moved) > FIRST)


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
