"""Run audits over a corpus. It knows neither what they measure nor how they are shown.

Totals are kept by audit, tokenizer, language and cohort (see `parallel`); everything an audit
may compare itself with is put together here, from the same totals.
"""

import hashlib
import platform
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

import tokaudit
from tokaudit import words
from tokaudit.audits import Audit, Beside
from tokaudit.batch import Batch
from tokaudit.corpus import Census, Corpus
from tokaudit.errors import BadUsage, NothingToAudit
from tokaudit.findings import Finding
from tokaudit.languages import name as language_name
from tokaudit.parallel import Alignment
from tokaudit.reading import read
from tokaudit.report import Report
from tokaudit.text import Absent, line
from tokaudit.tokenizer import Tokenizer

FEW_ROWS = 100
CORPUS_SCHEMA = pa.schema(
    [
        ("lang", pa.string()),
        ("name", pa.string()),
        *((name, pa.int64()) for name in ("rows", "bytes")),
        *((name, pa.int64()) for name in ("null", "blank", "invalid_utf8", "too_long")),
    ]
)


class Key(NamedTuple):
    """What a total is a total of."""

    audit: str
    tokenizer: str
    lang: str
    cohort: int


@dataclass(frozen=True)
class Options:
    """How to compare: the reference language, the baseline tokenizer, how words are found."""

    reference: str | None = None
    baseline: str | None = None
    segmenter: words.Segmenter = field(default_factory=words.default)


@dataclass
class Totals:
    """All totals of a run, and the census of what was read."""

    audits: dict[Key, Audit] = field(default_factory=dict)
    census: dict[str, Census] = field(default_factory=dict)
    alignment: Alignment = field(default_factory=lambda: Alignment(Absent("no corpus was read")))

    def add(self, key: Key, audit: Audit) -> None:
        """Merge a total into what is there."""
        self.audits[key] = self.audits[key] + audit if key in self.audits else audit

    def of(self, audit: str, tokenizer: str, lang: str, cohorts: set[int] | None = None) -> Audit | None:
        """Merge the totals of a language over these cohorts (all of them by default)."""
        found = (
            total
            for key, total in self.audits.items()
            if key[:3] == (audit, tokenizer, lang) and (cohorts is None or key.cohort in cohorts)
        )
        merged = next(found, None)
        for each in found:
            merged = merged + each  # type: ignore[operator]
        return merged


def run(
    audits: Mapping[str, type[Audit]],
    tokenizers: Sequence[Tokenizer],
    corpus: Corpus | None,
    options: Options = Options(),
    on_rows: Callable[[Tokenizer, int], None] = lambda tokenizer, rows: None,
) -> Report:
    """Read everything once, ask every audit about it, and lay the totals out as tables.

    `on_rows` hears of every batch that a tokenizer has read. Raises TokauditError.
    """
    specs = [tokenizer.spec for tokenizer in tokenizers]
    if len(set(specs)) < len(specs):
        raise BadUsage(f"a tokenizer is named twice: {line(', '.join(specs))}")
    totals = measure(audits, tokenizers, corpus, options, on_rows)
    tables = {}
    for name, audit in audits.items():
        tables |= tabulate(name, audit, tokenizers, totals, options)
    if totals.census:
        tables["corpus"] = _corpus_table(totals.census)
    return Report(
        tables=tables,
        sections={name: tuple(audit.schemas) for name, audit in audits.items()},
        headlines={name: audit.headline for name, audit in audits.items()},
        questions={name: question(audit) for name, audit in audits.items()},
        verdicts={name: _verdicts(name, audit, specs, tables) for name, audit in audits.items()},
        conditions=_conditions(tokenizers, totals, options),
        environment=_environment(tokenizers),
        findings=tuple(sorted(_findings(tokenizers, totals, tables))),
    )


def question(audit: type[Audit]) -> str:
    """Give the question an audit answers: the first line of its module's docstring."""
    return (sys.modules[audit.__module__].__doc__ or "").partition("\n")[0]


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
                key = Key(name, tokenizer.spec, batch.lang, batch.cohort)
                totals.add(key, audits[name].observe(reading))
            on_rows(tokenizer, batch.rows)
    if not totals.audits:
        raise NothingToAudit("nothing to audit: the corpus holds no text" + _why(totals.census))
    return totals


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
    alignment = totals.alignment = Alignment.of(corpus, options.reference)
    for piece in corpus:
        totals.census[piece.lang] = totals.census.get(piece.lang, Census()) + piece.census
        for cohort, rows in alignment.split(piece):
            texts = piece.texts.take(pa.array(rows))
            if len(texts):
                weights = np.ones(len(texts), np.int64)
                yield Batch(piece.lang, texts, weights, options.segmenter, cohort)


def tabulate(
    name: str,
    audit: type[Audit],
    tokenizers: Sequence[Tokenizer],
    totals: Totals,
    options: Options,
) -> dict[str, pa.Table]:
    """Lay one audit's totals out as tables: tokenizers as given, languages by label."""
    rows: dict[str, list[dict[str, Any]]] = {table: [] for table in audit.schemas}
    langs = sorted({key.lang for key in totals.audits if key.audit == name})
    for tokenizer in tokenizers:
        for lang in langs:
            total = totals.of(name, tokenizer.spec, lang)
            assert total is not None  # every tokenizer reads every batch
            beside = _beside(name, tokenizer, lang, totals, options, tokenizers[0])
            for table, found in total.rows(beside).items():
                rows[table] += (_row(tokenizer.spec, lang, figures) for figures in found)
    return {
        table: pa.Table.from_pylist(found, schema=_whole_schema(audit.schemas[table]))
        for table, found in rows.items()
    }


