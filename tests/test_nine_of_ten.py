"""One bad tokenizer of ten: the nine others have the figures they have alone, however it fails."""

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import plugged, train

ROOT = Path(__file__).parent.parent
FAMILIES = (
    "gpt2",
    "wordpiece",
    "unigram",
    "bpe",
    "digits_from_right",
    "single_digits",
    "digits_from_left",
)
BUILTIN = ["builtin:bytes", "builtin:chars"]
SECONDS = 3  # of processor time for one thing, where a thing never ends
LOADER = """
import ctypes, os, signal, sys
from dataclasses import replace
from tokaudit.loaders import builtin

def raises(error):
    raise error

class PanicException(BaseException):
    "What a panic in Rust looks like from Python."

WAYS = {
    "aborts": os.abort,
    "reads null": lambda: ctypes.string_at(0),
    "is killed": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "exits": lambda: os._exit(0),
    "loops": lambda: [None for _ in iter(int, 1)],
    "panics": lambda: raises(PanicException("called `unwrap()` on `None`")),
    "raises": lambda: raises(RuntimeError("this and\\nthat")),
    "has no memory": lambda: raises(MemoryError()),
    "leaves": lambda: sys.exit(0),
}

class Bad:
    name, version = "bad", "1"

    def __init__(self, engine, fails):
        self.engine, self.fails, self.asked = engine, fails, 0

    def encode(self, texts):
        self.asked += 1
        if self.asked > 3 or len(texts) > 3:  # it can be loaded, and no more
            self.fails()
        return self.engine.encode(texts)

    def place(self, texts):
        return self.engine.place(texts)

def load(spec):
    when, _, way = spec.ref.partition("-")
    if when == "loading":
        WAYS[way]()
    made = builtin.load(replace(spec, ref="chars"))
    return replace(made, engine=Bad(made.engine, WAYS[way]))
"""
WAYS = ("aborts", "reads null", "is killed", "exits", "loops", "panics", "raises", "leaves")
WAYS = (*WAYS, "has no memory")
FILES = {
    "no file": None,
    "an empty file": "",
    "no JSON": "{",
    "another JSON": "[1, 2]",
    "a merge of nothing": '{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": [["a", "b"]]}}',
}


@pytest.fixture(scope="module")
def package(tmp_path_factory) -> Path:
    """A package that brings the loader of bad tokenizers."""
    return plugged.package(tmp_path_factory.mktemp("packages"), "failing", LOADER)


@pytest.fixture(scope="module")
def nine() -> list[str]:
    return [*BUILTIN, *(str(train.path(family)) for family in FAMILIES)]


def audit(package: Path, specs: list[str]) -> subprocess.CompletedProcess[str]:
    program = f"from tokaudit import guard; guard.LIMITS.update(reading={SECONDS}, loading=60)"
    named = [part for spec in specs for part in ("-t", spec)]
    asked = [
        "fertility",
        "-q",
        "--lang",
        "eng_Latn",
        "--baseline",
        BUILTIN[0],
        *named,
        "-f",
        "json",
    ]
    return subprocess.run(
        [sys.executable, "-c", f"{program}; guard.main()", *asked],
        env=plugged.environment(package),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def alone(package, nine) -> dict[str, Any]:
    """The report on the nine without any other."""
    done = audit(package, nine)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def nine_are_full_without(
    done: subprocess.CompletedProcess[str], spec: str, alone: dict[str, Any]
) -> None:
    assert done.returncode == 3, done.stderr
    report = json.loads(done.stdout)
    assert report["tables"] == alone["tables"]
    (lost,) = (each for each in report["findings"] if each["rule"] == "TA008")
    assert (lost["tokenizer"], lost["severity"]) == (spec, "error")
    assert [each for each in report["findings"] if each != lost] == alone["findings"]
    said = [each for each in done.stderr.splitlines() if "went on without" in each]
    assert len(said) == 1 and spec in said[0] and "Traceback" not in done.stderr


def among(nine: list[str], spec: str) -> list[str]:
    """Put the tenth anywhere, for the same spec at the same place."""
    place = random.Random(spec.rpartition("/")[2]).randint(0, len(nine))
    return [*nine[:place], spec, *nine[place:]]


# One that loops while it is loaded is in test_guard.py, where that may take no more than seconds.
CASES = [f"{when}-{way}" for when in ("loading", "reading") for way in WAYS]
CASES.remove("loading-loops")


@pytest.mark.parametrize("case", CASES)
def test_a_library_that_fails_costs_its_tokenizer_alone(package, nine, alone, case):
    spec = f"failing:{case}"
    nine_are_full_without(audit(package, among(nine, spec)), spec, alone)


@pytest.mark.parametrize("kind", FILES)
def test_a_file_that_is_no_tokenizer_costs_itself_alone(package, nine, alone, tmp_path, kind):
    path = tmp_path / "tokenizer.json"
    if FILES[kind] is not None:
        path.write_text(FILES[kind])
    nine_are_full_without(audit(package, among(nine, str(path))), str(path), alone)
