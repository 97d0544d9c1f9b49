"""`tokaudit merge`: the shards of a run become its report."""

from pathlib import Path
from typing import Annotated

import typer

from tokaudit.cli import options as o
from tokaudit.cli.output import check_writable, formats, write
from tokaudit.errors import BadUsage
from tokaudit.text import line

EXAMPLES = """[bold]Example[/bold]

Two machines, each with half of the corpus:

  [cyan]tokaudit fertility corpus.parquet -t o200k_base --shard 1/2 -o one.shard[/cyan]

  [cyan]tokaudit fertility corpus.parquet -t o200k_base --shard 2/2 -o two.shard[/cyan]

  [cyan]tokaudit merge one.shard two.shard -o report.md[/cyan]
"""


def merge(
    shards: Annotated[
        list[Path], typer.Argument(metavar="SHARD...", help="Files that --shard i/n has written.")
    ],
    format: o.Format = None,
    output: o.Outputs = None,
    color: o.Color = o.When.AUTO,
    trust_remote_code: o.TrustRemoteCode = False,
) -> None:
    """Join the shards of a run into its report.

    The figures are those of one run over the whole corpus, bit for bit. All shards have to be
    there, and to agree in tokenizers, corpus, options and versions.
    """
    from tokaudit import engine
    from tokaudit.merging import joined

    wanted = formats(format, output or [])
    write(engine.report(*joined(shards, trust_remote_code)), wanted, color)


def share(written: str | None, outputs: list[str] | None) -> tuple[int, int] | None:
    """Read `--shard i/n` as a share (from 0), None if there is none; raises BadUsage."""
    if written is None:
        return None
    i, _, n = written.partition("/")
    if not (i.isascii() and n.isascii() and i.isdigit() and n.isdigit() and 1 <= int(i) <= int(n)):
        raise BadUsage(f"--shard {line(written)} is no share: write 1/4, 2/4, 3/4 and 4/4")
    if outputs is None or len(outputs) != 1:
        raise BadUsage("--shard needs one file to write the totals to: -o NAME.shard")
    check_writable(Path(outputs[0]))
    return int(i) - 1, int(n)
