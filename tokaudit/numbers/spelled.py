"""Numbers spelled out, in every language that ICU has rules for (rule-based number formats)."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Self

import numpy as np

from tokaudit.columns import count, cut, figure, label, table
from tokaudit.drawing import drawn
from tokaudit.numbers.found import DECIMAL
from tokaudit.numbers.part import Part, Row, key_of, sums
from tokaudit.reading import Reading
from tokaudit.specimens import Specimens
from tokaudit.text import ratio

try:
    import icu
except ImportError:  # then no number is spelled
    icu = None

DIGITS = "digits"
SHOWN = 20  # characters: an example is about so long
NUMBERS = (*range(21), *range(30, 100, 10), 21, 37, 64, 99, 100, 101, 365, 999, 1_000, 1_234,
           1_999, 2_024, 12_345, 100_000, 1_000_000, 1_234_567)  # fmt: skip
SOFT_HYPHEN = "\u00ad"  # ICU marks where a long word may break; nobody types it
COLUMNS = table(
    [
        label("language", "the language of ICU's rules, by its code; `digits`: in ASCII digits"),
        count("numbers", f"numbers spelled out: {len(NUMBERS)} from 0 to 1,234,567"),
        count("tokens", "tokens of all of them", "lower"),
        figure("tokens_per_number", "tokens / numbers", "lower"),
        figure("against_digits", "tokens / tokens of the same numbers in ASCII digits", "lower"),
        figure("bytes_per_token", "bytes / tokens", "higher"),
        cut("example", "one of them, cut"),
    ],
    empty="no number was spelled out: that needs the package pyicu-wheels",
)


@cache
def languages() -> tuple[str, ...]:
    """List the languages that have rules of their own, by code."""
    if icu is None:
        return ()
    codes = {name.partition("_")[0] for name in icu.Locale.getAvailableLocales()}
    return tuple(sorted(code for code in codes if _has_rules(code)))


def _has_rules(code: str) -> bool:
    """Say whether ICU's rules are this language's own; else it falls back to the machine's."""
    rules = _rules(code)
    own = rules.getLocale(icu.ULocDataLocaleType.ACTUAL_LOCALE).getLanguage() == code
    return own and not DECIMAL.search(str(rules.format(1_234)))


@cache
def _rules(code: str) -> Any:
    return icu.RuleBasedNumberFormat(icu.URBNFRuleSetTag.SPELLOUT, icu.Locale(code))


def spell(code: str, number: int) -> str:
    """Spell a number out in one of `languages`."""
    return str(_rules(code).format(number)).replace(SOFT_HYPHEN, "")


@dataclass(frozen=True)
class Spelled(Part):
    """Sums by language and what was summed; one number in words."""

    NAME = "spelled"
    seen: Counter[tuple[str, str]] = field(default_factory=Counter)
    shown: Specimens = field(default_factory=Specimens)

    @classmethod
    def texts(cls) -> Mapping[str, Sequence[str]]:
        """Spell the same numbers in every language, and write them in digits."""
        words = {code: [spell(code, number) for number in NUMBERS] for code in languages()}
        return {DIGITS: list(map(str, NUMBERS))} | words if words else {}

    @classmethod
    def observe(cls, reading: Reading) -> Self:
        """Count numbers, tokens and bytes."""
        code, batch = key_of(reading), reading.batch
        seen = {
            "numbers": int(batch.weights.sum()),
            "tokens": batch.total(reading.tokens),
            "bytes": batch.total(np.diff(batch.offsets)),
        }
        texts = zip(batch.chars.tolist(), drawn(reading), strict=True)
        shown = Specimens.of((code, (abs(chars - SHOWN), text)) for chars, text in texts)
        return cls(sums(((code, name), n) for name, n in seen.items()), shown)

    def rows(self) -> Iterator[Row]:
        """Give a row for each language, digits first."""
        plain, written = self.seen[DIGITS, "tokens"], self.seen[DIGITS, "numbers"]
        for code in (DIGITS, *languages()):
            if numbers := self.seen[code, "numbers"]:
                tokens, size = self.seen[code, "tokens"], self.seen[code, "bytes"]
                whole = plain if numbers == written else 0  # else some could not be encoded
                yield {
                    "language": code,
                    "numbers": numbers,
                    "tokens": tokens,
                    "tokens_per_number": tokens / numbers,
                    "against_digits": ratio(tokens, whole, "not all numbers could be encoded"),
                    "bytes_per_token": ratio(size, tokens, "no token"),
                    "example": self.shown.kept[code][1],
                }
