"""Lexicons: the entries of a vocabulary that are words of one script, the most frequent first.

A vocabulary says not which of its entries are words. Where text has no spaces, entries count that
the word segmenter takes for one word. Elsewhere those count that begin a word, have four letters
and, where the vocabulary knows capitals, are there in lower case and capitalised as well: pieces of
words seldom are. Entries are in the order of their ids, which stands for their frequency.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import regex

from tokaudit import words
from tokaudit.batch import Mask
from tokaudit.characters import script_of
from tokaudit.vocabulary import Ints, Vocabulary

LONGEST = 24  # letters: longer entries are runs and names
SHORTEST_SPACED, SHORTEST_UNSPACED = 4, 2  # letters
SHORTEST = {"Hangul": 2}  # a letter is a syllable
JAPANESE = "Japanese"
# Scripts written without spaces, and what a word of them looks like. Japanese words have a kana;
# those without one are told as Han. No word begins with a mark or a sign that needs a letter.
SMALL = "ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮーんン"
KANA = r"\p{Hiragana}\p{Katakana}"
UNSPACED = {
    "Han": regex.compile(r"(?:(?=\p{L})[\p{Han}々])+"),
    JAPANESE: regex.compile(rf"(?=.*[{KANA}])(?![{SMALL}])[\p{{Han}}々{KANA}ー]+"),
    "Thai": regex.compile(r"(?![\p{M}ะาำๅ])(?:(?=[\p{L}\p{M}])\p{Thai}){3,}"),
    "Lao": regex.compile(r"(?![\p{M}ະາຳ])(?:(?=[\p{L}\p{M}])\p{Lao}){3,}"),
    **{
        name: regex.compile(rf"(?!\p{{M}})(?:(?=[\p{{L}}\p{{M}}])\p{{{name}}}){{3,}}")
        for name in ("Khmer", "Myanmar", "Tibetan")
    },
}
NOT_SPACED = (*UNSPACED, "Hiragana", "Katakana", "Common")
WORD = regex.compile(r"\p{L}[\p{L}\p{M}]*")


class Lexicon(NamedTuple):
    """The words of one script, each once; `ids[i]` is the id of the first entry that is word i."""

    script: str
    spaced: bool
    words: tuple[str, ...]
    ids: Ints


class Entry(NamedTuple):
    """An entry that is text: its id, its text without a space before it, and if it begins words."""

    id: int
    text: str
    initial: bool


@lru_cache(maxsize=8)
def lexicons(vocabulary: Vocabulary) -> tuple[Lexicon, ...]:
    """Give the lexicon of every script that has words, by the script's name."""
    unspaced: dict[str, dict[str, int]] = defaultdict(dict)
    initial: dict[str, dict[str, int]] = defaultdict(dict)
    for entry in entries(vocabulary):
        if not 2 <= len(entry.text) <= LONGEST:
            continue
        if script := next((n for n, p in UNSPACED.items() if p.fullmatch(entry.text)), None):
            unspaced[script].setdefault(entry.text, entry.id)
        elif entry.initial and (script := _script(entry.text)):
            initial[script].setdefault(entry.text, entry.id)
    found = [_lexicon(name, False, _segmented(found)) for name, found in unspaced.items()]
    found += [_lexicon(name, True, _cased(name, found)) for name, found in initial.items()]
    return tuple(sorted((each for each in found if each.words), key=lambda each: each.script))


def entries(vocabulary: Vocabulary) -> Iterator[Entry]:
    """List the entries that are whole characters and no control tokens, ids ascending."""
    kept = ~(vocabulary.special | vocabulary.fallback | vocabulary.partial)
    kept &= vocabulary.ids != (-1 if vocabulary.unknown is None else vocabulary.unknown)
    places = np.flatnonzero(kept)
    marked = bool(vocabulary.continuing.any())
    texts = vocabulary.texts.take(places).to_pylist()
    rows = zip(vocabulary.ids[places].tolist(), texts, vocabulary.continuing[places], strict=True)
    for number, data, continuing in rows:
        text = data.decode()
        bare = text.removeprefix(" ")
        yield Entry(number, bare, not continuing if marked else bare != text)


def _lexicon(script: str, spaced: bool, found: dict[str, int]) -> Lexicon:
    return Lexicon(script, spaced, tuple(found), np.array(list(found.values()), np.int64))


def _segmented(found: dict[str, int]) -> dict[str, int]:
    """Keep what the word segmenter takes for one word of two letters or more."""
    texts = list(found)
    one = whole_words(texts)
    long = (len(text) >= SHORTEST_UNSPACED for text in texts)
    return {
        text: found[text] for text, a, b in zip(texts, one.tolist(), long, strict=True) if a and b
    }


def whole_words(texts: Iterable[str]) -> Mask:
    """Say of each text whether it is one word; of all, where the segmenter cannot tell."""
    listed = list(texts)
    begins, joined = _joined(listed)
    segmenter = words.default()
    if segmenter.refuses is not None:
        return np.ones(len(listed), np.bool_)
    starts, ends = segmenter.cut(joined)
    known = {*zip(starts.tolist(), ends.tolist(), strict=True)}
    sizes = map(len, listed)
    return np.array([(b, b + n) in known for b, n in zip(begins, sizes, strict=True)], np.bool_)


def cut_at(texts: Iterable[str], places: Iterable[int]) -> Mask | None:
    """Say of each text whether the word segmenter cuts it there; None if it cannot tell."""
    listed = list(texts)
    begins, joined = _joined(listed)
    segmenter = words.default()
    if segmenter.refuses is not None:
        return None
    starts = set(segmenter.cut(joined)[0].tolist())
    return np.array([b + at in starts for b, at in zip(begins, places, strict=True)], np.bool_)


def _joined(texts: list[str]) -> tuple[list[int], str]:
    """Join texts so that every segmenter cuts between them; give where each begins."""
    sizes = np.array([len(text) + 1 for text in texts], np.int64)
    return (np.cumsum(sizes) - sizes).tolist(), words.SEPARATOR.join(texts)


def _script(text: str) -> str | None:
    """Name the one script that all letters of a word are of, if it is written with spaces."""
    if not WORD.fullmatch(text):
        return None
    named = {script_of(letter) for letter in text} - {"Inherited"}
    script = named.pop() if len(named) == 1 else "Common"
    return None if script in NOT_SPACED else script


def _cased(script: str, found: dict[str, int]) -> dict[str, int]:
    """Keep long words, with and without a capital where the vocabulary has capitals."""
    shortest = SHORTEST.get(script, SHORTEST_SPACED)
    kept = {text: number for text, number in found.items() if len(text) >= shortest}
    if not any(text[0].isupper() for text in kept):
        return kept
    return {t: n for t, n in kept.items() if t.islower() and t.capitalize() in kept}
