"""Options that several commands share, each defined once, and the corpus they describe."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from tokaudit import rooms

if TYPE_CHECKING:
    from tokaudit.corpus import Corpus

LONGEST_ROW, MOST = 8 * 2**20, 2**48  # bytes; anything that is asked for by its number
COMPARE, CORPUS, RUN, OUTPUT = "What to compare", "Corpus", "How to run", "Output"

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
        help="cl100k_base, org/name, hf:org/name@REV, auto:org/name, ./dir, tokenizer.json,"
        " x.model, x.gguf, x.tiktoken?pattern=NAME, pkg:package/file, builtin:bytes. Repeat it to"
        " compare.",
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
        help="How words are found: icu (UAX #29 with dictionaries), whitespace, regex, or a file"
        " x.conllu whose sentences are rows of the corpus.",
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
        metavar="N",
        min=1,
        max=MOST,
        help="Leave out longer rows, and say so.",
        rich_help_panel=CORPUS,
    ),
]
Format = Annotated[
    str | None,
    typer.Option(
        "--format",
        "-f",
        metavar="NAME",
        help=f"Format, whatever the suffix of -o: {', '.join(rooms.names('tokaudit.renderers'))}.",
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
        help="Write a file instead of stdout; its suffix picks the format (.html .md"
        " .comment.md .json .jsonl .csv .parquet .tex .xml .sarif .txt). Repeatable.",
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
Quiet = Annotated[
    bool, typer.Option("--quiet", "-q", help="No progress, no last line.", rich_help_panel=OUTPUT)
]


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
        help="auto (fast where it pays), fast (with gigatoken, checked against the reference all"
        " through), reference.",
        rich_help_panel=RUN,
    ),
]
Whole = Annotated[
    bool,
    typer.Option(
        "--whole",
        help="Read every document whole; by default equal parts of documents are read once, where"
        " that is proven to give the same ids.",
        rich_help_panel=RUN,
    ),
]
Jobs = Annotated[
    int,
    typer.Option(
        "--jobs", "-j", metavar="N", min=1, help="Processes that read.", rich_help_panel=RUN
    ),
]
Memory = Annotated[
    str,
    typer.Option(
        metavar="SIZE",
        help="About what reading may take beside the loaded tokenizers: 500MB, 2GB, ...",
        rich_help_panel=RUN,
    ),
]


class Backend(StrEnum):
    """Where the work is done."""

    PROCESSES = "processes"
    RAY = "ray"


BackendChoice = Annotated[
    Backend,
    typer.Option(
        "--backend",
        metavar="NAME",
        help="processes of this machine, or ray: the cluster RAY_ADDRESS names, else Ray here.",
        rich_help_panel=RUN,
    ),
]
ShardChoice = Annotated[
    str | None,
    typer.Option(
        "--shard",
        metavar="I/N",
        help="Read only the I-th of N parts of the corpus and write its totals to -o, for merge.",
        rich_help_panel=RUN,
    ),
]
Offline = Annotated[
    bool,
    typer.Option("--offline", help="Use caches only; never the network.", rich_help_panel=COMPARE),
]
TrustRemoteCode = Annotated[
    bool,
    typer.Option(
        "--trust-remote-code",
        help="Let auto: run Python code that comes with a tokenizer. Read that code first.",
        rich_help_panel=COMPARE,
    ),
]


def corpus(
    paths: list[str],
    langs: list[str] | None,
    columns: tuple[str, str, str | None],
    max_row_bytes: int,
    by: str | None = None,
) -> "Corpus":
    """Describe the corpus that the options name; nothing is opened yet."""
    from tokaudit.corpus import Corpus
    from tokaudit.parquet import Columns

    text, lang, row_id = columns
    named = Columns(text, lang, row_id or "id", row_id is not None, by)
    return Corpus(tuple(paths), named, tuple(langs or ()), max_row_bytes)
