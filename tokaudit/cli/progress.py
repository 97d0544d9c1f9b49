"""Progress on stderr, for a person: nothing at all where stderr is no terminal."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from tokaudit.text import line

if TYPE_CHECKING:
    from tokaudit.tokenizer import Tokenizer


@dataclass(frozen=True)
class Stages:
    """The stages of a run, drawn one below the other."""

    bars: Progress

    def each(self, things: Sequence[str], doing: str) -> Iterator[str]:
        """Give things one by one, saying which is at hand."""
        task = self.bars.add_task(doing, total=len(things))
        for thing in things:
            self.bars.update(task, description=f"{doing} {line(thing)}")
            yield thing
            self.bars.advance(task)
        self.bars.update(task, description=doing)

    def counter(self, doing: str, total: int) -> "Callable[[Tokenizer, int], None]":
        """Count rows that tokenizers have read, up to a total (0 if it is not known)."""
        task = self.bars.add_task(doing, total=total or None)
        return lambda tokenizer, rows: self.bars.advance(task, rows)


@contextmanager
def progress(quiet: bool) -> Iterator[Stages]:
    """Draw stages while the block runs, and leave nothing behind."""
    console = Console(stderr=True, markup=False, emoji=False, highlight=False)
    shown = not quiet and sys.stderr is not None and sys.stderr.isatty()
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not shown) as bars:
        yield Stages(bars)
