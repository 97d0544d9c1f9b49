"""The terminal: for a person at a prompt.

Every value is a `Text`, never markup: Rich reads a token such as `[/INST]` as a closing tag and
raises.
"""

import io
from collections.abc import Iterable, Iterator, Sequence

from rich.cells import cell_len
from rich.console import Console, Group, JustifyMethod, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tokaudit.document import Document, Section, lay_out
from tokaudit.grids import Cell, Grid
from tokaudit.report import Report
from tokaudit.text import line

SUFFIXES = (".txt",)
WIDTH = 100
ROWS, FEWEST_ROWS = 40, 13
GAP = 2  # between columns
WHOLE_WORD = 30  # a word longer than this may be torn before a shorter one is
BEST, QUIET, TITLE = "bold green", "dim", "bold"


def render(report: Report, width: int = WIDTH, colored: bool = False) -> bytes:
    """Return the document as text this wide; a narrow column folds, it is never cut."""
    return draw(_document(lay_out(report), width), width, colored)


def draw(parts: Iterable[RenderableType], width: int, colored: bool) -> bytes:
    """Draw one part below the other; nothing is markup, and no plain line ends in blanks."""
    page = io.StringIO()
    console = Console(
        file=page,
        width=width,
        force_terminal=colored,
        color_system="standard" if colored else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    for part in parts:
        console.print(part)
    lines = (each if colored else each.rstrip(" ") for each in page.getvalue().split("\n"))
    return "\n".join(lines).encode("utf-8", "backslashreplace")


def _document(document: Document, width: int) -> Iterator[RenderableType]:
    for section in document.sections:
        yield from _section(section, width)
    for found in document.findings:
        yield Text.assemble((f"{line(found.heading)}: ", "yellow"), line(found.said))
    if document.findings:
        yield Text()
    for section in document.sections:
        yield _verdicts(section)
    yield Text(line(document.signature), QUIET, overflow="fold")


def _section(section: Section, width: int) -> Iterator[RenderableType]:
    yield Text.assemble((section.name, TITLE), "  ", (line(section.question), QUIET))
    shown = [grid for grid in section.grids if not grid.detail]
    most = max(FEWEST_ROWS, ROWS // max(1, len(shown)))
    yield from (Padding(tabled(grid, most, width), (1, 0, 0, 0)) for grid in shown)
    yield Text()


def _verdicts(section: Section) -> RenderableType:
    lines = (Text.assemble((line(who), TITLE), ": ", line(said)) for who, said in section.verdicts)
    return Padding(Group(*lines), (0, 0, 1, 0))


def _safe(cell: Cell) -> str:
    """Write a cell so that no terminal obeys it."""
    return cell.text if cell.shown else line(cell.text)


def tabled(grid: Grid, most: int, room: int) -> RenderableType:
    """Make a grid a table of so many rows at most, with its notes, that fits into the room."""
    table = Table(box=None, pad_edge=False, header_style=QUIET)
    shown = [[_safe(cell) for cell in row] for row in grid.rows[:most]]
    columns = [[line(name), *(row[i] for row in shown)] for i, name in enumerate(grid.header)]
    widths = _widths(columns, grid.labels, room)
    for index, (column, width) in enumerate(zip(columns, widths, strict=True)):
        justify: JustifyMethod = "left" if index < grid.labels else "right"
        table.add_column(Text(column[0]), justify=justify, overflow="fold", width=width)
    for row, cells in zip(grid.rows[:most], shown, strict=True):
        table.add_row(*(Text(s, BEST if c.best else "") for s, c in zip(cells, row, strict=True)))
    notes = [Text(line(note), QUIET) for note in grid.notes]
    if (more := len(grid.rows) - most) > 0:
        notes.append(Text(f"… {more} more rows: write -o report.md or choose with --lang", QUIET))
    title = [Text(line(grid.title), TITLE)] if grid.title else []
    return Group(*title, table, *notes)


def _widths(columns: Sequence[Sequence[str]], labels: int, room: int) -> list[int | None]:
    """Give the widths that fit: the widest columns fold first, then words are torn, then figures.

    None lets Rich choose, where there is no room for a letter of each column.
    """
    room -= GAP * (len(columns) - 1)
    full = [max(map(cell_len, column)) for column in columns]
    words = [max(map(_longest_word, column)) for column in columns]
    words[0] = full[0]  # a name is one word
    figures = [0] * labels + [max(map(_longest_word, c[1:]), default=0) for c in columns[labels:]]
    for whole in (figures, [0] * len(columns)):
        for least in range(WHOLE_WORD, 0, -1):
            floors = [max(f, min(w, least)) for f, w in zip(whole, words, strict=True)]
            if sum(map(min, full, floors)) <= room:
                return [*_folded(full, floors, room)]
    return [None] * len(columns)


def _folded(full: Sequence[int], floors: Sequence[int], room: int) -> list[int]:
    """Narrow the widest columns to one width, none below its floor, until all fit."""
    for most in range(min(max(full), room), 0, -1):
        widths = [min(f, max(most, floor)) for f, floor in zip(full, floors, strict=True)]
        if sum(widths) <= room:
            return widths
    return [*map(min, full, floors)]


def _longest_word(text: str) -> int:
    return max(map(cell_len, text.split()), default=0)
