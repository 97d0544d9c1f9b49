"""`tokaudit digits --export --timing`: a challenge set for models, and the time of long runs."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tokaudit.cli import options as o
from tokaudit.cli.asked import Asked
from tokaudit.cli.challenge_file import check_export, export_table

if TYPE_CHECKING:
    from tokaudit.cli.running import Run
    from tokaudit.report import Report
    from tokaudit.tokenizer import Tokenizer

PANEL = "Challenge set"
Export = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Write arithmetic problems for testing models (.parquet or .jsonl), balanced over how"
        " the tokenizers line their digits up.",
        rich_help_panel=PANEL,
    ),
]
Problems = Annotated[
    int,
    typer.Option(
        metavar="N",
        min=1,
        help="At most so many of each tokenizer, operation, separator and alignment class.",
        rich_help_panel=PANEL,
    ),
]
Timing = Annotated[
    bool,
    typer.Option(
        "--timing",
        help="Time long runs of digits. The only figures that differ from run to run: they are in"
        " no table and no signature.",
        rich_help_panel=o.OUTPUT,
    ),
]


def extra(
    seed: int, export: Export = None, problems: Problems = 20, timing: Timing = False
) -> Asked:
    """Check what is asked for before any work is done; raises BadUsage, CannotWrite."""
    check_export(export)

    def after(run: "Run", tokenizers: "Sequence[Tokenizer]", report: "Report") -> "Report":
        if export:
            from tokaudit.numbers.challenge import challenge

            export_table(export, challenge(tokenizers, problems, seed))
        if not timing:
            return report
        from tokaudit.cli.timing import timed

        return timed(tokenizers, report)

    return Asked(after=after)
