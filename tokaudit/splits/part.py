"""A part of the adversarial audit: one question asked of a tokenizer, and what it answered."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple, Self

import pyarrow as pa

from tokaudit.findings import Finding
from tokaudit.splits.scope import Scope
from tokaudit.tokenizer import Tokenizer

Row = Mapping[str, Any]


class Looked(NamedTuple):
    """Of how many things (`unit`) there are, how many were looked at."""

    unit: str
    there: int
    looked_at: int


@dataclass(frozen=True)
class Part(ABC):
    """What one question found out about one tokenizer.

    `FIGURES` are its columns of the audit's first table, `TABLES` its own tables, by their names
    without the audit's, `OPTIONAL` those that are made only when asked for.
    """

    FIGURES: ClassVar[Sequence[pa.Field]]
    TABLES: ClassVar[Mapping[str, pa.Schema]]
    OPTIONAL: ClassVar[Mapping[str, pa.Schema]] = {}

    @classmethod
    @abstractmethod
    def look(cls, tokenizer: Tokenizer, scope: Scope) -> Self:
        """Ask a tokenizer; what its engine refuses is left out."""

    @abstractmethod
    def figures(self) -> Row:
        """Sum up, in the columns of `FIGURES`."""

    @abstractmethod
    def tables(self) -> Mapping[str, Iterable[Row]]:
        """Say what was found, for each table in the columns of `TABLES` and `OPTIONAL`."""

    @abstractmethod
    def looked(self) -> Iterable[Looked]:
        """Say what there was and what was looked at."""

    @abstractmethod
    def findings(self) -> Iterable[Finding]:
        """Say what deserves attention."""
