"""A checkup of this installation: versions, caches, what works offline, and what to do about it."""

from collections.abc import Callable, Iterator

from tokaudit.checkup.check import Check
from tokaudit.checkup.installation import extras, unicode, versions
from tokaudit.checkup.surroundings import caches, encoding, offline
from tokaudit.text import line

LOOKS: dict[str, Callable[[], Iterator[Check]]] = {
    "versions": versions,
    "unicode": unicode,
    "extras": extras,
    "caches": caches,
    "offline": offline,
    "encoding": encoding,
}


def checkup() -> Iterator[Check]:
    """Look at everything; touches no network. What cannot even be looked at is a problem."""
    for area, look in LOOKS.items():
        try:
            yield from look()
        except ImportError as error:
            yield Check(area, "all", "problem", f"cannot be looked at: {line(str(error))}")
