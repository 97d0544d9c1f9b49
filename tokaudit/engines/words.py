"""WordPiece word by word: `tokenizers` encodes each distinct word once, many of them in one text.

Behind BertPreTokenizer a text's ids are those of its words, joined: white space, punctuation and
Han characters stand alone whatever is beside them, and nothing looks beyond them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import regex

from tokaudit.batch import Ints, Mask, running_total, stretches
from tokaudit.engines.tokenizers import TokenizersEngine
from tokaudit.spelling import parts
from tokaudit.tokenizer import Ids, Placed, Tokenizer

Tokens = npt.NDArray[np.int64]  # a row for each: an id, or an id, its first byte and its last
Find = Callable[[Sequence[str]], tuple[Tokens, Ints]]

SEPARATOR = "|"  # stands alone, and no other character becomes it
JOINED = 64  # words in one text
REMEMBERED = 2**18  # distinct words, about 50 MB
STAGES = {"normalizer": ("BertNormalizer",), "pre_tokenizer": ("BertPreTokenizer",)}
# Which of these stand alone depends on the library's Unicode: it is asked.
LIKELY = regex.compile(r"[ \t\n\r\p{P}$+<=>^`|~\p{Han}]")
SEARCHED = (*range(0xD800), *range(0xE000, 0x10000))


class Memory:
    """The tokens of words that `find` was asked about, until there are too many of them."""

    def __init__(self, find: Find) -> None:
        """Begin with no word."""
        self.find = find
        self.places: dict[str, int] = {}
        self.sizes: Ints = np.zeros(0, np.int64)
        self.tokens: Tokens | None = None

    def of(self, words: Sequence[str]) -> tuple[Ints, Ints]:
        """Say where in `tokens` those of each word begin, and how many they are."""
        if len(self.places) > REMEMBERED:
            self.places, self.sizes, self.tokens = {}, self.sizes[:0], None
        new = [word for word in words if word not in self.places]
        if new or self.tokens is None:
            tokens, sizes = self.find(new)
            self.places.update(zip(new, count(len(self.places)), strict=False))
            self.sizes = np.concatenate([self.sizes, sizes])
            self.tokens = tokens if self.tokens is None else np.concatenate([self.tokens, tokens])
        places = np.fromiter(map(self.places.__getitem__, words), np.int64, len(words))
        return running_total(self.sizes)[places], self.sizes[places]


@dataclass(frozen=True, eq=False)
class WordsEngine:
    """A WordPiece tokenizer in whose texts the characters that are marked `alone` stand alone."""

    reference: TokenizersEngine
    alone: Mask
    ids: Memory
    spans: Memory
    name: str = "tokenizers by words"
    version: str = TokenizersEngine.version

    @classmethod
    def over(cls, reference: TokenizersEngine, alone: Mask) -> "WordsEngine":
        """Begin with nothing in memory."""
        return cls(reference, alone, Memory(_joined(reference)), Memory(_placed(reference)))

    def encode(self, texts: pa.LargeStringArray) -> Ids:
        """Encode without special tokens; raises EngineFailed."""
        tokens, _, offsets = self._tokens(texts, self.ids)
        return Ids(tokens[:, 0], offsets)

    def place(self, texts: pa.LargeStringArray) -> Placed:
        """Encode with offsets."""
        tokens, begins, offsets = self._tokens(texts, self.spans)
        return Placed(Ids(tokens[:, 0], offsets), tokens[:, 1] + begins, tokens[:, 2] + begins)

    def _tokens(self, texts: pa.LargeStringArray, memory: Memory) -> tuple[Tokens, Ints, Ints]:
        """Give all tokens, the byte of its text at which each one's word begins, and offsets."""
        words, firsts, begins = self._cut(texts)
        counted = words.dictionary_encode()
        places, sizes = memory.of(counted.dictionary.to_pylist())
        codes = counted.indices.to_numpy()
        own = sizes[codes]
        tokens = memory.tokens[stretches(places[codes], own)]  # type: ignore[index]
        return tokens, np.repeat(begins, own), running_total(own)[firsts]

    def _cut(self, texts: pa.LargeStringArray) -> tuple[pa.LargeStringArray, Ints, Ints]:
        """Give the words of texts, each text's first (texts + 1 numbers), each word's first byte.

        The bytes count from the beginning of a word's text.
        """
        raw = np.frombuffer(texts.buffers()[1] or bytes(8), np.int64)
        raw = raw[texts.offset : texts.offset + len(texts) + 1]
        offsets = raw - raw[0]
        data = np.frombuffer(texts.buffers()[2] or b"", np.uint8)[raw[0] : raw[-1]]
        bounds = self._bounds(data, offsets)
        words = pa.LargeStringArray.from_buffers(
            bounds.size - 1, pa.py_buffer(bounds), pa.py_buffer(data)
        )
        firsts = np.searchsorted(bounds, offsets)
        return words, firsts, bounds[:-1] - np.repeat(offsets[:-1], np.diff(firsts))

    def _bounds(self, data: npt.NDArray[np.uint8], offsets: Ints) -> Ints:
        """Find where words begin and end: at the texts' ends, before and after what is alone."""
        letters = np.frombuffer(data.tobytes().decode().encode("utf-32-le"), np.uint32)
        alone = self.alone[letters]
        alone[1:] |= alone[:-1]
        border = np.zeros(data.size + 1, np.bool_)
        border[np.flatnonzero((data & 0xC0) != 0x80)[alone]] = True
        border[offsets] = True
        return np.flatnonzero(border)


