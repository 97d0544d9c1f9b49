"""Progress on stderr, for a person: nothing at all where stderr is no terminal."""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from tokaudit.cli.saying import say
from tokaudit.text import line

if TYPE_CHECKING:
    from tokaudit.tokenizer import Tokenizer


class Rate(ProgressColumn):
    """How many a second, of late."""

    def render(self, task: Task) -> Text:
        """Write a whole number, nothing before there is one."""
        speed = task.finished_speed or task.speed or 0.0
        return Text(f"{speed:,.0f}/s" if speed >= 1 else "", style="progress.data.speed")


@dataclass(frozen=True)
class Stages:
    """The stages of a run, drawn one below the other; when it began, in seconds."""

    bars: Progress
    shown: bool
    began: float
    reading: dict[str, TaskID] = field(default_factory=dict)

    def each(self, things: Sequence[str], doing: str) -> Iterator[str]:
        """Give things one by one, saying which is at hand."""
        task = self.bars.add_task(doing, total=len(things))
        for thing in things:
            self.bars.update(task, description=f"{doing} {line(thing)}")
            yield thing
            self.bars.advance(task)
        self.bars.update(task, description=doing)

    def counter(self, specs: Sequence[str], rows: int) -> "Callable[[Tokenizer, int], None]":
        """Count the rows that each tokenizer reads, from the beginning, up to `rows` each."""
        for task in self.reading.values():
            self.bars.remove_task(task)
        self.reading.clear()
        for spec in specs:
            self.reading[spec] = self.bars.add_task(f"waiting {line(spec)}", total=rows or None)
        return self._advance

    def _advance(self, tokenizer: "Tokenizer", rows: int) -> None:
        task, name = self.reading[tokenizer.spec], line(tokenizer.spec)
        self.bars.update(task, advance=rows, description=f"reading {name}")
        if self.bars.tasks[self.bars.task_ids.index(task)].finished:
            self.bars.update(task, description=f"has read {name}")

    def look(self, tokenizer: "Tokenizer") -> None:
        """Say which tokenizer is examined itself."""
        name = line(tokenizer.spec)
        self.bars.update(self.reading[tokenizer.spec], description=f"examining {name}")

    def tell(self, documents: int, size: int) -> None:
        """Say in one line what was measured: documents, their bytes, tokenizers and seconds."""
        if self.shown:
            read = f"{documents:,} documents, {size / 1e6:,.2f} MB, " if documents else ""
            seconds, number = time.monotonic() - self.began, len(self.reading)
            say(f"tokaudit: {read}{number} tokenizer{'s' * (number != 1)}, {seconds:,.1f} s")


@contextmanager
def progress(quiet: bool) -> Iterator[Stages]:
    """Draw stages while the block runs, and leave nothing behind."""
    console = Console(stderr=True, markup=False, emoji=False, highlight=False)
    shown = not quiet and sys.stderr is not None and sys.stderr.isatty()
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        TimeRemainingColumn(elapsed_when_finished=True),
    )
    with Progress(*columns, console=console, transient=True, disable=not shown) as bars:
        yield Stages(bars, shown, time.monotonic())
