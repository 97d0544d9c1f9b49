"""A guard: a process that runs the command line in another, and outlives what kills that.

The libraries underneath abort, overflow their stack, exhaust memory and hang on hostile tokenizers,
and nothing inside a process can contain that. The guard loads none of them. If its child dies, or
spends too long on one thing, the guard knows by the child's last note which tokenizer it was, and
runs the command once more without it.
"""

import json
import math
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from tokaudit.notes import ASIDE, ENDED, GUARD

UNGUARDED = {"explain", "corpus", "init", "render", "schema", "diff", "--version"}
LIMITS = {"loading": 120, "reading": 600}  # seconds of processor for one thing
LOOK = 0.5  # seconds between two looks at the child
GRACE = 1.0  # seconds that a child has to heed an interrupt by itself
LAST = 10.0  # seconds that a child has to end when it was told to
LOST, BUG, INTERRUPTED = 3, 70, 130
ENDING: set[int] = {signal.SIGINT, signal.SIGTERM}
STREAMS = {0: os.O_RDONLY, 1: os.O_RDONLY, 2: os.O_WRONLY}  # what stands for those that are closed


def main() -> None:
    """Run the command line, in a process of its own if it loads tokenizers.

    A signal that ends a process waits until there is somebody to heed it.
    """
    _mask(signal.SIG_BLOCK)
    arguments = sys.argv[1:]
    if not arguments or UNGUARDED & {
        arguments[0],
        *(a for a in arguments if a in ("--help", "-h")),
    }:
        return _here()
    if os.name != "posix" or GUARD in os.environ:
        return _here()
    sys.exit(Guard(arguments).run())


def _here() -> None:
    # Before numpy is there: threads that wait for each other cost more than our matrices.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from tokaudit import notes
    from tokaudit.cli import main as door

    heard: list[int] = []

    def end(number: int, frame: FrameType | None) -> None:
        """End as after an interrupt, which nothing on the way takes for an error of its own."""
        heard.append(number)
        raise KeyboardInterrupt

    notes.begin()
    signal.signal(signal.SIGTERM, end)
    code = None
    try:
        door(begin=lambda: _mask(signal.SIG_UNBLOCK))
    except SystemExit as left:
        code = 128 + heard[0] if heard and left.code == INTERRUPTED else left.code
    notes.now(ENDED)
    sys.exit(code)


def _mask(how: int) -> None:
    if os.name == "posix":
        signal.pthread_sigmask(how, ENDING)


class Guard:
    """One command line, its child, and the tokenizers that were set aside on the way."""

    def __init__(self, arguments: list[str]) -> None:
        """Heed signals from now on."""
        self.arguments = arguments
        self.aside: dict[str, str] = {}
        self.child: subprocess.Popen[bytes] | None = None
        self.ending = 0  # the signal that was sent to end all this
        self.told = False  # the child, to end
        self.patience = math.inf  # until when the child may end by itself
        self.last = ["", ""]  # what the child does, and with which tokenizer
        self.begun = 0.0  # processor time of the child when it began that
        for number in ENDING:
            signal.signal(number, self._end)
        for number, mode in STREAMS.items():
            _occupy(number, mode)

    def run(self) -> int:
        """Run the command until it ends by itself; give its exit code."""
        while True:
            code, late = self._attempt()
            doing, spec = self.last
            if code >= 0 and (doing == ENDED or self.ending):
                return code
            if self.ending or -code in ENDING:
                return 128 + (self.ending or -code)
            why = late or f"{_how(code)} in the library underneath"
            if not spec or spec in self.aside or "-" in self.arguments:
                _say(f"tokaudit: the process died while {doing or 'starting'} {spec}: {why}")
                return LOST if spec else BUG
            self.aside[spec] = f"{doing} it ended the process: {why}"

    def _attempt(self) -> tuple[int, str]:
        """Run the child once: its exit code, negative for a signal, and whether it was late."""
        notes, noting = os.pipe()
        lifeline, held = os.pipe()
        environment = {**os.environ, GUARD: f"{noting},{lifeline}", ASIDE: json.dumps(self.aside)}
        _mask(signal.SIG_BLOCK)
        self.child = subprocess.Popen(
            [sys.executable, "-m", "tokaudit", *self.arguments],
            env=environment,
            pass_fds=(noting, lifeline),
        )
        _mask(signal.SIG_UNBLOCK)
        os.close(noting)
        os.close(lifeline)
        try:
            late = self._watch(notes)
            return self.child.wait(), late
        finally:
            os.close(notes)
            os.close(held)

    def _watch(self, notes: int) -> str:
        """Follow the child's notes to their end; say so if it had to be killed."""
        held = b""
        while True:
            ready, _, _ = select.select([notes], [], [], LOOK)
            if ready:
                data = os.read(notes, 65_536)
                if not data:
                    return ""
                *lines, held = (held + data).split(b"\n")
                if lines:
                    self.last, self.begun = json.loads(lines[-1]), self._spent()
            if late := self._late():
                return late

    def _late(self) -> str:
        """Kill the child if it does not come to an end with something."""
        assert self.child is not None
        if time.monotonic() > self.patience:
            self._tell()
        limit = LIMITS.get(self.last[0])
        if limit is None or self._spent() - self.begun < limit:
            return ""
        self.child.kill()
        return f"more than {limit} seconds of processor time"

    def _spent(self) -> float:
        """Seconds of processor that the child has used (of time, where that is not to be had)."""
        assert self.child is not None
        try:
            told = Path(f"/proc/{self.child.pid}/stat").read_bytes()
            fields = told.rpartition(b")")[2].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        except (OSError, ValueError, IndexError):
            return time.monotonic()

    def _end(self, number: int, frame: FrameType | None) -> None:
        """Let the child end: a terminal has told it as well; one that was told twice is killed."""
        assert self.child is not None
        if number == signal.SIGINT and not self.told:
            self.patience = min(self.patience, time.monotonic() + GRACE)
            self.ending = number
        else:
            self.ending = self.ending or number
            self._tell()

    def _tell(self) -> None:
        """Tell the child to end; kill one that was told before."""
        assert self.child is not None
        self.child.send_signal(signal.SIGKILL if self.told else self.ending)
        self.told, self.patience = True, time.monotonic() + LAST


def _how(code: int) -> str:
    """Name what ended a process that did not come to the end of its work."""
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name


def _occupy(number: int, mode: int) -> None:
    """Let no pipe get the number of a stream that is closed: nothing can be written to stdout."""
    try:
        os.fstat(number)
    except OSError:
        os.set_inheritable(os.open(os.devnull, mode), True)


def _say(sentence: str) -> None:
    os.write(2, (sentence + "\n").encode("utf-8", "backslashreplace"))
