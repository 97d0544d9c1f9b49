"""Markdown for pull requests and reports: verdict first, long tables folded.

Labels and tokens are hostile: ordinary names become code spans, anything else is written with
numeric entities, so that no pipe, tag, link, mention or workflow command survives.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import quote

from tokaudit.document import Document, Section, lay_out
from tokaudit.grids import Cell, Grid
from tokaudit.report import Report
from tokaudit.text import line, show

SUFFIXES = (".md", ".markdown")
ORDINARY = re.compile(r"[A-Za-z0-9_.:/@-]+")
ACTIVE = re.compile(r"[\\`*{}\[\]<>|~#&@!$]|(?<!\w)_|_(?!\w)|(?<=\w):(?=//)|(?<=www)\.")
FOLD_ABOVE = 25


Links = Mapping[str, Sequence[tuple[str, str]]]  # by audit: titles of pictures and their files


def render(report: Report, pictures: Links | None = None) -> bytes:
    """Return the document, with links to pictures beside it; it ends in its signature."""
    return written(lay_out(report), pictures or {})


def written(document: Document, pictures: Links) -> bytes:
    """Write a document."""
    return ("\n".join(_document(document, pictures)).rstrip() + "\n").encode()


def fitted(whole: bytes, largest: int, signed: str, where: str) -> bytes:
    """Keep as many of the first lines as fit into so many bytes, and say so; the signature too."""
    if len(whole) <= largest:
        return whole
    lines, end = whole.decode().splitlines(), list(signature(signed))
    kept = _fitting(lines, largest - 2**10 - sum(len(each.encode()) + 1 for each in end))
    left = f"*{len(lines) - kept:,} of {len(lines):,} lines are left out: {where}.*"
    return "\n".join([*lines[:kept], "", left, "", *end, ""]).encode()


def _fitting(lines: Sequence[str], most: int) -> int:
    """Count the first lines that have no more bytes than this and end inside of nothing folded."""
    size = depth = fitting = 0
    for number, each in enumerate(lines, 1):
        size += len(each.encode()) + 1
        depth += each.startswith("<details>") - each.startswith("</details>")
        if size > most:
            break
        fitting = fitting if depth else number
    return fitting


def _document(document: Document, pictures: Links) -> Iterator[str]:
    yield from (f"# {text(document.title)}", "")
    if document.brief:
        yield from (text(" ".join(document.brief.sentences)), "")
        yield from _table(document.brief.grid)
    for section in document.sections:
        yield from _verdicts(section, len(document.sections) > 1)
    yield from _findings(document)
    for section in document.sections:
        yield from _section(section, pictures.get(section.name, ()))
    yield from ("## Conditions", "")
    for grid in filter(None, (document.tokenizers, document.corpus)):
        yield from _grid(grid)
    yield from signature(document.signature)


def signature(signed: str) -> Iterator[str]:
    """Write a signature so that it can be copied."""
    yield from ("Signature, to quote beside any figure:", "")
    yield from ("```text", line(signed).replace("`", "\\u{60}"), "```")


def _verdicts(section: Section, several: bool) -> Iterator[str]:
    about = f" on {section.name}" if several else ""
    yield from (f"**Verdict{about}.** {text(section.question)}", "")
    for tokenizer, said in section.verdicts:
        yield f"- {code(tokenizer)}: {text(said)}"
    yield ""


def _findings(document: Document) -> Iterator[str]:
    if document.findings:
        yield from ("## Findings", "")
        yield from (f"- **{text(f.heading)}**: {text(f.said)}" for f in document.findings)
        yield ""


def _section(section: Section, pictures: Sequence[tuple[str, str]]) -> Iterator[str]:
    yield from (f"## {section.name.capitalize()}", "")
    for title, file in pictures:
        yield from (f"![{text(title)}]({quote(file)})", "")
    for grid in section.grids:
        yield from _grid(grid)
    if section.definitions:
        yield from _folded(f"What the columns of {section.name} mean", _definitions(section))


def _definitions(section: Section) -> Iterator[str]:
    yield from (f"- **{text(name)}**: {text(meaning)}" for name, meaning in section.definitions)
    yield ""


def _grid(grid: Grid) -> Iterator[str]:
    title = text(grid.title[:1].upper() + grid.title[1:])
    long = grid.detail or len(grid.rows) > FOLD_ABOVE
    if long:
        yield from _folded(f"{title} ({len(grid.rows)} rows)", _table(grid))
    else:
        yield from ([f"### {title}", ""] if title else [])
        yield from _table(grid)


def _folded(summary: str, inside: Iterator[str]) -> Iterator[str]:
    yield from ("<details>", f"<summary>{summary}</summary>", "")
    yield from inside
    yield from ("</details>", "")


def _table(grid: Grid) -> Iterator[str]:
    names = grid.header[: grid.labels], grid.header[grid.labels :]
    heads = [*map(text, names[0]), *map(code if grid.named_columns else text, names[1])]
    yield "| " + " | ".join(heads) + " |"
    yield "|" + " --- |" * grid.labels + " ---: |" * (len(grid.header) - grid.labels)
    name = code if grid.named_rows else text
    for row in grid.rows:
        yield "| " + " | ".join([name(row[0].text), *map(_cell, row[1:])]) + " |"
    yield ""
    yield from (f"{text(note)}  " for note in grid.notes)
    yield from ([""] if grid.notes else [])


def _cell(cell: Cell) -> str:
    if cell.shown:
        return coded(cell.text)
    return f"**{text(cell.text)}**" if cell.best else text(cell.text)


def code(name: str) -> str:
    """Write a name as code that nothing inside can end or extend.

    >>> code("eng_Latn"), code("a|`b")
    ('`eng_Latn`', '<code>a&#124;&#96;b</code>')
    """
    if ORDINARY.fullmatch(name) and "::" not in name:
        return f"`{name}`"
    return coded(show(name))


def coded(shown: str) -> str:
    """Write what `text.show` wrote as code."""
    return "<code>" + re.sub(r"[!-/:-@\[-`{-~]", _entity, shown) + "</code>"


def text(sentence: str) -> str:
    """Write a sentence so that none of it is markup.

    >>> text("a|b <i> @name in eng_Latn")
    'a&#124;b &#60;i&#62; &#64;name in eng_Latn'
    """
    return ACTIVE.sub(_entity, line(sentence))


def _entity(found: re.Match[str]) -> str:
    return f"&#{ord(found[0])};"
