"""Crossing: what of a tokenizer's own data reaches over the borders between chunks of a text."""

import re
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from tokaudit.charsmap import charsmap, rewrites_across
from tokaudit.engines.tokenizers import TokenizersEngine
from tokaudit.text import show
from tokaudit.tokenizer import Tokenizer

BLANKS = (" ", "▁")  # what a space may become
BORDERS = {"space": b" ", "line end": b"\n"}
# What an entry may not hold, first found in its bytes, then told in its text. A slash behind a line
# end is never parted from it.
CROSSING = {
    "space": (r"[^\t-\r\x1c- ] ", re.compile(r"[^\s\x1c-\x1f] ")),
    "line end": (r"\n[^\t-\r\x1c- /]", re.compile(r"\n[^\s\x1c-\x1f/]")),
}


def crossings(tokenizer: Tokenizer, border: str) -> Iterator[str]:
    """Object to what holds a border (`space` or `line end`) between visible characters."""
    vocabulary, (bytewise, exact) = tokenizer.vocabulary, CROSSING[border]
    entries = vocabulary.texts.filter(pa.array(~vocabulary.special))
    matched = pa.array(_matched(tokenizer), entries.type)
    texts = pa.concat_arrays([entries, matched])
    found = texts.filter(pc.match_substring_regex(texts, bytewise)).to_pylist()
    told = [t for t in found if exact.search(t.decode("utf-8", "surrogateescape"))]
    if told:
        yield f"{len(told):,} entries cross a {border}, such as {show(told[0])}"
    if _rewritten(tokenizer, BORDERS[border]):
        yield f"a rule of normalisation rewrites letters around a {border}"
    unknown = pc.index(entries, pa.scalar(BORDERS[border], entries.type)).as_py() < 0
    if unknown and _fuses(tokenizer):
        yield f"unknown letters become one token over a {border}, which is unknown too"


def _fuses(tokenizer: Tokenizer) -> bool:
    """Say whether letters side by side that are all unknown become one token."""
    fused = (tokenizer.settings.get("model") or {}).get("fuse_unk")
    return bool(fused) or tokenizer.by_reference().engine.name == "sentencepiece"


def _matched(tokenizer: Tokenizer) -> list[bytes]:
    """List added tokens as they are matched in text that was normalised, spaces as they were."""
    engine = tokenizer.by_reference().engine
    normalizer = engine.backend.normalizer if isinstance(engine, TokenizersEngine) else None
    if not normalizer:
        return []
    mark = next((each for each in BLANKS if each in normalizer.normalize_str("a a")), " ")
    tokens = tokenizer.settings.get("added_tokens") or ()
    chosen = (t["content"] for t in tokens if t.get("normalized") and not t["special"])
    return [normalizer.normalize_str(text).replace(mark, " ").encode() for text in chosen]


def _rewritten(tokenizer: Tokenizer, border: bytes) -> bool:
    """Say whether a SentencePiece model normalises letters on both sides of a border as one."""
    if tokenizer.by_reference().engine.name != "sentencepiece":
        return False
    return rewrites_across(charsmap(tokenizer.settings), border)
