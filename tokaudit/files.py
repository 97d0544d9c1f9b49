"""Files read whole, with their digest, and files written whole or not at all."""

import hashlib
import os
import tempfile
from pathlib import Path

from tokaudit.errors import BadTokenizer, CannotWrite
from tokaudit.text import line
from tokaudit.tokenizer import SourceFile

LARGEST_VOCABULARY_FILE = 64 * 2**20
GIT_LFS = b"version https://git-lfs"


def contents(path: Path) -> tuple[bytes, SourceFile]:
    """Read a vocabulary file; raises BadTokenizer if it is absent, too large or a stand-in."""
    try:
        if not path.is_file():
            raise BadTokenizer(f"{line(str(path))} is not a file")
        if (size := path.stat().st_size) > LARGEST_VOCABULARY_FILE:
            raise BadTokenizer(
                f"{line(str(path))} has {size:,} bytes; vocabulary files over"
                f" {LARGEST_VOCABULARY_FILE:,} are refused"
            )
        data = path.read_bytes()
    except OSError as error:
        raise BadTokenizer(f"cannot read {line(str(path))}: {error.strerror}") from error
    if data.startswith(GIT_LFS):
        raise BadTokenizer(f"{line(str(path))} is a git-lfs pointer: run git lfs pull")
    return data, SourceFile(path.name, hashlib.sha256(data).hexdigest(), len(data))


def write_whole(path: Path, data: bytes) -> None:
    """Write beside, sync, and rename over: the old file stays until the new one is whole."""
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(".tmp", ".tokaudit-", path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o666 & ~_umask())
        Path(temporary).replace(path)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise CannotWrite(f"cannot write {line(str(path))}: {error.strerror}") from error
    except BaseException:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
