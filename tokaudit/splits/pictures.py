"""Pictures of a stretch of text as tokens cut it, with all that its first and last token hold."""

import numpy as np

from tokaudit.numbers.drawing import written
from tokaudit.reading import Reading


def pictured(reading: Reading, begin: int, end: int) -> str:
    """Draw the tokens that have a share in some bytes of a batch's data, a bar between them."""
    starts, ends = reading.spans
    first = np.searchsorted(ends, begin, side="right")
    last = np.searchsorted(starts, end, side="left")
    pieces = zip(starts[first:last].tolist(), ends[first:last].tolist(), strict=True)
    return "|".join(written(reading.batch.data[a:b].tobytes()) for a, b in pieces)
