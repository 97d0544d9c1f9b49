"""WordPiece word by word: the library's ids and offsets for any text."""

from dataclasses import replace
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import tokenizers
from hypothesis import given
from hypothesis import strategies as st

from tests import train
from tokaudit import engine, loaders
from tokaudit.audits.fertility import Fertility
from tokaudit.corpus import Corpus
from tokaudit.edges import EDGES
from tokaudit.engines import fast, words
from tokaudit.tokenizer_json import loaded

ODD = "aÉﬁ|;\u037e\u1fefñ\u0301中\uf900が。…·$€\u200d\x00\x0b\x1c\ufffd\u00a0\u3000 \t\r\n[MASK]#"
texts = st.lists(st.text(st.one_of(st.sampled_from(ODD), st.characters(codec="utf-8"))), max_size=8)


def large(rows):
    return pa.array(rows, pa.large_string())


def by_words(tokenizer):
    found, risky = words.of(tokenizer)
    assert not risky
    return found


@cache
def trained():
    return by_words(train.loaded("wordpiece"))


def check(tokenizer, rows, found=None):
    found = found or by_words(tokenizer)
    ids, expected = found.encode(rows), tokenizer.engine.encode(rows)
    assert np.array_equal(ids.ids, expected.ids)
    assert np.array_equal(ids.offsets, expected.offsets)
    placed, expected = found.place(rows), tokenizer.engine.place(rows)
    assert np.array_equal(placed.ids.ids, expected.ids.ids)
    assert np.array_equal(placed.starts, expected.starts)
    assert np.array_equal(placed.ends, expected.ends)


def cased(**options):
    """A WordPiece tokenizer whose normaliser is told otherwise."""
    backend = tokenizers.Tokenizer.from_file(str(train.path("wordpiece")))
    backend.normalizer = tokenizers.normalizers.BertNormalizer(**options)
    return loaded("cased", backend.to_str().encode())


@given(texts)
def test_ids_and_offsets_of_any_text_are_the_references(rows):
    check(train.loaded("wordpiece"), large(rows), trained())


@pytest.mark.parametrize("option", ["clean_text", "handle_chinese_chars", "lowercase"])
def test_they_are_whatever_the_normaliser_does(option):
    tokenizer = cased(**{option: False}, strip_accents=option != "lowercase")
    pairs = [left + right for left in EDGES for right in (*EDGES[::5], *ODD)]
    check(tokenizer, large(pairs))


def test_every_character_between_letters_is_read_as_the_library_reads_it():
    letters = [
        chr(c) for c in (*range(0xD800), *range(0xE000, 0x10000, 3), *range(0x1F000, 0x1FB00))
    ]
    check(train.loaded("wordpiece"), large([f"the{letter}storm {letter}" for letter in letters]))


def test_a_slice_of_an_array_is_read_as_itself():
    rows = large(["left out", "", "kept, |and| kept", "Größe", "out"])
    check(train.loaded("wordpiece"), rows.slice(1, 3))
    check(train.loaded("wordpiece"), rows.slice(2, 0))


def test_words_are_forgotten_when_there_are_too_many(monkeypatch):
    monkeypatch.setattr(words, "REMEMBERED", 50)
    found = by_words(train.loaded("wordpiece"))
    for start in range(0, 60, 10):
        check(train.loaded("wordpiece"), large(train.sentences()[start : start + 10]), found)
    assert len(found.ids.places) < 200


def test_a_word_is_asked_for_once(monkeypatch):
    asked = []
    found = by_words(train.loaded("wordpiece"))
    find = found.ids.find
    found.ids.find = lambda new: asked.extend(new) or find(new)
    for _ in range(2):
        found.encode(large(["one storm, two storms", "two storms"]))
    assert sorted(asked) == [" ", ",", "one", "storm", "storms", "two"]


@pytest.mark.parametrize(
    "change",
    [
        {"pre_tokenizer": {"type": "Whitespace"}},
        {"normalizer": {"type": "NFC"}},
        {"added_tokens": [{"content": "a b", "special": False}]},
    ],
)
def test_another_pipeline_is_not_read_word_by_word(change):
    tokenizer = train.loaded("wordpiece")
    with pytest.raises(TypeError, match="word by word"):
        words.of(replace(tokenizer, pipeline={**tokenizer.settings, **change}))


def test_another_algorithm_is_not_read_word_by_word():
    with pytest.raises(TypeError, match="Unigram"):
        words.of(replace(train.loaded("wordpiece"), algorithm="Unigram"))
    assert fast.faster(train.loaded("unigram")).engine.name == "tokenizers"


def test_the_report_says_how_it_was_read_and_has_the_same_figures():
    corpus = Corpus(("builtin:parallel",), langs=("deu_Latn", "zho_Hans"))
    asked, tokenizer = {"fertility": Fertility}, train.loaded("wordpiece")
    found, expected = (
        engine.run(asked, [tokenizer], corpus, engine.Options(engine=name))
        for name in ("fast", "reference")
    )
    assert found.tables["fertility"].equals(expected.tables["fertility"])
    (facts,) = found.environment["tokenizers"].values()
    assert facts["engine"].startswith("tokenizers by words ")


def test_ids_of_bert_are_the_references_in_every_language(shared):
    tokenizer = loaders.load(str(shared / "tokenizers" / "bert-base-uncased"))
    flores = pq.read_table(shared / "corpora" / "flores200.parquet", columns=["text"])["text"]
    rows = flores.take(pa.array(range(5, len(flores), 173))).combine_chunks()
    check(tokenizer, rows.cast(pa.large_string()))
