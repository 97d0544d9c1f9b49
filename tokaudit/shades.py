"""Shades: shares of all languages by tokenizers, shaded, the worst languages first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa

from tokaudit import grids
from tokaudit.grids import Cell, Grid, Rows

WORST = 10  # languages in a table of their own
SHADES = ((0.01, "·"), (0.1, "░"), (0.3, "▒"), (0.6, "▓"), (float("inf"), "█"))
NOTE = "· ░ ▒ ▓ █: below 1, 10, 30 and 60 % of the way from good to bad, and beyond"


def main_grids(
    table: pa.Table, headline: Sequence[str], short: Mapping[str, str]
) -> Iterator[Grid]:
    """Lay out the columns to look at first: as `grids` does, but for those that are shares."""
    fields = [table.schema.field(column) for column in headline]
    heated = [field for field in fields if (field.metadata or {}).get(b"heat")]
    rows = table.to_pylist()
    if len({row["lang"] for row in rows}) < 2 or not heated:
        yield from grids.main_grids(table, headline, short)
    elif len(short) == 1:
        langs = _worst_first(rows, heated)
        by_lang = {row["lang"]: row for row in rows}
        bad = [[_badness(by_lang[lang], field) for field in fields] for lang in langs]
        yield from _parted(_shaded(grids.by_language(rows, langs, headline), bad))
    else:
        for field in heated:
            yield from _parted(_across(field, rows, short))


def _across(field: pa.Field, rows: Rows, short: Mapping[str, str]) -> Grid:
    """Lay one share out, tokenizers side by side."""
    langs = _worst_first(rows, [field])
    by_key = {(row["lang"], row["tokenizer"]): row for row in rows}
    bad = [[_badness(by_key[lang, spec], field) for spec in short] for lang in langs]
    return _shaded(grids.pivot(field, rows, langs, short), bad)


def _badness(row: Mapping[str, Any], field: pa.Field) -> float:
    """Turn a share into how bad it is, 0 to 1; what is not known, or no share, is not bad."""
    share, said = row[field.name], field.metadata or {}
    if share is None or b"heat" not in said:
        return 0.0
    return 1 - share if said[b"better"] == b"higher" else float(share)


def _worst_first(rows: Rows, fields: Sequence[pa.Field]) -> list[str]:
    """Order languages by their worst share under any tokenizer, then by label."""
    worst: dict[str, float] = {}
    for row in rows:
        bad = max(_badness(row, field) for field in fields)
        worst[row["lang"]] = max(worst.get(row["lang"], 0.0), bad)
    return sorted(worst, key=lambda lang: (-worst[lang], lang))


def _shaded(grid: Grid, bad: Sequence[Sequence[float]]) -> Grid:
    """Put a shade before every figure; `bad` is laid out like the figures."""
    cells = tuple(
        (*row[: grid.labels], *map(_shade, row[grid.labels :], found))
        for row, found in zip(grid.rows, bad, strict=True)
    )
    return replace(grid, rows=cells, notes=(NOTE, *grid.notes))


def _shade(cell: Cell, bad: float) -> Cell:
    if not bad:
        return cell
    sign = next(sign for limit, sign in SHADES if bad < limit)
    return replace(cell, text=f"{sign} {cell.text}")


def _parted(grid: Grid) -> Iterator[Grid]:
    """Show the worst languages, and all of them among the details."""
    if len(grid.rows) <= WORST:
        yield grid
        return
    title = f"{grid.title}: the worst {WORST} of {len(grid.rows)} languages"
    yield replace(grid, title=title, rows=grid.rows[:WORST])
    yield replace(grid, title=f"{grid.title}: all languages", detail=True)
