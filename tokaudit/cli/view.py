"""`tokaudit view TEXT -t A -t B`: a text as tokenizers cut it, side by side."""

import os
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tokaudit.cli import options as o
from tokaudit.cli.progress import progress
from tokaudit.errors import BadTokenizer, BadUsage, TokauditError, UnknownName
from tokaudit.text import line

if TYPE_CHECKING:
    from tokaudit.cli.sights import Wanted
    from tokaudit.tokenizer import Tokenizer
    from tokaudit.view import Sight, Subject

SHOWN = 2_000  # characters
SOURCE, SHOW = "What to look at", "What to show"
SUFFIXES = {".txt": "terminal", ".md": "markdown", ".json": "json", ".html": "html"}


class Format(StrEnum):
    """How a view is written."""

    TERMINAL = "terminal"
    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"


Text = Annotated[
    str | None,
    typer.Argument(metavar="TEXT", help="The text; - reads stdin.", show_default=False),
]
File = Annotated[
    Path | None,
    typer.Option(metavar="PATH", help="Read the text from a file.", rich_help_panel=SOURCE),
]
Corpora = Annotated[
    list[str] | None,
    typer.Option(
        metavar="CORPUS",
        help="Look at rows of a corpus (Parquet, builtin:parallel): choose with --id or --row,"
        " and --lang.",
        rich_help_panel=SOURCE,
    ),
]
Id = Annotated[
    str | None,
    typer.Option("--id", metavar="ID", help="Rows with this id.", rich_help_panel=SOURCE),
]
Row = Annotated[
    int | None,
    typer.Option(metavar="N", min=1, help="The N-th row of each language.", rich_help_panel=SOURCE),
]
Lang = Annotated[
    list[str] | None,
    typer.Option(
        metavar="LANG",
        help="Rows of this language (repeatable).",
        show_default="all",
        rich_help_panel=SOURCE,
    ),
]
Ids = Annotated[bool, typer.Option("--ids", help="Ids below the tokens.", rich_help_panel=SHOW)]
Data = Annotated[
    bool,
    typer.Option("--bytes", help="Bytes that tokens stand for, below.", rich_help_panel=SHOW),
]
Words = Annotated[
    bool,
    typer.Option("--words", help="Word borders, and the words that are cut.", rich_help_panel=SHOW),
]
Limit = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        min=1,
        help="Show what begins in the first N characters; figures are of all.",
        show_default=f"{SHOWN:,}; in JSON all",
        rich_help_panel=SHOW,
    ),
]
Form = Annotated[
    Format | None,
    typer.Option(
        "--format",
        "-f",
        help="For a person, a document, a browser, or a program.",
        show_default="terminal",
        rich_help_panel=o.OUTPUT,
    ),
]
Outputs = Annotated[
    list[str] | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Write a file instead of stdout; its suffix picks the format (.txt .md .html .json)."
        " Repeatable.",
        rich_help_panel=o.OUTPUT,
    ),
]


