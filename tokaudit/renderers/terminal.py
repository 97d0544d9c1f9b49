"""The terminal: for a person at a prompt.

Every value is a `Text`, never markup: Rich reads a token such as `[/INST]` as a closing tag and
raises.
"""

import io
from collections.abc import Iterable, Iterator

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
WHOLE_NAME = 30  # a name no longer than this is never folded
BEST, QUIET, TITLE = "bold green", "dim", "bold"


def render(report: Report, width: int = WIDTH, colored: bool = False) -> bytes:
    """Return the document as text this wide; a narrow column folds, it is never cut."""
    return draw(_document(lay_out(report)), width, colored)


def draw(parts: Iterable[RenderableType], width: int, colored: bool) -> bytes:
    """Draw one part below the other; nothing in them is markup."""
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
    return page.getvalue().encode("utf-8", "backslashreplace")


def _document(document: Document) -> Iterator[RenderableType]:
    for section in document.sections:
        yield from _section(section)
    for found in document.findings:
        yield Text.assemble((f"{line(found.heading)}: ", "yellow"), line(found.said))
    if document.findings:
        yield Text()
    for section in document.sections:
        yield _verdicts(section)
    yield Text(line(document.signature), QUIET, overflow="fold")


def _section(section: Section) -> Iterator[RenderableType]:
    yield Text.assemble((section.name, TITLE), "  ", (line(section.question), QUIET))
    shown = [grid for grid in section.grids if not grid.detail]
    most = max(FEWEST_ROWS, ROWS // max(1, len(shown)))
    yield from (Padding(_grid(grid, most), (1, 0, 0, 0)) for grid in shown)
    yield Text()


def _verdicts(section: Section) -> RenderableType:
    lines = (Text.assemble((line(who), TITLE), ": ", line(said)) for who, said in section.verdicts)
    return Padding(Group(*lines), (0, 0, 1, 0))


def _safe(cell: Cell) -> str:
    """Write a cell so that no terminal obeys it."""
    return cell.text if cell.shown else line(cell.text)


def _grid(grid: Grid, most: int) -> RenderableType:
    table = Table(
        title=Text(line(grid.title), "bold not italic") if grid.title else None,
        title_justify="left",
        box=None,
        pad_edge=False,
        header_style=QUIET,
    )
    for index, name in enumerate(grid.header):
        justify: JustifyMethod = "left" if index < grid.labels else "right"
        longest = max((len(_safe(row[index])) for row in grid.rows), default=0)
        table.add_column(
            Text(line(name)),
            justify=justify,
            overflow="fold",
            no_wrap=index == 0 and longest <= WHOLE_NAME,
        )
    for row in grid.rows[:most]:
        table.add_row(*(Text(_safe(cell), BEST if cell.best else "") for cell in row))
    notes = [Text(line(note), QUIET) for note in grid.notes]
    if (more := len(grid.rows) - most) > 0:
        notes.append(Text(f"… {more} more rows: write -o report.md or choose with --lang", QUIET))
    return Group(table, *notes)
