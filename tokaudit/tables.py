"""From totals to tables: every audit's rows, what stands beside them, what deserves notice."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import pyarrow as pa

from tokaudit.audits import Audit, Beside
from tokaudit.corpus import Census
from tokaudit.findings import FEW_ROWS, Finding
from tokaudit.languages import name as language_name
from tokaudit.text import Absent
from tokaudit.tokenizer import Tokenizer
from tokaudit.totals import Key, Totals

ALL_LANGUAGES = "mul"  # ISO 639-2: multiple languages
NO_LANGUAGE = "zxx"  # no linguistic content
LEFT_OUT = ("null", "blank", "invalid_utf8", "too_long")
CORPUS_SCHEMA = pa.schema(
    [
        ("lang", pa.string()),
        ("name", pa.string()),
        *((name, pa.int64()) for name in ("rows", "bytes", *LEFT_OUT)),
    ]
)


@dataclass(frozen=True)
class Tabulation:
    """What it takes to make tables: the totals, the tokenizers in order, the baseline's spec."""

    totals: Totals
    tokenizers: Sequence[Tokenizer]
    baseline: str

    def tables(self, audits: Mapping[str, type[Audit]]) -> dict[str, pa.Table]:
        """Lay every audit's totals out as tables, and the corpus's census if there is one."""
        tables: dict[str, pa.Table] = {}
        for name, audit in audits.items():
            tables |= self._of_audit(name, audit)
        if self.totals.census:
            tables["corpus"] = _corpus(self.totals.census)
        return tables

    def _of_audit(self, name: str, audit: type[Audit]) -> dict[str, pa.Table]:
        rows: dict[str, list[dict[str, Any]]] = {table: [] for table in audit.schemas}
        for key, total, beside in self._totals(name, audit):
            for table, found in total.rows(beside).items():
                rows[table] += (_row(key, figures) for figures in found)
        tables = {
            table: pa.Table.from_pylist(found, schema=_schema(audit.schemas[table]))
            for table, found in rows.items()
        }
        return tables | _summary(name, audit, tables[name].to_pylist())

    def findings(self, audits: Mapping[str, type[Audit]]) -> Iterator[Finding]:
        """Ask every audit what deserves attention, about each tokenizer and language."""
        for name, audit in audits.items():
            for key, total, beside in self._totals(name, audit):
                lang = None if key.lang == NO_LANGUAGE else key.lang
                for finding in total.findings(beside):
                    yield replace(finding, tokenizer=key.tokenizer, lang=lang)

    def _totals(self, name: str, audit: type[Audit]) -> Iterator[tuple[Key, Audit, Beside[Any]]]:
        for tokenizer in self.tokenizers:
            examined = audit.examine(_reference(tokenizer))
            for lang in self.totals.langs(name):
                key = Key(name, tokenizer.spec, lang)
                beside = replace(self._beside(key, tokenizer), examined=examined)
                yield key, self.totals.of(key) or audit(), beside

    def _beside(self, key: Key, tokenizer: Tokenizer) -> Beside[Any]:
        shared, reference = self._parallel(key)
        baseline = self.totals.of(key._replace(tokenizer=self.baseline))
        return Beside(
            vocabulary=tokenizer.vocabulary,
            shared=shared,
            reference=reference,
            baseline=baseline or Absent(f"{self.baseline} has no figures here"),
            is_reference=key.lang == self.totals.alignment.reference,
        )

    def _parallel(self, key: Key) -> tuple[Audit | Absent, Audit | Absent]:
        """Give the totals of the rows this language shares with the reference, in both."""
        alignment = self.totals.alignment
        reference = alignment.reference
        if isinstance(reference, Absent):
            return reference, reference
        cohorts = {c for c, langs in enumerate(alignment.members) if key.lang in langs}
        none = Absent(f"no rows parallel with {reference}")
        own = self.totals.of(key, cohorts) or none
        return own, self.totals.of(key._replace(lang=reference), cohorts) or none


