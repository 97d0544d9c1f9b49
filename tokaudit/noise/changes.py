"""Changes: what single letters become, and which letters of a text can be hit."""

import numpy as np
import regex
import unicodedataplus

from tokaudit.batch import Ints
from tokaudit.noise.lookalikes import EMOJI
from tokaudit.noise.written import Written

ZERO_WIDTH = "\u200b"
# Marks that belong to one of these scripts, or to none, are often left out in writing; those of
# Indic scripts are vowels.
MARKS_OPTIONAL = frozenset({"Latn", "Grek", "Cyrl", "Hebr", "Arab", "Zinh"})
COMPOSABLE = regex.compile(r"\P{M}\p{M}+|[\u1100-\u1112][\u1161-\u1175][\u11A8-\u11C2]?")
# Where styled letters begin in Mathematical Alphanumeric Symbols (sans-serif bold), and how many.
STYLES = {"A": (0x1D5D4, 26), "a": (0x1D5EE, 26), "0": (0x1D7EC, 10)}
FULL_WIDTH = 0xFF01 - ord("!")
Instead = tuple[str, ...]  # what is written for one letter, or for each of several


# Places


def words(text: Written) -> Ints:
    """Find what words are made of."""
    return np.flatnonzero(text.worded)


def letters(text: Written) -> Ints:
    """Find letters."""
    return np.flatnonzero(text.of("L"))


def followed(text: Written) -> Ints:
    """Find letters of a word that are followed by another one."""
    return np.flatnonzero(text.worded[:-1] & text.worded[1:])


def swappable(text: Written) -> Ints:
    """Find letters of a word that are followed by a different one."""
    places = followed(text)
    return places[[text.letters[i] != text.letters[i + 1] for i in places.tolist()]]


def gaps(text: Written) -> Ints:
    """Find spaces and punctuation."""
    spaces = (letter == " " for letter in text.letters)
    return np.flatnonzero(np.fromiter(spaces, np.bool_, len(text.letters)) | text.of("P"))


def first(text: Written) -> Ints:
    """Find the first letter."""
    return np.arange(min(1, len(text.letters)))


def composable(text: Written) -> Ints:
    """Find letters that can be composed with the marks or jamo behind them."""
    found = (
        match.start()
        for match in COMPOSABLE.finditer("".join(text.letters))
        if unicodedataplus.normalize("NFC", match[0]) != match[0]
    )
    return np.fromiter(found, np.int64)


# Changes


def swap(text: Written, place: int, draw: int) -> Instead:
    """Write two letters in the other order."""
    return text.letters[place + 1], text.letters[place]


def delete(text: Written, place: int, draw: int) -> Instead:
    """Write nothing."""
    return ("",)


def insert(text: Written, place: int, draw: int) -> Instead:
    """Write a letter of the text's own behind this one, of the same script."""
    pool = text.pools[text.scripts[place]]
    return (text.letters[place] + pool[draw % len(pool)],)


def zero_width(text: Written, place: int, draw: int) -> Instead:
    """Write a zero-width space behind the letter."""
    return (text.letters[place] + ZERO_WIDTH,)


def emoji(text: Written, place: int, draw: int) -> Instead:
    """Write an emoji between two words, or behind a sign."""
    sign, letter = EMOJI[draw % len(EMOJI)], text.letters[place]
    return (f" {sign} " if letter == " " else letter + sign,)


def lead(text: Written, place: int, draw: int) -> Instead:
    """Write a space before the letter."""
    return (" " + text.letters[place],)


def compose(text: Written, place: int, draw: int) -> Instead:
    """Write a letter and its marks as one."""
    match = COMPOSABLE.match("".join(text.letters), place)
    size = len(match[0]) if match else 1
    whole = unicodedataplus.normalize("NFC", "".join(text.letters[place : place + size]))
    return (whole, *[""] * (size - 1))


# Letters


def doubled(letter: str) -> str:
    """Double a space."""
    return "  " if letter == " " else letter


def flipped(letter: str) -> str:
    """Give the other case of a letter."""
    other = letter.swapcase()
    return other if len(other) == 1 else letter


def wide(letter: str) -> str:
    """Give the full-width form of ASCII."""
    return chr(ord(letter) + FULL_WIDTH) if "!" <= letter <= "~" else letter


def styled(letter: str) -> str:
    """Give the mathematical form of an ASCII letter or digit."""
    for begin, (like, size) in STYLES.items():
        if 0 <= ord(letter) - ord(begin) < size:
            return chr(like + ord(letter) - ord(begin))
    return letter


def bare(letter: str) -> str:
    """Take the marks off a letter of a script that can do without."""
    signs = unicodedataplus.normalize("NFD", letter)
    kept = "".join(sign for sign in signs if unicodedataplus.category(sign) != "Mn")
    optional = MARKS_OPTIONAL.intersection(unicodedataplus.script_extensions(signs[0]))
    return kept if optional else letter


def apart(letter: str) -> str:
    """Take a letter and its marks apart."""
    return str(unicodedataplus.normalize("NFD", letter))
