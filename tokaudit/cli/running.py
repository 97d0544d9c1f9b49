"""A run as a command line asks for it: tokenizers are loaded and audits made, with progress."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tokaudit import engine, loaders
from tokaudit.audits import Audit
from tokaudit.cli.asked import Asked
from tokaudit.cli.progress import Stages, progress
from tokaudit.corpus import Corpus
from tokaudit.engine import Options
from tokaudit.measuring import Measuring, OnRows
from tokaudit.report import Report
from tokaudit.shards import Shard
from tokaudit.tokenizer import Tokenizer

NOTHING = Asked()


@dataclass(frozen=True)
class Run:
    """Which audits look at which tokenizers, over which corpus (None: over none), and how."""

    audits: Mapping[str, type[Audit]]
    specs: Sequence[str]
    corpus: Corpus | None
    options: Options

    def report(self, quiet: bool, asked: Asked = NOTHING) -> Report:
        """Load and measure, and lay it out as asked; raises TokauditError."""
        rows = self._rows  # opens every file: what is wrong shows before anything is loaded
        with progress(quiet) as stages:
            loaded, on_rows = self._loaded(stages, rows)
            measuring, totals = engine.added_up(
                self.audits, loaded, self.corpus, self.options, on_rows
            )
            return asked.after(loaded, asked.lay_out(self, measuring, totals))

    def shard(self, corpus: Corpus, file: Path, quiet: bool) -> None:
        """Load, and measure one share of a corpus into a file; raises TokauditError."""
        rows = self._rows
        with progress(quiet) as stages:
            loaded, on_rows = self._loaded(stages, rows)
            measuring = Measuring(self.audits, loaded, self.options.segmenter, on_rows)
            Shard.of(measuring, corpus, self.options).save(file)

    @property
    def _rows(self) -> int:
        probes = sum(batch.rows for audit in self.audits.values() for batch in audit.probes())
        return probes + (self.corpus.rows if self.corpus else 0)

    def _loaded(self, stages: Stages, rows: int) -> tuple[list[Tokenizer], OnRows]:
        specs = stages.each(self.specs, "loading")
        loaded = [loaders.load(spec, self.options.trusted) for spec in specs]
        return loaded, stages.counter("reading", rows * len(loaded))


def needed(audits: Mapping[str, type[Audit]], named: bool) -> bool:
    """Say whether a corpus is read: an audit that brings texts wants one only if it is `named`."""
    return any(
        audit.reads_corpus and (named or not any(True for _ in audit.probes()))
        for audit in audits.values()
    )
