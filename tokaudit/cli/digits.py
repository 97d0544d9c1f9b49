"""`tokaudit digits --export --timing`: a challenge set for models, and the time of long runs."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tokaudit.cli import options as o
from tokaudit.cli.asked import Asked
from tokaudit.cli.output import check_writable
from tokaudit.errors import BadUsage
from tokaudit.text import line

if TYPE_CHECKING:
    import pyarrow as pa

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
    if export:
        if export.suffix not in WRITERS:
            raise BadUsage(
                f"--export writes {' or '.join(WRITERS)}, and {line(str(export))!r} ends in neither"
            )
        check_writable(export.parent)

    def after(tokenizers: "Sequence[Tokenizer]", report: "Report") -> "Report":
        if export:
            _export(tokenizers, export, problems, seed)
        if not timing:
            return report
        from tokaudit.cli.timing import timed

        return timed(tokenizers, report)

    return Asked(after=after)


def _export(tokenizers: "Sequence[Tokenizer]", file: Path, problems: int, seed: int) -> None:
    from tokaudit.files import write_whole
    from tokaudit.numbers.challenge import challenge

    write_whole(file, WRITERS[file.suffix](challenge(tokenizers, problems, seed)))


def _parquet(table: "pa.Table") -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    return bytes(sink.getvalue())


def _jsonl(table: "pa.Table") -> bytes:
    import json

    rows = (json.dumps(row, ensure_ascii=False) for row in table.to_pylist())
    return "".join(f"{row}\n" for row in rows).encode()


WRITERS = {".parquet": _parquet, ".jsonl": _jsonl}
