"""Build a bundled corpus, `parallel` or `code`, as Parquet from the texts in `corpora/src`.

`python corpora/build.py parallel` writes parallel.parquet: line n of every
src/parallel/<lang>.txt says the same thing and gets the id n. `python corpora/build.py code`
writes code.parquet: one row for each file src/code/<language>/NN.<extension>. Rows are sorted by
lang and id, so the same sources and the same pyarrow give the same bytes.
"""

import sys
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from tokaudit.errors import BadCorpus, BadUsage, TokauditError
from tokaudit.files import write_whole
from tokaudit.text import line as shown

HERE = Path(__file__).parent
SOURCES = HERE / "src"
REFERENCE = "eng_Latn"
SCHEMA = pa.schema([(name, pa.string()) for name in ("lang", "id", "domain", "text")])


class Row(NamedTuple):
    """One text of a corpus, its fields in the order of `SCHEMA`."""

    lang: str
    id: str
    domain: str
    text: str


def main(arguments: list[str]) -> int:
    """Build the corpus that is named; give the exit code."""
    try:
        match arguments:
            case [name] if name in CORPORA:
                table = CORPORA[name](SOURCES)
                write_whole(HERE / f"{name}.parquet", parquet(table))
            case _:
                raise BadUsage(f"name one corpus to build: {' or '.join(CORPORA)}")
    except TokauditError as error:
        print(f"corpora/build.py: {error}", file=sys.stderr)
        return error.exit_code
    print(f"{name}.parquet: {table.num_rows} rows", file=sys.stderr)
    return 0


def parallel(sources: Path) -> pa.Table:
    """Read one sentence a line, the same sentences in every language; raises BadCorpus."""
    files = sorted((sources / "parallel").glob("*.txt"))
    wanted = len(sentences(sources / "parallel" / f"{REFERENCE}.txt"))
    domains = domain_of_line(sources / "domains.txt", wanted)
    return _table(row for file in files for row in _rows(file, domains))


def code(sources: Path) -> pa.Table:
    """Read programs, one whole file a row; raises BadCorpus."""
    files = sorted(file for file in (sources / "code").glob("*/*.*") if file.is_file())
    return _table(Row(file.parent.name, file.stem, "code", read(file)) for file in files)


CORPORA: dict[str, Callable[[Path], pa.Table]] = {"parallel": parallel, "code": code}


def parquet(table: pa.Table) -> bytes:
    """Give the bytes of a Parquet file that holds the table."""
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", write_page_checksum=True)
    return bytes(sink.getvalue())


def domain_of_line(file: Path, lines: int) -> list[str]:
    """Read `domain first-last` lines that cover every line once; raises BadCorpus."""
    domains: list[str] = []
    for entry in read(file).splitlines():
        domain, _, span = entry.partition(" ")
        first, _, last = span.partition("-")
        if not (domain and last.isdecimal() and first == str(len(domains) + 1)):
            raise BadCorpus(
                f"{file.name} says {shown(entry)!r} where a domain, a space and"
                f" {len(domains) + 1}-LAST would continue it"
            )
        domains += [domain] * (int(last) - len(domains))
    if len(domains) != lines:
        raise BadCorpus(f"{file.name} covers {len(domains)} lines of {lines}")
    return domains


def sentences(file: Path) -> list[str]:
    """Read a file's lines and check that each is a clean text; raises BadCorpus."""
    lines = read(file).removesuffix("\n").split("\n")
    for number, text in enumerate(lines, 1):
        if fault := _fault(text):
            raise BadCorpus(f"{file.name}, line {number}: {fault}")
    return lines


def read(file: Path) -> str:
    """Read a whole file, its line ends as they are; raises BadCorpus."""
    try:
        return file.read_bytes().decode()
    except UnicodeDecodeError as error:
        raise BadCorpus(f"{file.name} is not UTF-8 at byte {error.start}") from error
    except OSError as error:
        raise BadCorpus(f"cannot read {shown(str(file))}: {error.strerror}") from error


def _rows(file: Path, domains: list[str]) -> Iterator[Row]:
    lines = sentences(file)
    if len(lines) != len(domains):
        raise BadCorpus(f"{file.name} has {len(lines)} lines, {REFERENCE}.txt {len(domains)}")
    width = max(3, len(str(len(lines))))
    for number, (domain, text) in enumerate(zip(domains, lines, strict=True), 1):
        yield Row(file.stem, f"{number:0{width}}", domain, text)


def _fault(text: str) -> str | None:
    if not text:
        return "empty line"
    if text != text.strip():
        return "white space before or after the text"
    if not unicodedata.is_normalized("NFC", text):
        return "not in Unicode normalization form C"
    return None


def _table(rows: Iterator[Row]) -> pa.Table:
    ordered = sorted(rows)
    if not ordered:
        raise BadCorpus("there is no source file")
    return pa.Table.from_pylist([row._asdict() for row in ordered], schema=SCHEMA)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
