"""A side of a comparison: whatever gives ids for texts, a loaded tokenizer or a file of ids."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tokaudit.batch import Mask
from tokaudit.errors import EngineFailed
from tokaudit.tokenizer import Ids, Ints, Tokenizer

ENCODED_AT_ONCE = 2**20  # bytes of text


class Group(NamedTuple):
    """Texts that are counted together: of one language, or probes of one kind."""

    lang: str
    kind: str | None
    texts: pa.LargeStringArray


class Answer(NamedTuple):
    """Ids of some texts. A row that is not `given` has none: it was `refused`, or is not there."""

    ids: Ids
    given: Mask
    refused: Mask

    @classmethod
    def of(cls, rows: Sequence[Ints | None], refused: Mask) -> Self:
        """Lay rows end to end; None is a row without ids."""
        given = np.array([row is not None for row in rows], np.bool_)
        sizes = [0 if row is None else row.size for row in rows]
        offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        none = np.zeros(0, np.int64)
        ids = np.concatenate([none, *(row for row in rows if row is not None)])
        return cls(Ids(ids, offsets), given, refused)

    def row(self, number: int) -> Ints:
        """Give the ids of one row."""
        return self.ids.ids[self.ids.offsets[number] : self.ids.offsets[number + 1]]


class Side(Protocol):
    """What can be compared. `name` is as the user wrote it; a file of ids has no tokenizer."""

    @property
    def name(self) -> str:
        """The spec, or the path of the file."""

    @property
    def tokenizer(self) -> Tokenizer | None:
        """The tokenizer, unless only its ids are there."""

    def answer(self, texts: pa.LargeStringArray) -> Answer:
        """Give the ids of texts."""

    def rest(self, langs: Sequence[str]) -> Iterator[Group]:
        """Give the texts (of these languages, or all) that it holds and was not asked for."""


@dataclass(frozen=True, eq=False)
class Running:
    """A loaded tokenizer, which has ids for every text."""

    tokenizer: Tokenizer

    @property
    def name(self) -> str:
        """The spec as written."""
        return self.tokenizer.spec

    def answer(self, texts: pa.LargeStringArray) -> Answer:
        """Encode; where a batch is refused its rows are tried one by one."""
        encode = self.tokenizer.encode
        try:
            every = np.ones(len(texts), np.bool_)
            return Answer(encode(texts), every, ~every)
        except EngineFailed:
            rows = [self._one(texts.slice(row, 1)) for row in range(len(texts))]
            return Answer.of(rows, np.array([row is None for row in rows], np.bool_))

    def _one(self, text: pa.LargeStringArray) -> Ints | None:
        try:
            return self.tokenizer.encode(text).ids
        except EngineFailed:
            return None

    def rest(self, langs: Sequence[str]) -> Iterator[Group]:
        """Hold no text."""
        return iter(())


def parts(texts: pa.LargeStringArray) -> Iterator[pa.LargeStringArray]:
    """Divide texts into parts of about a mebibyte, or one text: what is encoded at once."""
    part = pc.cumulative_sum(pc.binary_length(texts)).to_numpy() // ENCODED_AT_ONCE
    for number in np.unique(part).tolist():
        rows = np.flatnonzero(part == number)
        yield texts.slice(rows[0], rows.size)
