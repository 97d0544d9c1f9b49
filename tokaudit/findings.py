"""Findings: what deserves attention, each under a rule with a stable number and an explanation."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

FEW_ROWS = 100  # a language with fewer gives figures that another sample may not repeat
Severity = Literal["note", "warning", "error"]


class Rule(NamedTuple):
    """What a kind of finding means: its severity, its title, and what to do about it."""

    severity: Severity
    title: str
    explanation: str


RULES = {
    "TA001": Rule(
        "error",
        "rows the tokenizer could not encode",
        "The library underneath refused these rows or panicked on them. They are in no figure\n"
        "of this tokenizer, and figures that need the same text twice (nsl, premium) are null.\n"
        "Common causes: a vocabulary without an unknown token or without all 256 bytes, or a\n"
        "very long run of one character.",
    ),
    "TA002": Rule(
        "warning",
        "few rows",
        "A language with fewer than 100 rows gives figures that another sample may not repeat.\n"
        "Use a larger corpus before you decide anything by a small difference.",
    ),
    "TA003": Rule(
        "warning",
        "a setting of the tokenizer was set aside",
        "Padding, truncation and dropout in a tokenizer.json make counts depend on batch, length\n"
        "or chance. They are cleared on loading. Whoever loads the file without clearing them\n"
        "gets other ids than reported here.",
    ),
    "TA004": Rule(
        "note",
        "an unpinned tokenizer",
        "A Hub reference without a commit may be another tokenizer tomorrow. Write\n"
        "hf:org/name@COMMIT to make the report repeatable.",
    ),
    "TA005": Rule(
        "warning",
        "rows left out of the corpus",
        "Rows that are null, empty or white space only, invalid UTF-8, or longer than\n"
        "--max-row-bytes are counted here and are in no figure.",
    ),
    "TA006": Rule(
        "warning",
        "a fast engine differed from the reference",
        "The fast engine gave other ids than the reference library for a text that was compared.\n"
        "Everything was encoded again by the reference, so the figures are right; the run took\n"
        "longer. --engine reference avoids the attempt.",
    ),
    "TA020": Rule(
        "warning",
        "long runs of digits take more than linear time",
        "The time for one run of digits grows faster than the run. A long number, such as the\n"
        "digits of pi or a dump of data, can then hold up whoever tokenizes it. Seen only with\n"
        "--timing; whether it appears depends on the machine and on what else it does.",
    ),
}


@dataclass(frozen=True, order=True)
class Finding:
    """One thing found: a rule, what it says here, and about which tokenizer and language."""

    rule: str
    message: str
    tokenizer: str | None = None
    lang: str | None = None

    @property
    def severity(self) -> Severity:
        """The severity of its rule."""
        return RULES[self.rule].severity
