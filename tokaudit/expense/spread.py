"""Spread: how long tokens are, and how many of them a row takes, as exact quantiles."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from tokaudit.columns import count, figure, label
from tokaudit.histogram import Histogram
from tokaudit.vocabulary import Vocabulary

QUANTILES = {"p05": 0.05, "p25": 0.25, "median": 0.5, "p75": 0.75, "p95": 0.95, "longest": 1.0}
COLUMNS = pa.schema(
    [
        label("of", "what is measured: tokens of a row; bytes, or characters begun, of a token"
              " (as often as it occurs) or of a distinct token"),
        count("number", "how many of them"),
        figure("mean", "sum / number"),
        *(count(name, f"{share:.0%} of them are no longer") for name, share in QUANTILES.items()),
    ]
)  # fmt: skip


def rows(
    tokens_of_rows: Histogram, ids: Histogram, vocabulary: Vocabulary
) -> Iterator[Mapping[str, Any]]:
    """Give the spread of everything that was seen; `ids` counts tokens."""
    yield from _row("tokens of a row", tokens_of_rows)
    if not ids.total:
        return
    places, once = vocabulary.places(ids.ids), np.ones_like(ids.counts)
    for unit, lengths in (("bytes", vocabulary.lengths), ("characters", vocabulary.chars)):
        yield from _row(f"{unit} of a token", Histogram.of(lengths[places], ids.counts))
        yield from _row(f"{unit} of a distinct token", Histogram.of(lengths[places], once))


def _row(name: str, found: Histogram) -> Iterator[Mapping[str, Any]]:
    if total := found.total:
        quantiles = found.quantiles(list(QUANTILES.values()))
        mean = int(found.ids @ found.counts) / total
        yield {
            "of": name,
            "number": total,
            "mean": mean,
            **dict(zip(QUANTILES, quantiles, strict=True)),
        }
