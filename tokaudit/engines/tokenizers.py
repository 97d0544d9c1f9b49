"""HuggingFace `tokenizers`: every pipeline a tokenizer.json can describe."""

from dataclasses import dataclass
from importlib.metadata import version
from itertools import chain

import numpy as np
import pyarrow as pa
import tokenizers

from tokaudit.engines import contained, flat, octets, rows_of
from tokaudit.tokenizer import Ids, Placed

# Two noncharacters, put before entries that no text may match (control tokens of Unigram models).
NO_TEXT = "\U0010fffe\U0010ffff"


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
            ids = flat(encoding.ids for encoding in batch)
            pairs = chain.from_iterable(chain.from_iterable(e.offsets) for e in batch)
            spans = np.fromiter(pairs, np.int64).reshape(-1, 2)
        data = np.frombuffer("".join(rows).encode(), np.uint8)
        at = np.append(np.flatnonzero((data & 0xC0) != 0x80), data.size)
        chars = np.cumsum([0, *map(len, rows)])[:-1]  # characters before each row
        begin = np.repeat(chars, np.diff(ids.offsets))
        spans = at[spans + begin[:, None]] - at[begin][:, None]
        return Placed(ids, spans[:, 0], spans[:, 1])

    def parts(self, text: str) -> list[str]:
        """Give what the model is handed of a text that holds no added token."""
        normalizer, cutter = self.backend.normalizer, self.backend.pre_tokenizer
        with contained("tokenizers"):
            normal = normalizer.normalize_str(text) if normalizer else text
            found = cutter.pre_tokenize_str(normal) if cutter else [(normal, (0, 0))]
        return [part for part, _ in found if part]

    def decode(self, found: Ids) -> pa.LargeBinaryArray:
        """Decode by the file's own decoder; raises EngineFailed."""
        with contained("tokenizers"):
            texts = self.backend.decode_batch(rows_of(found), skip_special_tokens=False)
            return octets(text.replace(NO_TEXT, "") for text in texts)
