"""Backends: one file, one place where the shares of a run are measured.

A run divides its corpus into shares, measures each of them anywhere, and adds the totals up. As
totals are whole numbers, every backend and every number of shares gives the same bits.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Self

from tokaudit import audits, loaders, rooms
from tokaudit.corpus import Corpus, Share
from tokaudit.engines.fast import faster
from tokaudit.errors import BadTokenizer
from tokaudit.measuring import Measuring
from tokaudit.plan import Plan
from tokaudit.tokenizer import Chunking, Tokenizer
from tokaudit.totals import Totals
from tokaudit.words import Segmenter

Run = Callable[[Any, int, Sequence[Share]], Iterator[tuple[Share, Totals]]]


def get(name: str) -> Run:
    """Find a backend by its file's name; raises UnknownName."""
    run: Run = rooms.enter(__name__, name).run
    return run


@dataclass(frozen=True)
class Reader:
    """A tokenizer as another process can load it: its spec, who it must be, and how it reads."""

    spec: str
    identity: str
    chunking: Chunking
    fast: bool

    @classmethod
    def of(cls, tokenizer: Tokenizer) -> Self:
        """Describe a loaded tokenizer."""
        fast = tokenizer.engine is not tokenizer.by_reference().engine
        return cls(tokenizer.spec, str(tokenizer.identity), tokenizer.chunking, fast)


@dataclass(frozen=True)
class Work:
    """All that a process needs to know to measure a share of a corpus."""

    audits: tuple[str, ...]
    readers: tuple[Reader, ...]
    corpus: Corpus
    plan: Plan
    segmenter: Segmenter
    memory: int
    offline: bool
    trusted: bool = False

    @classmethod
    def of(cls, measuring: Measuring, corpus: Corpus, plan: Plan, memory: int) -> Self:
        """Describe what this process would do itself."""
        return cls(
            audits=tuple(measuring.audits),
            readers=tuple(Reader.of(tokenizer) for tokenizer in measuring.tokenizers),
            corpus=corpus,
            plan=plan,
            segmenter=measuring.segmenter,
            memory=memory,
            offline=loaders.offline(),
        )

    def measure(self, share: Share) -> tuple[Share, Totals]:
        """Measure a share of the corpus, and give it with its totals; raises TokauditError."""
        if self.offline:
            os.environ["HF_HUB_OFFLINE"] = "1"
        asked = {name: audits.get(name) for name in self.audits}
        measuring = Measuring(asked, _tokenizers(self.readers, self.trusted), self.segmenter)
        corpus = replace(self.corpus, share=share)
        return share, measuring.corpus(corpus, self.plan, self.memory)


@lru_cache(1)
def _tokenizers(readers: Sequence[Reader], trusted: bool) -> list[Tokenizer]:
    return [_loaded(reader, trusted) for reader in readers]


def _loaded(reader: Reader, trusted: bool) -> Tokenizer:
    """Load a tokenizer once more; raises BadTokenizer if it is another one here."""
    tokenizer = replace(loaders.load(reader.spec, trusted), chunking=reader.chunking)
    if said := tokenizer.unlike(reader.identity):
        raise BadTokenizer(said)
    return faster(tokenizer) if reader.fast else tokenizer
