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


@contextmanager
def whole(path: Path) -> Iterator[BinaryIO]:
    """Write beside, sync, and rename over: the old file stays until the new one is whole.

    Raises CannotWrite.
    """
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
