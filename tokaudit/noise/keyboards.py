"""Keyboards: which letters lie beside a letter, on one common layout of each script.

Layouts are written as rows of keys from left to right, each row half a key further right than the
one above it; a blank is a key without a letter of its own. Latin letters are those of QWERTY.
"""

from collections.abc import Mapping
from functools import cache
from itertools import product

import unicodedataplus

LAYOUTS: Mapping[str, tuple[str, ...]] = {
    "Latin": ("qwertyuiop", "asdfghjkl", "zxcvbnm"),
    "Cyrillic": ("йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю"),
    "Greek": (" ςερτυθιοπ", "ασδφγηξκλ", "ζχψωβνμ"),
    "Hebrew": ("  קראטוןםפ", "שדגכעיחלךף", "זסבהנמצתץ"),
    "Arabic": ("ضصثقفغعهخحجد", "شسيبلاتنمكط", "ئءؤر ىةوزظ"),
    "Georgian": ("ქწერტყუიოპ", "ასდფგჰჯკლ", "ზხცვბნმ"),
    "Thai": (" ภถุึคตจขช", "ๆไำพะัีรนยบล", "ฟหกดเ้่าสวง", "ผปแอิืทมใ"),
    "Hangul": ("ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔ", "ㅁㄴㅇㄹㅎㅗㅓㅏㅣ", "ㅋㅌㅊㅍㅠㅜㅡ"),
    "Devanagari": ("ौैाीूबहगदजड", "ोे्िुपरकतचट", " ंमनवलस य"),
}
# InScript puts the letters of these scripts on the keys of their likes in Devanagari; Unicode has
# them in the same order, one block behind the other.
INSCRIPT = {
    "Bengali": 0x0980,
    "Gurmukhi": 0x0A00,
    "Gujarati": 0x0A80,
    "Oriya": 0x0B00,
    "Tamil": 0x0B80,
    "Telugu": 0x0C00,
    "Kannada": 0x0C80,
    "Malayalam": 0x0D00,
}
DEVANAGARI = 0x0900
AROUND = ((0, -1), (0, 1), (-1, 0), (-1, 1), (1, -1), (1, 0))
# The order of Unicode's Hangul syllables: initials, then vowels; a syllable may end in one of 28.
INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
FIRST_SYLLABLE, LAST_SYLLABLE, ENDINGS = 0xAC00, 0xD7A3, 28


def neighbours(letter: str) -> str:
    """Give what a finger beside the letter's key writes; nothing where no layout has the letter.

    Of a Hangul syllable, the initial or the vowel is missed by one key.
    """
    if FIRST_SYLLABLE <= ord(letter) <= LAST_SYLLABLE:
        return _syllables(ord(letter) - FIRST_SYLLABLE)
    beside = _beside().get(letter)
    if beside is None:  # a capital is typed on the key of its small letter
        small = _beside().get(letter.lower(), "")
        beside = "".join(upper for key in small if len(upper := key.upper()) == 1)
    return beside


def _syllables(place: int) -> str:
    onset, ending = divmod(place, ENDINGS)
    initial, vowel = divmod(onset, len(VOWELS))
    others = [(INITIALS.find(key), vowel) for key in _beside().get(INITIALS[initial], "")]
    others += [(initial, VOWELS.find(key)) for key in _beside().get(VOWELS[vowel], "")]
    return "".join(
        chr(FIRST_SYLLABLE + (first * len(VOWELS) + second) * ENDINGS + ending)
        for first, second in others
        if min(first, second) >= 0
    )


@cache
def _beside() -> dict[str, str]:
    """Give the keys around every key of every layout."""
    found: dict[str, str] = {}
    for rows in layouts().values():
        for (y, row), (dy, dx) in product(enumerate(rows), AROUND):
            other = rows[y + dy] if 0 <= y + dy < len(rows) else ""
            for x, key in enumerate(row):
                beside = other[x + dx] if 0 <= x + dx < len(other) else " "
                found[key] = found.get(key, "") + beside.strip()
    del found[" "]
    return found


@cache
def layouts() -> dict[str, tuple[str, ...]]:
    """Give the layout of every script that has one here."""
    shifted = {
        name: tuple("".join(_shifted(key, block) for key in row) for row in LAYOUTS["Devanagari"])
        for name, block in INSCRIPT.items()
    }
    return {**LAYOUTS, **shifted}


def _shifted(key: str, block: int) -> str:
    """Give the like of a Devanagari letter in another block, a blank where there is none."""
    if key == " ":
        return key
    like = chr(ord(key) - DEVANAGARI + block)
    return like if unicodedataplus.category(like) != "Cn" else " "
