"""The rows of the tables of a comparison, from pairs and standings."""

from collections import Counter
from collections.abc import Mapping, Sequence
from math import expm1
from typing import Any, NamedTuple

from tokaudit.columns import SURE
from tokaudit.comparing.pairs import Pair
from tokaudit.comparing.replicated import Replicated
from tokaudit.comparing.schemas import EVERY
from tokaudit.comparing.verdicts import BETTER, NOT_SHOWN, WORSE
from tokaudit.comparing.winners import Standing
from tokaudit.findings import FEW_ROWS
from tokaudit.text import Absent

Row = Mapping[str, Any]
BY_DEFINITION = Absent("the others are compared with it")


class Counts(NamedTuple):
    """Languages by verdict."""

    better: int = 0
    worse: int = 0
    undecided: int = 0
    not_judged: int = 0


def difference(found: Replicated | Absent) -> dict[str, float | Absent]:
    """Write a log ratio as a difference too, both with their intervals."""
    if isinstance(found, Absent):
        return dict.fromkeys(EVERY, found)
    value, width = found.value, found.width
    ends: tuple[float | Absent, ...] = (width, width)
    if not isinstance(width, Absent):
        ends = expm1(value - width), expm1(value + width)
    return dict(zip(EVERY, (value, width, expm1(value), *ends), strict=True))


def of_language(pair: Pair, weight: float) -> Row:
    """Give the figures of a tokenizer beside those of the other."""
    own, other = pair.own, pair.other
    return {
        "rows": own["rows"],
        "tokens": own["tokens"],
        "tokens_against": other["tokens"],
        **difference(pair.tokens),
        "p": pair.chance,
        "p_adjusted": pair.p,
        "verdict": pair.verdict,
        "few": own["rows"] < FEW_ROWS,
        **_per_word(pair),
        "altered_rows": own["altered_rows"],
        "altered_rows_against": other["altered_rows"],
        "weight": weight,
    }


def _per_word(pair: Pair) -> dict[str, Any]:
    """Give the figures per word of both, and their differences."""
    figures: dict[str, Any] = {}
    for name, found in pair.words.items():
        figures[name] = known(pair.own, name)
        figures[f"{name}_against"] = known(pair.other, name)
        ends = (found, found) if isinstance(found, Absent) else (found.value, found.width)
        figures[f"{name}_difference"], figures[f"{name}_difference{SURE}"] = ends
    return figures


def known(row: Row, name: str) -> Any:
    """Give a figure of a row of a table, or why it is null."""
    return Absent(dict(row["absent"])[name]) if row[name] is None else row[name]


def counts(pairs: Sequence[Pair]) -> Counts:
    """Count the verdicts on one tokenizer."""
    found = Counter("" if isinstance(each.verdict, Absent) else each.verdict for each in pairs)
    return Counts(found[BETTER], found[WORSE], found[NOT_SHOWN], found[""])


def of_tokenizer(standing: Standing, pairs: Sequence[Pair], languages: int) -> Row:
    """Give what is known of a tokenizer over all languages; one without pairs is the other."""
    if not pairs:
        said: dict[str, Any] = dict.fromkeys((*EVERY, *Counts._fields), BY_DEFINITION)
    else:
        said = {**difference(standing.tokens), **counts(pairs)._asdict()}
    return {
        **said,
        "best": standing.best,
        "languages": languages,
        "altered_in": standing.altered_in,
    }
