"""Qtok: the twelve classes of arXiv 2410.12989, by the Unicode names of a token's characters.

A character is of a script if the first word of its name is in a list, so `DIGIT ONE` is of none.
Where Qtok guesses from the file whether a vocabulary is byte-level, here its configuration says.
"""

from collections.abc import Callable, Iterator

import unicodedataplus

from tokaudit.spelling import BYTE_LETTERS
from tokaudit.tokenizer import Tokenizer
from tokaudit.vocabulary import Vocabulary

CLASSES = (
    "control_tokens", "pure_unicode", "char_alpha", "spaced_alpha", "inner_alpha", "char_other",
    "spaced_other", "inner_other", "unicode_flanks", "char_errors", "spaced_errors", "inner_errors",
)  # fmt: skip
FLANK = "<0y"
# Names of elements (HTML standard) which the definition takes for no control tokens in brackets.
HTML = (
    "b", "br", "em", "h1", "h2", "h3", "h4", "h5", "h6", "img", "li", "p", "td", "th", "tr",
    "u",
)  # fmt: skip
# With which words the names of characters begin (Unicode, UnicodeData.txt) that the definition
# counts as letters.
SCRIPTS = (
    "ADLAM", "ARABIC", "ARABIC-INDIC", "ARMENIAN", "BALINESE", "BAMUM", "BATAK", "BENGALI",
    "BLACK-LETTER", "BOPOMOFO", "BRAILLE", "BUGINESE", "CANADIAN", "CHAKMA", "CHAM",
    "CHEROKEE", "CJK", "COPTIC", "CYRILLIC", "DESERET", "DEVANAGARI", "DINGBAT", "EGYPTIAN",
    "ETHIOPIC", "GEORGIAN", "GLAGOLITIC", "GOTHIC", "GREEK", "GUJARATI", "GURMUKHI",
    "HALFWIDTH", "HANGUL", "HEBREW", "HIRAGANA", "INSCRIPTIONAL", "JAVANESE", "KAITHI",
    "KANGXI", "KANNADA", "KATAKANA", "KHMER", "LAO", "LATIN", "LEPCHA", "LIMBU", "LISU",
    "MALAYALAM", "MANDAIC", "MEETEI", "MODI", "MONGOLIAN", "MYANMAR", "NKO", "OGHAM", "OL",
    "OLD", "ORIYA", "PHAGS-PA", "PHOENICIAN", "RUNIC", "SAMARITAN", "SHAVIAN", "SINHALA",
    "SUNDANESE", "SYRIAC", "TAGALOG", "TAGBANWA", "TAI", "TAMIL", "TELUGU", "THAANA", "THAI",
    "TIBETAN", "TIFINAGH", "YI",
)  # fmt: skip


def classify(tokenizer: Tokenizer) -> list[str]:
    """Name the class of every id."""
    return [_class(text) for text in texts(tokenizer)]


def texts(tokenizer: Tokenizer) -> Iterator[str]:
    """Write every entry as Qtok reads it: `<0y...>` for parts of characters, bytes as letters."""
    vocabulary = tokenizer.vocabulary
    spell = _byte_level if tokenizer.algorithm.startswith("byte-level") else _by_characters
    letters = {bytes([byte]): letter for letter, byte in BYTE_LETTERS.items()}
    write: Callable[[bytes], str] = spell(vocabulary)
    marks = zip(
        vocabulary.special.tolist(),
        vocabulary.fallback.tolist(),
        vocabulary.continuing.tolist(),
        strict=True,
    )
    for data, (special, fallback, continuing) in zip(
        vocabulary.texts.to_pylist(), marks, strict=True
    ):
        if fallback:
            yield letters[data]
        else:
            yield data.decode() if special else "##" * continuing + write(data)


def _byte_level(vocabulary: Vocabulary) -> Callable[[bytes], str]:
    def write(data: bytes) -> str:
        try:
            return data.decode()
        except UnicodeDecodeError:
            return f"{FLANK}{data.hex()}>"

    return write


def _by_characters(vocabulary: Vocabulary) -> Callable[[bytes], str]:
    """Write `▁` as it is but at the beginning, and a letter of the byte alphabet by its byte."""

    def write(data: bytes) -> str:
        text = data.decode("utf-8", "surrogateescape").replace(" ", "▁")
        if text in BYTE_LETTERS:
            return hex(BYTE_LETTERS[text]).upper()
        return " " + text[1:] if text.startswith("▁") and len(text) > 1 else text

    return write


def _class(text: str) -> str:
    if len(text) == 1:
        return "pure_unicode" if text in BYTE_LETTERS else f"char_{_kind(text)}"
    if text.startswith(" "):
        return f"spaced_{_kind(text[1:])}"
    if _is_control(text):
        return "control_tokens"
    return "unicode_flanks" if text.startswith(FLANK) else f"inner_{_kind(text)}"


def _is_control(text: str) -> bool:
    angled = text[:1] == "<" and text[-1:] == ">" and FLANK not in text
    squared = text[:1] == "[" and text[-1:] == "]"
    return (angled or squared) and text[1:-1].lower().replace("/", "") not in HTML


def _kind(text: str) -> str:
    """Say whether all names begin with the same script's word; `errors` if one has no name."""
    names = {unicodedataplus.name(letter, "").partition(" ")[0] for letter in text}
    if "" in names:
        return "errors"
    return "alpha" if len(names) == 1 and names.issubset(SCRIPTS) else "other"
