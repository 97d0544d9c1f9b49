"""A limit: which figure, of which rows, may be how much; written so that it reads as it is meant.

fertility[hin_Deva] <= 2.1            one language
premium.max <= 5                      over languages: max, min, mean, median, sum
fertility.high <= 1.5                 the upper end of its 95 % interval (low: the lower)
coverage.unk_rate == 0                a column of a table, for every language
digits.strategy == "single"           a word
digits_forms.tokens[form=date] <= 5   rows of a table, by any of its columns
fertility: +2%                        against the committed baseline: at most 2 % more
bytes_per_token: -1%                  at most 1 % less
fertility <= o200k_base + 5%          against another tokenizer of the same run
findings.error == 0                   findings by severity, or by rule: findings.TA101
"""

import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import regex

from tokaudit.errors import BadUsage
from tokaudit.text import line

OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
    "==": operator.eq,
    "!=": operator.ne,
}
OVER = ("max", "min", "mean", "median", "sum")  # of the figures of several rows
ENDS = {"low": -1, "high": +1}  # of an interval
FINDINGS = "findings"
NUMBER = r"[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?"
SUBJECT = regex.compile(
    r"(?P<name>[A-Za-z_]\w*(?:\.\w+)*)\s*(?:\[(?P<rows>[^\[\]]*)\])?(?P<after>(?:\.[a-z]+)*)",
    regex.ASCII,
)
SHIFT = regex.compile(rf"(?P<sign>[-+])\s*(?P<amount>{NUMBER})\s*(?P<percent>%?)")
BOUND = regex.compile(r"\s*(?P<operator><=|>=|==|!=|<|>)\s*(?P<value>[^<>=!].*)", regex.DOTALL)
WRITE = "write for example fertility[hin_Deva] <= 2.1, premium.max <= 5 or fertility: +2%"


@dataclass(frozen=True)
class Shift:
    """So much more or less than something else: 2 % (`share`) or 0.05 (not)."""

    amount: float
    share: bool

    def of(self, value: float) -> float:
        """Give the bound that stands this far from a value."""
        return value + self.amount * (abs(value) if self.share else 1)


NO_SHIFT = Shift(0.0, share=False)


@dataclass(frozen=True)
class Limit:
    """One limit as it was `written`, taken apart.

    `figure` is a column, with or without its table, or findings and which. `rows` keeps rows where
    columns have these values. `over` reduces what rows say to one figure, `end` takes an end of its
    interval (-1 the lower, +1 the upper). The bound is `value`; or that of the tokenizer `other`,
    or that of the baseline if `operator` is None, each `shift`ed.
    """

    written: str
    figure: str
    rows: tuple[tuple[str, str], ...] = ()
    over: str | None = None
    end: int = 0
    operator: str | None = None
    value: float | str | bool | None = None
    other: str | None = None
    shift: Shift = NO_SHIFT

    @property
    def relative(self) -> bool:
        """Say whether it compares with a baseline."""
        return self.operator is None

    @classmethod
    def parse(cls, written: str) -> "Limit":
        """Read a limit; raises BadUsage."""
        found = SUBJECT.match(text := written.strip())
        if found is None:
            raise BadUsage(f"the limit {line(written)!r} names no figure: {WRITE}")
        subject = _subject(written, found)
        rest = text[found.end() :].strip()
        if rest.startswith(":"):
            shift = SHIFT.fullmatch(rest[1:].strip())
            if shift is None:
                raise BadUsage(
                    f"the limit {line(written)!r} needs +2%, -2% or +0.05 after the colon"
                )
            return cls(written, **subject, shift=_shift(shift))
        bound = BOUND.fullmatch(rest)
        if bound is None:
            raise BadUsage(f"the limit {line(written)!r} cannot be read: {WRITE}")
        return cls(written, **subject, operator=bound["operator"], **_bound(bound["value"].strip()))


def _subject(written: str, found: "regex.Match[str]") -> dict[str, Any]:
    """Say which figure is meant, of which rows, and what is made of them."""
    names = found["name"].split(".")
    marks = found["after"].split(".")[1:]
    while len(names) > 1 and names[-1] in {*OVER, *ENDS} and found["rows"] is None:
        marks.insert(0, names.pop())
    over = [mark for mark in marks if mark in OVER]
    ends = [mark for mark in marks if mark in ENDS]
    if len(names) > 2 or len(over) > 1 or len(ends) > 1 or len(over) + len(ends) < len(marks):
        raise BadUsage(f"the limit {line(written)!r} names no figure: {WRITE}")
    if over and ends:
        raise BadUsage(f"the limit {line(written)!r}: {over[0]} of several rows has no interval")
    return {
        "figure": ".".join(names),
        "rows": tuple(_row(part) for part in (found["rows"] or "").split(",") if part.strip()),
        "over": over[0] if over else None,
        "end": ENDS[ends[0]] if ends else 0,
    }


def _row(part: str) -> tuple[str, str]:
    name, is_named, value = part.partition("=")
    return (name.strip(), value.strip()) if is_named else ("lang", part.strip())


def _shift(found: "regex.Match[str]") -> Shift:
    amount = _number(f"{found['sign']}{found['amount']}")
    return Shift(amount / 100, share=True) if found["percent"] else Shift(amount, share=False)


def _number(written: str) -> float:
    number = float(written)
    if not math.isfinite(number):
        raise BadUsage(f"a limit with {line(written)} limits nothing: {WRITE}")
    return number


def _bound(value: str) -> dict[str, Any]:
    """Read what stands behind the operator: a number, a word, yes or no, or another tokenizer."""
    if regex.fullmatch(rf"[-+]?{NUMBER}", value):
        return {"value": _number(value)}
    if regex.fullmatch(r'"[^"]*"', value):
        return {"value": value[1:-1]}
    if value in ("true", "false"):
        return {"value": value == "true"}
    if shift := regex.fullmatch(rf"(?P<spec>.*\S)\s+{SHIFT.pattern}", value):
        return {"other": shift["spec"], "shift": _shift(shift)}
    return {"other": value}
