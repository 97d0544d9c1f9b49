"""`hf:org/name@revision#subfolder`: a tokenizer.json on the Hub (or on disk), as it is.

The file itself is read, not a class rebuilt from it; nothing of the repository is executed.
"""

import json
import re
from pathlib import Path
from typing import Any

import tokenizers

from tokaudit.engines import contained
from tokaudit.engines.tokenizers import TokenizersEngine
from tokaudit.errors import BadTokenizer
from tokaudit.loaders import Spec, contents, offline, path_of
from tokaudit.spelling import FALLBACK, is_byte_level, reader
from tokaudit.text import line
from tokaudit.tokenizer import Tokenizer
from tokaudit.vocabulary import Vocabulary

NO_TEXT = "\U0010fffe\U0010ffff"  # two noncharacters
COMMIT = re.compile(r"[0-9a-f]{40}")
# Settings that may never change a count, and what they are when off.
CLEARED = ("padding", "truncation", "post_processor")


def load(spec: Spec) -> Tokenizer:
    """Fetch tokenizer.json into the Hub's cache (or find it there) and load it."""
    if spec.revision is None and path_of(spec.ref).exists():
        raise BadTokenizer(
            f"{line(spec.written)} names the Hub, but {line(spec.ref)} is also here: write"
            f" ./{line(spec.ref)} for the local one, hf:{line(spec.ref)}@main for the Hub's"
        )
    return load_path(spec, _fetch(spec))


def _fetch(spec: Spec) -> Path:
    import huggingface_hub
    from huggingface_hub import errors

    try:
        found = huggingface_hub.hf_hub_download(
            spec.ref, "tokenizer.json", subfolder=spec.subfolder, revision=spec.revision
        )
    except errors.LocalEntryNotFoundError as error:
        why = "offline was asked for" if offline() else "the Hub cannot be reached"
        raise BadTokenizer(f"the Hub's cache lacks {line(spec.written)} and {why}") from error
    except (errors.HfHubHTTPError, errors.HFValidationError, OSError, ValueError) as error:
        reason = line(str(error).strip().partition("\n")[0])
        raise BadTokenizer(f"cannot fetch {line(spec.written)}: {reason}") from error
    return Path(found)


def load_path(spec: Spec, path: Path) -> Tokenizer:
    """Load a tokenizer.json with the settings that change counts set aside."""
    data, file = contents(path)
    with contained(f"{line(str(path))} is not a tokenizer.json"):
        config = json.loads(data)
        _check(config)
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
            unpinned=spec.scheme == "hf" and not COMMIT.fullmatch(spec.revision or ""),
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
    inner = config["model"].get("continuing_subword_prefix")
    continuing = {n for token, n in tokens.items() if inner and token.startswith(inner)}
    return Vocabulary.of(entries, special - {unknown}, unknown, fallback, continuing)


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
