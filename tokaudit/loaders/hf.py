"""`hf:org/name@revision#subfolder`: a tokenizer.json on the Hub or on disk, as it is.

The file itself is read, not a class rebuilt from it; nothing of the repository is executed. A
repository without one gives the next of `folders.NAMES`.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import tokenizers

from tokaudit import hub
from tokaudit.engines import contained
from tokaudit.engines.tokenizers import TokenizersEngine
from tokaudit.errors import BadTokenizer
from tokaudit.framing import frame
from tokaudit.loaders import LARGEST_FILE, Spec, contents, load_file, offline, path_of
from tokaudit.spelling import FALLBACK, is_byte_level, reader
from tokaudit.text import line
from tokaudit.tokenizer import Tokenizer
from tokaudit.vocabulary import Vocabulary

NO_TEXT = "\U0010fffe\U0010ffff"  # two noncharacters
# Settings that may never change a count, and what they are when off.
CLEARED = ("padding", "truncation", "post_processor")


def load(spec: Spec) -> Tokenizer:
    """Fetch the tokenizer's file into the Hub's cache (or find it there) and load it."""
    if spec.revision is None and path_of(spec.ref).exists():
        raise BadTokenizer(
            f"{line(spec.written)} names the Hub, but {line(spec.ref)} is also here: write"
            f" ./{line(spec.ref)} for the local one, hf:{line(spec.ref)}@main for the Hub's"
        )
    repository = hub.Repository(spec.ref, spec.revision, spec.subfolder)
    path, commit = hub.fetch(repository, LARGEST_FILE, offline())
    tokenizer = load_file(spec, path)
    files = tuple(file._replace(commit=commit) for file in tokenizer.files)
    return replace(tokenizer, files=files, unpinned=not repository.pinned)


def load_path(spec: Spec, path: Path) -> Tokenizer:
    """Load a tokenizer.json with the settings that change counts set aside."""
    data, file = contents(path)
    with contained(f"{line(str(path))} is not a tokenizer.json"):
        config = json.loads(data)
        _check(config)
        framed = frame(config.get("post_processor"))
        remarks = tuple(_set_aside(config))
        backend = tokenizers.Tokenizer.from_str(json.dumps(_unforgeable(config)))
        backend.encode_special_tokens = True
        return Tokenizer(
            spec=str(spec),
            algorithm=_algorithm(config),
            vocabulary=_vocabulary(config, backend),
            engine=TokenizersEngine(backend),
            pipeline=_pipeline(config),
            files=(file,),
            remarks=remarks,
            frame=framed,
            home=path.parent,
        )


def _check(config: Any) -> None:
    """Raise BadTokenizer for what is no tokenizer.json, or would end the process."""
    if not isinstance(config, dict) or not isinstance(config.get("model"), dict):
        raise BadTokenizer("it is JSON, but has no model")
    model = config["model"]
    prefix = model.get("continuing_subword_prefix")
    merges = model.get("merges") or ()
    pairs = (pair if isinstance(pair, list) else pair.split(" ") for pair in merges)
    if prefix and not all(pair[-1].startswith(prefix) for pair in pairs):
        raise BadTokenizer(f"its merges do not carry the prefix {line(prefix)!r}")


def _unforgeable(config: dict[str, Any]) -> dict[str, Any]:
    """Keep a Unigram model from reading the text of a control token as that token.

    Its pieces are matched in text whatever `encode_special_tokens` says. Ids are places in the
    list, so a piece that no text can hold takes the place of each control token.
    """
    model, added = config["model"], config.get("added_tokens") or []
    if model.get("type") != "Unigram":
        return config
    special = {token["id"]: token["content"] for token in added if token["special"]}
    vocab = [
        [NO_TEXT + piece, score] if special.get(number) == piece else [piece, score]
        for number, (piece, score) in enumerate(model["vocab"])
    ]
    kept = [t for t in added if not (t["special"] and t["id"] < len(vocab))]
    return {**config, "model": {**model, "vocab": vocab}, "added_tokens": kept}


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


def _vocabulary(config: dict[str, Any], backend: tokenizers.Tokenizer) -> Vocabulary:
    """Give every id the bytes it stands for in text."""
    added = {token["id"]: token for token in config.get("added_tokens") or ()}
    entries = {number: token["content"].encode() for number, token in added.items()}
    to_bytes, tokens = reader(config), backend.get_vocab(with_added_tokens=False)
    tokens = {token.removeprefix(NO_TEXT): number for token, number in tokens.items()}
    entries |= {number: to_bytes(token) for token, number in tokens.items()}
    has_fallback = config["model"].get("byte_fallback")
    fallback = {n for token, n in tokens.items() if has_fallback and FALLBACK.fullmatch(token)}
    special = {number for number, token in added.items() if token["special"]}
    unknown = _unknown(config, backend)
    return Vocabulary.of(entries, special - {unknown}, unknown, fallback)


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
