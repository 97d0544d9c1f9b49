r"""ids.jsonl: rows of text and ids, as `tokaudit snapshot` or any other runtime writes them.

One JSON object a line, UTF-8. A row is `{"text": "7 x 8", "ids": [22, 87, 220, 23]}`; `ids` is
null where the text could not be encoded; `lang`, or `kind` for a probe, may stand beside. Special
tokens are neither added nor read. Rows are found by their text, so their order means nothing. A
file of ours begins with a header that names the format, the tokenizer and its identity.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from typing import Any, BinaryIO, NamedTuple

from tokaudit.batch import NO_LANGUAGE
from tokaudit.errors import BadTokenizer
from tokaudit.parity.probes import PROBES
from tokaudit.parquet import UNDETERMINED
from tokaudit.text import line
from tokaudit.vocabulary import LARGEST_ID

SCHEMA = "tokaudit-ids/1"
LONGEST_LINE = 128 * 2**20  # bytes
KIND_OF = {text: kind for kind, texts in PROBES.items() for text in texts}


@dataclass(frozen=True)
class Header:
    """What a file says of itself; one of another runtime need not say anything."""

    tokaudit: str | None = None
    tokenizer: str | None = None
    identity: str | None = None
    engine: str | None = None
    probes: str | None = None


class Row(NamedTuple):
    """One text and its ids (None: it could not be encoded), and what kind of text it is."""

    text: str
    ids: list[int] | None
    lang: str
    kind: str | None


def header_line(header: Header) -> bytes:
    """Write the first line of a file."""
    return _written({"schema": SCHEMA, **asdict(header)})


def row_line(row: Row) -> bytes:
    """Write one row."""
    about = {"lang": row.lang} if row.kind is None else {"kind": row.kind}
    return _written({**about, "text": row.text, "ids": row.ids})


def _written(record: dict[str, Any]) -> bytes:
    return json.dumps(record, allow_nan=False).encode() + b"\n"


def lines(file: BinaryIO, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Give each line as an object, with the byte it begins at; raises BadTokenizer."""
    place, number = 0, 1
    while data := file.readline(LONGEST_LINE):
        if data.strip():
            yield place, parse(data, f"{name}, line {number}")
        place, number = place + len(data), number + 1


def parse(data: bytes, where: str) -> dict[str, Any]:
    """Read a line as a JSON object; raises BadTokenizer."""
    if len(data) >= LONGEST_LINE:
        raise BadTokenizer(f"{where} has more than {LONGEST_LINE:,} bytes")
    try:
        record = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BadTokenizer(f"{where} is not JSON: {line(str(error))}") from error
    if not isinstance(record, dict):
        raise BadTokenizer(f"{where} is not a JSON object")
    return record


def header(record: dict[str, Any], name: str) -> Header | None:
    """Read a header, if that is what this line is; raises BadTokenizer for another format."""
    if "schema" not in record:
        return None
    if record["schema"] != SCHEMA:
        raise BadTokenizer(f"{name} has the format {line(str(record['schema']))}, not {SCHEMA}")
    said = (record.get(field.name) for field in fields(Header))
    return Header(*(each if isinstance(each, str) else None for each in said))


def row(record: dict[str, Any], where: str) -> Row:
    """Read one row; raises BadTokenizer."""
    text, ids = record.get("text"), record.get("ids", "none")
    if not isinstance(text, str) or not _is_unicode(text):
        raise BadTokenizer(f'{where} has no "text" that is a string of Unicode characters')
    if not (ids is None or _are_ids(ids)):
        raise BadTokenizer(f'{where} has no "ids" that are a list of numbers up to {LARGEST_ID}')
    lang, kind = record.get("lang"), record.get("kind") or KIND_OF.get(text)
    if lang and isinstance(lang, str):
        return Row(text, ids, lang, None)
    if kind and isinstance(kind, str):
        return Row(text, ids, NO_LANGUAGE, kind)
    return Row(text, ids, UNDETERMINED, None)


def _is_unicode(text: str) -> bool:
    """Say whether a string can be UTF-8: JSON can spell half a surrogate pair."""
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def _are_ids(values: Any) -> bool:
    return isinstance(values, list) and all(
        type(value) is int and 0 <= value <= LARGEST_ID for value in values
    )
