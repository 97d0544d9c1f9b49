"""The rank files of tiktoken's encodings: which each needs, and what lies in tiktoken's cache."""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import NamedTuple

import tiktoken.load

from tokaudit.encodings import definition
from tokaudit.errors import BadTokenizer
from tokaudit.text import line

# Variables that name the folder of tiktoken's cache, the first that is set.
CACHES = ("TIKTOKEN_CACHE_DIR", "DATA_GYM_CACHE_DIR")


class RankFile(NamedTuple):
    """A file that an encoding is made from; `sha256` is what tiktoken expects, if it says so."""

    url: str
    sha256: str | None

    @property
    def cached(self) -> Path | None:
        """Where tiktoken keeps it (there or not), None if caching was switched off."""
        folder = cache()
        return folder / hashlib.sha1(self.url.encode()).hexdigest() if folder else None

    @property
    def size(self) -> int | None:
        """Bytes of the cached file; None if it is absent or another than is expected."""
        try:
            data = self.cached.read_bytes() if self.cached else None
        except OSError:
            return None
        if data is None or (self.sha256 and hashlib.sha256(data).hexdigest() != self.sha256):
            return None
        return len(data)


def cache() -> Path | None:
    """Find the folder of tiktoken's cache; None if an empty name has switched it off."""
    for variable in CACHES:
        if variable in os.environ:
            return Path(os.environ[variable]) if os.environ[variable] else None
    return Path(tempfile.gettempdir(), "data-gym-cache")


def rank_files(name: str) -> tuple[RankFile, ...]:
    """Ask an encoding's own constructor which files it reads, and give it empty ones.

    Nothing is read or downloaded. Raises BadTokenizer for a name that no definition has.
    """
    needed: list[RankFile] = []

    def note(blobpath: str, expected_hash: str | None = None) -> bytes:
        needed.append(RankFile(blobpath, expected_hash))
        return b""

    constructor = definition(name)
    read_file_cached = tiktoken.load.read_file_cached
    try:
        tiktoken.load.read_file_cached = note
        constructor()
    except Exception as error:  # made of empty files; a constructor that names none is at fault
        if not needed:
            reason = line(str(error)) or type(error).__name__
            raise BadTokenizer(f"its plugin cannot make {line(name)}: {reason}") from error
    finally:
        tiktoken.load.read_file_cached = read_file_cached
    return tuple(needed)
