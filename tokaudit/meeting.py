"""A meeting: one tokenizer reads one bag of documents, and audits observe what it reads."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from tokaudit.audits import Audit
from tokaudit.bag import GROUPS, Bag, Documents
from tokaudit.batch import Batch, Ints, Mask
from tokaudit.documents import lengths
from tokaudit.errors import EngineFailed, TokenizerLost, Unproven
from tokaudit.reading import Reading
from tokaudit.reads import read
from tokaudit.safety import BY_CHUNKS, different, sample
from tokaudit.text import show
from tokaudit.tokenizer import Tokenizer
from tokaudit.totals import Key, Totals

FIRST, SHARE = 2, 256  # compared: a bag's first documents, and one in so many


@contextmanager
def telling(tokenizer: Tokenizer) -> Iterator[None]:
    """Tell whose engine it was that failed where it must not; raises TokenizerLost."""
    try:
        yield
    except EngineFailed as error:
        raise TokenizerLost(tokenizer.spec, str(error)) from error


@dataclass(eq=False)
class Meeting:
    """What one tokenizer makes of one bag.

    `altered` and `refused` mark chunks, `tokens` counts theirs.
    """

    tokenizer: Tokenizer
    audits: Mapping[str, type[Audit]]
    bag: Bag
    altered: Mask
    refused: Mask
    tokens: Ints
    totals: Totals = field(default_factory=Totals)
    unproven: Unproven | None = None

    @classmethod
    def of(cls, tokenizer: Tokenizer, audits: Mapping[str, type[Audit]], bag: Bag) -> Self:
        """Begin, and compare some documents if the tokenizer reads them by chunks."""
        size = len(bag.chunks)
        altered, refused = np.zeros(size, np.bool_), np.zeros(size, np.bool_)
        meeting = cls(tokenizer, audits, bag, altered, refused, np.zeros(size, np.int64))
        if tokenizer.chunking.how != "whole" and not bag.drawn:
            meeting._compare(sample(bag, FIRST, SHARE))
        return meeting

    def _compare(self, some: Bag) -> None:
        spec = self.tokenizer.spec
        try:
            text = different(self.tokenizer, some)
        except Unproven as found:
            self.unproven = found
        except EngineFailed:  # which chunk it was comes to light when all of them are read
            return
        else:
            self.totals.compared[spec, BY_CHUNKS] += some.documents
            self.unproven = None if text is None else Unproven(spec, BY_CHUNKS, show(text))

    def add(self, part: slice, batch: Batch) -> Batch:
        """Read a batch of the bag's chunks; give it back with what has become known about it."""
        if self.unproven:
            return batch
        try:
            with telling(self.tokenizer):
                reading = read(self.tokenizer, batch)
        except Unproven as found:
            self.unproven = found
            return batch
        self.refused[part.start + reading.refused] = True
        if self.refused.any():  # the documents without these chunks are read again
            return batch
        self.altered[part] = reading.altered
        self.tokens[part] = reading.tokens
        with telling(self.tokenizer):
            for name, audit in self.audits.items():
                self._observe(Key(name, self.tokenizer.spec, batch.lang), audit, part, reading)
        return reading.batch

    def _observe(self, key: Key, audit: type[Audit], part: slice, reading: Reading) -> None:
        """Let an audit observe a reading of these chunks, for each cohort of documents."""
        if self.bag.drawn:
            for cohort, weights in self.bag.weights.items():
                self.totals.add(key, cohort, audit.sampled(reading.weighted(weights[part])))
            return
        if audit.grouped:
            for cohort, sums in self._grouped(part, np.stack(audit.per_row(reading), axis=1)):
                self.totals.add_groups(key, cohort, sums)
        for cohort, weights in self.bag.weights.items():
            self.totals.add(key, cohort, audit.observe(reading.weighted(weights[part])))

    def _grouped(self, part: slice, values: Ints) -> Iterator[tuple[int, Ints]]:
        """Add up what each row has, shape (rows, fields), by group of documents."""
        found: dict[int, Ints] = {}
        for (cohort, group), (chunks, counts) in self.bag.groups.items():
            first, last = np.searchsorted(chunks, [part.start, part.stop])
            sums = found.setdefault(cohort, np.zeros((GROUPS, values.shape[1]), np.int64))
            sums[group] = counts[first:last] @ values[chunks[first:last] - part.start]
        return ((cohort, sums.reshape(-1)) for cohort, sums in found.items())

    def close(self, totals: Totals) -> Bag | None:
        """Hand over what was added up; give the documents to read again, if some were refused.

        What a tokenizer refuses costs the documents that hold it, and no other.
        """
        if self.unproven:
            totals.unproven.append(self.unproven)
            return None
        if self.refused.any():
            return self._without(self.bag.holding(self.refused), totals)
        if not self.bag.drawn:
            self._count(self.bag.holding(self.altered))
            self._observe_documents()
        totals.take_in(self.totals)
        return None

    def _observe_documents(self) -> None:
        asking = {name: audit for name, audit in self.audits.items() if audit.reads_documents}
        for cohort, documents in lengths(self.bag, self.tokens) if asking else ():
            for name, audit in asking.items():
                key = Key(name, self.tokenizer.spec, self.bag.lang)
                self.totals.add(key, cohort, audit.of_documents(documents))

    def _without(self, lost: Mask, totals: Totals) -> Bag:
        """Count documents that were refused, and give the others."""
        spec, bag = self.tokenizer.spec, self.bag
        for cohort, failed in bag.count(lost).items() if not bag.drawn else ():
            totals.count(spec, bag.lang, cohort, Documents(failed=failed))
            for name, audit in self.audits.items():
                totals.add(Key(name, spec, bag.lang), cohort, audit())
        return bag.select(~lost)

    def _count(self, altered: Mask) -> None:
        rows = self.bag.count(np.ones_like(altered))
        for cohort, changed in self.bag.count(altered).items():
            counted = Documents(rows[cohort], changed)
            self.totals.count(self.tokenizer.spec, self.bag.lang, cohort, counted)
