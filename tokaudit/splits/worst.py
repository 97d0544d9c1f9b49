"""Worst inputs: families of long texts on which tokenizers have been seen to take too long."""

import random
from collections.abc import Callable, Mapping

LETTERS = "aé ж中の한ก😀\u0301_{7"  # of every kind that pipelines treat in a way of its own


def _run(unit: str) -> Callable[[int], str]:
    """Repeat a unit until there are so many bytes, or a few less."""
    return lambda size: unit * (size // len(unit.encode()))


def _chinese(size: int) -> str:
    """Write ideographs without a pattern and without a space."""
    return "".join(chr(0x4E00 + place * 7919 % 20_000) for place in range(size // 3))


def _mixed(size: int) -> str:
    """Write words of letters of all kinds, drawn with a fixed seed."""
    chance = random.Random("mixed")
    return "".join(chance.choices(LETTERS, k=size // 2)).encode()[:size].decode(errors="ignore")


# Each gives a text of about so many bytes, never more.
FAMILIES: Mapping[str, Callable[[int], str]] = {
    "one letter": _run("a"),
    "spaces": _run(" "),
    "line ends": _run("\n"),
    "one emoji": _run("😀"),
    "digits": _run("1234567890"),
    "Chinese": _chinese,
    "one mark": _run("\u0301"),
    "mixed": _mixed,
}
