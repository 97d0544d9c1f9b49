"""Ids of trained tokenizers are those of the library they were made for; what fails is contained.

Real tokenizers are compared in test_differential.py.
"""

import json

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import reference, train
from tokaudit import engines
from tokaudit.batch import Batch
from tokaudit.errors import EngineFailed
from tokaudit.reads import read

TEXTS = [*train.sentences(), *reference.ODD]


@pytest.mark.parametrize("name", train.JSON)
def test_a_trained_tokenizer_json_gives_the_ids_of_tokenizers(name):
    encode = reference.by_tokenizers(train.path(name))
    assert list(reference.same(train.loaded(name), encode, TEXTS))


@pytest.mark.parametrize("name", train.MODELS)
def test_a_trained_model_gives_the_ids_of_sentencepiece(name):
    encode = reference.by_sentencepiece(train.path(name))
    assert list(reference.same(train.loaded(name), encode, TEXTS))


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
