"""A tally: what can be counted of the texts of one language without any tokenizer."""

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from functools import cache, cached_property
from typing import Self

import numpy as np
import numpy.typing as npt

from tokaudit.batch import Batch
from tokaudit.census import Census
from tokaudit.sorting import Piece
from tokaudit.words import Segmenter

try:
    import icu
except ImportError:  # then no script is told
    icu = None

SHARED = ("Zyyy", "Zinh", "Zzzz")  # Script is Common, Inherited or Unknown (UAX #24)
Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True, eq=False)
class Tally:
    """Totals that add.

    `letters` counts code points by ISO 15924 script, those that scripts share left aside. `uncut`
    is how many rows the segmenter could not cut into words. `texts` and `ids` hold a 64-bit hash
    of each kept row, in pieces.
    """

    census: Census = field(default_factory=Census)
    chars: int = 0
    found_words: int = 0
    uncut: int = 0
    letters: Counter[str] = field(default_factory=Counter)
    domains: Counter[str] = field(default_factory=Counter)
    not_nfc: int = 0
    without_id: int = 0
    texts: tuple[Hashes, ...] = ()
    ids: tuple[Hashes, ...] = ()

    @classmethod
    def of(cls, piece: Piece, segmenter: Segmenter) -> Self:
        """Count the rows of a piece."""
        texts, ids = piece.texts.to_pylist(), _known(piece)
        weights = np.ones(len(texts), np.int64)
        batch = Batch(piece.lang, piece.texts, weights, segmenter, np.zeros(len(weights), np.bool_))
        return cls(
            census=piece.census,
            chars=int(batch.chars.sum()),
            found_words=batch.words.starts.size,
            uncut=int(batch.uncut.sum()),
            letters=_scripts("".join(texts)),
            not_nfc=sum(not unicodedata.is_normalized("NFC", text) for text in texts),
            without_id=len(texts) - len(ids),
            texts=(_hashes(texts),),
            ids=(_hashes(ids),),
        )

    def __add__(self, other: Self) -> Self:
        """Merge two counts."""
        names = (each.name for each in fields(self))
        return type(self)(**{name: getattr(self, name) + getattr(other, name) for name in names})

    @property
    def words(self) -> int | None:
        """Give the number of words, None where some rows could not be cut."""
        return None if self.uncut else self.found_words

    @property
    def scripts(self) -> dict[str, float]:
        """Give each script's share of the letters, the largest first."""
        total = self.letters.total()
        ordered = sorted(self.letters.items(), key=lambda item: (-item[1], item[0]))
        return {script: letters / total for script, letters in ordered}

    @cached_property
    def distinct_ids(self) -> Hashes:
        """Give the hashes of ids, sorted, each once."""
        return _distinct(self.ids)

    @property
    def repeated_ids(self) -> int:
        """Count rows whose id stands on another row before."""
        return sum(part.size for part in self.ids) - self.distinct_ids.size

    @cached_property
    def repeated_texts(self) -> int:
        """Count rows whose text stands on another row before."""
        return sum(part.size for part in self.texts) - _distinct(self.texts).size


def _known(piece: Piece) -> list[str]:
    return list(piece.ids.drop_null().to_pylist())


def _hashes(texts: Sequence[str]) -> Hashes:
    digests = (hashlib.blake2b(text.encode(), digest_size=8).digest() for text in texts)
    return np.frombuffer(b"".join(digests), np.uint64)


def _distinct(parts: Iterable[Hashes]) -> Hashes:
    return np.unique(np.concatenate([np.zeros(0, np.uint64), *parts]))


def _scripts(text: str) -> Counter[str]:
    """Count code points by script."""
    counts = np.bincount(np.frombuffer(text.encode("utf-32-le"), np.uint32))
    found: Counter[str] = Counter()
    for code_point in np.flatnonzero(counts).tolist():
        if (script := _script(code_point)) not in SHARED:
            found[script] += int(counts[code_point])
    return found


@cache
def _script(code_point: int) -> str:
    return str(icu.Script.getScript(code_point).getShortName()) if icu else SHARED[-1]
