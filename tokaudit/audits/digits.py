"""Where does this tokenizer cut numbers, and does it always cut them the same way?

Arithmetic is learned digit by digit. Where 1233 is one token and 1234 is two, or where groups of
three are counted from the left, columns of equal worth do not line up, and a model has to memorise
what it could have carried: GPT-3.5 added 7- to 9-digit numbers at 94 % or at 8 % depending on
where the digits were cut (Singh & Strouse 2024). `single` (a token a digit) and `right-to-left 3`
keep columns in line; `left-to-right k` does when lengths agree; `bpe` has no rule to learn.

All numbers of one to five digits are cut, zero-padded ones among them, and a fixed sample of
longer ones; those of one to four digits also behind a space, a letter, a minus, a line end and in
brackets, a sample behind every currency sign. Results are lined up with their operands, then come
separators, dates, prices and other forms, the digits of all scripts, numbers in words, and the
numbers of a corpus where one is named. `match_probability` is the chance that two numbers of a
length, drawn at random, are cut alike. The score card says what is met and by which figure; there
is no score without its parts. This says where tokenizers make arithmetic hard, not that a model
fails at it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from tokaudit.audits import Audit, Beside, Row
from tokaudit.batch import Batch
from tokaudit.numbers import corpus_numbers, inventory, regularity, scorecard, summary
from tokaudit.numbers.alignment import COLUMNS as ALIGNMENT
from tokaudit.numbers.alignment import Alignment
from tokaudit.numbers.corpus_numbers import CorpusNumbers
from tokaudit.numbers.forms import COLUMNS as FORMS
from tokaudit.numbers.forms import Forms
from tokaudit.numbers.part import Part
from tokaudit.numbers.rule import Rule
from tokaudit.numbers.separators import COLUMNS as SEPARATORS
from tokaudit.numbers.separators import Separators
from tokaudit.numbers.spelled import COLUMNS as WORDS
from tokaudit.numbers.spelled import Spelled
from tokaudit.numbers.sweep import Sweep
from tokaudit.numbers.writing_systems import COLUMNS as SYSTEMS
from tokaudit.numbers.writing_systems import WritingSystems
from tokaudit.reading import Reading
from tokaudit.text import Absent

PARTS: Mapping[str, type[Part]] = {
    part.NAME: part for part in (Alignment, Separators, Forms, WritingSystems, Spelled, Sweep)
}


@dataclass(frozen=True)
class Digits(Audit):
    """One total for each kind of texts the audit brings along, and one of the corpus."""

    alignment: Alignment = field(default_factory=Alignment)
    separators: Separators = field(default_factory=Separators)
    forms: Forms = field(default_factory=Forms)
    writing_systems: WritingSystems = field(default_factory=WritingSystems)
    spelled: Spelled = field(default_factory=Spelled)
    sweep: Sweep = field(default_factory=Sweep)
    corpus: CorpusNumbers = field(default_factory=CorpusNumbers)
    failed: int = 0

    headline = (
        "strategy",
        "strategy_spaced",
        "match_probability",
        "misaligned_sums",
        "parts_met",
        "parts",
    )
    schemas: ClassVar = {
        "digits": summary.COLUMNS,
        "digits_picture": regularity.PICTURE,
        "digits_scorecard": scorecard.COLUMNS,
        "digits_corpus": corpus_numbers.COLUMNS,
        "digits_corpus_examples": corpus_numbers.EXAMPLES,
        "digits_contexts": regularity.CONTEXT_COLUMNS,
        "digits_stability": regularity.STABILITY,
        "digits_alignment": ALIGNMENT,
        "digits_separators": SEPARATORS,
        "digits_forms": FORMS,
        "digits_writing_systems": SYSTEMS,
        "digits_words": WORDS,
        "digits_inventory": inventory.COLUMNS,
        "digits_partitions": regularity.PARTITIONS,
    }

    @classmethod
    def probes(cls) -> Iterable[Batch]:
        """Bring all numbers, problems, separators, forms, scripts' digits and number words."""
        return [batch for part in PARTS.values() for batch in part.probes()]

    @classmethod
    def observe(cls, reading: Reading) -> Self:
        """Give a batch to the part whose texts it holds, or to the corpus's."""
        name = reading.batch.probe.partition("/")[0]
        if not name:
            return cls(corpus=CorpusNumbers.observe(reading))
        part: Any = PARTS[name].observe(reading)
        return cls(**{name: part}, failed=reading.failed)

    def rows(self, beside: Beside[Self]) -> Mapping[str, Iterable[Row]]:
        """Say what became of the audit's own texts, if it saw them, and of the corpus's numbers."""
        probes = beside.probes
        rule = probes if isinstance(probes, Absent) else Rule.of(probes.sweep)
        of_corpus = {
            "digits_corpus": self.corpus.rows(rule, beside.documents),
            "digits_corpus_examples": self.corpus.examples(rule),
        }
        own = self._own(beside) if self.sweep or self.failed else {}
        return {name: own.get(name, ()) for name in self.schemas} | of_corpus

    def _own(self, beside: Beside[Self]) -> dict[str, Iterator[Row]]:
        """Make the tables of the audit's own texts."""
        sweep, tokens = self.sweep, inventory.tokens(beside.vocabulary)
        parts = (sweep, self.alignment, self.separators, self.forms, self.writing_systems)
        seen = scorecard.Seen(*parts, failed=self.failed, rule=Rule.of(sweep))
        judged = list(scorecard.judgements(seen))
        return {
            "digits": summary.rows(seen, judged, tokens),
            "digits_picture": regularity.picture(sweep),
            "digits_scorecard": scorecard.card(judged),
            "digits_contexts": regularity.in_contexts(sweep),
            "digits_stability": regularity.stability(sweep),
            "digits_alignment": self.alignment.rows(),
            "digits_separators": self.separators.rows(),
            "digits_forms": self.forms.rows(seen.rule),
            "digits_writing_systems": self.writing_systems.rows(),
            "digits_words": self.spelled.rows(),
            "digits_inventory": inventory.rows(tokens),
            "digits_partitions": regularity.partitions(sweep),
        }

    @classmethod
    def verdict(cls, rows: Sequence[Row]) -> str:
        """Say how numbers are cut and what that means for columns."""
        return summary.verdict(rows[0]) if rows else "Numbers were not cut: no text was encoded."
