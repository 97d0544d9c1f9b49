"""Morphs: are the borders inside words, as a user brings them, borders of tokens?

Words are encoded as they stand in running text: behind a space, alone in scripts without spaces.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar, NamedTuple, Self

import numpy as np

from tokaudit.bag import GROUPS
from tokaudit.batch import Batch, Ints, by_row
from tokaudit.columns import SURE, count, figure, label, sure, table
from tokaudit.drawing import drawn
from tokaudit.findings import Finding
from tokaudit.reading import Reading
from tokaudit.reads import read
from tokaudit.splits.crossings import crossing, unknown
from tokaudit.splits.part import Looked, Part, Row
from tokaudit.splits.scope import Scope
from tokaudit.splits.segments import Segmented
from tokaudit.splits.sums import Cells
from tokaudit.tokenizer import Tokenizer
from tokaudit.words import UNSPACED

COUNTED = ("words", "borders", "kept", "cut_words", "cut_borders", "inner")
SHARES = {
    "kept_share": ("kept", "borders"),
    "kept_where_cut": ("kept", "cut_borders"),
    "precision": ("kept", "inner"),
}
EXAMPLES = 8


class Found(NamedTuple):
    """What became of the words of a language: sums by group of words, and words cut elsewhere."""

    cells: Cells
    refused: int
    left_out: int
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Morphs(Part):
    """What was found out about each language of the file."""

    languages: Mapping[str, Found]

    FIGURES: ClassVar = ()
    TABLES: ClassVar = {}
    OPTIONAL: ClassVar = {
        "morphs": table(
            [
                label("language", "the language that the file of segments names"),
                count("words", "words that were read, without unknown tokens"),
                count("refused", "words that could not be read", "lower"),
                count("left_out", "rows of the file whose segments, joined, are not the word"),
                count("borders", "borders between segments"),
                figure("kept_share", "share of them that are borders of tokens", "higher"),
                sure("kept_share"),
                count("cut_words", "words of two tokens or more"),
                figure("kept_where_cut", "share of borders in these words that are kept", "higher"),
                sure("kept_where_cut"),
                count("inner", "borders of tokens inside words"),
                figure("precision", "share of these that are borders between segments", "higher"),
                sure("precision"),
                label("examples", "words that lose a border, as they are cut"),
            ]
        ),
    }

    @classmethod
    def look(cls, tokenizer: Tokenizer, scope: Scope) -> Self:
        """Read the words of each language."""
        if scope.segments is None:
            return cls({})
        by_language = groupby(scope.segments.words, key=lambda word: word.lang)
        left_out = scope.segments.left_out
        return cls(
            {
                lang: _found(tokenizer, list(words), left_out.get(lang, 0))
                for lang, words in by_language
            }
        )

    def figures(self) -> Row:
        """Give none: languages are not added up."""
        return {}

    def tables(self) -> Mapping[str, Iterable[Row]]:
        """Give a row for each language."""
        return {"morphs": list(self._rows())}

    def _rows(self) -> Iterator[Row]:
        for lang, found in self.languages.items():
            yield {
                "language": lang,
                "refused": found.refused,
                "left_out": found.left_out,
                **{n: found.cells.total(n) for n in ("words", "borders", "cut_words", "inner")},
                **{name: found.cells.share(*of) for name, of in SHARES.items()},
                **{f"{name}{SURE}": found.cells.sure(*of) for name, of in SHARES.items()},
                "examples": ", ".join(found.examples),
            }

    def looked(self) -> Iterator[Looked]:
        """Say how many words were read."""
        for lang, found in self.languages.items():
            words = found.cells.total("words")
            yield Looked(f"words with segments, {lang}", words + found.refused, words)

    def findings(self) -> Iterable[Finding]:
        """Give none: how much a border is worth, the user knows."""
        return ()


def _found(tokenizer: Tokenizer, words: Sequence[Segmented], left_out: int) -> Found:
    """Read the words of one language."""
    bare = [bool(UNSPACED.search(word.word)) for word in words]
    texts = [
        word.word if alone else f" {word.word}" for word, alone in zip(words, bare, strict=True)
    ]
    reading = read(tokenizer, Batch.of(words[0].lang, texts))
    read_ones = np.delete(np.arange(len(words)), reading.refused)
    known = np.flatnonzero(~unknown(reading))
    kept = [words[at] for at in read_ones[known].tolist()]
    begins = reading.batch.offsets[known] + ~np.array(bare, np.bool_)[read_ones[known]]
    counts, lost = _counted(reading, known, begins, kept)
    group = np.array([_group(word.word) for word in kept], np.int64)
    sums = {name: np.zeros(GROUPS, np.int64) for name in COUNTED}
    for name, values in counts.items():
        np.add.at(sums[name], group, values)
    cuts = list(drawn(reading)) if known.size else []
    examples = tuple(cuts[at].strip() for at in known[lost][:EXAMPLES].tolist())
    return Found(Cells(sums), len(words) - len(kept), left_out, examples)


def _counted(
    reading: Reading, rows: Ints, begins: Ints, words: Sequence[Segmented]
) -> tuple[dict[str, Ints], Ints]:
    """Count what is `COUNTED` of words, which stand in these rows from these bytes on.

    The second array lists the words that lose a border.
    """
    sizes = np.array([len(word.borders) for word in words], np.int64)
    of = np.repeat(np.arange(len(words)), sizes)
    borders = np.array([place for word in words for place in word.borders], np.int64)
    free = crossing(reading, begins[of] + borders) < 0
    (kept,) = by_row(of, len(words), free)
    starts = np.unique(reading.spans.starts)
    ends = reading.batch.offsets[rows + 1]
    inner = np.searchsorted(starts, ends, "left") - np.searchsorted(starts, begins, "right")
    cut = inner > 0
    counts = {
        "words": np.ones_like(sizes),
        "borders": sizes,
        "kept": kept,
        "cut_words": cut.astype(np.int64),
        "cut_borders": np.where(cut, sizes, 0),
        "inner": inner,
    }
    return counts, np.flatnonzero((kept < sizes) & cut)


def _group(word: str) -> int:
    """Give the group a word falls into, for intervals."""
    return hashlib.blake2b(word.encode(), digest_size=1).digest()[0] % GROUPS
