"""A tokenizer that is a Python class of transformers: its vocabulary and settings, read from it."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from tokaudit import evidence
from tokaudit.engines import contained
from tokaudit.engines.transformers import TransformersEngine, ids
from tokaudit.errors import BadTokenizer, EngineFailed
from tokaudit.text import line
from tokaudit.tokenizer import Tokenizer
from tokaudit.vocabulary import LARGEST_VOCABULARY, Vocabulary

# Settings that say where its files lie and how they were fetched.
PLACES = {"name_or_path", "vocab_file", "merges_file", "tokenizer_file", "added_tokens_decoder"}
FETCHING = {"is_local", "local_files_only", "trust_remote_code", "_commit_hash", "revision"}


def described(spec: str, backend: Any, asked: dict[str, bool]) -> Tokenizer:
    """Describe an object of transformers by what it says of itself; raises BadTokenizer."""
    name = line(type(backend).__name__)
    with contained(f"{name} does not tell its vocabulary"):
        vocabulary, read = _vocabulary(backend, lambda text: _encoded(backend, text, asked))
    notes = [f"the text of {read} special tokens is read as the token"] if read else []
    return Tokenizer(
        spec=spec,
        algorithm=f"{name} (Python)",
        vocabulary=vocabulary,
        engine=TransformersEngine(backend, asked, vocabulary),
        pipeline=_pipeline(backend),
        remarks=tuple(notes),
    )


def _encoded(backend: Any, text: str, asked: dict[str, bool]) -> list[int] | None:
    try:
        with contained("transformers"):
            return ids(backend, text, asked)
    except EngineFailed:
        return None


def _vocabulary(backend: Any, encode: Callable[[str], list[int] | None]) -> tuple[Vocabulary, int]:
    """Give every id its bytes, and count special tokens that their own text yields.

    Those are no control tokens to us: CANINE's are letters that any text may hold.
    """
    added = {number: str(token) for number, token in backend.added_tokens_decoder.items()}
    entries = _entries(backend, added, encode)
    special = {number for number in _special(backend) if number in entries}
    read = {number for number in special if number in (encode(entries[number].decode()) or ())}
    unknown = getattr(backend, "unk_token_id", None)
    unknown = unknown if unknown in entries else None
    return Vocabulary.of(entries, special - read - {unknown}, unknown), len(read - {unknown})


def _entries(
    backend: Any, added: dict[int, str], encode: Callable[[str], list[int] | None]
) -> dict[int, bytes]:
    vocab: dict[str | bytes, int] = backend.get_vocab()
    if len(vocab) > LARGEST_VOCABULARY:
        raise BadTokenizer(f"{len(vocab):,} tokens are over the limit of {LARGEST_VOCABULARY:,}")
    tokens = {number: token for token, number in vocab.items()}
    read = evidence.reader(tokens, encode)
    entries = {
        number: token if isinstance(token, bytes) else read(token)
        for number, token in tokens.items()
        if isinstance(token, bytes) or not _is_surrogate(token)
    }
    return entries | {number: token.encode() for number, token in added.items()}


def _is_surrogate(token: str) -> bool:
    """Say whether this is half of a letter, which no text can hold."""
    return len(token) == 1 and "\ud800" <= token <= "\udfff"


def _special(backend: Any) -> set[int]:
    named = {number for number in backend.all_special_ids if number is not None}
    return named | {n for n, token in backend.added_tokens_decoder.items() if token.special}


def _pipeline(backend: Any) -> dict[str, Any]:
    """Keep the settings it was made with; where its files lie is no setting."""
    given = {k: v for k, v in backend.init_kwargs.items() if k not in PLACES | FETCHING}
    model = getattr(backend, "sp_model", None)
    data = b"" if model is None else model.serialized_model_proto()
    return {
        "class": type(backend).__name__,
        "settings": json.loads(json.dumps(given, default=repr, sort_keys=True)),
        "model": hashlib.sha256(data).hexdigest(),
    }
