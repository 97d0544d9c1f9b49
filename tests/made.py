"""Tokenizers made by hand, so small that everything about them can be worked out on paper."""

import json
from collections.abc import Mapping
from pathlib import Path

import tiktoken

from tokaudit import loaders
from tokaudit.loaders.tiktoken import from_encoding, library
from tokaudit.tokenizer import Tokenizer


def unigram(folder: Path, pieces: Mapping[str, float], *, spaced: bool = False) -> Tokenizer:
    """Load a Unigram model of these pieces and scores; `spaced` puts `▁` before words."""
    mark = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first", "split": False}
    config = {
        "model": {
            "type": "Unigram",
            "unk_id": 0,
            "vocab": [["<unk>", -100.0], *map(list, pieces.items())],
        },
        "pre_tokenizer": mark if spaced else None,
        "decoder": mark if spaced else None,
    }
    return _loaded(folder, config)


def wordpiece(folder: Path, *pieces: str) -> Tokenizer:
    """Load a WordPiece model of these pieces, `##` before those inside words."""
    config = {
        "model": {
            "type": "WordPiece",
            "unk_token": "[UNK]",
            "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100,
            "vocab": {piece: place for place, piece in enumerate(("[UNK]", *pieces))},
        },
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
    }
    return _loaded(folder, config)


def _loaded(folder: Path, config: dict[str, object]) -> Tokenizer:
    path = folder / "tokenizer.json"
    path.write_text(json.dumps({"added_tokens": [], **config}), encoding="utf-8")
    return loaders.load(str(path))


def byte_level(
    *merged: bytes, pattern: str = r"(?s).+", special: tuple[str, ...] = ()
) -> Tokenizer:
    """Make byte-level BPE of all bytes and these merges, first the ones that go first."""
    ranks = {bytes([byte]): byte for byte in range(256)}
    ranks |= {text: 256 + place for place, text in enumerate(merged)}
    marks = {text: len(ranks) + place for place, text in enumerate(special)}
    encoding = tiktoken.Encoding(
        "made", pat_str=pattern, mergeable_ranks=ranks, special_tokens=marks
    )
    spec = loaders.parse("tiktoken:made")
    made = from_encoding(spec, encoding)
    return Tokenizer(**{**vars(made), "library": library(encoding)})
