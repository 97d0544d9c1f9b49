"""One target under atheris: libFuzzer finds bytes that take new ways through our code."""

import sys

import atheris

with atheris.instrument_imports(include=["tokaudit", "targets"]):
    import targets

NAME = sys.argv.pop(1)


def once(data: bytes) -> None:
    """Try these bytes."""
    targets.run(NAME, data)


atheris.Setup(sys.argv, once)
atheris.Fuzz()
