"""transformers: tokenizers that are Python code, slow and custom classes among them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

import numpy as np
import pyarrow as pa

from tokaudit.alignment import align
from tokaudit.batch import Ints
from tokaudit.engines import contained, flat, octets, rows_of
from tokaudit.tokenizer import Ids, Placed
from tokaudit.vocabulary import Vocabulary

AS_TEXT = {"split_special_tokens": True}  # what a class may not know


@dataclass(frozen=True, eq=False)
class TransformersEngine:
    """An object of transformers that computes ids itself; `options` are those its class knows."""

    backend: Any
    options: dict[str, bool]
    vocabulary: Vocabulary
    name: str = "transformers"
    version: str = field(default_factory=lambda: version("transformers"))

    def encode(self, texts: pa.LargeStringArray) -> Ids:
        """Encode without special tokens; raises EngineFailed."""
        with contained("transformers"):
            return flat(ids(self.backend, text, self.options) for text in texts.to_pylist())

    def place(self, texts: pa.LargeStringArray) -> Placed:
        """Encode; these classes have no offsets, so letters are compared."""
        found, rows = self.encode(texts), texts.to_pylist()
        spelled: Sequence[bytes] = self.vocabulary.decode(found.ids).to_pylist()
        lost = self._lost(found.ids)
        tokens = [b"" if gone else token for token, gone in zip(spelled, lost, strict=True)]
        bounds = zip(found.offsets[:-1].tolist(), found.offsets[1:].tolist(), strict=True)
        spans = [align(row, tokens[a:b]) for row, (a, b) in zip(rows, bounds, strict=True)]
        starts = [span.starts for span in spans]
        return Placed(found, _joined(starts), _joined([span.ends for span in spans]))

    def decode(self, found: Ids) -> pa.LargeBinaryArray:
        """Decode as the class does; raises EngineFailed."""
        decode = self.backend.decode
        asked = {"skip_special_tokens": False, "clean_up_tokenization_spaces": False}
        with contained("transformers"):
            return octets(decode(ids, **asked) for ids in rows_of(found))

    def _lost(self, ids: Ints) -> list[bool]:
        vocabulary = self.vocabulary
        gone = vocabulary.special | (vocabulary.ids == vocabulary.unknown)
        return list(gone[vocabulary.places(ids)])


def _joined(parts: list[Ints]) -> Ints:
    return np.concatenate([*parts, np.zeros(0, np.int64)])


def options(backend: Any) -> dict[str, bool]:
    """Find out whether a class can read the text of special tokens as text; raises EngineFailed."""
    with contained("transformers"):
        try:
            ids(backend, "a", AS_TEXT)
        except TypeError:  # its `tokenize` takes no options
            ids(backend, "a", {})
            return {}
    return AS_TEXT


def ids(backend: Any, text: str, asked: dict[str, bool]) -> list[int]:
    """Call the object for one text; raises what it raises."""
    found = backend(
        text, add_special_tokens=False, padding=False, truncation=False, verbose=False, **asked
    )
    return list(found["input_ids"])
