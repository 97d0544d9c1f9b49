"""Repertoire: every character of Unicode and every emoji, and what becomes of each.

Counts are kept as a histogram whose ids are `item * len(fates.NAMES) + fate`; an item is a code
point, or behind the last of them a place in `characters.sequences()`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt

from tokaudit.characters import (
    CODE_POINTS,
    Ints,
    Property,
    assigned,
    blocks,
    code_points,
    scripts,
    sequences,
)
from tokaudit.fates import NAMES, fates
from tokaudit.histogram import Histogram
from tokaudit.reading import Reading
from tokaudit.text import quoted, ratio

Row = Mapping[str, Any]
Tally = Mapping[str, int]
LOST = ("unknown", "dropped", "changed")
CHARACTER_FATES = [name for name in NAMES if name != "whole_tokens"]  # one character has no parts
EXAMPLES = 5


def texts() -> list[str]:
    """List what is to be read: all assigned characters, then all sequences."""
    return [*map(chr, assigned().tolist()), *(sequence.text for sequence in sequences())]


def count(reading: Reading) -> Histogram:
    """Count the rows that are a character or a sequence, by item and fate."""
    items = _items(reading.batch.texts.to_pylist())
    known = items >= 0
    ids = items * len(NAMES) + fates(reading)
    return Histogram.of(ids[known], reading.batch.weights[known])


def _items(rows: Sequence[str]) -> Ints:
    """Give each row's item, -1 where it is none."""
    single = np.array([len(row) == 1 for row in rows], np.bool_)
    items = np.full(len(rows), -1, np.int64)
    codes = code_points("".join(row for row in rows if len(row) == 1)).astype(np.int64)
    items[single] = np.where(_is_assigned()[codes], codes, -1)
    places = _places()
    for row in np.flatnonzero(~single).tolist():
        items[row] = places.get(rows[row], -1)
    return items


@cache
def _is_assigned() -> npt.NDArray[np.bool_]:
    table = np.zeros(CODE_POINTS, np.bool_)
    table[assigned()] = True
    return table


@cache
def _places() -> dict[str, int]:
    return {sequence.text: CODE_POINTS + place for place, sequence in enumerate(sequences())}


def of_all(found: Histogram) -> Tally:
    """Count all characters by fate."""
    return _tally(_characters(found))


def by_property(found: Histogram, ask: Callable[[], Property]) -> dict[str, Tally]:
    """Count characters by fate for each value of a property, such as `characters.scripts`."""
    kept = _characters(found)
    names, codes = ask()
    values = codes[kept.ids // len(NAMES)]
    return {names[v]: _tally(_chosen(kept, values == v)) for v in np.unique(values).tolist()}


def by_kind(found: Histogram) -> dict[tuple[str, str], Tally]:
    """Count sequences by fate for each kind and script, in their order."""
    place = found.ids // len(NAMES) - CODE_POINTS
    kept, place = _chosen(found, place >= 0), place[place >= 0]
    known = sequences()
    groups = [(known[at].kind, known[at].script) for at in place.tolist()]
    order = {group: code for code, group in enumerate(dict.fromkeys(groups))}
    codes = np.array([order[group] for group in groups], np.int64)
    return {group: _tally(_chosen(kept, codes == code)) for group, code in order.items()}


def examples(found: Histogram, fate: str, ask: Callable[[], Property]) -> dict[str, list[str]]:
    """Give the first characters with this fate for each value of a property that has some."""
    ids = _characters(found).ids
    names, codes = ask()
    item = ids[ids % len(NAMES) == NAMES.index(fate)] // len(NAMES)
    values = codes[item]
    return {
        names[value]: [chr(code) for code in item[values == value][:EXAMPLES].tolist()]
        for value in np.unique(values).tolist()
    }


def script_rows(found: Histogram, ids: Mapping[str, int]) -> Iterator[Row]:
    """Give each script's ids and the fates of its characters, those with the most ids first."""
    met, size = by_property(found, scripts), sum(ids.values())
    lost = [examples(found, fate, scripts) for fate in LOST]
    for script in sorted({*met, *ids}, key=lambda each: (-ids.get(each, 0), each)):
        mine = ids.get(script, 0)
        yield {
            "script": script,
            "ids": mine,
            "share": ratio(mine, size, "no ids"),
            **_fates(met.get(script)),
            "lost": _written(letter for each in lost for letter in each.get(script, ())),
        }


def block_rows(found: Histogram) -> Iterator[Row]:
    """Give the fates of each block's characters."""
    met = by_property(found, blocks)
    return ({"block": block, **_fates(met[block])} for block in sorted(met))


def sequence_rows(found: Histogram) -> Iterator[Row]:
    """Give the fates of each kind of sequence."""
    for (kind, script), met in by_kind(found).items():
        yield {"kind": kind, "script": script, "sequences": sum(met.values()), **met}


def _fates(met: Tally | None) -> dict[str, int]:
    known = met or dict.fromkeys(NAMES, 0)
    return {"characters": sum(known.values()), **{name: known[name] for name in CHARACTER_FATES}}


def _written(letters: Iterable[str]) -> str:
    """Write the first of these characters."""
    return ", ".join(quoted(letter.encode()) for letter in islice(letters, EXAMPLES))


def _characters(found: Histogram) -> Histogram:
    return _chosen(found, found.ids < CODE_POINTS * len(NAMES))


def _chosen(found: Histogram, mask: npt.NDArray[np.bool_]) -> Histogram:
    return Histogram(found.ids[mask], found.counts[mask])


def _tally(found: Histogram) -> Tally:
    sums = np.zeros(len(NAMES), np.int64)
    np.add.at(sums, found.ids % len(NAMES), found.counts)
    return dict(zip(NAMES, sums.tolist(), strict=True))
