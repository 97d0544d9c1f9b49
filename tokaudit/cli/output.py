"""Where a report goes: stdout, or files written whole or not at all."""

import errno
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tokaudit.errors import CannotWrite

if TYPE_CHECKING:
    from tokaudit.report import Report

STDOUT = "-"


def formats(format: str | None, outputs: Sequence[str]) -> dict[str, str]:
    """Say which format goes where, before any work is done; raises UnknownName."""
    from tokaudit import renderers, rooms

    if format:
        rooms.check("tokaudit.renderers", format)
    if not outputs:
        return {STDOUT: format or "terminal"}
    return {
        name: format or ("terminal" if name == STDOUT else renderers.for_file(name))
        for name in outputs
    }


def write(report: "Report", wanted: dict[str, str]) -> None:
    """Render a report and put it where it was asked for; raises CannotWrite."""
    from tokaudit import renderers
    from tokaudit.files import write_whole

    for name, format in wanted.items():
        data = renderers.get(format).render(report)
        if name == STDOUT:
            to_stdout(data)
        else:
            write_whole(Path(name), data)


def to_stdout(data: bytes) -> None:
    """Write bytes to stdout; a reader that has gone away is no error, a full disk is."""
    if sys.stdout is None:
        raise CannotWrite("cannot write the report: stdout is closed")
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _silence()
    except (OSError, ValueError) as error:
        _silence()
        reason = getattr(error, "strerror", None) or "stdout is closed"
        if getattr(error, "errno", None) == errno.EBADF:
            reason = "stdout is closed"
        raise CannotWrite(f"cannot write the report: {reason}") from error


def _silence() -> None:
    """Point stdout at nothing, so that the interpreter does not flush into it at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
