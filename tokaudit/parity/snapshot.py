"""A snapshot: a tokenizer's ids for probes and corpus, written down for another environment."""

import hashlib
import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

import tokaudit
from tokaudit.batch import NO_LANGUAGE
from tokaudit.corpus import Corpus
from tokaudit.files import whole
from tokaudit.parity.probes import PROBES, VERSION
from tokaudit.parity.rows import Header, Row, header_line, row_line
from tokaudit.parity.sides import Group, Running, parts
from tokaudit.tokenizer import Tokenizer


@dataclass(frozen=True)
class Sample:
    """At most `rows` distinct texts of each language (None: every row).

    They are chosen by a hash of text and seed, so order and files of a corpus do not matter.
    """

    rows: int | None = None
    seed: int = 0

    def digest(self, text: str) -> bytes:
        """Hash a text; the smallest are chosen."""
        key = self.seed.to_bytes(8)
        return hashlib.blake2b(text.encode(), digest_size=16, key=key).digest()


def write(
    path: Path,
    tokenizer: Tokenizer,
    corpus: Corpus | None = None,
    sample: Sample | None = None,
    on_rows: Callable[[int], None] = lambda rows: None,
) -> int:
    """Write a file of ids whole or not at all, and say how many rows it has.

    `on_rows` hears how many texts were encoded. Raises CannotWrite, BadCorpus.
    """
    engine, side, rows = tokenizer.engine, Running(tokenizer), 0
    named = f"{engine.name} {engine.version}"
    identity = str(tokenizer.identity)
    with whole(path) as file:
        said = Header(tokaudit.__version__, tokenizer.spec, identity, named, VERSION)
        file.write(header_line(said))
        for group in _groups(corpus, sample or Sample()):
            file.writelines(_lines(side, group))
            rows += len(group.texts)
            on_rows(len(group.texts))
    return rows


def _lines(side: Running, group: Group) -> Iterator[bytes]:
    answer = side.answer(group.texts)
    for number, text in enumerate(group.texts.to_pylist()):
        ids = answer.row(number).tolist() if answer.given[number] else None
        yield row_line(Row(text, ids, group.lang, group.kind))


def _groups(corpus: Corpus | None, sample: Sample) -> Iterator[Group]:
    for kind, texts in PROBES.items():
        yield Group(NO_LANGUAGE, kind, pa.array(texts, pa.large_string()))
    if corpus is not None:
        corpus.check_langs()
        pieces = _every(corpus) if sample.rows is None else chosen(corpus, sample, sample.rows)
        for lang, texts in pieces:
            yield from (Group(lang, None, part) for part in parts(texts))


def _every(corpus: Corpus) -> Iterator[tuple[str, pa.LargeStringArray]]:
    return ((piece.lang, piece.texts) for piece in corpus)


def chosen(corpus: Corpus, sample: Sample, rows: int) -> Iterator[tuple[str, pa.LargeStringArray]]:
    """Choose rows of each language, and give them in the order of their hashes."""
    smallest: dict[str, list[tuple[bytes, str]]] = {}
    for piece in corpus:
        hashed = {(sample.digest(text), text) for text in piece.texts.to_pylist()}
        kept = hashed.union(smallest.get(piece.lang, ()))
        smallest[piece.lang] = heapq.nsmallest(rows, kept)
    for lang in sorted(smallest):
        yield lang, pa.array([text for _, text in smallest[lang]], pa.large_string())
