"""Findings: what deserves attention, each under a rule with a stable number and an explanation."""

from dataclasses import dataclass

from tokaudit.rules import (
    Severity,
    adversarial,
    coverage,
    digits,
    everywhere,
    limits,
    parity,
    vocabulary,
)

FEW_ROWS = 100  # a language with fewer gives figures that another sample may not repeat
ROOMS = (everywhere, digits, coverage, vocabulary, parity, limits, adversarial)

# In the order in which findings are listed.
RULES = {number: rule for room in ROOMS for number, rule in room.RULES.items()}


@dataclass(frozen=True, order=True)
class Finding:
    """One thing found: a rule, what it says here, and about which tokenizer and language."""

    rule: str
    message: str
    tokenizer: str | None = None
    lang: str | None = None
    level: Severity | None = None

    @property
    def severity(self) -> Severity:
        """How much it matters: its own level if it was given one, else that of its rule."""
        return self.level or RULES[self.rule].severity
