"""Run audits over a corpus. It knows neither what they measure nor how they are shown."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec

import numpy as np
import pyarrow as pa

from tokaudit import words
from tokaudit.audits import Audit
from tokaudit.batch import Batch
from tokaudit.conditions import conditions, environment
from tokaudit.corpus import Census, Corpus
from tokaudit.errors import BadUsage, NothingToAudit, Unproven
from tokaudit.findings import Finding
from tokaudit.parallel import Alignment
from tokaudit.reading import read
from tokaudit.report import Report
from tokaudit.tables import Tabulation, findings, left_out, verdicts
from tokaudit.text import line
from tokaudit.tokenizer import Tokenizer
from tokaudit.totals import Key, Totals

LARGE = 8 * 2**20  # bytes of Parquet, uncompressed, from which a fast engine is worth loading


@dataclass(frozen=True)
class Options:
    """How to compare: the reference language, the baseline's spec, how words are found.

    `engine` is `fast`, `reference`, or `auto`: fast where a corpus is large enough to pay for it.
    """

    reference: str | None = None
    baseline: str | None = None
    engine: str = "auto"
    segmenter: words.Segmenter = field(default_factory=words.default)


def run(
    audits: Mapping[str, type[Audit]],
    tokenizers: Sequence[Tokenizer],
    corpus: Corpus | None,
    options: Options | None = None,
    on_rows: Callable[[Tokenizer, int], None] = lambda tokenizer, rows: None,
) -> Report:
    """Read everything once, ask every audit about it, and lay the totals out as tables.

    `on_rows` hears how many rows a tokenizer has read, batch by batch. Raises TokauditError.
    """
    options = options or Options()
    specs = [tokenizer.spec for tokenizer in tokenizers]
    baseline = options.baseline or specs[0]
    _check(specs, baseline)
    tokenizers = _engines(tokenizers, corpus, options.engine)
    tokenizers, totals, differing = _proven(audits, tokenizers, corpus, options, on_rows)
    tabulation = Tabulation(totals, tokenizers, baseline)
    tables = tabulation.tables(audits)
    return Report(
        tables=tables,
        sections={name: tuple(audit.schemas) for name, audit in audits.items()},
        headlines={name: audit.headline for name, audit in audits.items()},
        questions={name: question(audit) for name, audit in audits.items()},
        verdicts=verdicts(audits, specs, tables),
        conditions=conditions(tokenizers, totals, baseline, options.segmenter),
        environment=environment(tokenizers),
        findings=(*findings(tabulation, tables), *tabulation.findings(audits), *differing),
        glances={table: seen for audit in audits.values() for table, seen in audit.glances.items()},
    )


def question(audit: type[Audit]) -> str:
    """Give the question an audit answers: the first line of its module's docstring."""
    return (sys.modules[audit.__module__].__doc__ or "").partition("\n")[0]


def _engines(
    tokenizers: Sequence[Tokenizer], corpus: Corpus | None, engine: str
) -> Sequence[Tokenizer]:
    """Give tokenizers the engines that were asked for; raises BadUsage."""
    there = find_spec("gigatoken") is not None
    if engine == "fast" and not there:
        raise BadUsage("--engine fast needs gigatoken: pip install 'tokaudit[fast]'")
    large = corpus is not None and sum(file.size for file in corpus.files) >= LARGE
    if engine == "reference" or not there or not (large or engine == "fast"):
        return tokenizers
    from tokaudit.engines.gigatoken import faster

    return [faster(tokenizer) for tokenizer in tokenizers]


def _proven(
    audits: Mapping[str, type[Audit]],
    tokenizers: Sequence[Tokenizer],
    corpus: Corpus | None,
    options: Options,
    on_rows: Callable[[Tokenizer, int], None],
) -> tuple[Sequence[Tokenizer], Totals, list[Finding]]:
    """Measure; where a fast engine differs, begin again with the reference in its place."""
    differing: list[Finding] = []
    while True:
        try:
            return tokenizers, measure(audits, tokenizers, corpus, options, on_rows), differing
        except Unproven as found:
            differing.append(Finding("TA006", str(found), found.spec))
            tokenizers = [t.by_reference() if t.spec == found.spec else t for t in tokenizers]


def measure(
    audits: Mapping[str, type[Audit]],
    tokenizers: Sequence[Tokenizer],
    corpus: Corpus | None,
    options: Options,
    on_rows: Callable[[Tokenizer, int], None],
) -> Totals:
    """Read probes and corpus batch by batch and add everything up."""
    totals = Totals()
    for batch, asked in _plan(audits, corpus, options, totals):
        for tokenizer in tokenizers:
            reading = read(tokenizer, batch)
            for name in asked:
                key = Key(name, tokenizer.spec, batch.lang)
                totals.add(key, batch.cohort, audits[name].observe(reading))
            on_rows(tokenizer, batch.rows)
    if not totals.audits:
        whole = sum(totals.census.values(), Census())
        reason = f" ({left_out(whole)})" if whole.left_out else ""
        raise NothingToAudit(f"nothing to audit: the corpus holds no text{reason}")
    return totals


def _check(specs: Sequence[str], baseline: str) -> None:
    if len(set(specs)) < len(specs):
        raise BadUsage(f"a tokenizer is named twice: {line(', '.join(specs))}")
    if baseline not in specs:
        raise BadUsage(
            f"the baseline {line(baseline)} is not among the tokenizers: {line(', '.join(specs))}"
        )


def _plan(
    audits: Mapping[str, type[Audit]], corpus: Corpus | None, options: Options, totals: Totals
) -> Iterator[tuple[Batch, list[str]]]:
    """Pair each batch with the audits that want it: the corpus is read once for all."""
    brought = {name: tuple(audit.probes()) for name, audit in audits.items()}
    for name, probes in brought.items():
        yield from ((batch, [name]) for batch in probes)
    readers = [name for name, probes in brought.items() if not probes]
    if readers and corpus is not None:
        yield from ((batch, readers) for batch in _batches(corpus, options, totals))


def _batches(corpus: Corpus, options: Options, totals: Totals) -> Iterator[Batch]:
    """Stream the corpus as batches of one language and one cohort, and count its rows."""
    corpus.check_langs()
    alignment = totals.alignment = Alignment.of(corpus, options.reference)
    for piece in corpus:
        totals.census[piece.lang] = totals.census.get(piece.lang, Census()) + piece.census
        for cohort, rows in alignment.split(piece):
            if rows.size:
                texts = piece.texts.take(pa.array(rows))
                weights = np.ones(rows.size, np.int64)
                yield Batch(piece.lang, texts, weights, options.segmenter, cohort)
