"""Tokenizers that normalise, cut and drop in every way `tokenizers` knows: ids, places, loss."""

import base64
import json
import unicodedata
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tokenizers
from hypothesis import given, settings
from hypothesis import strategies as st
from sentencepiece import sentencepiece_model_pb2
from tokenizers import Regex, decoders, models, trainers
from tokenizers import normalizers as n
from tokenizers import pre_tokenizers as p

from tests import train
from tokaudit import loaders
from tokaudit.batch import Batch
from tokaudit.reading import Reading
from tokaudit.reads import read
from tokaudit.tokenizer import Tokenizer

TEXTS = [
    "The bread is good.",
    "  two  blanks ",
    "Größe ｂｒｅａｄ ½ ﬁ",
    "ÉCOLE İ e\u0301\u0323 \u1112\u1161\u11ab",
    "a\tb\nc 12345 1,5",
    "▁x a▁b",
    "你好 abc☃",
    "[CLS] [UNK] x",
    "",
    " ",
]
NORMALIZERS = {
    "none": None,
    "lowercase": n.Lowercase(),
    "strip_accents": n.Sequence([n.NFD(), n.StripAccents()]),
    "nfc": n.NFC(),
    "nfd": n.NFD(),
    "nfkc": n.NFKC(),
    "nfkd": n.NFKD(),
    "replace": n.Replace("ß", "ss"),
    "replace_pattern": n.Replace(Regex(r"\s+"), " "),
    "drop": n.Replace(Regex("[aeiou]"), ""),
    "prepend": n.Prepend("▁"),
    "strip": n.Strip(),
    "bert": n.BertNormalizer(),
    "nmt": n.Nmt(),
    "llama": n.Sequence([n.Prepend("▁"), n.Replace(" ", "▁")]),
}
PRE_TOKENIZERS = {
    "none": None,
    "whitespace": p.Whitespace(),
    "whitespace_split": p.WhitespaceSplit(),
    "metaspace_first": p.Metaspace(prepend_scheme="first"),
    "metaspace_always": p.Metaspace(prepend_scheme="always"),
    "metaspace_never": p.Metaspace(prepend_scheme="never"),
    "split": p.Split(Regex(r"\w+"), "isolated"),
    "split_removed": p.Split(" ", "removed"),
    "split_next": p.Split(" ", "merged_with_next"),
    "split_previous": p.Split(" ", "merged_with_previous"),
    "delimiter": p.CharDelimiterSplit("e"),
    "digits": p.Digits(individual_digits=True),
    "punctuation": p.Punctuation(),
    "bytes": p.ByteLevel(add_prefix_space=False),
    "bytes_prefix": p.ByteLevel(add_prefix_space=True),
    "bytes_whole": p.ByteLevel(add_prefix_space=False, use_regex=False),
    "scripts": p.UnicodeScripts(),
    "fixed": p.FixedLength(5),
    "bert": p.BertPreTokenizer(),
}
MODELS = {
    "bpe": (models.BPE, trainers.BpeTrainer),
    "wordpiece": (models.WordPiece, trainers.WordPieceTrainer),
    "unigram": (models.Unigram, trainers.UnigramTrainer),
    "wordlevel": (models.WordLevel, trainers.WordLevelTrainer),
}
# Each normaliser and each pre-tokenizer at least twice, with models that treat a loss differently.
PIPELINES = [
    *((name, "whitespace", "bpe") for name in NORMALIZERS),
    *((name, "none", "bpe") for name in NORMALIZERS),
    *(("none", name, "bpe") for name in PRE_TOKENIZERS),
    *(("lowercase", name, "unigram") for name in PRE_TOKENIZERS),
    *(("bert", name, "wordpiece") for name in PRE_TOKENIZERS),
    *(("nfkc", name, "bpe") for name in PRE_TOKENIZERS),
    ("none", "whitespace_split", "wordlevel"),
    ("nfd", "whitespace_split", "wordpiece"),
]


