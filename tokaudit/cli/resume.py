"""`--resume DIR`: a run that was killed goes on from the parts that it had finished."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tokaudit.cli.options import RUN

if TYPE_CHECKING:
    from tokaudit.options import Resume

Choice = Annotated[
    Path | None,
    typer.Option(
        "--resume",
        metavar="DIR",
        help="Keep each finished part of the run in this folder, and go on from those that are"
        " there: the same command again resumes a run that was killed.",
        rich_help_panel=RUN,
    ),
]


def resuming(folder: Path | None, quiet: bool) -> "Resume | None":
    """Say where finished parts are kept, if they are to be, and tell a person what was there."""
    from tokaudit.options import Resume

    def say(sentence: str) -> None:
        if not quiet:
            typer.echo(f"tokaudit: {sentence}", err=True)

    return Resume(folder, say) if folder else None
