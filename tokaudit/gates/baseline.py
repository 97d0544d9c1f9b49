"""A baseline: figures of an earlier run in a small file to commit, held against later runs."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from tokaudit.errors import BadUsage
from tokaudit.files import write_whole
from tokaudit.gates.figures import Figures
from tokaudit.gates.limits import Limit
from tokaudit.report import Report
from tokaudit.text import line

SCHEMA = "tokaudit-baseline/1"
MAKE = "tokaudit check --update-baseline"
LARGEST = 1e300  # a figure is less
NO_BASELINE = (ValueError, KeyError, TypeError, AttributeError, RecursionError)
SAME = ("corpus", "rows", "words", "reference")  # conditions without which figures do not compare


@dataclass(frozen=True)
class Baseline:
    """Conditions of the run, and by limit's figure, tokenizer and place what the figure was."""

    conditions: Mapping[str, Any]
    figures: Mapping[str, Mapping[str, Mapping[str, float]]]

    @classmethod
    def of(cls, report: Report, judged: Sequence[str], limits: Sequence[Limit]) -> Self:
        """Keep what relative limits need of a report; raises BadUsage."""
        figures: dict[str, dict[str, dict[str, float]]] = {}
        every = Figures(report)
        for limit in limits:
            if limit.relative:
                kept = figures.setdefault(subject(limit), {})
                for found in every.of(limit):
                    if found.tokenizer in judged and isinstance(found.value, int | float):
                        kept.setdefault(found.tokenizer, {})[found.place] = found.value
        return cls(_conditions(report), figures)

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read what `save` wrote; raises BadUsage."""
        try:
            held = json.loads(path.read_text("utf-8"))
            if held["schema"] != SCHEMA:
                raise BadUsage(f"{line(str(path))} is {line(str(held['schema']))}, not {SCHEMA}")
            return cls(dict(held["conditions"]), _checked(held["figures"]))
        except FileNotFoundError as error:
            raise BadUsage(
                f"there is no baseline {line(str(path))}: make it with {MAKE}"
            ) from error
        except (OSError, *NO_BASELINE) as error:
            reason = line(str(error).partition("\n")[0])
            raise BadUsage(f"{line(str(path))} is no baseline of tokaudit ({reason})") from error

    def save(self, path: Path) -> None:
        """Write it, one figure a line, whole or not at all; raises CannotWrite."""
        held = {"schema": SCHEMA, "conditions": self.conditions, "figures": self.figures}
        text = json.dumps(held, indent=1, sort_keys=True, ensure_ascii=False)
        write_whole(path, (text + "\n").encode())

    def check(self, report: Report) -> None:
        """Raise BadUsage if the report's figures cannot be held against these."""
        now = _conditions(report)
        for name in SAME:
            if self.conditions.get(name) != now[name]:
                raise BadUsage(
                    f"the baseline cannot be compared: its {name} is"
                    f" {line(str(self.conditions.get(name)))}, and this run's is"
                    f" {line(str(now[name]))}; if that is meant, write it again with {MAKE}"
                )

    def figure(self, limit: Limit, tokenizer: str, place: str) -> float | None:
        """Find what a figure was."""
        return self.figures.get(subject(limit), {}).get(tokenizer, {}).get(place)


def _checked(figures: dict[str, Any]) -> dict[str, Any]:
    """Raise ValueError unless these are numbers by figure, tokenizer and place."""
    kept = (n for found in figures.values() for each in found.values() for n in each.values())
    if not all(type(number) in (int, float) and abs(number) < LARGEST for number in kept):
        raise ValueError("one of its figures is no number")
    return figures


def subject(limit: Limit) -> str:
    """Write which figure a limit is about, and which of its rows and ends, without its bound."""
    rows = ",".join(f"{name}={value}" for name, value in limit.rows)
    marks = [limit.over, {-1: "low", 1: "high"}.get(limit.end)]
    return limit.figure + (f"[{rows}]" if rows else "") + "".join(f".{m}" for m in marks if m)


def _conditions(report: Report) -> dict[str, Any]:
    return {name: report.conditions.get(name) for name in SAME}
