"""Run audits over a corpus. It knows neither what they measure nor how they are shown."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib.util import find_spec
from typing import Any

from tokaudit.audits import Audit
from tokaudit.census import Census
from tokaudit.conditions import conditions, environment
from tokaudit.corpus import Corpus
from tokaudit.errors import BadUsage, NothingToAudit, Unproven
from tokaudit.measuring import Measuring, OnRows, unheard
from tokaudit.options import Options
from tokaudit.plan import Plan
from tokaudit.report import Report
from tokaudit.safety import BY_CHUNKS, proven
from tokaudit.sharing import shared_out
from tokaudit.tables import Tabulation, findings, left_out, verdicts
from tokaudit.tokenizer import Chunking, Tokenizer
from tokaudit.totals import Totals

LARGE = 8 * 2**20  # bytes of Parquet, uncompressed, from which a fast engine is worth loading


def run(
    audits: Mapping[str, type[Audit]],
    tokenizers: Sequence[Tokenizer],
    corpus: Corpus | None,
    options: Options | None = None,
    on_rows: OnRows = unheard,
) -> Report:
    """Read everything once, ask every audit about it, and lay the totals out as tables.

    `on_rows` hears how many rows a tokenizer has read, batch by batch. Raises TokauditError.
    """
    options = options or Options()
    return report(*added_up(audits, tokenizers, corpus, options, on_rows), options)


def added_up(
    audits: Mapping[str, type[Audit]],
    tokenizers: Sequence[Tokenizer],
    corpus: Corpus | None,
    options: Options,
    on_rows: OnRows = unheard,
) -> tuple[Measuring, Totals]:
    """Read everything once and add it up; the measuring says how each tokenizer read in the end."""
    options.check(tokenizers)
    measuring = Measuring(audits, tokenizers, options.segmenter, on_rows)
    measuring, totals = _surely(quickened(measuring, corpus, options), Measuring.probes)
    if corpus is not None and measuring.reads_corpus:
        measuring, found = measured(measuring, corpus, options)
        totals.take_in(found)
        _check_text(totals)
    return measuring, totals


def report(measuring: Measuring, totals: Totals, options: Options) -> Report:
    """Lay totals out as tables, with all that they depend on."""
    audits, tokenizers = measuring.audits, measuring.tokenizers
    specs = [tokenizer.spec for tokenizer in tokenizers]
    baseline = options.baseline or specs[0]
    tabulation = Tabulation(totals, tokenizers, baseline, measuring.on_look)
    tables = tabulation.tables(audits)
    return Report(
        tables=tables,
        sections={name: tuple(audit.schemas) for name, audit in audits.items()},
        headlines={name: audit.headline for name, audit in audits.items()},
        questions={name: question(audit) for name, audit in audits.items()},
        verdicts=verdicts(audits, specs, tables),
        conditions=conditions(tokenizers, totals, baseline, options.segmenter)
        | _draws(measuring, totals, options)
        | {name: value for audit in audits.values() for name, value in audit.chosen.items()},
        environment=environment(tokenizers, totals),
        findings=findings(tabulation, tables, audits),
        glances={table: seen for audit in audits.values() for table, seen in audit.glances.items()},
    )


def _draws(measuring: Measuring, totals: Totals, options: Options) -> dict[str, Any]:
    """Name what chance decided: by which number, and how many rows were to be drawn."""
    if not totals.census:
        return {}
    sample = options.sample or "all"
    return {"seed": options.seed} | ({"sample": sample} if measuring.reads_sample else {})


def question(audit: type[Audit]) -> str:
    """Give the question an audit answers: the first line of its module's docstring."""
    return (sys.modules[audit.__module__].__doc__ or "").partition("\n")[0]


def quickened(measuring: Measuring, corpus: Corpus | None, options: Options) -> Measuring:
    """Give tokenizers a fast engine, if one was asked for or is worth it; raises BadUsage."""
    if options.engine == "fast" and find_spec("gigatoken") is None:
        raise BadUsage("--engine fast needs gigatoken: pip install 'tokaudit[fast]'")
    if options.engine == "fast" or (options.engine == "auto" and _worth(measuring, corpus)):
        from tokaudit.engines.fast import faster

        return replace(measuring, tokenizers=[faster(each) for each in measuring.tokenizers])
    return measuring


def _worth(measuring: Measuring, corpus: Corpus | None) -> bool:
    """Say whether there is so much to read that a fast engine pays."""
    probes = any(any(True for _ in audit.probes()) for audit in measuring.audits.values())
    return probes or (corpus is not None and _large(corpus))


def _large(corpus: Corpus) -> bool:
    return sum(file.size for file in corpus.files) >= LARGE


def measured(measuring: Measuring, corpus: Corpus, options: Options) -> tuple[Measuring, Totals]:
    """Measure a corpus, each tokenizer by the short cuts that hold for it.

    Where one fails, the tokenizer begins again without it: the measuring that is given back says
    how each of them read in the end.
    """
    corpus.check_langs(*([options.reference] if options.reference else []))
    chunks = _large(corpus) if options.chunks is None else options.chunks
    if chunks and not options.segmenter.whole:
        measuring = replace(measuring, tokenizers=[proven(each) for each in measuring.tokenizers])
    plan = _planned(measuring, corpus, options)
    return _surely(measuring, lambda measuring: shared_out(measuring, corpus, plan, options))


def _surely(
    measuring: Measuring, measure: Callable[[Measuring], Totals]
) -> tuple[Measuring, Totals]:
    """Measure, and where a short cut fails again without it; say how each tokenizer read."""
    totals = found = measure(measuring)
    while found.unproven:
        differing = {each.spec: each for each in found.unproven}
        slower = [_slower(t, differing.get(t.spec)) for t in measuring.tokenizers]
        measuring = replace(measuring, tokenizers=slower)
        found = measure(replace(measuring, tokenizers=[t for t in slower if t.spec in differing]))
        found.census.clear()  # the rows were counted the first time
        totals.take_in(found)
    return measuring, totals


def _planned(measuring: Measuring, corpus: Corpus, options: Options) -> Plan:
    sample = options.sample if measuring.reads_sample else 0
    return Plan.of(corpus, options.reference, options.seed, sample)


def _check_text(totals: Totals) -> None:
    """Raise NothingToAudit if no row was left to read."""
    whole = sum(totals.census.values(), Census())
    if not whole.rows:
        reason = f" ({left_out(whole)})" if whole.left_out else ""
        raise NothingToAudit(f"nothing to audit: the corpus holds no text{reason}")


def _slower(tokenizer: Tokenizer, found: Unproven | None) -> Tokenizer:
    """Give a tokenizer without the short cut that failed, if one did."""
    if found is None:
        return tokenizer
    if found.how == BY_CHUNKS:
        return replace(tokenizer, chunking=Chunking("whole", (str(found),)))
    return tokenizer.by_reference()
