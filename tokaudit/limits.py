"""What a tokenizer.json may ask for, checked before any library is handed the whole of it."""

import json
from collections.abc import Iterator
from typing import Any

import tokenizers

from tokaudit.errors import BadTokenizer
from tokaudit.spelling import parts
from tokaudit.text import line, show
from tokaudit.tokenizer import PROBES
from tokaudit.vocabulary import LARGEST_VOCABULARY

MOST_ADDED, LONGEST_PATTERN, MOST_STEPS = 500_000, 16 * 2**10, 256
MOST_FROM_ONE = 1_000  # characters that a normaliser may make of one
STEPS = ("normalizer", "pre_tokenizer", "decoder")


def check(config: Any) -> None:
    """Raise BadTokenizer for what is no tokenizer.json, asks too much, or would end the process."""
    if not isinstance(config, dict) or not isinstance(config.get("model"), dict):
        raise BadTokenizer("it is JSON, but has no model")
    model, added = config["model"], config.get("added_tokens") or []
    if not isinstance(model.get("vocab"), dict | list) or not isinstance(added, list):
        raise BadTokenizer("its vocabulary is none, or its added tokens are no list")
    _check_sizes(model["vocab"], added)
    prefix = model.get("continuing_subword_prefix")
    merges = model.get("merges") or ()
    pairs = (pair if isinstance(pair, list) else pair.split(" ") for pair in merges)
    if prefix and not all(pair[-1].startswith(prefix) for pair in pairs):
        raise BadTokenizer(f"its merges do not carry the prefix {line(prefix)!r}")
    for pattern in _patterns([config.get(key) for key in STEPS]):
        if len(pattern) > LONGEST_PATTERN:
            raise BadTokenizer(f"a pattern of {len(pattern):,} letters is over {LONGEST_PATTERN:,}")
    _check_growth(config)


def _check_sizes(vocab: Any, added: Any) -> None:
    """Raise BadTokenizer for more than memory should be asked for, before any library sees it."""
    if len(vocab) > LARGEST_VOCABULARY:
        raise BadTokenizer(f"{len(vocab):,} tokens are over the limit of {LARGEST_VOCABULARY:,}")
    if len(added) > MOST_ADDED:
        raise BadTokenizer(f"{len(added):,} added tokens are over the limit of {MOST_ADDED:,}")


def _patterns(part: Any) -> Iterator[str]:
    """Find every regular expression, however deep."""
    if isinstance(part, dict):
        if isinstance(pattern := part.get("Regex"), str):
            yield pattern
        part = list(part.values())
    if isinstance(part, list):
        for each in part:
            yield from _patterns(each)


def _check_growth(config: dict[str, Any]) -> None:
    """Raise BadTokenizer if the normaliser makes a text of one letter explode.

    Steps are tried one after another, so that no text ever gets longer than one step makes it.
    """
    described = parts(config, "normalizer")
    if len(described) > MOST_STEPS:
        raise BadTokenizer(f"a normaliser of {len(described):,} steps is over {MOST_STEPS:,}")
    steps = [_normalizer(step) for step in described]
    own = json.dumps(config.get("normalizer"), ensure_ascii=False)[:LONGEST_PATTERN]
    for letter in sorted({*own, *"".join(PROBES)}) if steps else ():
        text = letter
        for step in steps:
            text = step.normalize_str(text)
            if len(text) > MOST_FROM_ONE:
                raise BadTokenizer(
                    f"its normaliser makes more than {MOST_FROM_ONE:,} characters of"
                    f" one {show(letter)}"
                )


def _normalizer(step: dict[str, Any]) -> Any:
    """Make one step of a normaliser, which `tokenizers` only reads in a whole configuration."""
    config = {"model": {"type": "BPE", "vocab": {}, "merges": []}, "normalizer": step}
    return tokenizers.Tokenizer.from_str(json.dumps(config)).normalizer
