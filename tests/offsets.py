"""Words and their tokens computed slowly, from the offsets of the reference library alone."""

import unicodedata
from collections.abc import Iterator, Sequence

import icu
import tokenizers

DUMMY = "▁"  # a space put before a word: the library places it on the word's first letter


def slow_words(text: str) -> Iterator[tuple[int, int]]:
    """Cut one text with ICU, and keep what holds a letter or a number, without blanks at its ends.

    A narrow no-break space may belong to a word: it joins the groups of a number.
    """
    units = [n for n, letter in enumerate(text) for _ in range(1 + (letter > "\uffff"))]
    units.append(len(text))  # ICU counts units of UTF-16
    iterator = icu.BreakIterator.createWordInstance(icu.Locale.getRoot())
    iterator.setText(text)
    start = 0
    for end in (units[border] for border in iterator):
        if any(unicodedata.category(letter)[0] in "LN" for letter in text[start:end]):
            yield stripped(text, start, end) or (start, end)
        start = end


def slowly(backend: tokenizers.Tokenizer, texts: Sequence[str]) -> dict[str, int]:
    """Compare each word with the tokens of its row, as the library places them in characters."""
    totals = dict.fromkeys(("words", "tokens", "word_tokens", "continued", "whole"), 0)
    for text in texts:
        encoding = backend.encode(text, add_special_tokens=False)
        pairs = zip(encoding.tokens, encoding.offsets, strict=True)
        placed = (stripped(text, *offsets) for token, offsets in pairs if token != DUMMY)
        inked = [span for span in placed if span]
        totals["tokens"] += len(encoding.ids)
        for start, end in slow_words(text):
            mine = [span for span in inked if span[0] < end and span[1] > start]
            totals["words"] += 1
            totals["word_tokens"] += len(mine)
            totals["continued"] += len(mine) >= 2
            totals["whole"] += mine == [(start, end)]
    return totals


def stripped(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Take the blanks off a span; nothing is left of a span of blanks."""
    inner = [n for n in range(start, end) if not text[n].isspace()]
    return (inner[0], inner[-1] + 1) if inner else None
