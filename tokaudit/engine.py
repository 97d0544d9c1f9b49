"""Run audits over a corpus. It knows neither what they measure nor how they are shown."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.util import find_spec

from tokaudit import words
from tokaudit.audits import Audit
from tokaudit.conditions import conditions, environment
from tokaudit.corpus import Census, Corpus
from tokaudit.errors import BadUsage, NothingToAudit, Unproven
from tokaudit.measuring import Measuring, OnRows
from tokaudit.parallel import Alignment
from tokaudit.report import Report
from tokaudit.safety import BY_CHUNKS, proven
from tokaudit.tables import Tabulation, findings, left_out, verdicts
from tokaudit.text import line
from tokaudit.tokenizer import Chunking, Tokenizer
from tokaudit.totals import Totals

LARGE = 8 * 2**20  # bytes of Parquet, uncompressed, from which a fast engine is worth loading


@dataclass(frozen=True)
class Options:
    """How to compare: the reference language, the baseline's spec, how words are found.

    `engine` is `fast`, `reference`, or `auto`: fast where a corpus is large enough to pay for it.
    `chunks` says whether equal parts of documents are counted and read once (None: where a corpus
    is large enough), in about `memory` bytes.
    """

    reference: str | None = None
    baseline: str | None = None
    engine: str = "auto"
    segmenter: words.Segmenter = field(default_factory=words.default)
    chunks: bool | None = None
    memory: int = 2**30


def run(
    audits: Mapping[str, type[Audit]],
    tokenizers: Sequence[Tokenizer],
    corpus: Corpus | None,
    options: Options | None = None,
    on_rows: OnRows = lambda tokenizer, rows: None,
) -> Report:
    """Read everything once, ask every audit about it, and lay the totals out as tables.

    `on_rows` hears how many rows a tokenizer has read, batch by batch. Raises TokauditError.
    """
    options = options or Options()
    specs = [tokenizer.spec for tokenizer in tokenizers]
    baseline = options.baseline or specs[0]
    _check(specs, baseline)
    tokenizers = _quickened(tokenizers, corpus, options)
    tokenizers, totals = _measured(audits, tokenizers, corpus, options, on_rows)
    tabulation = Tabulation(totals, tokenizers, baseline)
    tables = tabulation.tables(audits)
    return Report(
        tables=tables,
        sections={name: tuple(audit.schemas) for name, audit in audits.items()},
        headlines={name: audit.headline for name, audit in audits.items()},
        questions={name: question(audit) for name, audit in audits.items()},
        verdicts=verdicts(audits, specs, tables),
        conditions=conditions(tokenizers, totals, baseline, options.segmenter),
        environment=environment(tokenizers, totals),
        findings=findings(tabulation, tables),
    )


def question(audit: type[Audit]) -> str:
    """Give the question an audit answers: the first line of its module's docstring."""
    return (sys.modules[audit.__module__].__doc__ or "").partition("\n")[0]


def _quickened(
    tokenizers: Sequence[Tokenizer], corpus: Corpus | None, options: Options
) -> Sequence[Tokenizer]:
    """Give tokenizers the engine and the way of reading that were asked for; raises BadUsage."""
    large = corpus is not None and sum(file.size for file in corpus.files) >= LARGE
    if options.chunks if options.chunks is not None else large:
        tokenizers = [proven(tokenizer) for tokenizer in tokenizers]
    there = find_spec("gigatoken") is not None
    if options.engine == "fast" and not there:
        raise BadUsage("--engine fast needs gigatoken: pip install 'tokaudit[fast]'")
    if options.engine == "fast" or (options.engine == "auto" and there and large):
        from tokaudit.engines.gigatoken import faster

        return [faster(tokenizer) for tokenizer in tokenizers]
    return tokenizers


def _measured(
    audits: Mapping[str, type[Audit]],
    tokenizers: Sequence[Tokenizer],
    corpus: Corpus | None,
    options: Options,
    on_rows: OnRows,
) -> tuple[Sequence[Tokenizer], Totals]:
    """Measure probes and corpus; where a short cut fails, a tokenizer begins again without it."""
    measuring = Measuring(audits, tokenizers, options.segmenter, on_rows)
    totals = measuring.probes()
    if corpus is None or not measuring.reads_corpus:
        return tokenizers, totals
    corpus.check_langs()
    totals.alignment = Alignment.of(corpus, options.reference)
    found = measuring.corpus(corpus, totals.alignment, options.memory)
    totals.take_in(found)
    while found.unproven:
        differing = {each.spec: each for each in found.unproven}
        tokenizers = [_slower(t, differing.get(t.spec)) for t in tokenizers]
        again = replace(measuring, tokenizers=[t for t in tokenizers if t.spec in differing])
        found = again.corpus(corpus, totals.alignment, options.memory)
        found.census.clear()  # the rows were counted the first time
        totals.take_in(found)
    if not sum(census.rows for census in totals.census.values()):
        whole = sum(totals.census.values(), Census())
        reason = f" ({left_out(whole)})" if whole.left_out else ""
        raise NothingToAudit(f"nothing to audit: the corpus holds no text{reason}")
    return tokenizers, totals


def _slower(tokenizer: Tokenizer, found: Unproven | None) -> Tokenizer:
    """Give a tokenizer without the short cut that failed, if one did."""
    if found is None:
        return tokenizer
    if found.how == BY_CHUNKS:
        return replace(tokenizer, chunking=Chunking(False, reasons=(str(found),)))
    return tokenizer.by_reference()


def _check(specs: Sequence[str], baseline: str) -> None:
    if len(set(specs)) < len(specs):
        raise BadUsage(f"a tokenizer is named twice: {line(', '.join(specs))}")
    if baseline not in specs:
        raise BadUsage(
            f"the baseline {line(baseline)} is not among the tokenizers: {line(', '.join(specs))}"
        )
