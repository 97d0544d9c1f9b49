"""A challenge set of trap words: what an evaluator needs to ask a model about each of them.

A row is a pair of words A and B that meet without a space, the word T that lies over their border,
and the pieces before (A and B, each alone) and after (A B). No token of A B begins or ends at the
border, which was seen when the row was written.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from tokaudit.batch import NO_LANGUAGE, Batch, Ints
from tokaudit.reads import read
from tokaudit.splits.found import Traps
from tokaudit.splits.lexicon import lexicons
from tokaudit.splits.scope import Scope
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
        ("a_id", pa.int64()),
        ("b_id", pa.int64()),
        ("trap_id", pa.int64()),
        *((f"{name}_ids", pa.list_(pa.int64())) for name in ("a", "b", "text")),
        *((f"{name}_pieces", pa.list_(pa.string())) for name in ("a", "b", "text")),
    ]
)


def challenge(tokenizers: Sequence[Tokenizer], size: int, scope: Scope) -> pa.Table:
    """Give the first `size` traps of every script, for each tokenizer."""
    rows: list[dict[str, Any]] = []
    for tokenizer in tokenizers:
        for lexicon in lexicons(tokenizer.vocabulary):
            found = Traps.of(tokenizer.by_reference(), lexicon, scope.word_pairs)
            rows += _rows(tokenizer.by_reference(), found, np.arange(min(size, found.first.size)))
    numbered = [{"id": f"{place:06}", **row} for place, row in enumerate(rows)]
    return pa.Table.from_pylist(numbered, schema=SCHEMA)


def _rows(tokenizer: Tokenizer, found: Traps, places: Ints) -> Iterator[dict[str, Any]]:
    """Write rows; `exact`: T is the token itself; `*_pieces` that are no text are `<E4 B8>`."""
    texts = found.texts(places)
    cut = {
        "a": _cut(tokenizer, [a for a, _, _ in texts]),
        "b": _cut(tokenizer, [b for _, b, _ in texts]),
        "text": _cut(tokenizer, [a + b for a, b, _ in texts]),
    }
    identity, ids = str(tokenizer.identity), found.lexicon.ids
    for row, place in enumerate(places.tolist()):
        a, b, trap = texts[row]
        agreed = None if found.agreed is None else bool(found.agreed[place])
        yield {
            "tokenizer": tokenizer.spec,
            "identity": identity,
            "script": found.lexicon.script,
            "spaced": found.lexicon.spaced,
            "a": a,
            "b": b,
            "text": a + b,
            "trap": trap,
            "border_char": len(a),
            "border_byte": len(a.encode()),
            "exact": bool(found.exact[place]),
            "segmenter_agrees": agreed,
            "a_id": int(ids[found.first[place]]),
            "b_id": int(ids[found.second[place]]),
            "trap_id": int(ids[found.trap[place]]),
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
        return f"<{data.hex(' ').upper()}>"
