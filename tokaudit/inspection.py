"""Inspect a corpus: a census of each language for people, and what is wrong with the rows."""

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tokaudit import languages, words
from tokaudit.batch import Batch
from tokaudit.corpus import UNDETERMINED, Census, Corpus, Piece
from tokaudit.errors import NothingToAudit
from tokaudit.parallel import REFERENCES

try:
    import icu
except ImportError:  # then scripts are not told
    icu = None

FEW_ROWS = 100
Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True, eq=False)
class Tally:
    """What was counted of one language: totals that add.

    `letters` counts code points by script (ISO 15924; marks and signs that scripts share are not
    counted), `texts` and `ids` hold a 64-bit hash of each kept row, in pieces.
    """

    census: Census = Census()
    chars: int = 0
    words: int = 0
    letters: Counter[str] = field(default_factory=Counter)
    domains: Counter[str] = field(default_factory=Counter)
    not_nfc: int = 0
    no_id: int = 0
    texts: tuple[Hashes, ...] = ()
    ids: tuple[Hashes, ...] = ()

    def __add__(self, other: Self) -> Self:
        """Merge two counts."""
        names = (each.name for each in fields(self))
        return type(self)(**{name: getattr(self, name) + getattr(other, name) for name in names})

    @classmethod
    def of(cls, piece: Piece, segmenter: words.Segmenter) -> Self:
        """Count the rows of a piece."""
        batch = Batch(piece.lang, piece.texts, np.ones(len(piece.texts), np.int64), segmenter)
        found = batch.words
        texts = piece.texts.to_pylist()
        return cls(
            census=piece.census,
            chars=int(batch.chars.sum()),
            words=0 if found is None else found.starts.size,
            letters=_letters("".join(texts)),
            not_nfc=sum(not unicodedata.is_normalized("NFC", text) for text in texts),
            no_id=0 if piece.ids is None else piece.ids.null_count,
            texts=(_hashes(texts),),
            ids=() if piece.ids is None else (_hashes(piece.ids.drop_null().to_pylist()),),
        )

    @property
    def repeated_texts(self) -> int:
        """Count rows whose text another row of the language has had."""
        return _repeated(self.texts)

    @property
    def repeated_ids(self) -> int:
        """Count rows whose id another row of the language has had."""
        return _repeated(self.ids)

    @property
    def shares(self) -> dict[str, float]:
        """Divide letters by script, the largest share first."""
        total = sum(self.letters.values())
        ordered = sorted(self.letters.items(), key=lambda item: (-item[1], item[0]))
        return {script: letters / total for script, letters in ordered}


class Problem(NamedTuple):
    """Something wrong with a language's rows; an `error` makes figures wrong or lose rows."""

    severity: str
    lang: str
    message: str


@dataclass(frozen=True, eq=False)
class Inspection:
    """What a corpus holds: a tally for each language, and the reference language if it is there.

    `parallel` is how many of the reference language's ids a language has; None without ids.
    """

    tallies: Mapping[str, Tally]
    reference: str | None
    parallel: Mapping[str, int | None]
    segmenter: words.Segmenter

    @property
    def problems(self) -> list[Problem]:
        """List what is wrong, errors first, then by language."""
        found = (each for lang in self.tallies for each in self._problems(lang))
        return sorted(found)

    def _problems(self, lang: str) -> Iterator[Problem]:
        tally = self.tallies[lang]
        for severity, number, said in _checks(tally, self._lacking(lang)):
            if number:
                yield Problem(severity, lang, said.format(n=number, s="s" * (number != 1)))

    def _lacking(self, lang: str) -> int:
        """Count reference ids that a language lacks, if it has any of them."""
        shared = self.parallel[lang]
        return (self.parallel[self.reference] or 0) - shared if self.reference and shared else 0


def inspect(
    corpus: Corpus,
    reference: str | None = None,
    segmenter: words.Segmenter | None = None,
    on_rows: Callable[[int], None] = lambda rows: None,
) -> Inspection:
    """Read the corpus once and count; `on_rows` hears how many rows each piece had.

    Raises BadCorpus, and NothingToAudit if there is no row.
    """
    segmenter = segmenter or words.default()
    tallies: dict[str, Tally] = {}
    for piece in corpus:
        tally = Tally.of(piece, segmenter)
        tallies[piece.lang] = tallies.get(piece.lang, Tally()) + tally
        on_rows(tally.census.rows + tally.census.left_out)
    if not tallies:
        raise NothingToAudit("the corpus holds no row")
    for lang, domains in _domains(corpus):
        if lang in tallies:
            tallies[lang] += Tally(domains=domains)
    return _compared(dict(sorted(tallies.items())), reference, segmenter)
