"""Totals of the digits audit from a few of its texts, so that many tokenizers can be looked at."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from tests import train
from tokaudit.audits import Beside
from tokaudit.audits.digits import Digits
from tokaudit.numbers.part import Part
from tokaudit.numbers.sweep import Sweep
from tokaudit.reads import read
from tokaudit.text import Absent
from tokaudit.tokenizer import Tokenizer

NOTHING = Absent("nothing stands beside")


@cache
def swept(written: str, step: int = 1) -> Digits:
    """Sweep bare numbers and numbers behind a space.

    Of those of four digits one in `step`, of those of five, most of the texts there are, far fewer.
    """
    total = Sweep()
    for batch in Sweep.probes():
        if batch.probe in ("sweep/bare", "sweep/space"):
            lengths, place = np.diff(batch.offsets), np.arange(batch.rows)
            lengths = lengths - (batch.probe == "sweep/space")
            every = np.select([lengths < 4, lengths == 5], [1, 50 * step], step)
            kept = np.flatnonzero(place % every == 0)
            total += Sweep.observe(read(train.loaded(written), batch.take(kept)))
    return Digits(sweep=total)


@cache
def part(kind: type[Part], written: str) -> Any:
    """Give the whole total of one part."""
    total = kind()
    for batch in kind.probes():
        total += kind.observe(read(train.loaded(written), batch))
    return total


def tables(total: Digits, tokenizer: Tokenizer) -> dict[str, Sequence[Mapping[str, Any]]]:
    """Give all rows of a total that saw the audit's own texts."""
    beside = Beside(tokenizer.vocabulary, NOTHING, NOTHING, NOTHING, probes=total)
    return {name: list(rows) for name, rows in total.rows(beside).items()}


@cache
def rows(written: str, step: int = 1) -> dict[str, Sequence[Mapping[str, Any]]]:
    """Give all rows of a swept tokenizer."""
    return tables(swept(written, step), train.loaded(written))


def known(row: Mapping[str, Any]) -> dict[str, Any]:
    """Give a row as it stands in a table: null for what is absent."""
    return {name: None if isinstance(v, Absent) else v for name, v in row.items()}
