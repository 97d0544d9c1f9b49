"""A file of ids as a side: its rows are found by their text, and stay in the file until asked for.

What is held is 17 bytes a row: a digest of its text, where it begins, whether it was asked for.
"""

import hashlib
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import BinaryIO, ClassVar, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tokaudit.batch import Mask
from tokaudit.errors import BadTokenizer
from tokaudit.loaders import path_of
from tokaudit.parity import rows
from tokaudit.parity.rows import Header, Row
from tokaudit.parity.sides import ENCODED_AT_ONCE, Answer, Group
from tokaudit.text import line
from tokaudit.tokenizer import Ints, SourceFile

Keys = npt.NDArray[np.uint64]


@dataclass(frozen=True, eq=False)
class Recorded:
    """An ids.jsonl. `keys` ascend; row i begins at byte `places[i]`; `asked[i]` is kept."""

    name: str
    path: Path
    header: Header
    source: SourceFile
    keys: Keys
    places: Ints
    asked: Mask
    tokenizer: ClassVar[None] = None

    @classmethod
    def open(cls, name: str) -> Self:
        """Read a file once and note where its rows are; raises BadTokenizer."""
        path = path_of(name)
        if not path.is_file():
            raise BadTokenizer(f"no file {line(str(path))}: write one with tokaudit snapshot")
        try:
            with path.open("rb") as file:
                said, keys, places = _index(file, line(name))
                digest = hashlib.file_digest(file, "sha256").hexdigest()
                source = SourceFile(path.name, digest, file.tell())
        except OSError as error:
            raise BadTokenizer(f"cannot read {line(name)}: {error.strerror}") from error
        distinct, first = np.unique(keys, return_index=True)
        asked = np.zeros(distinct.size, np.bool_)
        found = cls(name, path, said, source, distinct, places[first], asked)
        found._check_repeated(keys, places, np.setdiff1d(np.arange(keys.size), first))
        return found

    def answer(self, texts: pa.LargeStringArray) -> Answer:
        """Look texts up."""
        with self.path.open("rb") as file:
            found = [self._find(file, text) for text in texts.to_pylist()]
        ids = [None if row is None else row.ids for row in found]
        arrays = [None if each is None else np.array(each, np.int64) for each in ids]
        refused = [row is not None and row.ids is None for row in found]
        return Answer.of(arrays, np.array(refused, np.bool_))

    def rest(self, langs: Sequence[str]) -> Iterator[Group]:
        """Give rows nobody asked for, in the order of the file, alike rows together."""
        left = np.sort(self.places[~self.asked])
        with self.path.open("rb") as file:
            every = (self._at(file, place) for place in left.tolist())
            chosen = (row for row in every if not langs or row.lang in langs)
            for (lang, kind), alike in groupby(chosen, key=lambda row: (row.lang, row.kind)):
                for texts in _some(row.text for row in alike):
                    yield Group(lang, kind, pa.array(texts, pa.large_string()))

    def _find(self, file: BinaryIO, text: str) -> Row | None:
        key = _key(text)
        at = int(np.searchsorted(self.keys, np.uint64(key)))
        if at == self.keys.size or self.keys[at] != key:
            return None
        row = self._at(file, int(self.places[at]))
        if row.text != text:
            return None
        self.asked[at] = True
        return row

    def _at(self, file: BinaryIO, place: int) -> Row:
        file.seek(place)
        where = f"{line(self.name)}, byte {place}"
        return rows.row(rows.parse(file.readline(rows.LONGEST_LINE), where), where)

    def _check_repeated(self, keys: Keys, places: Ints, repeated: Ints) -> None:
        """Raise BadTokenizer where a text stands twice with other ids."""
        if not repeated.size:
            return
        first = self.places[np.searchsorted(self.keys, keys[repeated])]
        with self.path.open("rb") as file:
            for once, again in zip(first.tolist(), places[repeated].tolist(), strict=True):
                if self._at(file, once)[:2] != self._at(file, again)[:2]:
                    raise BadTokenizer(
                        f"{line(self.name)} has two rows for one text, at bytes {once} and {again},"
                        " and their ids differ"
                    )


def _index(file: BinaryIO, name: str) -> tuple[Header, Keys, Ints]:
    """Check every line; give the header, each row's key, and where each row begins."""
    said, keys, places = Header(), array("Q"), array("q")
    for place, record in rows.lines(file, name):
        if place == 0 and (found := rows.header(record, name)):
            said = found
            continue
        keys.append(_key(rows.row(record, f"{name}, row {len(keys) + 1}").text))
        places.append(place)
    if not keys:
        raise BadTokenizer(f"{name} holds no row of ids")
    file.seek(0)
    return said, np.frombuffer(keys, np.uint64), np.frombuffer(places, np.int64)


def _key(text: str) -> int:
    """Digest a text into the 64 bits that its row is found by."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())


def _some(texts: Iterator[str]) -> Iterator[list[str]]:
    """Divide texts into lists of about a mebibyte."""
    gathered: list[str] = []
    size = 0
    for text in texts:
        gathered.append(text)
        size += len(text)
        if size >= ENCODED_AT_ONCE:
            yield gathered
            gathered, size = [], 0
    if gathered:
        yield gathered
