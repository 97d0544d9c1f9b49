"""A challenge set of trap words: what an evaluator needs to ask a model about each of them.

A row is a pair of words A and B that meet without a space, the word T that lies over their border,
and the pieces before (A and B, each alone) and after (A B). No token of A B begins or ends at the
border, which was seen when the row was written. Pairs that were met in a corpus come first, with
how often, and a sentence.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from tokaudit.batch import NO_LANGUAGE, Batch
from tokaudit.reads import read
from tokaudit.splits.pairs import Pair, pairs
from tokaudit.splits.scope import Scope
from tokaudit.text import in_hex
from tokaudit.tokenizer import Tokenizer

SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("tokenizer", pa.string()),
        ("identity", pa.string()),
        ("script", pa.string()),
        ("spaced", pa.bool_()),
        ("a", pa.string()),
        ("b", pa.string()),
        ("text", pa.string()),
        ("trap", pa.string()),
        ("border_char", pa.int64()),
        ("border_byte", pa.int64()),
        ("exact", pa.bool_()),
        ("segmenter_agrees", pa.bool_()),
        ("seen", pa.int64()),
        ("lang", pa.string()),
        ("context", pa.string()),
        ("a_id", pa.int64()),
        ("b_id", pa.int64()),
        ("trap_id", pa.int64()),
        *((f"{name}_ids", pa.list_(pa.int64())) for name in ("a", "b", "text")),
        *((f"{name}_pieces", pa.list_(pa.string())) for name in ("a", "b", "text")),
    ]
)


def challenge(
    tokenizers: Sequence[Tokenizer], met: Sequence[dict[str, Any]], size: int, scope: Scope
) -> pa.Table:
    """Give the traps `met` in running text, and the first `size` of every script, by tokenizer.

    `met` are rows of the audit's table `running_traps`.
    """
    rows: list[dict[str, Any]] = []
    for tokenizer in tokenizers:
        mine = [row for row in met if row["tokenizer"] == tokenizer.spec]
        reference = tokenizer.by_reference()
        rows += _rows(reference, pairs(reference, mine, size, scope))
    numbered = [{"id": f"{place:06}", **row} for place, row in enumerate(rows)]
    return pa.Table.from_pylist(numbered, schema=SCHEMA)


def _rows(tokenizer: Tokenizer, found: Sequence[Pair]) -> Iterator[dict[str, Any]]:
    """Write rows; `*_pieces` that are no text are `‹e4b8›`."""
    cut = {
        "a": _cut(tokenizer, [pair.a for pair in found]),
        "b": _cut(tokenizer, [pair.b for pair in found]),
        "text": _cut(tokenizer, [pair.a + pair.b for pair in found]),
    }
    identity = str(tokenizer.identity)
    for row, pair in enumerate(found):
        said = dict(vars(pair))
        yield {
            "tokenizer": tokenizer.spec,
            "identity": identity,
            "text": pair.a + pair.b,
            "border_char": len(pair.a),
            "border_byte": len(pair.a.encode()),
            "segmenter_agrees": said.pop("agreed"),
            **said,
            **{f"{name}_ids": pieces[row][0] for name, pieces in cut.items()},
            **{f"{name}_pieces": pieces[row][1] for name, pieces in cut.items()},
        }


def _cut(tokenizer: Tokenizer, texts: Sequence[str]) -> list[tuple[list[int], list[str]]]:
    """Give the ids and the pieces of each text; a text that is refused has neither."""
    reading = read(tokenizer, Batch.of(NO_LANGUAGE, texts))
    pieces = list(map(_piece, tokenizer.vocabulary.decode(reading.ids).to_pylist()))
    ids, ends = reading.ids.tolist(), reading.encoded.offsets.tolist()
    found: list[tuple[list[int], list[str]]] = [([], []) for _ in texts]
    rows = np.delete(np.arange(len(texts)), reading.refused).tolist()
    for row, begin, end in zip(rows, ends[:-1], ends[1:], strict=True):
        found[row] = ids[begin:end], pieces[begin:end]
    return found


def _piece(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return in_hex(data)
