"""Rows of two tables that are about the same thing, whatever their order.

What a row is about is its tokenizer, its language, and as many of the first columns of the table as
it takes to tell its rows apart: tables name things first.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pyarrow as pa

from tokaudit.columns import SURE
from tokaudit.diff.sides import Pair, Sides

Row = Mapping[str, Any]
Key = tuple[Any, ...]
Keyed = Mapping[Key, Row]
SIMPLE = (pa.string(), pa.int64(), pa.float64(), pa.bool_())
ABOUT = ("tokenizer", "lang", "absent")


class Met(NamedTuple):
    """A row as it is before and after (None where it is not there), and what it is about."""

    pair: Pair
    lang: str
    place: str
    before: Row | None
    after: Row | None


class Compared(NamedTuple):
    """A table of both sides: the columns that have figures on both, and its rows."""

    name: str
    columns: tuple[str, ...]
    schema: pa.Schema
    rows: tuple[Met, ...]


def compared(sides: Sides) -> Iterator[Compared]:
    """Meet every table with itself; one that is on one side only has nothing to be held against."""
    for name, before, after in sides.tables:
        if before is not None and after is not None:
            shared = list(_shared(before.schema, after.schema))
            olds = [row for row in before.to_pylist() if sides.wants(row["lang"])]
            news = [row for row in after.to_pylist() if sides.wants(row["lang"])]
            naming = _naming(shared, olds, news)
            met = tuple(_met(sides.pairs, naming, olds, news))
            figures = (c for c in shared if c not in naming and not c.endswith(SURE))
            yield Compared(name, tuple(figures), after.schema, met)


def _shared(before: pa.Schema, after: pa.Schema) -> Iterator[str]:
    """Name the columns that hold the same kind of thing on both sides."""
    for field in after:
        alike = field.name in before.names and before.field(field.name).type == field.type
        if alike and field.name not in ABOUT and field.type in SIMPLE:
            yield field.name


def _naming(columns: Sequence[str], *sides: Sequence[Row]) -> list[str]:
    """Give the fewest first columns that tell the rows of each side apart."""
    for count in range(len(columns)):
        if all(_told_apart(rows, columns[:count]) for rows in sides):
            return list(columns[:count])
    return list(columns)


def _told_apart(rows: Sequence[Row], columns: Sequence[str]) -> bool:
    keys = {(row["tokenizer"], row["lang"], *(row[c] for c in columns)) for row in rows}
    return len(keys) == len(rows)


def _met(
    pairs: Sequence[Pair], naming: Sequence[str], olds: Sequence[Row], news: Sequence[Row]
) -> Iterator[Met]:
    """Meet rows tokenizer by tokenizer: those that are there now first, in their order."""
    before, after = _by_tokenizer(olds, naming), _by_tokenizer(news, naming)
    for pair in pairs:
        own, other = before.get(pair.before or "", {}), after.get(pair.after or "", {})
        for key in dict.fromkeys([*other, *own]):
            lang, *values, _ = key
            named = zip(naming, values, strict=True)
            place = ", ".join(f"{name}={value}" for name, value in named)
            yield Met(pair, lang, place, own.get(key), other.get(key))


def _by_tokenizer(rows: Sequence[Row], naming: Sequence[str]) -> dict[str, dict[Key, Row]]:
    """Key the rows of each tokenizer; the last part of a key counts rows that are all the same."""
    found: dict[str, dict[Key, Row]] = {}
    seen: Counter[Key] = Counter()
    for row in rows:
        key = row["lang"], *(row[name] for name in naming)
        whole = (row["tokenizer"], *key)
        found.setdefault(row["tokenizer"], {})[(*key, seen[whole])] = row
        seen[whole] += 1
    return found
