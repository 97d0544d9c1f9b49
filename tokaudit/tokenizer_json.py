"""A tokenizer.json as data: checked, stripped of what must not change a count, and described."""

import json
from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from typing import Any

import tokenizers

from tokaudit import limits
from tokaudit.engines.tokenizers import NO_TEXT, TokenizersEngine
from tokaudit.framing import frame
from tokaudit.spelling import FALLBACK, is_byte_level, reader
from tokaudit.text import show
from tokaudit.tokenizer import Opened, Tokenizer
from tokaudit.vocabulary import Vocabulary

# Settings that may never change a count, and what they are when off.
CLEARED = ("padding", "truncation", "post_processor")
MOST_NOTES = 3


def loaded(spec: str, data: bytes) -> Tokenizer:
    """Read the bytes of a tokenizer.json; raises BadTokenizer, or what the libraries raise.

    A key that is there twice counts as it is written last, and a remark says so.
    """
    twice: Counter[str] = Counter()

    def last(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            counts = Counter(key for key, _ in pairs)
            twice.update(key for key, count in counts.items() if count > 1)
        return found

    read = described(spec, json.loads(data, object_pairs_hook=last))
    notes = tuple(f"{show(key)} is there more than once; the last is used" for key in twice)
    return replace(read, remarks=read.remarks + notes[:MOST_NOTES])


def described(spec: str, config: Any, built_by: str = "") -> Tokenizer:
    """Make a tokenizer of a configuration; raises BadTokenizer, or what the library raises.

    `built_by` is said after the library's version, where another one made the configuration.
    """
    limits.check(config)
    framed = frame(config.get("post_processor"))
    remarks = tuple(_set_aside(config))
    backend = tokenizers.Tokenizer.from_str(json.dumps(_unforgeable(config)))
    backend.encode_special_tokens = True
    vocabulary, shared = _vocabulary(config, backend)
    more = (f"{shared} ids are given to more than one token",) if shared else ()
    return Tokenizer(
        spec=spec,
        algorithm=_algorithm(config),
        vocabulary=vocabulary,
        engine=TokenizersEngine(backend, version=TokenizersEngine.version + built_by),
        pipeline=_pipeline(config),
        remarks=remarks + more,
        frame=framed,
    )


def opened(data: bytes) -> Opened:
    """Let `tokenizers` read a tokenizer.json as it does by itself, special tokens in text too.

    What would change a count stays set aside. Raises BadTokenizer, or what the library raises.
    """
    config = json.loads(data)
    limits.check(config)
    _set_aside(config)
    backend = tokenizers.Tokenizer.from_str(json.dumps(config))
    return Opened(lambda text: backend.encode(text, add_special_tokens=False).ids, backend.decode)


def _unforgeable(config: dict[str, Any]) -> dict[str, Any]:
    """Keep a model from reading the text of a control token as that token.

    Unigram, WordPiece and WordLevel match their entries in text whatever `encode_special_tokens`
    says. An entry that no text can hold takes the place of each control token.
    """
    model, added = config["model"], config.get("added_tokens") or []
    special = {token["content"]: token["id"] for token in added if token["special"]}
    special.pop(model.get("unk_token"), None)  # named by the model itself
    if model.get("type") == "Unigram":
        places = {n: text for text, n in special.items()}
        vocab: Any = [
            [NO_TEXT + piece, score] if places.get(number) == piece else [piece, score]
            for number, (piece, score) in enumerate(model["vocab"])
        ]
        kept = [t for t in added if not (t["special"] and t["id"] < len(vocab))]
    else:
        hidden = _matched(model, special)
        vocab = {NO_TEXT + t if t in hidden else t: n for t, n in model["vocab"].items()}
        kept = [t for t in added if t["content"] not in hidden]
    return {**config, "model": {**model, "vocab": vocab}, "added_tokens": kept}


def _matched(model: dict[str, Any], texts: Collection[str]) -> set[str]:
    """Say which texts the model finds as whole entries, without merges that lead to them or on."""
    there = {text for text in texts if text in model["vocab"]}
    if "merges" in model:
        there = {text for text in there if model.get("ignore_merges") or len(text) == 1}
        pairs = (pair if isinstance(pair, list) else pair.split(" ") for pair in model["merges"])
        for pair in pairs if there else ():
            there -= {*pair, "".join(pair)}
    return there


def _set_aside(config: dict[str, Any]) -> list[str]:
    """Clear what would make counts depend on length or chance; say what was set."""
    was = [key for key in CLEARED[:2] if config.get(key)]
    config.update(dict.fromkeys(CLEARED))
    if config["model"].get("dropout"):
        was.append("dropout")
        config["model"]["dropout"] = None
    return [f"{key} was set in tokenizer.json and is ignored" for key in was]


def _algorithm(config: dict[str, Any]) -> str:
    model = config["model"]
    name = model.get("type") or ("BPE" if "merges" in model else "WordPiece")
    if is_byte_level(config):
        return f"byte-level {name}"
    return f"{name} with byte fallback" if model.get("byte_fallback") else str(name)


def _vocabulary(config: dict[str, Any], backend: tokenizers.Tokenizer) -> tuple[Vocabulary, int]:
    """Give every id the bytes it stands for in text, and count ids that several tokens share."""
    added = {token["id"]: token for token in config.get("added_tokens") or ()}
    entries = {number: token["content"].encode() for number, token in added.items()}
    to_bytes, tokens = reader(config), backend.get_vocab(with_added_tokens=False)
    tokens = {token.removeprefix(NO_TEXT): tokens[token] for token in sorted(tokens, reverse=True)}
    asis = set(added) if is_byte_level(config) else set()  # not spelled in its alphabet
    entries |= {n: to_bytes(token) for token, n in tokens.items() if n not in asis}
    has_fallback = config["model"].get("byte_fallback")
    fallback = {n for token, n in tokens.items() if has_fallback and FALLBACK.fullmatch(token)}
    special = {number for number, token in added.items() if token["special"]}
    unknown = _unknown(config, backend)
    inner = config["model"].get("continuing_subword_prefix")
    continuing = {n for token, n in tokens.items() if inner and token.startswith(inner)}
    shared = len(tokens) - len(set(tokens.values()))
    found = Vocabulary.of(entries, special - {unknown}, unknown, fallback, continuing)
    return found, shared


def _unknown(config: dict[str, Any], backend: tokenizers.Tokenizer) -> int | None:
    model = config["model"]
    if "unk_id" in model:
        return model["unk_id"]  # type: ignore[no-any-return]
    return backend.token_to_id(model["unk_token"]) if model.get("unk_token") else None


def _pipeline(config: dict[str, Any]) -> dict[str, Any]:
    """Keep all of the configuration but the vocabulary; merges as they are ordered."""
    model = {key: value for key, value in config["model"].items() if key != "vocab"}
    scores = (
        config["model"].get("vocab") if isinstance(config["model"].get("vocab"), list) else None
    )
    kept = {k: v for k, v in config.items() if k not in (*CLEARED, "model", "version")}
    return {**kept, "model": model, "scores": scores}
