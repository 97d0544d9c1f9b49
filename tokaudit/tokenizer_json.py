"""A tokenizer.json as data: checked, stripped of what must not change a count, and described."""

import json
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any

import tokenizers

from tokaudit.engines.tokenizers import TokenizersEngine
from tokaudit.errors import BadTokenizer
from tokaudit.spelling import FALLBACK, is_byte_level, parts, reader
from tokaudit.text import line, show
from tokaudit.tokenizer import Tokenizer
from tokaudit.vocabulary import LARGEST_VOCABULARY, Vocabulary

NO_TEXT = "\U0010fffe\U0010ffff"  # two noncharacters
MOST_ADDED, LONGEST_PATTERN = 500_000, 16 * 2**10
MOST_FROM_ONE = 1_000  # characters that a normaliser may make of one
CANARIES = 256  # letters of a normaliser's own that are tried
# Settings that may never change a count, and what they are when off.
CLEARED = ("padding", "truncation", "post_processor")
STEPS = ("normalizer", "pre_tokenizer", "decoder")
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
    check(config)
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
    )


def check(config: Any) -> None:
    """Raise BadTokenizer for what is no tokenizer.json, or would end the process."""
    if not isinstance(config, dict) or not isinstance(config.get("model"), dict):
        raise BadTokenizer("it is JSON, but has no model")
    model = config["model"]
    _check_sizes(model.get("vocab") or (), config.get("added_tokens") or ())
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
    steps = [_normalizer(step) for step in parts(config, "normalizer")]
    written = json.dumps(config.get("normalizer"), ensure_ascii=False)[:LONGEST_PATTERN]
    for letter in ["a", " ", *sorted(set(written))[:CANARIES]] if steps else ():
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
    entries |= {
        number: to_bytes(token)
        for token, number in tokens.items()
        if not (number in added and is_byte_level(config))  # no letters of that alphabet
    }
    has_fallback = config["model"].get("byte_fallback")
    fallback = {n for token, n in tokens.items() if has_fallback and FALLBACK.fullmatch(token)}
    special = {number for number, token in added.items() if token["special"]}
    unknown = _unknown(config, backend)
    shared = len(tokens) - len(set(tokens.values()))
    return Vocabulary.of(entries, special - {unknown}, unknown, fallback), shared


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
