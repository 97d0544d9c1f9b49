"""A closer look: every figure of one language, and all there is about one tokenizer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from tokaudit import examples
from tokaudit.grids import Cell, Grid, footnotes, named, spaced, written
from tokaudit.report import Report


@dataclass(frozen=True)
class Language:
    """All that was measured in a language: a grid for each audit that read it."""

    lang: str
    name: str
    grids: tuple[Grid, ...]


@dataclass(frozen=True)
class Portrait:
    """All there is about a tokenizer: facts, a sentence of each audit, and examples."""

    spec: str
    name: str
    facts: tuple[tuple[str, str], ...]
    verdicts: tuple[tuple[str, str], ...]
    grids: tuple[Grid, ...]


def languages(report: Report, short: Mapping[str, str]) -> Iterator[Language]:
    """Give the languages by their labels; none if an audit saw only one."""
    read = _read(report)
    shown = examples.of_languages(report, read.keys(), short)
    for lang in sorted(read):
        grids = (
            _grid(audit, report.tables[report.sections[audit][0]].schema, rows, short)
            for audit, rows in read[lang].items()
        )
        yield Language(lang, named(lang), (*grids, *shown.get(lang, ())))


def _read(report: Report) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Give the main rows of each language by audit, of audits that saw more than one."""
    read: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for audit, (first, *_) in report.sections.items():
        rows = report.tables[first].to_pylist()
        if len({row["lang"] for row in rows}) > 1:
            for row in rows:
                read.setdefault(row["lang"], {}).setdefault(audit, []).append(row)
    return read


def _grid(
    audit: str, schema: pa.Schema, rows: list[dict[str, Any]], short: Mapping[str, str]
) -> Grid:
    """Give each figure a row and each tokenizer a column."""
    columns = [name for name in schema.names if name not in ("tokenizer", "lang", "absent")]
    cells = tuple(
        (Cell(spaced(column)), *(Cell(written(row[column])) for row in rows)) for column in columns
    )
    header = ("figure", *(short[row["tokenizer"]] for row in rows))
    return Grid(audit, header, cells, 1, footnotes(rows, columns), named_rows=False)


def portraits(report: Report, short: Mapping[str, str]) -> Iterator[Portrait]:
    """Give the tokenizers in their order."""
    identities = report.conditions["tokenizers"]
    shown = examples.of_tokenizers(report, _read(report).keys(), short)
    for spec, facts in report.environment["tokenizers"].items():
        about = [("written as", spec), ("algorithm", facts["algorithm"])]
        about += [("vocabulary", f"{written(facts['vocabulary_size'])} ids")]
        about += [("engine", facts["engine"]), ("identity", identities.get(spec, ""))]
        about += [("documents", str(facts["documents"]))] if facts.get("documents") else []
        about += [("file", str(file)) for file in _files(facts.get("files"))]
        said = [
            (audit, verdicts[spec])
            for audit, verdicts in report.verdicts.items()
            if spec in verdicts
        ]
        grids = tuple(shown.get(spec, ()))
        yield Portrait(spec, short[spec], tuple(about), tuple(said), grids)


def _files(files: Any) -> Iterator[str]:
    """Describe the files that were read; a saved report may hold anything here."""
    for file in files if isinstance(files, list | tuple) else ():
        if isinstance(file, Mapping):
            size = written(file["size"]) if isinstance(file.get("size"), int) else "?"
            yield f"{file.get('name')}, {size} bytes, SHA-256 {file.get('sha256')}"
