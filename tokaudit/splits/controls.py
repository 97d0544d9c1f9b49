"""Controls: tokens with a role of their own, and whether a text that spells one becomes it.

A text is read twice: as tokaudit reads everything (no text is a special token), and as the library
reads it that people load the tokenizer with, nothing said. In a chat the second decides: what a
user types may close the user's turn.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from tokaudit.engines import contained
from tokaudit.engines.transformers import TransformersEngine
from tokaudit.errors import EngineFailed
from tokaudit.splits.library import opened
from tokaudit.text import Absent
from tokaudit.tokenizer import Tokenizer

CONTROL, ADDED, UNKNOWN = "control", "added", "unknown"
ID, TEXT, REFUSED = "id", "text", "refused"
WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}  # ASCII to its full-width forms


class Token(NamedTuple):
    """A token with a role: its id, its kind, and the text that spells it."""

    id: int
    kind: str
    text: str


# How the text of a token is written; one that writes it as it is says nothing new.
PLACEMENTS: Mapping[str, Callable[[str], str]] = {
    "alone": lambda text: text,
    "in_word": lambda text: f"ab{text}cd",
    "spaced": lambda text: f"a {text} b",
    "after_line_end": lambda text: f"a\n{text}",
    "other_case": str.swapcase,
    "space_inside": lambda text: f"{text[:1]} {text[1:]}",
    "zero_width_inside": lambda text: f"{text[:1]}\u200b{text[1:]}",
    "full_width": lambda text: text.translate(WIDE),
}
OBVIOUS = ("alone", "in_word", "spaced", "after_line_end")
Fate = str | Absent
Read = Callable[[str], Sequence[int]]
UNCHANGED = Absent("written so, the text is the same")
UNTOLD = Absent("a character of it is unknown by itself")


class Reading(NamedTuple):
    """What became of one token's text, placement by placement, here and in the library."""

    token: Token
    here: tuple[Fate, ...]
    library: tuple[Fate, ...]


def tokens(tokenizer: Tokenizer) -> list[Token]:
    """List control tokens, the unknown token, and added tokens that are neither; each has a text.

    Ids ascend.
    """
    vocabulary = tokenizer.vocabulary
    kinds = dict.fromkeys(_added(tokenizer), ADDED)
    kinds |= dict.fromkeys(vocabulary.ids[vocabulary.special].tolist(), CONTROL)
    if vocabulary.unknown is not None:
        kinds[vocabulary.unknown] = UNKNOWN
    ids = np.array(sorted(set(kinds) & set(vocabulary.ids.tolist())), np.int64)
    places = vocabulary.places(ids)
    texts = vocabulary.texts.take(pa.array(places)).to_pylist()
    rows = zip(ids.tolist(), texts, vocabulary.partial[places].tolist(), strict=True)
    return [Token(i, kinds[i], text.decode()) for i, text, partial in rows if text and not partial]


def _added(tokenizer: Tokenizer) -> Iterable[int]:
    """List ids that are matched in text before the algorithm runs, special or not."""
    if isinstance(tokenizer.engine, TransformersEngine):
        return list(tokenizer.engine.backend.added_tokens_decoder)
    tokens = tokenizer.settings.get("added_tokens") or ()
    return [*tokenizer.user_defined, *(token["id"] for token in tokens)]


def readings(tokenizer: Tokenizer, chosen: Iterable[Token]) -> Iterator[Reading]:
    """Read every token's text in every placement, twice."""
    here, library = _here(tokenizer), _library(tokenizer)
    for token in chosen:
        yield Reading(token, _fates(token, here), _fates(token, library))


def _here(tokenizer: Tokenizer) -> Read:
    def read(text: str) -> Sequence[int]:
        return list(tokenizer.encode(pa.array([text], pa.large_string())).ids)

    return read


def _library(tokenizer: Tokenizer) -> Read | Absent:
    """Read as the library does; Absent where it cannot be asked."""
    library = opened(tokenizer)
    if isinstance(library, Absent):
        return library

    def read(text: str) -> Sequence[int]:
        with contained("the library"):
            return library.encode(text)

    return read


def _fates(token: Token, read: Read | Absent) -> tuple[Fate, ...]:
    """Say for each placement what becomes of a token's text."""
    if isinstance(read, Absent):
        return tuple(read for _ in PLACEMENTS)
    return tuple(
        UNCHANGED
        if name not in OBVIOUS and place(token.text) == token.text
        # What is unknown letter by letter is no sign of a token that was read.
        else UNTOLD
        if token.kind == UNKNOWN and _fate(token, _apart(place(token.text)), read) == ID
        else _fate(token, place(token.text), read)
        for name, place in PLACEMENTS.items()
    )


def _apart(text: str) -> str:
    return " ".join(text)


def _fate(token: Token, text: str, read: Read) -> str:
    try:
        return ID if token.id in read(text) else TEXT
    except EngineFailed:
        return REFUSED
