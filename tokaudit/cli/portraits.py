"""Portraits shown: facts of a tokenizer in words, for a page; and as data."""

from collections.abc import Iterable, Iterator
from typing import Any

from tokaudit.cli.sheets import Cell, Sheet
from tokaudit.portrait import Portrait
from tokaudit.portrait.facts import Example, Facts, Stage, Token, Value, data
from tokaudit.portrait.surprises import Surprise
from tokaudit.text import Absent, Verbatim, show
from tokaudit.tokenizer import SourceFile

MOST, LETTERS = 8, 40  # of a list, of a token that are shown; JSON has all of them
SURPRISES = "what will surprise"


def sheets(portrait: Portrait, named: bool) -> Iterator[Sheet]:
    """Lay a portrait out section by section, the surprises last; `named` titles carry the spec."""
    of = f"{portrait.spec}: " if named else ""
    for name, facts in portrait.sections.items():
        rows = tuple(((_spaced(key),), cell(value)) for key, value in facts.items())
        yield Sheet(f"{of}{_spaced(name)}", ("fact", "value"), rows)
    said = tuple(((each.name,), _told(each)) for each in portrait.surprises)
    yield Sheet(f"{of}{SURPRISES}", ("what", "why"), said, "" if said else "Nothing that we know of.")


def record(portrait: Portrait) -> dict[str, Any]:
    """Give a portrait as JSON holds it; `absent` says why a fact is null."""
    sections = {name: _section(facts) for name, facts in portrait.sections.items()}
    said = [
        {"name": each.name, "said": _sentence(each.said), "tokens": data(each.tokens)}
        for each in portrait.surprises
    ]
    return {"spec": portrait.spec, **sections, "surprises": said}


def _section(facts: Facts) -> dict[str, Any]:
    absent = {key: value.reason for key, value in facts.items() if isinstance(value, Absent)}
    found = {key: data(value) for key, value in facts.items()}
    return found | {"absent": absent} if absent else found


def _sentence(said: Iterable[str]) -> str:
    return "".join(show(part) if isinstance(part, Verbatim) else part for part in said)


def _told(surprise: Surprise) -> Cell:
    listed = (" ", *cell(surprise.tokens)) if surprise.tokens else ()
    return (*surprise.said, *listed)


def cell(value: Value) -> Cell:
    """Write a value in words."""
    if isinstance(value, Absent):
        return (f"– ({value.reason})",)
    if isinstance(value, bool):
        return ("yes" if value else "no",)
    if isinstance(value, int):
        return (f"{value:,}",)
    if isinstance(value, str):
        return (value,)
    for kind, words in WORDS.items():
        if isinstance(value, kind):
            return tuple(words(value))
    return _list(value)


def _list(values: tuple[Value, ...]) -> Cell:
    parts = [part for value in values[:MOST] for part in (", ", *cell(value))]
    more = len(values) - MOST
    return (*parts[1:], f" and {more:,} more") if more > 0 else tuple(parts[1:] or ["none"])


def _token(token: Token) -> Iterator[str]:
    yield from _cut(token.data)
    yield f" ({token.id})"


def _cut(found: bytes) -> Iterator[str]:
    text = found.decode("utf-8", "surrogateescape")
    yield Verbatim(text[:LETTERS])
    if len(text) > LETTERS:
        yield f"…(+{len(text) - LETTERS})"


def _stage(stage: Stage) -> Iterator[str]:
    yield stage.kind
    settings = {key: value for key, value in stage.settings.items() if value not in (None, False)}
    for place, (key, value) in enumerate(settings.items()):
        yield ", " if place else " ("
        yield key
        if value is not True:
            yield from (" ", Verbatim(value) if key in LITERAL else str(value))
    yield ")" if settings else ""
    if stage.regex is not None:
        yield from (" ", Verbatim(stage.regex))
    if stage.look_around:
        yield " (look-around)"


LITERAL = ("pattern", "content", "prepend", "replacement", "prefix", "suffix")


def _file(file: SourceFile) -> Iterator[str]:
    yield f"{file.name}, {file.size:,} bytes, SHA-256 {file.sha256}"


def _example(example: Example) -> Iterator[str]:
    yield from _cut(example.text.encode())
    yield " becomes "
    yield from _cut(example.decoded)
    yield f" ({example.loss})"


WORDS = {Token: _token, Stage: _stage, SourceFile: _file, Example: _example}


def _spaced(name: str) -> str:
    return name.replace("_", " ")
