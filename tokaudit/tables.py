"""From totals to tables: every audit's rows, what stands beside them, what deserves notice."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pyarrow as pa

from tokaudit.audits import Audit, Beside
from tokaudit.batch import NO_LANGUAGE
from tokaudit.census import Census
from tokaudit.findings import FEW_ROWS, Finding
from tokaudit.languages import name as language_name
from tokaudit.neighbours import Neighbours
from tokaudit.remarks import counted
from tokaudit.safety import BY_CHUNKS
from tokaudit.text import Absent
from tokaudit.tokenizer import Tokenizer
from tokaudit.totals import Key, Totals

ALL_LANGUAGES = "mul"  # ISO 639-2: multiple languages
SHORT_CUTS = {BY_CHUNKS: "TA007"}  # which rule a short cut that failed falls under
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
    """What it takes to make tables: the totals, the tokenizers in order, the baseline's spec.

    `examined` keeps what audits have made of a tokenizer itself, by audit and spec; `on_look` hears
    which one it is.
    """

    totals: Totals
    tokenizers: Sequence[Tokenizer]
    baseline: str
    on_look: Callable[[Tokenizer], None]
    examined: dict[tuple[str, str], Any] = field(default_factory=dict)

    def tables(self, audits: Mapping[str, type[Audit]]) -> dict[str, pa.Table]:
        """Lay every audit's totals out as tables, and the corpus's census if there is one."""
        tables: dict[str, pa.Table] = {}
        for name, audit in audits.items():
            tables |= self._of_audit(name, audit)
        if self.totals.census:
            tables["corpus"] = of_corpus(self.totals.census)
        return tables

    def _of_audit(self, name: str, audit: type[Audit]) -> dict[str, pa.Table]:
        rows: dict[str, list[dict[str, Any]]] = {table: [] for table in audit.schemas}
        for key, total, beside in self._totals(name, audit):
            for table, found in total.rows(beside).items():
                rows[table] += (_row(key, figures) for figures in found)
        for table, row in self._together(name, audit):
            rows[table].append(row)
        tables = {
            table: pa.Table.from_pylist(found, schema=_schema(audit.schemas[table]))
            for table, found in rows.items()
        }
        return tables | _summary(name, audit, tables[name].to_pylist())

    def _together(self, name: str, audit: type[Audit]) -> Iterator[tuple[str, dict[str, Any]]]:
        """Ask for the rows that are about a tokenizer's languages together."""
        reference = self.totals.alignment.reference
        for tokenizer in self.tokenizers:
            keys = [Key(name, tokenizer.spec, lang) for lang in self.totals.langs(name)]
            of_lang: dict[str, Any] = {key.lang: self.totals.of(key) or audit() for key in keys}
            known = str(reference) if reference in of_lang else None  # a divided one is not
            for table, lang, figures in audit.together(of_lang, tokenizer, known):
                key = Key(name, tokenizer.spec, lang or ALL_LANGUAGES)
                yield table, _row(key, figures)

    def findings(self, audits: Mapping[str, type[Audit]]) -> Iterator[Finding]:
        """Ask every audit what deserves attention, about each tokenizer and language."""
        having_some = {n: a for n, a in audits.items() if a.findings is not Audit.findings}
        for name, audit in having_some.items():
            for key, total, beside in self._totals(name, audit):
                lang = None if key.lang == NO_LANGUAGE else key.lang
                for finding in total.findings(beside):
                    yield replace(finding, tokenizer=key.tokenizer, lang=lang)

    def _totals(self, name: str, audit: type[Audit]) -> Iterator[tuple[Key, Audit, Beside[Any]]]:
        neighbours = Neighbours(self.totals, self.baseline)
        for tokenizer in self.tokenizers:
            examined = self._examined(name, audit, tokenizer)
            for lang in self.totals.langs(name):
                key = Key(name, tokenizer.spec, lang)
                beside = neighbours.beside(key, tokenizer, audit)
                beside = replace(beside, examined=examined)
                yield key, self.totals.of(key) or audit(), beside

    def _examined(self, name: str, audit: type[Audit], tokenizer: Tokenizer) -> Any:
        """Let an audit look at a tokenizer once, by the reference: every entry is a special case.

        A sample of comparisons, which is enough for running text, could miss the one that differs.
        """
        key = name, tokenizer.spec
        if key not in self.examined:
            self.on_look(tokenizer)
            self.examined[key] = audit.examine(tokenizer.by_reference())
        return self.examined[key]


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


def findings(
    tabulation: Tabulation, tables: Mapping[str, pa.Table], audits: Mapping[str, type[Audit]]
) -> tuple[Finding, ...]:
    """List what deserves attention, in the order of the rules."""
    totals = tabulation.totals
    found = [
        *_of_tables(tables),
        *of_tokenizers(tabulation.tokenizers),
        *_of_census(totals.census),
        *_of_alignment(totals, tables),
        *tabulation.findings(audits),
        *_noticed(tabulation, tables, audits),
        *(Finding(SHORT_CUTS.get(u.how, "TA006"), str(u), u.spec) for u in totals.unproven),
    ]
    return in_order(found)


