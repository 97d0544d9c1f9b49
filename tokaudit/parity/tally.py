"""A tally: counts of rows by what became of them on two sides, and the rows whose ids differ."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple, Self

import numpy as np

from tokaudit.adding import added
from tokaudit.batch import Mask, running_total
from tokaudit.parity.sides import Answer
from tokaudit.tokenizer import Ints


@dataclass(frozen=True)
class Tally:
    """Counts of rows. `rows` are those both sides have ids for; tokens are theirs.

    `lost` and `gained` add up how many tokens fewer and more the second side has, row by row.
    `only_a` and `only_b` are rows that the other side does not hold, `refused_a` and `refused_b`
    rows that one side could not encode and the other could, `refused` rows neither could.
    """

    rows: int = 0
    tokens_a: int = 0
    tokens_b: int = 0
    lost: int = 0
    gained: int = 0
    only_a: int = 0
    only_b: int = 0
    refused_a: int = 0
    refused_b: int = 0
    refused: int = 0
    stages: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: Self) -> Self:
        """Merge two counts."""
        return added(self, other)

    @property
    def differing(self) -> int:
        """Count rows whose ids differ."""
        return self.stages.total()

    @property
    def same(self) -> bool:
        """Say whether all that both sides hold is equal."""
        return not (self.differing or self.refused_a or self.refused_b)


class Difference(NamedTuple):
    """A row whose ids differ."""

    lang: str
    kind: str | None
    text: str
    ids: tuple[Ints, Ints]
    stage: str

    @property
    def order(self) -> tuple[int, int, str, str]:
        """Sort the largest change of length first, then short texts, then by language and text."""
        change = abs(self.ids[0].size - self.ids[1].size)
        return -change, len(self.text), self.lang, self.text


def differing(x: Answer, y: Answer) -> Mask:
    """Mark rows that both sides have ids for, and not the same."""
    lengths = np.diff(x.ids.offsets), np.diff(y.ids.offsets)
    both = x.given & y.given
    alike = both & (lengths[0] == lengths[1])
    mine, theirs = (np.repeat(alike, each) for each in lengths)
    unequal = running_total(x.ids.ids[mine] != y.ids.ids[theirs])
    ends = np.cumsum(lengths[0][alike])
    found = both.copy()
    found[alike] = unequal[ends] > unequal[ends - lengths[0][alike]]
    return found


def count(x: Answer, y: Answer, differences: Iterable[Difference]) -> Tally:
    """Count what two sides answered for the same texts."""
    both, there = x.given & y.given, (x.given | x.refused, y.given | y.refused)
    tokens_a, tokens_b = (np.diff(each.ids.offsets)[both] for each in (x, y))
    more = tokens_b - tokens_a
    counted = {
        "rows": both,
        "only_a": there[0] & ~there[1],
        "only_b": there[1] & ~there[0],
        "refused_a": x.refused & y.given,
        "refused_b": x.given & y.refused,
        "refused": x.refused & y.refused,
    }
    return Tally(
        **{name: int(np.count_nonzero(rows)) for name, rows in counted.items()},
        tokens_a=int(tokens_a.sum()),
        tokens_b=int(tokens_b.sum()),
        lost=int(-more[more < 0].sum()),
        gained=int(more[more > 0].sum()),
        stages=Counter(each.stage for each in differences),
    )
