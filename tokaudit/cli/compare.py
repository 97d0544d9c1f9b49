"""`tokaudit compare A B [C ...]`: which tokenizer is better for which language, and is it sure?"""

from collections.abc import Mapping
from enum import StrEnum
from inspect import Parameter, signature
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tokaudit.cli import audit
from tokaudit.cli import options as o
from tokaudit.cli.asked import Asked, LayOut
from tokaudit.errors import BadUsage
from tokaudit.text import line

if TYPE_CHECKING:
    from tokaudit.audits import Audit
    from tokaudit.cli.running import Run
    from tokaudit.comparing.pairs import Terms
    from tokaudit.corpus import Corpus
    from tokaudit.measuring import Measuring
    from tokaudit.report import Report
    from tokaudit.totals import Totals

JUDGE = "How to judge"
MEASURED = "fertility"
Specs = Annotated[
    list[str],
    typer.Argument(
        metavar="A B [C ...]",
        help="Tokenizers: cl100k_base, org/name@REV, ./dir, x.model, pkg:package/file ...",
        show_default=False,
    ),
]
Corpora = Annotated[
    list[str] | None,
    typer.Option(
        "--corpus",
        metavar="CORPUS",
        help="Parquet: a file, directory, glob, Hive partitions, s3:// gs:// hf:// or"
        " builtin:parallel, builtin:code. Repeatable.",
        show_default=audit.DEFAULT_CORPUS,
        rich_help_panel=o.CORPUS,
    ),
]
Against = Annotated[
    str | None,
    typer.Option(
        metavar="SPEC",
        help="The tokenizer that the others are compared with.",
        show_default="the first",
        rich_help_panel=JUDGE,
    ),
]
Weights = Annotated[
    str | None,
    typer.Option(
        metavar="LANG=W,...",
        help="Weights of languages in the mean, or a file with one LANG=W on a line; a language"
        " that is not named is left out of the mean.",
        show_default="all alike",
        rich_help_panel=JUDGE,
    ),
]
Alpha = Annotated[
    float,
    typer.Option(
        metavar="P",
        help="How likely chance may be to give a verdict where there is no difference.",
        rich_help_panel=JUDGE,
    ),
]


class Correction(StrEnum):
    """How p is corrected for the number of languages and tokenizers."""

    HOLM = "holm"
    NONE = "none"


Corrected = Annotated[
    Correction,
    typer.Option(
        "--correction",
        metavar="NAME",
        help="holm: one wrong verdict or more among all of them is that unlikely; none: each for"
        " itself.",
        rich_help_panel=JUDGE,
    ),
]
Beside = Annotated[
    list[str] | None,
    typer.Option(
        metavar="AUDIT",
        help="Audits whose headline figures are put side by side. Repeatable.",
        show_default="digits",
        rich_help_panel=JUDGE,
    ),
]
# Options of audits that a comparison has in another form, or has no use for.
OWN = ("names", "extra", "tokenizer", "corpus", "baseline", "shard", "all_rows", "more")
HELP = """Compare tokenizers on the same text: which is better for which language, and is it sure?

For every language: how many tokens more or fewer, with a 95 % interval of the paired difference,
and a verdict (better, worse, no difference shown) that is corrected for how many are given. Over
all languages: the mean, who is better where, and who cannot be told from the best. Of two
tokenizers also: words and rows that changed most, what the vocabularies share, and the log of
changes between two versions of one. Exits with 0 whoever wins."""
EXAMPLES = """[bold]Examples[/bold]

Is the new encoding better for my languages?

  [cyan]tokaudit compare cl100k_base o200k_base --corpus corpus.parquet[/cyan]

Several against the one in use, languages by how much text of them there is:

  [cyan]tokaudit compare ./ours ./llama3 o200k_base --weights 'en=70,hi=20,th=10'[/cyan]

All figures, words and rows:

  [cyan]tokaudit compare ./v1 ./v2 -o changes.md -o changes.json[/cyan]
"""


