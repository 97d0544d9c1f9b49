"""A corpus: Parquet files read as pieces of one language, and a count of what became of each row.

Files are streamed a bounded piece at a time, columns are projected, and every row is accounted
for: kept, or counted as null, blank, invalid UTF-8 or too long.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tokaudit import parquet, sources
from tokaudit.defects import NO_DEFECT, first_defects, lengths, strings
from tokaudit.errors import BadCorpus
from tokaudit.languages import meant
from tokaudit.parquet import UNDETERMINED, Columns, File
from tokaudit.sorting import Piece, Rows, pieces
from tokaudit.text import line

Share = tuple[int, int]  # (i, n): the i-th of n equal parts, i from 0


@dataclass(frozen=True)
class Corpus:
    """Where texts come from. Iterating streams; nothing is held.

    `langs` keeps only these languages; `columns.by` divides each of them. A file without the
    language column needs exactly one of them, and is then in that language. A `share` is of rows
    that follow each other in the order of the files.
    """

    paths: tuple[str, ...]
    columns: Columns = field(default_factory=Columns)
    langs: tuple[str, ...] = ()
    max_row_bytes: int = 8 * 2**20
    share: Share = (0, 1)

    @cached_property
    def files(self) -> list[File]:
        """Find every file, each once, and check its columns; raises BadCorpus."""
        found = [source for path in self.paths for source in sources.find(path)]
        first = {source.key: source for source in reversed(found)}
        distinct = (source for source in found if first[source.key] is source)
        return [File.open(source, self.columns, self.langs) for source in distinct]

    @property
    def rows(self) -> int:
        """Count rows by the files' own metadata, those to be left out among them."""
        return len(self._own)

    @property
    def _own(self) -> range:
        """Say which of all rows are in this share."""
        (i, n), rows = self.share, sum(file.rows for file in self.files)
        return range(rows * i // n, rows * (i + 1) // n)

    def shares(self, parts: int) -> list[Share]:
        """Divide this share into so many, which together are this one."""
        i, n = self.share
        return [(i * parts + j, n * parts) for j in range(parts)]

    @property
    def has_ids(self) -> bool:
        """Say whether rows can be aligned: some file has the id column."""
        return any(file.has_id for file in self.files)

    def labels(self) -> list[str]:
        """List every language there is, chosen or not, by reading the labels alone."""
        if self.columns.by is None:
            return sorted(self.counts())
        return replace(self, columns=replace(self.columns, by=None)).labels()

    def counts(self) -> Counter[str]:
        """Count each label's rows, those to be left out among them, by the labels alone."""
        found: Counter[str] = Counter()
        for file in self.files:
            named = [name for name in file.columns if name in (self.columns.lang, self.columns.by)]
            if not named:
                lang = file.lang or UNDETERMINED
                found[f"{lang}/{file.part}" if self.columns.by else lang] += file.rows
            for record in file.records(named) if named else ():
                counted = self._labels(file, record)[1].value_counts()
                values, counts = counted.field("values"), counted.field("counts")
                found.update(dict(zip(values.to_pylist(), counts.to_pylist(), strict=True)))
        return found

    def sizes(self) -> dict[str, tuple[int, int]]:
        """Give each label's rows and the bytes of their texts, those to be left out among them."""
        found: dict[str, tuple[int, int]] = {}
        needed = (self.columns.text, self.columns.lang, self.columns.by)
        for file in self.files:
            for record in file.records([name for name in file.columns if name in needed]):
                labels = self._labels(file, record)[1].dictionary_encode()
                codes = labels.indices.to_numpy()
                sizes = lengths(record.column(self.columns.text)).to_numpy(zero_copy_only=False)
                for code, label in enumerate(labels.dictionary.to_pylist()):
                    mine = sizes[codes == code]
                    rows, size = found.get(label, (0, 0))
                    found[label] = rows + mine.size, size + int(mine.sum())
        return found

    def check_langs(self, *named: str) -> None:
        """Raise BadCorpus if a language was chosen, or is named otherwise, that is not there."""
        asked = dict.fromkeys([*self.langs, *named])
        labels = self.labels() if asked else []
        if missing := [lang for lang in asked if lang not in labels]:
            near = list(dict.fromkeys(label for lang in missing for label in meant(lang, labels)))
            hint = f"did you mean {line(' or '.join(near))}? The" if near else "the"
            listed = line(", ".join(labels[:12])) + (", ..." if len(labels) > 12 else "")
            raise BadCorpus(
                f"no rows in {line(', '.join(missing))}: {hint} corpus has"
                f" {len(labels)} languages ({listed})"
            )

    def __iter__(self) -> Iterator[Piece]:
        """Stream the corpus in the order of its files; raises BadCorpus."""
        held: list[Rows] = []
        count = size = 0
        for rows in self._rows():
            held.append(rows)
            count, size = count + len(rows.texts), size + rows.texts.nbytes
            if 2 * count >= parquet.PIECE_ROWS or 2 * size >= parquet.PIECE_BYTES:
                yield from pieces(held, self.langs)
                held, count, size = [], 0, 0
        if held:
            yield from pieces(held, self.langs)

    def _rows(self) -> Iterator[Rows]:
        """Read the rows of this share, a bounded number at a time, and find their defects."""
        own, position = self._own, 0
        for file in self.files:
            rows = range(max(own.start - position, 0), min(own.stop - position, file.rows))
            for record in file.records(rows=rows) if rows else ():
                texts = _plain(record.column(self.columns.text))
                defects = first_defects(texts, self.max_row_bytes)
                kept = pa.array(np.flatnonzero(defects == NO_DEFECT))
                ids = _checked(record.column(self.columns.id), file) if file.has_id else None
                named = ids.take(kept) if ids else pa.nulls(len(kept), pa.large_string())
                labels = self._labels(file, record)
                yield Rows(*labels, defects, strings(texts.take(kept)), named)
            position += file.rows

    def _labels(
        self, file: File, record: pa.RecordBatch
    ) -> tuple[pa.LargeStringArray, pa.LargeStringArray]:
        """Give the language of each row, and its label."""
        langs = _said(file, record, self.columns.lang, file.lang)
        langs = pc.if_else(pc.equal(langs, ""), UNDETERMINED, langs)
        if self.columns.by is None:
            return langs, langs
        parts = _said(file, record, self.columns.by, file.part)
        return langs, pc.binary_join_element_wise(langs, parts, pa.scalar("/", pa.large_string()))


def _plain(values: pa.Array) -> pa.Array:
    """Give an array that can be filtered: a view of strings cannot."""
    return strings(values) if pa.types.is_string_view(values.type) else values


def _checked(values: pa.Array, file: File) -> pa.LargeStringArray:
    """Give strings that are UTF-8; raises BadCorpus."""
    labels = strings(values)
    try:
        labels.validate(full=True)
    except pa.ArrowInvalid as error:
        raise BadCorpus(f"{file.source}: a label or an id is not valid UTF-8") from error
    return labels


def _said(
    file: File, record: pa.RecordBatch, name: str, constant: str | None
) -> pa.LargeStringArray:
    """Give what a column says of each row as written, nothing for null, or what the file says."""
    if constant is not None:
        return pa.repeat(pa.scalar(constant, pa.large_string()), len(record))
    return pc.fill_null(_checked(record.column(name), file), "")
