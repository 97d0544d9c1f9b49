"""Oddities: entries of a vocabulary that a trainer wants to see, by kind.

Every kind is a rule on an entry's own text (or on all texts, for duplicates): no corpus is read.
Control tokens take part in none of them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache

import numpy as np
import regex

from tokaudit.characters import CODE_POINTS, code_points
from tokaudit.vocabulary import Ints, Mask, Vocabulary

Selected = Mapping[str, Ints]
LONGEST = 20

# Characters that make an entry odd, wherever they stand in it.
HOLDING = {
    "control character": regex.compile(r"(?!\p{White_Space})\p{Cc}"),
    "invisible character": regex.compile(r"[\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]"),
    "private-use character": regex.compile(r"\p{Co}"),
    "unassigned character": regex.compile(r"\p{Cn}"),
    "replacement character": regex.compile("\ufffd"),
}
SEVERAL_WORDS = regex.compile(r"[\p{L}\p{N}]\s+[\p{L}\p{N}]")
# What betrays where a text came from: patterns, so a hint and no proof.
SUSPICIOUS = {
    "e-mail address": regex.compile(r"[\w.+-]+@[\w-]+\.\p{L}{2,}|\w@(?:gmail|yahoo|hotmail)\b"),
    "web address": regex.compile(r"(?i)https?:|www\.|://|\w\.(?:com|org|net|io|html?|php)\b"),
    "user name": regex.compile(
        r"(?<!\w)@[A-Za-z]\w*[\d_]\w*|\bu/\w{3,}|(?<![\w\[<])[A-Za-z]{5,}\d{3,}\b"
    ),
    "licence text": regex.compile(
        r"(?i)licen[sc]ed?\s+under|all rights reserved|copyright \(?c|without warrant|merchantab"
        r"|gnu general|apache licen|permission is hereby"
    ),
    "HTML": regex.compile(r"(?i)</?[a-z][a-z0-9]*[\s/]*>|</[a-z]|&(?:nbsp|amp|quot|lt|gt);|href="),
    "base64-like": regex.compile(
        r"(?=\S*\d\S*\d)(?=\S*[A-Z]\S*[A-Z])(?=\S*[a-z]\S*[a-z])[A-Za-z0-9+/]{12,}={0,2}"
        r"|\b(?=\w*\d)(?=\w*[a-f])[0-9a-f]{16,}\b"
    ),
}
SHORTEST = 3  # characters of what any of these patterns finds


@lru_cache(maxsize=16)
def select(vocabulary: Vocabulary) -> Selected:
    """Give the places of the entries of every kind; each kind is there, empty or not."""
    apart = vocabulary.special | (vocabulary.ids == vocabulary.unknown)
    data = vocabulary.texts.to_pylist()
    places = np.flatnonzero(~apart).tolist()
    readable = np.flatnonzero(~apart & ~vocabulary.partial).tolist()
    whole = {place: data[place].decode() for place in readable}
    long = {place: text for place, text in whole.items() if len(text) >= SHORTEST}
    matching = {
        kind: _places(place for place, text in long.items() if pattern.search(text))
        for kind, pattern in {"several words": SEVERAL_WORDS, **SUSPICIOUS}.items()
    }
    longest = sorted(whole, key=lambda place: (-len(whole[place]), place))[:LONGEST]
    return {
        "duplicate": _duplicates(vocabulary, places),
        "space pair": _space_pairs(vocabulary, places),
        "longest": np.array(longest, np.int64),
        "white space only": np.flatnonzero(vocabulary.blank & ~apart),
        **_holding({place: text for place, text in whole.items() if text}),
        **matching,
    }


def _holding(whole: Mapping[int, str]) -> dict[str, Ints]:
    """Find the entries that hold a character of each kind."""
    flat = code_points("".join(whole.values()))
    entry = np.repeat(np.fromiter(whole, np.int64), [len(text) for text in whole.values()])
    return {kind: np.unique(entry[_table(kind)[flat]]) for kind in HOLDING}


@cache
def _table(kind: str) -> Mask:
    """Mark the code points of a kind."""
    every = "".join(map(chr, [*range(0xD800), *range(0xE000, CODE_POINTS)]))
    table = np.zeros(CODE_POINTS, np.bool_)
    table[[ord(letter) for letter in HOLDING[kind].findall(every)]] = True
    return table


def _places(places: Iterable[int]) -> Ints:
    return np.fromiter(places, np.int64)


def _duplicates(vocabulary: Vocabulary, places: Sequence[int]) -> Ints:
    """Find ids with equal bytes; pieces inside words and bytes that stand in are apart."""
    data = vocabulary.texts.to_pylist()
    role = (vocabulary.continuing + 2 * vocabulary.fallback.astype(np.int8)).tolist()
    counts = Counter((data[place], role[place]) for place in places)
    return _places(place for place in places if counts[data[place], role[place]] > 1)


def _space_pairs(vocabulary: Vocabulary, places: Iterable[int]) -> Ints:
    """Find entries `w` for which ` w` is an entry too."""
    data = vocabulary.texts.to_pylist()
    spaced = {text[1:] for text in data if text[:1] == b" " and len(text) > 1}
    bare = (~vocabulary.fallback & ~vocabulary.continuing).tolist()
    return _places(place for place in places if bare[place] and data[place] in spaced)
