"""GitHub Actions: findings as annotations on stdout, the report as the summary of the step.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from collections.abc import Iterator, Mapping, Sequence

from tokaudit.findings import RULES, Finding
from tokaudit.renderers import markdown
from tokaudit.report import Report
from tokaudit.text import line

SUFFIXES = ()
COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}
MOST = 10  # of each kind are shown for a step
LARGEST = 2**20  # bytes: a larger summary is refused whole
DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
PROPERTY = DATA | str.maketrans({":": "%3A", ",": "%2C"})


def render(report: Report) -> bytes:
    """Return workflow commands, errors first, and the signature as a line of the log."""
    lines = [*_annotations(report.findings), f"tokaudit: {line(report.signature)}"]
    return "".join(f"{each}\n" for each in lines).encode()


def _annotations(findings: Sequence[Finding]) -> Iterator[str]:
    for severity, command in COMMANDS.items():
        found = [finding for finding in findings if finding.severity == severity]
        shown = found if len(found) <= MOST else found[: MOST - 1]
        yield from (_annotation(command, finding) for finding in shown)
        if left := len(found) - len(shown):
            yield f"::{command} title=tokaudit::{left} more of severity {severity}: see the summary"


def _annotation(command: str, finding: Finding) -> str:
    about = ", ".join(part for part in (finding.tokenizer, finding.lang) if part)
    said = f"{about}: {finding.message}" if about else finding.message
    title = escaped(f"{finding.rule}, {RULES[finding.rule].title}", PROPERTY)
    return f"::{command} title={title}::{escaped(said, DATA)}"


def escaped(text: str, letters: Mapping[int, str]) -> str:
    r"""Write text so that it can neither end a command nor begin one.

    >>> escaped("100%\n::error::x", DATA)
    '100%25␊:\\u{3a}error:\\u{3a}x'
    """
    return line(text).translate(letters)


def summary(report: Report) -> bytes:
    """Return the Markdown of a report in less than 1 MiB: as many of its first lines as fit."""
    whole = markdown.render(report)
    return markdown.fitted(whole, LARGEST - 1, report.signature, "a summary ends at 1 MiB")
