"""Shards: the totals of one part of a run in a file, and all parts of a run joined again."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import numpy as np
import pyarrow as pa

import tokaudit
from tokaudit import audits, gold, words
from tokaudit.audits import Audit
from tokaudit.bag import Documents
from tokaudit.corpus import Census, Corpus
from tokaudit.engine import Options, measured, quickened
from tokaudit.errors import BadState, BadUsage, Unproven
from tokaudit.files import write_whole
from tokaudit.loaders import load
from tokaudit.measuring import Measuring
from tokaudit.parallel import Alignment
from tokaudit.state import decode, encode
from tokaudit.text import line
from tokaudit.tokenizer import Chunking, Tokenizer
from tokaudit.totals import Key, Totals

FORMAT = "tokaudit-shard/2"
SCHEMA = pa.schema([("part", pa.string()), ("key", pa.string()), ("value", pa.string())])
PARTS = ("audits", "documents", "groups", "census", "compared")  # of totals, row by row


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

    @classmethod
    def of(cls, measuring: Measuring, corpus: Corpus, options: Options) -> Self:
        """Measure the corpus's share; raises TokauditError."""
        if not measuring.reads_corpus:
            asked = ", ".join(measuring.audits)
            raise BadUsage(f"--shard shares out a corpus, and {asked} reads none")
        measuring = quickened(measuring, corpus, options)
        measuring, totals = measured(measuring, corpus, options)
        i, n = corpus.share
        aligned = totals.alignment
        common = {
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
            "alignment": encode(replace(aligned, ids=aligned.ids[:0], cohorts=aligned.cohorts[:0])),
        }
        return cls(i, n, common, {t.spec: t.chunking for t in measuring.tokenizers}, totals)

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


def joined(paths: Sequence[Path], trusted: bool = False) -> tuple[Measuring, Totals, Options]:
    """Join all shards of a run; raises BadState for what does not belong together.

    The tokenizers are loaded again for their vocabularies: they must be the same here.
    """
    shards = {path: Shard.read(path) for path in paths}
    _check(shards)
    try:
        return _joined(list(shards.values()), trusted)
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise BadState(f"these are no shards of one run ({line(str(error))})") from error


def _joined(shards: Sequence[Shard], trusted: bool) -> tuple[Measuring, Totals, Options]:
    common = shards[0].common
    tokenizers = [
        replace(_loaded(spec, identity, trusted), chunking=_chunking(spec, shards))
        for spec, identity in common["tokenizers"]
    ]
    segmenter = gold.segmenter(common["words"])
    asked = {name: _chosen(audits.get(name), what) for name, what in common["audits"].items()}
    measuring = Measuring(asked, tokenizers, segmenter)
    totals = measuring.probes()
    for shard in shards:
        totals.take_in(shard.totals)
    totals.alignment = shards[0].totals.alignment
    return measuring, totals, _options(common, segmenter)


def _chosen(audit: type[Audit], chosen: dict[str, Any]) -> type[Audit]:
    return audit.choosing(**chosen) if chosen else audit


def _options(common: dict[str, Any], segmenter: words.Segmenter) -> Options:
    return Options(
        baseline=common["baseline"],
        segmenter=segmenter,
        seed=common["seed"],
        sample=common["sample"],
    )


def _loaded(spec: str, identity: str, trusted: bool) -> Tokenizer:
    tokenizer = load(spec, trusted)
    if said := tokenizer.unlike(identity):
        raise BadState(said)
    return tokenizer


def _chunking(spec: str, shards: Sequence[Shard]) -> Chunking:
    """Say how a tokenizer read: whole, if it had to in some shard."""
    found = [shard.chunking[spec] for shard in shards]
    return next((each for each in found if each.how == "whole"), found[0])


def _check(shards: dict[Path, Shard]) -> None:
    """Raise BadState unless these are all shards of one run, each once."""
    (path, first), *others = shards.items()
    for other, shard in others:
        for key, value in first.common.items():
            if shard.common.get(key) != value:
                raise BadState(
                    f"{line(str(other))} does not belong to {line(str(path))}: another {key}"
                    f" ({line(_short(shard.common.get(key)))}, not {line(_short(value))})"
                )
    found = sorted(shard.i for shard in shards.values())
    if {shard.n for shard in shards.values()} != {first.n} or found != list(range(first.n)):
        listed = ", ".join(f"{shard.i + 1}/{shard.n}" for shard in shards.values())
        raise BadState(f"not all shards of a run, each once: {listed}")


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) < 80 else f"{text[:77]}..."
