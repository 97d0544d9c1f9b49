"""The numbers of a corpus: how many there are, and how many are not cut by the tokenizer's rule."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, Self

import numpy as np

from tokaudit.adding import added
from tokaudit.bag import Documents
from tokaudit.batch import Batch, Ints, Mask
from tokaudit.columns import count, figure, label, table
from tokaudit.numbers.cuts import Partition, partition, pictured
from tokaudit.numbers.found import Numbers, numbers
from tokaudit.numbers.part import Row, kinds, tally
from tokaudit.numbers.pieces import pieces
from tokaudit.numbers.rule import Rule
from tokaudit.reading import Reading
from tokaudit.specimens import Specimens
from tokaudit.text import Absent, ratio

NO_CORPUS = "no corpus was read: name one, such as builtin:parallel"
SHOWN = 5  # irregular cuts of each language
PRIME = 0x9E3779B97F4A7C15  # odd, its bits without a pattern (2^64 over the golden ratio)
COLUMNS = table(
    [
        count("numbers", "runs of decimal digits of any script (Unicode Nd); the sum of judged,"
              " unjudged and lost"),
        count("judged", "of these, numbers that a cut is owed to: by the tokenizer's own rule, or"
              " where it has none its most frequent cut of that length, bare or behind a space"),
        count("irregular", "judged numbers that are cut otherwise, or inside a digit", "lower"),
        figure("irregular_share", "irregular / judged", "lower"),
        count("unjudged", "numbers of more than 18 digits, or that neither rule nor habit covers"),
        count("lost", "numbers that became the unknown token, or nothing, in part", "lower"),
        count("native", "numbers in other digits than ASCII's"),
        count("split", "numbers with a digit that takes several tokens", "lower"),
        count("glued", "numbers that share a token with what stands beside them, a space before"
              " aside", "lower"),
        count("failed_rows", "rows the tokenizer could not encode, left out"),
    ],
    across="irregular_share",
    by="lang",
    empty=NO_CORPUS,
)  # fmt: skip
EXAMPLES = table(
    [
        label("number", "a number of the corpus, cut"),
        label("owed", "the cut that was owed to it"),
        count("numbers", "numbers of this length cut so and not as they should be"),
    ],
    empty=f"no number is cut irregularly, or {NO_CORPUS}",
    examples=True,
)


class Kind(NamedTuple):
    """What numbers have in common that are counted together; borders are -1 beyond 18 digits."""

    digits: int
    borders: int
    spaced: int
    native: int
    split: int
    glued: int
    lost: int

    @property
    def pieces(self) -> Partition:
        """Lengths of the pieces."""
        return partition(self.digits, self.borders)


@dataclass(frozen=True)
class CorpusNumbers:
    """Numbers by kind, and an example of each."""

    kinds: Counter[Kind] = field(default_factory=Counter)
    shown: Specimens = field(default_factory=Specimens)

    def __add__(self, other: Self) -> Self:
        """Merge two totals."""
        return added(self, other)

    @classmethod
    def observe(cls, reading: Reading) -> Self:
        """Count the numbers of a batch."""
        batch, found = reading.batch, numbers(reading.batch)
        columns, counted = _columns(reading, found), batch.weights[found.row]
        return cls(
            Counter({Kind(*kind): n for kind, n in tally(columns, counted).items()}),
            _specimens(reading, found, columns),
        )

    def rows(self, rule: Rule | Absent, documents: Documents) -> Iterator[Row]:
        """Give one row, if any text was read."""
        if not documents.rows + documents.failed:
            return
        total, lost = self.kinds.total(), self._count("lost")
        judged, irregular = self._judged(rule)
        yield {
            "numbers": total,
            "judged": judged,
            "irregular": irregular,
            "irregular_share": ratio(irregular, judged, "no number could be judged"),
            "unjudged": total - judged - lost,
            "lost": lost,
            **{name: self._count(name) for name in ("native", "split", "glued")},
            "failed_rows": documents.failed,
        }

    def examples(self, rule: Rule | Absent) -> Iterator[Row]:
        """Show the most frequent irregular cuts."""
        found = [(n, kind, owed) for kind, n, owed in self._owed(rule) if _wrong(kind, owed)]
        for n, kind, owed in sorted(found, key=lambda each: (-each[0], each[1]))[:SHOWN]:
            text = self.shown.kept[kind][1]
            split = ", inside a digit" if kind.split else ""
            yield {
                "number": pictured(text, kind.pieces) + split,
                "owed": pictured(text, owed),
                "numbers": n,
            }

    def _count(self, flag: str) -> int:
        return sum(n for kind, n in self.kinds.items() if getattr(kind, flag))

    def _judged(self, rule: Rule | Absent) -> tuple[int, int]:
        owed = list(self._owed(rule))
        return sum(n for _, n, _ in owed), sum(n for kind, n, cut in owed if _wrong(kind, cut))

    def _owed(self, rule: Rule | Absent) -> Iterator[tuple[Kind, int, Partition]]:
        """Give the kinds that a cut is owed to, their count and that cut."""
        if isinstance(rule, Absent):
            return
        for kind, n in self.kinds.items():
            clear = kind.borders >= 0 and not kind.lost
            if clear and (owed := rule.owed(kind.digits, bool(kind.spaced))):
                yield kind, n, owed


def _wrong(kind: Kind, owed: Partition) -> bool:
    return bool(kind.split) or kind.pieces != owed


def _columns(reading: Reading, found: Numbers) -> list[Ints | Mask]:
    """Describe each number by the fields of a Kind."""
    cut, data = pieces(reading, found), reading.batch.data
    first_of_row = found.starts == reading.batch.offsets[found.row]
    before = data[(found.starts - 1).clip(0)] if data.size else data
    spaced = ~first_of_row & (before == ord(" ")) if data.size else first_of_row
    native = found.letters[found.first[:-1]] >= 0x80
    return [found.lengths, cut.borders, spaced, native, cut.split, cut.glued, cut.lost]


def _specimens(reading: Reading, found: Numbers, columns: list[Ints | Mask]) -> Specimens:
    """Keep the number of the smallest hash of each kind; only those are made into text."""
    seen = np.flatnonzero(reading.batch.weights[found.row])
    if not seen.size:
        return Specimens()
    table, _, kind = kinds([column[seen] for column in columns])
    hashes = reading.batch.once(_hashes)[seen]
    order = np.lexsort((hashes, kind))
    first = order[np.append(True, np.diff(kind[order]) > 0)]
    data = reading.batch.data.tobytes()
    return Specimens.of(
        (Kind(*table[i].tolist()), (int(hashes[i]), data[found.starts[n] : found.ends[n]].decode()))
        for i, n in zip(first.tolist(), seen[first].tolist(), strict=True)
    )


def _hashes(batch: Batch) -> Ints:
    """Hash each number's digits (a polynomial in an odd number, modulo 2^64)."""
    found = numbers(batch)
    powers = np.full(int(found.lengths.max()), PRIME, np.uint64)
    powers = np.multiply.accumulate(powers)
    summed = np.add.reduceat(
        found.letters.astype(np.uint64) * powers[found.places], found.first[:-1]
    )
    return np.asarray(
        (summed ^ summed >> np.uint64(29)) * np.uint64(PRIME) >> np.uint64(1), np.int64
    )
