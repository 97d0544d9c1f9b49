"""Loads in a fresh process that need not import everything again: a process that forks for each.

It has imported what takes long, but not the Hub's client, which reads the environment once, when
it is imported: so each child starts as a process of its own does.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
PARENT = """
import json, os, sys
from tests import fresh
for line in sys.stdin:
    if not (child := os.fork()):
        fresh.answer(**json.loads(line))
    os.waitpid(child, 0)
"""


def clean() -> dict[str, str]:
    """Give the environment without what a developer may have set for the Hub or tiktoken."""
    parts = ("HF_", "TIKTOKEN_", "DATA_GYM_", "_PROXY", "REQUESTS_")
    return {n: v for n, v in os.environ.items() if not any(part in n.upper() for part in parts)}


def answer(written: list[str], environment: dict[str, str], patience: float, place: str) -> None:
    """Load specs one after the other, write a line for each beside, and end the child."""
    os.environ.clear()
    os.environ.update(environment)
    with Path(place, "stderr").open("wb") as file:
        os.dup2(file.fileno(), 2)
    code = 70
    try:
        from tokaudit import downloads

        downloads.PATIENCE = patience
        lines = tried(written)
        Path(place, "lines").write_text(json.dumps(lines))
        code = 0
    finally:
        os.write(1, b"%d\n" % code)
        os._exit(code)


def tried(written: list[str]) -> list[str]:
    """Load specs, and give files, commits and identity of each, or why it was refused."""
    from tokaudit import loaders
    from tokaudit.errors import BadTokenizer

    lines = []
    for each in written:
        try:
            found = loaders.load(each)
            files = " ".join(f"{file.name} {file.commit}" for file in found.files)
            lines.append(f"{files} {found.unpinned} {found.identity}")
        except BadTokenizer as error:
            assert error.exit_code == 3
            lines.append(str(error))
    return lines


class Loads:
    """Specs go in, a line for each comes out: files, commits and identity, or the refusal."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def __call__(self, *written: str, patience: float = 60, **environment: str) -> list[str]:
        with tempfile.TemporaryDirectory() as place:
            asked = {"written": written, "environment": clean() | environment}
            line = json.dumps(asked | {"patience": patience, "place": place})
            assert self.process.stdin and self.process.stdout
            print(line, file=self.process.stdin, flush=True)
            code = self.process.stdout.readline()
            said = Path(place, "stderr").read_text()
            assert (code, said) == ("0\n", ""), said
            lines: list[str] = json.loads(Path(place, "lines").read_text())
        assert len(lines) == len(written) and not any("\n" in line for line in lines)
        return lines


@contextmanager
def loads() -> Iterator[Loads]:
    """Start the process that forks; it ends with the block."""
    program = "from tokaudit.loaders import hf, tiktoken, ranks, sentencepiece\n" + PARENT
    program = f"{program}\nassert 'huggingface_hub' not in sys.modules\n"
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=clean(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        yield Loads(process)
        assert process.stdin
        process.stdin.close()
    assert process.returncode == 0
