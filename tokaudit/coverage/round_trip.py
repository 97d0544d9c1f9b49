"""Round trips: what the library itself makes of its ids, held against the text they came from."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Self

import numpy as np
import pyarrow as pa

from tokaudit.adding import added
from tokaudit.batch import Ints
from tokaudit.columns import count, figure, label, table
from tokaudit.distinct import hashes
from tokaudit.errors import EngineFailed
from tokaudit.loss import CLASSES, classes
from tokaudit.reading import Reading
from tokaudit.specimens import Specimens
from tokaudit.text import WHITE_SPACE, Absent, ratio, show
from tokaudit.tokenizer import Engine, Ids

UNDECODED = "undecoded"
KINDS = (*CLASSES, UNDECODED)
LOSSY, SPACES_ASIDE = "lossy", ("case", "lossy")
WORST, TYPICAL = "worst", "typical"
Seen = tuple[str, int, str, bytes | None]  # class, hash, text, what came back
BEFORE, BEHIND = 12, 28  # characters around the first difference
COLUMNS = table(
    [
        label("loss", "class of loss: exact, nfc, nfkc, whitespace, case, lossy; undecoded rows"
              " made the library fail"),
        count("drawn", "rows of this class, of those drawn"),
        figure("share", "of all rows drawn"),
        label("example", "which row is shown: the one that lost most, or any"),
        label("text", "the row, from a little before the first difference that makes the class"),
        label("came_back", "what came back, from the same place"),
        label("difference", "the first character that differs, and what stands in its place"),
    ],
    examples=True,
)  # fmt: skip
NONE = Absent("these rows came back as they were")


@dataclass(frozen=True)
class RoundTrip:
    """Rows drawn, by class of loss; and of each class the worst row and one like any other."""

    rows: Counter[str] = field(default_factory=Counter)
    shown: Specimens = field(default_factory=Specimens)

    def __add__(self, other: Self) -> Self:
        """Merge two totals."""
        return added(self, other)

    @classmethod
    def observe(cls, reading: Reading) -> Self:
        """Decode whole documents by the reference engine."""
        batch, engine = reading.batch, reading.tokenizer.by_reference().engine
        texts = batch.texts.to_pylist()
        keys = hashes(texts) if batch.keys is None else batch.keys
        back = _decoded(engine, reading.encoded)
        kinds = _kinds(batch.texts, back)
        rows: Counter[str] = Counter()
        for kind, weight in zip(kinds, batch.weights.tolist(), strict=True):
            rows[kind] += weight
        seen = zip(kinds, keys.tolist(), texts, back, strict=True)
        met = [each for each, n in zip(seen, batch.weights.tolist(), strict=True) if n]
        return cls(+rows, Specimens.of(_examples(met)))

    def shares(self) -> dict[str, float | Absent]:
        """Give the share of each class of loss."""
        total = self.rows.total()
        return {name: ratio(self.rows[name], total, "no row was drawn") for name in KINDS}

    def table(self) -> Iterator[dict[str, Any]]:
        """Give each class that occurs, with its examples."""
        total = self.rows.total()
        for kind in KINDS:
            if not self.rows[kind]:
                continue
            common = {"loss": kind, "drawn": self.rows[kind]}
            common["share"] = ratio(self.rows[kind], total, "no row was drawn")
            texts = {self.shown.kept[key][-3:]: key[1] for key in self._keys(kind)}
            for example, which in texts.items():
                yield common | {"example": which} | dict(zip(EXAMPLE, example, strict=True))
            if not texts:
                none = NONE if kind == CLASSES[0] else Absent("the library gave nothing back")
                yield common | dict.fromkeys(("example", *EXAMPLE), none)

    def _keys(self, kind: str) -> list[tuple[str, str]]:
        """List the examples there are, the worst last: it names a row that is both."""
        keys = [(kind, TYPICAL), (kind, WORST)]
        return [key for key in keys if key in self.shown.kept]


EXAMPLE = ("text", "came_back", "difference")


def _decoded(engine: Engine, found: Ids) -> list[bytes | None]:
    """Decode all rows, and where the library fails, each alone: None for those that cannot be."""
    try:
        return list(engine.decode(found).to_pylist())
    except EngineFailed:
        bounds = pairwise(found.offsets.tolist())
        return [_alone(engine, found.ids[begin:end]) for begin, end in bounds]


def _alone(engine: Engine, ids: Ints) -> bytes | None:
    try:
        return engine.decode(Ids(ids, np.array([0, ids.size])))[0].as_py()  # type: ignore[no-any-return]
    except EngineFailed:
        return None


def _kinds(texts: pa.LargeStringArray, back: list[bytes | None]) -> list[str]:
    """Name each row's class of loss."""
    known = classes(texts, pa.array([data or b"" for data in back], pa.large_binary())).tolist()
    pairs = zip(known, back, strict=True)
    return [UNDECODED if data is None else CLASSES[place] for place, data in pairs]


def _examples(seen: Iterable[Seen]) -> Iterator[tuple[tuple[str, str], tuple[Any, ...]]]:
    """Choose of each class the row that lost most, and one like any other, by its hash.

    Rows with one id have one hash: then the text's own decides, wherever the two meet.
    """
    known: dict[str, list[tuple[int, int, int, str, str]]] = {}
    for kind, key, text, data in seen:
        if kind != CLASSES[0] and data is not None:
            back, own = data.decode("utf-8", "replace"), int(hashes([text])[0])
            known.setdefault(kind, []).append((-_lost(text, back), key, own, text, back))
    for kind, rows in known.items():
        *order, text, back = min(rows)
        yield (kind, WORST), (*order, *_around(kind, text, back))
        _, *order, text, back = min(rows, key=lambda row: row[1:])
        yield (kind, TYPICAL), (*order, *_around(kind, text, back))


def _lost(text: str, back: str) -> int:
    """Count the characters that did not come back, in thousandths of the text."""
    return 1_000 * (Counter(text) - Counter(back)).total() // max(1, len(text))


def _around(kind: str, text: str, back: str) -> tuple[str, str, str]:
    """Cut both texts around the place where they part, and name what differs."""
    here, there = parting(kind, text, back)
    parts = (each[max(0, at - BEFORE) : at + BEHIND] for each, at in ((text, here), (back, there)))
    return (*map(show, parts), f"{_named(text, here)} → {_named(back, there)}")  # type: ignore[return-value]


def parting(kind: str, text: str, back: str) -> tuple[int, int]:
    """Find the first difference that makes the class, as a place in each text.

    Beside case, other spaces do not matter; beside loss, neither of them.
    """
    here = there = 0
    while here < len(text) and there < len(back):
        mine, theirs = text[here], back[there]
        if kind in SPACES_ASIDE and mine in WHITE_SPACE:
            here += 1
        elif kind in SPACES_ASIDE and theirs in WHITE_SPACE:
            there += 1
        elif mine == theirs or (kind == LOSSY and mine.casefold() == theirs.casefold()):
            here, there = here + 1, there + 1
        else:
            break
    return here, there


def _named(text: str, at: int) -> str:
    return f"U+{ord(text[at]):04X}" if at < len(text) else "nothing"
