"""What an audit's own options ask for, before it runs and when its report is there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokaudit.audits import Audit
    from tokaudit.report import Report
    from tokaudit.tokenizer import Tokenizer

# What is done when a report is there; it may add to the report's environment and findings.
After = Callable[["Sequence[Tokenizer]", "Report"], "Report"]


def _same(audit: "type[Audit]") -> "type[Audit]":
    return audit


def _unchanged(tokenizers: "Sequence[Tokenizer]", report: "Report") -> "Report":
    return report


@dataclass(frozen=True)
class Asked:
    """What an audit's own options ask for: of the audit before it runs, of the report after."""

    audit: Callable[["type[Audit]"], "type[Audit]"] = _same
    after: After = _unchanged


def nothing(seed: int) -> Asked:
    """Ask for nothing: most audits have no options of their own."""
    return Asked()
