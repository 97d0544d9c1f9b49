"""All ways to divide the same work, each of which must give the same bits."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests import figures
from tokaudit import audits, engine, merging, parquet, sharing
from tokaudit.corpus import Corpus
from tokaudit.measuring import Measuring
from tokaudit.options import Options, Resume
from tokaudit.report import Report
from tokaudit.tokenizer import Tokenizer

READING = [name for name in audits.names() if audits.get(name).reads_corpus]


@dataclass
class Work:
    """Tokenizers over a corpus, a folder for what ways leave on disk, and dice for their choices.

    `names` are the audits; the options are the same for all ways.
    """

    tokenizers: Sequence[Tokenizer]
    corpus: Corpus
    folder: Path
    names: Sequence[str] = field(default_factory=lambda: list(READING))
    dice: random.Random = field(default_factory=lambda: random.Random(0))

    def report(self, corpus: Corpus | None = None, **options: Any) -> Report:
        """Report what the corpus (or another) gives under these options."""
        asked = figures.measuring(self.tokenizers, self.names)
        chosen = Options(**options)
        return engine.report(*engine.measured(asked, corpus or self.corpus, chosen), chosen)


def reference(work: Work) -> Report:
    """Read every document whole, by the reference, in one go: what all ways are held against."""
    return work.report(chunks=False, engine="reference")


def _in_little_memory(work: Work) -> Report:
    """Read so few rows at a time that little memory is full often."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parquet, "PIECE_ROWS", 16)
        return work.report(chunks=True, memory=4_000)


def _shards(work: Work) -> Report:
    """Measure shares into files, some of them by two processes, and join them in any order."""
    n, paths = work.dice.randrange(2, 5), []
    asked = figures.measuring(work.tokenizers, work.names)
    for i, share in enumerate(work.corpus.shares(n)):
        part = Corpus(**{**fields(work.corpus), "share": share})
        options = Options(chunks=bool(i % 2), jobs=2 if i == 0 else 1)
        paths.append(work.folder / f"{i}-of-{n}.shard")
        merging.shard(asked, part, options).save(paths[-1])
    work.dice.shuffle(paths)
    with pytest.MonkeyPatch.context() as patch:  # no second reading of texts that audits bring
        patch.setattr(Measuring, "probes", lambda measuring: merging.Totals())
        return engine.report(*merging.joined(paths))


def fields(corpus: Corpus) -> dict[str, Any]:
    names = ("paths", "columns", "langs", "max_row_bytes", "share")
    return {name: getattr(corpus, name) for name in names}


def _resumed(work: Work) -> Report:
    """Run in parts, lose some of them and damage one, and go on."""
    folder = work.folder / "parts"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sharing, "LEAST", max(1, work.corpus.rows // 7))
        resume = Resume(folder, lambda sentence: None)
        work.report(resume=resume, chunks=True)
        files = sorted(folder.iterdir())
        for lost in work.dice.sample(files, k=(len(files) + 1) // 2):
            lost.unlink()
        for damaged in sorted(folder.iterdir())[:1]:
            damaged.write_bytes(damaged.read_bytes()[: work.dice.randrange(500)])
        return work.report(resume=resume, chunks=True)


def _other_files(work: Work) -> Report:
    """Write the rows in another order into other files and row groups."""
    found = [pq.read_table(path) for path in work.corpus.paths]
    table = pa.concat_tables(found)
    order = list(range(table.num_rows))
    work.dice.shuffle(order)
    cut = work.dice.randrange(table.num_rows + 1)
    for name, rows in (("x", order[:cut]), ("y", order[cut:])):
        path = work.folder / f"{name}.parquet"
        pq.write_table(
            table.take(pa.array(rows, pa.int64())), path, row_group_size=work.dice.randrange(1, 30)
        )
    paths = tuple(str(work.folder / f"{name}.parquet") for name in "yx")
    return work.report(Corpus(**{**fields(work.corpus), "paths": paths}), chunks=True)


WAYS: dict[str, Callable[[Work], Report]] = {
    "chunks": lambda work: work.report(chunks=True, engine="reference"),
    "fast": lambda work: work.report(chunks=False, engine="fast"),
    "fast chunks": lambda work: work.report(chunks=True, engine="fast"),
    "little memory": _in_little_memory,
    "two processes": lambda work: work.report(chunks=True, jobs=2),
    "shards": _shards,
    "resumed": _resumed,
    "other files": _other_files,
}


def compared(one: Report, other: Report) -> int:
    """Compare two reports and give how many cells of tables were the same."""
    figures.same(one, other)
    return sum(table.num_rows * table.num_columns for table in one.tables.values())
