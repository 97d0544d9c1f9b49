"""Forms: dates, prices, addresses and other writings, and how the numbers in them are cut."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from tokaudit.batch import Mask
from tokaudit.columns import count, cut, figure, label, table
from tokaudit.drawing import drawn
from tokaudit.numbers.cuts import partition
from tokaudit.numbers.found import numbers
from tokaudit.numbers.part import Part, Row, key_of, sums, tally
from tokaudit.numbers.pieces import LONGEST, pieces
from tokaudit.numbers.rule import Rule
from tokaudit.numbers.writings import WRITERS, examples
from tokaudit.reading import Reading
from tokaudit.specimens import Specimens
from tokaudit.text import ratio

COLUMNS = table(
    [
        label("form", "how numbers are written"),
        count("texts", "seeded texts of this form"),
        count("tokens", "their tokens that stand for something", "lower"),
        figure("tokens_per_text", "tokens / texts", "lower"),
        figure("mixed_tokens", "share of the tokens with a digit that hold something else too, a"
               " space before it aside", "lower"),
        count("numbers", "runs of digits in them that were cut"),
        figure("irregular", "share of the runs of up to 18 digits that are not cut by the"
               " tokenizer's own rule (without a rule: not by its usual cut of that length)",
               "lower"),
        count("lost", "runs of digits that became the unknown token, not cut", "lower"),
        cut("example", "one of the texts, cut"),
    ],
    examples=True,
)  # fmt: skip


@dataclass(frozen=True)
class Forms(Part):
    """Sums by form; cuts by form, digits, borders; one text with its cut."""

    NAME = "forms"
    seen: Counter[tuple[str, str]] = field(default_factory=Counter)
    cuts: Counter[tuple[str, int, int]] = field(default_factory=Counter)
    shown: Specimens = field(default_factory=Specimens)

    @classmethod
    def texts(cls) -> Mapping[str, Sequence[str]]:
        """Write every form."""
        return {form: examples(form) for form in WRITERS}

    @classmethod
    def observe(cls, reading: Reading) -> Self:
        """Count tokens and cuts."""
        form, found, batch = key_of(reading), numbers(reading.batch), reading.batch
        cut = pieces(reading, found)
        weights = batch.weights[found.row]
        digits, mixed = _with_digits(reading)
        seen = {
            "texts": int(batch.weights.sum()),
            "tokens": int(reading.weights[_inked(reading)].sum()),
            "digit_tokens": int(reading.weights[digits].sum()),
            "mixed_tokens": int(reading.weights[mixed].sum()),
            "lost": int(weights[cut.lost].sum()),
        }
        kept = ~cut.lost
        columns = [found.lengths[kept], np.where(cut.split, -1, cut.borders)[kept]]
        cuts = tally(columns, weights[kept])
        return cls(
            sums(((form, name), n) for name, n in seen.items()),
            Counter({(form, digits, borders): n for (digits, borders), n in cuts.items()}),
            Specimens.of((form, (text,)) for text in drawn(reading)),
        )

    def rows(self, rule: Rule) -> Iterator[Row]:
        """Give a row for each form."""
        for form in WRITERS:
            texts, tokens = self.seen[form, "texts"], self.seen[form, "tokens"]
            if texts:
                irregular, judged = self.irregular(rule, form)
                yield {
                    "form": form,
                    "texts": texts,
                    "tokens": tokens,
                    "tokens_per_text": tokens / texts,
                    "mixed_tokens": ratio(
                        self.seen[form, "mixed_tokens"],
                        self.seen[form, "digit_tokens"],
                        "no token holds a digit",
                    ),
                    "numbers": sum(n for (of, _, _), n in self.cuts.items() if of == form),
                    "irregular": ratio(irregular, judged, "no number there can be judged"),
                    "lost": self.seen[form, "lost"],
                    "example": self.shown.kept[form][0],
                }

    def irregular(self, rule: Rule, form: str | None = None) -> tuple[int, int]:
        """Count numbers that are not cut as is owed to them, and those that can be judged."""
        irregular = judged = 0
        for (of, digits, borders), n in self.cuts.items():
            owed = rule.owed(digits) if form in (None, of) and digits <= LONGEST else None
            if owed:
                judged += n
                irregular += n * (borders < 0 or partition(digits, borders) != owed)
        return irregular, judged

    def total(self, name: str) -> int:
        """Sum over all forms."""
        return sum(n for (_, what), n in self.seen.items() if what == name)


def _inked(reading: Reading) -> Mask:
    """Mark tokens that cover something of the text."""
    return np.asarray(reading.spans.ends > reading.spans.starts)


def _with_digits(reading: Reading) -> tuple[Mask, Mask]:
    """Mark the tokens that hold an ASCII digit, and those that hold something else as well."""
    data, (starts, ends) = reading.batch.data, reading.spans
    is_digit = np.append((data >= ord("0")) & (data <= ord("9")), False)
    total = np.concatenate([[0], np.cumsum(is_digit)])
    digits = total[ends] - total[starts]
    space = np.append(data == ord(" "), False)[starts]
    return digits > 0, (digits > 0) & (ends - starts - space > digits)
