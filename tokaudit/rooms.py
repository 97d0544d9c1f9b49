"""A room is a package in which every module is one thing, named by its file.

`audits/fertility.py` is the audit called "fertility" on the command line, in the JSON, in the
README and in the tests. Nothing registers; putting the file there is enough. A room is named here
by its dotted name, so that asking what it holds imports none of it.
"""

import ast
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

from tokaudit.errors import UnknownName


def names(room: str) -> list[str]:
    """List what a room holds, without importing any of it."""
    return sorted(m.name for m in iter_modules(_folders(room)) if not m.name.startswith("_"))


def enter(room: str, name: str) -> ModuleType:
    """Import one thing from a room by its name; raises UnknownName."""
    return import_module(f"{room}.{check(room, name)}")


def docstring(room: str, name: str) -> str:
    """Read the docstring a thing opens with, without importing the thing."""
    source = Path(_folders(room)[0], f"{check(room, name)}.py").read_text(encoding="utf-8")
    return ast.get_docstring(ast.parse(source)) or ""


def check(room: str, name: str) -> str:
    """Return the name if the room holds it; raises UnknownName with what the room does hold."""
    if name not in names(room):
        called = room.rpartition(".")[2]
        raise UnknownName(f"{name!r} is not among the {called}: {', '.join(names(room))}")
    return name


def _folders(room: str) -> list[str]:
    spec = find_spec(room)
    return list(spec.submodule_search_locations or ()) if spec else []
