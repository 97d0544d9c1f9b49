"""Oddities: entries of a vocabulary that a trainer wants to see, by kind.

Every kind is a rule on an entry's own text (or on all texts, for duplicates): no corpus is read.
Control tokens take part in none of them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

import numpy as np
import regex

from tokaudit.vocabulary import Ints, Vocabulary

Selected = Mapping[str, Ints]
LONGEST = 20

# What an entry holds, by its text.
HOLDING = {
    "several words": regex.compile(r"[\p{L}\p{N}]\s+[\p{L}\p{N}]"),
    "white space only": regex.compile(r"\A\p{White_Space}+\z"),
    "control character": regex.compile(r"(?!\p{White_Space})\p{Cc}"),
    "invisible character": regex.compile(r"[\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]"),
    "private-use character": regex.compile(r"\p{Co}"),
    "unassigned character": regex.compile(r"\p{Cn}"),
    "replacement character": regex.compile("\ufffd"),
}
# What betrays where a text came from: patterns, so a hint and no proof.
SUSPICIOUS = {
    "e-mail address": regex.compile(r"[\w.+-]+@[\w-]+\.\p{L}{2,}|\w@(?:gmail|yahoo|hotmail)\b"),
    "web address": regex.compile(r"(?i)https?:|www\.|://|\w\.(?:com|org|net|io|html?|php)\b"),
    "user name": regex.compile(r"(?<!\w)@[A-Za-z]\w*[\d_]\w*|\bu/\w{3,}|(?<![\w\[<])[A-Za-z]{5,}\d{3,}\b"),
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
OF_ALL = {
    "duplicate": "its bytes are also another id's, in the same role",
    "space pair": "its text behind a space is also an entry",
    "longest": f"one of the {LONGEST} with the most characters",
}
KINDS = (*OF_ALL, *HOLDING, *SUSPICIOUS)


@lru_cache(maxsize=16)
def select(vocabulary: Vocabulary) -> Selected:
    """Give the places of the entries of every kind; each kind is there, empty or not."""
    apart = vocabulary.special | (vocabulary.ids == vocabulary.unknown)
    data = vocabulary.texts.to_pylist()
    places = np.flatnonzero(~apart).tolist()
    readable = np.flatnonzero(~apart & ~vocabulary.partial).tolist()
    whole = {place: data[place].decode() for place in readable}
    holding = {
        kind: _places(place for place, text in whole.items() if pattern.search(text))
        for kind, pattern in (HOLDING | SUSPICIOUS).items()
    }
    of_all: dict[str, Callable[[Vocabulary, Iterable[int]], Ints]] = {
        "duplicate": _duplicates,
        "space pair": _space_pairs,
    }
    found = {kind: choose(vocabulary, places) for kind, choose in of_all.items()}
    longest = sorted(whole, key=lambda place: (-len(whole[place]), place))[:LONGEST]
    return {**found, "longest": np.array(longest, np.int64), **holding}


def _places(places: Iterable[int]) -> Ints:
    return np.fromiter(places, np.int64)


def _duplicates(vocabulary: Vocabulary, places: Iterable[int]) -> Ints:
    """Find ids with equal bytes; pieces inside words and bytes that stand in are apart."""
    groups: dict[tuple[bytes, bool, bool], list[int]] = defaultdict(list)
    data = vocabulary.texts.to_pylist()
    inner, standing_in = vocabulary.continuing.tolist(), vocabulary.fallback.tolist()
    for place in places:
        groups[data[place], inner[place], standing_in[place]].append(place)
    return np.array([p for group in groups.values() if len(group) > 1 for p in group], np.int64)


def _space_pairs(vocabulary: Vocabulary, places: Iterable[int]) -> Ints:
    """Find entries `w` for which ` w` is an entry too."""
    data = vocabulary.texts.to_pylist()
    spaced = {text[1:] for text in data if text[:1] == b" " and len(text) > 1}
    bare = (~vocabulary.fallback & ~vocabulary.continuing).tolist()
    return _places(place for place in places if bare[place] and data[place] in spaced)
