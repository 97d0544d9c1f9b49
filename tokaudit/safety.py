"""Safety: whether a tokenizer gives a document the ids of its chunks, joined; a rule and a proof.

The rule looks at vocabulary and pipeline: no entry may hold a space after something visible, and
every stage must be known to look no further than a space. What the rule lets pass is encoded both
ways, whole and by chunks, over texts in which every kind of word end meets every kind of word
beginning; where a model sees more in a part than its letters' merges, the parts must be the same
too. Real rows are compared the same way all through a run (`by_chunks`).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import Any

import numpy as np
import pyarrow as pa

from tokaudit.bag import Bag, Gathering
from tokaudit.batch import NO_LANGUAGE, Ints, running_total, stretches
from tokaudit.crossing import BLANKS, crossings
from tokaudit.edges import meeting_texts
from tokaudit.engines.tokenizers import TokenizersEngine
from tokaudit.errors import EngineFailed
from tokaudit.reading import texts_read
from tokaudit.spelling import parts
from tokaudit.text import show
from tokaudit.tokenizer import PROBES, Chunking, Ids, Tokenizer
from tokaudit.words import default

# Stages that look no further than a space.
NORMALIZERS = {
    *("BertNormalizer", "Lowercase", "NFC", "NFD", "NFKC", "NFKD", "Nmt", "Precompiled"),
    *("Prepend", "Replace", "StripAccents"),
}
PRE_TOKENIZERS = {
    *("BertPreTokenizer", "ByteLevel", "Digits", "Metaspace", "Punctuation", "Split"),
    *("Whitespace", "WhitespaceSplit"),
}
BY_CHUNKS = "reading by chunks"
ADDED = 24  # tokens matched in text that are tried among the edges
SPACES = re.compile(r" *(\{\d*,?\d*\})?\+?|▁|\\s\+?")
CLASS = re.compile(r"\[(\\.|[^\]\\])*\]")
LOOKS_BACK = re.compile(r"\(\?<[=!]|\\b|\\B|\\G|\\A|\^")
# Ahead, to the end, to what was matched before, or to white space that does not come first.
LOOKS_ON = re.compile(r"\(\?[=!]|(?<!\\)\$|\\[zZ1-9]|\\k|(?<!^)(?<![|(])(?<!\(\?:)( |\\s)")
# An alternative of its own: white space up to the end, or to the last of it. Chunks end in none, or
# in one line end.
LAST_BLANKS = re.compile(r"(?<![^|])\\s\+\+?(\(\?!\\S\)|\$)(?![^|])")


def proven(tokenizer: Tokenizer) -> Tokenizer:
    """Give the tokenizer with what was found out about reading it chunk by chunk."""
    return replace(tokenizer, chunking=chunking(tokenizer.by_reference()))


def chunking(tokenizer: Tokenizer) -> Chunking:
    """Say by which chunks a tokenizer may be read, and why (or why not by others)."""
    if reasons := tuple(_objections(tokenizer)):
        return Chunking("whole", reasons)
    bag = _probes(tokenizer)
    differing = tuple(crossings(tokenizer, "line end"))
    for how in ("spaced", "bare") if differing else ("lines", "spaced", "bare"):
        tried = replace(tokenizer, chunking=Chunking(how))
        cut = bag if how == "lines" else bag.spaced()
        try:
            differs = _unlike(tried, cut)
        except EngineFailed as error:
            return Chunking("whole", (f"a probe could not be encoded: {error}",))
        if differs is None:
            said = f"no entry crosses a space, and {bag.documents} probes give the same ids"
            return Chunking(how, (said, *differing))
        differing = (differs,)
    return Chunking("whole", differing)


def _unlike(tokenizer: Tokenizer, bag: Bag) -> str | None:
    """Say what is not the same by chunks."""
    if (text := different(tokenizer, bag)) is not None:
        return f"by finer chunks other ids than whole for {show(text)}"
    if (text := _parted(tokenizer, bag)) is not None:
        return f"by finer chunks the model is handed other parts than whole for {show(text)}"
    return None


def different(tokenizer: Tokenizer, bag: Bag) -> str | None:
    """Encode documents whole, by the reference, and by chunks: give the first that differs."""
    whole = bag.whole().chunks
    expected, found = tokenizer.by_reference().encode(whole), by_chunks(tokenizer, bag)
    if np.array_equal(expected.ids, found.ids) and np.array_equal(expected.offsets, found.offsets):
        return None
    rows = range(bag.documents)
    same = (np.array_equal(_of(expected, row), _of(found, row)) for row in rows)
    return str(whole[next(row for row, equal in zip(rows, same, strict=True) if not equal)])


def _of(found: Ids, row: int) -> Ints:
    return found.ids[slice(*found.offsets[row : row + 2])]


def _parted(tokenizer: Tokenizer, bag: Bag) -> str | None:
    """Give the first document that a pre-tokenizer parts otherwise than its chunks.

    Asked only where the model sees more in a part than what its merges make of the letters.
    """
    engine = tokenizer.by_reference().engine
    if not isinstance(engine, TokenizersEngine) or not _weighs_parts(tokenizer):
        return None
    texts = (texts_read(tokenizer, batch).to_pylist() for _, batch in bag.batches(default()))
    parts_of = [engine.parts(chunk) for chunk in chain.from_iterable(texts)]
    for row, document in enumerate(bag.whole().chunks.to_pylist()):
        codes = bag.codes[slice(*bag.starts[row : row + 2])].tolist()
        if engine.parts(document) != list(chain.from_iterable(parts_of[c] for c in codes)):
            return str(document)
    return None


def _weighs_parts(tokenizer: Tokenizer) -> bool:
    marks = ("ignore_merges", "end_of_word_suffix", "continuing_subword_prefix")
    model = tokenizer.settings["model"]
    return "BPE" not in tokenizer.algorithm or any(model.get(mark) for mark in marks)


def by_chunks(tokenizer: Tokenizer, bag: Bag) -> Ids:
    """Give the ids of a bag's documents as its chunks' ids, joined."""
    encoded = [
        tokenizer.encode(texts_read(tokenizer, batch)) for _, batch in bag.batches(default())
    ]
    ids = np.concatenate([each.ids for each in encoded])
    sizes = np.concatenate([np.diff(each.offsets) for each in encoded])
    own = sizes[bag.codes]
    places = stretches((np.cumsum(sizes) - sizes)[bag.codes], own)
    return Ids(ids[places], running_total(own)[bag.starts])


def sample(bag: Bag, first: int, share: int) -> Bag:
    """Choose a bag's first documents and about one in `share` of the others, always the same."""
    chosen = np.random.default_rng(bag.documents).integers(share, size=bag.documents) == 0
    chosen[:first] = True
    return bag.select(chosen)


