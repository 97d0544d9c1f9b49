"""What a command's own options ask for, before audits run and when their totals are there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokaudit.audits import Audit
    from tokaudit.cli.running import Run
    from tokaudit.measuring import Measuring
    from tokaudit.report import Report
    from tokaudit.tokenizer import Tokenizer
    from tokaudit.totals import Totals

# What is done when a report is there; it may add to the report's environment and findings.
After = Callable[["Run", "Sequence[Tokenizer]", "Report"], "Report"]
# How a run's totals are laid out.
LayOut = Callable[["Run", "Measuring", "Totals"], "Report"]


def _same(audit: "type[Audit]") -> "type[Audit]":
    return audit


def _unchanged(run: "Run", tokenizers: "Sequence[Tokenizer]", report: "Report") -> "Report":
    return report


def _laid_out(run: "Run", measuring: "Measuring", totals: "Totals") -> "Report":
    from tokaudit import engine

    return engine.report(measuring, totals, run.options)


@dataclass(frozen=True)
class Asked:
    """What a command's own options ask for: of audits before they run, of totals, of the report.

    A `strict` command is about all of its tokenizers or about none.
    """

    audit: Callable[["type[Audit]"], "type[Audit]"] = _same
    lay_out: LayOut = _laid_out
    after: After = _unchanged
    strict: bool = False


def nothing(seed: int) -> Asked:
    """Ask for nothing: most audits have no options of their own."""
    return Asked()
