"""Build a corpus: one Parquet file out of texts in many files, written whole or not at all.

Rows keep their order and their labels as written; nothing is dropped, so that whatever is wrong
with a row is seen where the corpus is read.
"""

import glob
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.fs as pafs
import pyarrow.parquet as pq

from tokaudit import records, sources
from tokaudit.errors import BadCorpus, BadUsage, NothingToAudit
from tokaudit.files import whole
from tokaudit.records.asked import FIELDS, Asked, Record
from tokaudit.sources import Source
from tokaudit.text import line

WRITING = {"compression": "zstd", "write_page_checksum": True}
GROUP_BYTES = 16 * 2**20  # of text in a row group, about
# In a path: any folders, any letters, a letter, a field.
WILD = re.compile(r"(\*\*/|\*|\?|\{\w+\})")
MEANS = {"**/": "(?:.*/)?", "*": "[^/]*", "?": "[^/]"}


@dataclass(frozen=True)
class Input:
    """One file, and what is asked of it; `form` is None where its suffix says the format."""

    source: Source
    asked: Asked
    form: str | None = None

    def read(self) -> Iterator[Record]:
        """Stream the file's records, with what is said of all of them; raises BadCorpus."""
        for record in records.read(self.source, self.asked, self.form):
            yield {**self.asked.said, **record}


def build(inputs: Sequence[Input], output: Path) -> Counter[str | None]:
    """Write the corpus, and count the rows of each language.

    Columns are those of lang, id, domain and text that some input has. Raises BadCorpus, and
    NothingToAudit if there is not one row; then an old file stays as it was.
    """
    fields = _fields(inputs)
    schema = pa.schema([(each, pa.string()) for each in fields])
    rows: Counter[str | None] = Counter()
    with whole(output) as file, pq.ParquetWriter(file, schema, **WRITING) as writer:
        for group in _groups(record for each in inputs for record in each.read()):
            rows.update(record["lang"] for record in group)
            writer.write_table(pa.Table.from_pylist(group, schema=schema))
        if not rows:
            raise NothingToAudit("the inputs hold no text; nothing was written")
    return rows


def find(written: Iterable[str], asked: Asked, form: str | None = None) -> list[Input]:
    """Find every file that is named, each once; raises BadCorpus, BadUsage.

    A name is a path, a directory or URI of Parquet, or a pattern with `*`, `**/`, `?`, or fields
    in braces: `data/{lang}.txt`.
    """
    found: dict[str, Input] = {}
    for one in (one for each in written for one in _find(each, asked, form)):
        found.setdefault(one.source.path, one)
    return list(found.values())


def _find(written: str, asked: Asked, form: str | None) -> Iterator[Input]:
    if "{" in written or (set("*?") & set(written) and "://" not in written):
        yield from _matching(written, asked, form)
        return
    for source in _listed(written):
        folders = {
            key: value for key, value in source.partitions.items() if key in FIELDS and value
        }
        yield _input(source, folders, asked, form)


def _input(source: Source, said: dict[str, str], asked: Asked, form: str | None) -> Input:
    """Join what the path says and what options say; raises BadUsage where both speak."""
    if twice := sorted(said.keys() & asked.said.keys()):
        raise BadUsage(f"{source}: its path says the {twice[0]}, and so does --{twice[0]}")
    return Input(source, replace(asked, said={**asked.said, **said}), form)


def _listed(written: str) -> list[Source]:
    try:
        return sources.find(written)
    except BadCorpus as error:
        if Path(written).is_dir():
            raise BadCorpus(f"{error}; for text name its files: {line(written)}/*.txt") from None
        raise


def _matching(written: str, asked: Asked, form: str | None) -> Iterator[Input]:
    pattern = _pattern(written)
    wild = re.sub(r"\{\w+\}", "*", written.replace("[", "[[]"))
    paths = sorted(glob.glob(wild, recursive=True))  # noqa: PTH207 - pathlib would drop a `./`
    found = ((path, pattern.fullmatch(path)) for path in paths if Path(path).is_file())
    matches = [(path, match) for path, match in found if match]
    if not matches:
        raise BadCorpus(f"no file fits {line(written)}")
    for path, match in matches:
        source = Source(pafs.LocalFileSystem(), str(Path(path).absolute()))
        yield _input(source, match.groupdict(), asked, form)


def _pattern(written: str) -> re.Pattern[str]:
    """Turn a path with wild cards and fields into an expression with groups; raises BadUsage."""
    seen: set[str] = set()
    parts = []
    for part in WILD.split(written):
        if not part.startswith("{"):
            parts.append(MEANS.get(part) or re.escape(part))
        elif (name := part[1:-1]) not in FIELDS[:-1]:
            raise BadUsage(f"{line(part)} is no field: a path may say {{lang}}, {{id}}, {{domain}}")
        else:
            parts.append(f"(?P={name})" if name in seen else f"(?P<{name}>[^/]+?)")
            seen.add(name)
    return re.compile("".join(parts), re.DOTALL)


def _fields(inputs: Iterable[Input]) -> list[str]:
    """Look at the first record of every file: what is wrong with a file shows at once."""
    seen = {each for one in inputs for each in next(one.read(), {})}
    return [each for each in FIELDS if each in seen]


def _groups(found: Iterable[Record]) -> Iterator[list[Record]]:
    """Gather records until their texts are about `GROUP_BYTES` long."""
    group: list[Record] = []
    size = 0
    for record in found:
        group.append(record)
        size += 64 + 2 * len(record["text"] or "")
        if size >= GROUP_BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group
