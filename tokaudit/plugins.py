"""Loaders that other packages bring: entry points of the group `tokaudit.loaders`.

An entry point names a scheme and the module that loads it: one with `load(spec) -> Tokenizer`.
It is imported when its scheme is asked for, never to list what there is.
"""

from dataclasses import dataclass, replace
from functools import cache
from importlib import metadata
from typing import Any

import pyarrow as pa

from tokaudit.engines import contained
from tokaudit.errors import BadTokenizer, TokauditError
from tokaudit.text import line
from tokaudit.tokenizer import Engine, Ids, Placed, Tokenizer

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
    if not isinstance(tokenizer, Tokenizer):
        raise BadTokenizer(f"{what} gave a {line(type(tokenizer).__name__)}, not a Tokenizer")
    if type(tokenizer.engine).__module__.startswith("tokaudit."):
        return tokenizer
    return replace(tokenizer, engine=Foreign(tokenizer.engine))


@dataclass(frozen=True, eq=False)
class Foreign:
    """An engine of another package: whatever it raises is a failure of an engine."""

    engine: Engine

    @property
    def name(self) -> str:
        """What computes the ids."""
        return self.engine.name

    @property
    def version(self) -> str:
        """Its version."""
        return self.engine.version

    def encode(self, texts: pa.LargeStringArray) -> Ids:
        """Encode without special tokens."""
        with contained(self.name):
            return self.engine.encode(texts)

    def place(self, texts: pa.LargeStringArray) -> Placed | None:
        """Encode with offsets, if it has any."""
        with contained(self.name):
            return self.engine.place(texts)

    def decode(self, found: Ids) -> pa.LargeBinaryArray:
        """Decode what it encoded."""
        with contained(self.name):
            return self.engine.decode(found)


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