def view(  # noqa: PLR0913, PLR0917
    tokenizer: o.Tokenizers,
    text: Text = None,
    file: File = None,
    corpus: Corpora = None,
    id: Id = None,
    row: Row = None,
    lang: Lang = None,
    ids: Ids = False,
    bytes: Data = False,
    words: Words = False,
    limit: Limit = None,
    offline: o.Offline = False,
    trust_remote_code: o.TrustRemoteCode = False,
    text_column: o.TextColumn = "text",
    lang_column: o.LangColumn = "lang",
    id_column: o.IdColumn = None,
    format: Form = None,
    output: Outputs = None,
    color: o.Color = o.When.AUTO,
    quiet: o.Quiet = False,
) -> None:
    r"""Show where tokenizers cut a text, token by token.

    Every token has a colour and a border; a dotted border lies within a
    character (a grapheme cluster). A token that holds part of a character is
    shown as bytes, one that stands for other text than it covers as a→b, text
    that no token covers as ⟨a⟩. Controls, bidi marks and what draws nothing
    are written as escapes. Tokens follow each other from left to right in the
    order of the text, also where their letters run from right to left; HTML
    lets such text run from right to left.

    [bold]Examples[/bold]

      [cyan]tokaudit view 'Größe 1234' -t cl100k_base -t o200k_base --ids[/cyan]

      [cyan]git diff | tokaudit view - -t ./model -o diff.html[/cyan]

      [cyan]tokaudit view --corpus builtin:parallel --id 001 --lang hin_Deva -t o200k_base[/cyan]
    """
    if offline:  # before any library looks
        os.environ["HF_HUB_OFFLINE"] = "1"
    from tokaudit.cli.output import chosen, put
    from tokaudit.cli.sights import Wanted
    from tokaudit.cli.texts import Chosen, read, rows
    from tokaudit.token_html import Beside
    from tokaudit.view import Subject

    _check(given=(text, file, corpus), chosen=(id, row), langs=lang)
    forms = chosen(format, output or [], _for_file)
    columns = (text_column, lang_column, id_column or (None if id is None else "id"))
    with progress(quiet) as stages:
        if corpus:
            texts = rows(o.corpus(corpus, lang, columns, o.LONGEST_ROW), Chosen(id, row))
        else:
            texts = [read(text, file)]
        loaded, refused = _loaded(stages.each(tokenizer, "loading"), trust_remote_code)
    for name, form in forms.items() if loaded else ():
        shown = limit or (None if form == Format.JSON else SHOWN)
        found = [_sight(Subject(*each, shown), loaded, refused) for each in texts]
        put(name, _rendered(found, Wanted(Beside(ids, bytes), words), form, color))
    if refused:
        raise BadTokenizer("\ntokaudit: ".join(dict.fromkeys(refused)))


def _for_file(name: str) -> str:
    """Say which format a file's suffix asks for; raises UnknownName."""
    suffix = Path(name).suffix.lower()
    if suffix not in SUFFIXES:
        known = ", ".join(SUFFIXES)
        raise UnknownName(f"no format is written to {line(name)!r}: end the name in {known}")
    return SUFFIXES[suffix]


def _check(given: tuple[object, ...], chosen: tuple[object, ...], langs: list[str] | None) -> None:
    """Raise BadUsage unless there is one text, or rows of one corpus."""
    if sum(each is not None for each in given) != 1:
        raise BadUsage("give one text to look at: TEXT, - for stdin, --file or --corpus")
    corpus, named = given[-1], sum(each is not None for each in chosen)
    if corpus and named != 1:
        raise BadUsage("say which rows of the corpus: --id ID or --row N")
    if not corpus and (named or langs):
        raise BadUsage("--id, --row and --lang choose rows of a --corpus")


def _loaded(specs: Iterable[str], trusted: bool) -> tuple[list["Tokenizer"], list[str]]:
    """Load each; the sentences are of those that were refused."""
    from tokaudit import loaders

    found, refused = [], []
    for spec in specs:
        try:
            found.append(loaders.load(spec, trusted))
        except TokauditError as error:
            refused.append(str(error))
    return found, refused


def _sight(subject: "Subject", loaded: Sequence["Tokenizer"], refused: list[str]) -> "Sight":
    """Let every tokenizer read a text; those that cannot are added to the refused."""
    from tokaudit.view import Sight, look, measured, segmented

    batch, views = subject.batch, []
    for tokenizer in loaded:
        try:
            views.append(look(tokenizer, subject, batch))
        except TokauditError as error:
            refused.append(str(error))
    return Sight(subject, measured(batch), segmented(batch, subject), tuple(views))


def _rendered(found: Sequence["Sight"], wanted: "Wanted", form: str, color: str) -> bytes:
    from tokaudit.cli import leaflets, tiles, view_json
    from tokaudit.cli.output import colored, width

    if form == Format.JSON:
        return view_json.document(found)
    if form == Format.TERMINAL:
        return tiles.page(found, wanted, width(), colored(color))
    return (leaflets.html if form == Format.HTML else leaflets.markdown)(found, wanted)
