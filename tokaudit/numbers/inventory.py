"""The inventory: the numbers among a vocabulary's tokens."""

import re
from collections import Counter
from collections.abc import Iterator

import pyarrow as pa

from tokaudit.columns import count, flag, table
from tokaudit.numbers.part import Row
from tokaudit.vocabulary import Vocabulary

NUMBER = re.compile(rb"( ?)([0-9]+)")
COLUMNS = table(
    [
        flag("spaced", "with a leading space"),
        count("digits", "length of the number"),
        count("tokens", "ids in the vocabulary that are such a number"),
    ]
)
Tokens = Counter[tuple[bool, int]]


def tokens(vocabulary: Vocabulary) -> Tokens:
    """Count ids that are ASCII digits, by whether a space leads and by length."""
    ordinary = ~(vocabulary.special | vocabulary.fallback)
    texts = vocabulary.texts.filter(pa.array(ordinary)).to_pylist()
    matches = (NUMBER.fullmatch(text) for text in texts)
    return Counter((bool(match[1]), len(match[2])) for match in matches if match)


def rows(found: Tokens) -> Iterator[Row]:
    """Give a row for each length, bare ones first."""
    for (spaced, digits), n in sorted(found.items()):
        yield {"spaced": spaced, "digits": digits, "tokens": n}
