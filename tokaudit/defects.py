"""Why a row cannot be audited: null, too long, not UTF-8, or nothing but white space."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tokaudit.text import is_utf8


def null(texts: pa.Array, longest: int) -> pa.BooleanArray:
    """Mark rows without a text."""
    return texts.is_null()


def too_long(texts: pa.Array, longest: int) -> pa.BooleanArray:
    """Mark rows of more than `longest` bytes."""
    return pc.greater(lengths(texts), longest)


def invalid_utf8(texts: pa.Array, longest: int) -> pa.BooleanArray:
    """Mark rows whose bytes are not UTF-8: Parquet readers let them pass."""
    rows = strings(texts)
    try:
        rows.validate(full=True)
    except pa.ArrowInvalid:
        raw = rows.cast(pa.large_binary()).to_pylist()
        return pa.array([not is_utf8(each) for each in raw], pa.bool_())
    return rows.is_null()  # all false: nulls are gone by now


def blank(texts: pa.Array, longest: int) -> pa.BooleanArray:
    """Mark rows that are empty or white space only."""
    rows = strings(texts)
    return pc.or_(pc.utf8_is_space(rows), pc.equal(pc.binary_length(rows), 0))


# In the order they are asked: later questions need the earlier answers.
DEFECTS = {"null": null, "too_long": too_long, "invalid_utf8": invalid_utf8, "blank": blank}
NO_DEFECT = -1
Defects = npt.NDArray[np.int8]


def first_defects(texts: pa.Array, longest: int) -> Defects:
    """Say of each row which defect it has first, as its place in `DEFECTS`."""
    first, left = np.full(len(texts), NO_DEFECT, np.int8), np.arange(len(texts))
    for place, is_bad in enumerate(DEFECTS.values()):
        bad = is_bad(texts, longest).to_numpy(zero_copy_only=False)
        if bad.any():
            first[left[bad]] = place
            left, texts = left[~bad], texts.filter(pa.array(~bad))
    return first


def strings(values: pa.Array) -> pa.LargeStringArray:
    """Give plain strings with 64-bit offsets, whatever kind of strings they were."""
    return values.cast(pa.large_string())


def lengths(texts: pa.Array) -> pa.Int64Array:
    """Count the bytes of each row, 0 for null; a dictionary is not unfolded for that."""
    if pa.types.is_dictionary(texts.type):
        return pc.fill_null(lengths(texts.dictionary).take(texts.indices), 0)
    return pc.fill_null(pc.binary_length(texts.cast(pa.large_binary())).cast(pa.int64()), 0)
