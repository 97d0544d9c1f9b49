"""Engines: one file, one library that computes ids. Each satisfies `tokenizer.Engine`.

A library fails in its own way (Rust panics are `BaseException`s, some raise bare `Exception`, some
would end the process): `contained` turns every one of them into an EngineFailed at this door.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tokaudit.errors import EngineFailed, TokauditError
from tokaudit.text import line
from tokaudit.tokenizer import Ids


@contextmanager
def contained(what: str, *but: type[Exception]) -> Iterator[None]:
    """Turn whatever a library raises while it does `what` into EngineFailed (`but` passes)."""
    try:
        yield
    except TokauditError as error:
        raise type(error)(f"{what}: {error}") from error
    except (KeyboardInterrupt, GeneratorExit):
        raise
    except SystemExit as error:
        raise EngineFailed(f"{what}: it tried to exit") from error
    except BaseException as error:
        if isinstance(error, but):
            raise
        raise EngineFailed(f"{what}: {line(str(error)) or type(error).__name__}") from error


def flat(lists: Iterable[Sequence[int]]) -> Ids:
    """Lay lists of ids end to end."""
    kept = list(lists)
    offsets = np.zeros(len(kept) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, kept), np.int64, len(kept)), out=offsets[1:])
    return Ids(np.fromiter(chain.from_iterable(kept), np.int64, offsets[-1]), offsets)


def flat_arrays(arrays: Iterable[npt.NDArray[Any]]) -> Ids:
    """Lay arrays of ids end to end."""
    kept = list(arrays)
    offsets = np.zeros(len(kept) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, kept), np.int64, len(kept)), out=offsets[1:])
    return Ids(np.concatenate([*kept, np.zeros(0, np.int64)]).astype(np.int64), offsets)


def rows_of(found: Ids) -> list[list[int]]:
    """Take ids apart again: a list for each text."""
    ids, bounds = found.ids.tolist(), found.offsets.tolist()
    return [ids[begin:end] for begin, end in pairwise(bounds)]


def octets(texts: Iterable[str | bytes]) -> pa.LargeBinaryArray:
    """Lay decoded texts out as bytes; a lone surrogate becomes `?`."""
    parts = [t if isinstance(t, bytes) else t.encode("utf-8", "replace") for t in texts]
    return pa.array(parts, pa.large_binary())


def in_bytes(text: str) -> npt.NDArray[np.int64]:
    """Give the byte at which each letter of a text begins, and at last its size."""
    data = np.frombuffer(text.encode(), np.uint8)
    return np.append(np.flatnonzero((data & 0xC0) != 0x80), data.size)
