"""Parallel rows: which rows of which languages say the same thing, by their ids.

Every id of the reference language belongs to a cohort: the set of languages that have it. Totals
kept by cohort can be compared over exactly the rows two languages share, whatever is missing
elsewhere, and no audit needs to hold a row. An id that stands on several rows of a language says
nothing about which of them is meant: those rows take no part.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tokaudit.corpus import Corpus
from tokaudit.sorting import Piece
from tokaudit.text import Absent

REFERENCES = ("eng_Latn", "en", "eng")
Ints = npt.NDArray[np.int64]
Parts = list[pa.LargeStringArray]


@dataclass(frozen=True)
class Alignment:
    """For each reference id its cohort (1, 2, ...), and for each cohort its languages.

    Cohort 0 is every row whose id the reference language lacks. Where a corpus divides languages,
    `by` a column, cohorts have labels of parts; `references` lists those of the reference language.
    """

    reference: str | Absent
    references: frozenset[str] = frozenset()
    ids: pa.LargeStringArray = field(default_factory=lambda: pa.array([], pa.large_string()))
    cohorts: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    members: tuple[frozenset[str], ...] = (frozenset(),)
    by: str | None = None

    @classmethod
    def of(cls, corpus: Corpus, wanted: str | None) -> Self:
        """Read ids twice: those of the reference language, then who has them."""
        by = corpus.columns.by
        if not corpus.has_ids:
            return cls(Absent(f"no column {corpus.columns.id!r} to align rows by"), by=by)
        candidates = (wanted,) if wanted else REFERENCES
        by_lang: dict[str, Parts] = {}
        for piece in corpus:
            if piece.language in candidates:
                by_lang.setdefault(piece.language, []).append(piece.ids.drop_null())
        once = {lang: _once(parts) for lang, parts in by_lang.items()}
        reference = next((lang for lang in candidates if len(once.get(lang, ()))), None)
        if reference is None:
            return cls(Absent(_without(candidates, by_lang)), by=by)
        return cls(reference, *_cohorts(corpus, reference, once[reference]), by=by)

    def rows(self, label: str) -> int:
        """Count the ids that this language, or part of one, shares with the reference."""
        in_cohort = np.bincount(self.cohorts, minlength=len(self.members))
        has = [label in langs for langs in self.members]
        return int(in_cohort[has].sum())

    def cohorts_of(self, piece: Piece) -> Ints:
        """Give the cohort of each row of a piece."""
        if not len(self.ids):
            return np.zeros(len(piece.texts), np.int64)
        found = _places(piece.ids, self.ids)
        return np.where(found >= 0, self.cohorts[found], 0)


def _without(candidates: Sequence[str], by_lang: Mapping[str, Parts]) -> str:
    """Say why none of these languages can be the reference."""
    if twice := [lang for lang, parts in by_lang.items() if any(map(len, parts))]:
        return f"every id of {' and '.join(twice)} stands on several rows"
    return f"no rows with ids in {' or '.join(candidates)} among the languages read"


def _cohorts(
    corpus: Corpus, reference: str, ids: pa.LargeStringArray
) -> tuple[frozenset[str], pa.LargeStringArray, Ints, tuple[frozenset[str], ...]]:
    """Give labels of the reference, ids, the cohort of each, and the labels of each cohort."""
    rows: dict[str, dict[str, Ints]] = {}
    for piece in corpus:
        found = _places(piece.ids, ids)
        parts = rows.setdefault(piece.language, {})
        mine = parts.setdefault(piece.lang, np.zeros(len(ids), np.int64))
        np.add.at(mine, found[found >= 0], 1)
    once = {lang: sum(parts.values()) == 1 for lang, parts in rows.items()}
    has = {
        label: once[lang] & (mine == 1)
        for lang, parts in rows.items()
        for label, mine in parts.items()
    }
    labels = sorted(has)
    packed = np.packbits(np.stack([has[label] for label in labels]), axis=0)
    kinds, cohort = np.unique(packed, axis=1, return_inverse=True)
    table = np.unpackbits(kinds, axis=0, count=len(labels)).astype(bool)
    members = (frozenset(np.array(labels, object)[column].tolist()) for column in table.T)
    numbered = cohort.reshape(-1).astype(np.int64) + 1
    return frozenset(rows[reference]), ids, numbered, (frozenset(), *members)


def _once(parts: Parts) -> pa.LargeStringArray:
    """Give the ids that stand on exactly one row."""
    ids = pa.chunked_array(parts, pa.large_string()).combine_chunks()
    counts = ids.value_counts()
    return counts.field("values").filter(pc.equal(counts.field("counts"), 1))


def _places(ids: pa.LargeStringArray, among: pa.LargeStringArray) -> Ints:
    """Find each id's place, -1 for null and for ids that are not there."""
    found = pc.index_in(ids, value_set=among, skip_nulls=True)
    places = pc.fill_null(found, -1).to_numpy(zero_copy_only=False)
    return np.asarray(places, np.int64)
