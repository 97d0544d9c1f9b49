"""Tokens as HTML: a coloured box each, isolated from its neighbours' direction; no script.

Everything from outside is made visible and escaped here; `STYLE` goes once into the page.
"""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import NamedTuple

from tokaudit.batch import Ints, Spans
from tokaudit.legible import hexadecimal, runs_right_to_left, written
from tokaudit.pieces import PART, Cut, Piece

STYLE = """
.tokens { line-height: 1.9; overflow-wrap: anywhere; }
.tokens span { display: inline-block; vertical-align: top; white-space: pre-wrap;
  border-inline-start: 2px solid #555; padding: 0 .15em; margin-block: .1em; color: #000; }
.tokens span.inside { border-inline-start-style: dotted; }
.tokens small { display: block; direction: ltr; font-size: .65em; line-height: 1.2; }
.tokens .even { background: #bfe3ff; } .tokens .odd { background: #c9f2c7; }
.tokens .part.even { background: #ffeaa8; } .tokens .part.odd { background: #ffd76e; }
.tokens .altered, .tokens .added { background: #ecc6ff; }
.tokens .unknown { background: #ffb3ad; }
.tokens .left-out { background: none; color: inherit; opacity: .7; }
"""


class Beside(NamedTuple):
    """What stands below each token."""

    ids: bool = False
    data: bool = False


NOTHING = Beside()


def coloured(text: bytes, spans: Spans, ids: Ints, beside: Beside = NOTHING) -> str:
    """Give a text of which each id covers a span as HTML; what none covers is marked."""
    return tokens(Cut.of(text, spans, ids).pieces(), beside, runs_right_to_left(text.decode()))


def tokens(pieces: Iterable[Piece], beside: Beside = NOTHING, right_to_left: bool = False) -> str:
    """Give pieces as one `div`; where text runs from right to left, so do its tokens."""
    direction = "rtl" if right_to_left else "ltr"
    boxes = (_box(piece, number, beside) for number, piece in enumerate(pieces))
    return f'<div class="tokens" dir="{direction}">{"".join(boxes)}</div>'


def boxes(parts: Sequence[str]) -> str:
    """Give parts of a text, which `show` wrote, as a box each; what they cover is not known."""
    direction = "rtl" if runs_right_to_left("".join(parts)) else "ltr"
    return f'<div class="cut" dir="{direction}">{"".join(map(_bdi, parts))}</div>'


def _box(piece: Piece, number: int, beside: Beside) -> str:
    classes = [piece.mark.replace(" ", "-"), "odd" if number % 2 else "even"]
    classes += ["inside"] if piece.inside else []
    named = " ".join(filter(None, classes))
    # A line of the text ends a line of tokens.
    end = "<br>" if b"\n" in piece.covered else ""
    below = "".join(f"<small>{said}</small>" for said in _below(piece, beside))
    return f'<span class="{named}" title="{_title(piece)}">{_content(piece)}{below}</span>{end}'


def _content(piece: Piece) -> str:
    """Write a piece; `a→b` runs from left to right whatever a and b do."""
    content = written(piece, _bdi)
    return content if piece.mark in ("", PART) else f'<bdi dir="ltr">{content}</bdi>'


def _below(piece: Piece, beside: Beside) -> Iterator[str]:
    if beside.ids:
        yield "–" if piece.id is None else str(piece.id)
    if beside.data:
        yield hexadecimal(piece)


def _title(piece: Piece) -> str:
    named = "no token" if piece.id is None else f"id {piece.id}"
    return f"{named}, bytes {hexadecimal(piece)}" + (f", {piece.mark}" if piece.mark else "")


def _bdi(shown: str) -> str:
    return f"<bdi>{escape(shown)}</bdi>"