def _objections(tokenizer: Tokenizer) -> Iterator[str]:
    yield from crossings(tokenizer, "space")
    pipeline = tokenizer.settings
    name = tokenizer.by_reference().engine.name
    if name == "tokenizers":
        yield from _stages(pipeline)
        if tokenizer.algorithm.startswith("Unigram") and not pipeline.get("pre_tokenizer"):
            yield "a Unigram model without a pre-tokenizer weighs a document as a whole"
    elif name == "tiktoken":
        yield from _pattern(pipeline.get("pattern", ""))
    elif name == "sentencepiece" and tokenizer.algorithm == "Unigram":
        yield "sentencepiece adds up the scores of a whole document in single precision"
    elif name == "sentencepiece" and tokenizer.algorithm == "word":
        yield "a model of words takes for a word what stands between spaces"
    elif name not in ("sentencepiece", "builtin"):
        yield f"nothing is known of how {name} reads a text"


def _stages(pipeline: dict[str, Any]) -> Iterator[str]:
    """Object to stages of a tokenizer.json that may look beyond a space."""
    stages = [
        *(("normalizer", NORMALIZERS, step) for step in parts(pipeline, "normalizer")),
        *(("pre-tokenizer", PRE_TOKENIZERS, step) for step in parts(pipeline, "pre_tokenizer")),
    ]
    for kind, known, stage in stages:
        if stage["type"] not in known:
            yield f"the {kind} {stage['type']} is not known to stop at a space"
        elif stage["type"] == "Replace" and not _blanks_only(stage):
            yield f"the {kind} replaces {show(_written(stage))}"
        elif stage["type"] == "Split":
            yield from _pattern(_written(stage))
    for token in pipeline.get("added_tokens") or ():
        if not token["special"] and (token.get("lstrip") or token.get("rstrip")):
            yield f"the added token {show(token['content'])} takes the spaces beside it"


def _blanks_only(stage: Mapping[str, Any]) -> bool:
    """Say whether a step makes nothing but white space of nothing but white space."""
    return bool(SPACES.fullmatch(_written(stage))) and stage["content"] in BLANKS


def _written(stage: Mapping[str, Any]) -> str:
    pattern = stage["pattern"]
    return str(pattern.get("Regex", pattern.get("String", ""))) if pattern else ""


def _pattern(pattern: str) -> Iterator[str]:
    plain = CLASS.sub("[]", pattern)
    if found := LOOKS_BACK.search(plain):
        yield f"the pattern looks back ({show(found.group())})"
    elif found := LOOKS_ON.search(LAST_BLANKS.sub("", plain)):
        yield f"the pattern looks beyond a space ({show(found.group())})"


def _probes(tokenizer: Tokenizer) -> Bag:
    gathering = Gathering.nothing(NO_LANGUAGE)
    texts = pa.array([*PROBES, *meeting_texts(list(_added(tokenizer)))], pa.large_string())
    gathering.add(texts, np.zeros(len(texts), np.int64), np.zeros(len(texts), np.uint64))
    return gathering.bag()


def _added(tokenizer: Tokenizer) -> Iterator[str]:
    """List tokens that are matched in text before anything else happens."""
    pipeline = tokenizer.settings
    tokens = [t["content"] for t in pipeline.get("added_tokens") or () if not t["special"]]
    yield from sorted(tokens, key=lambda token: (" " not in token, token))[:ADDED]
