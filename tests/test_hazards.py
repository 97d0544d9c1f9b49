"""Every hazard that docs/hostile.md lists has a test that is there."""

import re
from pathlib import Path

from tests.hazards import ROOT, hazards


def test_every_hazard_names_tests_that_are_there():
    listed = hazards()
    assert len(listed) > 60
    for hazard in listed:
        assert hazard.tests, hazard.what
        for file, name in hazard.tests:
            source = Path(ROOT, "tests", f"{file}.py").read_text(encoding="utf-8")
            assert re.search(rf"^def {name}\(", source, re.MULTILINE), f"{file}.{name}"


def test_no_hazard_is_listed_twice():
    names = [hazard.what for hazard in hazards()]
    assert len(set(names)) == len(names)
