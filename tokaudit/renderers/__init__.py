"""Renderers: one file, one format. Each is a pure function from a report to bytes."""

from pathlib import PurePath
from typing import Protocol, cast

from tokaudit import rooms
from tokaudit.errors import UnknownName
from tokaudit.report import Report
from tokaudit.text import line


class Renderer(Protocol):
    """A module is a renderer if it has these (PEP 544 lets a module satisfy a protocol)."""

    SUFFIXES: tuple[str, ...]

    def render(self, report: Report) -> bytes:
        """Return the whole report as bytes."""


def names() -> list[str]:
    """List every format there is."""
    return rooms.names(__name__)


def get(name: str) -> Renderer:
    """Find a renderer by the name of its format; raises UnknownName."""
    return cast(Renderer, rooms.enter(__name__, name))


def for_file(name: str) -> str:
    """Say which format a file's suffix asks for; raises UnknownName."""
    suffixes = {suffix: each for each in names() for suffix in get(each).SUFFIXES}
    fitting = [suffix for suffix in suffixes if PurePath(name).name.lower().endswith(suffix)]
    if not fitting:
        raise UnknownName(
            f"no format is written to {line(name)!r}: end the name in {', '.join(sorted(suffixes))}"
        )
    return suffixes[max(fitting, key=len)]  # x.sarif.json is SARIF
