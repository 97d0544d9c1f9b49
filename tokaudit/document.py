"""A document: a report laid out for people, before any medium: verdicts, grids, notes, signature.

What is shown, in which order and how a figure is written is decided here once; a renderer only
knows how its medium draws a grid. Every text in a document may be hostile: a renderer passes it
through `text.show` or `text.line` and its own escaping.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from tokaudit.findings import RULES
from tokaudit.languages import name as language_name
from tokaudit.report import Report

NOTHING = "–"
LOSSY = "*"
LOSSY_NOTE = (
    f"{LOSSY} the tokenizer altered rows of this language (lower-cased, normalised or lost text):"
    " do not rank it by this figure"
)
DETAIL_ROWS = 24
HIDDEN_FILES = ("tokenizer.json", "tekken.json", "tokenizer.model")


@dataclass(frozen=True)
class Cell:
    """One value of a grid: how it is written, whether it is the best of its row."""

    text: str
    best: bool = False


@dataclass(frozen=True)
class Grid:
    """A table for people.

    The first column names things, the first `labels` are text, the others are figures;
    `named_columns` says that those are headed by names of tokenizers; a `detail` may be folded.
    """

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    labels: int = 1
    notes: tuple[str, ...] = ()
    detail: bool = False
    named_columns: bool = False


@dataclass(frozen=True)
class Section:
    """What one audit found: its question, a sentence for each tokenizer, its grids."""

    name: str
    question: str
    verdicts: tuple[tuple[str, str], ...]
    grids: tuple[Grid, ...]
    definitions: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Document:
    """A whole report for people."""

    title: str
    sections: tuple[Section, ...]
    findings: tuple[tuple[str, str], ...]
    tokenizers: Grid
    corpus: Grid | None
    signature: str


def lay_out(report: Report) -> Document:
    """Lay a report out."""
    specs = list(report.environment["tokenizers"])
    short = short_names(specs)
    sections = tuple(_section(name, report, short) for name in report.sections)
    return Document(
        title=f"tokaudit: {', '.join(report.sections)}",
        sections=sections,
        findings=tuple(_findings(report, short)),
        tokenizers=_tokenizers(report, short),
        corpus=_corpus(report),
        signature=report.signature,
    )


def short_names(specs: Sequence[str]) -> dict[str, str]:
    """Shorten specs to the fewest last parts that tell them apart.

    >>> short_names(["pkg:mistral-common/tekken_240911", "./llama3/tokenizer.json"])
    {'pkg:mistral-common/tekken_240911': 'tekken_240911', './llama3/tokenizer.json': 'llama3'}
    """
    parts = {spec: _parts(spec) for spec in specs}
    for count in range(1, max(map(len, parts.values()), default=0) + 1):
        names = {spec: "/".join(part[-count:]) for spec, part in parts.items()}
        if len(set(names.values())) == len(specs):
            return names
    return {spec: spec for spec in specs}


def _parts(spec: str) -> list[str]:
    parts = [part for part in spec.replace(":", "/").split("/") if part not in ("", ".", "..")]
    return parts[:-1] if len(parts) > 1 and parts[-1] in HIDDEN_FILES else parts or [spec]


def _section(name: str, report: Report, short: Mapping[str, str]) -> Section:
    first, *others = report.sections[name]
    table = report.tables[first]
    summary = report.tables.get(f"{name}_summary")
    verdicts = ((short[spec], said) for spec, said in report.verdicts[name].items())
    filled = (other for other in others if report.tables[other].num_rows)
    details = (_plain(other, report.tables[other], short) for other in filled)
    return Section(
        name=name,
        question=report.questions[name],
        verdicts=tuple(verdicts),
        grids=(
            *_summary(summary, short),
            *_main_grids(table, report.headlines[name], short),
            *details,
        ),
        definitions=tuple(_definitions(table)),
    )


def _summary(table: pa.Table | None, short: Mapping[str, str]) -> Iterator[Grid]:
    """Sum up the languages, where there are several."""
    rows = table.to_pylist() if table is not None else []
    if any(row["languages"] > 1 for row in rows):
        yield replace(_plain("all languages", table, short), detail=False)


def _main_grids(
    table: pa.Table, headline: Sequence[str], short: Mapping[str, str]
) -> Iterator[Grid]:
    """Choose the shape that answers at a glance: one grid of figures, or one for each figure."""
    rows = table.to_pylist()
    langs = _by_cost(rows, headline)
    if len(langs) == 1:
        yield _by_tokenizer(rows, headline, short)
    elif len(short) == 1:
        yield _by_language(rows, langs, headline)
    else:
        for column in headline:
            yield _pivot(table.schema.field(column), rows, langs, short)


def _by_cost(rows: Sequence[Mapping[str, Any]], headline: Sequence[str]) -> list[str]:
    """Order languages from the most expensive by the first tokenizer's premium, then by label."""
    key = "premium" if "premium" in headline else headline[0]
    first: dict[str, Any] = {}
    for row in rows:
        first.setdefault(row["lang"], row[key])
    numbers = {
        lang: v if isinstance(v, int | float) else float("-inf") for lang, v in first.items()
    }
    return sorted(first, key=lambda lang: (-numbers[lang], lang))


def _by_tokenizer(
    rows: Sequence[Mapping[str, Any]], headline: Sequence[str], short: Mapping[str, str]
) -> Grid:
    lang = rows[0]["lang"] if rows else ""
    cells = tuple(
        (Cell(short[row["tokenizer"]]), *(_figure(row, column) for column in headline))
        for row in rows
    )
    title = "" if lang == "zxx" else f"Figures for {named(lang)}"
    return Grid(title, ("tokenizer", *map(spaced, headline)), cells, 1, _notes(rows, headline))


