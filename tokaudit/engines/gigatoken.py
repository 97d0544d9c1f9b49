"""gigatoken: BPE ids an order of magnitude faster than the library a tokenizer comes from.

It would read the text of an added token as that token, and its Unicode is another than that of the
libraries it is held against, so rows that hold the one or show the other are for the reference.
"""

import base64
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from tokaudit.batch import running_total
from tokaudit.characters import newer
from tokaudit.charsmap import charsmap
from tokaudit.engines.sentencepiece import SentencePieceEngine
from tokaudit.engines.tiktoken import TiktokenEngine
from tokaudit.engines.tokenizers import TokenizersEngine
from tokaudit.tokenizer import Ids, Tokenizer

if TYPE_CHECKING:
    import gigatoken

# gigatoken knows a pattern by name; that it is the right one is proven like all else.
PATTERNS = {
    "gpt2": "gpt2",
    "r50k_base": "gpt2",
    "p50k_base": "gpt2",
    "cl100k_base": "cl100k",
    "o200k_base": "o200k",
    "o200k_harmony": "o200k",
}
MOST = 32 * 2**20  # bytes of text, of which it keeps up to ten times as much in memory
AGREED = "14.0"  # of Unicode: all libraries classify and normalise its characters alike
TEKKEN = "nemotron"  # what gigatoken calls Tekken's pattern, of other encodings the likeliest


class Backend:
    """A `gigatoken.Tokenizer`, made anew after `MOST` bytes: it remembers every word it has met."""

    def __init__(self, make: "Callable[[], gigatoken.Tokenizer]") -> None:
        """Make the first one."""
        self.make = make
        self.made, self.read = make(), 0

    def encode(self, texts: pa.LargeStringArray) -> Any:
        """Give the ids of each text as an awkward array."""
        import awkward

        if self.read > MOST:
            self.made, self.read = self.make(), 0
        self.read += texts.nbytes
        return self.made.encode_batch(awkward.from_arrow(texts))


@dataclass(frozen=True, eq=False)
class GigatokenEngine:
    """gigatoken over a vocabulary; `first` is the id of its rank 0."""

    backend: Backend
    first: int = 0
    name: str = "gigatoken"
    version: str = field(default_factory=lambda: version("gigatoken"))

    def encode(self, texts: pa.LargeStringArray) -> Ids:
        """Encode, the texts of added tokens as those tokens."""
        import awkward

        found = self.backend.encode(texts)
        ids = np.asarray(awkward.flatten(found)).astype(np.int64)
        return Ids(ids + self.first, running_total(np.asarray(awkward.num(found))))

    def place(self, texts: pa.LargeStringArray) -> None:
        """It has no offsets to give."""


def of(tokenizer: Tokenizer) -> tuple[GigatokenEngine, str]:
    """Give an engine, and an expression for what it may read otherwise than the reference.

    Raises TypeError and whatever gigatoken does.
    """
    openings = map(re.escape, _openings(tokenizer))
    return _engine(tokenizer), "|".join([newer(AGREED), *openings])


def _engine(tokenizer: Tokenizer) -> GigatokenEngine:
    import gigatoken

    engine = tokenizer.engine
    if isinstance(engine, TokenizersEngine):
        backend = engine.backend
        return GigatokenEngine(Backend(lambda: gigatoken.Tokenizer(backend)))
    if isinstance(engine, SentencePieceEngine):
        if charsmap(tokenizer.settings):
            raise TypeError("gigatoken knows no rules of normalisation")
        proto = engine.processor.serialized_model_proto()
        return GigatokenEngine(Backend(lambda: gigatoken.Tokenizer.from_sentencepiece(proto)))
    if isinstance(engine, TiktokenEngine):
        encoding = engine.encoding
        return GigatokenEngine(Backend(lambda: _from_ranks(encoding)), _ranks(encoding)[0])
    raise TypeError(f"gigatoken cannot be made from {engine.name}")


def _ranks(encoding: Any) -> list[int]:
    """List the ids that are not special tokens' (some of them may be nobody's)."""
    special = {encoding.encode_single_token(token) for token in encoding.special_tokens_set}
    return sorted(set(range(encoding.max_token_value + 1)) - special)


def _from_ranks(encoding: Any) -> "gigatoken.Tokenizer":
    """Hand ranks over as the file that gigatoken reads, from 0 on; special tokens stay out."""
    import gigatoken

    ids = _ranks(encoding)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "ranks.tiktoken")
        with path.open("wb") as file:
            for rank in ids:
                try:
                    token = encoding.decode_single_token_bytes(rank)
                except KeyError:  # ids may have gaps
                    continue
                file.write(base64.b64encode(token) + b" %d\n" % (rank - ids[0]))
        pattern = PATTERNS.get(encoding.name, TEKKEN)
        return gigatoken.Tokenizer.from_tiktoken(path, pattern, {})


def _openings(tokenizer: Tokenizer) -> tuple[str, ...]:
    """List how tokens begin that only one of the two reads as one, wherever it stands in text.

    Two letters are enough to find every row that holds one, and are few even for a thousand. Raises
    TypeError for a piece that may begin with the space that is put before a text.
    """
    vocabulary = tokenizer.vocabulary
    chosen = vocabulary.special | (vocabulary.ids == vocabulary.unknown)
    chosen[tokenizer.user_defined] = True
    texts = [text.decode() for text in vocabulary.texts.filter(pa.array(chosen)).to_pylist()]
    if any(text.startswith(" ") for text in texts):
        raise TypeError("gigatoken leaves out pieces that users gave, and one begins with a space")
    return tuple(sorted({text[:2] for text in texts if text}))
