"""Small tokenizers of every family, trained on our own sentences when a test first asks for one."""

import atexit
import base64
import shutil
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import sentencepiece
import tokenizers
from hypothesis import settings
from tokenizers import decoders, models, normalizers, pre_tokenizers, trainers

from tokaudit import loaders
from tokaudit.tokenizer import Tokenizer

SENTENCES = Path(__file__).parent.parent / "corpora" / "src" / "parallel"
LANGS = ("eng_Latn", "deu_Latn", "tur_Latn", "rus_Cyrl", "hin_Deva", "tha_Thai", "zho_Hans")

# Words as in cl100k: a letter run with one other sign before it, or signs, or blanks.
WORDS = r"[^\r\n\p{L}\d]?\p{L}+| ?[^\s\p{L}\d]+[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+"
SINGLE = r"\d"
FROM_LEFT = r"\d{1,3}"
FROM_RIGHT = r"\d{1,3}(?=(\d{3})*\b)"


def sentences(*langs: str) -> list[str]:
    """Read our sentences in these languages (by default in those that are trained on)."""
    files = [SENTENCES / f"{lang}.txt" for lang in langs or LANGS]
    return [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def numbers() -> Iterator[str]:
    """Give every number of one to three digits often enough that each becomes a token."""
    for digits in (1, 2, 3):
        yield from (f"{n:0{digits}}" for n in range(10**digits) for _ in range(200))


def _byte_level(pre_tokenizer: pre_tokenizers.PreTokenizer, *more: str) -> tokenizers.Tokenizer:
    """Byte-level BPE behind this pre-tokenizer."""
    tokenizer = tokenizers.Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=3_000,
        min_frequency=2,
        show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        special_tokens=["<|endoftext|>"],
    )
    tokenizer.train_from_iterator([*sentences(), *more], trainer)
    return tokenizer


def _split(digits: str) -> pre_tokenizers.PreTokenizer:
    """Numbers cut by one pattern, then words, then bytes."""
    steps = [
        pre_tokenizers.Split(tokenizers.Regex(digits), "isolated"),
        pre_tokenizers.Split(tokenizers.Regex(WORDS), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ]
    return pre_tokenizers.Sequence(steps)


def gpt2() -> tokenizers.Tokenizer:
    """Byte-level BPE with the pattern of GPT-2, numbers free to merge."""
    return _byte_level(pre_tokenizers.ByteLevel(add_prefix_space=False))


def single_digits() -> tokenizers.Tokenizer:
    """Byte-level BPE, each digit alone."""
    return _byte_level(_split(SINGLE), *numbers())


def digits_from_left() -> tokenizers.Tokenizer:
    """Byte-level BPE, groups of three digits counted from the left, as in cl100k."""
    return _byte_level(_split(FROM_LEFT), *numbers())


def digits_from_right() -> tokenizers.Tokenizer:
    """Byte-level BPE, groups of three digits counted from the right."""
    return _byte_level(_split(FROM_RIGHT), *numbers())


def wordpiece() -> tokenizers.Tokenizer:
    """WordPiece as BERT's: lower case, no accents, `##`, `[UNK]`."""
    tokenizer = tokenizers.Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    trainer = trainers.WordPieceTrainer(
        vocab_size=2_000, show_progress=False, special_tokens=special
    )
    tokenizer.train_from_iterator(sentences(), trainer)
    return tokenizer


def unigram() -> tokenizers.Tokenizer:
    """Unigram behind Metaspace, with NFKC, as T5's and XLM-R's."""
    tokenizer = tokenizers.Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    trainer = trainers.UnigramTrainer(
        vocab_size=2_000,
        show_progress=False,
        special_tokens=["<s>", "</s>", "<unk>"],
        unk_token="<unk>",
    )
    tokenizer.train_from_iterator(sentences(), trainer)
    return tokenizer


JSON: dict[str, Callable[[], tokenizers.Tokenizer]] = {
    "gpt2": gpt2,
    "single_digits": single_digits,
    "digits_from_left": digits_from_left,
    "digits_from_right": digits_from_right,
    "wordpiece": wordpiece,
    "unigram": unigram,
}
# SentencePiece models: kind, byte fallback, normalisation. `identity` changes nothing.
MODELS = {"bpe": ("bpe", True, "identity"), "nmt": ("unigram", False, "nmt_nfkc")}
NAMES = (*JSON, *MODELS)

# The first example of a law may have to train or load; how long that takes proves nothing.
unhurried = settings(deadline=None)


@cache
def path(name: str) -> Path:
    """Give the file of a trained tokenizer, made when it is first asked for in this process."""
    return _tokenizer_json(name) if name in JSON else _model(name)


@cache
def loaded(written: str) -> Tokenizer:
    """Load a trained tokenizer by its name, or any other by its spec, once in this process."""
    return loaders.load(str(path(written)) if written in NAMES else written)


def _tokenizer_json(name: str) -> Path:
    folder = _folder() / name
    folder.mkdir()
    JSON[name]().save(str(folder / "tokenizer.json"))
    return folder / "tokenizer.json"


def _model(name: str) -> Path:
    kind, fallback, rule = MODELS[name]
    return pieces(
        _folder() / f"{name}.model",
        model_type=kind,
        vocab_size=2_000,
        character_coverage=1.0 if not fallback else 0.99,
        byte_fallback=fallback,
        normalization_rule_name=rule,
        remove_extra_whitespaces=not fallback,
    )


def pieces(path: Path, *langs: str, **settings: Any) -> Path:
    """Train a SentencePiece model of these languages into a file; always the same one."""
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(sentences(*langs)),
        model_prefix=str(path.with_suffix("")),
        num_threads=1,
        minloglevel=2,
        **settings,
    )
    return path


@cache
def ranks_file() -> Path:
    """Give the vocabulary of `gpt2` as a file of tiktoken ranks."""
    vocabulary = loaded("gpt2").vocabulary
    kept = zip(vocabulary.ids, vocabulary.texts.to_pylist(), vocabulary.special, strict=True)
    rows = [f"{base64.b64encode(text).decode()} {rank}\n" for rank, text, out in kept if not out]
    path = _folder() / "gpt2.tiktoken"
    path.write_text("".join(rows), encoding="ascii")
    return path


@cache
def _folder() -> Path:
    """Make a folder that goes when the tests are over."""
    made = Path(tempfile.mkdtemp(prefix="tokaudit-trained-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made
