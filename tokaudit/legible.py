"""Pieces written so that a person can read them whatever they hold, with or without colours."""

from collections.abc import Callable, Iterable

import regex

from tokaudit.pieces import ADDED, ALTERED, LEFT_OUT, PART, UNKNOWN, Piece
from tokaudit.text import show

# Signs that are drawn around tokens; inside tokens they are written as escapes.
BORDER, INSIDE, BECOMES, OPEN, CLOSE = "│┊→⟨⟩"
SIGNS = str.maketrans({sign: f"\\u{{{ord(sign):x}}}" for sign in "│┊→⟨⟩"})
EXPLAINED = {
    PART: r"\xe0 a byte: the token has part of a character",
    ALTERED: f"a{BECOMES}b a token that stands for b covers a",
    UNKNOWN: f"a{BECOMES}[UNK] the unknown token covers a, which is lost",
    ADDED: f"{BECOMES}b a token that stands for b, which is not in the text",
    LEFT_OUT: f"{OPEN}a{CLOSE} no token covers a",
}
ISOLATE, POP = "\u2068", "\u2069"  # FIRST STRONG ISOLATE, POP DIRECTIONAL ISOLATE
RIGHT_TO_LEFT = regex.compile(r"[\p{bc=R}\p{bc=AL}]")
STRONG = regex.compile(r"[\p{bc=L}\p{bc=R}\p{bc=AL}]")


def written(piece: Piece, each: Callable[[str], str] = str) -> str:
    r"""Write a piece so that a person can see all of it, without colours.

    What it covers and what its token stands for go through `each` (`isolated`, or a medium's own).

    >>> written(Piece(7, 0, b" cat", b" cat"))
    '␠cat'
    >>> written(Piece(7, 0, "Grö".encode(), b"gro", ALTERED))
    'Grö→gro'
    >>> written(Piece(None, 0, b" ", b" ", LEFT_OUT))
    '⟨␠⟩'
    """
    covered = each(shown(piece.covered)) if piece.covered else ""
    if piece.mark == LEFT_OUT:
        return f"{OPEN}{covered}{CLOSE}"
    if piece.mark in (ALTERED, UNKNOWN, ADDED):
        return f"{covered}{BECOMES}{each(shown(piece.says))}"
    return covered


def shown(data: bytes) -> str:
    """Show bytes without any sign that is drawn around tokens."""
    return show(data).translate(SIGNS)


def hexadecimal(piece: Piece) -> str:
    """Write the bytes that a piece's token stands for, or those it lacks a token for."""
    return piece.says.hex(" ").upper()


def isolated(text: str) -> str:
    """Keep letters that run from right to left from carrying their neighbours along (UAX #9)."""
    return f"{ISOLATE}{text}{POP}" if RIGHT_TO_LEFT.search(text) else text


def runs_right_to_left(text: str) -> bool:
    """Say whether a paragraph runs from right to left: by its first strong letter (UAX #9, P2)."""
    first = STRONG.search(text)
    return bool(first and RIGHT_TO_LEFT.match(first[0]))


def legend(pieces: Iterable[Piece]) -> list[str]:
    """Explain the signs that these pieces are written with, and no others."""
    marks, inside = set(), False
    for piece in pieces:
        marks.add(piece.mark)
        inside |= piece.inside
    said = [f"{INSIDE} a border within a character (grapheme cluster)"] if inside else []
    return said + [sentence for mark, sentence in EXPLAINED.items() if mark in marks]
