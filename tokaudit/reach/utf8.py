"""UTF-8 in pieces: the characters that a few bytes hold, and those they only begin or end."""

from typing import NamedTuple


class Fringe(NamedTuple):
    """Bytes as the end of a character, whole characters, and the beginning of one."""

    tail: bytes
    middle: str
    head: bytes


def fringe(data: bytes) -> Fringe | None:
    r"""Take bytes apart; None if no UTF-8 text holds them.

    >>> fringe(b"\x80\x99s \xe2\x80")
    Fringe(tail=b'\x80\x99', middle='s ', head=b'\xe2\x80')
    >>> fringe(b"a\xff") is None
    True
    """
    ended = next((n for n, byte in enumerate(data) if byte & 0xC0 != 0x80), len(data))
    tail, rest = data[:ended], data[ended:]
    if ended > 3 or not _ends_one(tail):
        return None
    for cut in range(len(rest), max(len(rest) - 4, -1), -1):
        try:
            middle = rest[:cut].decode()
        except UnicodeDecodeError:
            continue
        head = rest[cut:]
        return Fringe(tail, middle, head) if not head or _begins_one(head) else None
    return None


def size(lead: int) -> int:
    """Say how many bytes a character has that begins with this byte (0xC2 and up)."""
    return 2 + (lead >= 0xE0) + (lead >= 0xF0)


def _begins_one(head: bytes) -> bool:
    """Say whether a character begins with these bytes and goes on."""
    fills = (b"\x80", b"\x90", b"\xa0")  # the second byte of some is bounded
    return any(_is_one(head + fill * more) for fill in fills for more in (1, 2, 3))


def _ends_one(tail: bytes) -> bool:
    """Say whether a character ends with these bytes and has begun before them."""
    starts = (b"\xc4", b"\xe1", b"\xf1", b"\xe1\x80", b"\xf1\x80", b"\xf1\x80\x80")
    return not tail or any(_is_one(start + tail) for start in starts)


def _is_one(data: bytes) -> bool:
    try:
        return len(data.decode()) == 1
    except UnicodeDecodeError:
        return False
