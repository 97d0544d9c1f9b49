"""State: totals as JSON values and back, so that they can wait in a file for others to join them.

Whatever totals are made of (numbers, strings, containers, arrays, and frozen records of this
package) is written with its kind beside it; reading makes records of this package and nothing else.
"""

import base64
from collections import Counter
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tokaudit.errors import BadState
from tokaudit.text import line

PACKAGE = __name__.partition(".")[0]
CONTAINERS: dict[str, type] = {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}
PLAIN = (str, int, float, bool, type(None))


def encode(value: Any) -> Any:
    """Turn a value into what JSON can hold; raises TypeError for what no total may be made of."""
    if type(value) in PLAIN:
        return value
    if _is_record(type(value)):
        return ["record", _name(type(value)), [encode(part) for part in _parts(value)]]
    return _of_kind(value)


def _of_kind(value: Any) -> list[Any]:
    if isinstance(value, bytes):
        return ["bytes", base64.b64encode(value).decode()]
    if isinstance(value, np.ndarray) and value.dtype != object:
        return ["array", value.dtype.str, base64.b64encode(value.tobytes()).decode()]
    if isinstance(value, pa.LargeStringArray):
        return ["strings", value.to_pylist()]
    if type(value) in (dict, Counter):
        return [type(value).__name__, [[encode(k), encode(v)] for k, v in value.items()]]
    if isinstance(value, set | frozenset):  # in an order that is the same in every process
        return [type(value).__name__, sorted(map(encode, value), key=repr)]
    if type(value) in CONTAINERS.values():
        return [type(value).__name__, [encode(each) for each in value]]
    raise TypeError(f"a {type(value).__name__} cannot be part of a total")


def decode(value: Any) -> Any:
    """Turn back what `encode` gave; raises BadState."""
    try:
        return _decode(value)
    except BadState:
        raise
    except Exception as error:
        raise BadState(f"a value in it cannot be read ({line(str(error))})") from error


def _decode(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    kind, *content = value
    return CONTAINERS[kind](map(_decode, *content)) if kind in CONTAINERS else KINDS[kind](*content)


def _array(dtype: str, data: str) -> npt.NDArray[Any]:
    return np.frombuffer(base64.b64decode(data), np.dtype(dtype))


def _pairs(pairs: list[list[Any]]) -> dict[Any, Any]:
    return {_decode(key): _decode(each) for key, each in pairs}


def _record(name: str, parts: list[Any]) -> Any:
    module, _, inner = name.partition(":")
    kind = vars(import_module(module)).get(inner) if module.split(".")[0] == PACKAGE else None
    if not isinstance(kind, type) or not _is_record(kind):
        raise BadState(f"{line(name)} is no record of {PACKAGE}")
    return kind(*map(_decode, parts))


KINDS: dict[str, Callable[..., Any]] = {
    "bytes": base64.b64decode,
    "array": _array,
    "strings": lambda texts: pa.array(texts, pa.large_string()),
    "dict": _pairs,
    "Counter": lambda pairs: Counter(_pairs(pairs)),
    "record": _record,
}


def _is_record(kind: type) -> bool:
    """Say whether a class is a dataclass or a NamedTuple of this package."""
    ours = kind.__module__.split(".")[0] == PACKAGE
    return ours and (is_dataclass(kind) or (issubclass(kind, tuple) and hasattr(kind, "_fields")))


def _parts(record: Any) -> list[Any]:
    if isinstance(record, tuple):
        return list(record)
    return [getattr(record, field.name) for field in fields(record)]


def _name(kind: type) -> str:
    return f"{kind.__module__}:{kind.__qualname__}"
