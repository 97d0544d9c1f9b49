"""Texts to look at: from the command line, stdin, a file, or rows of a corpus."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tokaudit.cli.options import LONGEST_ROW
from tokaudit.errors import BadCorpus, BadUsage, NothingToAudit
from tokaudit.text import line

if TYPE_CHECKING:
    from tokaudit.corpus import Corpus
    from tokaudit.sorting import Piece

STDIN = "-"
MOST_ROWS = 20


class Named(NamedTuple):
    """A text, and what it is called."""

    name: str
    text: str


class Chosen(NamedTuple):
    """Which rows of a corpus: those with this id, or the n-th (from 1) of each language."""

    id: str | None
    row: int | None


def read(text: str | None, file: Path | None) -> Named:
    """Read the one text that was named; raises BadUsage, BadCorpus."""
    if file is not None:
        return _decoded(str(file), _read(file))
    if text == STDIN:
        if sys.stdin is None:
            raise BadUsage("there is no text on stdin: it is closed")
        return _decoded("stdin", sys.stdin.buffer.read(LONGEST_ROW + 1))
    return _decoded("text", (text or "").encode("utf-8", "surrogateescape"))


def _read(file: Path) -> bytes:
    try:
        if not file.is_file():
            raise BadCorpus(f"{line(str(file))} is not a file")
        with file.open("rb") as opened:
            return opened.read(LONGEST_ROW + 1)
    except OSError as error:
        raise BadCorpus(f"cannot read {line(str(file))}: {error.strerror}") from error


def _decoded(name: str, data: bytes) -> Named:
    """Give UTF-8 as text; raises BadCorpus."""
    if len(data) > LONGEST_ROW:
        raise BadCorpus(f"{line(name)} has more than {LONGEST_ROW:,} bytes, too many to look at")
    try:
        return Named(name, data.decode())
    except UnicodeDecodeError as error:
        at, byte = error.start, data[error.start]
        raise BadCorpus(f"{line(name)} is not UTF-8: byte {byte:02X} at position {at:,}") from error


def rows(corpus: "Corpus", chosen: Chosen) -> list[Named]:
    """Read the rows that were chosen, `MOST_ROWS` at most; raises BadCorpus, NothingToAudit."""
    corpus.check_langs()
    found: list[Named] = []
    seen: dict[str, int] = {}
    example = None
    for piece in corpus:
        example = example or (piece.ids and next(filter(None, piece.ids[:9].to_pylist()), None))
        before = seen.get(piece.lang, 0)
        seen[piece.lang] = before + len(piece.texts)
        found += _of_piece(piece, chosen, before)
        if len(found) > MOST_ROWS:
            raise BadUsage(f"more than {MOST_ROWS} rows are meant: choose with --lang")
    if not found:
        what = f"id {line(chosen.id)}" if chosen.id is not None else f"number {chosen.row}"
        like = f" (its ids are like {line(example)})" if example and chosen.id is not None else ""
        raise NothingToAudit(f"the corpus has no row with {what}{like}")
    return found


def _of_piece(piece: "Piece", chosen: Chosen, before: int) -> Iterator[Named]:
    """Give the rows of a piece that were chosen; `before` counts those of its language so far."""
    import pyarrow.compute as pc

    if chosen.id is not None:
        places = pc.indices_nonzero(pc.equal(piece.ids, chosen.id)).to_pylist()
        named = f"id {chosen.id}"
    else:
        wanted = (chosen.row or 0) - 1 - before
        places = [wanted] if 0 <= wanted < len(piece.texts) else []
        named = f"row {chosen.row}"
    yield from (Named(f"{piece.lang}, {named}", piece.texts[at].as_py()) for at in places)
