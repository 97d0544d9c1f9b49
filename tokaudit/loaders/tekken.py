"""`tekken:tekken.json`: Mistral's byte-level BPE ranks, run by tiktoken."""

import base64
import json
from dataclasses import replace
from pathlib import Path

import tiktoken

from tokaudit.engines import contained
from tokaudit.errors import BadTokenizer
from tokaudit.loaders import Spec, contents, path_of
from tokaudit.loaders.tiktoken import check, from_encoding
from tokaudit.text import line
from tokaudit.tokenizer import Tokenizer

LARGEST_VOCABULARY = 2_000_000


def load(spec: Spec) -> Tokenizer:
    """Load a file by its path."""
    return load_path(spec, path_of(spec.ref))


def load_path(spec: Spec, path: Path) -> Tokenizer:
    """Load a file: its special tokens come first, ranks follow behind them."""
    data, file = contents(path)
    with contained(f"{line(str(path))} is not a tekken.json"):
        whole = json.loads(data)
        config = whole["config"]
        first = int(config["default_num_special_tokens"])
        size = int(config["default_vocab_size"]) - first
        if not 0 <= first <= first + size <= LARGEST_VOCABULARY:
            raise ValueError(f"{first} special tokens and {size} ranks are too many")
        ranks = {base64.b64decode(t["token_bytes"]): t["rank"] for t in whole["vocab"][:size]}
        check(ranks, {})
        named = {str(t["rank"]): t["token_str"] for t in whole.get("special_tokens") or ()}
    if max(ranks.values(), default=0) >= LARGEST_VOCABULARY:
        raise BadTokenizer(f"{line(str(path))} has ranks of {LARGEST_VOCABULARY:,} and more")
    special = {named.get(str(i)) or f"<SPECIAL_{i}>": i for i in range(first)}
    with contained(f"tiktoken cannot use {line(str(path))}"):
        encoding = tiktoken.Encoding(
            path.name,
            pat_str=config["pattern"],
            mergeable_ranks={token: rank + first for token, rank in ranks.items()},
            special_tokens=special,
        )
    return replace(from_encoding(spec, encoding, (file,)), home=path.parent)
