"""Gold words: those that people have found in a treebank, for rows that are its sentences."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from tokaudit import words
from tokaudit.errors import BadCorpus
from tokaudit.text import line
from tokaudit.words import Positions, Segmenter

SUFFIX = ".conllu"
TEXT = "# text = "


class Form(NamedTuple):
    """A word as it is written, and whether a space follows it."""

    text: str
    spaced: bool


@dataclass(frozen=True)
class Gold:
    """The words of known sentences: starts and ends, in code points."""

    found: dict[str, tuple[list[int], list[int]]]

    def cut(self, text: str) -> tuple[Positions, Positions]:
        """Give the words of rows that are joined by separators; unknown rows have none."""
        starts: list[int] = []
        ends: list[int] = []
        at = 0
        for row in text.split(words.SEPARATOR):
            first, last = self.found.get(row, ([], []))
            starts += [at + place for place in first]
            ends += [at + place for place in last]
            at += len(row) + 1
        return np.array(starts, np.int64), np.array(ends, np.int64)

    def lacks(self, text: str) -> bool:
        """Say whether a row is no sentence of the treebank."""
        return text not in self.found


def segmenter(name: str | None) -> Segmenter:
    """Find a way to cut words: one of `words` by name, or a CoNLL-U file; raises TokauditError.

    None is the best way that is installed.
    """
    if name is None:
        return words.default()
    if not name.endswith(SUFFIX):
        return words.segmenter(name)
    try:
        data = Path(name).read_bytes()
        gold = Gold(dict(_sentences(name, data.decode("utf-8-sig"))))
    except (OSError, ValueError) as error:
        raise BadCorpus(f"cannot read {line(name)} as CoNLL-U: {line(str(error))}") from error
    version = hashlib.sha256(data).hexdigest()[:16]
    return Segmenter(name, version, gold.cut, gold.lacks, whole=True)


def _sentences(name: str, file: str) -> Iterator[tuple[str, tuple[list[int], list[int]]]]:
    """Give each sentence with its words (https://universaldependencies.org/format.html)."""
    for number, block in enumerate(file.replace("\r\n", "\n").split("\n\n"), 1):
        lines = block.strip("\n").split("\n")
        forms = list(_forms(name, number, [each for each in lines if each and each[0] != "#"]))
        said = next((each.removeprefix(TEXT) for each in lines if each.startswith(TEXT)), None)
        text = said or "".join(form.text + " " * form.spaced for form in forms).rstrip(" ")
        if forms and words.SEPARATOR not in text:
            yield text, _places(name, number, text, forms)


def _forms(name: str, number: int, lines: Sequence[str]) -> Iterator[Form]:
    """Give words as written: of a range (`3-4`) the whole, and no empty node (`5.1`)."""
    inside = 0
    for each in lines:
        columns = each.split("\t")
        if len(columns) != 10:
            raise BadCorpus(f"{line(name)}, sentence {number}: {len(columns)} columns, not 10")
        first, _, last = columns[0].partition("-")
        if first.isdecimal() and int(first) > inside:
            inside = int(last) if last.isdecimal() else inside
            yield Form(columns[1], "SpaceAfter=No" not in columns[9].split("|"))


def _places(
    name: str, number: int, text: str, forms: Sequence[Form]
) -> tuple[list[int], list[int]]:
    """Find one word after the other in the text; raises BadCorpus for one that is not there."""
    starts, ends, at = [], [], 0
    for form in forms:
        start = text.find(form.text, at)
        if start < 0 or text[at:start].strip():
            raise BadCorpus(
                f"{line(name)}, sentence {number}: {line(form.text)!r} is not next in its text"
            )
        at = start + len(form.text)
        starts.append(start)
        ends.append(at)
    return starts, ends
