"""The guard: a library that kills or hangs its process costs one tokenizer, and no other."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import plugged

ROOT = Path(__file__).parent.parent
LOADER = """
import ctypes, os, signal, time
from dataclasses import replace
from tokaudit.loaders import builtin

WAYS = {
    "abort": os.abort,
    "null": lambda: ctypes.string_at(0),
    "killed": lambda: os.kill(os.getpid(), 9),
    "loop": lambda: [None for _ in iter(int, 1)],
    "waits": lambda: time.sleep(3600),
    "deaf": lambda: (signal.pthread_sigmask(signal.SIG_BLOCK, (2, 15)), time.sleep(3600)),
}

class Late:
    def __init__(self, engine, way):
        self.engine, self.way, self.name, self.version = engine, way, "late", "1"
        self.asked = 0

    def encode(self, texts):
        self.asked += 1
        if self.asked > 3:
            self.way()
        return self.engine.encode(texts)

    def place(self, texts):
        return self.engine.place(texts)

def load(spec):
    when, _, way = spec.ref.partition("-")
    if when == "load":
        WAYS[way]()
    made = builtin.load(replace(spec, ref="chars"))
    return replace(made, engine=Late(made.engine, WAYS[way]))
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory) -> Path:
    """A package that brings a loader whose tokenizers end their process."""
    return plugged.package(tmp_path_factory.mktemp("packages"), "dying", LOADER)


def run(package: Path, *arguments: str, limit: int = 0) -> subprocess.CompletedProcess[str]:
    """Run the command line; a limit is seconds of processor for one thing."""
    short = f"guard.LIMITS.update(loading={limit}, reading={limit})" if limit else "pass"
    program = f"from tokaudit import guard\n{short}\nguard.main()"
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env=plugged.environment(package),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


def audited(*specs: str) -> list[str]:
    named = [part for spec in specs for part in ("-t", spec)]
    return ["fertility", "-q", "--lang", "eng_Latn", *named, "-f", "json"]


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        ("dying:load-abort", "loading it ended the process: SIGABRT"),
        ("dying:read-null", "reading it ended the process: SIGSEGV"),
    ],
)
def test_what_kills_the_process_costs_one_tokenizer(package, spec, reason):
    done = run(package, *audited("builtin:bytes", spec, "builtin:chars"))
    assert done.returncode == 3
    assert f"went on without {spec}" in done.stderr and reason in done.stderr
    report = json.loads(done.stdout)
    rows = report["tables"]["fertility"]
    assert [row["tokenizer"] for row in rows] == ["builtin:bytes", "builtin:chars"]
    (lost,) = (finding for finding in report["findings"] if finding["rule"] == "TA008")
    assert lost["tokenizer"] == spec and lost["severity"] == "error"

    without = run(package, *audited("builtin:bytes", "builtin:chars"))
    assert without.returncode == 0
    assert json.loads(without.stdout)["tables"] == report["tables"]


def test_what_does_not_come_to_an_end_is_ended(package):
    done = run(package, *audited("dying:load-loop", "builtin:bytes"), limit=3)
    assert done.returncode == 3
    assert "more than 3 seconds of processor time" in done.stderr
    assert [r["tokenizer"] for r in json.loads(done.stdout)["tables"]["fertility"]] == [
        "builtin:bytes"
    ]


def test_a_tokenizer_alone_that_dies_is_a_refusal_in_one_sentence(package):
    done = run(package, *audited("dying:load-killed"))
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.count("\n") == 1 and "SIGKILL" in done.stderr


def test_a_strict_command_refuses(package, tmp_path):
    written = tmp_path / "tokaudit.toml"
    written.write_text('tokenizers = ["builtin:bytes", "dying:load-abort"]\nlimits = []\n')
    done = run(package, "check", "-q", "--config", str(written))
    assert (done.returncode, done.stdout) == (3, "")
    assert "dying:load-abort: loading it ended the process" in done.stderr


def children(pid: int) -> list[int]:
    task = Path(f"/proc/{pid}/task/{pid}/children")
    return list(map(int, task.read_text().split())) if task.exists() else []


@pytest.fixture(params=["waits", "deaf"])
def waiting(package, request) -> Iterator[subprocess.Popen[str]]:
    """A command whose child waits for ever, and may hear no signal."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tokaudit", *audited(f"dying:load-{request.param}")],
        env=plugged.environment(package),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 60
    while not children(process.pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    time.sleep(3)
    yield process
    process.kill()
    process.communicate()


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="children are found in /proc")
@pytest.mark.parametrize(
    ("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)]
)
def test_no_child_outlives_its_guard(waiting, sent, code):
    (child,) = children(waiting.pid)
    waiting.send_signal(sent)
    assert waiting.wait(30) == code
    deadline = time.monotonic() + 20
    while Path(f"/proc/{child}").exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not Path(f"/proc/{child}").exists()
