"""`tokaudit corpus build`: make a Parquet corpus out of text, JSONL, CSV, TSV and Parquet files."""

from pathlib import Path
from typing import Annotated

import typer

from tokaudit.cli import options as o
from tokaudit.cli.saying import say
from tokaudit.errors import BadUsage

Inputs = Annotated[
    list[str],
    typer.Argument(
        metavar="INPUT",
        help="Files .txt .jsonl .csv .tsv .parquet (also .gz .bz2 .zst .lz4), or a pattern such as"
        " 'data/{lang}.txt': {lang}, {id} and {domain} stand for what a path says, * for anything.",
    ),
]
Output = Annotated[
    Path, typer.Option("--output", "-o", metavar="FILE", help="The Parquet file to write.")
]
Lang = Annotated[
    str | None, typer.Option(metavar="LANG", help="Language of all rows, where no file says it.")
]
DomainColumn = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Column of domains, such as news.",
        show_default="domain, if there is one",
        rich_help_panel=o.CORPUS,
    ),
]
Lines = Annotated[
    bool, typer.Option("--lines", help="Read every input as one text a line, whatever its name.")
]
Whole = Annotated[
    bool, typer.Option("--whole", help="Read every input as one text, whatever its name.")
]
Aligned = Annotated[
    bool,
    typer.Option(
        "--aligned",
        help="Line n of every text file says the same thing: its number becomes its id.",
    ),
]
Longest = Annotated[
    int,
    typer.Option(
        metavar="N", min=1, max=o.MOST, help="Refuse longer lines, cells and whole files."
    ),
]


def build(  # noqa: PLR0913, PLR0917
    inputs: Inputs,
    output: Output,
    lang: Lang = None,
    aligned: Aligned = False,
    lines: Lines = False,
    whole: Whole = False,
    text_column: o.TextColumn = "text",
    lang_column: o.LangColumn = "lang",
    id_column: o.IdColumn = None,
    domain_column: DomainColumn = None,
    max_row_bytes: Longest = o.LONGEST_ROW,
) -> None:
    """Make one Parquet corpus out of texts in many files.

    Rows keep their order, and texts and labels stay as they are written.
    No column is guessed. What cannot be read stops the build and is
    named by file and line; then nothing is written.

    [bold]Examples[/bold]

    One sentence a line, the language in the name, line n the same in all

      [cyan]tokaudit corpus build 'data/{lang}.txt' --aligned -o corpus.parquet[/cyan]

    A table with names of its own for its columns

      [cyan]tokaudit corpus build a.csv --text-column sentence --lang de -o a.parquet[/cyan]

    Programs, one whole file a row

      [cyan]tokaudit corpus build --whole 'src/**/*.py' --lang python -o code.parquet[/cyan]
    """
    from tokaudit import building
    from tokaudit.records.asked import Asked
    from tokaudit.text import line

    if lines and whole:
        raise BadUsage("--lines and --whole contradict each other: give one")
    named = {"text": text_column, "lang": lang_column, "id": id_column, "domain": domain_column}
    columns = {each: name for each, name in named.items() if name is not None}
    said = {} if lang is None else {"lang": lang}
    form = "lines" if lines else "whole" if whole else None
    found = building.find(inputs, Asked(columns, said, aligned, max_row_bytes), form)
    rows = building.build(found, output)
    kinds = f"{len(rows)} language{'s' * (len(rows) != 1)}"
    say(f"{line(str(output))}: {rows.total():,} rows in {kinds}")
