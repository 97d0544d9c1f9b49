"""The library that people load a tokenizer with, opened once for all who ask it something."""

from functools import lru_cache

from tokaudit.engines import contained
from tokaudit.errors import TokauditError
from tokaudit.text import Absent
from tokaudit.tokenizer import Library, Opened, Tokenizer

UNASKED = Absent("what people load such a file with is not asked here")


def opened(tokenizer: Tokenizer) -> Opened | Absent:
    """Load the tokenizer as its library does, or say why that cannot be."""
    if tokenizer.library is None:
        return UNASKED
    try:
        return _opened(tokenizer.library)
    except TokauditError as error:
        return Absent(f"it could not be loaded anew: {error}")


@lru_cache(maxsize=1)
def _opened(library: Library) -> Opened:
    """Raise EngineFailed for whatever it raises."""
    with contained(library.name):
        return library.open()
