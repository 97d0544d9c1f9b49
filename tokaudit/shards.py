"""Shards: the totals of one part of a run in a file, and all parts of a run joined again."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import pyarrow as pa

import tokaudit
from tokaudit import audits, words
from tokaudit.corpus import Corpus
from tokaudit.engine import Options, measured
from tokaudit.errors import BadState, BadUsage, Unproven
from tokaudit.files import write_whole
from tokaudit.loaders import load
from tokaudit.measuring import Measuring
from tokaudit.state import decode, encode
from tokaudit.text import line
from tokaudit.tokenizer import Tokenizer
from tokaudit.totals import Totals

FORMAT = "tokaudit-shard/1"
SCHEMA = pa.schema([("part", pa.string()), ("key", pa.string()), ("value", pa.string())])
PARTS = ("audits", "documents", "census", "compared")  # of totals, row by row


@dataclass(frozen=True)
class Shard:
    """Totals of share `i` of `n` (from 0), and what it must have in common with the others."""

    i: int
    n: int
    common: dict[str, Any]
    totals: Totals

    @classmethod
    def of(cls, measuring: Measuring, corpus: Corpus, options: Options) -> Self:
        """Measure the corpus's share; raises TokauditError."""
        if not measuring.reads_corpus:
            asked = ", ".join(measuring.audits)
            raise BadUsage(f"--shard shares out a corpus, and {asked} reads none")
        measuring, totals = measured(measuring, corpus, options)
        i, n = corpus.share
        aligned = totals.alignment
        common = {
            "tokaudit": tokaudit.__version__,
            "audits": list(measuring.audits),
            "tokenizers": [
                [t.spec, str(t.identity), encode(t.chunking)] for t in measuring.tokenizers
            ],
            "files": sorted([Path(f.source.path).name, f.rows, f.size] for f in corpus.files),
            "columns": encode(corpus.columns),
            "langs": list(corpus.langs),
            "max_row_bytes": corpus.max_row_bytes,
            "words": options.segmenter.name,
            "versions": [options.segmenter.version, words.clusters_by()],
            "baseline": options.baseline,
            "alignment": encode(replace(aligned, ids=aligned.ids[:0], cohorts=aligned.cohorts[:0])),
        }
        return cls(i, n, common, totals)

    def save(self, path: Path) -> None:
        """Write an Arrow file, whole or not at all; raises CannotWrite."""
        rows = [
            {"part": part, "key": json.dumps(encode(key)), "value": json.dumps(encode(value))}
            for part in PARTS
            for key, value in getattr(self.totals, part).items()
        ]
        head = {"format": FORMAT, "share": [self.i, self.n], "common": self.common}
        head["unproven"] = [[found.spec, found.how, found.text] for found in self.totals.unproven]
        schema = SCHEMA.with_metadata({"tokaudit": json.dumps(head)})
        sink = pa.BufferOutputStream()
        with pa.ipc.new_file(sink, schema) as file:
            file.write_table(pa.Table.from_pylist(rows, schema=schema))
        write_whole(path, sink.getvalue().to_pybytes())

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read what `save` wrote; raises BadState."""
        try:
            with pa.OSFile(str(path)) as source, pa.ipc.open_file(source) as file:
                head = json.loads(file.schema.metadata[b"tokaudit"])
                rows = file.read_all().to_pylist()
            if head["format"] != FORMAT:
                raise BadState(f"{line(str(path))} is {line(str(head['format']))}, not {FORMAT}")
            (i, n), common = head["share"], head["common"]
            totals = Totals(alignment=decode(common["alignment"]))
            for row in rows:
                if row["part"] not in PARTS:
                    raise BadState(f"it holds {line(str(row['part']))}, which is no part of totals")
                getattr(totals, row["part"])[_read(row["key"])] = _read(row["value"])
            totals.unproven += [Unproven(*found) for found in head["unproven"]]
        except BadState as error:
            raise BadState(f"{line(str(path))}: {error}") from error
        except (
            OSError,
            pa.ArrowException,
            KeyError,
            ValueError,
            TypeError,
            AttributeError,
        ) as error:
            reason = line(str(error).partition("\n")[0])
            raise BadState(f"{line(str(path))} is no shard of tokaudit ({reason})") from error
        return cls(i, n, common, totals)


def _read(written: str) -> Any:
    return decode(json.loads(written))


def joined(paths: Sequence[Path], trusted: bool = False) -> tuple[Measuring, Totals, Options]:
    """Join all shards of a run; raises BadState for what does not belong together.

    The tokenizers are loaded again for their vocabularies: they must be the same here.
    """
    shards = {path: Shard.read(path) for path in paths}
    _check(shards)
    first = next(iter(shards.values()))
    common = first.common
    tokenizers = [
        _loaded(spec, identity, chunking, trusted)
        for spec, identity, chunking in common["tokenizers"]
    ]
    segmenter = words.segmenter(common["words"])
    asked = {name: audits.get(name) for name in common["audits"]}
    measuring = Measuring(asked, tokenizers, segmenter)
    totals = measuring.probes()
    for shard in shards.values():
        totals.take_in(shard.totals)
    totals.alignment = first.totals.alignment
    return measuring, totals, Options(baseline=common["baseline"], segmenter=segmenter)


def _loaded(spec: str, identity: str, chunking: Any, trusted: bool) -> Tokenizer:
    tokenizer = load(spec, trusted)
    if str(tokenizer.identity) != identity:
        raise BadState(
            f"{line(spec)} is another tokenizer here: {tokenizer.identity}, not {identity}"
        )
    return replace(tokenizer, chunking=decode(chunking))


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