def _whole_schema(schema: pa.Schema) -> pa.Schema:
    first = [pa.field("tokenizer", pa.string()), pa.field("lang", pa.string())]
    return pa.schema([*first, *schema, pa.field("absent", pa.map_(pa.string(), pa.string()))])


def _row(tokenizer: str, lang: str, figures: Mapping[str, Any]) -> dict[str, Any]:
    """Make figures that are absent null, and keep the reasons."""
    known = {key: None if isinstance(v, Absent) else v for key, v in figures.items()}
    reasons = [(key, v.reason) for key, v in figures.items() if isinstance(v, Absent)]
    return {"tokenizer": tokenizer, "lang": lang, **known, "absent": reasons}


def _beside(
    name: str,
    tokenizer: Tokenizer,
    lang: str,
    totals: Totals,
    options: Options,
    first: Tokenizer,
) -> Beside[Any]:
    reference = totals.alignment.reference
    baseline = options.baseline or first.spec
    shared: Audit | Absent
    other: Audit | Absent
    if isinstance(reference, Absent):
        shared = other = reference
    else:
        members = totals.alignment.members
        cohorts = {number for number, langs in enumerate(members) if lang in langs}
        none = Absent(f"no rows parallel with {reference}")
        shared = totals.of(name, tokenizer.spec, lang, cohorts) or none
        other = totals.of(name, tokenizer.spec, reference, cohorts) or none
    return Beside(
        vocabulary=tokenizer.vocabulary,
        shared=shared,
        reference=other,
        baseline=totals.of(name, baseline, lang) or Absent(f"{baseline} was not run"),
    )


def _verdicts(
    name: str, audit: type[Audit], specs: Sequence[str], tables: Mapping[str, pa.Table]
) -> dict[str, str]:
    rows = tables[name].to_pylist()
    return {spec: audit.verdict([r for r in rows if r["tokenizer"] == spec]) for spec in specs}


def _corpus_table(census: Mapping[str, Census]) -> pa.Table:
    rows = [
        {"lang": lang, "name": language_name(lang), **vars(census[lang])} for lang in sorted(census)
    ]
    return pa.Table.from_pylist(rows, schema=CORPUS_SCHEMA)


def _conditions(
    tokenizers: Sequence[Tokenizer], totals: Totals, options: Options
) -> dict[str, Any]:
    reference = totals.alignment.reference
    conditions: dict[str, Any] = {
        "tokaudit": tokaudit.__version__,
        "tokenizers": {t.spec: str(t.identity) for t in tokenizers},
    }
    if totals.census:
        conditions |= {
            "corpus": corpus_digest(totals.census),
            "rows": sum(census.rows for census in totals.census.values()),
            "langs": len(totals.census),
            "words": f"{options.segmenter.name}-{options.segmenter.version}",
            "graphemes": words.clusters_by(),
            "reference": None if isinstance(reference, Absent) else reference,
            "baseline": options.baseline or tokenizers[0].spec,
        }
    return conditions


def corpus_digest(census: Mapping[str, Census]) -> str:
    """Digest languages and rows, in any order and from any files: 16 hex digits."""
    lines = (f"{lang!r} {census[lang].rows} {census[lang].digest:032x}" for lang in sorted(census))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def _environment(tokenizers: Sequence[Tokenizer]) -> dict[str, Any]:
    return {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "pyarrow": version("pyarrow"),
        "numpy": version("numpy"),
        "tokenizers": {
            t.spec: {
                "algorithm": t.algorithm,
                "vocabulary_size": len(t.vocabulary),
                "engine": f"{t.engine.name} {t.engine.version}",
                "files": [file._asdict() for file in t.files],
            }
            for t in tokenizers
        },
    }


def _findings(
    tokenizers: Sequence[Tokenizer], totals: Totals, tables: Mapping[str, pa.Table]
) -> Iterator[Finding]:
    for name, table in tables.items():
        if "failed_rows" in table.column_names:
            yield from _failures(name, table.to_pylist())
    for tokenizer in tokenizers:
        yield from (Finding("TA003", remark, tokenizer.spec) for remark in tokenizer.remarks)
        if tokenizer.unpinned:
            yield Finding("TA004", "no revision is given", tokenizer.spec)
    few = sorted(lang for lang, census in totals.census.items() if census.rows < FEW_ROWS)
    if few:
        yield Finding("TA002", f"fewer than {FEW_ROWS} rows in {len(few)}: {_some(few)}")
    for lang, census in totals.census.items():
        if census.left_out:
            yield Finding("TA005", _left_out(census), lang=lang)


def _failures(audit: str, rows: Iterable[Mapping[str, Any]]) -> Iterator[Finding]:
    for row in rows:
        if row["failed_rows"]:
            message = f"{audit}: {row['failed_rows']} rows could not be encoded"
            yield Finding("TA001", message, row["tokenizer"], row["lang"])


def _some(names: Sequence[str], most: int = 8) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _left_out(census: Census) -> str:
    reasons = ("null", "blank", "invalid_utf8", "too_long")
    counts = ((getattr(census, reason), reason.replace("_", " ")) for reason in reasons)
    return "rows left out: " + ", ".join(f"{n} {reason}" for n, reason in counts if n)


def _why(census: Mapping[str, Census]) -> str:
    whole = sum(census.values(), Census())
    return f" ({_left_out(whole)})" if whole.left_out else ""
