"""Compression: what general compressors and single bytes make of the text that was drawn."""

from functools import lru_cache

import numpy as np
import pyarrow as pa

from tokaudit.columns import figure
from tokaudit.expense.drawn import PART, TEXT, Drawn
from tokaudit.histogram import Histogram
from tokaudit.text import Absent

LEVELS = {"gzip": 6, "zstd": 3}  # what the tools do unless they are told
TEXTS = f"of the text alone: rows drawn by hash, {PART:,} letters of each, about {TEXT:,} in all"
COLUMNS = (
    figure("gzip_bits_per_byte", f"bits that gzip -{LEVELS['gzip']} takes for a byte {TEXTS}"),
    figure("zstd_bits_per_byte", f"bits that zstd -{LEVELS['zstd']} takes for a byte {TEXTS}"),
    figure("byte_bits_per_byte", f"Shannon entropy of single bytes {TEXTS}"),
)


def figures(drawn: Drawn) -> dict[str, float | Absent]:
    """Compress the text that was drawn, row after row in the order of their hashes."""
    found = _figures(drawn.whole)
    return dict(zip((column.name for column in COLUMNS), found, strict=True))


@lru_cache(1024)  # the same text stands behind every tokenizer
def _figures(texts: tuple[str, ...]) -> tuple[float | Absent, ...]:
    data = "\n".join(texts).encode()
    if not data:
        return (Absent("no row was drawn"),) * len(COLUMNS)
    sizes = (
        len(pa.Codec(name, compression_level=level).compress(data, asbytes=True))
        for name, level in LEVELS.items()
    )
    letters = np.frombuffer(data, np.uint8).astype(np.int64)
    entropy = Histogram.of(letters, np.ones_like(letters)).entropy(1)
    return *(8 * size / len(data) for size in sizes), entropy
