"""Rules: what a kind of finding means; one file, one audit's."""

from typing import Literal, NamedTuple, get_args

Severity = Literal["note", "warning", "error"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)  # from the least grave


class Rule(NamedTuple):
    """What a kind of finding means: its severity, its title, and what to do about it."""

    severity: Severity
    title: str
    explanation: str
