"""A meeting: one tokenizer reads one bag of documents, and audits observe what it reads."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from tokaudit.audits import Audit
from tokaudit.bag import Bag, Documents
from tokaudit.batch import Batch, Mask
from tokaudit.errors import EngineFailed, Unproven
from tokaudit.reading import read
from tokaudit.safety import BY_CHUNKS, different, sample
from tokaudit.text import show
from tokaudit.tokenizer import Tokenizer
from tokaudit.totals import Key, Totals

FIRST, SHARE = 2, 256  # compared: a bag's first documents, and one in so many


@dataclass(eq=False)
class Meeting:
    """What one tokenizer makes of one bag: `altered` and `refused` mark chunks."""

    tokenizer: Tokenizer
    audits: Mapping[str, type[Audit]]
    bag: Bag
    altered: Mask
    refused: Mask
    totals: Totals = field(default_factory=Totals)
    unproven: Unproven | None = None

    @classmethod
    def of(cls, tokenizer: Tokenizer, audits: Mapping[str, type[Audit]], bag: Bag) -> Self:
        """Begin, and compare some documents if the tokenizer reads them by chunks."""
        size = len(bag.chunks)
        meeting = cls(tokenizer, audits, bag, np.zeros(size, np.bool_), np.zeros(size, np.bool_))
        if tokenizer.chunking.how != "whole":
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
            reading = read(self.tokenizer, batch)
        except Unproven as found:
            self.unproven = found
            return batch
        kept = np.delete(np.arange(part.start, part.stop), reading.refused)
        self.refused[part.start + reading.refused] = True
        self.altered[kept] = reading.altered
        for cohort, weights in self.bag.weights.items():
            reading = reading.weighted(weights[kept])
            for name, audit in self.audits.items():
                key = Key(name, self.tokenizer.spec, batch.lang)
                self.totals.add(key, cohort, audit.observe(reading))
        return batch if reading.refused.size else reading.batch

    def close(self, totals: Totals) -> Bag | None:
        """Hand over what was added up; give the documents to read again, if some were refused.

        What a tokenizer refuses costs the documents that hold it, and no other.
        """
        spec, bag = self.tokenizer.spec, self.bag
        if self.unproven:
            totals.unproven.append(self.unproven)
            return None
        if not self.refused.any():
            self._count(bag.holding(self.altered))
            totals.take_in(self.totals)
            return None
        lost = bag.holding(self.refused)
        for cohort, failed in bag.count(lost).items():
            totals.count(spec, bag.lang, cohort, Documents(failed=failed))
            for name, audit in self.audits.items():
                totals.add(Key(name, spec, bag.lang), cohort, audit())
        return bag.select(~lost)

    def _count(self, altered: Mask) -> None:
        rows = self.bag.count(np.ones_like(altered))
        for cohort, changed in self.bag.count(altered).items():
            counted = Documents(rows[cohort], changed)
            self.totals.count(self.tokenizer.spec, self.bag.lang, cohort, counted)
