"""Pairs of words that lose the border between them, from a vocabulary and from running text.

Those that were met in a corpus come first, the most frequent before the others; then those that
only a vocabulary tells of, in its order.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tokaudit.characters import script_of
from tokaudit.splits.found import Traps, token_over
from tokaudit.splits.lexicon import NOT_SPACED, UNSPACED, lexicons
from tokaudit.splits.scope import Scope
from tokaudit.text import is_utf8
from tokaudit.tokenizer import Tokenizer


@dataclass(frozen=True)
class Pair:
    """Words A and B, and the word T over their border; ids are of entries that are these words.

    `exact`: T is the very token over the border; `agreed`: the word segmenter cuts there (None
    where spaces tell words). It was `seen` so often in a corpus, most of it in `lang`, as in
    `context` (a bar at the border); 0, None and None where it was not.
    """

    a: str
    b: str
    trap: str
    script: str
    spaced: bool
    exact: bool
    agreed: bool | None
    a_id: int | None = None
    b_id: int | None = None
    trap_id: int | None = None
    seen: int = 0
    lang: str | None = None
    context: str | None = None


def pairs(
    tokenizer: Tokenizer, met: Iterable[dict[str, Any]], size: int, scope: Scope
) -> list[Pair]:
    """Join rows of `running_traps` with the first `size` traps of every script of a vocabulary."""
    found = {(pair.a, pair.b): pair for pair in _met(tokenizer, list(met))}
    for pair in _known(tokenizer, size, scope):
        seen = found.get((pair.a, pair.b), pair)
        found[pair.a, pair.b] = replace(pair, seen=seen.seen, lang=seen.lang, context=seen.context)
    return sorted(found.values(), key=lambda pair: -pair.seen)


def _known(tokenizer: Tokenizer, size: int, scope: Scope) -> Iterator[Pair]:
    """Give what the vocabulary tells of."""
    for lexicon in lexicons(tokenizer.vocabulary):
        found = Traps.of(tokenizer, lexicon, scope.word_pairs)
        places = np.arange(min(size, found.first.size))
        for place, (a, b, trap) in enumerate(found.texts(places)):
            a_id, b_id, trap_id = (
                int(lexicon.ids[words[place]]) for words in (found.first, found.second, found.trap)
            )
            yield Pair(
                *(a, b, trap, lexicon.script, lexicon.spaced),
                exact=bool(found.exact[place]),
                agreed=None if found.agreed is None else bool(found.agreed[place]),
                a_id=a_id,
                b_id=b_id,
                trap_id=trap_id,
            )


def _met(tokenizer: Tokenizer, rows: Sequence[dict[str, Any]]) -> Iterator[Pair]:
    """Give what a corpus shows, if A B has no border by itself and T is text of both."""
    ordered = sorted(rows, key=lambda row: (-row["seen"], row["lang"], row["a"], row["b"]))
    first: dict[tuple[str, str], dict[str, Any]] = {}
    for row in ordered:
        kept = first.setdefault((row["a"], row["b"]), {**row, "seen": 0})
        kept["seen"] += row["seen"]
    texts = [a + b for a, b in first]
    places, ids = token_over(tokenizer, texts, np.array([len(a.encode()) for a, _ in first]))
    tokens = tokenizer.vocabulary.decode(ids[ids >= 0]).to_pylist()
    read = [place for place, token in zip(places.tolist(), ids.tolist(), strict=True) if token >= 0]
    every = list(first.values())
    for place, token, number in zip(read, tokens, ids[ids >= 0].tolist(), strict=True):
        row, trap = every[place], token.removeprefix(b" ")
        if is_utf8(trap) and _lies_over(trap.decode(), row["a"], row["b"]):
            yield _pair(row, trap.decode(), number)


def _pair(row: dict[str, Any], trap: str, number: int) -> Pair:
    a, b = row["a"], row["b"]
    script = next((n for n, p in UNSPACED.items() if p.fullmatch(a + b)), script_of(a[0]))
    spaced = script not in NOT_SPACED
    agreed = None if spaced else True
    named = {name: row[name] for name in ("seen", "lang", "context")}
    return Pair(a, b, trap, script, spaced, exact=True, agreed=agreed, trap_id=number, **named)


def _lies_over(trap: str, a: str, b: str) -> bool:
    return any(a.endswith(trap[:k]) and b.startswith(trap[k:]) for k in range(1, len(trap)))