def in_order(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Put findings in the order of the rules, then of tokenizers and languages."""
    return tuple(sorted(found, key=lambda f: (f.rule, f.tokenizer or "", f.lang or "", f.message)))


def _of_tables(tables: Mapping[str, pa.Table]) -> Iterator[Finding]:
    for name, table in tables.items():
        if "failed_rows" in table.column_names:
            for row in table.to_pylist():
                if row["failed_rows"]:
                    message = f"{name}: {row['failed_rows']} rows could not be encoded"
                    yield Finding("TA001", message, row["tokenizer"], row["lang"])


def _noticed(
    tabulation: Tabulation, tables: Mapping[str, pa.Table], audits: Mapping[str, type[Audit]]
) -> Iterator[Finding]:
    for name, audit in audits.items():
        rows = tables[name].to_pylist()
        for spec in (tokenizer.spec for tokenizer in tabulation.tokenizers):
            mine = [row for row in rows if row["tokenizer"] == spec]
            yield from (replace(found, tokenizer=spec) for found in audit.notices(mine))


def of_tokenizers(tokenizers: Sequence[Tokenizer]) -> Iterator[Finding]:
    """Say what was set aside on loading, and what is not pinned."""
    for tokenizer in tokenizers:
        yield from (Finding("TA003", remark, tokenizer.spec) for remark in tokenizer.remarks)
        if tokenizer.unpinned:
            read = {file.commit for file in tokenizer.files if file.commit}
            at = f"; it was read at commit {', '.join(sorted(read))}" if read else ""
            yield Finding("TA004", f"no commit is given{at}", tokenizer.spec)


def _of_census(census: Mapping[str, Census]) -> Iterator[Finding]:
    few = sorted(lang for lang, found in census.items() if found.rows < FEW_ROWS)
    if few:
        yield Finding("TA002", f"fewer than {FEW_ROWS} rows in {_listed(few)}")
    for lang, found in census.items():
        if found.left_out:
            yield Finding("TA005", left_out(found), lang=lang)


def _of_alignment(totals: Totals, tables: Mapping[str, pa.Table]) -> Iterator[Finding]:
    """Say where a premium is of few rows though the language has many."""
    if not any("premium" in table.column_names for table in tables.values()):
        return
    shared = {lang: totals.alignment.rows(lang) for lang in sorted(totals.census)}
    few = [
        f"{lang} ({rows} of {totals.census[lang].rows:,})"
        for lang, rows in shared.items()
        if 0 < rows < FEW_ROWS <= totals.census[lang].rows
    ]
    if few:
        yield Finding(
            "TA002",
            f"premium is of fewer than {FEW_ROWS} rows, those parallel with"
            f" {totals.alignment.reference}, in {_listed(few)}",
        )


def _listed(langs: Sequence[str]) -> str:
    """Count languages and name some."""
    more = f" and {len(langs) - 8} more" if len(langs) > 8 else ""
    return f"{counted(len(langs), 'language')}: {', '.join(langs[:8])}{more}"


def left_out(census: Census) -> str:
    """Write how many rows were left out and why."""
    counts = ((getattr(census, reason), reason.replace("_", " ")) for reason in LEFT_OUT)
    return "rows left out: " + ", ".join(f"{n} {reason}" for n, reason in counts if n)


def table(schema: pa.Schema, rows: Iterable[tuple[str, str, Mapping[str, Any]]]) -> pa.Table:
    """Make a table of these columns; a row is a spec, a language and the figures, or why not."""
    full = [_row(Key("", spec, lang), figures) for spec, lang, figures in rows]
    return pa.Table.from_pylist(full, schema=_schema(schema))


def _schema(schema: pa.Schema) -> pa.Schema:
    first = [pa.field("tokenizer", pa.string()), pa.field("lang", pa.string())]
    absent = pa.field("absent", pa.map_(pa.string(), pa.string()))
    return pa.schema([*first, *schema, absent], metadata=schema.metadata)


def _row(key: Key, figures: Mapping[str, Any]) -> dict[str, Any]:
    """Make figures that are absent null, and keep the reasons."""
    known = {name: None if isinstance(v, Absent) else v for name, v in figures.items()}
    reasons = [(name, v.reason) for name, v in figures.items() if isinstance(v, Absent)]
    return {"tokenizer": key.tokenizer, "lang": key.lang, **known, "absent": reasons}


def of_corpus(census: Mapping[str, Census]) -> pa.Table:
    """Lay out what became of the rows of each language."""
    rows = [
        {"lang": lang, "name": language_name(lang), **vars(census[lang])} for lang in sorted(census)
    ]
    return pa.Table.from_pylist(rows, schema=CORPUS_SCHEMA)
