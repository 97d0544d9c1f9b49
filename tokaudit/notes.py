"""Notes to a guard: what this process is doing, and with which tokenizer, in case it dies of it."""

import json
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tokaudit.errors import BadTokenizer
from tokaudit.text import line

GUARD = "TOKAUDIT_GUARD"  # "WRITE,READ": where notes go, and what closes when the guard ends
ENDED = "ended"  # the last note of a process that came to the end of its work
ASIDE = "TOKAUDIT_ASIDE"  # JSON: tokenizers that an earlier process died of, and how


class Line:
    """The line to a guard, if there is one, and what it said; and where people are spoken to."""

    def __init__(self) -> None:
        """Begin without a guard."""
        self.notes: int | None = None
        self.aside: dict[str, str] = {}
        self.stderr = 2


LINE = Line()


def begin() -> None:
    """Find the guard, once, in the process that it watches; its own processes have none."""
    written = os.environ.pop(GUARD, None)
    if written is None:
        return
    notes, lifeline = map(int, written.split(","))
    for descriptor in (notes, lifeline):
        os.set_inheritable(descriptor, False)
    LINE.notes = notes
    LINE.aside.update(json.loads(os.environ.pop(ASIDE, "{}")))
    if sys.stderr is not None:
        _speak_alone()
    threading.Thread(target=_heed, args=(lifeline,), daemon=True).start()


def _speak_alone() -> None:
    """Keep stderr for sentences of our own.

    A library that panics writes pages to descriptor 2 itself; its reason is in the error it raises.
    """
    LINE.stderr = os.dup(2)
    sys.stderr = os.fdopen(os.dup(2), "w", 1, sys.stderr.encoding, "backslashreplace")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)


def _heed(lifeline: int) -> None:
    """End with the guard, however it ends."""
    import multiprocessing

    os.read(lifeline, 1)
    for process in multiprocessing.active_children():
        process.kill()
    os._exit(143)


@contextmanager
def about(spec: str) -> Iterator[None]:
    """Say that a tokenizer is being loaded; raises BadTokenizer if one died of it."""
    if spec in LINE.aside:
        raise BadTokenizer(f"{line(spec)}: {LINE.aside[spec]}")
    now("loading", spec)
    yield
    now("going on")


def now(doing: str, spec: str = "") -> None:
    """Say what begins: `loading` or `reading`, and with which tokenizer."""
    if LINE.notes is not None:
        os.write(LINE.notes, f"{json.dumps([doing, spec])}\n".encode())
