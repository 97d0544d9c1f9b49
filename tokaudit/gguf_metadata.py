"""The metadata of a GGUF file, read through a memory map and never beyond what it needs."""

import hashlib
import struct
from pathlib import Path
from typing import Any

import numpy as np
from gguf import GGUFEndian, GGUFReader, GGUFValueType

from tokaudit.errors import BadTokenizer
from tokaudit.text import line
from tokaudit.tokenizer import SourceFile
from tokaudit.vocabulary import LARGEST_VOCABULARY

LARGEST_METADATA = 256 * 2**20  # bytes before the tensors
MOST_KEYS, LONGEST_ARRAY = 10_000, 4 * LARGEST_VOCABULARY


class MetadataReader(GGUFReader):
    """gguf's reader, which stops before the tensors and trusts no length that a file gives."""

    def _get(self, offset: int, dtype: Any, count: int = 1, override_order: Any = None) -> Any:
        """Read an array; the library would give a shorter one where the file ends."""
        end = int(offset) + np.dtype(dtype).itemsize * int(count)
        if end > len(self.data):
            raise BadTokenizer("the file ends inside its metadata")
        if end > LARGEST_METADATA:
            raise BadTokenizer(f"its metadata has more than {LARGEST_METADATA:,} bytes")
        return super()._get(offset, dtype, count, override_order)

    def _get_field_parts(self, orig_offs: int, raw_type: int) -> Any:
        """Read an array of numbers at once, and no array that is too long."""
        if GGUFValueType(raw_type) != GGUFValueType.ARRAY:
            return super()._get_field_parts(orig_offs, raw_type)
        kind, length = self._get(orig_offs, np.uint32), self._get(orig_offs + 4, np.uint64)
        if length[0] > LONGEST_ARRAY:
            raise BadTokenizer(f"an array of {length[0]:,} entries is over {LONGEST_ARRAY:,}")
        sort = GGUFValueType(kind[0])
        types = [GGUFValueType.ARRAY, sort]
        if sort == GGUFValueType.STRING:
            texts, end = self._strings(orig_offs + 12, int(length[0]))
            places = list(range(2, 2 + len(texts)))
            return end - orig_offs, [kind, length, *texts], places, types
        if (number := self.gguf_scalar_to_np.get(sort)) is None:
            raise BadTokenizer(f"it has an array of {sort.name.lower()}s")
        values = self._get(orig_offs + 12, number, length[0])
        return 12 + values.nbytes, [kind, length, values], [2], types

    def _strings(self, offset: int, count: int) -> tuple[list[memoryview], int]:
        """Find strings one behind another, and where they end."""
        data, place = self.data.data, int(offset)
        order = ">Q" if self.endianess == GGUFEndian.BIG else "<Q"
        texts, limit = [], min(len(data), LARGEST_METADATA)
        for _ in range(count):
            size = struct.unpack_from(order, data, place)[0] if place + 8 <= limit else limit
            texts.append(data[place + 8 : place + 8 + size])
            place += 8 + size
            if place > limit:
                raise BadTokenizer("the file ends inside its metadata")
        return texts, place

    def _build_fields(self, offs: int, count: int) -> int:
        if count > MOST_KEYS:
            raise BadTokenizer(f"{count:,} keys are over the limit of {MOST_KEYS:,}")
        return super()._build_fields(offs, count)

    def _build_tensor_info(self, offs: int, count: int) -> Any:
        """Stop: what follows are tensors."""
        self.end = int(offs)
        return offs, []


def metadata(path: Path) -> tuple[dict[str, Any], SourceFile]:
    """Read what a file says of its tokenizer, and the digest of all its metadata.

    Raises BadTokenizer, and what the library raises.
    """
    reader = MetadataReader(path)
    wanted = {k: f for k, f in reader.fields.items() if k.startswith("tokenizer.ggml.")}
    digest = hashlib.sha256(reader.data[: reader.end].tobytes()).hexdigest()
    values = {k.removeprefix("tokenizer.ggml."): f.contents() for k, f in wanted.items()}
    return values, SourceFile(f"{line(path.name)} (metadata)", digest, reader.end)
