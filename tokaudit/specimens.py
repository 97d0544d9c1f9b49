"""Specimens: for each key one example of all that were seen, the same whoever saw which first."""

import hashlib
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self


@dataclass(frozen=True)
class Specimens:
    """One example for each key: the one of the smallest SHA-256, so that any merging agrees.

    An example is a tuple of a text and what goes with it.
    """

    kept: Mapping[Hashable, tuple[Any, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, found: Iterable[tuple[Hashable, tuple[Any, ...]]]) -> Self:
        """Keep one example of each key."""
        kept: dict[Hashable, tuple[Any, ...]] = {}
        for key, example in found:
            if key not in kept or _rank(example) < _rank(kept[key]):
                kept[key] = example
        return cls(kept)

    def __add__(self, other: Self) -> Self:
        """Keep of each key the example that ranks first."""
        return self.of([*self.kept.items(), *other.kept.items()])


def _rank(example: tuple[Any, ...]) -> bytes:
    return hashlib.sha256(repr(example).encode("utf-8", "backslashreplace")).digest()
