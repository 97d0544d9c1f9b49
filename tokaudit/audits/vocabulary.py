"""What does this vocabulary hold, which of it can text yield, and what of Unicode does it lack?

An id that no text yields is a row of the embedding that is never trained, and a prompt that forces
it out of a model gets noise back. A character without a token costs several, or is lost. Read
`wasted` for ids that the tokenizer's own rules shut out, `characters_lost` for characters of
Unicode that come back as something else, and the classes for what the places were spent on.

Every id is in one class, so shares add up to 1. *Reachable* has a witness, a text that the engine
was seen to encode to this id; *unreachable* has a proof, a rule that no context escapes; *not
found* has neither, only the number of texts that were tried. Characters and emoji are read alone:
their figures say what a tokenizer can write, not what it writes in running text. Private use is
not read. Suspicious entries are found by pattern: a hint where training text came from.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import pyarrow as pa

from tokaudit import compat, repertoire
from tokaudit.audits import Audit, Beside, Row, count, figure, label
from tokaudit.batch import NO_LANGUAGE, Batch
from tokaudit.characters import UNICODE_VERSION
from tokaudit.fates import FATES
from tokaudit.findings import Finding
from tokaudit.histogram import Histogram
from tokaudit.holdings import Holdings, holdings
from tokaudit.reading import Reading
from tokaudit.remarks import remarks
from tokaudit.text import Absent, ratio
from tokaudit.tokenizer import Tokenizer

UNEXAMINED = Absent("the vocabulary was not examined")
UNREAD = Absent("no character was read")
COUNTS = [
    count("ids", "ids in the vocabulary"),
    count("control_ids", "ids that are control tokens, the unknown token, or stand for no text"),
    count("byte_ids", "ids that are a byte and no character"),
    count("partial_ids", "ids of several bytes that begin or end within a character"),
    count("reachable", "ids that some text was seen to yield", "higher"),
    count("unreachable", "ids that no text yields, by proof; control tokens apart", "lower"),
    count("not_found", "ids that no text tried yields, though nothing forbids them", "lower"),
    count("wasted", "unreachable ids that no design asks for (idle bytes apart)", "lower"),
    count("duplicates", "ids whose bytes are also another id's, in the same role", "lower"),
    count("space_pairs", "ids whose text behind a space is also an id"),
    count("several_words", "ids whose text has white space between letters or numbers"),
    count("utf8_bytes", "of the 243 bytes that occur in UTF-8, those that are an id"),
    count("foreign_bytes", "of the 13 bytes that never do (C0, C1, F5 to FF), those that are"),
]
SHARED = [count("ids", "ids"), figure("share", "of all ids")]
FATE_COUNTS = [count(name, FATES[name]) for name in repertoire.CHARACTER_FATES]


@dataclass(frozen=True)
class Vocabulary(Audit):
    """What became of every character and emoji, counted."""

    found: Histogram = field(default_factory=Histogram)
    failed: int = 0

    reads_corpus: ClassVar = False
    headline = ("ids", "wasted", "not_found", "one_token_share", "characters_lost")
    glances: ClassVar = {
        "vocabulary_classes": ("class", "share"),
        "vocabulary_scripts": ("script", "ids"),
        "vocabulary_reach": ("verdict", "ids"),
        **{f"vocabulary_{name}": ("class", "ids") for name in compat.names()},
    }
    schemas: ClassVar = {
        "vocabulary": pa.schema(
            [
                *COUNTS,
                label("unicode", "version of Unicode that says which characters there are"),
                count("characters", "assigned characters read, private use apart"),
                count("characters_one_token", FATES["one_token"], "higher"),
                count("characters_lost", "characters unknown, dropped or changed", "lower"),
                figure("one_token_share", "characters that are one token / characters", "higher"),
                count("failed_rows", "texts the tokenizer could not encode, left out"),
            ]
        ),
        "vocabulary_classes": pa.schema([label("class", "position and content"), *SHARED]),
        "vocabulary_reach": pa.schema(
            [label("verdict", "verdict and reason"), *SHARED, label("examples", "the first ids")]
        ),
        "vocabulary_scripts": pa.schema(
            [
                label("script", "Unicode Script; `several`, and `none` where no character is seen"),
                *SHARED,
                count("characters", "assigned characters of the script"),
                *FATE_COUNTS,
                label("lost", "the first characters that are unknown, dropped or changed"),
            ]
        ),
        "vocabulary_blocks": pa.schema(
            [
                label("block", "Unicode Block"),
                count("characters", "assigned characters of the block"),
                *FATE_COUNTS,
            ]
        ),
        "vocabulary_sequences": pa.schema(
            [
                label("kind", "emoji sequences (UTS #51), decomposed letters (NFD), numbers 00-99"),
                label("script", "Unicode Script of the first character"),
                count("sequences", "sequences of this kind"),
                *(count(name, said) for name, said in FATES.items()),
            ]
        ),
        "vocabulary_lengths": pa.schema(
            [
                label("unit", "characters (of ids that are whole ones), or bytes"),
                count("length", "so many of them"),
                count("ids", "ids of this length, control tokens apart"),
            ]
        ),
        "vocabulary_oddities": pa.schema(
            [
                label("kind", "what is odd, by rule on the entry's own text"),
                count("ids", "ids of this kind"),
                label("examples", "the first ids"),
            ]
        ),
    }
    optional: ClassVar = {
        **{
            f"vocabulary_{name}": pa.schema([label("class", "class as published"), *SHARED])
            for name in compat.names()
        },
        "vocabulary_ids": pa.schema(
            [
                count("id", "the id"),
                label("bytes", "its bytes, in hexadecimal"),
                label("text", "its text, if its bytes are whole characters"),
                label("class", "position and content"),
                label("script", "Unicode Script"),
                label("verdict", "reachable, unreachable, not found"),
                label("reason", "the proof that no text yields it"),
                label("witness", "a text that yields it"),
                count("tried", "texts that were made for it"),
            ]
        ),
    }

    @classmethod
    def probes(cls) -> Iterable[Batch]:
        """Bring every character, emoji sequence, decomposed letter and two-digit number."""
        return [Batch.of(NO_LANGUAGE, repertoire.texts(), probe="repertoire")]

    @classmethod
    def examine(cls, tokenizer: Tokenizer) -> Holdings:
        """Look at the vocabulary itself."""
        return holdings(tokenizer)

    @classmethod
    def observe(cls, reading: Reading) -> Self:
        """Count rows that are a character or a sequence, by what became of them."""
        return cls(repertoire.count(reading), reading.failed)

    def rows(self, beside: Beside[Self]) -> Mapping[str, Iterable[Row]]:
        """Give a summary in one row, then what the vocabulary holds and what it meets."""
        held: Holdings | None = beside.examined
        tables = {
            "vocabulary": [self._summary(held)],
            "vocabulary_scripts": repertoire.script_rows(self.found, held.by_script())
            if held
            else (),
            "vocabulary_blocks": repertoire.block_rows(self.found),
            "vocabulary_sequences": repertoire.sequence_rows(self.found),
            **dict(_about(held, self.schemas)),
        }
        return {name: tables.get(name, ()) for name in self.schemas}

    def _summary(self, held: Holdings | None) -> dict[str, Any]:
        met = repertoire.of_all(self.found)
        total = sum(met.values())
        counts = held.summary() if held else dict.fromkeys((c.name for c in COUNTS), UNEXAMINED)
        return counts | {
            "unicode": UNICODE_VERSION,
            "characters": total,
            "characters_one_token": met["one_token"],
            "characters_lost": sum(met[fate] for fate in repertoire.LOST),
            "one_token_share": ratio(met["one_token"], total, UNREAD.reason),
            "failed_rows": self.failed,
        }

    def findings(self, beside: Beside[Self]) -> Iterable[Finding]:
        """Say what is wasted, what is lost, and what betrays where training text came from."""
        if beside.examined is not None:
            yield from remarks(beside.examined, repertoire.of_all(self.found))

    @classmethod
    def verdict(cls, rows: Sequence[Row]) -> str:
        """Say what share of the ids is of use and what share of Unicode is lost."""
        row = next(iter(rows), None)
        if row is None or row["ids"] is None or row["one_token_share"] is None:
            return "The vocabulary was not examined: there is nothing to say."
        lost, wasted = row["characters_lost"], row["wasted"]
        useless = (
            f"{wasted:,} can be yielded by no text though no design asks for them"
            if wasted
            else "none is wasted"
        )
        return (
            f"Of {row['ids']:,} ids {useless}; control tokens: {row['control_ids']:,}."
            f" Of {row['characters']:,} characters of Unicode {row['one_token_share']:.1%} are one"
            f" token and {f'{lost:,} are lost' if lost else 'none is lost'}."
        )


def _about(held: Holdings | None, tables: Iterable[str]) -> Iterator[tuple[str, Iterable[Row]]]:
    """Give the rows of those tables that are about the vocabulary alone."""
    if held is None:
        return
    for name in tables:
        about = name.removeprefix("vocabulary_")
        if about in compat.names():
            yield name, held.by_published(about)
        elif method := ABOUT.get(about):
            yield name, method(held)


ABOUT = {
    "classes": Holdings.by_class,
    "reach": Holdings.by_verdict,
    "lengths": Holdings.by_length,
    "oddities": Holdings.by_oddity,
    "ids": Holdings.by_id,
}