def _by_language(
    rows: Sequence[Mapping[str, Any]], langs: Sequence[str], headline: Sequence[str]
) -> Grid:
    by_lang = {row["lang"]: row for row in rows}
    cells = tuple(
        (*_label(lang), *(_figure(by_lang[lang], column) for column in headline)) for lang in langs
    )
    header = ("lang", "language", *map(spaced, headline))
    return Grid("By language", header, cells, 2, _notes(rows, headline))


def _pivot(
    field: pa.Field,
    rows: Sequence[Mapping[str, Any]],
    langs: Sequence[str],
    short: Mapping[str, str],
) -> Grid:
    by_key = {(row["lang"], row["tokenizer"]): row for row in rows}
    better = (field.metadata or {}).get(b"better", b"").decode()
    cells = tuple(
        (*_label(lang), *_contest([by_key[lang, spec] for spec in short], field.name, better))
        for lang in langs
    )
    header = ("lang", "language", *short.values())
    notes = _notes(rows, [field.name])
    return Grid(spaced(field.name), header, cells, 2, notes, named_columns=True)


def _contest(rows: Sequence[Mapping[str, Any]], column: str, better: str) -> Iterator[Cell]:
    """Write the figures of one language; the best that loses no text stands out."""
    honest = [r[column] for r in rows if r[column] is not None and not r.get("altered_rows")]
    choose = {"lower": min, "higher": max}.get(better)
    best = choose(honest) if choose and len(honest) > 1 and len(set(honest)) > 1 else None
    for row in rows:
        figure = _figure(row, column)
        won = best is not None and row[column] == best and not row.get("altered_rows")
        yield Cell(figure.text, won)


def _figure(row: Mapping[str, Any], column: str) -> Cell:
    mark = LOSSY if row.get("altered_rows") and row[column] is not None else ""
    return Cell(written(row[column]) + mark)


def _notes(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> tuple[str, ...]:
    reasons = {
        f"{NOTHING} {spaced(column)}: {reason}"
        for row in rows
        for column, reason in row["absent"]
        if column in columns
    }
    lossy = [LOSSY_NOTE] if any(row.get("altered_rows") for row in rows) else []
    return (*lossy, *sorted(reasons))


def _plain(name: str, table: pa.Table, short: Mapping[str, str]) -> Grid:
    """Show a table as it is, but for its language and reasons."""
    columns = [c for c in table.column_names if c not in ("tokenizer", "lang", "absent")]
    rows = table.to_pylist()
    first = [row for spec in short for row in _of(spec, rows)[:DETAIL_ROWS]]
    cells = tuple(
        (Cell(short[row["tokenizer"]]), *(Cell(written(row[c])) for c in columns)) for row in first
    )
    left = len(rows) - len(first)
    notes = (f"{left} rows more, in JSON: the first {DETAIL_ROWS} of each tokenizer are here",)
    header = ("tokenizer", *map(spaced, columns))
    return Grid(spaced(name), header, cells, 1, notes if left else (), detail=True)


def _of(spec: str, rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [row for row in rows if row["tokenizer"] == spec]


def _definitions(table: pa.Table) -> Iterator[tuple[str, str]]:
    for field in table.schema:
        if field.metadata and b"definition" in field.metadata:
            yield spaced(field.name), field.metadata[b"definition"].decode()


def _findings(report: Report, short: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for finding in report.findings:
        about = [short.get(finding.tokenizer or "", finding.tokenizer), finding.lang]
        where = ", ".join(part for part in about if part)
        title = f"{finding.severity} {finding.rule}, {RULES[finding.rule].title}"
        yield title, f"{where}: {finding.message}" if where else finding.message


def _tokenizers(report: Report, short: Mapping[str, str]) -> Grid:
    environment, identities = report.environment["tokenizers"], report.conditions["tokenizers"]
    cells = tuple(
        (
            Cell(short[spec]),
            Cell(spec),
            Cell(facts["algorithm"]),
            Cell(facts["engine"]),
            Cell(identities[spec]),
            Cell(written(facts["vocabulary_size"])),
        )
        for spec, facts in environment.items()
    )
    header = ("name", "written as", "algorithm", "engine", "identity", "vocabulary")
    return Grid("Tokenizers", header, cells, 5, detail=True)


def _corpus(report: Report) -> Grid | None:
    if "corpus" not in report.tables:
        return None
    rows = report.tables["corpus"].to_pylist()
    columns = [c for c in rows[0] if c not in ("lang", "name")]
    columns = [c for c in columns if c in ("rows", "bytes") or any(row[c] for row in rows)]
    cells = tuple((*_label(row["lang"]), *(Cell(written(row[c])) for c in columns)) for row in rows)
    return Grid("Corpus", ("lang", "language", *map(spaced, columns)), cells, 2, detail=True)


def _label(lang: str) -> tuple[Cell, Cell]:
    return Cell(lang), Cell(language_name(lang) or "")


def named(lang: str) -> str:
    """Write a label with its display name beside it."""
    return f"{lang} ({name})" if (name := language_name(lang)) else lang


def spaced(column: str) -> str:
    """Write a column's name as words."""
    return column.replace("_", " ")


def written(value: Any) -> str:
    """Write one value: thousands separated, three decimals, a dash for nothing."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.3f}" if isinstance(value, float) else str(value)
