"""`tokaudit render saved.json` and `tokaudit schema`: a saved report again, and its shape."""

import sys
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tokaudit.cli import options as o
from tokaudit.cli.output import STDOUT, formats, to_stdout, write
from tokaudit.errors import BadReport
from tokaudit.text import line

if TYPE_CHECKING:
    from tokaudit.report import Report

Saved = Annotated[
    str, typer.Argument(metavar="REPORT", help="A report in JSON (-o report.json), or - for stdin.")
]


def render(
    report: Saved,
    format: o.Format = None,
    output: o.Outputs = None,
    color: o.Color = o.When.AUTO,
) -> None:
    """Write a saved report in any format, without auditing again.

    JSON holds all there is in a report: what is rendered from it later is
    byte by byte what the audit itself would have written. A file that was
    changed by hand, cut off, or written by a newer tokaudit is refused.

    [bold]Examples[/bold]

      [cyan]tokaudit render report.json[/cyan]

      [cyan]tokaudit render report.json -o report.html -o report.csv[/cyan]

      [cyan]tokaudit report -t o200k_base -f json | tokaudit render - -f markdown[/cyan]
    """
    wanted = formats(format, output or [])
    write(read(report), wanted, color)


def read(name: str) -> "Report":
    """Read a saved report from a file or, as `-`, from stdin; raises BadReport."""
    from tokaudit.restored import restored

    return restored(_held(name), "stdin" if name == STDOUT else name)


def _held(name: str) -> bytes:
    if name == STDOUT and sys.stdin is None:
        raise BadReport("cannot read a report from stdin: it is closed")
    try:
        return sys.stdin.buffer.read() if name == STDOUT else Path(name).read_bytes()
    except OSError as error:
        raise BadReport(f"cannot read {line(name)}: {error.strerror or error}") from error


def schema() -> None:
    """Print the JSON schema of saved reports (tokaudit/1).

    A schema that was published is not changed: another shape is tokaudit/2.

    [bold]Example[/bold]

      [cyan]tokaudit schema > tokaudit-1.json && check-jsonschema --schemafile tokaudit-1.json
      report.json[/cyan]
    """
    to_stdout(files("tokaudit").joinpath("schemas", "tokaudit-1.json").read_bytes())
