"""The fast engine: the reference's ids, or not used, and never believed without being checked."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import train
from tokaudit import engine, loaders
from tokaudit.audits.fertility import Fertility
from tokaudit.corpus import Corpus
from tokaudit.engines import fast as quick
from tokaudit.engines import gigatoken
from tokaudit.engines.gigatoken import GigatokenEngine
from tokaudit.errors import BadUsage, Unproven

pytest.importorskip("gigatoken", reason="the extra `fast` is not installed")
RISKY = ["<|endoftext|>", "a <|endoftext|> b", "<s>x</s>", "[INST] 1", "<unk>", "<|im_start|>user"]
FAST = ("llama3", "qwen2.5", "gemma2", "llama2", "gpt2")


def large(texts):
    return pa.array(texts, pa.large_string())


def same(one, other):
    return np.array_equal(one.ids, other.ids) and np.array_equal(one.offsets, other.offsets)


@pytest.mark.parametrize("name", FAST)
def test_ids_are_the_references_on_every_language_and_on_text_of_special_tokens(shared, name):
    tokenizer = loaders.load(str(shared / "tokenizers" / name))
    fast = quick.faster(tokenizer)
    assert fast.engine.name == "gigatoken"
    flores = pq.read_table(shared / "corpora" / "flores200.parquet", columns=["text"])["text"]
    sample = flores.take(pa.array(range(7, len(flores), 211))).to_pylist()
    texts = large([*sample, *RISKY, "", " ", "\n\n", *train.sentences()])
    assert same(fast.engine.encode(texts), tokenizer.engine.encode(texts))
    assert fast.engine.compared["rows"] > 20


TIKTOKEN = (
    "cl100k_base",
    "o200k_base",
    "o200k_harmony",
    "r50k_base",
    "pkg:mistral-common/tekken_240911",
)


@pytest.mark.parametrize("name", TIKTOKEN)
def test_ids_of_tiktoken_are_the_references(shared, name):
    tokenizer = loaders.load(name)
    fast = quick.faster(tokenizer)
    assert fast.engine.name == "gigatoken"
    texts = large([*train.sentences(), *RISKY, "  two  spaces\t\ttabs \r\n //"])
    assert same(fast.engine.encode(texts), tokenizer.engine.encode(texts))


@given(st.lists(st.text(max_size=30), max_size=8))
def test_ids_of_any_text_are_the_references(texts):
    tokenizer = train.loaded("gpt2")
    fast = quick.faster(tokenizer)
    assert fast.engine.name == "gigatoken"
    assert same(fast.engine.encode(large(texts)), tokenizer.engine.encode(large(texts)))


def test_characters_newer_than_a_librarys_unicode_are_read_by_the_reference(shared):
    """U+088F came with Unicode 17 as a letter: what stands behind it is not cut like elsewhere."""
    tokenizer = loaders.load(str(shared / "tokenizers" / "gpt2"))
    fast = quick.faster(tokenizer).engine
    texts = large([*["a"] * quick.FIRST_ROWS, *(f"{letter}'s" for letter in "\u088f\u0c5c\ua7ce")])
    expected = tokenizer.engine.encode(texts)
    assert not same(fast.fast.encode(texts), expected), "both have the same Unicode now"
    assert same(fast.encode(texts), expected)


def spm(folder, **asked):
    """Train a SentencePiece model with rules or pieces of its own."""
    kind = {"model_type": "bpe", "vocab_size": 2_000, "byte_fallback": True}
    model = train.pieces(folder / "m.model", **kind, remove_extra_whitespaces=False, **asked)
    return loaders.load(str(model))


@pytest.mark.parametrize("asked", ["rule", "piece"])
def test_a_model_that_rewrites_or_begins_pieces_with_a_space_keeps_the_reference(tmp_path, asked):
    """gigatoken leaves such rules out, and few rows would show it."""
    rule = tmp_path / "rule.tsv"
    rule.write_text("62 72 65 61 64\t58\n", encoding="ascii")  # bread: X
    more = {
        "rule": {"normalization_rule_tsv": str(rule)},
        "piece": {"user_defined_symbols": "▁in▁", "normalization_rule_name": "identity"},
    }
    tokenizer = spm(tmp_path, **more[asked])
    with pytest.raises(TypeError, match=r"gigatoken (knows no rules|leaves out pieces)"):
        gigatoken.of(tokenizer)
    assert quick.faster(tokenizer) is tokenizer
    assert quick.faster(train.loaded("bpe")).engine.name == "gigatoken"


def test_rows_with_a_piece_that_users_gave_are_read_by_the_reference(tmp_path):
    given = {"user_defined_symbols": "e t", "normalization_rule_name": "identity"}
    tokenizer = spm(tmp_path, **given)
    fast = quick.faster(tokenizer).engine
    assert fast.name == "gigatoken"
    texts = large([*["a"] * quick.FIRST_ROWS, "we took the tram"])
    expected = tokenizer.engine.encode(texts)
    assert not same(fast.fast.encode(texts), expected), "gigatoken knows such pieces now"
    assert same(fast.encode(texts), expected)


def test_an_algorithm_it_does_not_know_keeps_the_reference():
    tokenizer = train.loaded("unigram")
    assert quick.faster(tokenizer) is tokenizer


def test_a_tokenizer_that_differs_on_the_probes_keeps_the_reference(monkeypatch):
    tokenizer = train.loaded("gpt2")
    other = gigatoken.of(train.loaded("bpe"))
    monkeypatch.setattr(quick, "WAYS", (lambda tokenizer: other,))
    assert quick.faster(tokenizer) is tokenizer


class Lying:
    """A backend that is right but for one word."""

    def __init__(self, honest):
        self.honest = honest

    def encode(self, texts):
        return self.honest.encode(large([t.replace("storm", "storms") for t in texts.to_pylist()]))


def lying(tokenizer, faster=quick.faster):
    fast = faster(tokenizer)
    backend = Lying(fast.engine.fast.backend)
    return replace(fast, engine=replace(fast.engine, fast=GigatokenEngine(backend)))


def test_a_difference_in_a_compared_row_is_said_with_the_text():
    with pytest.raises(Unproven, match="the␠storm"):
        lying(train.loaded("gpt2")).engine.encode(large(["the storm is over"]))


def test_what_it_cannot_encode_is_left_to_the_reference():
    fast = quick.faster(train.loaded("gpt2"))
    broken = replace(fast.engine, fast=GigatokenEngine(None))
    with pytest.raises(Unproven, match="encode"):
        broken.encode(large(["a"]))


def test_it_forgets_words_after_a_while_and_gives_the_same_ids(monkeypatch):
    tokenizer = train.loaded("gpt2")
    texts, made = large(["The bread is good.", " 1234 ☃", ""]), []
    engine, _ = gigatoken.of(tokenizer)
    make = engine.backend.make
    monkeypatch.setattr(engine.backend, "make", lambda: made.append(make()) or made[-1])
    monkeypatch.setattr(gigatoken, "MOST", 2 * texts.nbytes)
    for _ in range(7):
        assert same(engine.encode(texts), tokenizer.engine.encode(texts))
    assert len(made) == 2 and engine.backend.made is made[-1]


def test_after_a_difference_everything_is_encoded_by_the_reference(monkeypatch):
    tokenizer, corpus = train.loaded("gpt2"), Corpus(("builtin:parallel",), langs=("eng_Latn",))
    monkeypatch.setattr(quick, "faster", lying)
    fast = engine.run({"fertility": Fertility}, [tokenizer], corpus, engine.Options(engine="fast"))
    slow = engine.run(
        {"fertility": Fertility}, [tokenizer], corpus, engine.Options(engine="reference")
    )
    assert fast.tables["fertility"].equals(slow.tables["fertility"])
    assert [finding.rule for finding in fast.findings] == ["TA002", "TA006"]
    assert "gigatoken" not in fast.environment["tokenizers"][tokenizer.spec]["engine"]


def test_an_engine_that_differed_on_probes_is_not_tried_again_on_the_corpus(monkeypatch):
    tried = []

    def lies_first(tokenizer, faster=quick.faster):
        tried.append(tokenizer.spec)
        return lying(tokenizer, faster)

    monkeypatch.setattr(quick, "faster", lies_first)
    monkeypatch.setattr(Lying, "encode", lambda self, texts: [[0] for _ in texts.to_pylist()])
    tokenizer, corpus = train.loaded("gpt2"), Corpus(("builtin:parallel",), langs=("eng_Latn",))
    options = engine.Options(engine="fast")
    measuring, _ = engine.added_up({"fertility": Fertility}, [tokenizer], corpus, options)
    assert tried == [tokenizer.spec]
    assert measuring.tokenizers[0].engine is tokenizer.engine


def test_fast_and_reference_give_the_same_report(shared):
    path = str(shared / "corpora" / "flores200.parquet")
    corpus = Corpus((path,), langs=("eng_Latn", "khm_Khmr"))
    tokenizers = [loaders.load(str(shared / "tokenizers" / "llama3")), loaders.load("o200k_base")]
    one, other = (
        engine.run({"fertility": Fertility}, tokenizers, corpus, engine.Options(engine=name))
        for name in ("auto", "reference")
    )
    assert one.signature == other.signature
    engines = [facts["engine"] for facts in one.environment["tokenizers"].values()]
    assert all(named.startswith("gigatoken") and "rows)" in named for named in engines)


def test_a_small_corpus_is_not_worth_loading_it():
    corpus = Corpus(("builtin:parallel",), langs=("eng_Latn",))
    found = engine.run({"fertility": Fertility}, [train.loaded("gpt2")], corpus)
    (facts,) = found.environment["tokenizers"].values()
    assert facts["engine"].startswith("tokenizers ")


def test_fast_without_the_package_says_what_to_install(monkeypatch):
    monkeypatch.setattr(engine, "find_spec", lambda name: None)
    corpus = Corpus(("builtin:parallel",))
    with pytest.raises(BadUsage, match=r"pip install 'tokaudit\[fast\]'"):
        engine.run(
            {"fertility": Fertility}, [train.loaded("gpt2")], corpus, engine.Options(engine="fast")
        )