@lru_cache(maxsize=16)
def _reference(tokenizer: Tokenizer) -> Tokenizer:
    """Give the same tokenizer each time, so that what was examined once is remembered."""
    return tokenizer.by_reference()


def _summary(name: str, audit: type[Audit], rows: list[dict[str, Any]]) -> dict[str, pa.Table]:
    if audit.summary is None:
        return {}
    said = audit.summarise(rows)
    table = [_row(Key(name, spec, ALL_LANGUAGES), figures) for spec, figures in said.items()]
    return {f"{name}_summary": pa.Table.from_pylist(table, schema=_schema(audit.summary))}


def verdicts(
    audits: Mapping[str, type[Audit]], specs: Sequence[str], tables: Mapping[str, pa.Table]
) -> dict[str, dict[str, str]]:
    """Ask every audit for a sentence on every tokenizer."""
    said: dict[str, dict[str, str]] = {}
    for name, audit in audits.items():
        rows = tables[name].to_pylist()
        said[name] = {s: audit.verdict([r for r in rows if r["tokenizer"] == s]) for s in specs}
    return said


def findings(tabulation: Tabulation, tables: Mapping[str, pa.Table]) -> tuple[Finding, ...]:
    """List what deserves attention, in the order of the rules."""
    census = tabulation.totals.census
    found = [*_of_tables(tables), *_of_tokenizers(tabulation.tokenizers), *_of_census(census)]
    return tuple(sorted(found, key=lambda f: (f.rule, f.tokenizer or "", f.lang or "", f.message)))


def _of_tables(tables: Mapping[str, pa.Table]) -> Iterator[Finding]:
    for name, table in tables.items():
        if "failed_rows" in table.column_names:
            for row in table.to_pylist():
                if row["failed_rows"]:
                    message = f"{name}: {row['failed_rows']} rows could not be encoded"
                    yield Finding("TA001", message, row["tokenizer"], row["lang"])


def _of_tokenizers(tokenizers: Sequence[Tokenizer]) -> Iterator[Finding]:
    for tokenizer in tokenizers:
        yield from (Finding("TA003", remark, tokenizer.spec) for remark in tokenizer.remarks)
        if tokenizer.unpinned:
            yield Finding("TA004", "no commit is given", tokenizer.spec)


def _of_census(census: Mapping[str, Census]) -> Iterator[Finding]:
    few = sorted(lang for lang, counted in census.items() if counted.rows < FEW_ROWS)
    if few:
        listed = ", ".join(few[:8]) + (f" and {len(few) - 8} more" if len(few) > 8 else "")
        yield Finding("TA002", f"fewer than {FEW_ROWS} rows in {len(few)} languages: {listed}")
    for lang, counted in census.items():
        if counted.left_out:
            yield Finding("TA005", left_out(counted), lang=lang)


def left_out(census: Census) -> str:
    """Write how many rows were left out and why."""
    counts = ((getattr(census, reason), reason.replace("_", " ")) for reason in LEFT_OUT)
    return "rows left out: " + ", ".join(f"{n} {reason}" for n, reason in counts if n)


def _schema(schema: pa.Schema) -> pa.Schema:
    first = [pa.field("tokenizer", pa.string()), pa.field("lang", pa.string())]
    return pa.schema([*first, *schema, pa.field("absent", pa.map_(pa.string(), pa.string()))])


def _row(key: Key, figures: Mapping[str, Any]) -> dict[str, Any]:
    """Make figures that are absent null, and keep the reasons."""
    known = {name: None if isinstance(v, Absent) else v for name, v in figures.items()}
    reasons = [(name, v.reason) for name, v in figures.items() if isinstance(v, Absent)]
    return {"tokenizer": key.tokenizer, "lang": key.lang, **known, "absent": reasons}


def _corpus(census: Mapping[str, Census]) -> pa.Table:
    rows = [
        {"lang": lang, "name": language_name(lang), **vars(census[lang])} for lang in sorted(census)
    ]
    return pa.Table.from_pylist(rows, schema=CORPUS_SCHEMA)
