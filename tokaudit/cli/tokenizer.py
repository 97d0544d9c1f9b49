"""`tokaudit tokenizer list`, `inspect`, `doctor`: what loads here, what it is, what is wrong."""

import os
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tokaudit.cli import options as o
from tokaudit.errors import BadTokenizer, TokauditError

if TYPE_CHECKING:
    from tokaudit.cli.sheets import Sheet
    from tokaudit.portrait import Portrait


class Format(StrEnum):
    """How a page is written."""

    TERMINAL = "terminal"
    MARKDOWN = "markdown"
    JSON = "json"


app = typer.Typer(
    help="See which tokenizers load here, what one is, and whether all is well.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)

Specs = Annotated[
    list[str], typer.Argument(metavar="SPEC", help="A tokenizer, as it is written after -t.")
]
Form = Annotated[
    Format, typer.Option("--format", "-f", help="For a person, a document, or a program.")
]


@app.command("list")
def list_(form: Form = Format.TERMINAL, color: o.Color = o.When.AUTO) -> None:
    r"""List the tokenizers that can be loaded here and now, each by the spec that loads it.

    Vocabulary files inside installed packages (which are not imported),
    tiktoken's encodings and whether their files are cached, tokenizers in
    the Hub's cache by commit, and the two that are built in.

    [bold]Examples[/bold]

      [cyan]tokaudit tokenizer list[/cyan]

      [cyan]tokaudit tokenizer list -f json | jq -r '.tokenizers\[] | select(.ready).spec'[/cyan]
    """
    from tokaudit.catalogue import catalogue
    from tokaudit.cli import holdings

    found = list(catalogue())
    data = {"tokenizers": [each._asdict() for each in found]}
    _write(form, color, "Tokenizers", holdings.sheets(found), "tokaudit-tokenizers/1", data)


@app.command()
def inspect(
    spec: Specs,
    offline: o.Offline = False,
    form: Form = Format.TERMINAL,
    color: o.Color = o.When.AUTO,
) -> None:
    """Say what a tokenizer is, where it comes from, and what about it will surprise.

    Algorithm and vocabulary; the stages text goes through; special and
    added tokens; what a round trip loses; files, versions and licence;
    the three digests that reports quote. One that cannot be loaded does
    not keep the others from being shown; the exit code is then 3.

    [bold]Examples[/bold]

      [cyan]tokaudit tokenizer inspect o200k_base[/cyan]

      [cyan]tokaudit tokenizer inspect ./llama3 ./llama2 -f markdown > tokenizers.md[/cyan]
    """
    if offline:  # before any library looks
        os.environ["HF_HUB_OFFLINE"] = "1"
    from tokaudit.cli import portraits

    found, refused = _portrayed(spec)
    if found:
        several = len(spec) > 1
        pages = [sheet for each in found for sheet in portraits.sheets(each, several)]
        data = {"tokenizers": [portraits.record(each) for each in found]}
        title = "Tokenizers" if several else f"Tokenizer {found[0].spec}"
        _write(form, color, title, pages, "tokaudit-tokenizer/1", data)
    if refused:
        raise BadTokenizer("\ntokaudit: ".join(refused))


@app.command()
def doctor(form: Form = Format.TERMINAL, color: o.Color = o.When.AUTO) -> None:
    r"""Check this installation; exit with 2 if something keeps it from working.

    Versions of all libraries and Unicode tables, optional parts, caches,
    what works without a network, the encoding of the terminal. Each line
    is ok, a note or a problem, with what to do about it. No network is
    used.

    [bold]Examples[/bold]

      [cyan]tokaudit tokenizer doctor[/cyan]

      [cyan]tokaudit tokenizer doctor -f json | jq '.checks\[] | select(.state != "ok")'[/cyan]
    """
    from tokaudit.checkup import checkup
    from tokaudit.cli import holdings

    checks = list(checkup())
    data = {"checks": [each._asdict() for each in checks]}
    _write(form, color, "Checkup", holdings.advice(checks), "tokaudit-checkup/1", data)
    if any(each.state == "problem" for each in checks):
        raise typer.Exit(2)


def _portrayed(specs: list[str]) -> tuple[list["Portrait"], list[str]]:
    """Load and portray each; the sentences are of those that were refused."""
    from tokaudit import loaders
    from tokaudit.portrait import portray

    found, refused = [], []
    for spec in specs:
        try:
            found.append(portray(loaders.load(spec)))
        except TokauditError as error:
            refused.append(str(error))
    return found, refused


def _write(  # noqa: PLR0913, PLR0917
    form: Format, color: str, title: str, sheets: list["Sheet"], schema: str, data: dict[str, Any]
) -> None:
    """Write a page in the form that was asked for."""
    from tokaudit.cli import sheets as written
    from tokaudit.cli.output import colored, to_stdout, width

    if form == Format.JSON:
        to_stdout(written.document(schema, **data))
    elif form == Format.MARKDOWN:
        to_stdout(written.markdown(title, sheets))
    else:
        to_stdout(written.terminal(sheets, width(), colored(color)))
