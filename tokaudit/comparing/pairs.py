"""Pairs: two tokenizers on the rows of one language, and the difference between them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from tokaudit.audits.fertility import Fertility
from tokaudit.batch import Ints
from tokaudit.comparing.replicated import Replicated, change, log_ratio
from tokaudit.comparing.verdicts import HOLM, adjusted, verdict
from tokaudit.expense.widths import PER_WORD
from tokaudit.text import Absent
from tokaudit.totals import Key, Totals

AUDIT = "fertility"
FEWEST_ROWS = 30  # a verdict on fewer documents would be one on those documents only
WORDS = ("fertility", "single_token_words")
FEW_DOCUMENTS = Absent(f"fewer than {FEWEST_ROWS} documents")
FAILED = Absent("rows failed to encode, so the text is not the same")
Row = Mapping[str, Any]


class Terms(NamedTuple):
    """On what terms tokenizers are compared: with which one, and how sure a verdict must be.

    `weights` are those of languages in the mean (None: all alike; a language without is left out).
    """

    against: str
    alpha: float = 0.05
    correction: str = HOLM
    weights: Mapping[str, float] | None = None


@dataclass(frozen=True, eq=False)
class Pair:
    """A tokenizer beside the one it is compared with: their rows of the table of fertility.

    `tokens` is the logarithm of the ratio of their tokens, `words` the differences of figures per
    word; `p` is corrected for how many pairs there are.
    """

    own: Row
    other: Row
    tokens: Replicated | Absent
    words: Mapping[str, Replicated | Absent]
    p: float | Absent = FEW_DOCUMENTS
    verdict: str | Absent = FEW_DOCUMENTS

    @property
    def spec(self) -> str:
        """The tokenizer that is judged."""
        return str(self.own["tokenizer"])

    @property
    def lang(self) -> str:
        """The language."""
        return str(self.own["lang"])

    @property
    def chance(self) -> float | Absent:
        """The p of this pair alone."""
        if isinstance(self.tokens, Absent):
            return self.tokens
        return FEW_DOCUMENTS if self.own["rows"] < FEWEST_ROWS else self.tokens.p


def judged(totals: Totals, rows: Sequence[Row], terms: Terms) -> list[Pair]:
    """Compare every tokenizer with one, language by language, and judge all pairs together.

    `rows` are those of the table of fertility.
    """
    pairs = list(_pairs(totals, rows, terms.against))
    corrected = adjusted([pair.chance for pair in pairs], terms.correction)
    return [_judged(pair, p, terms.alpha) for pair, p in zip(pairs, corrected, strict=True)]


def _judged(pair: Pair, p: float | Absent, alpha: float) -> Pair:
    if isinstance(pair.tokens, Absent):
        return replace(pair, p=pair.tokens, verdict=pair.tokens)
    altered = pair.own["altered_rows"], pair.other["altered_rows"]
    return replace(pair, p=p, verdict=verdict(pair.tokens.value, p, alpha, altered))


def _pairs(totals: Totals, rows: Sequence[Row], against: str) -> Iterator[Pair]:
    others = {row["lang"]: row for row in rows if row["tokenizer"] == against}
    for own in rows:
        if own["tokenizer"] != against:
            yield _pair(totals, own, others[own["lang"]])


def _pair(totals: Totals, own: Row, other: Row) -> Pair:
    if own["failed_rows"] or other["failed_rows"]:
        return Pair(own, other, FAILED, dict.fromkeys(WORDS, FAILED))
    one, two = _sums(totals, own), _sums(totals, other)
    words = {name: _per_word(name, (own, one), (other, two)) for name in WORDS}
    return Pair(own, other, log_ratio(one["tokens"], two["tokens"]), words)


def _per_word(
    name: str, own: tuple[Row, Mapping[str, Ints]], other: tuple[Row, Mapping[str, Ints]]
) -> Replicated | Absent:
    """Compare a figure per word, where there is one."""
    for row, _ in (own, other):
        if row[name] is None:
            return Absent(dict(row["absent"])[name])
    (_, one), (_, two), part = own, other, PER_WORD[name]
    return change((one[part], one["words"]), (two[part], two["words"]))


def _sums(totals: Totals, row: Row) -> Mapping[str, Ints]:
    """Give what was added up of these rows, by group of documents."""
    found = totals.groups_of(Key(AUDIT, row["tokenizer"], row["lang"]))
    assert found is not None, "rows that were read are in groups"
    return dict(zip(Fertility.grouped, found.T, strict=True))
