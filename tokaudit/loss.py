"""What a round trip loses: text against the bytes of its tokens, sorted into classes of loss.

Classes, best first: `exact`; equal in normalization form `nfc`; in form `nfkc`; equal once white
space is left out (`whitespace`); once letters are case-folded too (`case`); `lossy`. Each class
allows all that those before it allow, so a row's class is the first in which both sides are equal.
"""

import re
import unicodedata
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tokaudit.text import WHITE_SPACE
from tokaudit.tokenizer import Ids
from tokaudit.vocabulary import Vocabulary

CLASSES = ("exact", "nfc", "nfkc", "whitespace", "case", "lossy")
Classes = npt.NDArray[np.int8]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
SPACE = 0x20
BLANKS = re.compile(f"[{re.escape(''.join(WHITE_SPACE))}]+")


def decoded(vocabulary: Vocabulary, found: Ids, texts: pa.LargeStringArray) -> pa.LargeBinaryArray:
    """Join the bytes of each text's tokens; a dummy prefix (one space more than the text) goes.

    Raises BadTokenizer for an id that the vocabulary lacks.
    """
    tokens = vocabulary.decode(found.ids)
    ends = np.frombuffer(tokens.buffers()[1] or bytes(8), np.int64)[: len(tokens) + 1]
    data = np.frombuffer(tokens.buffers()[2] or b"", np.uint8)[: ends[-1]]
    offsets = ends[found.offsets]
    prefixed = _prefixed(data, offsets, texts)
    kept = np.ones(data.size, np.bool_)
    kept[offsets[:-1][prefixed]] = False
    offsets[1:] -= np.cumsum(prefixed)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(data[kept])]
    return pa.LargeBinaryArray.from_buffers(pa.large_binary(), len(texts), buffers)


def classes(texts: pa.LargeStringArray, decoded: pa.LargeBinaryArray) -> Classes:
    """Give each row's class, as its place in `CLASSES`."""
    same = pc.equal(texts.cast(pa.large_binary()), decoded).to_numpy(zero_copy_only=False)
    found = np.zeros(len(texts), np.int8)
    for row in np.flatnonzero(~same).tolist():
        found[row] = CLASSES.index(_class(texts[row].as_py(), decoded[row].as_py()))
    return found


def _prefixed(data: npt.NDArray[np.uint8], offsets: Ints, texts: pa.LargeStringArray) -> Mask:
    """Mark rows whose tokens begin with more spaces than the text."""
    begins = np.zeros(len(texts), np.bool_)
    filled = np.diff(offsets) > 0
    begins[filled] = data[offsets[:-1][filled]] == SPACE
    both = pc.starts_with(texts, " ").to_numpy(zero_copy_only=False) & begins
    for row in np.flatnonzero(both).tolist():
        joined = data[offsets[row] : offsets[row + 1]].tobytes()
        begins[row] = _spaces(joined) > _spaces(texts[row].as_py().encode())
    return begins


def _spaces(data: bytes) -> int:
    return len(data) - len(data.lstrip(b" "))


def _class(text: str, data: bytes) -> str:
    try:
        other = data.decode()
    except UnicodeDecodeError:
        return "lossy"
    for name, form in FORMS.items():
        text, other = form(text), form(other)
        if text == other:
            return name
    return "lossy"


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _nfkc(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _without_spaces(text: str) -> str:
    return BLANKS.sub("", text)


def _folded(text: str) -> str:
    """Fold as NFKC_Casefold does (Unicode 3.13), but for letters that are ignored there."""
    return _nfkc(text.casefold())


FORMS: dict[str, Callable[[str], str]] = {  # each takes what the one before it gave
    "nfc": _nfc,
    "nfkc": _nfkc,
    "whitespace": _without_spaces,
    "case": _folded,
}
