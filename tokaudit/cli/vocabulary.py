"""`tokaudit vocabulary --compat --all-ids`: tables that are made only when they are asked for."""

from typing import TYPE_CHECKING, Annotated

import typer

from tokaudit import rooms
from tokaudit.cli import options as o
from tokaudit.cli.asked import Asked

if TYPE_CHECKING:
    from tokaudit.audits import Audit

Compat = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME",
        help="Add a table of published classes: qtok (arXiv 2410.12989), magikarp (Land &"
        " Bartolo 2024). Repeatable.",
        rich_help_panel=o.COMPARE,
    ),
]
AllIds = Annotated[
    bool,
    typer.Option(
        "--all-ids",
        help="Add a table of all ids: class, script, verdict, reason, witness. For -o FILE.json.",
        rich_help_panel=o.OUTPUT,
    ),
]


def extra(seed: int, compat: Compat = None, all_ids: AllIds = False) -> Asked:
    """Check which tables are asked for; raises UnknownName."""
    for name in compat or ():
        rooms.check("tokaudit.compat", name)
    tables = [*(compat or ()), *(["ids"] if all_ids else [])]

    def asking(audit: "type[Audit]") -> "type[Audit]":
        return audit.asking(f"vocabulary_{table}" for table in tables)

    return Asked(audit=asking)
