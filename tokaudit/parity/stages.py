"""Stages of a tokenizer: which of them is the first to treat one text in two ways.

Only `tokenizers` lets its stages be run one by one. Elsewhere what can be told is told from the
ids alone.
"""

from functools import lru_cache
from typing import Any

import numpy as np
import tokenizers

from tokaudit.engines import contained
from tokaudit.engines.tokenizers import TokenizersEngine
from tokaudit.errors import EngineFailed
from tokaudit.tokenizer import Engine, Ints, Tokenizer
from tokaudit.vocabulary import Vocabulary

ADDED, NORMALISER, PRE_TOKENIZER, MODEL = "added tokens", "normaliser", "pre-tokenizer", "model"
IDS, POST_PROCESSOR, UNKNOWN = "ids only", "post-processor", "cannot tell"
Loaded = Tokenizer | None


def first_differing(a: Loaded, b: Loaded, text: str, ids: tuple[Ints, Ints]) -> str:
    """Name the first stage that differs for a text whose ids do; None is a side of ids alone."""
    if a is None or b is None:
        known = a or b
        return POST_PROCESSOR if known and _same_inside(known.vocabulary, *ids) else UNKNOWN
    if a.vocabulary.decode(ids[0]).equals(b.vocabulary.decode(ids[1])):
        return IDS
    backends = backend(a.engine), backend(b.engine)
    if backends[0] is None or backends[1] is None:
        return UNKNOWN
    try:
        with contained("tokenizers"):
            return _of_pipelines(backends[0], backends[1], text)
    except EngineFailed:
        return UNKNOWN


def backend(engine: Engine) -> tokenizers.Tokenizer | None:
    """Give the pipeline whose stages can be run one by one, if there is one."""
    return engine.backend if isinstance(engine, TokenizersEngine) else None


def _of_pipelines(a: tokenizers.Tokenizer, b: tokenizers.Tokenizer, text: str) -> str:
    """Compare the stages' outputs; what differs early and comes out equal was no difference."""
    if _added(a, text) != _added(b, text):
        return ADDED
    if _pieces(a, text) == _pieces(b, text):
        return MODEL
    return PRE_TOKENIZER if _normalised(a, text) == _normalised(b, text) else NORMALISER


def _added(pipeline: tokenizers.Tokenizer, text: str) -> list[tuple[str, tuple[int, int]]]:
    """List the added tokens that were found in a text, and where, in characters."""
    added = _added_tokens(pipeline)
    found = pipeline.encode(text, add_special_tokens=False)
    placed = zip(found.ids, found.offsets, strict=True)
    return [(added[number], place) for number, place in placed if number in added]


@lru_cache(maxsize=2)
def _added_tokens(pipeline: tokenizers.Tokenizer) -> dict[int, str]:
    """Give the added tokens that text can hold: special ones are read as text."""
    tokens = pipeline.get_added_tokens_decoder().items()
    return {number: token.content for number, token in tokens if not token.special}


def _normalised(pipeline: tokenizers.Tokenizer, text: str) -> str:
    step: Any = pipeline.normalizer
    return step.normalize_str(text) if step else text


def _pieces(pipeline: tokenizers.Tokenizer, text: str) -> list[str]:
    """Give what the model is asked to encode, piece by piece."""
    text, step = _normalised(pipeline, text), pipeline.pre_tokenizer
    return [piece for piece, _ in step.pre_tokenize_str(text)] if step else [text]


def _same_inside(vocabulary: Vocabulary, a: Ints, b: Ints) -> bool:
    """Say whether two rows of ids are equal but for control tokens before and behind."""
    special = vocabulary.ids[vocabulary.special]
    return np.array_equal(_stripped(a, special), _stripped(b, special))


def _stripped(ids: Ints, special: Ints) -> Ints:
    text = np.flatnonzero(~np.isin(ids, special))
    return ids[text[0] : text[-1] + 1] if text.size else ids[:0]


def why_unknown(name: str, tokenizer: Loaded) -> str | None:
    """Say why the stages of a side cannot be compared; None if they can."""
    if tokenizer is None:
        return f"{name} holds ids only"
    if backend(tokenizer.engine) is None:
        return f"{tokenizer.engine.name} does not show the stages of {name}"
    return None
