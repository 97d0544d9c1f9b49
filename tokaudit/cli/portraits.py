"""Portraits shown: facts of a tokenizer in words, for a page; and as data."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from tokaudit.cli.sheets import Cell, Sheet
from tokaudit.portrait import Portrait
from tokaudit.portrait.facts import Example, Facts, Stage, Token, Value, data
from tokaudit.portrait.surprises import Surprise
from tokaudit.text import Absent, Verbatim, show
from tokaudit.tokenizer import SourceFile

# How much is shown of a list, of a token, of the tokens behind a surprise; JSON has all of it.
MOST, LETTERS, MOST_TOLD = 8, 40, 3
BEFORE = 8  # letters before the first difference of two texts
SURPRISES = "what will surprise"


def sheets(portrait: Portrait, named: bool) -> Iterator[Sheet]:
    """Lay a portrait out section by section, the surprises last; `named` titles carry the spec."""
    of = f"{portrait.spec}: " if named else ""
    for name, facts in portrait.sections.items():
        rows = tuple(((_spaced(key),), cell(value)) for key, value in facts.items())
        yield Sheet(f"{of}{_spaced(name)}", ("fact", "value"), rows)
    said = tuple(((each.name,), _told(each)) for each in portrait.surprises)
    nothing = "" if said else "Nothing that we know of."
    yield Sheet(f"{of}{SURPRISES}", ("what", "why"), said, nothing)


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
    listed = (" ", *_list(surprise.tokens, MOST_TOLD)) if surprise.tokens else ()
    return (*surprise.said, *listed)


def cell(value: Value) -> Cell:
    """Write a value in words."""
    return tuple(WORDS[type(value)](value))


def _list(values: tuple[Value, ...], most: int = MOST) -> Cell:
    most = MOST_TOLD if values and isinstance(values[0], Example) else most
    between = " → " if values and isinstance(values[0], Stage) else ", "
    parts = [part for value in values[:most] for part in (between, *cell(value))]
    more = [f" and {len(values) - most:,} more"] if len(values) > most else []
    return (*parts[1:], *more) if values else ("none",)


def _token(token: Token) -> Iterator[str]:
    yield from _cut(token.data.decode("utf-8", "surrogateescape"))
    yield f" ({token.id})"


def _cut(text: str, start: int = 0) -> Iterator[str]:
    if start:
        yield f"({start}+)..."
    yield Verbatim(text[start : start + LETTERS]) or "nothing"
    if len(text) > start + LETTERS:
        yield f"...(+{len(text) - start - LETTERS})"


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
    decoded = example.decoded.decode("utf-8", "surrogateescape")
    pairs = enumerate(zip(example.text, decoded, strict=False))
    start = max(0, next((at for at, (one, other) in pairs if one != other), 0) - BEFORE)
    yield from _cut(example.text, start)
    yield " becomes "
    yield from _cut(decoded, start)
    yield f" ({example.loss})"


def _counts(counts: dict[str, int]) -> Iterator[str]:
    yield ", ".join(f"{count:,} {name}" for name, count in counts.items() if count)


WORDS: dict[type, Callable[[Any], Iterable[str]]] = {
    bool: lambda found: ["yes" if found else "no"],
    int: lambda found: [f"{found:,}"],
    str: lambda found: [found],
    Verbatim: lambda found: [found],
    Absent: lambda found: [f"– ({found.reason})"],
    tuple: _list,
    dict: _counts,
    Token: _token,
    Stage: _stage,
    SourceFile: _file,
    Example: _example,
}


def _spaced(name: str) -> str:
    return name.replace("pre_", "pre-").replace("_", " ")
