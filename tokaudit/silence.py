"""Silence: what a library prints or warns about stays away from the report and the screen."""

import contextlib
import io
import warnings
from collections.abc import Iterator


@contextlib.contextmanager
def silent() -> Iterator[None]:
    """Hear nothing of what is printed in Python while the block runs."""
    unheard = io.StringIO()
    streams = contextlib.redirect_stdout(unheard), contextlib.redirect_stderr(unheard)
    with streams[0], streams[1], warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
