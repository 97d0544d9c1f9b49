"""Where can this tokenizer's cuts, control tokens and running time be turned against a model?

A model reads tokens, not text. Where two words meet without a space and a token lies over the
border (`moves` and `table` as `mov|est|able`), where a text becomes a control token, where one
letter in front takes a word its token, or where two tokens that are no characters are all there is
of one, models have been seen to misread (ADT, arXiv 2405.17067; Jang et al. 2024; Geh et al. 2025;
TokenBreak, 2025). Read `trap_share` for words, `forged` for control tokens, `broken_share` for
words behind a letter, and the examples of each.

No model is run, so this says "at risk" and never that a model fails. Without a corpus everything is
found from the tokenizer alone; with one, its words' borders are looked at, the words that tokens
tear, what noise does to tokens, and what a prompt that stops somewhere becomes. Trap words are
pairs of words of the vocabulary that meet without a space, as in Chinese, Japanese or Thai text,
and elsewhere in identifiers, hashtags, domain names and compounds; the vocabulary's own order
stands for how frequent they are. Do not compare shares of vocabularies of different sizes as if
they were error rates: a larger one has more words, and other ones.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from tokaudit.audits import Audit, Beside, Row, count, figure, label
from tokaudit.bag import Documents
from tokaudit.batch import Batch, Ints
from tokaudit.columns import table
from tokaudit.findings import Finding
from tokaudit.reading import Reading
from tokaudit.splits import prompts, seams
from tokaudit.splits.bigrams import Bigrams
from tokaudit.splits.borders import GROUPED
from tokaudit.splits.morphs import Morphs
from tokaudit.splits.part import Part
from tokaudit.splits.prefixes import Prefixes
from tokaudit.splits.running_text import TABLES, RunningText
from tokaudit.splits.scope import Scope
from tokaudit.splits.seams import Seams
from tokaudit.splits.segmentations import Segmentations
from tokaudit.splits.special import Special
from tokaudit.splits.trapwords import TrapWords
from tokaudit.splits.verdict import verdict
from tokaudit.text import Absent, ratio
from tokaudit.tokenizer import Tokenizer

PARTS: tuple[type[Part], ...] = (Special, TrapWords, Bigrams, Prefixes, Segmentations, Morphs)
UNEXAMINED = Absent("the tokenizer was not examined")
Examined = Mapping[type[Part], Part]


@dataclass(frozen=True)
class Adversarial(Audit):
    """What became of the audit's own texts and of running text; all else is found by `examine`."""

    seams: Seams = field(default_factory=Seams)
    text: RunningText = field(default_factory=RunningText)
    texts: int = 0
    failed: int = 0

    reads_sample = True
    grouped = GROUPED
    scope: ClassVar = Scope()
    headline = (
        *("forged", "added_from_text", "trap_share", "span_trap_share"),
        *("improbable_bigrams", "broken_share"),
    )
    glances: ClassVar = {
        "adversarial_seams": ("kind", "crossed_share"),
        "adversarial_traps": ("script", "share"),
    }
    schemas: ClassVar = {
        "adversarial": table(
            [
                *(column for part in PARTS for column in part.FIGURES),
                figure("crossed_share", "of the seams in our own spans without spaces", "lower"),
                count("limit", "--limit: how much was looked at, see adversarial_scope"),
                count("seed", "--seed: what drew samples"),
                count("failed_rows", "spans the tokenizer could not encode, left out"),
            ]
        ),
        "adversarial_seams": table(list(Seams.COLUMNS)),
        **{f"adversarial_{name}": each for name, each in TABLES.items()},
        **{f"adversarial_{name}": each for part in PARTS for name, each in part.TABLES.items()},
        "adversarial_scope": table(
            [
                label("unit", "what was looked at"),
                count("there", "how many there are"),
                count("looked_at", "how many of them were looked at"),
            ]
        ),
    }

    optional: ClassVar = {
        f"adversarial_{name}": each for part in PARTS for name, each in part.OPTIONAL.items()
    }

    @classmethod
    def within(cls, scope: Scope) -> type[Self]:
        """Give this audit with another limit and another seed."""
        return cls._with(scope=scope)

    @classmethod
    def probes(cls) -> Iterable[Batch]:
        """Bring spans whose words everybody knows, and prompts to stop anywhere in."""
        return [*seams.probes(), *prompts.probes()]

    @classmethod
    def examine(cls, tokenizer: Tokenizer) -> Examined:
        """Ask a tokenizer every question."""
        return {part: part.look(tokenizer, cls.scope) for part in PARTS}

    @classmethod
    def observe(cls, reading: Reading) -> Self:
        """Look at texts of ours, or at the borders of words in a corpus."""
        kind, _, _ = reading.batch.probe.partition("/")
        found = Seams.observe(reading) if kind == seams.PROBE else Seams()
        observe = RunningText.probed if kind == prompts.PROBE else RunningText.observe
        text = RunningText() if kind == seams.PROBE else observe(reading)
        return cls(found, text, int(reading.batch.weights.sum()), reading.failed)

    @classmethod
    def per_row(cls, reading: Reading) -> Sequence[Ints]:
        """Count the borders of each row."""
        return RunningText.per_row(reading)

    @classmethod
    def sampled(cls, reading: Reading) -> Self:
        """Look at documents that were drawn, add noise to some and cut some short."""
        return cls(text=RunningText.sampled(reading))

    def rows(self, beside: Beside[Self]) -> Mapping[str, Iterable[Row]]:
        """Give the tables of what was read, and once those of the tokenizer itself."""
        found = dict(self.text.rows(beside.groups.own, beside.documents))
        tables = {f"adversarial_{name}": rows for name, rows in found.items()}
        if not _is_corpus(beside.documents):
            tables |= self._own(beside)
        return {name: tables.get(name, ()) for name in self.schemas}

    def _own(self, beside: Beside[Self]) -> dict[str, Iterable[Row]]:
        """Sum every part up in one row, then give each part's own tables."""
        examined: Examined = beside.examined or {}
        tables: dict[str, Any] = {"adversarial": [self._summary(examined)]}
        tables["adversarial_seams"] = self.seams.rows()
        for part in examined.values():
            tables |= {f"adversarial_{name}": rows for name, rows in part.tables().items()}
        tables["adversarial_scope"] = [
            each._asdict() for part in examined.values() for each in part.looked()
        ]
        return tables

    def _summary(self, examined: Examined) -> Row:
        figures: dict[str, Any] = {}
        for part in PARTS:
            none = {column.name: UNEXAMINED for column in part.FIGURES}
            figures |= examined[part].figures() if part in examined else none
        crossed, there = self.seams.total("crossed"), self.seams.total("seams")
        share = ratio(crossed, there, "no span of ours was read")
        figures |= {"crossed_share": share, "limit": self.scope.limit, "seed": self.scope.seed}
        return figures | {"failed_rows": self.failed}

    def findings(self, beside: Beside[Self]) -> Iterable[Finding]:
        """Say where the tokenizer is at risk."""
        examined: Examined = {} if _is_corpus(beside.documents) else beside.examined or {}
        own = (finding for part in examined.values() for finding in part.findings())
        return [*own, *self.text.findings()]

    @classmethod
    def verdict(cls, rows: Sequence[Row]) -> str:
        """Name what is at risk, or say that nothing was found."""
        return verdict(rows[0]) if rows else "The tokenizer was not examined."


def _is_corpus(documents: Documents) -> bool:
    """Say whether a total is of a corpus, not of the texts the audit brings."""
    return bool(documents.rows + documents.failed)
