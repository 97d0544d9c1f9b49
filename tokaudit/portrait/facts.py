"""What a fact in a portrait may be, and how each kind is written as data and for people."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from tokaudit.text import Absent, show
from tokaudit.tokenizer import SourceFile


class Token(NamedTuple):
    """An id and the bytes of text that it stands for."""

    id: int
    data: bytes


class Stage(NamedTuple):
    """One step of a pipeline: its kind, its settings, and the regular expression it cuts by."""

    kind: str
    settings: Mapping[str, Any]
    regex: str | None = None
    look_around: bool = False


class Example(NamedTuple):
    """A text, what its tokens' bytes make of it, and the class of what is lost between them."""

    text: str
    decoded: bytes
    loss: str


Value = (
    bool
    | int
    | str
    | Absent
    | Token
    | Stage
    | Example
    | SourceFile
    | Mapping[str, int]
    | tuple["Value", ...]
)
Facts = Mapping[str, Value]


def data(value: Any) -> Any:
    """Write a value as JSON holds it; bytes as hex, for not all of them are text."""
    if isinstance(value, Absent):
        return None
    if isinstance(value, Token):
        return {"id": value.id, **_bytes(value.data)}
    if isinstance(value, Example):
        return {"text": value.text, "decoded": _bytes(value.decoded), "loss": value.loss}
    if isinstance(value, Stage | SourceFile):
        return value._asdict()
    return [data(each) for each in value] if isinstance(value, tuple) else value


def _bytes(found: bytes) -> dict[str, str | None]:
    try:
        text: str | None = found.decode()
    except UnicodeDecodeError:
        text = None
    return {"bytes": found.hex(), "text": text, "display": show(found)}
