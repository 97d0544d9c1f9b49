"""Shards: the totals of one part of a run in a file, and what its parts have in common."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import numpy as np
import pyarrow as pa

import tokaudit
from tokaudit import words
from tokaudit.audits import Audit
from tokaudit.bag import Documents
from tokaudit.census import Census
from tokaudit.corpus import Corpus
from tokaudit.errors import BadState, Unproven
from tokaudit.files import write_whole
from tokaudit.measuring import Measuring
from tokaudit.options import Options
from tokaudit.parallel import Alignment
from tokaudit.state import decode, encode
from tokaudit.text import line
from tokaudit.tokenizer import Chunking
from tokaudit.totals import Key, Totals

FORMAT = "tokaudit-shard/2"
SCHEMA = pa.schema([("part", pa.string()), ("key", pa.string()), ("value", pa.string())])
PARTS = ("audits", "documents", "groups", "census", "compared")  # of totals, row by row


def common(
    measuring: Measuring, corpus: Corpus, alignment: Alignment, options: Options
) -> dict[str, Any]:
    """Name all that the figures of a run depend on, so that no others are joined with them."""
    return {
        "tokaudit": tokaudit.__version__,
        "audits": {name: dict(audit.chosen) for name, audit in measuring.audits.items()},
        "tokenizers": [[t.spec, str(t.identity)] for t in measuring.tokenizers],
        "files": sorted([Path(f.source.path).name, f.rows, f.size] for f in corpus.files),
        "columns": encode(corpus.columns),
        "langs": list(corpus.langs),
        "max_row_bytes": corpus.max_row_bytes,
        "words": options.segmenter.name,
        "versions": [options.segmenter.version, words.clusters_by()],
        "baseline": options.baseline,
        "seed": options.seed,
        "sample": options.sample,
        "alignment": encode(
            replace(alignment, ids=alignment.ids[:0], cohorts=alignment.cohorts[:0])
        ),
    }


def differing(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """Name what two runs do not have in common."""
    return [name for name, value in one.items() if other.get(name) != value]


@dataclass(frozen=True)
class Shard:
    """Totals of share `i` of `n` (from 0), and what it must have in common with the others.

    `chunking` says how each tokenizer read in the end, which may differ between shards.
    """

    i: int
    n: int
    common: dict[str, Any]
    chunking: dict[str, Chunking]
    totals: Totals

    def save(self, path: Path) -> None:
        """Write an Arrow file, whole or not at all; raises CannotWrite."""
        rows = [
            {"part": part, "key": json.dumps(encode(key)), "value": json.dumps(encode(value))}
            for part in PARTS
            for key, value in getattr(self.totals, part).items()
        ]
        found = [[each.spec, each.how, each.text] for each in self.totals.unproven]
        head = {"format": FORMAT, "share": [self.i, self.n], "common": self.common}
        head |= {"chunking": encode(self.chunking), "unproven": found}
        told = json.dumps(head)
        schema = SCHEMA.with_metadata({"tokaudit": told, "digest": digest(told, rows)})
        sink = pa.BufferOutputStream()
        with pa.ipc.new_file(sink, schema) as file:
            file.write_table(pa.Table.from_pylist(rows, schema=schema))
        write_whole(path, sink.getvalue().to_pybytes())

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read what `save` wrote; raises BadState."""
        try:
            return cls._read(path)
        except BadState as error:
            raise BadState(f"{line(str(path))}: {error}") from error
        except Exception as error:  # whatever a foreign file brings about
            reason = line(str(error).partition("\n")[0])
            raise BadState(f"{line(str(path))} is no shard of tokaudit ({reason})") from error

    @classmethod
    def _read(cls, path: Path) -> Self:
        with pa.OSFile(str(path)) as source, pa.ipc.open_file(source) as file:
            told, known = (file.schema.metadata[key].decode() for key in (b"tokaudit", b"digest"))
            table = file.read_all()
        table.validate(full=True)  # places that lead out of the file end a process
        rows = table.to_pylist()
        head = json.loads(told)
        if head["format"] != FORMAT:
            raise BadState(f"it is {line(str(head['format']))}, not {FORMAT}")
        if digest(told, rows) != known:
            raise BadState("it is damaged: its digest is another")
        (i, n), common = map(int, head["share"]), head["common"]
        totals = Totals(alignment=decode(common["alignment"]))
        for row in rows:
            if row["part"] not in PARTS:
                raise BadState(f"it holds {line(str(row['part']))}, which is no part of totals")
            getattr(totals, row["part"])[_value(row["key"])] = _value(row["value"])
        totals.unproven += [Unproven(*map(str, found)) for found in head["unproven"]]
        _check_kinds(totals)
        return cls(i, n, common, decode(head["chunking"]), totals)


def digest(head: str, rows: Sequence[dict[str, str]]) -> str:
    """Digest what a shard's file holds: SHA-256, in hex."""
    return hashlib.sha256(json.dumps([head, list(rows)]).encode()).hexdigest()


def _check_kinds(totals: Totals) -> None:
    """Raise BadState for totals that are not made of what totals are made of."""
    good = isinstance(totals.alignment, Alignment)
    good &= all(isinstance(key, Key) for key in totals.audits)
    good &= all(isinstance(a, Audit) for found in totals.audits.values() for a in found.values())
    good &= all(isinstance(key, Key) for key in totals.groups)
    sums = [each for found in totals.groups.values() for each in found.values()]
    good &= all(isinstance(s, np.ndarray) and s.dtype == np.int64 for s in sums)
    counted = [d for found in totals.documents.values() for d in found.values()]
    good &= all(isinstance(each, Documents) for each in counted)
    good &= all(isinstance(each, Census) for each in totals.census.values())
    numbers = [n for each in (*counted, *totals.census.values()) for n in vars(each).values()]
    good &= all(type(number) is int for number in (*numbers, *totals.compared.values()))
    if not good:
        raise BadState("its totals are not what totals are made of")


def _value(written: str) -> Any:
    return decode(json.loads(written))
