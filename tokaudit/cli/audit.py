"""`tokaudit fertility`, `tokaudit digits`, ...: one command an audit; `report` is all of them."""

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import Any

import typer

from tokaudit import rooms
from tokaudit.cli import adversarial, digits, fertility, samples, sizes, vocabulary
from tokaudit.cli import options as o
from tokaudit.cli.asked import Asked, nothing
from tokaudit.cli.merge import share
from tokaudit.cli.output import formats, write
from tokaudit.cli.resume import Choice, resumable, resuming
from tokaudit.errors import BadUsage
from tokaudit.text import line

AUDITS = "tokaudit.audits"
Extra = Callable[..., Asked]
# What one audit alone can be asked for, by options of its own; each takes the seed as well.
EXTRAS: dict[str, Extra] = {
    "adversarial": adversarial.extra,
    "digits": digits.extra,
    "fertility": fertility.extra,
    "vocabulary": vocabulary.extra,
}
DEFAULT_CORPUS = "builtin:parallel"
REPORT = """Run every audit and write one report.

Without -o the report goes to stdout; with it, to files whose suffixes pick the formats."""

EXAMPLES = """[bold]Examples[/bold]

Compare two tokenizers:

  [cyan]tokaudit {name} -t o200k_base -t ./llama3[/cyan]

{corpus}Without a network, with a vocabulary from an installed package:

  [cyan]tokaudit {name} --offline -t pkg:mistral-common/tekken_240911 -t builtin:bytes[/cyan]
"""
OWN_CORPUS = """Two languages of your own corpus, as a page and as data:

  [cyan]tokaudit {name} corpus.parquet --lang hi --lang en -t o200k_base -o a.md -o a.json[/cyan]

"""
ALONE = ("vocabulary",)  # audits that read no corpus


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
        epilog=EXAMPLES.replace("{corpus}", OWN_CORPUS * (name not in ALONE)).format(name=name),
        rich_help_panel="Audits",
    )(_command(audits, EXTRAS.get(name, nothing)))


def flowing(text: str) -> str:
    """Join the lines of each paragraph: help is as wide as the terminal, not as the source."""
    return "\n\n".join(paragraph.replace("\n", " ") for paragraph in text.split("\n\n"))


def _command(names: Sequence[str], extra: Extra) -> Callable[..., None]:
    """Make the command that runs these audits: with the options of `run` and of `extra`."""

    def command(**options: Any) -> None:
        run(names, extra, **options)

    _, _, *shared, _ = signature(run).parameters.values()
    _, *own = signature(extra).parameters.values()  # but the seed, which is everybody's
    return taking(command, [*shared, *own])


def taking(command: Callable[..., None], options: Iterable[Parameter]) -> Callable[..., None]:
    """Let a command take these options: Typer reads signatures."""
    every = Signature(list(options))
    command.__signature__ = every  # type: ignore[attr-defined]
    command.__annotations__ = {name: each.annotation for name, each in every.parameters.items()}
    return command


def run(  # noqa: PLR0913, PLR0917
    names: Sequence[str],
    extra: Extra,
    tokenizer: o.Tokenizers,
    corpus: o.Corpora = None,
    reference: o.Reference = None,
    baseline: o.Baseline = None,
    words: o.Words = None,
    engine: o.EngineChoice = o.Engine.AUTO,
    whole: o.Whole = False,
    jobs: o.Jobs = 1,
    memory: o.Memory = "1GB",
    backend: o.BackendChoice = o.Backend.PROCESSES,
    seed: samples.Seed = 1,
    sample: samples.Sample = 1_000,
    all_rows: samples.AllRows = False,
    shard: o.ShardChoice = None,
    resume: Choice = None,
    offline: o.Offline = False,
    trust_remote_code: o.TrustRemoteCode = False,
    lang: o.Langs = None,
    text_column: o.TextColumn = "text",
    lang_column: o.LangColumn = "lang",
    id_column: o.IdColumn = None,
    by: samples.By = None,
    max_row_bytes: o.MaxRowBytes = o.LONGEST_ROW,
    format: o.Format = None,
    output: o.Outputs = None,
    color: o.Color = o.When.AUTO,
    quiet: o.Quiet = False,
    **more: Any,
) -> None:
    """Run these audits; `more` are the options of `extra`."""
    if offline:  # before any library looks
        os.environ["HF_HUB_OFFLINE"] = "1"
    from tokaudit import audits
    from tokaudit.cli import running
    from tokaudit.gold import segmenter
    from tokaudit.options import Options

    part = share(shard, output)
    wanted = {} if part else formats(format, output or [])
    own = extra(seed, **more)
    columns = (text_column, lang_column, id_column)
    whole_corpus = o.corpus(corpus or [DEFAULT_CORPUS], lang, columns, max_row_bytes, by)
    texts = replace(whole_corpus, share=part or (0, 1))
    options = Options(
        reference=reference,
        baseline=baseline,
        engine=engine,
        segmenter=segmenter(words),
        chunks=False if whole else None,
        memory=sizes.size(memory),
        jobs=jobs,
        backend=backend,
        trusted=trust_remote_code,
        seed=seed,
        sample=None if all_rows else sample,
        resume=resuming(resume, quiet),
    )
    asked = {name: own.audit(audits.get(name)) for name in names}
    if (corpus or lang) and set(names) <= set(ALONE):
        raise BadUsage(f"{names[0]} reads no corpus: leave out {line((corpus or lang or [''])[0])}")
    needed = running.needed(asked, bool(corpus or lang))
    if resume and not needed:
        raise BadUsage(f"--resume keeps parts of a corpus, and {names[0]} reads none here")
    read = texts if needed else None
    work = running.Run(asked, tokenizer, read, options, own.strict, output or ())
    if part and output:
        work.shard(texts, Path(output[0]), quiet)
        return
    with resumable(resume):
        report = work.report(quiet, own)
    write(report, wanted, color)
    running.leave(report)