def _compare(  # noqa: PLR0913, PLR0917
    specs: Specs,
    corpus: Corpora = None,
    against: Against = None,
    weights: Weights = None,
    alpha: Alpha = 0.05,
    correction: Corrected = Correction.HOLM,
    beside: Beside = None,
    **shared: Any,
) -> None:
    """Run fertility over the corpus, and lay it out as a comparison."""
    from tokaudit.comparing.pairs import Terms

    against = against or specs[0]
    _check(specs, against, alpha)
    shares = _weights(weights, corpus, shared) if weights else None
    terms = Terms(against, alpha, correction.value, shares)
    alone, reading = _audits(beside or ["digits"])
    asked = Asked(lay_out=_lay_out(terms, alone), strict=True)
    audit.run(
        [MEASURED, *reading],
        lambda seed: asked,
        tokenizer=specs,
        corpus=corpus,
        baseline=against,
        **shared,
    )


def _check(specs: list[str], against: str, alpha: float) -> None:
    """Raise BadUsage for what cannot be compared."""
    if len(specs) < 2:
        raise BadUsage(f"{line(specs[0])} is alone: name two tokenizers or more to compare")
    if against not in specs:
        named = line(", ".join(specs))
        raise BadUsage(f"--against {line(against)} is not among the tokenizers: {named}")
    if not 0 < alpha < 1:
        raise BadUsage(f"--alpha {alpha:g} is no probability between 0 and 1: write 0.05")


def _weights(
    written: str, corpora: list[str] | None, shared: Mapping[str, Any]
) -> dict[str, float]:
    """Read weights, of languages that are in the corpus; raises BadUsage."""
    from tokaudit.comparing import weights

    found = weights.read(written)
    columns = (shared["text_column"], shared["lang_column"], shared["id_column"])
    chosen = corpora or [audit.DEFAULT_CORPUS]
    texts = o.corpus(chosen, shared["lang"], columns, shared["max_row_bytes"], shared["by"])
    weights.check(found, _labels(texts))
    return found


def _labels(texts: "Corpus") -> list[str]:
    """List what can have a weight: the languages that are read, or the parts of them."""
    if texts.columns.by is None:
        return list(texts.langs) or texts.labels()
    parts = tuple(f"{lang}/" for lang in texts.langs) or ("",)
    return sorted(label for label in texts.counts() if label.startswith(parts))


def _audits(names: list[str]) -> "tuple[dict[str, type[Audit]], list[str]]":
    """Find audits that look at tokenizers alone, and name those that need the corpus."""
    from tokaudit import audits
    from tokaudit.cli import running

    found = {name: audits.get(name) for name in names if name != MEASURED}
    reading = [name for name, each in found.items() if running.needed({name: each}, False)]
    return {name: each for name, each in found.items() if name not in reading}, reading


def _lay_out(terms: "Terms", beside: "Mapping[str, type[Audit]]") -> LayOut:
    """Lay totals out as a comparison on these terms."""

    def lay_out(run: "Run", measuring: "Measuring", totals: "Totals") -> "Report":
        from tokaudit import engine
        from tokaudit.comparing import reporting
        from tokaudit.comparing.closely import Found

        assert run.corpus is not None, "fertility reads a corpus"
        readers = tuple(tokenizer.by_reference() for tokenizer in measuring.tokenizers)
        found = Found(totals, run.corpus, run.options, readers)
        base = engine.report(measuring, totals, run.options)
        return reporting.report(found, base, beside, terms)

    return lay_out


def _options() -> list[Parameter]:
    """Give the options of a comparison, and those that it shares with audits."""
    own = list(signature(_compare).parameters.values())[:-1]
    shared = signature(audit.run).parameters
    return own + [each for name, each in shared.items() if name not in OWN]


def add_to(app: typer.Typer) -> None:
    """Add the command."""

    def command(**options: Any) -> None:
        _compare(**options)

    app.command(
        "compare",
        help=audit.flowing(HELP),
        epilog=EXAMPLES,
        rich_help_panel="Tokenizers",
    )(audit.taking(command, _options()))
