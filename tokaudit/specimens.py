"""Specimens: for each key one example of all that were seen, the same whoever saw which first."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self


@dataclass(frozen=True)
class Specimens:
    """One example for each key, a tuple that begins with what it is chosen by: the smallest.

    Put a hash first for an example that is like any other, or a text for the first of the alphabet.
    """

    kept: Mapping[Hashable, tuple[Any, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, found: Iterable[tuple[Hashable, tuple[Any, ...]]]) -> Self:
        """Keep the smallest example of each key."""
        kept: dict[Hashable, tuple[Any, ...]] = {}
        for key, example in found:
            kept[key] = min(example, kept.get(key, example))
        return cls(kept)

    def __add__(self, other: Self) -> Self:
        """Keep the smaller example of each key."""
        return self.of([*self.kept.items(), *other.kept.items()])
