"""Running text: what a corpus shows of a tokenizer's cuts, and what noise and prompt ends do."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

import pyarrow as pa

from tokaudit.adding import added
from tokaudit.bag import Documents
from tokaudit.batch import Ints
from tokaudit.findings import Finding
from tokaudit.reading import Reading
from tokaudit.splits import border_rows, noise_rows, prompt_rows, running_traps
from tokaudit.splits.borders import BorderCounts
from tokaudit.splits.part import Row
from tokaudit.splits.prompt_ends import PromptEnds
from tokaudit.splits.resilience import Resilience
from tokaudit.splits.running_traps import RunningTraps
from tokaudit.text import Absent

TABLES: Mapping[str, pa.Schema] = {
    "borders": border_rows.LANGUAGES,
    "border_scripts": border_rows.SCRIPTS,
    "running_traps": running_traps.COLUMNS,
    "noise_languages": noise_rows.LANGUAGES,
    "noise": noise_rows.FAMILIES,
    "prompts": prompt_rows.ENDS,
    "prompt_examples": prompt_rows.SHOWN,
}


@dataclass(frozen=True)
class RunningText:
    """Totals of the corpus; prompts of our own are among the prompt ends."""

    borders: BorderCounts = field(default_factory=BorderCounts)
    traps: RunningTraps = field(default_factory=RunningTraps)
    noise: Resilience = field(default_factory=Resilience)
    prompts: PromptEnds = field(default_factory=PromptEnds)

    def __add__(self, other: Self) -> Self:
        """Merge two totals."""
        return added(self, other)

    @classmethod
    def observe(cls, reading: Reading) -> Self:
        """Look at all text of the corpus."""
        return cls(borders=BorderCounts.observe(reading))

    @classmethod
    def per_row(cls, reading: Reading) -> Sequence[Ints]:
        """Count, for each row, what is `GROUPED`."""
        return BorderCounts.per_row(reading)

    @classmethod
    def probed(cls, reading: Reading) -> Self:
        """Look at prompts of our own."""
        return cls(prompts=PromptEnds.observe(reading))

    @classmethod
    def sampled(cls, reading: Reading) -> Self:
        """Look at documents that were drawn."""
        return cls(
            traps=RunningTraps.sampled(reading),
            noise=Resilience.sampled(reading),
            prompts=PromptEnds.sampled(reading),
        )

    def rows(
        self, groups: Mapping[str, Ints] | Absent, documents: Documents
    ) -> Mapping[str, Iterable[Row]]:
        """Give all tables."""
        return {
            "borders": border_rows.language(self.borders, groups, documents),
            "border_scripts": border_rows.scripts(self.borders),
            "running_traps": self.traps.rows(),
            **noise_rows.rows(self.noise),
            **prompt_rows.rows(self.prompts),
        }

    def findings(self) -> Iterator[Finding]:
        """Say what is at risk in this language, or with our own prompts."""
        yield from border_rows.findings(self.borders)
        yield from noise_rows.findings(self.noise)
        yield from prompt_rows.findings(self.prompts)
