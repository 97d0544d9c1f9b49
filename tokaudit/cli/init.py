"""`tokaudit init`: write a configuration for `tokaudit check` to begin with."""

from pathlib import Path
from typing import Annotated

import typer

from tokaudit.cli.saying import say
from tokaudit.errors import BadUsage
from tokaudit.text import line

Folder = Annotated[
    Path, typer.Argument(metavar="FOLDER", help="Where to look, and to write tokaudit.toml.")
]
Force = Annotated[bool, typer.Option("--force", help="Replace a tokaudit.toml that is there.")]


def init(folder: Folder = Path(), force: Force = False) -> None:
    """Write a commented tokaudit.toml with the tokenizers and corpora that are found here.

    [bold]Example[/bold]

      [cyan]tokaudit init && tokaudit check[/cyan]
    """
    from tokaudit.cli.output import check_writable
    from tokaudit.files import write_whole
    from tokaudit.gates.beginning import begin
    from tokaudit.gates.configuration import OWN

    check_writable(path := folder / OWN)
    if path.exists() and not force:
        raise BadUsage(f"{line(str(path))} is there already: --force replaces it")
    write_whole(path, begin(folder).encode())
    say(f"{line(str(path))}: written; `tokaudit check` holds its limits")
