"""Context: texts of code and of data, to say how much of each fits in a window of tokens."""

import json
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Self
from uuid import UUID

from tokaudit import words
from tokaudit.adding import added
from tokaudit.batch import NO_LANGUAGE, Batch
from tokaudit.columns import count, figure, label, table
from tokaudit.corpus import Corpus
from tokaudit.reading import Reading

CODE, DATA = "code", "UUID-JSON"
SEED, PAIRS = 1, 200  # a generated object whose keys and values are UUIDs
COLUMNS = table(
    [
        label("text", f"{CODE}: all files of builtin:code; {DATA}: a JSON object of {PAIRS} pairs"
              " of random UUIDs (Needle Threading)"),
        count("chars", "code points"),
        count("tokens", "tokens", "lower"),
        figure("chars_per_token", "chars / tokens", "higher"),
        count("context_chars", "code points that --context tokens hold", "higher"),
    ],
    across="context_chars",
    by="text",
)  # fmt: skip


@dataclass(frozen=True)
class Context:
    """Characters and tokens of each of the texts."""

    chars: Counter[str] = field(default_factory=Counter)
    tokens: Counter[str] = field(default_factory=Counter)

    @classmethod
    def observe(cls, reading: Reading) -> Self:
        """Count one of the texts."""
        name, batch = reading.batch.probe, reading.batch
        found = batch.total(batch.chars), batch.total(reading.tokens)
        return cls(*(Counter({name: n} if n else {}) for n in found))

    def __add__(self, other: Self) -> Self:
        """Merge two counts."""
        return added(self, other)

    def rows(self, window: int) -> Iterator[Mapping[str, Any]]:
        """Say how much of each text a window of so many tokens holds."""
        for name in sorted(self.tokens):
            chars, tokens = self.chars[name], self.tokens[name]
            yield {
                "text": name,
                "chars": chars,
                "tokens": tokens,
                "chars_per_token": chars / tokens,
                "context_chars": window * chars // tokens,
            }


@cache
def probes() -> tuple[Batch, ...]:
    """Give code and generated data."""
    code = [text for piece in Corpus(("builtin:code",)) for text in piece.texts.to_pylist()]
    found = {CODE: code, DATA: [_object()]}
    return tuple(
        Batch.of(NO_LANGUAGE, texts, segmenter=words.default(), probe=name)
        for name, texts in found.items()
    )


def _object() -> str:
    chance = random.Random(SEED)
    found = (str(UUID(int=chance.getrandbits(128), version=4)) for _ in range(2 * PAIRS))
    return json.dumps(dict(zip(found, found, strict=True)))
