"""HuggingFace `tokenizers`: every pipeline a tokenizer.json can describe."""

from dataclasses import dataclass
from importlib.metadata import version

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import tokenizers

from tokaudit.engines import contained, flat, in_bytes
from tokaudit.tokenizer import Ids, Placed


@dataclass(frozen=True, eq=False)
class TokenizersEngine:
    """A `tokenizers.Tokenizer` that reads special tokens as text."""

    backend: tokenizers.Tokenizer
    name: str = "tokenizers"
    version: str = version("tokenizers")

    def encode(self, texts: pa.LargeStringArray) -> Ids:
        """Encode without special tokens; raises EngineFailed."""
        with contained("tokenizers"):
            batch = self.backend.encode_batch_fast(texts.to_pylist(), add_special_tokens=False)
            return flat(encoding.ids for encoding in batch)

    def place(self, texts: pa.LargeStringArray) -> Placed:
        """Encode with offsets, which `tokenizers` gives in characters of the original text."""
        rows = texts.to_pylist()
        with contained("tokenizers"):
            batch = self.backend.encode_batch(rows, add_special_tokens=False)
            parts = [_spans(row, each) for row, each in zip(rows, batch, strict=True)]
            ids = flat(encoding.ids for encoding in batch)
        spans = np.concatenate([*parts, np.zeros((0, 2), np.int64)])
        return Placed(ids, spans[:, 0], spans[:, 1])


def _spans(text: str, encoding: tokenizers.Encoding) -> npt.NDArray[np.int64]:
    return in_bytes(text)[np.array(encoding.offsets, np.int64).reshape(-1, 2)]
