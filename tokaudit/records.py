"""Records: texts with their labels, read out of plain text, JSONL, CSV, TSV and Parquet files.

Nothing is guessed: the suffix (or the user) says the format, columns are taken by their exact
names, and every refusal names the file and, where there are lines, the line.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import PurePosixPath
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tokaudit.errors import BadCorpus, BadUsage
from tokaudit.sources import Source
from tokaudit.text import line as shown

FIELDS = ("lang", "id", "domain", "text")
COMPRESSED = (".gz", ".bz2", ".zst", ".lz4")
BYTE_ORDER_MARK = "\ufeff"
PARQUET_ROWS = 4_096  # read at a time

Record = dict[str, str | None]  # a value for each of FIELDS that the file has


@dataclass(frozen=True)
class Asked:
    """What to read: columns by field where the user named them, and how.

    `said` holds the fields that something other than the file's columns says of all rows, such as
    its name. With `aligned`, a line's number is its id. Lines, cells and whole files of more than
    `longest` bytes are refused.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)
    aligned: bool = False
    longest: int = 8 * 2**20


Reader = Callable[[Source, Asked], Iterator[Record]]


def reader(source: Source) -> Reader:
    """Find how a file is read by its suffix; raises BadCorpus."""
    path = PurePosixPath(source.path.lower())
    suffix = path.with_suffix("").suffix if path.suffix in COMPRESSED else path.suffix
    if suffix not in READERS:
        raise BadCorpus(
            f"{source}: {shown(suffix) or 'no suffix'} says no format; there are"
            f" {', '.join(READERS)}, and --lines or --whole for text under any name"
        )
    return READERS[suffix]


def lines(source: Source, asked: Asked) -> Iterator[Record]:
    """Read one text a line, blank lines too."""
    _columns(source, [], asked)
    for number, text in _numbered(source, asked):
        record: Record = {"text": text.removesuffix("\n").removesuffix("\r")}
        yield record | {"id": str(number)} if asked.aligned else record


def whole(source: Source, asked: Asked) -> Iterator[Record]:
    """Read one text, the whole file."""
    _columns(source, [], asked)
    with _opened(source) as stream:
        data = stream.read(asked.longest + 1)
    yield {"text": _decoded(data, str(source), asked)}


def jsonl(source: Source, asked: Asked) -> Iterator[Record]:
    """Read one JSON object a line; every object has the fields of the first."""
    columns: dict[str, str] = {}
    for number, text in _numbered(source, asked):
        place = f"{source}, line {number}"
        if not text.strip():
            continue
        found = _object(text, place)
        columns = columns or _columns(place, list(found), asked)
        if missing := next((name for name in columns.values() if name not in found), None):
            raise _missing(place, missing, list(found), "")
        yield {each: _value(found[name], each, place) for each, name in columns.items()}


def table(source: Source, asked: Asked, **dialect: Any) -> Iterator[Record]:
    """Read rows below a header; cells in double quotes may hold commas and line ends."""
    csv.field_size_limit(asked.longest)
    cells = csv.reader((text for _, text in _numbered(source, asked)), strict=True, **dialect)
    try:
        header = next(cells, [])
        columns = _columns(source, header, asked)
        for row in cells:
            if row and len(row) != len(header):
                raise BadCorpus(
                    f"{source}, line {cells.line_num}: {len(row)} cells under a header of"
                    f" {len(header)}"
                )
            if row:
                yield {each: row[header.index(name)] for each, name in columns.items()}
    except csv.Error as error:
        raise BadCorpus(f"{source}, line {cells.line_num}: {shown(str(error))}") from error


def tsv(source: Source, asked: Asked) -> Iterator[Record]:
    """Read tab-separated cells; a quotation mark is a letter like any other (IANA's definition)."""
    return table(source, asked, delimiter="\t", quoting=csv.QUOTE_NONE)


def parquet(source: Source, asked: Asked) -> Iterator[Record]:
    """Read the rows of a Parquet file; labels may be numbers, text must be strings."""
    with _opened(source, seekable=True) as stream:
        file = pq.ParquetFile(stream, page_checksum_verification=True)
        columns = _columns(source, file.schema_arrow.names, asked)
        for each, name in columns.items():
            _check_type(source, each, file.schema_arrow.field(name))
        for batch in file.iter_batches(PARQUET_ROWS, columns=list(columns.values())):
            cells = [_strings(source, batch.column(name)) for name in columns.values()]
            yield from (dict(zip(columns, row, strict=True)) for row in zip(*cells, strict=True))


