"""Conditions: all that a figure depends on, and (apart, in no digest) where it was measured."""

import hashlib
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

import tokaudit
from tokaudit import words
from tokaudit.census import Census
from tokaudit.safety import BY_CHUNKS
from tokaudit.text import Absent
from tokaudit.tokenizer import Tokenizer
from tokaudit.totals import Totals


def conditions(
    tokenizers: Sequence[Tokenizer], totals: Totals, baseline: str, segmenter: words.Segmenter
) -> dict[str, Any]:
    """Name everything that another run must have in common to give the same figures."""
    named: dict[str, Any] = {
        "tokaudit": tokaudit.__version__,
        "tokenizers": {t.spec: str(t.identity) for t in tokenizers},
    }
    if not totals.census:
        return named
    reference, by = totals.alignment.reference, totals.alignment.by
    divided = {} if by is None else {"by": by}
    return (
        named
        | divided
        | {
            "corpus": corpus_digest(totals.census),
            "rows": sum(census.rows for census in totals.census.values()),
            "langs": len(totals.census),
            "words": f"{segmenter.name}-{segmenter.version}",
            "graphemes": words.clusters_by(),
            "reference": None if isinstance(reference, Absent) else reference,
            "baseline": baseline,
        }
    )


def corpus_digest(census: Mapping[str, Census]) -> str:
    """Digest languages and rows, in any order and from any files: 16 hex digits."""
    lines = (f"{lang!r} {census[lang].rows} {census[lang].digest:032x}" for lang in sorted(census))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def environment(tokenizers: Sequence[Tokenizer], totals: Totals) -> dict[str, Any]:
    """Describe the machine, the libraries and the files that were read."""
    return {
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "pyarrow": version("pyarrow"),
        "numpy": version("numpy"),
        "tokenizers": {
            t.spec: {
                "algorithm": t.algorithm,
                "vocabulary_size": len(t.vocabulary),
                "engine": _engine(t, totals),
                "documents": _documents(t, totals),
                "files": [file._asdict() for file in t.files],
            }
            for t in tokenizers
        },
    }


def _engine(tokenizer: Tokenizer, totals: Totals) -> str:
    """Name an engine, and what a fast one was compared with."""
    reference = tokenizer.by_reference().engine
    named = f"{reference.name} {reference.version}"
    for (spec, how), rows in totals.compared.items():
        if spec == tokenizer.spec and how != BY_CHUNKS:
            return f"{how} {version(how.partition(' ')[0])} (as {named} on {rows:,} rows)"
    return named


def _documents(tokenizer: Tokenizer, totals: Totals) -> str:
    """Say how documents were read, and how many were read both ways."""
    if tokenizer.chunking.how != "whole":
        rows = totals.compared[tokenizer.spec, BY_CHUNKS]
        return f"by {tokenizer.chunking.how} chunks (as whole on {rows:,} documents)"
    return f"whole ({'; '.join(tokenizer.chunking.reasons)})"
