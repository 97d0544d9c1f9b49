"""A catalogue and a checkup shown: one sheet for each source of tokenizers, or area of checks."""

import shlex
from collections.abc import Iterable, Sequence
from itertools import groupby

from tokaudit.catalogue import Holding
from tokaudit.checkup.check import Check
from tokaudit.cli.sheets import Cell, Sheet
from tokaudit.text import Verbatim, show


def sheets(found: Iterable[Holding]) -> list[Sheet]:
    """Group tokenizers by where they come from; a spec stays whole, to be pasted."""
    header = ("spec", "size", "state")
    return [
        Sheet(source, header, tuple(map(_holding, held)), whole=True)
        for source, held in groupby(found, key=lambda each: each.source)
    ]


def _holding(held: Holding) -> tuple[Cell, ...]:
    size = "" if held.size is None else f"{held.size / 1e6:,.1f} MB"
    return (_spec(held.spec),), (size,), (held.note,)


def _spec(spec: str) -> str:
    """Quote for a shell what a shell would take apart."""
    plain = shlex.quote(spec) == spec == show(spec, len(spec))
    return Verbatim(spec) if plain else shlex.quote(spec)


def advice(checks: Sequence[Check]) -> list[Sheet]:
    """Group checks by area; what to do stands behind what was found."""
    return [
        Sheet(area, ("what", "state", "found"), tuple(map(_check, alike)))
        for area, alike in groupby(checks, key=lambda each: each.area)
    ]


def _check(check: Check) -> tuple[Cell, ...]:
    todo = (f" → {check.todo}",) if check.todo else ()
    return (check.name,), (check.state,), (check.said, *todo)