def of(tokenizer: Tokenizer) -> tuple[WordsEngine, str]:
    """Give an engine; raises TypeError if texts may not be read word by word."""
    engine, settings = tokenizer.engine, tokenizer.settings
    stages = {key: tuple(step["type"] for step in parts(settings, key)) for key in STAGES}
    matched = any(not token["special"] for token in settings.get("added_tokens") or ())
    if not isinstance(engine, TokenizersEngine) or stages != STAGES or matched:
        raise TypeError(f"{tokenizer.spec} does not read word by word")
    if tokenizer.algorithm != "WordPiece":
        raise TypeError(f"nothing is known of how {tokenizer.algorithm} reads words")
    return WordsEngine.over(engine, _alone(engine)), ""


def _alone(engine: TokenizersEngine) -> Mask:
    """Mark the characters, by code point, that the pipeline parts from letters on both sides."""
    normalizer, cut = engine.backend.normalizer, engine.backend.pre_tokenizer.pre_tokenize_str
    table = np.zeros(0x110000, np.bool_)
    for letter in LIKELY.findall("".join(map(chr, SEARCHED))):
        found = [word for word, _ in cut(normalizer.normalize_str(f"a{letter}a"))]
        table[ord(letter)] = len(found) > 1 and found[0] == found[-1] == "a"
    return table


def _joined(engine: TokenizersEngine) -> Find:
    """Encode words joined by a separator whose id, in what comes back, tells where they end.

    Where it is found too often (it is a word, or its id is the unknown token's), the words of that
    text are encoded alone.
    """
    border = engine.encode(pa.array([SEPARATOR], pa.large_string())).ids

    def find(words: Sequence[str]) -> tuple[Tokens, Ints]:
        groups = [words[i : i + JOINED] for i in range(0, len(words), JOINED)]
        texts = [SEPARATOR.join([*group, ""]) for group in groups]
        found = engine.encode(pa.array(texts, pa.large_string()))
        ends, joined = found.ids == border, np.array([len(group) for group in groups], np.int64)
        parted = np.diff(running_total(ends)[found.offsets]) == joined
        kept = np.repeat(parted, np.diff(found.offsets))
        sizes = np.diff(np.flatnonzero(ends[kept]), prepend=-1) - 1
        tokens = found.ids[kept & ~ends, None]
        if parted.all():
            return tokens, sizes
        known = np.repeat(parted, joined)
        alone = engine.encode(pa.array(words, pa.large_string()).filter(pa.array(~known)))
        # Both in the order of the words again.
        order = np.argsort(np.concatenate([np.flatnonzero(known), np.flatnonzero(~known)]))
        sizes = np.concatenate([sizes, np.diff(alone.offsets)])
        both = np.concatenate([tokens, alone.ids[:, None]])
        return both[stretches(running_total(sizes)[:-1][order], sizes[order])], sizes[order]

    return find


def _placed(engine: TokenizersEngine) -> Find:
    """Encode words with offsets."""

    def find(words: Sequence[str]) -> tuple[Tokens, Ints]:
        found = engine.place(pa.array(words, pa.large_string()))
        tokens = np.stack([found.ids.ids, found.starts, found.ends], axis=1)
        return tokens, np.diff(found.ids.offsets)

    return find
