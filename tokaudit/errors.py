"""Everything tokaudit can refuse to do, and the exit code each refusal earns.

Typer exits 2 on bad usage and Python exits 1 on a crash, so `cli.main` turns a crash into
70: a bug of ours must never read as a finding about a tokenizer.
"""

from typing import ClassVar

BUG = 70
INTERRUPTED = 130
TERMINATED = 143

EXIT_CODES = {
    0: "done, every limit kept",
    1: "a limit was broken (`tokaudit check`), two tokenizers that should be one differ"
    " (`tokaudit parity`), or something changed (`tokaudit diff --exit-code`)",
    2: "usage, configuration or data error",
    3: "a tokenizer could not be loaded (absent, offline, refused)",
    4: "nothing to audit",
    5: "the report could not be written (disk full, closed stdout); the old one is kept",
    BUG: "a bug in tokaudit (a crash must never look like a finding)",
    INTERRUPTED: "interrupted",
    TERMINATED: "terminated (SIGTERM)",
}


class TokauditError(Exception):
    """A refusal worth one clear sentence and no traceback."""

    exit_code: ClassVar[int] = 2


class Interrupted(TokauditError):
    """A person ended the run, and there is more to say about it than that."""

    exit_code = INTERRUPTED


class UnknownName(TokauditError):
    """No audit, renderer, rule or segmenter goes by that name."""


class BadUsage(TokauditError):
    """The options contradict each other or one cannot be read."""


class BadCorpus(TokauditError):
    """The corpus is missing, unreadable, or lacks a column."""


class BadTokenizer(TokauditError):
    """The tokenizer is unknown, absent, or not something that can be loaded."""

    exit_code = 3


class EngineFailed(TokauditError):
    """The library underneath refused a text, panicked, or gave something impossible."""

    exit_code = 3


class TokenizerLost(EngineFailed):
    """A tokenizer whose engine failed where no row can be blamed: nothing of it can be reported."""

    def __init__(self, spec: str, reason: str) -> None:
        """Name the tokenizer and say what its engine did."""
        super().__init__(f"{spec}: {reason}")
        self.spec, self.reason = spec, reason

    def __reduce__(self) -> tuple[type["TokenizerLost"], tuple[str, str]]:
        """Cross from one process to another."""
        return type(self), (self.spec, self.reason)


class WorkerLost(TokauditError):
    """A process that measured a part of the corpus died."""

    exit_code = 3


class BadState(TokauditError):
    """The totals of a shard cannot be read, or do not belong to the others."""


class BadReport(TokauditError):
    """The file is no report of tokaudit, or one of another version."""


class NothingToAudit(TokauditError):
    """The corpus opened, but held no text."""

    exit_code = 4


class CannotWrite(TokauditError):
    """The report could not be written where it was asked for."""

    exit_code = 5


class Unproven(TokauditError):
    """A short cut gave other ids than the reference for one text."""

    def __init__(self, spec: str, how: str, text: str) -> None:
        """Name the tokenizer, the short cut, and the text (made safe to show)."""
        super().__init__(f"{spec}: {how} and the reference differ on {text}")
        self.spec, self.how, self.text = spec, how, text

    def __reduce__(self) -> tuple[type["Unproven"], tuple[str, str, str]]:
        """Cross from one process to another."""
        return type(self), (self.spec, self.how, self.text)
