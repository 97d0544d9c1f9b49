"""One check: something looked at, how it is, and what to do about it."""

from typing import Literal, NamedTuple

State = Literal["ok", "note", "problem"]


class Check(NamedTuple):
    """`todo` is what to do if it should be otherwise; a `problem` keeps tokaudit from its work."""

    area: str
    name: str
    state: State
    said: str
    todo: str = ""
