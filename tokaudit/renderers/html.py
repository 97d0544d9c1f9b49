"""HTML for a browser: one file, no network; the verdict first, then ever closer looks.

The policy in its head lets nothing run and nothing load but the style and the script inside it.
"""

import base64
import hashlib
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup, escape

from tokaudit import charts, closer
from tokaudit.document import lay_out, short_names
from tokaudit.findings import RULES
from tokaudit.grids import NOTHING, Cell, Grid, spaced
from tokaudit.report import Report
from tokaudit.rules import SEVERITIES
from tokaudit.text import line, show
from tokaudit.token_html import boxes

SUFFIXES = (".html", ".htm")
LONGEST = 4_096  # letters of a part of a text
STEPS = 8  # shades of heat


def render(report: Report) -> bytes:
    """Return the page; the same report gives the same bytes."""
    document = lay_out(report)
    short = short_names(list(report.environment["tokenizers"]))
    severities = [
        (severity, [f for f in document.findings if f.severity == severity])
        for severity in reversed(SEVERITIES)
    ]
    page = (
        _environment()
        .get_template("page.html")
        .render(
            document=document,
            severities=[(severity, found) for severity, found in severities if found],
            rules=RULES,
            conditions=[(spaced(key), _said(value)) for key, value in report.conditions.items()],
            languages=list(closer.languages(report, short)),
            pictures=[(picture, _inline(picture)) for picture in charts.pictures(report, short)],
            missing="" if charts.can_draw() else charts.ABSENT,
            portraits=list(closer.portraits(report, short)),
            style=Markup(_part("style.css")),
            script=Markup(_part("script.js")),
            policy=_policy(),
        )
    )
    return page.encode()


@cache
def _environment() -> Environment:
    """Load the template so that everything it writes is shown and escaped."""
    environment = Environment(
        loader=FunctionLoader(_part),
        autoescape=True,
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"cell": _cell, "shade": shade}
    environment.filters["first_up"] = lambda text: text[:1].upper() + text[1:]
    environment.tests["shaded"] = _is_shaded
    return environment


def _shown(value: Any) -> Any:
    """Make whatever stands in a pair of braces safe to see; markup is what this module made."""
    return value if isinstance(value, Markup | int) else line(str(value))


@lru_cache(maxsize=65_536)
def _cell(cell: Cell) -> Markup:
    """Write a cell's text; a direction inside it ends with it, and a token of it is a box."""
    if cell.cut:
        parts = cell.text.split(cell.cut)
        return Markup(boxes(parts if cell.shown else [show(part, LONGEST) for part in parts]))
    text = escape(cell.text if cell.shown else line(cell.text))
    if cell.text.isascii() or cell.text == NOTHING:
        return text
    return Markup("<bdi>{}</bdi>").format(text)


def _inline(picture: charts.Picture) -> Markup:
    """Put a drawing into the page as one image with a name; its letters were escaped as XML."""
    named = Markup('<svg role="img" aria-label="{}" ').format(line(picture.title))
    return named + Markup(picture.svg.removeprefix("<svg "))


def _is_shaded(grid: Grid) -> bool:
    return any(cell.heat is not None for row in grid.rows for cell in row)


def shade(heat: float | None) -> int | None:
    """Take one of the shades, None for no heat.

    >>> shade(0.0), shade(0.5), shade(1.0), shade(None)
    (0, 4, 7, None)
    """
    return None if heat is None else min(STEPS - 1, int(heat * STEPS))


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key} = {each}" for key, each in value.items())
    return "none" if value is None else str(value)


@cache
def _part(name: str) -> str:
    return files("tokaudit").joinpath("page", name).read_text(encoding="utf-8")


def _policy() -> str:
    style, script = (_hash(_part(name)) for name in ("style.css", "script.js"))
    return (
        f"default-src 'none'; style-src '{style}'; script-src '{script}'; img-src data:;"
        " base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
