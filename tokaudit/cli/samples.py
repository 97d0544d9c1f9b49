"""Options that say how rows are divided, and which are drawn for figures of whole documents."""

from typing import Annotated

import typer

from tokaudit.cli.options import CORPUS, RUN

By = Annotated[
    str | None,
    typer.Option(
        "--by",
        metavar="COLUMN",
        help="Divide each language by this column, such as domain: figures for each part.",
        rich_help_panel=CORPUS,
    ),
]
Seed = Annotated[
    int,
    typer.Option(
        metavar="N",
        min=0,
        max=2**63 - 1,
        help="Another number draws other rows, and divides documents otherwise for intervals.",
        rich_help_panel=RUN,
    ),
]
Sample = Annotated[
    int,
    typer.Option(
        metavar="N",
        min=1,
        help="About how many rows of each language are drawn for figures of whole documents:"
        " round trips, noise, prompt ends. Fewer where rows are longer than 512 bytes.",
        rich_help_panel=RUN,
    ),
]
AllRows = Annotated[
    bool,
    typer.Option("--all-rows", help="Draw every row; it takes longer.", rich_help_panel=RUN),
]
