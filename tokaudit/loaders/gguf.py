"""`gguf:x.gguf`: the vocabulary embedded in a model file of llama.cpp; its weights are not read.

The file says which algorithm it is for, and each is run by its reference library. What llama.cpp
itself does can differ where it only approximates a pattern or a normaliser; docs/loaders.md says
where.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tokaudit import tokenizer_json
from tokaudit.engines import contained
from tokaudit.errors import BadTokenizer
from tokaudit.gguf_patterns import ALIASES, PATTERNS, WHOLE
from tokaudit.loaders import Spec, path_of, stand_in
from tokaudit.loaders.sentencepiece import described as described_model
from tokaudit.text import line
from tokaudit.tokenizer import Tokenizer

NORMAL, UNKNOWN, CONTROL, USER_DEFINED, UNUSED, BYTE = range(1, 7)
UNIGRAM, BPE = 1, 2  # as SentencePiece counts them
NEEDED = {
    "gpt2": ("tokens", "token_type", "merges"),
    "llama": ("tokens", "token_type", "scores"),
    "t5": ("tokens", "token_type", "scores"),
    "bert": ("tokens", "token_type"),
}


def load(spec: Spec) -> Tokenizer:
    """Load a file by its path."""
    return load_path(spec, path_of(spec.ref))


def load_path(spec: Spec, path: Path) -> Tokenizer:
    """Load a file by what its metadata says; raises BadTokenizer."""
    if find_spec("gguf") is None:
        raise BadTokenizer(f"{line(str(path))} needs gguf: pip install 'tokaudit[gguf]'")
    _check(path)
    from tokaudit.gguf_metadata import metadata

    with contained(f"{line(str(path))} is not a GGUF file with a vocabulary"):
        values, file = metadata(path)
        tokenizer = BUILT[_algorithm(values)](spec, values)
    return replace(tokenizer, files=(file,))


def _check(path: Path) -> None:
    """Raise BadTokenizer for what is no file of its own, before it is mapped."""
    if not path.is_file():
        raise BadTokenizer(f"{line(str(path))} is not a file")
    try:
        with path.open("rb") as file:
            opening = file.read(64)
    except OSError as error:
        raise BadTokenizer(f"cannot read {line(str(path))}: {error.strerror}") from error
    if why := stand_in(opening):
        raise BadTokenizer(f"{line(str(path))} is {why}")


def _algorithm(values: Mapping[str, Any]) -> str:
    """Say which algorithm it is for, if all that it needs is there, in equal lengths."""
    name = str(values.get("model"))
    if name not in NEEDED:
        raise BadTokenizer(
            f"its tokenizer.ggml.model is {line(name)}; {', '.join(NEEDED)} can be loaded"
        )
    for key in NEEDED[name]:
        kind = str if key in ("tokens", "merges") else int | float
        if not isinstance(values.get(key), list) or not all(
            isinstance(each, kind) for each in values[key] or (None,)
        ):
            raise BadTokenizer(f"it has no list tokenizer.ggml.{key} of the right kind")
        if key != "merges" and len(values[key]) != len(values["tokens"]):
            raise BadTokenizer(f"its tokenizer.ggml.{key} is not as long as its tokens are")
    return name


def _byte_level(spec: Spec, values: Mapping[str, Any]) -> Tokenizer:
    """Byte-level BPE behind the patterns that `tokenizer.ggml.pre` names."""
    named = str(values.get("pre") or "default")
    known = ALIASES.get(named, named)
    if known not in PATTERNS:
        listed = ", ".join([*PATTERNS, *ALIASES])
        raise BadTokenizer(f"its tokenizer.ggml.pre is {line(named)}; known are {listed}")
    steps = [
        {"type": "Split", "pattern": {"Regex": each}, "behavior": "Isolated", "invert": False}
        for each in PATTERNS[known]
    ]
    letters = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True}
    letters |= {"use_regex": False}
    model = {
        "type": "BPE",
        "vocab": _places(values["tokens"]),
        "merges": values["merges"],
        "ignore_merges": named in WHOLE,
    }
    cut = {"type": "Sequence", "pretokenizers": [*steps, letters]}
    config = {"pre_tokenizer": cut, "decoder": letters, "model": model}
    config |= {"normalizer": None, "added_tokens": _added(values)}
    tokenizer = tokenizer_json.described(str(spec), config)
    notes = () if values.get("pre") else ("it names no pre-tokenizer; default is used",)
    return replace(tokenizer, remarks=tokenizer.remarks + notes)


def _wordpiece(spec: Spec, values: Mapping[str, Any]) -> Tokenizer:
    """WordPiece as uncased BERT's, whose files mark the beginning of words by `▁`."""
    tokens = [_piece(token) for token in values["tokens"]]
    unknown = values.get("unknown_token_id")
    if not isinstance(unknown, int) or not 0 <= unknown < len(tokens):
        raise BadTokenizer("it has no tokenizer.ggml.unknown_token_id among its tokens")
    model = {
        "type": "WordPiece",
        "vocab": _places(tokens),
        "unk_token": tokens[unknown],
        "continuing_subword_prefix": "##",
        "max_input_chars_per_word": 100,
    }
    normalizer = {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True}
    normalizer |= {"strip_accents": None, "lowercase": True}
    config = {"normalizer": normalizer, "pre_tokenizer": {"type": "BertPreTokenizer"}}
    config |= {"decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True}, "model": model}
    config["added_tokens"] = _added({**values, "tokens": tokens})
    return tokenizer_json.described(str(spec), config)


def _piece(token: str) -> str:
    if token.startswith("▁"):
        return token.removeprefix("▁")
    bracketed = token.startswith("[") and token.endswith("]")
    return token if bracketed else f"##{token}"


def _places(tokens: list[str]) -> dict[str, int]:
    """Give each token its first place."""
    return {token: place for place, token in reversed(list(enumerate(tokens)))}


def _added(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """List tokens that no merges lead to: control tokens, and those read in any text."""
    kinds = zip(values["tokens"], values["token_type"], strict=True)
    asis = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False}
    return [
        {"id": place, "content": token, "special": kind != USER_DEFINED, **asis}
        for place, (token, kind) in enumerate(kinds)
        if kind in (CONTROL, USER_DEFINED, UNUSED, UNKNOWN) and token
    ]


def _sentencepiece(kind: int) -> Callable[[Spec, Mapping[str, Any]], Tokenizer]:
    """Make the builder of a SentencePiece model of this kind."""

    def built(spec: Spec, values: Mapping[str, Any]) -> Tokenizer:
        return described_model(str(spec), _model(kind, values))

    return built


def _model(kind: int, values: Mapping[str, Any]) -> bytes:
    """Write the `.model` that the metadata was taken from."""
    from sentencepiece import sentencepiece_model_pb2

    model: Any = sentencepiece_model_pb2.ModelProto()  # type: ignore[attr-defined]
    for piece, score, sort in zip(
        values["tokens"], values["scores"], values["token_type"], strict=True
    ):
        model.pieces.add(piece=piece, score=score, type=sort)
    trainer, normalizer = model.trainer_spec, model.normalizer_spec
    trainer.model_type, trainer.vocab_size = kind, len(model.pieces)
    trainer.byte_fallback = BYTE in values["token_type"]
    if UNKNOWN in values["token_type"]:
        trainer.unk_id = values["token_type"].index(UNKNOWN)
        trainer.unk_piece = values["tokens"][trainer.unk_id]
    charsmap = values.get("precompiled_charsmap") or []
    normalizer.precompiled_charsmap = bytes(number % 256 for number in charsmap)
    normalizer.add_dummy_prefix = bool(values.get("add_space_prefix", True))
    normalizer.remove_extra_whitespaces = bool(values.get("remove_extra_whitespaces", False))
    return bytes(model.SerializeToString())


BUILT: dict[str, Callable[[Spec, Mapping[str, Any]], Tokenizer]] = {
    "gpt2": _byte_level,
    "llama": _sentencepiece(BPE),
    "t5": _sentencepiece(UNIGRAM),
    "bert": _wordpiece,
}
