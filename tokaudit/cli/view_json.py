"""Views as JSON: every piece of every text, every figure; `absent` says why one is null."""

from collections.abc import Mapping, Sequence
from typing import Any

from tokaudit.cli import sheets
from tokaudit.pieces import Piece
from tokaudit.text import Absent
from tokaudit.view import Sight, View, Word

SCHEMA = "tokaudit-view/1"


def document(found: Sequence[Sight]) -> bytes:
    """Write all that is known, strictly."""
    return sheets.document(SCHEMA, texts=[_text(sight) for sight in found])


def _text(sight: Sight) -> dict[str, Any]:
    measures, absent = _known(sight.measures)
    return {
        "name": sight.subject.name,
        "text": sight.subject.text,
        **measures,
        "shown_chars": sight.subject.limit,
        "tokenizers": [_view(view) for view in sight.views],
        **({"absent": absent} if absent else {}),
    }


def _view(view: View) -> dict[str, Any]:
    figures, absent = _known(view.figures)
    return {
        "tokenizer": view.spec,
        **figures,
        "altered": view.loss if view.altered else None,
        "spelled": _bytes(view.spelled) if view.altered else None,
        "pieces": [_piece(piece) for piece in view.pieces],
        "words": [_word(word) for word in view.words],
        **({"absent": absent} if absent else {}),
    }


def _known(figures: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Part figures from the reasons of those that are not there, which become null."""
    absent = {name: value.reason for name, value in figures.items() if isinstance(value, Absent)}
    return {name: None if name in absent else value for name, value in figures.items()}, absent


def _piece(piece: Piece) -> dict[str, Any]:
    return {
        "id": piece.id,
        "start": piece.start,
        "end": piece.start + len(piece.covered),
        "covered": _bytes(piece.covered),
        "token": None if piece.id is None else _bytes(piece.says),
        "mark": piece.mark or None,
        "inside_grapheme": piece.inside,
    }


def _word(word: Word) -> dict[str, Any]:
    return {
        "start": word.start,
        "tokens": word.tokens,
        "parts": [_bytes(part) for part in word.parts],
    }


def _bytes(data: bytes) -> dict[str, str | None]:
    """Write bytes as text, null where they are not whole characters, and in hexadecimal."""
    try:
        return {"text": data.decode(), "hex": data.hex()}
    except UnicodeDecodeError:
        return {"text": None, "hex": data.hex()}
