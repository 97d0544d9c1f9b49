"""Compatible classes: published classifications of a vocabulary, computed as they are published.

One file, one publication. They are here to be compared with; `tokaudit.classes` and
`tokaudit.reach` say better what a vocabulary holds.
"""

from typing import Protocol, cast

from tokaudit import rooms
from tokaudit.tokenizer import Tokenizer


class Classification(Protocol):
    """A module is a classification if it has these."""

    CLASSES: tuple[str, ...]

    def classify(self, tokenizer: Tokenizer) -> list[str]:
        """Name the class of every id, in the order of the vocabulary."""


def names() -> list[str]:
    """List every classification there is."""
    return rooms.names(__name__)


def get(name: str) -> Classification:
    """Find a classification by its name; raises UnknownName."""
    return cast(Classification, rooms.enter(__name__, name))
