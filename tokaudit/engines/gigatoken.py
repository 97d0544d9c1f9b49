"""gigatoken: BPE ids an order of magnitude faster, used only as far as they are proven right.

Ids are compared with the reference engine's on the fixed probes before it is used at all, then on
the first rows of every batch and on a random share of all others. Rows that
hold the text of an added token go to the reference engine: gigatoken would read it as the token.
"""

import base64
import tempfile
from collections import Counter
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tokaudit.batch import Ints, Mask, running_total, stretches
from tokaudit.engines import contained
from tokaudit.engines.sentencepiece import SentencePieceEngine
from tokaudit.engines.tiktoken import TiktokenEngine
from tokaudit.engines.tokenizers import TokenizersEngine
from tokaudit.errors import EngineFailed, Unproven
from tokaudit.text import show
from tokaudit.tokenizer import PROBES, Engine, Ids, Placed, Tokenizer

if TYPE_CHECKING:
    import gigatoken

FIRST_ROWS, SHARE = 4, 64  # compared: the first rows of a batch, and one row in so many
# gigatoken knows a pattern by name; that it is the right one is proven like all else.
PATTERNS = {
    "gpt2": "gpt2",
    "r50k_base": "gpt2",
    "p50k_base": "gpt2",
    "cl100k_base": "cl100k",
    "o200k_base": "o200k",
}


@dataclass(frozen=True, eq=False)
class GigatokenEngine:
    """A fast engine and the reference it is held against; raises Unproven where they differ.

    `compared["rows"]` counts what was compared so far.
    """

    spec: str
    reference: Engine
    backend: "gigatoken.Tokenizer"
    openings: tuple[str, ...]
    compared: Counter[str] = field(default_factory=Counter)
    name: str = "gigatoken"
    version: str = field(default_factory=lambda: version("gigatoken"))

    def encode(self, texts: pa.LargeStringArray) -> Ids:
        """Encode, compare a share of the rows, and raise Unproven at the first difference."""
        risky = self._risky(texts)
        if risky.all():
            return self.reference.encode(texts)
        try:
            with contained(self.name):
                found = self._fast(texts)
        except EngineFailed as error:  # the reference decides whether a text can be encoded
            raise Unproven(self.spec, self.name, str(error)) from error
        rows = np.flatnonzero(_sample(texts) & ~risky)
        self._compare(texts, found, rows)
        return _patched(found, np.flatnonzero(risky), self.reference, texts)

    def place(self, texts: pa.LargeStringArray) -> Placed | None:
        """Only the reference has offsets."""
        return self.reference.place(texts)

    def decode(self, found: Ids) -> pa.LargeBinaryArray:
        """Only the reference decodes."""
        return self.reference.decode(found)

    def _fast(self, texts: pa.LargeStringArray) -> Ids:
        import awkward

        found = self.backend.encode_batch(awkward.from_arrow(texts))
        ids = np.asarray(awkward.flatten(found)).astype(np.int64)
        offsets = np.concatenate([[0], np.cumsum(np.asarray(awkward.num(found)))])
        return Ids(ids, offsets.astype(np.int64))

    def _risky(self, texts: pa.LargeStringArray) -> Mask:
        risky = np.zeros(len(texts), np.bool_)
        for opening in self.openings:
            found = pc.match_substring(texts, opening).to_numpy(zero_copy_only=False)
            risky |= found.astype(np.bool_)
        return risky

    def _compare(self, texts: pa.LargeStringArray, found: Ids, rows: Ints) -> None:
        expected = self.reference.encode(texts.take(pa.array(rows)))
        for place, row in enumerate(rows.tolist()):
            if not np.array_equal(_of(found, row), _of(expected, place)):
                raise Unproven(self.spec, self.name, show(texts[row].as_py()))
        self.compared["rows"] += rows.size


def faster(tokenizer: Tokenizer) -> Tokenizer:
    """Give the tokenizer gigatoken's engine, or give it back where that is not possible.

    It is not where gigatoken is missing, does not know the algorithm, or differs on the probes.
    """
    probes = [pa.array([probe], pa.large_string()) for probe in PROBES]
    try:
        with contained("gigatoken"):
            backend = _backend(tokenizer.engine)
            opened = _openings(tokenizer)
            engine = GigatokenEngine(tokenizer.spec, tokenizer.engine, backend, opened)
            found = [engine._fast(probe) for probe in probes]
        for probe, ids in zip(probes, found, strict=True):
            engine._compare(probe, ids, np.flatnonzero(~engine._risky(probe)))
    except (EngineFailed, Unproven):
        return tokenizer
    return replace(tokenizer, engine=engine)


def _backend(engine: Engine) -> "gigatoken.Tokenizer":
    import gigatoken

    if isinstance(engine, TokenizersEngine):
        return gigatoken.Tokenizer(engine.backend)
    if isinstance(engine, SentencePieceEngine):
        return gigatoken.Tokenizer.from_sentencepiece(engine.processor.serialized_model_proto())
    if isinstance(engine, TiktokenEngine) and engine.encoding.name in PATTERNS:
        return _from_ranks(engine.encoding)
    raise TypeError(f"gigatoken cannot be made from {engine.name}")


def _from_ranks(encoding: Any) -> "gigatoken.Tokenizer":
    """Hand ranks over as the file that gigatoken reads; special tokens stay out."""
    import gigatoken

    special = {encoding.encode_single_token(token) for token in encoding.special_tokens_set}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "ranks.tiktoken")
        with path.open("wb") as file:
            for rank in sorted(set(range(encoding.max_token_value + 1)) - special):
                try:
                    token = encoding.decode_single_token_bytes(rank)
                except KeyError:  # ids may have gaps
                    continue
                file.write(base64.b64encode(token) + b" %d\n" % rank)
        return gigatoken.Tokenizer.from_tiktoken(path, PATTERNS[encoding.name], {})


def _openings(tokenizer: Tokenizer) -> tuple[str, ...]:
    """List how tokens begin that gigatoken reads as one and the reference reads as text.

    Two letters are enough to find every row that holds one, and are few even for a thousand.
    """
    vocabulary = tokenizer.vocabulary
    chosen = vocabulary.special | (vocabulary.ids == vocabulary.unknown)
    texts = (text.decode() for text in vocabulary.texts.filter(pa.array(chosen)).to_pylist())
    return tuple(sorted({text[:2] for text in texts if text}))


def _sample(texts: pa.LargeStringArray) -> Mask:
    """Choose the first rows and a random share of the others, for the same batch the same."""
    dice = np.random.default_rng((len(texts), texts.offset))
    chosen = dice.integers(SHARE, size=len(texts)) == 0
    chosen[:FIRST_ROWS] = True
    return np.asarray(chosen)


def _of(found: Ids, row: int) -> Ints:
    return found.ids[found.offsets[row] : found.offsets[row + 1]]


def _patched(found: Ids, rows: Ints, reference: Engine, texts: pa.LargeStringArray) -> Ids:
    """Replace the ids of some rows by the reference's."""
    if not rows.size:
        return found
    right = reference.encode(texts.take(pa.array(rows)))
    begins, sizes = found.offsets[:-1].copy(), np.diff(found.offsets)
    begins[rows], sizes[rows] = right.offsets[:-1] + found.ids.size, np.diff(right.offsets)
    both = np.concatenate([found.ids, right.ids])
    return Ids(both[stretches(begins, sizes)], running_total(sizes))
