"""`tokaudit fertility`, `tokaudit digits`, ...: one command an audit; `report` is all of them."""

import inspect
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import typer

from tokaudit import rooms
from tokaudit.cli import options as o
from tokaudit.cli.output import write
from tokaudit.cli.progress import progress

if TYPE_CHECKING:
    from tokaudit.audits import Audit

AUDITS = "tokaudit.audits"
DEFAULT_CORPUS = "builtin:parallel"
REPORT = """Run every audit and write one report.

Without -o the report goes to stdout; with it, to files whose suffixes pick the formats."""

# Options that only one audit's own command has; each asks for some of its optional tables.
OWN: dict[str, dict[str, Any]] = {"vocabulary": {"compat": o.Compat, "all_ids": o.AllIds}}

EXAMPLES = """[bold]Examples[/bold]

Compare two tokenizers over the bundled corpus:

  [cyan]tokaudit {name} -t o200k_base -t ./llama3[/cyan]

Two languages of your own corpus, as a page and as data:

  [cyan]tokaudit {name} corpus.parquet --lang hi --lang en -t o200k_base -o a.md -o a.json[/cyan]

Without a network, with a vocabulary from an installed package:

  [cyan]tokaudit {name} --offline -t pkg:mistral-common/tekken_240911 -t builtin:bytes[/cyan]
"""


def add_to(app: typer.Typer) -> None:
    """Add a command for every audit there is, and `report`."""
    for name in rooms.names(AUDITS):
        _add(app, name, rooms.docstring(AUDITS, name), [name])
    _add(app, "report", REPORT, rooms.names(AUDITS))


def _add(app: typer.Typer, name: str, said: str, audits: Sequence[str]) -> None:
    app.command(
        name,
        help=flowing(said).replace("[", r"\["),  # a docstring is no markup
        short_help=said.partition("\n")[0],
        epilog=EXAMPLES.format(name=name),
        rich_help_panel="Audits",
    )(_with_own(_command(audits), OWN.get(name, {})))


def _with_own(command: Callable[..., None], own: Mapping[str, Any]) -> Callable[..., None]:
    """Give a command an audit's own options, which it takes as further keywords."""
    signature = inspect.signature(command)
    (*shared, _) = signature.parameters.values()
    more = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)
        for name, kind in own.items()
    ]
    command.__signature__ = signature.replace(parameters=[*shared, *more])  # type: ignore[attr-defined]
    command.__annotations__ |= own
    return command


def _asking(audit: "type[Audit]", own: Mapping[str, Any]) -> "type[Audit]":
    """Give an audit with the optional tables that its own options ask for; raises UnknownName."""
    (name, *_) = audit.schemas
    return audit.asking(f"{name}_{table}" for table in _tables(own)) if own else audit


def _tables(own: Mapping[str, Any]) -> Iterator[str]:
    from tokaudit import compat

    for table in own.get("compat") or ():
        rooms.check(compat.__name__, table)
        yield table
    if own.get("all_ids"):
        yield "ids"


def flowing(text: str) -> str:
    """Join the lines of each paragraph: help is as wide as the terminal, not as the source."""
    return "\n\n".join(paragraph.replace("\n", " ") for paragraph in text.split("\n\n"))


def _command(names: Sequence[str]) -> Callable[..., None]:
    """Make the command that runs these audits."""

    def run(  # noqa: PLR0913, PLR0917
        tokenizer: o.Tokenizers,
        corpus: o.Corpora = None,
        reference: o.Reference = None,
        baseline: o.Baseline = None,
        words: o.Words = None,
        engine: o.EngineChoice = o.Engine.AUTO,
        offline: o.Offline = False,
        lang: o.Langs = None,
        text_column: o.TextColumn = "text",
        lang_column: o.LangColumn = "lang",
        id_column: o.IdColumn = None,
        max_row_bytes: o.MaxRowBytes = o.LONGEST_ROW,
        format: o.Format = None,
        output: o.Outputs = None,
        color: o.Color = o.When.AUTO,
        quiet: o.Quiet = False,
        **own: Any,
    ) -> None:
        if offline:  # before any library looks
            os.environ["HF_HUB_OFFLINE"] = "1"
        from tokaudit import audits, loaders
        from tokaudit import engine as running
        from tokaudit import words as segmenters
        from tokaudit.cli.output import formats

        wanted = formats(format, output or [])
        columns = (text_column, lang_column, id_column)
        texts = o.corpus(corpus or [DEFAULT_CORPUS], lang, columns, max_row_bytes)
        segmenter = segmenters.segmenter(words) if words else segmenters.default()
        asked = {name: _asking(audits.get(name), own) for name in names}
        probes = [list(audit.probes()) for audit in asked.values()]
        needed = not all(probes)
        rows = sum(batch.rows for brought in probes for batch in brought)
        rows += texts.rows if needed else 0  # opens every file: what is wrong shows at once
        with progress(quiet) as stages:
            loaded = [loaders.load(spec) for spec in stages.each(tokenizer, "loading")]
            report = running.run(
                asked,
                loaded,
                texts if needed else None,
                running.Options(reference, baseline, engine, segmenter),
                stages.counter("reading", rows * len(loaded)),
            )
        write(report, wanted, color)

    return run