@cache
def trained(normalizer: str, pre_tokenizer: str, model: str) -> Path:
    """Train a small tokenizer with this pipeline, once in this process."""
    kind, trainer = MODELS[model]
    unigram = model == "unigram"
    backend = tokenizers.Tokenizer(kind() if unigram else kind(unk_token="[UNK]"))
    if NORMALIZERS[normalizer] is not None:
        backend.normalizer = NORMALIZERS[normalizer]
    if PRE_TOKENIZERS[pre_tokenizer] is not None:
        backend.pre_tokenizer = PRE_TOKENIZERS[pre_tokenizer]
    options: dict[str, Any] = {"vocab_size": 500, "show_progress": False}
    options |= {"unk_token": "[UNK]"} if unigram else {}
    if "bytes" in pre_tokenizer and model == "bpe":
        options["initial_alphabet"] = p.ByteLevel.alphabet()
    sentences = train.sentences("eng_Latn", "deu_Latn")[:200]
    more = trainer(special_tokens=["[UNK]", "[CLS]"], **options)
    backend.train_from_iterator(sentences, more)
    path = train._folder() / f"{normalizer}-{pre_tokenizer}-{model}.json"
    backend.save(str(path))
    return path


def of_library(path: Path) -> tokenizers.Tokenizer:
    backend = tokenizers.Tokenizer.from_file(str(path))
    backend.encode_special_tokens = True
    return backend


def rows(reading: Reading) -> list[slice]:
    return [slice(a, b) for a, b in pairwise(reading.encoded.offsets.tolist())]


def bytes_of(text: str, encoding: tokenizers.Encoding) -> list[tuple[int, int]]:
    """Give the library's offsets, which count letters, in bytes."""
    return [(len(text[:a].encode()), len(text[:b].encode())) for a, b in encoding.offsets]


def check(path: Path, texts: list[str]) -> None:
    """Hold a reading against the library: its ids, and its offsets.

    A token that is part of a letter covers, to the library, the letter; to us its own bytes. In
    rows that only lack white space or case, our spans have no white space at their ends, and those
    of white space are empty.
    """
    reading = read(train.loaded(str(path)), Batch.of("und", texts))
    assert not reading.failed
    backend, data = of_library(path), reading.batch.data
    tokens = reading.tokenizer.vocabulary.decode(reading.ids).to_pylist()
    for row, (text, own) in enumerate(zip(texts, rows(reading), strict=True)):
        encoding = backend.encode(text, add_special_tokens=False)
        special = reading.tokenizer.vocabulary.special
        if special[reading.tokenizer.vocabulary.places(np.array(encoding.ids, np.int64))].any():
            continue  # the library reads a control token in text; we do not
        assert reading.ids[own].tolist() == encoding.ids, text
        start = int(reading.batch.offsets[row])
        spans = zip(reading.spans.starts[own], reading.spans.ends[own], strict=True)
        ours = [(int(a) - start, int(b) - start) for a, b in spans]
        for token, mine, theirs in zip(tokens[own], ours, bytes_of(text, encoding), strict=True):
            inside = theirs[0] <= mine[0] <= mine[1] <= theirs[1]
            covered = data[start + mine[0] : start + mine[1]].tobytes()
            exact = covered == token.strip(b" ")
            ink = covered == data[start + theirs[0] : start + theirs[1]].tobytes().strip()
            blank = not token.strip() and mine[0] == mine[1]
            right = mine == theirs or (inside and (exact or ink)) or blank
            assert right, (text, token, mine, theirs)


@pytest.mark.parametrize(("normalizer", "pre_tokenizer", "model"), PIPELINES)
def test_ids_and_places_are_those_of_the_library(normalizer, pre_tokenizer, model):
    check(trained(normalizer, pre_tokenizer, model), TEXTS)


@settings(train.unhurried, max_examples=80)
@given(st.sampled_from(PIPELINES), st.lists(st.text(max_size=12), max_size=4))
def test_any_texts_have_the_ids_and_places_of_the_library(pipeline, texts):
    check(trained(*pipeline), texts)


@pytest.mark.parametrize(("normalizer", "pre_tokenizer", "model"), PIPELINES)
def test_a_row_is_altered_exactly_if_its_tokens_are_not_its_text(normalizer, pre_tokenizer, model):
    tokenizer = train.loaded(str(trained(normalizer, pre_tokenizer, model)))
    reading = read(tokenizer, Batch.of("und", TEXTS))
    tokens = tokenizer.vocabulary.decode(reading.ids).to_pylist()
    joined = [b"".join(tokens[own]) for own in rows(reading)]
    expected = [
        back not in (t.encode(), b" " + t.encode()) for t, back in zip(TEXTS, joined, strict=True)
    ]
    assert reading.altered.tolist() == expected


# What each normaliser does to a row is seen, and only that


CHANGES: dict[str, Any] = {
    "lowercase": str.lower,
    "nfc": lambda text: unicodedata.normalize("NFC", text),
    "nfd": lambda text: unicodedata.normalize("NFD", text),
    "nfkc": lambda text: unicodedata.normalize("NFKC", text),
    "replace": lambda text: text.replace("ß", "ss"),
    "strip": str.strip,
}


