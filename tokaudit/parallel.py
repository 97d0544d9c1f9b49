"""Parallel rows: which rows of which languages say the same thing, by their ids.

Every id of the reference language belongs to a cohort: the set of languages that have it. Totals
kept by cohort can be compared over exactly the rows two languages share, whatever is missing
elsewhere, and no audit needs to hold a row.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tokaudit.corpus import Corpus, Piece
from tokaudit.text import Absent

REFERENCES = ("eng_Latn", "en", "eng")
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Alignment:
    """For each reference id its cohort (1, 2, ...), and for each cohort its languages.

    Cohort 0 is every row whose id the reference language lacks.
    """

    reference: str | Absent
    ids: pa.LargeStringArray = field(default_factory=lambda: pa.array([], pa.large_string()))
    cohorts: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    members: tuple[frozenset[str], ...] = (frozenset(),)

    @classmethod
    def of(cls, corpus: Corpus, wanted: str | None) -> Self:
        """Read ids twice: those of the reference language, then who has them."""
        if not corpus.has_ids:
            return cls(Absent(f"no column {corpus.columns.id!r} to align rows by"))
        candidates = (wanted,) if wanted else REFERENCES
        by_lang: dict[str, list[pa.LargeStringArray]] = {}
        for piece in corpus:
            if piece.lang in candidates and piece.ids is not None:
                by_lang.setdefault(piece.lang, []).append(piece.ids.drop_null())
        reference = next((lang for lang in candidates if lang in by_lang), None)
        if reference is None:
            named = " or ".join(candidates)
            return cls(Absent(f"no rows with ids in {named} among the languages read"))
        ids = pa.chunked_array(by_lang[reference], pa.large_string()).combine_chunks().unique()
        return cls(reference, ids, *_cohorts(corpus, ids))

    def split(self, piece: Piece) -> Iterator[tuple[int, Ints]]:
        """Divide a piece's rows (as indices) by cohort."""
        rows = len(piece.texts)
        if not len(self.ids) or piece.ids is None:
            yield 0, np.arange(rows)
            return
        found = _places(piece.ids, self.ids)
        cohorts = np.where(found >= 0, self.cohorts[found], 0)
        for cohort in np.unique(cohorts).tolist():
            yield cohort, np.flatnonzero(cohorts == cohort)


def _cohorts(corpus: Corpus, ids: pa.LargeStringArray) -> tuple[Ints, tuple[frozenset[str], ...]]:
    has: dict[str, npt.NDArray[np.bool_]] = {}
    for piece in corpus:
        if piece.ids is not None:
            found = _places(piece.ids, ids)
            mine = has.setdefault(piece.lang, np.zeros(len(ids), np.bool_))
            mine[found[found >= 0]] = True
    langs = sorted(has)
    packed = np.packbits(np.stack([has[lang] for lang in langs]), axis=0)
    kinds, cohort = np.unique(packed, axis=1, return_inverse=True)
    table = np.unpackbits(kinds, axis=0, count=len(langs)).astype(bool)
    members = (frozenset(np.array(langs)[column].tolist()) for column in table.T)
    return cohort.reshape(-1).astype(np.int64) + 1, (frozenset(), *members)


def _places(ids: pa.LargeStringArray, among: pa.LargeStringArray) -> Ints:
    """Find each id's place, -1 for null and for ids that are not there."""
    found = pc.index_in(ids, value_set=among, skip_nulls=True)
    places = pc.fill_null(found, -1).to_numpy(zero_copy_only=False)
    return np.asarray(places, np.int64)
