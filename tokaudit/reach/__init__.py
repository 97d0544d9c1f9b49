"""Reach: which ids a text can yield, with a text that does; which none can, with the reason.

There are three verdicts. *Reachable* has a witness, a text that the engine was seen to encode to
this id. *Unreachable* has a proof, from a rule of the tokenizer that no context escapes. *Not
found* is neither: so many contexts were tried, and no rule forbids it.
"""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

import numpy as np
import pyarrow as pa

from tokaudit.errors import EngineFailed
from tokaudit.reach.contexts import FIRST_ROUNDS, LAST_ROUNDS, Round
from tokaudit.reach.proofs import Proofs
from tokaudit.tokenizer import Ids, Tokenizer
from tokaudit.vocabulary import Ints

REACHABLE, UNREACHABLE, NOT_FOUND = "reachable", "unreachable", "not found"
VERDICTS = (REACHABLE, UNREACHABLE, NOT_FOUND)
TEXTS = 50_000  # encoded in one call


@dataclass(frozen=True, eq=False)
class Reach:
    """What is known of each place of a vocabulary.

    `witnesses[i]` is a text that yields id i, or None; `reasons[i]` names a proof that none does,
    or is None; `tried[i]` counts the texts that were made for it.
    """

    witnesses: tuple[str | None, ...]
    reasons: tuple[str | None, ...]
    tried: Ints

    def verdict(self, place: int) -> str:
        """Give the verdict on one place."""
        if self.witnesses[place] is not None:
            return REACHABLE
        return NOT_FOUND if self.reasons[place] is None else UNREACHABLE


@lru_cache(maxsize=16)
def survey(tokenizer: Tokenizer) -> Reach:
    """Find a witness for every id, or a proof that there is none, or neither."""
    vocabulary = tokenizer.vocabulary
    tried = np.zeros(len(vocabulary), np.int64)
    missing = set(np.flatnonzero(~vocabulary.special).tolist())
    witnesses = _witnesses(tokenizer, FIRST_ROUNDS, missing, tried)
    reasons = dict(Proofs(tokenizer).reasons(sorted({*range(len(tried))} - witnesses.keys())))
    missing -= witnesses.keys() | reasons.keys()
    witnesses |= _witnesses(tokenizer, LAST_ROUNDS, missing, tried)
    places = range(len(vocabulary))
    return Reach(tuple(map(witnesses.get, places)), tuple(map(reasons.get, places)), tried)


def _witnesses(
    tokenizer: Tokenizer, rounds: Iterable[Round], missing: Set[int], tried: Ints
) -> dict[int, str]:
    """Try round after round on what is missing, and keep the first text that yields each."""
    found: dict[int, str] = {}
    for aims in rounds:
        if left := sorted(missing - found.keys()):
            for place, text in _yields(tokenizer, aims(tokenizer.vocabulary, left), tried):
                found.setdefault(place, text)
    return {place: text for place, text in found.items() if place in missing}


def _yields(
    tokenizer: Tokenizer, aims: Iterator[tuple[int, str]], tried: Ints
) -> Iterator[tuple[int, str]]:
    """Encode texts and give each place they yield with one of them, those aimed at it first."""
    while some := list(islice(aims, TEXTS)):
        targets = np.array([place for place, _ in some], np.int64)
        np.add.at(tried, targets[targets >= 0], 1)
        texts = [text for _, text in some]
        for kept, found in _encoded(tokenizer, np.arange(len(texts)), texts):
            places = tokenizer.vocabulary.places(found.ids)
            row = np.repeat(kept, np.diff(found.offsets))
            met = np.flatnonzero(places == targets[row])
            order = np.concatenate([met, np.arange(places.size)])
            seen, first = np.unique(places[order], return_index=True)
            rows = row[order[first]].tolist()
            yield from zip(seen.tolist(), map(texts.__getitem__, rows), strict=True)


def _encoded(tokenizer: Tokenizer, rows: Ints, texts: Sequence[str]) -> Iterator[tuple[Ints, Ids]]:
    """Encode rows; where the engine refuses some, halve until only those are left out."""
    try:
        array = pa.array([texts[row] for row in rows.tolist()], pa.large_string())
        yield rows, tokenizer.encode(array)
    except EngineFailed:
        if rows.size > 1:
            for half in np.array_split(rows, 2):
                yield from _encoded(tokenizer, half, texts)
