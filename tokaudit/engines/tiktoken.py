"""tiktoken: byte-level BPE over a pattern; its tokens' bytes, joined, are the text."""

from dataclasses import dataclass
from importlib.metadata import version

import pyarrow as pa
import tiktoken

from tokaudit.engines import contained, flat, octets, rows_of
from tokaudit.tokenizer import Ids


@dataclass(frozen=True, eq=False)
class TiktokenEngine:
    """A `tiktoken.Encoding`."""

    encoding: tiktoken.Encoding
    name: str = "tiktoken"
    version: str = version("tiktoken")

    def encode(self, texts: pa.LargeStringArray) -> Ids:
        """Encode; `<|endoftext|>` in a text is thirteen characters. Raises EngineFailed."""
        encode = self.encoding.encode
        with contained("tiktoken"):
            return flat(encode(text, disallowed_special=()) for text in texts.to_pylist())

    def place(self, texts: pa.LargeStringArray) -> None:
        """Tiktoken loses nothing, so it is never asked; it has no offsets to give."""

    def decode(self, found: Ids) -> pa.LargeBinaryArray:
        """Decode to bytes; raises EngineFailed."""
        with contained("tiktoken"):
            return octets(map(self.encoding.decode_bytes, rows_of(found)))
