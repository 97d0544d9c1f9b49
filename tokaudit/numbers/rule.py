"""The cut a tokenizer owes a number: by its own rule, or where it has none the usual one."""

from collections.abc import Mapping
from dataclasses import dataclass

from tokaudit.numbers.cuts import ByLength, Partition, strategy, usual
from tokaudit.numbers.sweep import LONGEST, Sweep
from tokaudit.text import Absent

CONTEXTS = ("bare", "space")


@dataclass(frozen=True)
class Rule:
    """A tokenizer's strategies, bare and behind a space, and its cuts where that is no rule."""

    names: Mapping[str, str | Absent]
    cuts: Mapping[str, ByLength]

    @classmethod
    def of(cls, sweep: Sweep) -> "Rule":
        """Take the strategies that a sweep shows."""
        names = {context: strategy(sweep.of(context)) for context in CONTEXTS}
        return cls(names, {context: sweep.of(context, LONGEST) for context in CONTEXTS})

    def owed(self, digits: int, spaced: bool = False) -> Partition | None:
        """Give the cut owed to a length; None where neither rule nor habit is known."""
        context = CONTEXTS[spaced]
        return usual(self.names[context], self.cuts[context], digits)
