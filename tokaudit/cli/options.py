"""Options that several commands share, each defined once, and the corpus they describe."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tokaudit.corpus import Corpus

LONGEST_ROW = 8 * 2**20  # bytes
COMPARE, CORPUS, OUTPUT = "What to compare", "Corpus", "Output"

Corpora = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="CORPUS",
        help="Parquet: a file, directory, glob, Hive partitions, s3:// gs:// hf:// or"
        " builtin:parallel, builtin:code.",
        show_default="builtin:parallel",
    ),
]
Tokenizers = Annotated[
    list[str],
    typer.Option(
        "--tokenizer",
        "-t",
        metavar="SPEC",
        help="cl100k_base, org/name, hf:org/name@REV, ./dir, tokenizer.json, x.model,"
        " pkg:package/file, builtin:bytes. Repeat it to compare.",
        rich_help_panel=COMPARE,
    ),
]
Reference = Annotated[
    str | None,
    typer.Option(
        metavar="LANG",
        help="Language that premium compares with, on rows with the same id.",
        show_default="eng_Latn, en or eng",
        rich_help_panel=COMPARE,
    ),
]
Baseline = Annotated[
    str | None,
    typer.Option(
        metavar="SPEC",
        help="Tokenizer that nsl compares with.",
        show_default="the first",
        rich_help_panel=COMPARE,
    ),
]
Words = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="How words are found: icu (UAX #29 with dictionaries), whitespace, regex.",
        show_default="icu",
        rich_help_panel=COMPARE,
    ),
]
Langs = Annotated[
    list[str] | None,
    typer.Option(
        metavar="LANG",
        help="Read only this language (repeatable); names the language of a corpus that has no"
        " language column.",
        show_default="all",
        rich_help_panel=CORPUS,
    ),
]
TextColumn = Annotated[
    str, typer.Option(metavar="NAME", help="Column of texts.", rich_help_panel=CORPUS)
]
LangColumn = Annotated[
    str, typer.Option(metavar="NAME", help="Column of language labels.", rich_help_panel=CORPUS)
]
IdColumn = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Column that aligns parallel rows.",
        show_default="id, if there is one",
        rich_help_panel=CORPUS,
    ),
]
MaxRowBytes = Annotated[
    int,
    typer.Option(
        metavar="N", min=1, help="Leave out longer rows, and say so.", rich_help_panel=CORPUS
    ),
]
Format = Annotated[
    str | None,
    typer.Option(
        "--format",
        "-f",
        metavar="NAME",
        help="Format on stdout: terminal, markdown, json.",
        show_default="terminal",
        rich_help_panel=OUTPUT,
    ),
]
Outputs = Annotated[
    list[str] | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Write a file instead of stdout; its suffix picks the format (.md .json .txt)."
        " Repeatable.",
        rich_help_panel=OUTPUT,
    ),
]


class When(StrEnum):
    """When to write colours."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


Color = Annotated[
    When,
    typer.Option(
        metavar="WHEN",
        help="Colours: auto (heeds NO_COLOR), always, never.",
        rich_help_panel=OUTPUT,
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress.", rich_help_panel=OUTPUT)]


class Engine(StrEnum):
    """Who computes ids."""

    AUTO = "auto"
    FAST = "fast"
    REFERENCE = "reference"


EngineChoice = Annotated[
    Engine,
    typer.Option(
        "--engine",
        metavar="NAME",
        help="auto (fast on large corpora), fast (gigatoken, checked against the reference all"
        " through), reference.",
        rich_help_panel=COMPARE,
    ),
]
Offline = Annotated[
    bool,
    typer.Option("--offline", help="Use caches only; never the network.", rich_help_panel=COMPARE),
]

Compat = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME",
        help="Add a table of published classes: qtok (arXiv 2410.12989), magikarp (Land &"
        " Bartolo 2024). Repeatable.",
        rich_help_panel=COMPARE,
    ),
]
AllIds = Annotated[
    bool,
    typer.Option(
        "--all-ids",
        help="Add a table of all ids: class, script, verdict, reason, witness. For -o FILE.json.",
        rich_help_panel=OUTPUT,
    ),
]


def corpus(
    paths: list[str],
    langs: list[str] | None,
    columns: tuple[str, str, str | None],
    max_row_bytes: int,
) -> "Corpus":
    """Describe the corpus that the options name; nothing is opened yet."""
    from tokaudit.corpus import Corpus
    from tokaudit.parquet import Columns

    text, lang, row_id = columns
    named = Columns(text, lang, row_id or "id", row_id is not None)
    return Corpus(tuple(paths), named, tuple(langs or ()), max_row_bytes)
