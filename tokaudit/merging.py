"""Merging: one share of a run measured for a file, and all files of a run joined again."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tokaudit import audits, gold, words
from tokaudit.audits import Audit
from tokaudit.corpus import Corpus
from tokaudit.engine import measured, quickened
from tokaudit.errors import BadState, BadUsage
from tokaudit.loaders import load
from tokaudit.measuring import Measuring
from tokaudit.options import Options
from tokaudit.shards import Shard, common, differing
from tokaudit.text import line
from tokaudit.tokenizer import Chunking, Tokenizer
from tokaudit.totals import Totals


def shard(measuring: Measuring, corpus: Corpus, options: Options) -> Shard:
    """Measure the corpus's share; raises TokauditError."""
    if not measuring.reads_corpus:
        asked = ", ".join(measuring.audits)
        raise BadUsage(f"--shard shares out a corpus, and {asked} reads none")
    measuring = quickened(measuring, corpus, options)
    measuring, totals = measured(measuring, corpus, options)
    known = common(measuring, corpus, totals.alignment, options)
    return Shard(*corpus.share, known, measuring.chunking, totals)


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
    known = shards[0].common
    tokenizers = [
        replace(_loaded(spec, identity, trusted), chunking=_chunking(spec, shards))
        for spec, identity in known["tokenizers"]
    ]
    segmenter = gold.segmenter(known["words"])
    asked = {name: _chosen(audits.get(name), what) for name, what in known["audits"].items()}
    measuring = Measuring(asked, tokenizers, segmenter)
    totals = measuring.probes()
    for shard in shards:
        totals.take_in(shard.totals)
    totals.alignment = shards[0].totals.alignment
    return measuring, totals, _options(known, segmenter)


def _chosen(audit: type[Audit], chosen: dict[str, Any]) -> type[Audit]:
    return audit.choosing(**chosen) if chosen else audit


def _options(known: dict[str, Any], segmenter: words.Segmenter) -> Options:
    return Options(
        baseline=known["baseline"],
        segmenter=segmenter,
        seed=known["seed"],
        sample=known["sample"],
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
        for key in differing(first.common, shard.common):
            found, wanted = (line(_short(each.common.get(key))) for each in (shard, first))
            raise BadState(
                f"{line(str(other))} does not belong to {line(str(path))}: another {key}"
                f" ({found}, not {wanted})"
            )
    places = sorted(shard.i for shard in shards.values())
    if {shard.n for shard in shards.values()} != {first.n} or places != list(range(first.n)):
        listed = ", ".join(f"{shard.i + 1}/{shard.n}" for shard in shards.values())
        raise BadState(f"not all shards of a run, each once: {listed}")


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) < 80 else f"{text[:77]}..."
