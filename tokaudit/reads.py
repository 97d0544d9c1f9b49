"""Reads: batches are encoded, and rows that an engine refuses are named."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from tokaudit.batch import Batch
from tokaudit.errors import EngineFailed
from tokaudit.reading import Reading, texts_read
from tokaudit.tokenizer import Ids, Tokenizer


def read(tokenizer: Tokenizer, batch: Batch) -> Reading:
    """Encode a batch; rows the engine refuses are left out and named."""
    try:
        return _read(tokenizer, batch)
    except EngineFailed:
        encodes = np.array([_encodes(tokenizer, batch, row) for row in range(batch.rows)], np.bool_)
        kept = batch.take(np.flatnonzero(encodes))
        refused = np.flatnonzero(~encodes)
        failed = int(batch.weights[refused].sum())
        return replace(_read(tokenizer, kept), failed=failed, refused=refused)


def read_all(tokenizer: Tokenizer, batches: Sequence[Batch]) -> Iterator[Reading]:
    """Read many small batches, encoded in one call; where a row is refused, each in its own."""
    texts = [texts_read(tokenizer, batch) for batch in batches]
    try:
        ids, offsets = tokenizer.encode(pa.concat_arrays(texts))
    except EngineFailed:
        yield from (read(tokenizer, batch) for batch in batches)
        return
    first = 0
    for batch in batches:
        own = offsets[first : first + batch.rows + 1]
        yield Reading(tokenizer, batch, Ids(ids[own[0] : own[-1]], own - own[0]))
        first += batch.rows


def _read(tokenizer: Tokenizer, batch: Batch) -> Reading:
    return Reading(tokenizer, batch, tokenizer.encode(texts_read(tokenizer, batch)))


def _encodes(tokenizer: Tokenizer, batch: Batch, row: int) -> bool:
    try:
        tokenizer.encode(texts_read(tokenizer, batch).slice(row, 1))
    except EngineFailed:
        return False
    return True
