"""How much is looked at, and with which seed: what the door asks for and every part heeds."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tokaudit.splits.segments import Segments


class Scope(NamedTuple):
    """At most so many texts are read for one question; the seed draws them where there are more.

    `limit` bounds pairs of incomplete tokens; questions that are asked for every script, or with
    several letters, take a part of it. `segments` are words whose parts a user knows.
    """

    limit: int = 200_000
    seed: int = 1
    segments: "Segments | None" = None

    @property
    def word_pairs(self) -> int:
        """Pairs of words of one script."""
        return max(1, self.limit // 4)

    @property
    def words(self) -> int:
        """Words of one script that letters are put before."""
        return max(1, self.limit // 50)
