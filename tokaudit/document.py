"""A document: a report laid out for people, before any medium: verdicts, grids, notes, signature.

What is shown, in which order and how a figure is written is decided here once; a renderer only
knows how its medium draws a grid. Every text in a document may be hostile: a renderer passes it
through `text.show` or `text.line` and its own escaping.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from tokaudit import details, diff_grids, grids, shades
from tokaudit.brief import Brief, brief
from tokaudit.findings import RULES
from tokaudit.grids import Cell, Grid, label, spaced, written
from tokaudit.report import Report
from tokaudit.rules import SEVERITIES, Severity
from tokaudit.standings import layout

# Sections that are laid out in a way of their own.
OWN = {"compare": layout.grids, "diff": diff_grids.grids}
HIDDEN_FILES = ("tokenizer.json", "tekken.json", "tokenizer.model")


@dataclass(frozen=True)
class Section:
    """What one audit found: its question, a sentence for each tokenizer, its grids."""

    name: str
    question: str
    verdicts: tuple[tuple[str, str], ...]
    grids: tuple[Grid, ...]
    definitions: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Notice:
    """A finding for people: its rule, how grave it is, what it says and about whom."""

    rule: str
    severity: Severity
    title: str
    said: str
    spec: str | None

    @property
    def heading(self) -> str:
        """Name severity, rule and what the rule is about."""
        return f"{self.severity} {self.rule}, {self.title}"


@dataclass(frozen=True)
class Document:
    """A whole report for people: `findings` are the gravest first."""

    title: str
    brief: Brief | None
    sections: tuple[Section, ...]
    findings: tuple[Notice, ...]
    tokenizers: Grid
    corpus: Grid | None
    signature: str


def lay_out(report: Report) -> Document:
    """Lay a report out."""
    specs = list(report.environment["tokenizers"])
    short = short_names(specs)
    sections = tuple(
        (_own if name in OWN else _section)(name, report, short) for name in report.sections
    )
    return Document(
        title=f"tokaudit: {', '.join(report.sections)}",
        brief=brief(report, short),
        sections=sections,
        findings=tuple(sorted(_findings(report, short), key=_gravity)),
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
    short = {spec: short[spec] for spec in table["tokenizer"].unique().to_pylist()} or short
    summary = report.tables.get(f"{name}_summary")
    verdicts = ((short[spec], said) for spec, said in report.verdicts[name].items())
    more = [_detail(other, report, short) for other in others]
    return Section(
        name=name,
        question=report.questions[name],
        verdicts=tuple(verdicts),
        grids=(
            *grids.summary(summary, short),
            *shades.main_grids(table, report.headlines[name], short),
            *_glances(report, others, short),
            *filter(None, more),
            *_timings(report.environment.get("timings", {}).get(name, ()), short),
        ),
        definitions=tuple(_definitions(table)),
    )


def _own(name: str, report: Report, short: Mapping[str, str]) -> Section:
    verdicts = tuple((short[spec], said) for spec, said in report.verdicts[name].items())
    laid = tuple(OWN[name](report, short))
    definitions = tuple(_definitions(report.tables[report.sections[name][0]]))
    return Section(name, report.questions[name], verdicts, laid, definitions)


def _glances(report: Report, tables: Sequence[str], short: Mapping[str, str]) -> Iterator[Grid]:
    for name in tables:
        if name in report.glances:
            yield details.glance(report.tables[name], report.glances[name], short)


def _detail(name: str, report: Report, short: Mapping[str, str]) -> Grid | None:
    """Lay out a further table, if it has rows; one with a headline is shown with those columns."""
    table = report.tables[name]
    if name in report.headlines and table.num_rows:
        return details.chosen(name.partition("_")[2], table, report.headlines[name])
    return details.laid_out(name, table, short)


def _timings(rows: Sequence[Mapping[str, Any]], short: Mapping[str, str]) -> Iterator[Grid]:
    """Show what was timed, if anything was: no figure of the report."""
    if rows:
        header = tuple(map(spaced, rows[0]))
        cells = tuple(
            (Cell(short[spec]), *(Cell(written(value)) for value in figures))
            for spec, *figures in (row.values() for row in rows)
        )
        yield Grid("time, this once", header, cells)


def _definitions(table: pa.Table) -> Iterator[tuple[str, str]]:
    for field in table.schema:
        if field.metadata and b"definition" in field.metadata:
            yield spaced(field.name), field.metadata[b"definition"].decode()


def _findings(report: Report, short: Mapping[str, str]) -> Iterator[Notice]:
    for finding in report.findings:
        about = [short.get(finding.tokenizer or "", finding.tokenizer), finding.lang]
        where = ", ".join(part for part in about if part)
        said = f"{where}: {finding.message}" if where else finding.message
        title = RULES[finding.rule].title
        yield Notice(finding.rule, finding.severity, title, said, finding.tokenizer)


def _gravity(notice: Notice) -> int:
    return -SEVERITIES.index(notice.severity)


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
    rows = report.tables["corpus"].to_pylist() if "corpus" in report.tables else []
    if not rows:
        return None
    columns = [c for c in rows[0] if c not in ("lang", "name")]
    columns = [c for c in columns if c in ("rows", "bytes") or any(row[c] for row in rows)]
    cells = tuple((*label(row["lang"]), *(Cell(written(row[c])) for c in columns)) for row in rows)
    return Grid("Corpus", ("lang", "language", *map(spaced, columns)), cells, 2, detail=True)
