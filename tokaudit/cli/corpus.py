"""`tokaudit corpus build`, `inspect`, `validate`: make Parquet corpora, and look at them."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from tokaudit.cli import options as o
from tokaudit.cli.build import build
from tokaudit.cli.progress import progress

if TYPE_CHECKING:
    from tokaudit.corpus import Corpus
    from tokaudit.inspection import Inspection


class Format(StrEnum):
    """How an inspection is written."""

    TERMINAL = "terminal"
    JSON = "json"


app = typer.Typer(
    help="Make Parquet corpora, and look at them.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)

Corpora = Annotated[
    list[str],
    typer.Argument(
        metavar="CORPUS",
        help="Parquet: a file, directory, glob, Hive partitions, s3:// gs:// hf:// or"
        " builtin:parallel, builtin:code.",
    ),
]
ReferenceLang = Annotated[
    str | None,
    typer.Option(
        metavar="LANG",
        help="Language whose ids the others should have.",
        show_default="eng_Latn, en or eng",
    ),
]
Form = Annotated[Format, typer.Option("--format", "-f", help="For a person, or for a program.")]
Strict = Annotated[bool, typer.Option("--strict", help="Let warnings fail too.")]


app.command()(build)


@app.command()
def inspect(  # noqa: PLR0913, PLR0917
    corpus: Corpora,
    lang: o.Langs = None,
    reference: ReferenceLang = None,
    text_column: o.TextColumn = "text",
    lang_column: o.LangColumn = "lang",
    id_column: o.IdColumn = None,
    max_row_bytes: o.MaxRowBytes = o.LONGEST_ROW,
    format: Form = Format.TERMINAL,
    color: o.Color = o.When.AUTO,
    quiet: o.Quiet = False,
) -> None:
    """Count what a corpus holds, language by language, and say what is wrong with it.

    Rows, bytes, characters, words, scripts, domains, and how many ids a
    language shares with the reference language. The corpus digest is the
    one that the signature of every report quotes.

    [bold]Examples[/bold]

      [cyan]tokaudit corpus inspect builtin:parallel[/cyan]

      [cyan]tokaudit corpus inspect 'data/**/*.parquet' --lang hin_Deva -f json[/cyan]
    """
    from tokaudit.cli import census
    from tokaudit.cli.output import colored, to_stdout, width

    texts = o.corpus(corpus, lang, (text_column, lang_column, id_column), max_row_bytes)
    found = _inspected(texts, reference, quiet)
    if format == Format.JSON:
        to_stdout(census.document(found))
    else:
        to_stdout(census.page(found, width(), colored(color)))


@app.command()
def validate(  # noqa: PLR0913, PLR0917
    corpus: Corpora,
    lang: o.Langs = None,
    reference: ReferenceLang = None,
    text_column: o.TextColumn = "text",
    lang_column: o.LangColumn = "lang",
    id_column: o.IdColumn = None,
    max_row_bytes: o.MaxRowBytes = o.LONGEST_ROW,
    strict: Strict = False,
    quiet: o.Quiet = False,
) -> None:
    """Print what is wrong with a corpus; exit with 2 if rows would be lost or falsify figures.

    Errors are rows that are null, blank, invalid UTF-8 or too long, and
    ids that occur twice in a language. Warnings are few rows, missing
    labels, rows that only the reference language has, texts that occur
    twice, and text that is not in Unicode normalization form C.

    [bold]Examples[/bold]

      [cyan]tokaudit corpus validate corpus.parquet[/cyan]

      [cyan]tokaudit corpus validate corpus.parquet --lang hin_Deva --strict[/cyan]
    """
    from tokaudit.cli import census
    from tokaudit.cli.output import to_stdout

    texts = o.corpus(corpus, lang, (text_column, lang_column, id_column), max_row_bytes)
    found = _inspected(texts, reference, quiet)
    to_stdout(census.verdict(found))
    if any(strict or each.severity == "error" for each in found.problems):
        raise typer.Exit(2)


def _inspected(corpus: "Corpus", reference: str | None, quiet: bool) -> "Inspection":
    from tokaudit import inspection

    rows = corpus.rows
    with progress(quiet) as stages:
        task = stages.bars.add_task("reading", total=rows)
        return inspection.inspect(corpus, reference, lambda n: stages.bars.advance(task, n))
