"""Segmentations: in how many ways a text can be spelled by a vocabulary, and what becomes of them.

A model is trained on one of them and understands many others (Geh et al. 2025), safety training or
not. They are counted over bytes by dynamic programming; a sample is drawn in which each is equally
likely.
"""

import math
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import ClassVar, NamedTuple, Self

import numpy as np

from tokaudit.batch import NO_LANGUAGE, Batch, Ints
from tokaudit.columns import count, figure, label, shown_cut, table
from tokaudit.engines import contained
from tokaudit.errors import EngineFailed
from tokaudit.findings import Finding
from tokaudit.reads import read
from tokaudit.splits.lattice import Lattice, Spelling, distance, words
from tokaudit.splits.library import opened
from tokaudit.splits.part import Looked, Part, Row
from tokaudit.splits.scope import Scope
from tokaudit.splits.texts import SENTENCES
from tokaudit.text import Absent, in_hex, ratio, show
from tokaudit.tokenizer import Opened, Tokenizer

DRAWN = 50  # segmentations of each text
NOTHING = Absent("no text could be spelled")


class Spelled(NamedTuple):
    """One text: how many segmentations it has (their log10) and what those drawn are like.

    `alike` of the DRAWN are decoded by the library as the usual one; `distance` counts the tokens
    to replace, all drawn ones together.
    """

    name: str
    characters: int
    tokens: int
    log10: float
    alike: int | Absent
    distance: int
    example: str


@dataclass(frozen=True)
class Segmentations(Part):
    """The texts that the vocabulary spells without an unknown token."""

    texts: tuple[Spelled, ...]

    FIGURES: ClassVar = [
        figure("segmentations", "log10 of the number of segmentations / characters, our texts"),
        figure("decoded_alike", "of segmentations drawn: the library decodes them as the usual"),
    ]
    TABLES: ClassVar = {
        "segmentations": table(
            [
                label("text", "language of a sentence of ours, code, or digits"),
                count("characters", "characters of the text"),
                count("tokens", "tokens of the usual segmentation"),
                figure("log10", "log10 of the number of segmentations over the vocabulary"),
                figure("per_character", "the same / characters"),
                count("drawn", "segmentations drawn, each equally likely"),
                figure("decoded_alike", "of these: the library decodes them as the usual one"),
                figure("distance", "tokens to replace in one drawn / tokens of the usual one"),
                shown_cut("example", "one of them"),
            ],
            empty="No text of ours could be spelled.",
            examples=True,
        )
    }

    @classmethod
    def look(cls, tokenizer: Tokenizer, scope: Scope) -> Self:
        """Count and draw segmentations of every sentence."""
        library, texts = opened(tokenizer), dict(_readable(tokenizer))
        cut = {name: words(tokenizer.vocabulary, ids) for name, ids in texts.items()}
        spelling = Spelling.of(tokenizer.vocabulary, chain.from_iterable(cut.values()))
        found: list[Spelled] = []
        for name, ids in texts.items():
            lattices = [Lattice(word, spelling) for word in cut[name]]
            if all(each.counts[-1] for each in lattices):
                drawn = _drawn(lattices, random.Random(f"{scope.seed} {name}"))
                spelled = _like(tokenizer, ids, drawn, library)
                logs = math.fsum(math.log10(each.counts[-1]) for each in lattices)
                found.append(Spelled(name, len(SENTENCES[name]), ids.size, logs, *spelled))
        return cls(tuple(found))

    def figures(self) -> Row:
        """Put all texts together."""
        characters = sum(each.characters for each in self.texts)
        logs = math.fsum(each.log10 for each in self.texts)
        return {
            "segmentations": ratio(logs, characters, NOTHING.reason),
            "decoded_alike": self._alike(),
        }

    def _alike(self) -> float | Absent:
        alike = [each.alike for each in self.texts]
        if reason := next((each for each in alike if isinstance(each, Absent)), None):
            return reason
        known = sum(number for number in alike if isinstance(number, int))
        return ratio(known, DRAWN * len(alike), NOTHING.reason)

    def tables(self) -> Mapping[str, Iterable[Row]]:
        """Give a row for each text."""
        return {"segmentations": map(_row, self.texts)}

    def looked(self) -> Iterable[Looked]:
        """Say how many texts could be spelled."""
        yield Looked("texts whose segmentations are counted", len(SENTENCES), len(self.texts))

    def findings(self) -> Iterable[Finding]:
        """Every vocabulary has many segmentations: that alone deserves no finding."""
        return ()


def _row(found: Spelled) -> Row:
    alike = found.alike
    return {
        "text": found.name,
        "characters": found.characters,
        "tokens": found.tokens,
        "log10": found.log10,
        "per_character": found.log10 / found.characters,
        "drawn": DRAWN,
        "decoded_alike": alike if isinstance(alike, Absent) else alike / DRAWN,
        "distance": found.distance / (DRAWN * found.tokens),
        "example": found.example,
    }


def _readable(tokenizer: Tokenizer) -> Iterator[tuple[str, Ints]]:
    """Give the ids of each text that is not refused and holds nothing unknown."""
    for name, text in SENTENCES.items():
        ids = read(tokenizer, Batch.of(NO_LANGUAGE, [text])).ids
        if ids.size and not (ids == tokenizer.vocabulary.unknown).any():
            yield name, ids


def _drawn(lattices: Sequence[Lattice], chance: random.Random) -> list[list[int]]:
    return [list(chain.from_iterable(e.draw(chance) for e in lattices)) for _ in range(DRAWN)]


def _like(
    tokenizer: Tokenizer, ids: Ints, drawn: Sequence[Sequence[int]], library: Opened | Absent
) -> tuple[int | Absent, int, str]:
    """Compare segmentations drawn with the usual one; write one of them."""
    usual = _ends(tokenizer, ids)
    others = (_ends(tokenizer, np.array(each, np.int64)) for each in drawn)
    alike = library if isinstance(library, Absent) else _alike(library, ids.tolist(), drawn)
    return alike, sum(distance(usual, each) for each in others), _pieces(tokenizer, drawn[0])


def _ends(tokenizer: Tokenizer, ids: Ints) -> Ints:
    return np.cumsum(tokenizer.vocabulary.lengths[tokenizer.vocabulary.places(ids)])


def _alike(library: Opened, usual: Sequence[int], drawn: Sequence[Sequence[int]]) -> int | Absent:
    """Count the segmentations that decode as the usual one does."""
    try:
        with contained("the library"):
            text = library.decode(list(usual))
            return sum(library.decode(list(each)) == text for each in drawn)
    except EngineFailed as error:
        return Absent(f"it could not be decoded: {error}")


def _pieces(tokenizer: Tokenizer, ids: Sequence[int]) -> str:
    """Write the first pieces of a segmentation, a bar between them."""
    first = tokenizer.vocabulary.decode(np.array(ids[:16], np.int64)).to_pylist()
    shown = (show(piece).replace("|", in_hex(b"|")) for piece in first)
    return "|".join(shown) + ("…" if len(ids) > 16 else "")
