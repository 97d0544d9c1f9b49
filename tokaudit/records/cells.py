"""Cells: CSV (RFC 4180, with a header) and TSV (IANA text/tab-separated-values)."""

import csv as library
from collections.abc import Iterator, Sequence
from typing import Any

from tokaudit.errors import BadCorpus
from tokaudit.records.asked import Asked, Record
from tokaudit.records.streams import numbered
from tokaudit.sources import Source
from tokaudit.text import line as shown


def csv(source: Source, asked: Asked) -> Iterator[Record]:
    """Read rows whose cells may stand in double quotes, with commas and line ends inside."""
    return _rows(source, asked)


def tsv(source: Source, asked: Asked) -> Iterator[Record]:
    """Read rows between tabs; a quotation mark is a letter like any other."""
    return _rows(source, asked, delimiter="\t", quoting=library.QUOTE_NONE)


def _rows(source: Source, asked: Asked, **dialect: Any) -> Iterator[Record]:
    library.field_size_limit(asked.longest)
    texts = (text for _, text in numbered(source, asked.longest))
    rows = library.reader(texts, strict=True, **dialect)
    try:
        header = next(rows, [])
        at = {e: header.index(name) for e, name in asked.among(header, source).items()}
        for cells in filter(None, rows):
            _check(cells, header, f"{source}, line {rows.line_num}")
            yield {each: cells[place] for each, place in at.items()}
    except library.Error as error:
        raise BadCorpus(f"{source}, line {rows.line_num}: {shown(str(error))}") from error


def _check(cells: Sequence[str], header: Sequence[str], place: str) -> None:
    if len(cells) != len(header):
        raise BadCorpus(f"{place}: {len(cells)} cells under a header of {len(header)}")
