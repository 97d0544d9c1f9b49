"""`tokaudit explain fertility`, `tokaudit explain TA002`: what a figure or a finding means."""

from typing import Annotated

import typer

from tokaudit import rooms
from tokaudit.errors import UnknownName
from tokaudit.findings import RULES
from tokaudit.text import line

AUDITS = "tokaudit.audits"


def explain(
    name: Annotated[str, typer.Argument(metavar="AUDIT|RULE", help="An audit, or a rule: TA001.")],
) -> None:
    """Say what an audit asks and how to read its figures, or what a finding means."""
    if rule := RULES.get(name.upper()):
        typer.echo(f"{name.upper()} ({rule.severity}): {rule.title}\n\n{rule.explanation}")
    elif name in rooms.names(AUDITS):
        typer.echo(f"{rooms.docstring(AUDITS, name)}\n\n{_columns(name)}")
    else:
        known = ", ".join([*rooms.names(AUDITS), *RULES])
        raise UnknownName(f"nothing is called {line(name)!r}; these can be explained: {known}")


def _columns(name: str) -> str:
    """List every table of an audit with its columns and their definitions."""
    from tokaudit import audits

    lines: list[str] = []
    for table, schema in audits.get(name).schemas.items():
        lines += [f"Table {table}:"]
        lines += [f"  {f.name}: {f.metadata[b'definition'].decode()}" for f in schema]
    return "\n".join(lines)
