"""Where a report goes: stdout, or files written whole or not at all."""

import errno
import hashlib
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tokaudit.cli.saying import say
from tokaudit.errors import CannotWrite
from tokaudit.text import line

if TYPE_CHECKING:
    from tokaudit.corpus import Corpus
    from tokaudit.report import Report
    from tokaudit.tokenizer import Tokenizer

STDOUT = "-"
WIDTH, NARROWEST = 100, 40


def formats(format: str | None, outputs: Sequence[str]) -> dict[str, str]:
    """Say which format goes where, before any work is done.

    Raises UnknownName for a format, CannotWrite for a place that can already be seen to fail.
    """
    from tokaudit import renderers, rooms

    if format:
        rooms.check("tokaudit.renderers", format)
    return chosen(format, outputs, renderers.for_file)


def chosen(
    format: str | None, outputs: Sequence[str], for_file: Callable[[str], str]
) -> dict[str, str]:
    """Say which format goes where; `for_file` knows it by a file's suffix, or raises UnknownName.

    Raises CannotWrite for a place that can already be seen to fail.
    """
    outputs = outputs or [STDOUT]
    for name in outputs:
        if name != STDOUT:
            check_writable(Path(name))
    return {name: format or ("terminal" if name == STDOUT else for_file(name)) for name in outputs}


def check_writable(path: Path) -> None:
    """Raise CannotWrite for a file that can be seen not to be made or replaced."""
    from tokaudit.files import check_replaceable

    folder = path.parent
    if not folder.is_dir():
        raise CannotWrite(f"cannot write into {line(str(folder))}: there is no such folder")
    if not os.access(folder, os.W_OK):
        raise CannotWrite(f"cannot write into {line(str(folder))}: not permitted")
    check_replaceable(path)


def spare(outputs: Iterable[str], corpus: "Corpus") -> None:
    """Raise CannotWrite for a file that is read as a corpus."""
    from pyarrow.fs import LocalFileSystem

    from tokaudit.sources import Source

    read = {file.source.key for file in corpus.files}
    for name in outputs:
        if name != STDOUT and Source(LocalFileSystem(), name).key in read:
            raise CannotWrite(f"cannot write {line(name)}: the corpus is there, and would be lost")


def spare_tokenizers(outputs: Iterable[str], tokenizers: "Iterable[Tokenizer]") -> None:
    """Raise CannotWrite for a file that a tokenizer was made from, or a copy of one."""
    read = {(file.size, file.sha256) for tokenizer in tokenizers for file in tokenizer.files}
    sizes = {size for size, _ in read}
    for path in (Path(name) for name in outputs if name != STDOUT and Path(name).is_file()):
        if (size := path.stat().st_size) in sizes and (size, _sha256(path)) in read:
            raise CannotWrite(
                f"cannot write {line(str(path))}: the tokenizer is there, and would be lost"
            )


def spare_reports(outputs: Iterable[str], reports: Iterable[str]) -> None:
    """Raise CannotWrite for a saved report that is read."""
    read = {Path(name).resolve() for name in reports if name != STDOUT}
    for name in outputs:
        if name != STDOUT and Path(name).resolve() in read:
            raise CannotWrite(f"cannot write {line(name)}: the report is there, and would be lost")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write(report: "Report", wanted: dict[str, str], color: str) -> None:
    """Render a report and put it where it was asked for; raises CannotWrite."""
    from tokaudit import renderers
    from tokaudit.renderers import terminal

    for name, format in wanted.items():
        if name != STDOUT and format == "markdown":
            _illustrated(report, Path(name))
        elif name == STDOUT and format == "terminal":
            put(name, terminal.render(report, width(), colored(color)))
        else:
            put(name, renderers.get(format).render(report))
        if format == "github":
            _summarize(report)


def put(name: str, data: bytes) -> None:
    """Write a whole page to stdout (`-`) or into a file; raises CannotWrite."""
    from tokaudit.files import write_whole

    if name == STDOUT:
        to_stdout(data)
    else:
        write_whole(Path(name), data)


def _illustrated(report: "Report", path: Path) -> None:
    """Write Markdown, and its pictures as SVG files beside it: report.premium.svg, ..."""
    from tokaudit import charts
    from tokaudit.document import short_names
    from tokaudit.files import write_whole
    from tokaudit.renderers import markdown

    if not charts.can_draw():
        say(f"tokaudit: no pictures beside {line(path.name)}. {charts.ABSENT}")
    links: dict[str, list[tuple[str, str]]] = {}
    for picture in charts.pictures(report, short_names(list(report.environment["tokenizers"]))):
        beside = path.with_suffix(f".{picture.name}.svg")
        write_whole(beside, picture.svg.encode())
        links.setdefault(picture.audit, []).append((picture.title, beside.name))
    write_whole(path, markdown.render(report, links))


def _summarize(report: "Report") -> None:
    """Add the report to the summary of the step, where GitHub runs this."""
    from tokaudit.renderers import github

    if name := os.environ.get("GITHUB_STEP_SUMMARY"):
        try:
            with Path(name).open("ab") as file:
                file.write(github.summary(report))
        except OSError as error:
            raise CannotWrite(f"cannot write {line(name)}: {error.strerror or error}") from error


def width() -> int:
    """Take the terminal's width, never less than 40; 100 where stdout is no terminal."""
    try:
        return max(NARROWEST, os.get_terminal_size(1).columns)
    except OSError:
        return WIDTH


def colored(asked: str) -> bool:
    """Say whether to write colours: as asked, else by NO_COLOR and whether stdout is a terminal."""
    if asked == "auto":
        return not os.environ.get("NO_COLOR") and os.isatty(1)
    return asked == "always"


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