READERS: dict[str, Reader] = {
    ".txt": lines,
    ".jsonl": jsonl,
    ".ndjson": jsonl,
    ".csv": table,
    ".tsv": tsv,
    ".parquet": parquet,
}


def _columns(place: object, there: Sequence[str], asked: Asked) -> dict[str, str]:
    """Map fields to the columns that hold them; raises BadCorpus, BadUsage."""
    found: dict[str, str] = {}
    for each in FIELDS:
        name = asked.columns.get(each, each)
        if there.count(name) > 1:
            raise BadCorpus(f"{place} has several columns named {shown(name)!r}")
        if name in there and each in asked.said:
            raise BadUsage(
                f"{place} has a column {shown(name)!r} and {each} is also said to be"
                f" {shown(asked.said[each])!r}: say it once (--{each}-column names another column)"
            )
        if name in there:
            found[each] = name
        elif each not in asked.said and (there or each != "text"):
            _check_optional(place, each, name, there, asked)
    return found


def _check_optional(
    place: object, each: str, name: str, there: Sequence[str], asked: Asked
) -> None:
    """Refuse a file without text or language, or without a column the user named."""
    if each == "lang" and not there and each not in asked.columns:
        raise BadCorpus(
            f"{place} does not say its language: give it with --lang, or write {{lang}} in the"
            " path where it stands"
        )
    if each in asked.columns or each in ("text", "lang"):
        hint = " or give one language with --lang" if each == "lang" else ""
        raise _missing(place, name, there, f"; name one with --{each}-column{hint}")


def _missing(place: object, name: str, there: Sequence[str], hint: str) -> BadCorpus:
    listed = ", ".join(shown(each) for each in there) or "no columns"
    return BadCorpus(f"{place} has no {shown(name)!r}; it has {listed}{hint}")


def _numbered(source: Source, asked: Asked) -> Iterator[tuple[int, str]]:
    """Stream a file's lines with their numbers (from 1) and line ends."""
    with _opened(source) as stream:
        for number in count(1):
            if not (data := stream.readline(asked.longest + 1)):
                return
            text = _decoded(data, f"{source}, line {number}", asked)
            yield number, text.removeprefix(BYTE_ORDER_MARK) if number == 1 else text


@contextmanager
def _opened(source: Source, seekable: bool = False) -> Iterator[Any]:
    """Open a file as bytes, compressed or not; raises BadCorpus for whatever goes wrong inside."""
    try:
        if seekable:
            with source.filesystem.open_input_file(source.path) as file:
                yield file
        else:
            with source.filesystem.open_input_stream(source.path) as stream:
                yield io.BufferedReader(stream)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        reason = shown(str(error).partition("\n")[0])
        raise BadCorpus(f"cannot read {source}: {reason}") from error


def _decoded(data: bytes, place: str, asked: Asked) -> str:
    if len(data) > asked.longest:
        raise BadCorpus(f"{place} is longer than {asked.longest:,} bytes (see --max-row-bytes)")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise BadCorpus(f"{place} is not UTF-8 at byte {error.start + 1}") from error


class _Number(str):
    """A JSON number, digit for digit as it is written."""


def _object(text: str, place: str) -> dict[str, Any]:
    try:
        found = json.loads(text, parse_int=_Number, parse_float=_Number)
    except (ValueError, RecursionError) as error:
        raise BadCorpus(f"{place} is not JSON: {shown(str(error))}") from error
    if not isinstance(found, dict):
        raise BadCorpus(f"{place} is not a JSON object")
    return found


def _value(value: Any, each: str, place: str) -> str | None:
    """Take a string, a null, and (for labels) a number; raises BadCorpus."""
    if value is not None and not isinstance(value, str):
        raise BadCorpus(f"{place}: {each} is a JSON {type(value).__name__}, not a string")
    if isinstance(value, _Number) and each == "text":
        raise BadCorpus(f"{place}: text is the number {shown(value)}, not a string")
    if value is not None and not _is_text(value):
        raise BadCorpus(f"{place}: {each} holds half a character (a lone surrogate)")
    return value


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _check_type(source: Source, each: str, column: pa.Field) -> None:
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    strings = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
    if any(check(kind) for check in strings) or each != "text" and pa.types.is_integer(kind):
        return
    raise BadCorpus(f"{source}: column {shown(column.name)!r} is {column.type}, not strings")


def _strings(source: Source, values: pa.Array) -> list[str | None]:
    strings = values.cast(pa.large_string())
    strings.validate(full=True)  # invalid UTF-8 is refused
    return list(strings.to_pylist())
