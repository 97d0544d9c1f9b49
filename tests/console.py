"""`tokaudit tokenizer` run as a test runs it, and its JSON read as a strict reader reads it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from tokaudit.cli.tokenizer import app

ROOT = Path(__file__).parent.parent


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(each) for each in arguments])


def strict(text: str) -> Any:
    """Read JSON as a strict reader does: no NaN, no half of a surrogate pair."""

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    found = json.loads(text, parse_constant=refuse)
    json.dumps(found, ensure_ascii=False).encode()
    return found


def shell(*arguments: object, **environment: str | None) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own; a variable that is None is taken away."""
    merged = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    return subprocess.run(
        [sys.executable, "-m", "tokaudit", "tokenizer", *map(str, arguments)],
        env={name: value for name, value in merged.items() if value is not None},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
