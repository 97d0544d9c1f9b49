"""A census: what became of each row of a corpus, in counts that add."""

from dataclasses import dataclass, fields
from typing import Self


@dataclass(frozen=True)
class Census:
    """What became of the rows of one language: totals that add.

    `rows` were kept. `digest` adds up a hash of each kept row (id and text), modulo 2**128, so it
    is the same in any order and any division into files.
    """

    rows: int = 0
    bytes: int = 0
    null: int = 0
    blank: int = 0
    invalid_utf8: int = 0
    too_long: int = 0
    digest: int = 0

    def __add__(self, other: Self) -> Self:
        """Merge two counts."""
        sums = {f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self)}
        return type(self)(**{**sums, "digest": sums["digest"] % 2**128})

    @property
    def left_out(self) -> int:
        """Count rows that were not audited."""
        return self.null + self.blank + self.invalid_utf8 + self.too_long
