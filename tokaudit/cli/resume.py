"""`--resume DIR`: a run that was killed goes on from the parts that it had finished."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tokaudit.cli.options import RUN
from tokaudit.cli.saying import say
from tokaudit.errors import Interrupted
from tokaudit.text import line

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

    def tell(sentence: str) -> None:
        if not quiet:
            say(f"tokaudit: {sentence}")

    return Resume(folder, tell) if folder else None


@contextmanager
def resumable(folder: Path | None) -> Iterator[None]:
    """Say where a run goes on if it is interrupted."""
    try:
        yield
    except KeyboardInterrupt as stopped:
        if folder is None:
            raise
        where = line(str(folder))
        raise Interrupted(f"interrupted; the same command goes on from {where}") from stopped
