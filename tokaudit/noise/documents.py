"""Noisy documents: some drawn documents of a batch, cut short, in every variant of noise."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from tokaudit.batch import Batch, Ints, Keys, Mask, Spans, running_total
from tokaudit.noise.chance import chosen
from tokaudit.noise.noisy import Noisy, noisy, variants
from tokaudit.noise.written import Written

DOCUMENTS = 100  # of a language, about: as many drawn documents are made noisy
CHARACTERS = 300  # of each, from its beginning


@dataclass(frozen=True, eq=False)
class NoisyDocuments:
    """Documents `clean`, which were `rows` of their batch, and `texts` made of them.

    Text t is document `document[t]` in the variant `variant[t]` with so many `edits`. The words of
    a document lie in `words` of the clean batch; those of text t begin at `first[t]` in `starts`
    and `ends`, bytes of the text itself, and `touched` marks words with an edit inside.
    """

    rows: Ints
    clean: Batch
    texts: Sequence[str]
    document: Ints
    variant: Ints
    edits: Ints
    word: Ints
    first: Ints
    starts: Ints
    ends: Ints
    touched: Mask

    @property
    def keys(self) -> Keys:
        """The hash of each document."""
        return drawn_keys(self.clean)


def noisy_documents(batch: Batch) -> NoisyDocuments:
    """Make documents noisy, once for all tokenizers."""
    return batch.once(_noisy_documents)


def _noisy_documents(batch: Batch) -> NoisyDocuments:
    share = DOCUMENTS / max(batch.drawn, 1)
    rows = np.flatnonzero(chosen(drawn_keys(batch), "noise", share))
    clean = batch.take(rows)
    cut = pa.array([text[:CHARACTERS] for text in clean.texts.to_pylist()], pa.large_string())
    clean = replace(clean, texts=cut)
    return _gathered(rows, clean, list(_made(clean)))


def drawn_keys(batch: Batch) -> Keys:
    """Give the hash of each document of a batch; none, if they were not drawn."""
    return np.zeros(0, np.uint64) if batch.keys is None else batch.keys


@dataclass(frozen=True, eq=False)
class Made:
    """One text: its document, its variant, and its words (`word` counts those of the batch)."""

    document: int
    variant: int
    noisy: Noisy
    word: Ints
    words: Spans
    touched: Mask


def _made(clean: Batch) -> Iterator[Made]:
    place = {variant: i for i, variant in enumerate(variants())}
    leads = running_total((clean.data & 0xC0) != 0x80)
    first = np.searchsorted(clean.words.starts, clean.offsets)
    keys = drawn_keys(clean).tolist()
    for document, text in enumerate(clean.texts.to_pylist()):
        word = np.arange(first[document], first[document + 1])
        begin = leads[clean.offsets[document]]
        starts, ends = (leads[side[word]] - begin for side in clean.words)
        for variant, made in noisy(Written(tuple(text)), keys[document]):
            hits = running_total(made.hit)
            spans = Spans(made.starts[starts], made.starts[ends])
            touched = hits[ends] > hits[starts]
            yield Made(document, place[variant], made, word, spans, touched)


def _gathered(rows: Ints, clean: Batch, made: Sequence[Made]) -> NoisyDocuments:
    counts = np.array([each.word.size for each in made], np.int64)
    return NoisyDocuments(
        rows,
        clean,
        [each.noisy.text for each in made],
        np.array([each.document for each in made], np.int64),
        np.array([each.variant for each in made], np.int64),
        np.array([each.noisy.edits for each in made], np.int64),
        _joined([each.word for each in made]),
        running_total(counts),
        _joined([each.words.starts for each in made]),
        _joined([each.words.ends for each in made]),
        _joined([each.touched for each in made]).astype(np.bool_),
    )


def _joined(parts: Sequence[Ints] | Sequence[Mask]) -> Ints:
    return np.concatenate(parts) if parts else np.zeros(0, np.int64)
