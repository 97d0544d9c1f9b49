"""The hazards in docs/hostile.md, and a run of their tests that counts them: `make hazards`."""

import re
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
NAMED = re.compile(r"`(test_\w+)\.(test_\w+)`")


class Hazard(NamedTuple):
    """A row of a table: what may come, and the tests (file and name) that let it come."""

    what: str
    tests: tuple[tuple[str, str], ...]


class Outcomes:
    """What became of each test, by its file and name; parameters count together."""

    def __init__(self) -> None:
        self.passed: set[tuple[str, str]] = set()
        self.others: set[tuple[str, str]] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        key = (Path(report.location[0]).stem, report.location[2].partition("[")[0])
        if not report.passed:
            self.others.add(key)
        elif report.when == "call":
            self.passed.add(key)


def hazards() -> list[Hazard]:
    """Read the tables."""
    text = (ROOT / "docs" / "hostile.md").read_text(encoding="utf-8")
    rows = (line.strip("|").split("|") for line in text.splitlines() if line.startswith("| "))
    kept = (
        [cell.strip() for cell in row] for row in rows if row[0].strip() not in ("hazard", "---")
    )
    return [Hazard(what, tuple(NAMED.findall(tests))) for what, _, tests in kept]


def main() -> None:
    """Run all tests that are named; exits with 1 unless every hazard was met."""
    listed = hazards()
    named = sorted({test for hazard in listed for test in hazard.tests})
    outcomes = Outcomes()
    places = [f"{ROOT}/tests/{file}.py::{name}" for file, name in named]
    pytest.main(["-q", "--no-header", "-p", "no:cacheprovider", *places], plugins=[outcomes])
    met = outcomes.passed - outcomes.others
    missed = [hazard.what for hazard in listed if not set(hazard.tests) <= met]
    sys.stdout.write("".join(f"not shown: {what}\n" for what in missed))
    sys.stdout.write(f"hostile inputs {len(listed) - len(missed)} of {len(listed)}\n")
    sys.exit(bool(missed))


if __name__ == "__main__":
    main()
