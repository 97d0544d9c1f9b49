"""Rules: what a kind of finding means; one file, one audit's."""

from typing import Literal, NamedTuple

Severity = Literal["note", "warning", "error"]


class Rule(NamedTuple):
    """What a kind of finding means: its severity, its title, and what to do about it."""

    severity: Severity
    title: str
    explanation: str
