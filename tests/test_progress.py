"""What a person at a terminal sees of a long run, and what nobody else does."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import train

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.skipif(os.name != "posix", reason="terminals are made with pty")
CONTROLS = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


def at_a_terminal(*asked: object) -> tuple[int, str]:
    """Run an audit whose stderr is a terminal: the exit code, and what was shown there."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "tokaudit", *map(str, asked)],
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "200"},
    )
    os.close(theirs)
    shown = b""
    while data := _read(ours):
        shown += data
    os.close(ours)
    return process.wait(), CONTROLS.sub("", shown.decode())


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65_536)
    except OSError:  # the other side is closed
        return b""


def test_a_person_sees_each_tokenizer_its_rate_and_what_was_measured(corpus_file):
    spec = train.path("gpt2")
    code, shown = at_a_terminal("fertility", corpus_file, "-t", spec, "-t", "builtin:chars")
    assert code == 0
    for name in (str(spec), "builtin:chars"):
        for state in ("waiting", "examining"):
            assert f"{state} {name}" in shown
    assert re.search(r"[\d,]+/s", shown) and "3/3" in shown and "0:00:0" in shown
    last = shown.strip().splitlines()[-1]
    assert re.search(r"tokaudit: 3 documents, 0\.00 MB, 2 tokenizers, \d+\.\d s$", last)


def test_a_tokenizer_alone_on_its_own_texts_is_counted(tmp_path):
    code, shown = at_a_terminal("vocabulary", "-t", "builtin:bytes", "-o", tmp_path / "r.json")
    assert code == 0
    assert "examining builtin:bytes" in shown
    assert re.search(r"tokaudit: 1 tokenizer, \d+\.\d s$", shown.strip())


@pytest.mark.parametrize("quiet", ["-q", "--quiet"])
def test_who_wants_quiet_has_it(corpus_file, quiet):
    assert at_a_terminal("fertility", corpus_file, "-t", "builtin:chars", quiet) == (0, "")
