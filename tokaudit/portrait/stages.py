"""The stages of a tokenizer: what its configuration says happens to text, before and after."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from tokaudit.charsmap import normalizer
from tokaudit.portrait.facts import Stage
from tokaudit.spelling import parts

ESCAPE, LETTERS = re.compile(r"\\.", re.DOTALL), re.compile(r"\[[^\]]*\]")
LOOK_AROUND = re.compile(r"\(\?<?[=!]")
# Settings that say what kind a step is, or are shown as its regular expression.
APART = ("type", "pattern")
CHARSMAP = "precompiled_charsmap"


class Stages(NamedTuple):
    """Stages of a pipeline in their order; an empty tuple is a stage that is not there."""

    normalizer: tuple[Stage, ...]
    pre_tokenizer: tuple[Stage, ...]
    decoder: tuple[Stage, ...]


def stages(pipeline: Any) -> Stages | None:
    """Read the stages from a loader's pipeline; None where it does not describe them."""
    if isinstance(pipeline, str):  # of a builtin: the name of an encoding
        return Stages((), (), (Stage(pipeline, {}),))
    if not isinstance(pipeline, Mapping):
        return None
    if isinstance(pipeline.get("pattern"), str):
        return _of_ranks(pipeline["pattern"])
    if isinstance(pipeline.get("normalizer"), str):
        return _of_sentencepiece(pipeline)
    return _of_json(pipeline) if "pre_tokenizer" in pipeline else None


def _of_json(config: Mapping[str, Any]) -> Stages:
    """Lay open what a tokenizer.json says."""
    found = {kind: parts(dict(config), kind) for kind in Stages._fields}
    return Stages(*(tuple(_stage(each, kind) for each in found[kind]) for kind in found))


def _stage(step: Mapping[str, Any], part: str) -> Stage:
    kind = str(step.get("type", "unnamed"))  # `tokenizers` reads old files without types
    pattern = step.get("pattern") or {}
    settings = {"pattern": pattern["String"]} if "String" in pattern else {}
    settings |= {key: value for key, value in step.items() if key not in APART}
    if CHARSMAP in settings:
        settings[CHARSMAP] = f"{len(settings[CHARSMAP] or ''):,} characters of base64"
    expression = pattern.get("Regex")
    # ByteLevel cuts by GPT-2's pattern, which looks ahead at the last of several blanks.
    cuts = part == "pre_tokenizer" and kind == "ByteLevel" and step.get("use_regex", True)
    return Stage(kind, settings, expression, cuts or looks_around(expression))


def _of_ranks(pattern: str) -> Stages:
    cut = Stage("Split", {}, pattern, looks_around(pattern))
    return Stages((), (cut,), (Stage("bytes of the tokens, joined", {}),))


def _of_sentencepiece(pipeline: Mapping[str, Any]) -> Stages:
    """List the settings that a SentencePiece model carries."""
    rule = normalizer(pipeline)
    settings = {
        "name": rule.name,
        "add_dummy_prefix": rule.add_dummy_prefix,
        "remove_extra_whitespaces": rule.remove_extra_whitespaces,
        "escape_whitespaces": rule.escape_whitespaces,
        CHARSMAP: f"{len(rule.precompiled_charsmap):,} bytes",
    }
    return Stages((Stage("SentencePiece", settings),), (), (Stage("SentencePiece", {}),))


def looks_around(pattern: str | None) -> bool:
    r"""Say whether a regular expression looks ahead or behind.

    >>> looks_around(r"\s+(?!\S)"), looks_around(r"(?i:a)|(?<!b)c")
    (True, True)
    >>> looks_around(r"\(?=a[(?!]"), looks_around(r"(?<year>\d)")
    (False, False)
    """
    return LOOK_AROUND.search(LETTERS.sub("", ESCAPE.sub("", pattern or ""))) is not None
