"""Loaders that other packages bring: entry points of the group `tokaudit.loaders`.

An entry point names a scheme and the module that loads it: one with `load(spec) -> Tokenizer`.
It is imported when its scheme is asked for, never to list what there is.
"""

from functools import cache
from importlib import metadata
from typing import Any

from tokaudit.engines import contained
from tokaudit.errors import BadTokenizer, TokauditError
from tokaudit.text import line
from tokaudit.tokenizer import Tokenizer

GROUP = "tokaudit.loaders"


def names() -> list[str]:
    """List the schemes that other packages bring."""
    return sorted(_found())


def load(scheme: str, spec: Any) -> Tokenizer:
    """Load a tokenizer through another package's loader; raises BadTokenizer."""
    entry = _found()[scheme]
    what = f"{line(spec.written)}: the loader {line(scheme)}: of {line(_package(entry))}"
    try:
        with contained(f"{what} failed"):
            tokenizer = entry.load().load(spec)
    except TokauditError as error:
        raise BadTokenizer(str(error)) from error
    except SystemExit as error:
        raise BadTokenizer(f"{what} tried to exit") from error
    if not isinstance(tokenizer, Tokenizer):
        raise BadTokenizer(f"{what} gave a {line(type(tokenizer).__name__)}, not a Tokenizer")
    return tokenizer


@cache
def _found() -> dict[str, metadata.EntryPoint]:
    """Find entry points by name; of two with one name, that of the first package counts."""
    entries = [entry for installed in metadata.distributions() for entry in _entries(installed)]
    return {entry.name: entry for entry in sorted(entries, key=_package, reverse=True)}


def _entries(installed: metadata.Distribution) -> list[metadata.EntryPoint]:
    """List the entry points of one package, none if its list is garbled: it may be anyone's."""
    try:
        return list(installed.entry_points.select(group=GROUP))
    except (AttributeError, TypeError, ValueError):
        return []


def _package(entry: metadata.EntryPoint) -> str:
    return str(entry.dist.name) if entry.dist else ""
