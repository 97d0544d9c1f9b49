"""The door: read the command line, call the house, print, leave with the right code."""

import sys
import traceback
from collections.abc import Callable
from typing import Annotated

import typer

import tokaudit
from tokaudit.cli import (
    audit,
    check,
    compare,
    corpus,
    diff,
    explain,
    init,
    merge,
    parity,
    saved,
    tokenizer,
    view,
)
from tokaudit.cli.saying import say
from tokaudit.errors import BUG, EXIT_CODES, INTERRUPTED, TokauditError, WorkerLost

ENDED = "tokaudit: interrupted; no file is left half-written"
HELP = """Audit tokenizers: what they cover, what they cost, where they cut and where they break.

Load any tokenizer, run it over text in many languages, and read a report whose every figure is
defined, exact and signed."""

EXAMPLES = """[bold]Examples[/bold]

Which of these is cheapest for Hindi?

  [cyan]tokaudit fertility --lang hin_Deva --lang eng_Latn -t o200k_base -t ./llama3[/cyan]

Is it safe with numbers? (needs no corpus)

  [cyan]tokaudit digits -t o200k_base -t hf:Qwen/Qwen2.5-7B[/cyan]

Everything, as a page to commit and as data

  [cyan]tokaudit report corpus.parquet -t o200k_base -o report.md -o report.json[/cyan]

[bold]Exit codes[/bold]
"""


def _exit_codes() -> str:
    return "\n\n".join(
        f"  {code}: {meaning.replace('`', '')}" for code, meaning in EXIT_CODES.items()
    )


app = typer.Typer(
    help=audit.flowing(HELP),
    epilog=f"{EXAMPLES}\n{_exit_codes()}",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"tokaudit {tokaudit.__version__}")
        raise typer.Exit


@app.callback()
def door(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Say which version."),
    ] = False,
) -> None:
    """Hold options that stand before a command."""


audit.add_to(app)
app.command("check", rich_help_panel="Audits")(check.check)
app.command("init", rich_help_panel="More")(init.init)
compare.add_to(app)
app.command("parity", rich_help_panel="Tokenizers")(parity.parity)
app.command("snapshot", rich_help_panel="Tokenizers")(parity.snapshot)
app.command("view", rich_help_panel="Tokenizers")(view.view)
app.add_typer(corpus.app, name="corpus")
app.add_typer(tokenizer.app, name="tokenizer")
app.command("merge", rich_help_panel="More", epilog=merge.EXAMPLES)(merge.merge)
app.command("diff", rich_help_panel="More")(diff.diff)
app.command("render", rich_help_panel="More")(saved.render)
app.command("schema", rich_help_panel="More")(saved.schema)
app.command("explain", rich_help_panel="More")(explain.explain)


def main(arguments: list[str] | None = None, begin: Callable[[], None] = lambda: None) -> None:
    """Begin and run the command line; every error leaves by the code it carries."""
    try:
        begin()
        app(arguments, prog_name="tokaudit")
    except TokauditError as error:
        say(f"tokaudit: {error}")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        say(ENDED)
        sys.exit(INTERRUPTED)
    except SystemExit as left:  # Typer makes one of an interrupt
        if left.code == INTERRUPTED:
            say(ENDED)
        raise
    except Exception as error:
        if _is_for_want_of_memory(error):
            say("tokaudit: out of memory: try less --memory, fewer --jobs or fewer tokenizers")
            sys.exit(WorkerLost.exit_code)
        say(traceback.format_exc())
        say("tokaudit: this is a bug in tokaudit, not a finding; please report it with the above")
        sys.exit(BUG)


def _is_for_want_of_memory(error: Exception) -> bool:
    """Recognize it in Python, and in the loader of shared libraries."""
    return isinstance(error, MemoryError) or "failed to map segment" in str(error)
