"""`tokaudit explain fertility`, `tokaudit explain TA002`: what a figure or a finding means."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from tokaudit import rooms
from tokaudit.errors import UnknownName
from tokaudit.findings import RULES
from tokaudit.text import line

if TYPE_CHECKING:
    import pyarrow as pa

AUDITS = "tokaudit.audits"
OTHERS = ("compare", "parity")  # commands with tables of their own


def explain(
    name: Annotated[
        str,
        typer.Argument(
            metavar="AUDIT|FIGURE|RULE",
            help="An audit, compare, parity, a column of their tables, or a rule: TA001.",
        ),
    ],
) -> None:
    """Say what an audit asks and how to read its figures, or what a finding means."""
    if rule := RULES.get(name.upper()):
        typer.echo(f"{name.upper()} ({rule.severity}): {rule.title}\n\n{rule.explanation}")
    elif name in rooms.names(AUDITS):
        typer.echo(f"{rooms.docstring(AUDITS, name)}\n\n{_columns(_schemas(name))}")
    elif name in OTHERS:
        said, schemas = _other(name)
        typer.echo(f"{said}\n{_columns(schemas)}")
    elif said := _figure(name):
        typer.echo(said)
    else:
        known = ", ".join([*rooms.names(AUDITS), *OTHERS, *RULES])
        raise UnknownName(
            f"nothing is called {line(name)!r}; these can be explained, and their columns: {known}"
        )


def _other(name: str) -> "tuple[str | None, Mapping[str, pa.Schema]]":
    """Give what a command asks, and its tables."""
    if name == "compare":
        from tokaudit import comparing
        from tokaudit.comparing.schemas import ALL

        return comparing.__doc__, ALL
    from tokaudit import parity
    from tokaudit.parity.schemas import SCHEMAS

    return parity.__doc__, SCHEMAS


def _figure(name: str) -> str:
    """Define a column, written with _ or spaces, in every table that has it; "" if none has."""
    column = name.strip().lower().replace(" ", "_")
    tables: dict[str, pa.Schema] = {}
    for audit in rooms.names(AUDITS):
        tables |= _schemas(audit)
    for other in OTHERS:
        tables |= _other(other)[1]
    found = (
        (table, schema.field(column)) for table, schema in tables.items() if column in schema.names
    )
    return "\n".join(f"{column} ({table}): {_definition(field)}" for table, field in found)


def _schemas(audit: str) -> "Mapping[str, pa.Schema]":
    """Give an audit's tables, the one that sums up languages last."""
    from tokaudit import audits

    found = audits.get(audit)
    summary = {} if found.summary is None else {f"{audit}_summary": found.summary}
    return {**found.schemas, **summary}


def _columns(schemas: "Mapping[str, pa.Schema]") -> str:
    """List every table with its columns and their definitions."""
    lines: list[str] = []
    for table, schema in schemas.items():
        lines += [f"Table {table}:"]
        lines += [f"  {field.name}: {_definition(field)}" for field in schema]
    return "\n".join(lines)


def _definition(field: "pa.Field") -> str:
    return str(field.metadata[b"definition"].decode())
