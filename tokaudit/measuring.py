"""Measuring: documents meet tokenizers, and what audits observe is added up."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa

from tokaudit import chunks, notes
from tokaudit.audits import Audit
from tokaudit.bag import Bag, Gathering
from tokaudit.batch import Batch, Ints, Keys
from tokaudit.census import Census
from tokaudit.corpus import Corpus
from tokaudit.errors import Unproven
from tokaudit.meeting import Meeting, telling
from tokaudit.plan import Plan
from tokaudit.reads import read_all
from tokaudit.sorting import Piece
from tokaudit.tokenizer import Chunking, Tokenizer
from tokaudit.totals import Key, Totals
from tokaudit.words import Segmenter

HOW = ("lines", "spaced", "bare", "whole")  # ways to read, by the chunks they can do with
HELD = 4  # documents are gathered until they take this part of the memory
OnRows = Callable[[Tokenizer, int], None]
OnLook = Callable[[Tokenizer], None]


def unheard(tokenizer: Tokenizer, rows: int) -> None:
    """Tell nobody how many rows were read."""


def unseen(tokenizer: Tokenizer) -> None:
    """Tell nobody which tokenizer is examined."""


@dataclass(frozen=True)
class Measuring:
    """What is measured by whom: `audits` by name, and tokenizers in the order of the report.

    `on_rows` hears how many rows a tokenizer has read, `on_look` which one is examined itself.
    """

    audits: Mapping[str, type[Audit]]
    tokenizers: Sequence[Tokenizer]
    segmenter: Segmenter
    on_rows: OnRows = unheard
    on_look: OnLook = unseen

    def corpus(self, corpus: Corpus, plan: Plan, memory: int) -> Totals:
        """Stream a corpus and add everything up, in about `memory` bytes.

        A tokenizer for which a short cut turns out unproven is left out of all totals.
        """
        totals = Totals(alignment=plan.alignment)
        before = self._compared()
        for bag in self._bags(corpus, plan, totals, memory // HELD):
            if bag.drawn:
                self._meet(totals, bag, self._believed(totals, *HOW))
                continue
            if readers := self._believed(totals, "lines"):
                self._meet(totals, bag, readers)
            if readers := self._believed(totals, "spaced", "bare"):
                self._meet(totals, bag.spaced(), readers)
            if readers := self._believed(totals, "whole"):
                self._meet(totals, bag.whole(), readers)
        totals.compared += self._compared() - before
        totals.drop({found.spec for found in totals.unproven})
        return totals

    def probes(self) -> Totals:
        """Read the texts that audits bring along.

        A tokenizer whose fast engine turns out unproven is left out of all totals.
        """
        totals, before = Totals(), self._compared()
        for name, audit in self.audits.items():
            if batches := list(audit.probes()):
                for tokenizer in self.tokenizers:
                    self._probe(totals, name, tokenizer, batches)
        totals.compared += self._compared() - before
        totals.drop({found.spec for found in totals.unproven})
        return totals

    def _probe(
        self, totals: Totals, name: str, tokenizer: Tokenizer, batches: Sequence[Batch]
    ) -> None:
        try:
            with telling(tokenizer):
                for reading in read_all(tokenizer, batches):
                    observed = self.audits[name].observe(reading)
                    totals.add(Key(name, tokenizer.spec, reading.batch.lang), 0, observed)
                    self.on_rows(tokenizer, reading.batch.rows)
        except Unproven as found:
            totals.unproven.append(found)

    @property
    def reads_corpus(self) -> bool:
        """Say whether some audit wants the corpus."""
        return bool(self._readers)

    @property
    def chunking(self) -> dict[str, Chunking]:
        """Say by which chunks each tokenizer reads, by spec."""
        return {tokenizer.spec: tokenizer.chunking for tokenizer in self.tokenizers}

    @property
    def reads_sample(self) -> bool:
        """Say whether some audit wants a sample of documents."""
        return bool(self._samplers)

    @cached_property
    def _readers(self) -> dict[str, type[Audit]]:
        return {name: audit for name, audit in self.audits.items() if audit.reads_corpus}

    @cached_property
    def _samplers(self) -> dict[str, type[Audit]]:
        return {name: audit for name, audit in self.audits.items() if audit.reads_sample}

    def _compared(self) -> Counter[tuple[str, str]]:
        """Count the rows that fast engines have compared so far."""
        counters = ((t, getattr(t.engine, "compared", {})) for t in self.tokenizers)
        return Counter({(t.spec, t.engine.name): found.get("rows", 0) for t, found in counters})

    def _believed(self, totals: Totals, *how: str) -> list[Tokenizer]:
        """List the tokenizers that read by these chunks, and have done so without a fault."""
        differing = {found.spec for found in totals.unproven}
        chosen = (t for t in self.tokenizers if t.chunking.how in how)
        return [tokenizer for tokenizer in chosen if tokenizer.spec not in differing]

    def _bags(self, corpus: Corpus, plan: Plan, totals: Totals, limit: int) -> Iterator[Bag]:
        """Gather documents by language, and give them when they take `limit` bytes."""
        chunked = any(tokenizer.chunking.how != "whole" for tokenizer in self.tokenizers)
        cut = chunks.cut if chunked else chunks.uncut
        held: dict[str, Gathering] = {}
        for piece in corpus:
            _census(totals, piece)
            if not len(piece.texts):
                continue
            cohorts, keys = plan.alignment.cohorts_of(piece), plan.keys(piece)
            yield from self._drawn(plan, piece, cohorts, keys)
            gathering = held.setdefault(piece.lang, Gathering.nothing(piece.lang))
            gathering.add(piece.texts, cohorts, keys, cut)
            if sum(gathering.size for gathering in held.values()) > limit:
                yield from _emptied(held)
        yield from _emptied(held)

    def _drawn(self, plan: Plan, piece: Piece, cohorts: Ints, keys: Keys) -> Iterator[Bag]:
        """Give the documents of a piece that belong to the sample, if an audit wants one."""
        drawn = plan.drawn(piece.lang, keys)
        if drawn.any() and self._samplers:
            texts = piece.texts.filter(pa.array(drawn))
            size = plan.sizes[piece.lang]
            yield Bag.of_documents(piece.lang, texts, cohorts[drawn], keys[drawn], drawn=size)

    def _meet(self, totals: Totals, bag: Bag, tokenizers: Sequence[Tokenizer]) -> None:
        """Let tokenizers read a bag; what is found out about its chunks is found out once."""
        audits = self._samplers if bag.drawn else self._readers
        meetings = [Meeting.of(tokenizer, audits, bag) for tokenizer in tokenizers]
        for part, batch in bag.batches(self.segmenter):
            for meeting in meetings:
                batch = meeting.add(part, batch)  # noqa: PLW2901
        for meeting in meetings:
            again = meeting.close(totals)
            if again is not None and again.documents:
                self._meet(totals, again, [meeting.tokenizer])
            if not bag.drawn:
                rows = bag.documents - (again.documents if again else 0)
                self.on_rows(meeting.tokenizer, rows)
        notes.now("going on")


def _emptied(held: dict[str, Gathering]) -> Iterator[Bag]:
    """Make a bag of what was gathered of each language, and let go of it."""
    while held:
        yield held.pop(next(iter(held))).bag()


def _census(totals: Totals, piece: Piece) -> None:
    before = totals.census.get(piece.lang, Census())
    totals.census[piece.lang] = before + piece.census
