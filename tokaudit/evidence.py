"""How a vocabulary spells bytes, found out by reading ids of known texts back in every way."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence

import regex

from tokaudit.spelling import BYTE_LETTERS, FALLBACK
from tokaudit.text import WHITE_SPACE
from tokaudit.tokenizer import PLAIN, PROBES

TEXTS = (PLAIN, *(probe for probe in PROBES if "</s>" not in probe))
MARK = regex.compile(r"\p{M}")
SPACES = "".join(WHITE_SPACE)


def plain(token: str) -> bytes:
    """Read a token that is the text it stands for."""
    return token.encode("utf-8", "replace")


def metaspace(token: str) -> bytes:
    """Read a piece of SentencePiece: `▁` is a space, `<0xNN>` a byte."""
    if FALLBACK.fullmatch(token):
        return bytes([int(token[3:5], 16)])
    return plain(token.replace("▁", " "))


def byte_level(token: str) -> bytes:
    """Read the alphabet of byte-level BPE."""
    try:
        return bytes(map(BYTE_LETTERS.__getitem__, token))
    except KeyError:
        return plain(token)


def latin(token: str) -> bytes:
    """Read one letter up to U+00FF as the byte of that number, as ByT5 spells bytes."""
    return token.encode("latin-1") if len(token) == 1 and token <= "\xff" else plain(token)


def continued(token: str) -> bytes:
    """Read WordPiece: `##` goes on with a word."""
    return plain(token.removeprefix("##"))


def ended(token: str) -> bytes:
    """Read BPE whose words end in `</w>`, which stands for the space behind them."""
    return plain(token.removesuffix("</w>") + " " * token.endswith("</w>"))


def unended(token: str) -> bytes:
    """Read BPE whose tokens end in `@@` where the word goes on."""
    return plain(token.removesuffix("@@"))


READERS = (plain, metaspace, byte_level, latin, continued, ended, unended)


def reader(
    tokens: Mapping[int, str | bytes], encode: Callable[[str], Sequence[int] | None]
) -> Callable[[str], bytes]:
    """Choose the reader that gives back most texts exactly, and then most of them but for form.

    `encode` gives the ids of a text, None where it cannot. The simplest reader wins a tie.
    """
    found = [(text, encode(text)) for text in TEXTS]
    known = [(text, [tokens.get(i, "") for i in ids]) for text, ids in found if ids is not None]

    def score(read: Callable[[str], bytes]) -> tuple[int, int]:
        texts = [(text, "".join(_text(read, parts))) for text, parts in known]
        exact = sum(back in (text, f" {text}", f"{text} ") for text, back in texts)
        return exact, sum(_bare(back) == _bare(text) for text, back in texts)

    return max(READERS, key=score)


def _text(read: Callable[[str], bytes], parts: Sequence[str | bytes]) -> str:
    data = b"".join(part if isinstance(part, bytes) else read(part) for part in parts)
    return data.decode("utf-8", "replace")


def _bare(text: str) -> str:
    """Take away what normalisers change: spaces, case, accents, compatibility forms."""
    parts = unicodedata.normalize("NFKD", text).casefold()
    return "".join(p for p in parts if p not in SPACES and not MARK.match(p))
