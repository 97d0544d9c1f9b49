"""Reference lines that need no library: one token a byte, or one token a code point."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa

from tokaudit.engines import flat_arrays, octets
from tokaudit.tokenizer import Ids


@dataclass(frozen=True, eq=False)
class BuiltinEngine:
    """Ids are the code units of an encoding: `utf-8` for bytes, `utf-32-le` for code points."""

    encoding: str
    unit: type[np.unsignedinteger]
    name: str = "builtin"
    version: str = "1"

    def encode(self, texts: pa.LargeStringArray) -> Ids:
        """Give the code units of each text."""
        return flat_arrays(
            np.frombuffer(text.encode(self.encoding), self.unit) for text in texts.to_pylist()
        )

    def place(self, texts: pa.LargeStringArray) -> None:
        """Never asked: the units, decoded, are the text."""

    def decode(self, found: Ids) -> pa.LargeBinaryArray:
        """Read the code units of each text."""
        units = found.ids.astype(self.unit)
        parts = (units[begin:end].tobytes() for begin, end in pairwise(found.offsets.tolist()))
        return octets(part.decode(self.encoding) for part in parts)
