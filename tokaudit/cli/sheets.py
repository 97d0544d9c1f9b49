"""Sheets: titled tables of facts, drawn on a terminal or as Markdown; and JSON, strictly."""

import json
import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rich.cells import cell_len
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tokaudit.renderers import markdown as md
from tokaudit.renderers.terminal import draw
from tokaudit.text import Verbatim, line, show

PUNCTUATION = frozenset(string.punctuation)
TITLE, QUIET = "bold", "dim"
STYLES = {"ok": "green", "note": "yellow", "problem": "bold red"}
LONGEST = 2_000  # characters of a regular expression that are shown


Cell = tuple[str, ...]  # its parts; a Verbatim is shown letter by letter, and as code


@dataclass(frozen=True)
class Sheet:
    """A table for people: rows of cells; `whole` is a first column that is never folded."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    whole: bool = False


def terminal(sheets: Sequence[Sheet], width: int, colored: bool) -> bytes:
    """Draw for a person; what must be pasted whole may make the page wider than asked."""
    needed = max((_longest(sheet) + 24 for sheet in sheets if sheet.whole), default=0)
    page = draw(_drawn(sheets), max(width, needed), colored)
    return b"".join(each.rstrip() + b"\n" for each in page.splitlines())


def _longest(sheet: Sheet) -> int:
    return max((cell_len(_plain(row[0])) for row in sheet.rows), default=0)


def _drawn(sheets: Sequence[Sheet]) -> Iterator[RenderableType]:
    for sheet in sheets:
        table = Table(box=None, pad_edge=False, show_header=False)
        table.add_column(min_width=_longest(sheet), no_wrap=True)
        for _ in sheet.header[1:]:
            table.add_column(overflow="fold")
        for first, *others in sheet.rows:
            table.add_row(_text(first, "" if sheet.whole else QUIET), *map(_text, others))
        yield Text(line(sheet.title), TITLE)
        yield from ([Text(line(sheet.note), QUIET)] if sheet.note else [])
        yield Padding(table, (0, 0, 1, 0))


def _text(cell: Cell, style: str = "") -> Text:
    plain = _plain(cell)
    return Text(plain, STYLES.get(plain, style))


def _plain(cell: Cell) -> str:
    return "".join(_shown(part) for part in cell)


def _shown(part: str) -> str:
    """Show a part safely; a backslash does nothing by itself, and patterns are full of them."""
    if isinstance(part, Verbatim):
        return show(str(part), LONGEST).replace("\\u{5c}", "\\")
    return line(part)


def markdown(title: str, sheets: Sequence[Sheet]) -> bytes:
    """Write a document that can be committed."""
    return ("\n".join(_document(title, sheets)).rstrip() + "\n").encode()


def _document(title: str, sheets: Sequence[Sheet]) -> Iterator[str]:
    yield from (f"# {md.text(title)}", "")
    for sheet in sheets:
        yield from (f"## {md.text(sheet.title[:1].upper() + sheet.title[1:])}", "")
        yield from ([md.text(sheet.note), ""] if sheet.note else [])
        yield "| " + " | ".join(map(md.text, sheet.header)) + " |"
        yield "|" + " --- |" * len(sheet.header)
        yield from ("| " + " | ".join(map(_marked, row)) + " |" for row in sheet.rows)
        yield ""


def _marked(cell: Cell) -> str:
    return "".join(_code(part) if isinstance(part, Verbatim) else md.text(part) for part in cell)


def _code(part: Verbatim) -> str:
    """Write as code that nothing inside can end; not cut short as `markdown.code` does."""
    if md.ORDINARY.fullmatch(part):
        return md.code(part)
    entities = (f"&#{ord(each)};" if each in PUNCTUATION else each for each in _shown(part))
    return f"<code>{''.join(entities)}</code>"


def document(schema: str, **contents: Any) -> bytes:
    """Write JSON: `schema` says which shape this is; no NaN, no half of a surrogate pair."""
    whole = {"schema": schema, **contents}
    return (json.dumps(_sound(whole), indent=1, allow_nan=False) + "\n").encode()


def _sound(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {key: _sound(each) for key, each in value.items()}
    return [_sound(each) for each in value] if isinstance(value, list | tuple) else value
