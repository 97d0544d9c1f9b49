"""JSON Lines: one object a line, every one with the fields of the first."""

import json
from collections.abc import Iterator
from typing import Any

from tokaudit.errors import BadCorpus
from tokaudit.records.asked import Asked, Record, missing
from tokaudit.records.streams import numbered
from tokaudit.sources import Source
from tokaudit.text import line as shown


class Number(str):
    """A JSON number, digit for digit as it is written."""


def jsonl(source: Source, asked: Asked) -> Iterator[Record]:
    """Read objects; blank lines are no objects. Raises BadCorpus naming the line."""
    columns: dict[str, str] = {}
    for number, text in numbered(source, asked.longest):
        if text.strip():
            place = f"{source}, line {number}"
            found = _object(text, place)
            columns = columns or asked.among(list(found), place)
            yield {each: _value(found, each, name, place) for each, name in columns.items()}


def _object(text: str, place: str) -> dict[str, Any]:
    try:
        found = json.loads(text, parse_int=Number, parse_float=Number)
    except (ValueError, RecursionError) as error:
        raise BadCorpus(f"{place} is not JSON: {shown(str(error))}") from error
    if not isinstance(found, dict):
        raise BadCorpus(f"{place} is not a JSON object")
    return found


def _value(found: dict[str, Any], each: str, name: str, place: str) -> str | None:
    """Take a string, a null or, for a label, a number; raises BadCorpus."""
    if name not in found:
        raise missing(name, list(found), place, ", unlike the first object")
    value = found[name]
    if value is None:
        return None
    if not isinstance(value, str) or (each == "text" and isinstance(value, Number)):
        raise BadCorpus(f"{place}: {shown(name)!r} is {shown(json.dumps(value)[:40])}, no string")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise BadCorpus(f"{place}: {shown(name)!r} holds half a surrogate pair") from error
    return str(value)
