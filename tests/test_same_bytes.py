"""The same input and seed give the same bytes in every format, whatever the process is like."""

import json
import os
import subprocess
import sys

import pytest

from tests import train
from tokaudit import renderers

SUFFIXES = {name: renderers.get(name).SUFFIXES for name in renderers.names()}
LIKE = (
    {"PYTHONHASHSEED": "1", "LANG": "C", "TZ": "UTC", "COLUMNS": "40"},
    {"PYTHONHASHSEED": "7", "LANG": "tr_TR.UTF-8", "TZ": "Asia/Kathmandu", "COLUMNS": "200"},
)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """All files of two runs: other hashes, places, widths, clocks, and one process or two."""
    folders = []
    for number, environment in enumerate(LIKE, 1):
        folder = tmp_path_factory.mktemp(f"run{number}")
        outputs = [f"--output={folder}/a{found[0]}" for found in SUFFIXES.values() if found]
        said = ["fertility", "--lang", "eng_Latn", "--lang", "tha_Thai", "--jobs", str(number)]
        specs = ["-t", str(train.path("gpt2")), "-t", "builtin:bytes", "--quiet"]
        subprocess.run(
            [sys.executable, "-m", "tokaudit", *said, *specs, *outputs],
            env={**os.environ, **environment},
            cwd=folder,
            check=True,
            capture_output=True,
        )
        folders.append(folder)
    return folders


@pytest.mark.parametrize("name", [name for name, found in SUFFIXES.items() if found])
def test_another_process_writes_the_same_bytes(written, name):
    first, second = ((folder / f"a{SUFFIXES[name][0]}").read_bytes() for folder in written)
    if name == "json":  # where it ran is in no digest
        first, second = map(_without_the_environment, (first, second))
    assert first == second and len(first) > 500


def _without_the_environment(data):
    found = json.loads(data)
    assert found.pop("environment")
    return json.dumps(found)


def test_pictures_beside_markdown_are_the_same(written):
    first, second = ({p.name: p.read_bytes() for p in f.glob("*.svg")} for f in written)
    assert first == second and "a.premium.svg" in first
