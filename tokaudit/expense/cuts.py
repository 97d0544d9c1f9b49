"""Cuts: how a tokenizer cuts words, for people to look at."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from tokaudit.batch import NO_LANGUAGE, Batch
from tokaudit.drawing import pictured
from tokaudit.reads import read
from tokaudit.text import Absent
from tokaudit.tokenizer import Tokenizer
from tokaudit.words import UNSPACED

Cut = Callable[[Sequence[str]], list[str | Absent]]
REFUSED = Absent("the word could not be encoded by itself")


def cut(tokenizer: Tokenizer) -> Cut:
    """Say how to draw words, a bar where a token ends: behind a space, if their script has them."""

    def drawn(words: Sequence[str]) -> list[str | Absent]:
        spaces = [0 if UNSPACED.search(word) else 1 for word in words]
        texts = [" " * space + word for space, word in zip(spaces, words, strict=True)]
        reading = read(tokenizer, Batch.of(NO_LANGUAGE, texts))
        rows = np.delete(np.arange(len(words)), reading.refused).tolist()
        found: list[str | Absent] = [REFUSED for _ in words]
        for row, (begin, end) in zip(rows, pairwise(reading.batch.offsets.tolist()), strict=True):
            found[row] = pictured(reading, begin + spaces[row], end)
        return found

    return drawn
