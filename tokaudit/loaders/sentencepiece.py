"""`sentencepiece:x.model`: a SentencePiece model file (BPE, Unigram, word or char)."""

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import sentencepiece
from sentencepiece import sentencepiece_model_pb2

from tokaudit.engines import contained
from tokaudit.engines.sentencepiece import SentencePieceEngine
from tokaudit.errors import BadTokenizer
from tokaudit.loaders import Spec, contents, path_of
from tokaudit.text import line
from tokaudit.tokenizer import Library, Opened, Tokenizer
from tokaudit.vocabulary import LARGEST_VOCABULARY, Vocabulary

ALGORITHMS = {1: "Unigram", 2: "BPE", 3: "word", 4: "char"}


def load(spec: Spec) -> Tokenizer:
    """Load a model by its path."""
    return load_path(spec, path_of(spec.ref))


def load_path(spec: Spec, path: Path) -> Tokenizer:
    """Load a model file."""
    data, file = contents(path)
    with contained(f"{line(str(path))} is not a SentencePiece model"):
        tokenizer = described(str(spec), data)
    library = Library("sentencepiece", lambda: _opened(path))
    return replace(tokenizer, files=(file,), home=path.parent, library=library)


def _opened(path: Path) -> Opened:
    processor = sentencepiece.SentencePieceProcessor(model_proto=contents(path)[0])
    return Opened(processor.encode, processor.decode)


def described(spec: str, data: bytes) -> Tokenizer:
    """Make a tokenizer of a serialised model; raises BadTokenizer, or what the library raises."""
    model: Any = sentencepiece_model_pb2.ModelProto.FromString(data)  # type: ignore[attr-defined]
    if len(model.pieces) > LARGEST_VOCABULARY:
        raise BadTokenizer(f"{len(model.pieces):,} pieces are over {LARGEST_VOCABULARY:,}")
    if not all(math.isfinite(piece.score) for piece in model.pieces):
        raise BadTokenizer("a score is no number")
    processor = sentencepiece.SentencePieceProcessor(model_proto=data)
    kinds = model.SentencePiece.Type
    entries = {i: _bytes(piece, kinds) for i, piece in enumerate(model.pieces)}
    controls = {i for i, piece in enumerate(model.pieces) if piece.type == kinds.CONTROL}
    fallback = {i for i, piece in enumerate(model.pieces) if piece.type == kinds.BYTE}
    trainer, normalizer = model.trainer_spec, model.normalizer_spec
    return Tokenizer(
        spec=spec,
        algorithm=ALGORITHMS[trainer.model_type],
        vocabulary=Vocabulary.of(entries, controls, processor.unk_id(), fallback),
        engine=SentencePieceEngine(processor),
        pipeline={
            "normalizer": normalizer.SerializeToString(deterministic=True).hex(),
            "suffix": trainer.treat_whitespace_as_suffix,
            "byte_fallback": trainer.byte_fallback,
            "pieces": [(piece.type, piece.score) for piece in model.pieces],
        },
    )


def _bytes(piece: Any, kinds: Any) -> bytes:
    if piece.type == kinds.BYTE:
        return bytes([int(piece.piece[3:5], 16)])
    return piece.piece.replace("▁", " ").encode()  # type: ignore[no-any-return]
