"""Leaflets: texts as tokenizers cut them, as Markdown and as one page of HTML."""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import chain

from tokaudit.cli import sights
from tokaudit.cli.sights import MOST_WORDS, Wanted
from tokaudit.legible import BORDER, INSIDE, hexadecimal, legend, runs_right_to_left, shown, written
from tokaudit.pieces import Piece
from tokaudit.renderers import markdown as md
from tokaudit.text import line
from tokaudit.token_html import STYLE, tokens
from tokaudit.view import Sight, View

TITLE = "Tokens"
PAGE_STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h2, h3 { margin: 1.2rem 0 0; font-size: 1rem; } p { margin: .2rem 0; }
:root { color-scheme: light dark; }
"""
# Nothing is loaded and nothing runs, whatever a token holds.
POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def markdown(found: Sequence[Sight], wanted: Wanted) -> bytes:
    """Write a document that can be committed."""
    return ("\n".join(_document(found, wanted)).rstrip() + "\n").encode()


def _document(found: Sequence[Sight], wanted: Wanted) -> Iterator[str]:
    yield from (f"# {TITLE}", "")
    for sight in found:
        yield from (f"## {md.text(sight.subject.name)}", "", md.text(sights.about(sight)), "")
        if said := sights.shortened(sight):
            yield from (md.text(said), "")
        if wanted.words:
            yield from (md.text(sights.words_by(sight)), "", _flow(sight.words), "")
        names = sights.names(sight)
        for view in sight.views:
            yield from _section(view, names[view.spec], wanted)
    yield from (f"- {_code(sentence)}" for sentence in legend(_all(found)))


def _section(view: View, name: str, wanted: Wanted) -> Iterator[str]:
    yield from (f"### {md.code(name)}", "", sights.figures(view, wanted), "")
    if any(wanted.beside):
        yield from _table(view.pieces)
    else:
        yield _flow(view.pieces)
    yield ""
    if view.altered:
        sentence, spelled = sights.altered(view)
        yield from (sentence + _code(spelled), "")
    if wanted.words and (cut := sights.cut_words(view)):
        yield from ("| word | times |", "| --- | ---: |")
        for parts, count in cut[:MOST_WORDS]:
            yield f"| {_code(BORDER.join(map(shown, parts)))} | {count} |"
        if len(cut) > MOST_WORDS:
            yield f"| {len(cut) - MOST_WORDS} more | |"
        yield ""


def _flow(pieces: Sequence[Piece]) -> str:
    return " ".join(f"{INSIDE} " * piece.inside + _code(written(piece)) for piece in pieces)


def _table(pieces: Sequence[Piece]) -> Iterator[str]:
    yield from ("| | token | id | bytes |", "| --- | --- | ---: | --- |")
    for piece in pieces:
        number = "–" if piece.id is None else piece.id
        border = INSIDE if piece.inside else ""
        yield f"| {border} | {_code(written(piece))} | {number} | `{hexadecimal(piece)}` |"


def _code(text: str) -> str:
    return f"`{text}`" if md.ORDINARY.fullmatch(text) else md.coded(text)


def html(found: Sequence[Sight], wanted: Wanted) -> bytes:
    """Write one page that needs nothing beside it and runs nothing."""
    head = (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{TITLE}</title>\n<style>{PAGE_STYLE}{STYLE}</style>\n</head>\n<body>"
    )
    return "\n".join([head, *_body(found, wanted), "</body>\n</html>\n"]).encode()


def _body(found: Sequence[Sight], wanted: Wanted) -> Iterator[str]:
    for sight in found:
        right_to_left = runs_right_to_left(sight.subject.text)
        yield f"<h2>{_text(sights.about(sight))}</h2>"
        if said := sights.shortened(sight):
            yield f"<p>{_text(said)}</p>"
        if wanted.words:
            yield f"<p>{escape(sights.words_by(sight))}</p>"
            yield tokens(sight.words, right_to_left=right_to_left)
        names = sights.names(sight)
        for view in sight.views:
            yield f"<h3>{_text(names[view.spec])}</h3>"
            yield from _figure(view, wanted, right_to_left)
    yield from (f"<p><small>{escape(sentence)}</small></p>" for sentence in legend(_all(found)))


def _figure(view: View, wanted: Wanted, right_to_left: bool) -> Iterator[str]:
    yield f"<p>{escape(sights.figures(view, wanted))}</p>"
    yield tokens(view.pieces, wanted.beside, right_to_left)
    if view.altered:
        sentence, spelled = sights.altered(view)
        yield f"<p>{escape(sentence)}<bdi>{escape(spelled)}</bdi></p>"
    if wanted.words and (cut := sights.cut_words(view)):
        joined = (BORDER.join(map(shown, parts)) for parts, _ in cut[:MOST_WORDS])
        listed = [f"<bdi>{escape(word)}</bdi>" for word in joined]
        listed += [f"{len(cut) - MOST_WORDS} more"] if len(cut) > MOST_WORDS else []
        yield f"<p>Cut: {', '.join(listed)}</p>"


def _text(sentence: str) -> str:
    return escape(line(sentence))


def _all(found: Sequence[Sight]) -> Iterator[Piece]:
    return chain.from_iterable(view.pieces for sight in found for view in sight.views)
