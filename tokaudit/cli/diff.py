"""`tokaudit diff old.json new.json`: what changed between two saved reports?"""

from typing import Annotated

import typer

from tokaudit.cli import options as o
from tokaudit.cli.output import STDOUT, formats, spare_reports, write
from tokaudit.cli.saved import read
from tokaudit.errors import BadUsage

JSON = "a report in JSON (-o report.json), or - for stdin."
Old = Annotated[str, typer.Argument(metavar="OLD", help=f"What it was: {JSON}")]
New = Annotated[str, typer.Argument(metavar="NEW", help=f"What it is: {JSON}")]
Langs = Annotated[
    list[str] | None,
    typer.Option(metavar="LANG", help="Only this language (repeatable).", show_default="all"),
]
ExitCode = Annotated[
    bool, typer.Option("--exit-code", help="Exit with 1 if anything changed, as git diff does.")
]


def diff(  # noqa: PLR0913, PLR0917
    old: Old,
    new: New,
    lang: Langs = None,
    exit_code: ExitCode = False,
    format: o.Format = None,
    output: o.Outputs = None,
    color: o.Color = o.When.AUTO,
) -> None:
    """Say what changed between two saved reports, of any command.

    Tokenizers, the text that was read, figures (the largest change first, with
    their intervals), words, and findings. A tokenizer is known by its name or
    else by its identity; the only ones of two reports are held against each
    other whatever they are called. New findings are the findings of the diff:
    annotations with -f github, failures with -o diff.xml.

    [bold]Examples[/bold]

      [cyan]tokaudit diff old.json new.json[/cyan]

      [cyan]tokaudit diff old.json new.json --lang hin_Deva --exit-code[/cyan]

      [cyan]tokaudit diff main.json branch.json -f markdown > comment.md[/cyan]
    """
    from tokaudit.diff import reporting
    from tokaudit.diff.sides import Sides

    if old == new == STDOUT:
        raise BadUsage("stdin holds one report: name a file for the other")
    wanted = formats(format, output or [])
    spare_reports(wanted, (old, new))
    found = reporting.report(Sides(read(old), read(new), frozenset(lang or ())))
    write(found, wanted, color)
    if exit_code and reporting.differs(found):
        raise typer.Exit(1)
