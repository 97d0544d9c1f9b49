"""Tiles: tokens side by side on a terminal, ids and bytes below them, folded to its width."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, zip_longest
from typing import NamedTuple

from rich.cells import cell_len, split_graphemes
from rich.console import RenderableType
from rich.text import Text

from tokaudit.cli import sights
from tokaudit.cli.sights import MOST_WORDS, Wanted
from tokaudit.legible import BORDER, INSIDE, hexadecimal, isolated, legend, shown, written
from tokaudit.pieces import ADDED, ALTERED, LEFT_OUT, PART, UNKNOWN, Piece
from tokaudit.renderers.terminal import draw
from tokaudit.text import line
from tokaudit.token_html import NOTHING, Beside
from tokaudit.view import Sight, View

# Two styles of each kind, by turns: a border is seen between any two tokens.
STYLES = {
    "": ("black on bright_cyan", "black on bright_green"),
    PART: ("black on bright_yellow", "black on yellow"),
    ALTERED: ("black on bright_magenta", "white on magenta"),
    ADDED: ("black on bright_magenta", "white on magenta"),
    UNKNOWN: ("white on red", "white on bright_red"),
    LEFT_OUT: ("dim", "dim"),
}
SIGN = QUIET = "dim"
TITLE, WARNING = "bold", "yellow"


class Tile(NamedTuple):
    """Rows of text in one style behind a border; `last` ends its line."""

    rows: tuple[str, ...]
    style: str
    border: str
    last: bool

    @property
    def width(self) -> int:
        """Cells of the widest row."""
        return max(map(cell_len, self.rows))


def page(found: Sequence[Sight], wanted: Wanted, width: int, colored: bool) -> bytes:
    """Draw texts as tokenizers cut them; no line is wider than `width`."""
    return draw(_page(found, wanted, width), width, colored)


def _page(found: Sequence[Sight], wanted: Wanted, width: int) -> Iterator[RenderableType]:
    for sight in found:
        yield Text(line(sights.about(sight)), TITLE, overflow="fold")
        if said := sights.shortened(sight):
            yield Text(said, QUIET)
        yield Text()
        if wanted.words:
            yield Text(sights.words_by(sight), QUIET)
            yield from lay(tiles(sight.words), width)
            yield Text()
        names = sights.names(sight)
        for view in sight.views:
            yield from _view(view, names[view.spec], wanted, width)
    drawn = chain.from_iterable(view.pieces for sight in found for view in sight.views)
    yield from (Text(sentence, QUIET) for sentence in legend(drawn))


def _view(view: View, name: str, wanted: Wanted, width: int) -> Iterator[RenderableType]:
    said = sights.figures(view, wanted)
    yield Text.assemble((line(name), TITLE), "  ", said, overflow="fold")
    yield from lay(tiles(view.pieces, wanted.beside), width)
    if view.altered:
        sentence, spelled = sights.altered(view)
        yield Text(sentence + isolated(spelled), WARNING, overflow="fold")
    if wanted.words and (cut := sights.cut_words(view)):
        yield Text("Cut: " + ", ".join(_parts(cut)), overflow="fold")
    yield Text()


def _parts(cut: Sequence[tuple[tuple[bytes, ...], int]]) -> Iterator[str]:
    for parts, count in cut[:MOST_WORDS]:
        often = f" ×{count}" if count > 1 else ""
        yield BORDER.join(isolated(shown(part)) for part in parts) + often
    if len(cut) > MOST_WORDS:
        yield f"{len(cut) - MOST_WORDS} more"


def tiles(pieces: Iterable[Piece], beside: Beside = NOTHING) -> Iterator[Tile]:
    """Make a tile of every piece; a line of the text ends a line of tiles."""
    for number, piece in enumerate(pieces):
        rows = [written(piece, isolated)]
        rows += ["" if piece.id is None else str(piece.id)] if beside.ids else []
        rows += [hexadecimal(piece)] if beside.data else []
        style = STYLES[piece.mark][number % 2]
        border = INSIDE if piece.inside else BORDER
        yield Tile(tuple(rows), style, border, b"\n" in piece.covered)


def lay(laid: Iterable[Tile], width: int) -> Iterator[Text]:
    """Lay tiles in lines no wider than `width`, a border before each and one at the end."""
    room, line, used = width - cell_len(BORDER), list[Tile](), 0
    for tile in laid:
        needed = cell_len(tile.border) + tile.width
        if line and used + needed > room:
            yield from _drawn(line)
            line, used = [], 0
        if needed > room:
            yield from _folded(tile, room - cell_len(tile.border))
            continue
        line, used = [*line, tile], used + needed
        if tile.last:
            yield from _drawn(line)
            line, used = [], 0
    if line:
        yield from _drawn(line)


def _drawn(line: Sequence[Tile]) -> Iterator[Text]:
    for row in range(len(line[0].rows)):
        text = Text(no_wrap=True, overflow="ignore")
        for tile in line:
            said = tile.rows[row]
            text.append(tile.border, SIGN)
            text.append(said + " " * (tile.width - cell_len(said)), tile.style)
        yield text.append(BORDER, SIGN)


def _folded(tile: Tile, room: int) -> Iterator[Text]:
    """Draw a tile that is wider than a line on several."""
    parts = zip_longest(*(_chunks(row, room) for row in tile.rows), fillvalue="")
    for number, rows in enumerate(parts):
        border = " " * cell_len(tile.border) if number else tile.border
        yield from _drawn([tile._replace(rows=rows, border=border)])


def _chunks(text: str, room: int) -> list[str]:
    """Cut a text between grapheme clusters into parts that fit."""
    chunks, used = [""], 0
    for start, end, cells in split_graphemes(text)[0]:
        if used + cells > room and chunks[-1]:
            chunks.append("")
            used = 0
        chunks[-1] += text[start:end]
        used += cells
    return chunks
