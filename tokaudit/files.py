"""Files written whole or not at all."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from tokaudit.errors import CannotWrite
from tokaudit.text import line


def write_whole(path: Path, data: bytes) -> None:
    """Write a file whole or not at all; raises CannotWrite."""
    with whole(path) as file:
        file.write(data)


def check_replaceable(path: Path) -> None:
    """Raise CannotWrite for what a new file must not take the place of: devices, pipes, folders."""
    try:
        taken = path.exists() and not path.is_file()
    except OSError as error:  # a name that is too long even to ask for
        raise CannotWrite(f"cannot write {line(str(path))}: {error.strerror}") from error
    if "\0" in str(path):
        raise CannotWrite(f"cannot write {line(str(path))}: no name holds a NUL")
    if taken:
        raise CannotWrite(
            f"cannot write {line(str(path))}: it is no regular file, which alone can be replaced"
            " as a whole; -o - writes to stdout"
        )


@contextmanager
def whole(path: Path) -> Iterator[BinaryIO]:
    """Write beside, sync, and rename over: the old file stays until the new one is whole.

    Raises CannotWrite.
    """
    check_replaceable(path)
    beside = path.with_name(f".tokaudit-{secrets.token_hex(4)}.tmp")
    try:
        with beside.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        raise CannotWrite(f"cannot write {line(str(path))}: {error.strerror or error}") from error
    finally:
        beside.unlink(missing_ok=True)
