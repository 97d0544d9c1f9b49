"""Ends: where a prompt may stop, in running text, in addresses and in code."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import regex

from tokaudit.batch import Batch, Ints
from tokaudit.noise.chance import chosen, draws
from tokaudit.noise.documents import drawn_keys

DOCUMENTS = 200  # of a language, about: as many drawn documents are cut
CHARACTERS = 500  # of each, from its beginning: cuts lie here
CUTS = {"character": 8}  # of a document, at most, drawn from all there are
FEW = 4  # of the other kinds
ADDRESS = regex.compile(r"(?:\w+://|www\.)[^\s<>\"']+|[\w.+-]+@[\w-]+\.[\w.]+")
# An identifier is known by how it is written: camelCase, snake_case, with digits inside.
IDENTIFIER = regex.compile(
    r"\b(?=\w*(?:\p{Ll}\p{Lu}|\w_\w|\p{L}\d+\p{L}))[\p{L}_][\p{L}\p{N}_]*", regex.ASCII
)
Find = Callable[[str, Ints], Ints]


class Ends(NamedTuple):
    """Cut i is before byte `place[i]` of a batch's data, in row `row[i]`; its kind is a number."""

    row: Ints
    place: Ints
    kind: Ints


def _anywhere(text: str, words: Ints) -> Ints:
    return np.arange(1, len(text))


def _word_ends(text: str, words: Ints) -> Ints:
    return words[(words > 0) & (words < len(text))]


def _behind_spaces(text: str, words: Ints) -> Ints:
    """Find the places behind a space that follows a word and stands alone."""
    ends = words[words < len(text) - 1].tolist()
    return np.array([i + 1 for i in ends if text[i] == " " != text[i + 1]], np.int64)


def _inside(pattern: "regex.Pattern[str]") -> Find:
    def find(text: str, words: Ints) -> Ints:
        inside = (np.arange(m.start() + 1, m.end()) for m in pattern.finditer(text))
        return np.concatenate([np.zeros(0, np.int64), *inside])

    return find


def _line_ends(text: str, words: Ints) -> Ints:
    found = [m.end() for m in regex.finditer(r"(?<=\S)\n", text)]
    return np.array([place for place in found if place < len(text)], np.int64)


def _indents(text: str, words: Ints) -> Ints:
    found = [m.end() for m in regex.finditer(r"\n[ \t]+(?=\S)", text)]
    return np.array(found, np.int64)


# Where to cut, given a text and where its words end, in characters.
KINDS: Mapping[str, Find] = {
    "character": _anywhere,
    "word end": _word_ends,
    "space": _behind_spaces,
    "identifier": _inside(IDENTIFIER),
    "address": _inside(ADDRESS),
    "line end": _line_ends,
    "indent": _indents,
}
SAID = {
    "character": "at any character",
    "word end": "at the end of a word",
    "space": "behind the space that follows a word",
    "identifier": "inside an identifier (camelCase, snake_case)",
    "address": "inside a web or e-mail address",
    "line end": "behind a line end",
    "indent": "behind the indentation of a line",
}


def ends(batch: Batch) -> Ends:
    """Choose where documents that were drawn are cut, once for all tokenizers."""
    return batch.once(_ends)


def _ends(batch: Batch) -> Ends:
    keys = drawn_keys(batch)
    rows = np.flatnonzero(chosen(keys, "prompts", DOCUMENTS / max(batch.drawn, 1)))
    texts = batch.texts.to_pylist()
    found = [
        (row, kind, place)
        for row in rows.tolist()
        for kind, name in enumerate(KINDS)
        for place in _some(texts[row], word_ends(batch, row), name, int(keys[row])).tolist()
    ]
    return placed(batch, found)


def placed(batch: Batch, found: list[tuple[int, int, int]]) -> Ends:
    """Turn cuts (row, kind, characters before it) into places in a batch's data."""
    row, kind, char = np.array(found, np.int64).reshape(-1, 3).T
    leads = np.flatnonzero((batch.data & 0xC0) != 0x80)
    first = np.searchsorted(leads, batch.offsets[row])
    return Ends(row, leads[first + char], kind)


def _some(text: str, words: Ints, kind: str, key: int) -> Ints:
    """Draw cuts of a kind, those whose number comes first; ascending."""
    places = KINDS[kind](text, words)
    places = places[places < CHARACTERS]
    drawn = draws(key, f"prompts {kind}", int(places.max(initial=0)) + 1)[places]
    return np.sort(places[np.argsort(drawn, kind="stable")[: CUTS.get(kind, FEW)]])


def word_ends(batch: Batch, row: int) -> Ints:
    """Give the characters before each end of a word of a row."""
    starts, stops = batch.words
    begin, end = batch.offsets[row : row + 2]
    first, last = np.searchsorted(starts, [begin, end])
    lead = (batch.data[begin:end] & 0xC0) != 0x80
    return np.asarray(np.append(0, np.cumsum(lead))[stops[first:last] - begin])
