"""`tokaudit adversarial --limit --segments --export --timing`: how far it looks, what it writes."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from tokaudit.cli import options as o
from tokaudit.cli.asked import Asked
from tokaudit.cli.challenge_file import check_export, export_table
from tokaudit.splits.scope import Scope

if TYPE_CHECKING:
    from tokaudit.audits import Audit
    from tokaudit.audits.adversarial import Adversarial
    from tokaudit.cli.running import Run
    from tokaudit.report import Report
    from tokaudit.splits.segments import Segments
    from tokaudit.tokenizer import Tokenizer

PANEL = "Challenge set"
DEFAULT = Scope()
Limit = Annotated[
    int,
    typer.Option(
        metavar="N",
        min=100,
        max=o.MOST,
        help="Read at most N pairs of incomplete tokens, N/4 pairs of words of each script, and put"
        " letters before N/50 words of each. The report says how many there are.",
        rich_help_panel=o.RUN,
    ),
]
AllSpecial = Annotated[
    bool,
    typer.Option(
        "--all-special",
        help="Add a table of every special and added token by itself. For -o FILE.json.",
        rich_help_panel=o.OUTPUT,
    ),
]
Timing = Annotated[
    bool,
    typer.Option(
        "--timing",
        help="Time long texts, 1 kB to 1 MB, in processes with limits. The only figures that"
        " differ from run to run: they are in no table and no signature.",
        rich_help_panel=o.OUTPUT,
    ),
]
Export = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Write trap words for testing models (.parquet or .jsonl).",
        rich_help_panel=PANEL,
    ),
]
Traps = Annotated[
    int,
    typer.Option(metavar="N", min=1, help="At most so many of each script.", rich_help_panel=PANEL),
]


SegmentFile = Annotated[
    Path | None,
    typer.Option(
        "--segments",
        metavar="FILE",
        help="Words and their parts (.parquet, .csv, .tsv with the columns word, segments, lang):"
        " which borders of parts are borders of tokens?",
        rich_help_panel=o.RUN,
    ),
]


def extra(  # noqa: PLR0913, PLR0917
    seed: int,
    limit: Limit = DEFAULT.limit,
    all_special: AllSpecial = False,
    timing: Timing = False,
    export: Export = None,
    traps: Traps = 1_000,
    segments: SegmentFile = None,
) -> Asked:
    """Check what is asked for before any work is done; raises BadUsage, CannotWrite."""
    check_export(export)
    scope = Scope(limit, seed, _read(segments))

    def asking(audit: "type[Audit]") -> "type[Audit]":
        tables = ["adversarial_special_tokens"] * all_special
        tables += ["adversarial_morphs"] * (segments is not None)
        return cast("type[Adversarial]", audit).within(scope).asking(tables)

    def after(run: "Run", tokenizers: "Sequence[Tokenizer]", report: "Report") -> "Report":
        if export:
            from tokaudit.splits.challenge import challenge

            met = report.tables["adversarial_running_traps"].to_pylist()
            export_table(export, challenge(tokenizers, met, traps, scope))
        if not timing:
            return report
        from tokaudit.cli.growth import grown

        return grown(tokenizers, report, run.options.trusted)

    return Asked(audit=asking, after=after)


def _read(file: Path | None) -> "Segments | None":
    if file is None:
        return None
    from tokaudit.splits.segments import load

    return load(file)
