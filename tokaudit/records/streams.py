"""Streams: files as bytes or numbered lines, compressed or not, bounded however long a line is."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import cast

import pyarrow as pa

from tokaudit.errors import BadCorpus
from tokaudit.sources import Source
from tokaudit.text import line as shown

BYTE_ORDER_MARK = "\ufeff"


@contextmanager
def opened(source: Source) -> Iterator[io.BufferedReader]:
    """Open a file as a stream of bytes, decompressed by its suffix; raises BadCorpus."""
    with complaints(source), source.filesystem.open_input_stream(source.path) as stream:
        yield io.BufferedReader(cast(io.RawIOBase, stream))


@contextmanager
def complaints(source: Source) -> Iterator[None]:
    """Turn what libraries raise about a damaged or absent file into BadCorpus."""
    try:
        yield
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        reason = shown(str(error).partition("\n")[0])
        raise BadCorpus(f"cannot read {source}: {reason}") from error


def numbered(source: Source, longest: int) -> Iterator[tuple[int, str]]:
    """Stream lines with their numbers, from 1, and their line ends; raises BadCorpus."""
    with opened(source) as stream:
        for number in count(1):
            if not (data := stream.readline(longest + 1)):
                return
            text = decoded(data, longest, f"{source}, line {number}")
            yield number, text.removeprefix(BYTE_ORDER_MARK) if number == 1 else text


def decoded(data: bytes, longest: int, place: str) -> str:
    """Decode strict UTF-8 of at most `longest` bytes; raises BadCorpus."""
    if len(data) > longest:
        raise BadCorpus(f"{place} is longer than {longest:,} bytes (see --max-row-bytes)")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise BadCorpus(f"{place} is not UTF-8 at its byte {error.start + 1}") from error
