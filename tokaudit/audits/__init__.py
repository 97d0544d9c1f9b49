"""Audits: one file, one question.

To add an audit, add a module here holding one `Audit` subclass. The command line, the reports
and the tests find it; the tests check that it obeys the laws below and that it is documented.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, NamedTuple, Self, TypeVar

import pyarrow as pa

from tokaudit import rooms
from tokaudit.adding import added
from tokaudit.bag import Documents
from tokaudit.batch import Batch, Ints
from tokaudit.columns import count as count
from tokaudit.columns import figure as figure
from tokaudit.columns import flag as flag
from tokaudit.columns import label as label
from tokaudit.columns import sure as sure
from tokaudit.documents import Lengths
from tokaudit.findings import Finding
from tokaudit.reading import Reading
from tokaudit.text import Absent
from tokaudit.tokenizer import Tokenizer
from tokaudit.vocabulary import Vocabulary

Row = Mapping[str, Any]
A = TypeVar("A", bound="Audit")
NO_PROBES = Absent("this audit brings no texts")
NO_GROUPS = Absent("documents were not told apart")


class Groups(NamedTuple):
    """What stands beside a total, by group of documents: an int64 (groups,) for each name.

    The names are those of the audit's `grouped`. What there is not says why.
    """

    own: Mapping[str, Ints] | Absent = NO_GROUPS
    shared: Mapping[str, Ints] | Absent = NO_GROUPS
    reference: Mapping[str, Ints] | Absent = NO_GROUPS
    baseline: Mapping[str, Ints] | Absent = NO_GROUPS


@dataclass(frozen=True)
class Beside(Generic[A]):
    """What stands beside a total when its figures are made; no name of a language or tokenizer.

    `shared` is the part of this total on rows that the reference language has too, `reference`
    the same tokenizer's total of those rows in the reference language, `baseline` the baseline
    tokenizer's total of the same text. `probes` is the same tokenizer's total of the texts this
    audit brings along. What there is not says why. `is_reference` tells the reference language's
    own total, whose premium is 1 by definition. `documents` counts the rows of the corpus that the
    total is of: audits see chunks of them. `examined` is what the audit's own `examine` made of
    the tokenizer, `groups` what intervals are made of, `chosen` what the user chose.
    """

    vocabulary: Vocabulary
    shared: A | Absent
    reference: A | Absent
    baseline: A | Absent
    is_reference: bool = False
    documents: Documents = field(default_factory=Documents)
    probes: A | Absent = NO_PROBES
    examined: Any = None
    groups: Groups = field(default_factory=Groups)
    chosen: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Audit(ABC):
    """A measurement that can be made in pieces.

    An audit is its own running total. `A()` is the empty total, `A.observe(r)` the total of one
    reading, and `a + b` the total of both. For any readings x and y::

        A() + a == a
        a + b == b + a
        (a + b) + c == a + (b + c)
        A.observe(x and y together) == A.observe(x) + A.observe(y)
        A.observe(x with weight 2) == A.observe(x) + A.observe(x)

    so the engine may split the work as it likes and the report cannot tell.
    """

    # Whether this audit measures the corpus; one that measures only the texts it brings does not.
    reads_corpus: ClassVar[bool] = True
    # Whether an audit that brings texts wants a corpus besides, even if none is named.
    wants_corpus: ClassVar[bool] = False
    # Whether it looks at documents, whatever chunks they were read by: see `of_documents`.
    reads_documents: ClassVar[bool] = False
    # Whether this audit looks at a sample of whole documents as well: see `sampled`.
    reads_sample: ClassVar[bool] = False
    # Fields that are also added up by group of documents, for intervals: see `per_row`.
    grouped: ClassVar[tuple[str, ...]] = ()
    # Tables by name, the first named like the audit; a column's metadata defines it.
    schemas: ClassVar[Mapping[str, pa.Schema]]
    # The columns a person looks at first, in tables of languages by tokenizers.
    headline: ClassVar[tuple[str, ...]]
    # The columns of `summarise`, for audits whose languages can be summed up.
    summary: ClassVar[pa.Schema | None] = None
    # Further tables to see at once, tokenizers side by side: what names a row, and the figure.
    glances: ClassVar[Mapping[str, tuple[str, str]]] = {}
    # What was chosen about the figures it makes, by option: see `choosing`.
    chosen: ClassVar[Mapping[str, Any]] = {}
    # Tables that are made only when they are asked for; `asking` adds them to `schemas`.
    optional: ClassVar[Mapping[str, pa.Schema]] = {}

    @classmethod
    def asking(cls, tables: Iterable[str]) -> type[Self]:
        """Give this audit with some of its optional tables."""
        return cls._with(schemas={**cls.schemas, **{name: cls.optional[name] for name in tables}})

    @classmethod
    def choosing(cls, **chosen: Any) -> type[Self]:
        """Give this audit with choices of the user, numbers or words; `rows` gets them as `chosen`.

        They are of no effect on what is added up, and stand in the signature.
        """
        return cls._with(chosen=chosen)

    @classmethod
    def _with(cls, **changed: Any) -> type[Self]:
        return type(cls.__name__, (cls,), {**changed, "__module__": cls.__module__})

    @classmethod
    def probes(cls) -> Iterable[Batch]:
        """Texts this audit brings along, in batches that bear a `probe`'s name.

        An audit that brings some is content without a corpus.
        """
        return ()

    @classmethod
    def examine(cls, tokenizer: Tokenizer) -> Any:
        """Look at a tokenizer itself, encoding whatever it takes: `rows` gets it as `examined`.

        This is no total: it is made once for each tokenizer, and is about no text.
        """
        return None

    @classmethod
    @abstractmethod
    def observe(cls, reading: Reading) -> Self:
        """Measure one batch, every row as often as its weight says."""

    @classmethod
    def per_row(cls, reading: Reading) -> Sequence[Ints]:
        """Give what each row adds to each `grouped` field, once: int64 (rows,) for each of them."""
        return ()

    @classmethod
    def of_documents(cls, documents: Lengths) -> Self:
        """Measure documents by what their chunks add up to; `observe` meets their chunks as well.

        The totals of all parts of a corpus add up to that of the whole.
        """
        return cls()

    @classmethod
    def sampled(cls, reading: Reading) -> Self:
        """Measure documents that were drawn, whole ones; the batch has their `keys`.

        They are rows of the corpus, and `observe` meets them as well.
        """
        return cls()

    def __add__(self, other: Self) -> Self:
        """Merge two totals, field by field."""
        return added(self, other)

    @abstractmethod
    def rows(self, beside: Beside[Self]) -> Mapping[str, Iterable[Row]]:
        """Say what was found, for each table in the columns of its schema; divide only here."""

    def findings(self, beside: Beside[Self]) -> Iterable[Finding]:
        """Say what deserves attention; the engine adds tokenizer and language."""
        return ()

    @classmethod
    @abstractmethod
    def verdict(cls, rows: Sequence[Row]) -> str:
        """Say in one sentence what the first table's rows of one tokenizer mean."""

    @classmethod
    def together(
        cls, totals: Mapping[str, Self], tokenizer: Tokenizer, reference: str | None
    ) -> Iterable[tuple[str, str | None, Row]]:
        """Say what only the languages of one tokenizer together tell: a table, a language, a row.

        Totals come by language; `reference` names one of them, if rows are parallel. A row about
        all languages names none.
        """
        return ()

    @classmethod
    def notices(cls, rows: Sequence[Row]) -> Iterable[Finding]:
        """Say what deserves attention in the first table's rows of one tokenizer.

        Unlike `findings`, of all its languages at once; the engine adds the tokenizer.
        """
        return ()

    @classmethod
    def summarise(cls, rows: Sequence[Row]) -> Mapping[str, Row]:
        """Sum up the first table over languages: for each tokenizer a row of `summary`."""
        return {}


def names() -> list[str]:
    """List every audit there is."""
    return rooms.names(__name__)


def get(name: str) -> type[Audit]:
    """Find an audit by its file's name; raises UnknownName."""
    module = rooms.enter(__name__, name)
    (audit,) = (
        thing
        for thing in vars(module).values()
        if isinstance(thing, type)
        and issubclass(thing, Audit)
        and thing.__module__ == module.__name__
    )
    return audit
