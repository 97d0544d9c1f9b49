"""A differing row as a person may look at it: where in the text the sides part, and into what."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from tokaudit.batch import Batch
from tokaudit.errors import EngineFailed
from tokaudit.parity.sides import Side
from tokaudit.parity.tally import Difference
from tokaudit.reads import read
from tokaudit.text import Absent, show
from tokaudit.tokenizer import Ints, Tokenizer

SHOWN = 8  # tokens
BEFORE, AROUND = 16, 48  # characters of text before the place, and in all


class Parted(NamedTuple):
    """The first token that differs (its number), and the byte of the text where it begins."""

    token: int
    byte: int | Absent


def described(example: Difference, a: Side, b: Side) -> dict[str, Any]:
    """Give the figures of an example."""
    token, byte = parted(example, a, b)
    after = tuple(ids[token:] for ids in example.ids)
    return {
        "where": example.kind or example.lang,
        "stage": example.stage,
        "position": byte,
        "tokens_a": example.ids[0].size,
        "tokens_b": example.ids[1].size,
        "text": excerpt(example.text, byte),
        "from_a": _written(after[0], a.tokenizer or b.tokenizer),
        "from_b": _written(after[1], b.tokenizer or a.tokenizer),
        "ids_a": " ".join(map(str, after[0][:SHOWN].tolist())),
        "ids_b": " ".join(map(str, after[1][:SHOWN].tolist())),
    }


def parted(example: Difference, a: Side, b: Side) -> Parted:
    """Find where the sides part: by the tokens' bytes where both are known, else by their ids."""
    ids = example.ids[0].tolist(), example.ids[1].tolist()
    token = _common(*ids)
    if a.tokenizer and b.tokenizer:
        one, other = (
            side.vocabulary.decode(each).to_pylist()
            for side, each in zip((a.tokenizer, b.tokenizer), example.ids, strict=True)
        )
        token = token if one == other else _common(one, other)
    for side, own in zip((a, b), example.ids, strict=True):
        if side.tokenizer is not None:
            return Parted(token, _start(side.tokenizer, example.text, own, token))
    return Parted(token, Absent("neither side has a vocabulary"))


def _common(one: Sequence[object], other: Sequence[object]) -> int:
    """Count the entries at the beginning that are equal."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (x, y) in pairs if x != y), min(len(one), len(other)))


def _start(tokenizer: Tokenizer, text: str, ids: Ints, token: int) -> int | Absent:
    """Give the byte of the text where a token begins."""
    if token >= ids.size:
        return len(text.encode())
    try:
        return int(read(tokenizer, Batch.of("und", [text])).spans.starts[token])
    except EngineFailed as error:
        return Absent(str(error))


def excerpt(text: str, byte: int | Absent) -> str:
    """Show the text around a byte of it."""
    place = 0 if isinstance(byte, Absent) else len(text.encode()[:byte].decode(errors="ignore"))
    first = max(0, place - BEFORE)
    before = "…" if first else ""
    return before + show(text[first : first + AROUND]) + "…" * (first + AROUND < len(text))


def _written(ids: Ints, tokenizer: Tokenizer | None) -> str:
    """Write tokens one beside the other; an id without known bytes by its number."""
    shown = [_token(number, tokenizer) for number in ids[:SHOWN].tolist()]
    more = [f"…(+{ids.size - SHOWN})"] if ids.size > SHOWN else []
    return " ".join([*shown, *more]) or "(end)"


def _token(number: int, tokenizer: Tokenizer | None) -> str:
    vocabulary = tokenizer.vocabulary if tokenizer else None
    if vocabulary is None or number not in vocabulary.ids:
        return f"#{number}"
    return show(vocabulary.decode(np.array([number]))[0].as_py())
