"""`tokaudit fertility`, `tokaudit digits`, ...: one command an audit; `report` is all of them."""

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import typer

from tokaudit import rooms
from tokaudit.cli import options as o
from tokaudit.cli.output import write
from tokaudit.cli.progress import progress

if TYPE_CHECKING:
    from tokaudit.corpus import Corpus

AUDITS = "tokaudit.audits"
DEFAULT_CORPUS = "builtin:parallel"
REPORT = """Run every audit and write one report.

Without -o the report goes to stdout; with it, to files whose suffixes pick the formats."""


def add_to(app: typer.Typer) -> None:
    """Add a command for every audit there is, and `report`."""
    for name in rooms.names(AUDITS):
        said = rooms.docstring(AUDITS, name)
        app.command(name, help=said, short_help=said.partition("\n")[0], rich_help_panel="Audits")(
            _command([name])
        )
    app.command("report", help=REPORT, rich_help_panel="Audits")(_command(rooms.names(AUDITS)))


def _command(names: Sequence[str]) -> Callable[..., None]:
    """Make the command that runs these audits."""

    def run(  # noqa: PLR0913, PLR0917
        tokenizer: o.Tokenizers,
        corpus: o.Corpora = None,
        reference: o.Reference = None,
        baseline: o.Baseline = None,
        words: o.Words = None,
        offline: o.Offline = False,
        lang: o.Langs = None,
        text_column: o.TextColumn = "text",
        lang_column: o.LangColumn = "lang",
        id_column: o.IdColumn = None,
        max_row_bytes: o.MaxRowBytes = 8 * 2**20,
        format: o.Format = None,
        output: o.Outputs = None,
        color: o.Color = "auto",
        quiet: o.Quiet = False,
    ) -> None:
        if offline:  # before any library looks
            os.environ["HF_HUB_OFFLINE"] = "1"
        os.environ["TOKAUDIT_COLOR"] = color
        from tokaudit import audits, engine, loaders
        from tokaudit import words as segmenters
        from tokaudit.cli.output import formats
        from tokaudit.corpus import Columns, Corpus

        wanted = formats(format, output or [])
        columns = Columns(text_column, lang_column, id_column or "id", id_column is not None)
        texts = Corpus(tuple(corpus or [DEFAULT_CORPUS]), columns, tuple(lang or ()), max_row_bytes)
        segmenter = segmenters.segmenter(words) if words else segmenters.default()
        asked = {name: audits.get(name) for name in names}
        needed = any(not audit.probes() for audit in asked.values())
        rows = _check(texts) if needed else 0
        with progress(quiet) as stages:
            loaded = [loaders.load(spec) for spec in stages.each(tokenizer, "loading")]
            report = engine.run(
                asked,
                loaded,
                texts if needed else None,
                engine.Options(reference, baseline, segmenter),
                stages.counter("reading", rows * len(loaded)),
            )
        write(report, wanted)

    return run


def _check(corpus: "Corpus") -> int:
    """Open every file before the tokenizers are loaded; give the number of rows."""
    return corpus.rows
