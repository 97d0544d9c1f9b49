"""A run as a command line asks for it: tokenizers are loaded and audits made, with progress."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import typer

from tokaudit import engine, loaders, merging
from tokaudit.audits import Audit
from tokaudit.census import Census
from tokaudit.cli.asked import Asked
from tokaudit.cli.output import spare, spare_tokenizers
from tokaudit.cli.progress import Stages, progress
from tokaudit.cli.saying import say
from tokaudit.corpus import Corpus
from tokaudit.errors import BadTokenizer, EngineFailed, TokauditError, TokenizerLost
from tokaudit.findings import Finding
from tokaudit.measuring import Measuring, OnRows
from tokaudit.options import Options
from tokaudit.report import Report
from tokaudit.tables import in_order
from tokaudit.text import line
from tokaudit.tokenizer import Tokenizer
from tokaudit.totals import Totals

LOST = "TA008"
Counter = Callable[[Sequence[str]], OnRows]  # of the rows that these tokenizers read
NOTHING = Asked()


@dataclass(frozen=True)
class Run:
    """Which audits look at which tokenizers, over which corpus (None: over none), and how.

    A `strict` run is about all of its tokenizers or about none. Otherwise those that cannot be
    measured become findings, as long as there are others. `outputs` must be no file of the corpus
    or of a tokenizer.
    """

    audits: Mapping[str, type[Audit]]
    specs: Sequence[str]
    corpus: Corpus | None
    options: Options
    strict: bool = False
    outputs: Sequence[str] = ()

    def report(self, quiet: bool, asked: Asked = NOTHING) -> Report:
        """Load and measure, and lay it out as asked; raises TokauditError."""
        rows = self._rows  # opens every file: what is wrong shows before anything is loaded
        self._spare_corpus()
        lost: dict[str, TokauditError] = {}
        with progress(quiet) as stages:
            loaded = self._loaded(stages, lost)
            measuring, totals = self._added_up(
                loaded, lambda specs: stages.counter(specs, rows), lost
            )
            kept = [tokenizer for tokenizer in loaded if tokenizer.spec not in lost]
            measuring = replace(measuring, on_look=stages.look)
            report = asked.after(self, kept, asked.lay_out(self, measuring, totals))
        read = sum(totals.census.values(), Census())
        stages.tell(read.rows, read.bytes)
        found = (Finding(LOST, str(error), spec) for spec, error in lost.items())
        return replace(report, findings=in_order([*report.findings, *found]))

    def shard(self, corpus: Corpus, file: Path, quiet: bool) -> None:
        """Load, and measure one share of a corpus into a file; raises TokauditError."""
        rows = self._rows
        self._spare_corpus()
        with progress(quiet) as stages:
            loaded = [self._load(spec) for spec in stages.each(self.specs, "loading")]
            spare_tokenizers(self.outputs, loaded)
            on_rows = stages.counter(self.specs, rows)
            measuring = Measuring(self.audits, loaded, self.options.segmenter, on_rows)
            merging.shard(measuring, corpus, self.options).save(file)

    def _spare_corpus(self) -> None:
        if self.corpus:
            spare(self.outputs, self.corpus)

    @property
    def _rows(self) -> int:
        probes = sum(batch.rows for audit in self.audits.values() for batch in audit.probes())
        return probes + (self.corpus.rows if self.corpus else 0)

    def _loaded(self, stages: Stages, lost: dict[str, TokauditError]) -> list[Tokenizer]:
        """Load every tokenizer that can be loaded; raises BadTokenizer if there is none."""
        loaded = []
        for spec in stages.each(self.specs, "loading"):
            try:
                loaded.append(self._load(spec))
            except (BadTokenizer, EngineFailed) as error:
                self._lose(spec, error, lost)
        spare_tokenizers(self.outputs, loaded)
        return loaded

    def _load(self, spec: str) -> Tokenizer:
        return loaders.load(spec, self.options.trusted)

    def _added_up(
        self, loaded: Sequence[Tokenizer], counter: Counter, lost: dict[str, TokauditError]
    ) -> tuple[Measuring, Totals]:
        """Measure, and once more without a tokenizer that fails on the way."""
        kept = [tokenizer for tokenizer in loaded if tokenizer.spec not in lost]
        try:
            on_rows = counter([tokenizer.spec for tokenizer in kept])
            return engine.added_up(self.audits, kept, self.corpus, self.options, on_rows)
        except TokenizerLost as error:
            self._lose(error.spec, error, lost)
            return self._added_up(loaded, counter, lost)

    def _lose(self, spec: str, error: TokauditError, lost: dict[str, TokauditError]) -> None:
        """Go on without a tokenizer; raises the error where that cannot be."""
        lost[spec] = error
        if self.strict or spec == self.options.baseline or len(lost) == len(self.specs):
            raise error


def leave(report: Report) -> None:
    """End with the code for a tokenizer that could not be measured, if there is one."""
    lost = [finding for finding in report.findings if finding.rule == LOST]
    for finding in lost:
        reason = finding.message.removeprefix(f"{finding.tokenizer}: ")
        say(line(f"tokaudit: went on without {finding.tokenizer}: {reason}"))
    if lost:
        raise typer.Exit(BadTokenizer.exit_code)


def needed(audits: Mapping[str, type[Audit]], named: bool) -> bool:
    """Say whether a corpus is read: an audit that brings texts wants one only if it is `named`."""
    readers = [audit for audit in audits.values() if audit.reads_corpus]
    return any(named or audit.wants_corpus or not list(audit.probes()) for audit in readers)
