"""`tokaudit parity A B` and `tokaudit snapshot SPEC`: is this the tokenizer it should be?"""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tokaudit.cli import options as o
from tokaudit.cli.progress import progress
from tokaudit.cli.saying import say
from tokaudit.errors import BadUsage

if TYPE_CHECKING:
    from tokaudit.parity.sides import Side

IDS = ".jsonl"
SPEC = "a tokenizer (./dir, auto:./dir, org/name@REV, cl100k_base, x.model ...) or an ids.jsonl"
First = Annotated[str, typer.Argument(metavar="A", help=f"What it should be: {SPEC}.")]
Second = Annotated[str, typer.Argument(metavar="B", help="What it is: the same choice.")]
Spec = Annotated[str, typer.Argument(metavar="SPEC", help="The tokenizer.")]
Corpora = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="CORPUS",
        help="Parquet, or builtin:parallel, builtin:code: its rows besides the probes.",
        show_default="probes only",
    ),
]
Examples = Annotated[
    int, typer.Option(metavar="N", min=0, help="Rows to show: those that differ most.")
]
Output = Annotated[
    Path, typer.Option("--output", "-o", metavar="FILE", help="The file to write (.jsonl).")
]
Sampled = Annotated[
    int | None,
    typer.Option(
        "--rows",
        metavar="N",
        min=1,
        help="At most N distinct rows of each language, chosen by a hash of text and seed.",
        show_default="all",
        rich_help_panel=o.CORPUS,
    ),
]
Seed = Annotated[
    int,
    typer.Option(
        metavar="N", min=0, max=2**63 - 1, help="Another sample.", rich_help_panel=o.CORPUS
    ),
]


def parity(  # noqa: PLR0913, PLR0917
    a: First,
    b: Second,
    corpus: Corpora = None,
    examples: Examples = 10,
    offline: o.Offline = False,
    lang: o.Langs = None,
    text_column: o.TextColumn = "text",
    lang_column: o.LangColumn = "lang",
    max_row_bytes: o.MaxRowBytes = o.LONGEST_ROW,
    format: o.Format = None,
    output: o.Outputs = None,
    color: o.Color = o.When.AUTO,
    trust_remote_code: o.TrustRemoteCode = False,
    quiet: o.Quiet = False,
) -> None:
    r"""Say whether two tokenizers give the same ids, row by row; exit with 1 if they do not.

    Both encode a fixed set of probes and every row of the corpus as ordinary
    text. The report names the rows that differ by language and kind of text,
    the first stage that differs (normaliser, pre-tokenizer, model ...), the
    place in the text, the worst rows, and ids that stand for other bytes.

    [bold]Examples[/bold]

    Does transformers build what tokenizer.json says?

      [cyan]tokaudit parity ./model auto:./model[/cyan]

    Did a new version change it, on the text you use?

      [cyan]tokaudit parity org/name@v1 org/name@v2 corpus.parquet[/cyan]

    Does another runtime agree? (ids.jsonl: lines such as {"text": "hi", "ids": \[6151]})

      [cyan]tokaudit parity ./model ids.jsonl[/cyan]
    """
    if offline:  # before any library looks
        os.environ["HF_HUB_OFFLINE"] = "1"
    from tokaudit.cli.output import formats, spare, write
    from tokaudit.parity import comparison, reporting

    wanted = formats(format, output or [])
    columns = (text_column, lang_column, None)
    texts = o.corpus(corpus, lang, columns, max_row_bytes) if corpus else None
    rows = texts.rows if texts else 0
    if texts:
        spare(wanted, texts)
    with progress(quiet) as stages:
        first, second = (_side(spec, trust_remote_code) for spec in stages.each([a, b], "loading"))
        task = stages.bars.add_task("comparing", total=rows or None)
        found = comparison.compare(
            first,
            second,
            comparison.Scope(texts, tuple(lang or ()), examples),
            lambda n: stages.bars.advance(task, n),
        )
    write(reporting.report(found), wanted, color)
    if not found.equal:
        raise typer.Exit(1)


def _side(spec: str, trusted: bool) -> "Side":
    """Open a file of ids, or load a tokenizer."""
    from tokaudit import loaders
    from tokaudit.parity.recorded import Recorded
    from tokaudit.parity.sides import Running

    return Recorded.open(spec) if spec.endswith(IDS) else Running(loaders.load(spec, trusted))


def snapshot(  # noqa: PLR0913, PLR0917
    spec: Spec,
    output: Output,
    corpus: Corpora = None,
    rows: Sampled = None,
    seed: Seed = 0,
    offline: o.Offline = False,
    lang: o.Langs = None,
    text_column: o.TextColumn = "text",
    lang_column: o.LangColumn = "lang",
    max_row_bytes: o.MaxRowBytes = o.LONGEST_ROW,
    trust_remote_code: o.TrustRemoteCode = False,
    quiet: o.Quiet = False,
) -> None:
    """Write a tokenizer's ids into a file that `tokaudit parity` compares elsewhere.

    One JSON object a line: a header that names the tokenizer and its identity,
    then text and ids of every probe and of the rows of the corpus. Write it
    where it works, compare it where you deploy.

    [bold]Examples[/bold]

      [cyan]tokaudit snapshot ./model -o ids.jsonl[/cyan]

      [cyan]tokaudit snapshot auto:org/name corpus.parquet --rows 100 -o ids.jsonl[/cyan]
    """
    if offline:  # before any library looks
        os.environ["HF_HUB_OFFLINE"] = "1"
    from tokaudit import loaders
    from tokaudit.cli.output import check_writable
    from tokaudit.parity.snapshot import Sample, write
    from tokaudit.text import line

    if output.suffix != IDS:
        raise BadUsage(f"{line(str(output))} would not be known as ids: end its name in {IDS}")
    check_writable(output)
    columns = (text_column, lang_column, None)
    texts = o.corpus(corpus, lang, columns, max_row_bytes) if corpus else None
    with progress(quiet) as stages:
        specs = stages.each([spec], "loading")
        (tokenizer,) = (loaders.load(each, trust_remote_code) for each in specs)
        task = stages.bars.add_task("encoding", total=None)
        written = write(
            output, tokenizer, texts, Sample(rows, seed), lambda n: stages.bars.advance(task, n)
        )
    say(f"{line(str(output))}: {written:,} rows of ids")
