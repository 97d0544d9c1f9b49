"""sentencepiece: Google's library on its own `.model` files."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import sentencepiece

from tokaudit.engines import contained, flat, in_bytes, octets, rows_of
from tokaudit.errors import EngineFailed
from tokaudit.tokenizer import Ids, Placed


@dataclass(frozen=True, eq=False)
class SentencePieceEngine:
    """A `SentencePieceProcessor`, which reads control symbols as text by itself."""

    processor: sentencepiece.SentencePieceProcessor
    name: str = "sentencepiece"
    version: str = version("sentencepiece")

    def encode(self, texts: pa.LargeStringArray) -> Ids:
        """Encode without BOS or EOS; raises EngineFailed."""
        with contained("sentencepiece"):
            return flat(self.processor.encode(texts.to_pylist()))

    def place(self, texts: pa.LargeStringArray) -> Placed:
        """Encode, and place each piece by what its letters were before they were normalised.

        The library gives a letter to the last of the pieces it became (three bytes, or the `1`,
        `⁄` and `2` of `½`) and nothing to the others; here each of them covers the letter.
        """
        rows = texts.to_pylist()
        with contained("sentencepiece"):
            protos = self.processor.encode(rows, return_type="proto")
            parts = [self._spans(row, p.pieces) for row, p in zip(rows, protos, strict=True)]
        ids = flat([piece.id for piece in proto.pieces] for proto in protos)
        spans = np.concatenate([*parts, np.zeros((0, 2), np.int64)])
        return Placed(ids, spans[:, 0], spans[:, 1])

    def decode(self, found: Ids) -> pa.LargeBinaryArray:
        """Decode; what is unknown becomes the sign that the model has for it."""
        with contained("sentencepiece"):
            return octets(self.processor.decode(ids) if ids else "" for ids in rows_of(found))

    def _spans(self, text: str, pieces: Sequence[Any]) -> npt.NDArray[np.int64]:
        """Give the bytes of the text that each piece covers, as rows of two."""
        if not pieces:
            return np.zeros((0, 2), np.int64)
        normal, places = self.processor.normalize(text, with_offsets=True)
        begins = np.array(places, np.int64)  # of normalised letters, among those of the text
        known = np.unique(begins)
        after = np.searchsorted(known, begins, side="right")
        ends = known[np.minimum(after, known.size - 1)]
        if len(normal) > 1 and normal[0] == "▁" and begins[0] == begins[1]:  # a dummy prefix
            ends[0] = begins[0]
        letters = np.repeat(np.arange(len(normal)), [len(letter.encode()) for letter in normal])
        sizes = [1 if self.processor.is_byte(p.id) else len(p.piece.encode()) for p in pieces]
        bounds = np.concatenate([[0], np.cumsum(sizes)])
        if bounds[-1] != letters.size:
            raise EngineFailed("its pieces, joined, are not the text as it normalises it")
        first, last = letters[bounds[:-1]], letters[bounds[1:] - 1]
        at = in_bytes(text)
        return np.stack([at[begins[first]], at[ends[last]]], axis=1)
