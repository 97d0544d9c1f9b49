"""Charts: one file, one picture, as plain Vega-Lite; vl-convert draws it where it is installed.

https://vega.github.io/vega-lite/docs/ for the specifications. Text in them is data and never an
expression; nothing is loaded from anywhere.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Protocol, cast

from tokaudit import rooms
from tokaudit.report import Report
from tokaudit.text import line

Spec = dict[str, Any]
VERSION = "v5.21"
ABSENT = "Charts are drawn where the extra plots is installed: pip install 'tokaudit[plots]'."
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"  # the first comes with vl-convert
# Told apart by people who see colours differently (Okabe & Ito 2008), and by shape besides.
PALETTE = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c6d31", "#777777"]
SHAPES = ["circle", "square", "triangle-up", "diamond", "cross", "triangle-down"]
LONGEST = 36  # letters of a name
CONFIG: Spec = {
    "aria": False,  # the picture has a name, and its figures are in tables
    "background": "white",
    "font": FONT,
    "axis": {"labelFontSize": 11, "titleFontSize": 11, "labelLimit": 220},
    "legend": {"labelFontSize": 11, "titleFontSize": 11, "labelLimit": 220, "columns": 1},
    "header": {"labelFontSize": 11, "labelLimit": 220},
    "view": {"stroke": None},
    "range": {"category": PALETTE, "symbol": SHAPES},
}


class Chart(Protocol):
    """A module is a chart if it has these; its docstring is the caption."""

    AUDIT: str
    TITLE: str

    def chart(self, report: Report, names: Mapping[str, str]) -> Spec | None:
        """Return Vega-Lite without a configuration, None if there is nothing to draw."""


@dataclass(frozen=True)
class Picture:
    """A chart that was drawn: SVG with a white background, and what it shows in words."""

    name: str
    audit: str
    title: str
    caption: str
    svg: str


def specs(report: Report, short: Mapping[str, str]) -> Iterator[tuple[str, Chart, Spec]]:
    """Give every chart that the report has figures for."""
    names = {spec: _brief(name) for spec, name in short.items()}
    for name in rooms.names(__name__):
        module = cast(Chart, rooms.enter(__name__, name))
        if module.AUDIT in report.sections and (spec := module.chart(report, names)):
            yield name, module, spec


def pictures(report: Report, short: Mapping[str, str]) -> tuple[Picture, ...]:
    """Draw every chart; none where vl-convert is not installed."""
    if not can_draw():
        return ()
    return tuple(
        Picture(name, module.AUDIT, module.TITLE, _caption(name), drawn(spec))
        for name, module, spec in specs(report, short)
    )


def can_draw() -> bool:
    """Say whether the extra `plots` is installed."""
    return find_spec("vl_convert") is not None


def drawn(spec: Spec) -> str:
    """Draw a chart as SVG; the same chart gives the same letters."""
    import vl_convert

    whole = {"$schema": "https://vega.github.io/schema/vega-lite/v5.json", **spec, "config": CONFIG}
    return str(vl_convert.vegalite_to_svg(whole, vl_version=VERSION, allowed_base_urls=[]))


def marks(names: Mapping[str, str]) -> Spec:
    """Tell tokenizers apart by colour and by shape, in one legend."""
    channel = {
        "field": "tokenizer",
        "type": "nominal",
        "scale": {"domain": list(names.values())},
        "legend": {"orient": "top", "columns": 3, "title": None},
    }
    return {"color": channel, "shape": channel}


def _caption(name: str) -> str:
    return rooms.docstring(__name__, name).partition("\n\n")[0].replace("\n", " ")


def _brief(name: str) -> str:
    shown = line(name)
    return shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 1]}…"