@pytest.mark.parametrize("name", CHANGES)
def test_exactly_the_rows_that_a_normaliser_changes_are_altered(tmp_path, name):
    """Behind every normaliser the same bytes, so that nothing else can alter a row."""
    backend = tokenizers.Tokenizer.from_file(str(trained("none", "bytes_whole", "bpe")))
    backend.normalizer = NORMALIZERS[name]
    backend.decoder = decoders.ByteLevel()
    backend.save(str(tmp_path / "tokenizer.json"))
    texts = [text for text in TEXTS if text.strip()]
    reading = read(loaders.load(str(tmp_path)), Batch.of("und", texts))
    assert reading.altered.tolist() == [CHANGES[name](text) != text for text in texts]
    assert len(set(reading.altered.tolist())) == 2, "the texts show both"


def words_of(tokenizer: Tokenizer, text: str) -> list[int]:
    return read(tokenizer, Batch.of("und", [text])).words.tokens.tolist()


@pytest.mark.parametrize("name", ["lowercase", "strip_accents", "nfkc", "nfd", "bert", "llama"])
def test_every_token_belongs_to_the_word_it_was_made_of(name):
    """Each word alone, and all in one text: the same tokens, whatever was done to the letters."""
    tokenizer = train.loaded(str(trained(name, "whitespace", "bpe")))
    words = ["The", "GRÖSSE", "ﬁne", "½", "cafe\u0301", "ÉCOLE", "bread"]
    together = words_of(tokenizer, " ".join(words))
    if name != "llama":  # a prefix before a text is no part of the words behind the first
        assert together == [sum(words_of(tokenizer, word)) for word in words]
    assert min(together) > 0


# SentencePiece's own normaliser inside a tokenizer.json


def precompiled(folder: Path) -> Path:
    """Convert our trained Unigram model as its users do: charsmap, Metaspace, pieces."""
    proto = sentencepiece_model_pb2.ModelProto.FromString(train.path("nmt").read_bytes())
    charsmap = base64.b64encode(proto.normalizer_spec.precompiled_charsmap).decode()
    steps = [
        {"type": "Precompiled", "precompiled_charsmap": charsmap},
        {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "},
    ]
    space = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True}
    config = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": {"type": "Sequence", "normalizers": steps},
        "pre_tokenizer": space,
        "post_processor": None,
        "decoder": space,
        "model": {
            "type": "Unigram",
            "unk_id": 0,
            "vocab": [[piece.piece, piece.score] for piece in proto.pieces],
            "byte_fallback": False,
        },
    }
    path = folder / "tokenizer.json"
    path.write_text(json.dumps(config))
    return path


def test_a_precompiled_normaliser_gives_the_ids_and_places_of_its_model(tmp_path):
    path = precompiled(tmp_path)
    check(path, TEXTS)
    converted, own = loaders.load(str(path)), train.loaded("nmt")
    texts = ["the bread", "Die Größe", "ｂｒｅａｄ", "12 mats, 3 cats"]
    ours, theirs = (read(each, Batch.of("und", texts)) for each in (converted, own))
    assert ours.ids.tolist() == theirs.ids.tolist()
    assert ours.words.tokens.tolist() == theirs.words.tokens.tolist()
    assert ours.altered.tolist() == theirs.altered.tolist()


# Control tokens that a model could match by itself


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("cut", ["whitespace_split", "none"])
def test_no_model_reads_a_control_token_in_text(model, cut):
    tokenizer = train.loaded(str(trained("none", cut, model)))
    vocabulary = tokenizer.vocabulary
    assert vocabulary.special.any()
    reading = read(tokenizer, Batch.of("und", ["[CLS]", "a [CLS] b", "[UNK] [CLS][CLS]"]))
    assert not vocabulary.special[vocabulary.places(reading.ids)].any()
    assert vocabulary.texts.to_pylist().count(b"[CLS]") == 1


def test_without_an_unknown_token_what_is_not_known_is_lost_and_seen(tmp_path):
    config = json.loads(trained("none", "whitespace", "bpe").read_text(encoding="utf-8"))
    config["model"]["unk_token"] = None
    (tmp_path / "tokenizer.json").write_text(json.dumps(config))
    reading = read(loaders.load(str(tmp_path)), Batch.of("und", ["bread☃", "☃", "bread"]))
    assert reading.altered.tolist() == [True, True, False]
    assert reading.tokens.tolist()[1] == 0
