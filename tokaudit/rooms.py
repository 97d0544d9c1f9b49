"""A room is a package in which every module is one thing, named by its file.

`audits/fertility.py` is the audit called "fertility" on the command line, in the JSON, in the
README and in the tests. Nothing registers; putting the file there is enough.
"""

import ast
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

from tokaudit.errors import UnknownName


def names(room: ModuleType) -> list[str]:
    """List what a room holds, without importing any of it."""
    return sorted(m.name for m in iter_modules(room.__path__) if not m.name.startswith("_"))


def enter(room: ModuleType, name: str) -> ModuleType:
    """Import one thing from a room by its name; raises UnknownName."""
    return import_module(f"{room.__name__}.{check(room, name)}")


def docstring(room: ModuleType, name: str) -> str:
    """Read the docstring a thing opens with, without importing the thing."""
    source = Path(room.__path__[0], f"{check(room, name)}.py").read_text(encoding="utf-8")
    return ast.get_docstring(ast.parse(source)) or ""


def check(room: ModuleType, name: str) -> str:
    """Return the name if the room holds it; raises UnknownName with what the room does hold."""
    if name not in names(room):
        called = room.__name__.rpartition(".")[2]
        raise UnknownName(f"{name!r} is not among the {called}: {', '.join(names(room))}")
    return name
