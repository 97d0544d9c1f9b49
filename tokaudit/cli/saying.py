"""Sentences on stderr, whatever its encoding, even where nobody listens any more."""

import os
import sys

import typer

from tokaudit import notes


def say(sentence: str) -> None:
    """Write a line to stderr; one that is closed, full or gone changes no exit code."""
    try:
        if sys.stderr is not None and sys.stderr.isatty():
            typer.echo(sentence, err=True)  # above a progress bar, if there is one
        else:
            os.write(notes.LINE.stderr, (sentence + "\n").encode("utf-8", "backslashreplace"))
    except (OSError, ValueError):
        return
