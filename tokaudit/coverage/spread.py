"""How tokens are spread over characters and grapheme clusters, row by row."""

from functools import lru_cache

import numpy as np

from tokaudit.batch import Ints, Mask, Spans, running_total
from tokaudit.oddities import SEVERAL_WORDS
from tokaudit.reading import Reading
from tokaudit.vocabulary import Vocabulary

SHORTEST = 3  # bytes of a phrase: two letters and a space
Rows = dict[str, Ints]  # what each row of a batch has of something, shape (rows,)


def spread(reading: Reading) -> Rows:
    """Count, for each row, the tokens of every kind and what became of its characters."""
    return reading.once(_spread)


def _spread(reading: Reading) -> Rows:
    return {**_tokens(reading), **_characters(reading)}


def _tokens(reading: Reading) -> Rows:
    """Count tokens that are unknown, stand in for bytes, are parts of characters, or phrases."""
    vocabulary, places = reading.tokenizer.vocabulary, reading.places
    marked = {
        "unknown": reading.ids == vocabulary.unknown,
        "fallback": vocabulary.fallback[places],
        "partial": vocabulary.partial[places],
        "phrases": phrases(vocabulary)[places],
    }
    counted = {name: _by_row(mask, reading.tokens) for name, mask in marked.items()}
    return {"tokens": reading.tokens, **counted}


def _characters(reading: Reading) -> Rows:
    """Count characters that the unknown token stands for, that no token covers, that are split.

    A token of white space covers nothing here: a dummy prefix may have the place of a letter.
    """
    batch, spans, blank = reading.batch, reading.spans, reading.tokenizer.vocabulary.blank
    unknown = reading.ids == reading.tokenizer.vocabulary.unknown
    solid = (spans.ends > spans.starts) & (unknown | ~blank[reading.places])
    tokens, lost = (_edges(spans, mask, batch.data.size) for mask in (solid, solid & unknown))
    letters, seen = batch.letters, batch.visible
    visible, covering = seen[letters.ends] > seen[letters.starts], _covering(letters, tokens)
    marked = {
        "unknown_chars": visible & (_covering(letters, lost) > 0),
        "dropped_chars": visible & (covering == 0),
        "split_chars": (letters.ends - letters.starts > 1) & (covering > 1),
    }
    torn = _covering(batch.clusters, tokens) > 1
    return {
        **{name: _by_row(mask, batch.chars) for name, mask in marked.items()},
        "split_graphemes": _by_row(torn, batch.graphemes),
    }


def _by_row(mask: Mask, sizes: Ints) -> Ints:
    """Count what is marked in each row, which has so many places."""
    return np.diff(running_total(mask)[running_total(sizes)])


def _edges(spans: Spans, chosen: Mask, size: int) -> Spans | None:
    """Count, for each byte and the one behind the last, the tokens that begin or end before it.

    None if no token is chosen.
    """
    if not chosen.any():
        return None
    begun, ended = (running_total(np.bincount(at[chosen], minlength=size + 1)) for at in spans)
    return Spans(begun, ended)


def _covering(stretches: Spans, tokens: Spans | None) -> Ints:
    """Count the tokens that share a byte with each stretch; no span is empty."""
    if tokens is None:
        return np.zeros(stretches.starts.size, np.int64)
    return np.asarray(tokens.starts[stretches.ends] - tokens.ends[stretches.starts + 1])


@lru_cache(maxsize=16)
def phrases(vocabulary: Vocabulary) -> Mask:
    """Mark entries with white space between letters or numbers: several words in one token."""
    texts, marked = vocabulary.texts.to_pylist(), np.zeros(len(vocabulary), np.bool_)
    readable = ~vocabulary.special & ~vocabulary.partial & (vocabulary.lengths >= SHORTEST)
    for place in np.flatnonzero(readable).tolist():
        marked[place] = SEVERAL_WORDS.search(texts[place].decode()) is not None
    return marked
