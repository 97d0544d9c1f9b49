r"""Text as a person may see it and as a terminal may not obey it, and division that can say no.

Tokens, labels, paths and error messages are hostile: an escape sequence, a bidirectional
override or `##[error]` inside one must never act. `show` is the only way any of them is shown.
"""

from functools import lru_cache
from typing import NamedTuple

import regex

MARKS = {" ": "␠", "\n": "␊", "\r": "␍", "\t": "␉", "\0": "␀", "\x1b": "␛", "\x7f": "␡"}
# Category C and separators, and letters that draw nothing (fillers, selectors, tags).
HIDDEN = regex.compile(
    r"[\p{C}\p{Z}\p{Variation_Selector}\u034F\u115F\u1160\u17B4\u17B5\u2800\u3164\uFFA0]"
)
MARK = regex.compile(r"\p{M}")
COMMAND = regex.compile(r"(?<=#)#|(?<=:):")
WHITE_SPACE = frozenset(
    regex.findall(r"\p{White_Space}", "".join(map(chr, [*range(0xD800), *range(0xE000, 0x10000)])))
)


class Absent(NamedTuple):
    """A figure that does not exist, and why; it becomes null with a reason, never 0."""

    reason: str


class Verbatim(str):
    """A text to be shown letter by letter: a token, a pattern. A blank in it counts."""


def is_utf8(data: bytes) -> bool:
    """Say whether bytes are text."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def ratio(part: float, whole: float, reason: str) -> float | Absent:
    """Divide totals, or say why there was nothing to divide.

    >>> ratio(3, 4, "no words")
    0.75
    >>> ratio(0, 0, "no words")
    Absent(reason='no words')
    """
    return part / whole if whole else Absent(reason)


@lru_cache(maxsize=65_536)
def show(data: bytes | str, limit: int = 64) -> str:
    r"""Write bytes or text so that a person can see all of it and no medium obeys any of it.

    Total and injective below `limit` characters; longer text ends in `…(+n)`.

    >>> show(" a\x1b[31m\u202eb")
    '␠a␛[31m\\u{202e}b'
    >>> show(b"\xe0\xa4")
    '\\xe0\\xa4'
    >>> show("##[error]::x")
    '#\\u{23}[error]:\\u{3a}x'
    """
    text = data.decode("utf-8", "surrogateescape") if isinstance(data, bytes) else data
    shown = "".join(map(_letter, text[:limit]))
    shown = COMMAND.sub(lambda sign: f"\\u{{{ord(sign[0]):x}}}", shown)
    bare_mark = "◌" if text and MARK.match(text) else ""
    rest = f"…(+{len(text) - limit})" if len(text) > limit else ""
    return bare_mark + shown + rest


def harmless(shown: str) -> bool:
    r"""Say whether a text can be what `show` wrote, or several of those with spaces between.

    >>> harmless("␛[31m"), harmless("\x1b[31m")
    (True, False)
    """
    return not HIDDEN.search(shown.replace(" ", "")) and not COMMAND.search(shown)


def line(text: str) -> str:
    r"""Show a sentence (a path, an engine's message) with its spaces left as spaces.

    >>> line("no file a\x1bb")
    'no file a␛b'
    """
    return " ".join(show(word, limit=4_096) for word in text.split(" "))


def whole_letters(text: str) -> str:
    r"""Write halves of surrogate pairs, which no UTF-8 holds, as escapes.

    >>> whole_letters("a\udcff")
    'a\\udcff'
    """
    return text.encode("utf-8", "backslashreplace").decode()


def in_hex(data: bytes) -> str:
    r"""Write bytes that are no text, such as a part of a character.

    >>> in_hex(b"\xe2\x80")
    '‹e280›'
    """
    return f"‹{data.hex()}›"


def quoted(data: bytes, limit: int = 40) -> str:
    r"""Write an entry of a vocabulary into a sentence, which is still to be shown as a `line`.

    >>> quoted(b" I'"), quoted(b"\xe2\x80")
    ("‘ I'’", '‹e280›')
    """
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return in_hex(data)
    return f"‘{text}’" if len(text) <= limit else f"‘{text[:limit]}’…"


def _letter(letter: str) -> str:
    if letter in MARKS:
        return MARKS[letter]
    if 0xDC80 <= ord(letter) <= 0xDCFF:  # surrogateescape: an undecodable byte
        return f"\\x{ord(letter) - 0xDC00:02x}"
    if HIDDEN.match(letter) or letter in "\\◌…␠␊␍␉␀␛␡":
        return f"\\u{{{ord(letter):x}}}"
    return letter
