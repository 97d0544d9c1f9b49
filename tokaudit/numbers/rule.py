"""The cut a tokenizer owes a number: by its own rule, or where it has none the usual one."""

from collections.abc import Iterable
from dataclasses import dataclass

from tokaudit.numbers.cuts import ByLength, Partition, strategy, usual
from tokaudit.numbers.sweep import LONGEST, Sweep
from tokaudit.text import Absent


@dataclass(frozen=True)
class Rule:
    """A tokenizer's strategy, and its cuts of bare numbers for where that is no rule."""

    name: str | Absent
    cuts: ByLength

    @classmethod
    def of(cls, sweep: Sweep) -> "Rule":
        """Take the strategy of bare numbers."""
        return cls(strategy(sweep.of("bare")), sweep.of("bare", LONGEST))

    def owed(self, digits: int) -> Partition | None:
        """Give the cut owed to a length; None where neither rule nor habit is known."""
        return usual(self.name, self.cuts, digits)

    def judge(self, found: Iterable[tuple[int, Partition, int]]) -> tuple[int, int]:
        """Count the numbers that can be judged, and those cut otherwise than is owed to them."""
        judged = irregular = 0
        for digits, pieces, n in found:
            if owed := self.owed(digits):
                judged += n
                irregular += n * (owed != pieces)
        return judged, irregular
