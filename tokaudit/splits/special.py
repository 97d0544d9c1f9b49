"""The special-token matrix: which texts become tokens with a role, here and in the library."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from tokaudit.columns import count, label, table
from tokaudit.findings import Finding
from tokaudit.splits.controls import (
    ADDED,
    CONTROL,
    ID,
    OBVIOUS,
    PLACEMENTS,
    REFUSED,
    Fate,
    Reading,
    readings,
    tokens,
)
from tokaudit.splits.library import opened
from tokaudit.splits.part import Looked, Part, Row
from tokaudit.splits.scope import Scope
from tokaudit.text import Absent, quoted
from tokaudit.tokenizer import Tokenizer

HERE = "tokaudit"
MOST, EXAMPLES = 5_000, 4
KIND = label("kind", "control: for the model alone; added: matched in text; unknown: stands in")
READ_BY = label("read_by", "tokaudit (no text is special), or the library with nothing said")
WRITTEN = {
    "alone": "its text and nothing else",
    "in_word": "letters on both sides",
    "spaced": "a word and a space on both sides",
    "after_line_end": "behind a line end",
    "other_case": "upper and lower case swapped",
    "space_inside": "a space behind its first character",
    "zero_width_inside": "U+200B behind its first character",
    "full_width": "in full-width forms (U+FF01 to U+FF5E)",
}
FATES = [
    label(name, f"{WRITTEN[name]}: id (the token itself), text, or refused (the library raises)")
    for name in PLACEMENTS
]


@dataclass(frozen=True)
class Special(Part):
    """Every reading of every token looked at; `library` is its name, or why it was not asked."""

    readings: tuple[Reading, ...]
    library: str | Absent
    there: int

    FIGURES: ClassVar = [
        count("control_tokens", "control tokens whose text can be written"),
        label("library", "the library that people load this tokenizer with"),
        count("forged_here", "control tokens that some text became here", "lower"),
        count(
            "forged", "control tokens that some text became in the library, nothing said", "lower"
        ),
        count("refused", "control tokens whose text the library refuses, nothing said"),
        count("added_tokens", "added tokens that are no control tokens"),
        count("added_from_text", "those that some text became here"),
        count("disguised", "control tokens that a disguise became in the library", "lower"),
    ]
    TABLES: ClassVar = {
        "special": table(
            [
                KIND,
                READ_BY,
                count("tokens", "tokens that are treated so"),
                *FATES,
                label("examples", "the first of them"),
            ],
            empty="No token has a role of its own.",
        ),
    }
    OPTIONAL: ClassVar = {
        "special_tokens": table(
            [count("id", "the id"), label("token", "its text"), KIND, READ_BY, *FATES]
        ),
    }

    @classmethod
    def look(cls, tokenizer: Tokenizer, scope: Scope) -> Self:
        """Read every token's text, or so many of them drawn at random."""
        found = tokens(tokenizer)
        chosen = found
        if len(found) > MOST:
            drawn = np.random.default_rng(scope.seed).choice(len(found), MOST, replace=False)
            chosen = [found[place] for place in sorted(drawn.tolist())]
        library = opened(tokenizer)
        name = tokenizer.library.name if tokenizer.library else ""
        asked = library if isinstance(library, Absent) else name
        return cls(tuple(readings(tokenizer, chosen)), asked, len(found))

    def figures(self) -> Row:
        """Count the tokens of each kind that text can become."""
        control, added = self._of(CONTROL), self._of(ADDED)
        unasked = self.library if isinstance(self.library, Absent) else None
        return {
            "control_tokens": len(control),
            "library": self.library,
            "forged_here": sum(ID in each.here for each in control),
            "forged": unasked or sum(ID in each.library for each in control),
            "refused": unasked or sum(REFUSED in each.library for each in control),
            "added_tokens": len(added),
            "added_from_text": sum(ID in each.here for each in added),
            "disguised": unasked or sum(map(_disguised, control)),
        }

    def tables(self) -> Mapping[str, Iterable[Row]]:
        """Give tokens that are treated alike in one row, then each by itself."""
        return {"special": self._alike(), "special_tokens": self._each()}

    def _alike(self) -> Iterator[Row]:
        groups: dict[tuple[str, str, tuple[Fate, ...]], list[str]] = defaultdict(list)
        for reading, by, fates in self._rows():
            groups[reading.token.kind, by, fates].append(reading.token.text)
        for (kind, by, fates), texts in sorted(groups.items(), key=lambda each: each[0][:2]):
            yield {
                "kind": kind,
                "read_by": by,
                "tokens": len(texts),
                **_named(fates),
                "examples": ", ".join(quoted(text.encode()) for text in texts[:EXAMPLES]),
            }

    def _each(self) -> Iterator[Row]:
        for reading, by, fates in self._rows():
            token = reading.token
            named = {"id": token.id, "token": token.text, "kind": token.kind, "read_by": by}
            yield named | _named(fates)

    def _rows(self) -> Iterator[tuple[Reading, str, tuple[Fate, ...]]]:
        for reading in self.readings:
            yield reading, HERE, reading.here
            if not isinstance(self.library, Absent):
                yield reading, self.library, reading.library

    def looked(self) -> Iterable[Looked]:
        """Say how many tokens have a role."""
        yield Looked("tokens with a role", self.there, len(self.readings))

    def findings(self) -> Iterator[Finding]:
        """Name the tokens that text becomes."""
        control, added = self._of(CONTROL), self._of(ADDED)
        forged = [each for each in control if ID in each.library]
        hidden = [each for each in control if _disguised(each)]
        here = [each for each in control if ID in each.here]
        by = f"by {self.library} with nothing said"
        if forged:
            yield Finding("TA501", f"{_some(forged, len(control))} {by}")
        if hidden:
            yield Finding("TA502", f"{_some(hidden, len(control))} {by}: {_how(hidden)}")
        if here:
            yield Finding("TA503", f"{_some(here, len(control))} even by tokaudit")
        if found := [each for each in added if ID in each.here]:
            yield Finding("TA504", _some(found, len(added)))

    def _of(self, kind: str) -> list[Reading]:
        return [each for each in self.readings if each.token.kind == kind]


def _named(fates: Sequence[Fate]) -> dict[str, Fate]:
    return dict(zip(PLACEMENTS, fates, strict=True))


def _disguised(reading: Reading) -> bool:
    """Say whether a text that is not the token's own becomes it in the library."""
    return any(f == ID for name, f in _named(reading.library).items() if name not in OBVIOUS)


def _how(found: Sequence[Reading]) -> str:
    """Name the disguises that worked."""
    hidden = [name for name in PLACEMENTS if name not in OBVIOUS]
    worked = (n for n in hidden if any(_named(each.library)[n] == ID for each in found))
    return ", ".join(name.replace("_", " ") for name in worked)


def _some(found: Sequence[Reading], of: int) -> str:
    texts = ", ".join(quoted(each.token.text.encode()) for each in found[:EXAMPLES])
    return f"{len(found):,} of {of:,}, such as {texts}"
