"""`tokaudit check`: do the tokenizers keep the limits that the configuration sets?"""

import os
import shlex
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tokaudit.cli import options as o
from tokaudit.cli.saying import say
from tokaudit.text import line

if TYPE_CHECKING:
    from tokaudit.cli.running import Run
    from tokaudit.findings import Finding
    from tokaudit.gates.checking import Checked
    from tokaudit.gates.configuration import Configuration
    from tokaudit.gates.limits import Limit

LIMITS = "Limits"
Config = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="tokaudit.toml, or a pyproject.toml with [tool.tokaudit].",
        show_default="the nearest, here or above",
        rich_help_panel=LIMITS,
    ),
]
Update = Annotated[
    bool,
    typer.Option(
        "--update-baseline",
        help="Write the figures of this run as the baseline, to commit.",
        rich_help_panel=LIMITS,
    ),
]
FailOn = Annotated[
    str | None,
    typer.Option(
        metavar="SEVERITY",
        help="Exit with 1 from findings of this severity on: note, warning, error.",
        show_default="error",
        rich_help_panel=LIMITS,
    ),
]
Ignore = Annotated[
    list[str] | None,
    typer.Option(metavar="RULE", help="Leave out these findings.", rich_help_panel=LIMITS),
]
ExitZero = Annotated[
    bool,
    typer.Option(
        "--exit-zero",
        help="Exit with 0 even if a limit is broken; errors keep their codes.",
        rich_help_panel=LIMITS,
    ),
]


def check(  # noqa: PLR0913, PLR0917
    config: Config = None,
    update_baseline: Update = False,
    fail_on: FailOn = None,
    ignore: Ignore = None,
    exit_zero: ExitZero = False,
    offline: o.Offline = False,
    jobs: o.Jobs = 1,
    format: o.Format = None,
    output: o.Outputs = None,
    color: o.Color = o.When.AUTO,
    quiet: o.Quiet = False,
) -> None:
    r"""Hold tokenizers to the limits of tokaudit.toml; exit with 1 if one is broken.

    Limits read as they are meant: [cyan]fertility\[hin_Deva] <= 2.1[/cyan],
    [cyan]premium.max <= 5[/cyan], [cyan]digits.strategy == "single"[/cyan],
    [cyan]findings.error == 0[/cyan], and against a committed baseline
    [cyan]fertility: +2%[/cyan]. `tokaudit init` writes a configuration to begin with.

    stdout gets what was judged, unless -f asks for the report there. With -f or
    -o the whole report is written in any format, what limits say among its
    findings.

    [bold]Examples[/bold]

      [cyan]tokaudit check[/cyan]

      [cyan]tokaudit check --update-baseline[/cyan]

      [cyan]tokaudit check -f github --fail-on warning[/cyan]
    """
    if offline:  # before any library looks
        os.environ["HF_HUB_OFFLINE"] = "1"
    from tokaudit.cli.output import STDOUT, formats, to_stdout, write
    from tokaudit.gates import checking, configuration
    from tokaudit.gates.limits import Limit

    places = [name if name == STDOUT else str(Path(name).absolute()) for name in output or []]
    wanted = formats(format, places)
    path = (config or configuration.find(Path.cwd())).absolute()
    asks = configuration.read(path).with_options(path, fail_on, ignore or ())
    limits = [Limit.parse(written) for written in asks.limits]
    with chdir(path.parent):  # what it names is named from where it stands
        before = None if update_baseline else checking.baseline(asks, limits)
        run = _run(asks, checking.audits_of(asks, limits), jobs)
        report = replace(run, outputs=places).report(quiet)
        if update_baseline:
            before = checking.update(report, asks, limits)
            say(f"{line(str(asks.baseline))}: written, to be committed")
        checked = checking.judged(report, asks, limits, before)
    asked = bool(format or output)
    if asked:
        write(checked.report, wanted, color)
    if not asked or STDOUT not in wanted:
        to_stdout("".join(f"{each}\n" for each in _said(checked, asks, len(limits))).encode())
    if checked.failing and not exit_zero:
        raise typer.Exit(1)


def _run(asks: "Configuration", names: list[str], jobs: int) -> "Run":
    """Describe the run that a configuration asks for."""
    from tokaudit import audits, gold
    from tokaudit.cli.audit import DEFAULT_CORPUS
    from tokaudit.cli.running import Run, needed
    from tokaudit.options import Options

    wanted = {name: audits.get(name) for name in names}
    columns = (asks.text_column, asks.lang_column, asks.id_column)
    texts = o.corpus(asks.corpora or [DEFAULT_CORPUS], asks.langs, columns, o.LONGEST_ROW, asks.by)
    reads = needed(wanted, bool(asks.corpora or asks.langs))
    options = Options(
        reference=asks.reference,
        segmenter=gold.segmenter(asks.words),
        jobs=jobs,
        seed=asks.seed,
    )
    specs = [*asks.tokenizers, *asks.compare_with]
    return Run(wanted, specs, texts if reads else None, options, strict=True)


def _said(checked: "Checked", asks: "Configuration", limits: int) -> Iterator[str]:
    """Say what fails, how to look closer, and what was judged."""
    for finding in checked.failing:
        about = ", ".join(filter(None, [finding.tokenizer, finding.lang]))
        yield line(f"{finding.severity} {finding.rule} {about}: {finding.message}")
    for closer in dict.fromkeys(_closer(limit, found, asks) for limit, found in checked.broken):
        yield line(f"look closer: {closer}")
    ignored = f", {checked.ignored} findings ignored" if checked.ignored else ""
    broken = len({limit for limit, _ in checked.broken})
    yield f"{limits} limit{'s' * (limits != 1)}, {broken} broken{ignored}"


def _closer(limit: "Limit", finding: "Finding", asks: "Configuration") -> str:
    """Write the command that shows what a limit was broken by."""
    from tokaudit.gates.checking import about

    audit = next(iter(about(limit)), "report")
    langs = [finding.lang] if finding.lang else asks.langs
    chosen = [part for lang in langs for part in ("--lang", lang)]
    named = ["-t", finding.tokenizer or asks.tokenizers[0]]
    return shlex.join(["tokaudit", audit, *asks.corpora, *chosen, *named])
