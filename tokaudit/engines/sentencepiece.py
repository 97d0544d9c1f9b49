"""sentencepiece: Google's library on its own `.model` files."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import numpy as np
import pyarrow as pa
import sentencepiece

from tokaudit.engines import contained, flat
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
            return flat(self.processor.encode(texts.to_pylist(), return_type="numpy"))

    def place(self, texts: pa.LargeStringArray) -> Placed:
        """Encode with the byte offsets of each piece's surface.

        The library gives the whole character to the last of its byte pieces and nothing to
        the others; here each of them covers the character.
        """
        with contained("sentencepiece"):
            protos = self.processor.encode(texts.to_pylist(), return_type="proto")
        ids = flat([piece.id for piece in proto.pieces] for proto in protos)
        spans: list[tuple[int, int]] = []
        for proto in protos:
            spans += self._surfaces(proto.pieces)
        array = np.array(spans, np.int64).reshape(-1, 2)
        return Placed(ids, array[:, 0], array[:, 1])

    def _surfaces(self, pieces: Sequence[Any]) -> list[tuple[int, int]]:
        spans: list[tuple[int, int]] = []
        end = 0
        for piece in reversed(pieces):
            partial = piece.begin == piece.end and self.processor.is_byte(piece.id)
            end = end if partial else piece.end
            spans.append((piece.begin, end))
        return spans[::-1]
