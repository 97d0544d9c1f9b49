"""tiktoken's encodings: who defines each of them, and the patterns that they cut text by.

Definitions are functions, listed by modules in the namespace package `tiktoken_ext`: OpenAI's own
and those of plugins. tiktoken itself gives up all of them when one plugin cannot be imported.
"""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from functools import cache
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import tiktoken_ext
from tiktoken_ext import openai_public

from tokaudit.errors import BadTokenizer
from tokaudit.text import line

Definition = Callable[[], dict[str, Any]]


class Plugins(NamedTuple):
    """Encodings that plugins define, and a sentence about each plugin that is of no use."""

    definitions: Mapping[str, Definition]
    broken: tuple[str, ...]


def names() -> list[str]:
    """List every encoding that OpenAI or a usable plugin defines."""
    return sorted({*openai_public.ENCODING_CONSTRUCTORS, *_plugins().definitions})


def definition(name: str) -> Definition:
    """Give the function that defines an encoding; raises BadTokenizer with those there are.

    No plugin is imported for an encoding of OpenAI's.
    """
    own: Mapping[str, Definition] = openai_public.ENCODING_CONSTRUCTORS
    if name in own:
        return own[name]
    definitions, broken = _plugins()
    if name in definitions:
        return definitions[name]
    listed = ", ".join(sorted({*own, *definitions}))
    if Path(name).exists():
        broken = (f"the {line(name)} that is here is written ./{line(name)}", *broken)
    said = "".join(f"; {sentence}" for sentence in broken)
    raise BadTokenizer(f"tiktoken has no encoding {line(name)!r}; it has {line(listed)}{said}")


def pattern(name: str) -> str:
    """Give the pattern of one of OpenAI's encodings, no vocabulary read; raises BadTokenizer."""
    known = _without_vocabularies().ENCODING_CONSTRUCTORS
    if name not in known:
        listed = ", ".join(sorted(known))
        said = f"there is no pattern {line(name)!r}" if name else "it needs a pattern"
        raise BadTokenizer(f"{said}: write ?pattern= and one of {listed} behind it")
    return str(known[name]()["pat_str"])


@cache
def _without_vocabularies() -> ModuleType:
    """Load a second copy of OpenAI's definitions, in which every vocabulary is empty."""
    spec = find_spec(openai_public.__name__)
    assert spec is not None and spec.loader is not None
    copy = module_from_spec(spec)
    spec.loader.exec_module(copy)
    readers = [name for name, each in vars(copy).items() if _reads(each)]
    vars(copy).update(dict.fromkeys(readers, lambda *places, **hashes: {}))
    return copy


def _reads(thing: Any) -> bool:
    return getattr(thing, "__module__", None) == "tiktoken.load"


@cache
def _plugins() -> Plugins:
    definitions: dict[str, Definition] = {}
    broken: list[str] = []
    for found in pkgutil.iter_modules(tiktoken_ext.__path__, f"{tiktoken_ext.__name__}."):
        try:
            defined = importlib.import_module(found.name).ENCODING_CONSTRUCTORS
            definitions = {**defined, **definitions}
        except (Exception, SystemExit) as error:
            said = f"{type(error).__name__}: {error}".partition("\n")[0]
            broken.append(f"the plugin {line(found.name)} cannot be used ({line(said)})")
    return Plugins(definitions, tuple(broken))
