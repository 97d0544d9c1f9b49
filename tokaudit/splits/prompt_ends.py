"""Prompt ends: what becomes of the last tokens of a prompt that stops in the middle of a text.

A cut is broken if the ids of the text before it are not those that the whole text begins with: the
model then has to go on from a token that, in its training, was seldom followed by the right one. It
is healed if the ids are those again without the last one. It is split if the ids of the text before
the cut and of the text behind it, joined, are not those of the whole text, as is so for
fill-in-the-middle, where both sides are encoded apart.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, Self

import numpy as np
import pyarrow as pa

from tokaudit.adding import added
from tokaudit.batch import Batch, Ints
from tokaudit.drawing import pictured
from tokaudit.noise.documents import drawn_keys
from tokaudit.reading import Reading
from tokaudit.reads import read
from tokaudit.specimens import Specimens
from tokaudit.splits.ends import CHARACTERS, KINDS, Ends, ends, placed, word_ends
from tokaudit.splits.prompts import PROMPTS
from tokaudit.splits.sums import Sums, groups

OWN = {f"own {kind}": "character" for kind in PROMPTS} | {"own prose, space": "space"}
ALL = (*KINDS, *OWN)  # kinds of cuts
EXAMPLES = 4  # of each kind
TAIL, AHEAD = 16, 8  # characters shown before a cut and behind it


@dataclass(frozen=True)
class CutSums(Sums):
    """Sums over cuts, by the kinds in `ALL`."""

    COUNTED = ("cuts", "refused", "broken", "healed", "split")


@dataclass(frozen=True)
class PromptEnds:
    """Cuts by kind, and examples of broken ones: (hash, text, as it is cut at its end, in it)."""

    sums: CutSums = field(default_factory=CutSums)
    shown: Specimens = field(default_factory=Specimens)

    def __add__(self, other: Self) -> Self:
        """Merge two totals."""
        return added(self, other)

    @classmethod
    def sampled(cls, reading: Reading) -> Self:
        """Cut documents that were drawn, where their kinds of ends are."""
        batch = reading.batch
        found = ends(batch)
        some = np.flatnonzero(batch.weights[found.row])
        if not some.size:
            return cls()
        return cls._of(reading, Ends(*(each[some] for each in found)), groups(drawn_keys(batch)))

    @classmethod
    def observe(cls, reading: Reading) -> Self:
        """Cut texts of our own wherever they can be."""
        batch = reading.batch
        name = f"own {batch.probe.partition('/')[2]}"
        found = [
            (row, ALL.index(kind), place)
            for kind, how in OWN.items()
            if kind.partition(",")[0] == name
            for row, text in enumerate(batch.texts.to_pylist())
            for place in KINDS[how](text, word_ends(batch, row)).tolist()
        ]
        if not found:
            return cls()
        return cls._of(reading, placed(batch, found), np.zeros(batch.rows, np.int64))

    @classmethod
    def _of(cls, reading: Reading, found: Ends, group: Ints) -> Self:
        cuts = _cuts(reading, found)
        judged = np.array([_judged(cuts, cut) for cut in range(found.row.size)], np.int64)
        columns = dict(zip(CutSums.COUNTED, judged.T, strict=True))
        weights = reading.batch.weights[found.row]
        sums = CutSums.of(found.kind, group[found.row], columns, weights)
        broken = np.flatnonzero(columns["broken"] * weights)
        return cls(sums, Specimens.of(_examples(found, cuts, broken)))


class Cuts(NamedTuple):
    """Texts, and what is before and behind each cut, as rows of one reading (-1: refused)."""

    both: Reading
    whole: Ints
    before: Ints
    behind: Ints

    def ids(self, row: int) -> list[int]:
        """Give the ids of a row."""
        first, last = self.both.encoded.offsets[row : row + 2]
        return list(self.both.ids[first:last].tolist())


def _cuts(reading: Reading, found: Ends) -> Cuts:
    """Read the beginnings of texts, whole and cut."""
    rows, row = np.unique(found.row, return_inverse=True)
    texts = reading.batch.texts.take(pa.array(rows)).to_pylist()
    whole = [text[:CHARACTERS].encode() for text in texts]
    places = (found.place - reading.batch.offsets[found.row]).tolist()
    pairs = list(zip((whole[text] for text in row.tolist()), places, strict=True))
    written = [*whole, *(text[:at] for text, at in pairs), *(text[at:] for text, at in pairs)]
    batch = Batch.of(reading.batch.lang, [text.decode() for text in written])
    both = read(reading.tokenizer.by_reference(), batch)
    place = np.full(len(written), -1)
    place[np.delete(np.arange(len(written)), both.refused)] = np.arange(both.batch.rows)
    before, behind = place[len(whole) :].reshape(2, -1)
    return Cuts(both, place[row], before, behind)


def _judged(cuts: Cuts, cut: int) -> tuple[int, ...]:
    """Say what is `COUNTED` of a cut."""
    rows = [int(each[cut]) for each in (cuts.whole, cuts.before, cuts.behind)]
    if min(rows) < 0:
        return 0, 1, 0, 0, 0
    whole, before, behind = map(cuts.ids, rows)
    broken = before != whole[: len(before)]
    healed = broken and before[:-1] == whole[: len(before) - 1]
    return 1, 0, int(broken), int(healed), int(before + behind != whole)


def _examples(
    found: Ends, cuts: Cuts, broken: Ints
) -> Iterator[tuple[tuple[int, int], tuple[int, str, str, str]]]:
    """Give a few broken cuts of each kind, those whose hashes are smallest.

    The hash is of the text as well as of the place: other texts may begin with the same prompt.
    """
    chosen: dict[tuple[int, int], tuple[int, int]] = {}
    batch = cuts.both.batch
    sizes = np.diff(batch.offsets)
    for cut in broken.tolist():
        whole, place = cuts.whole[cut], int(sizes[cuts.before[cut]]).to_bytes(8, "big")
        text = batch.data[batch.offsets[whole] : batch.offsets[whole + 1]].tobytes()
        digest = hashlib.blake2b(text, digest_size=6, salt=place).digest()
        slot, number = digest[0] % EXAMPLES, int.from_bytes(digest[1:], "big")
        key = int(found.kind[cut]), slot
        chosen[key] = min((number, cut), chosen.get(key, (number, cut)))
    for key, (number, cut) in chosen.items():
        yield key, (number, *_pictures(cuts, cut))


def _pictures(cuts: Cuts, cut: int) -> tuple[str, str, str]:
    """Show the end of a prompt, its last tokens, and the tokens of the whole text around it."""
    batch = cuts.both.batch
    begin, end = batch.offsets[cuts.before[cut] : cuts.before[cut] + 2].tolist()
    text = batch.data[begin:end].tobytes().decode()
    tail, ahead = text[-TAIL:], batch.texts[int(cuts.behind[cut])].as_py()[:AHEAD]
    size = len(tail.encode())
    place = int(batch.offsets[cuts.whole[cut]]) + end - begin
    alone = pictured(cuts.both, end - size, end)
    return tail, alone, pictured(cuts.both, place - size, place + len(ahead.encode()))
