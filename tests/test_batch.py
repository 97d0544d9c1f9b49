"""What is true of a batch, against plain loops over its texts one by one."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tokaudit import words
from tokaudit.batch import Batch, running_total
from tokaudit.text import WHITE_SPACE

KNOTS = [*" \t\r\n\u2029\u00a0\u3000\u200d\ufe0fa1é_'.-", "\u0301", "👩", "🇺", "🏽", "ᄀ", "ᅡ", "각"]
KNOTS += ["क", "\u094d", "ष", "कि", "ไป", "ตลาด", "ខ្ញុំ", "我", "喜欢", "コーヒー", "ກ", "ကျောင်း"]
pieces = st.lists(st.sampled_from(KNOTS) | st.characters(codec="utf-8"), max_size=8)
some_texts = st.lists(pieces.map("".join), max_size=4)
segmenters = st.sampled_from([words.segmenter(name) for name in ("icu", "whitespace")])
relaxed = settings(
    deadline=None, max_examples=60
)  # the first sentence of a script loads ICU's dictionary


@st.composite
def batches(draw):
    """Texts and their batch, whose array may be the middle of a longer one."""
    texts, before, after = draw(some_texts), draw(st.integers(0, 2)), draw(st.integers(0, 2))
    whole = pa.array(["é "] * before + texts + ["é "] * after, pa.large_string())
    weights = np.array([draw(st.integers(0, 9)) for _ in texts], np.int64)
    own, inside = whole.slice(before, len(texts)), np.zeros(len(texts), np.bool_)
    return texts, Batch("und", own, weights, draw(segmenters), inside)


def byte_at(text, place):
    return len(text[:place].encode())


@given(batches())
@relaxed
def test_bytes_and_offsets_are_those_of_the_texts(drawn):
    texts, batch = drawn
    assert batch.rows == len(texts)
    assert batch.data.tobytes() == "".join(texts).encode()
    assert batch.offsets.tolist() == [
        len("".join(texts[:i]).encode()) for i in range(len(texts) + 1)
    ]


@given(batches())
@relaxed
def test_characters_are_counted_row_by_row(drawn):
    texts, batch = drawn
    assert batch.chars.tolist() == [len(text) for text in texts]


@given(batches())
@relaxed
def test_clusters_of_a_row_do_not_depend_on_its_neighbours(drawn):
    texts, batch = drawn
    assert batch.graphemes.tolist() == [words.grapheme_starts(text).size for text in texts]


@given(batches())
@relaxed
def test_words_of_a_row_do_not_depend_on_its_neighbours(drawn):
    texts, batch = drawn
    expected, first = [], 0
    for text in texts:
        for start, end in zip(*batch.segmenter.cut(text), strict=True):
            expected.append((first + byte_at(text, start), first + byte_at(text, end)))
        first += len(text.encode())
    assert list(zip(*(part.tolist() for part in batch.words), strict=True)) == expected


@given(batches())
@relaxed
def test_visible_bytes_are_those_of_characters_that_are_not_white_space(drawn):
    texts, batch = drawn
    seen = [0]
    for letter in "".join(texts):
        for _ in letter.encode():
            seen.append(seen[-1] + (letter not in WHITE_SPACE))
    assert batch.visible.tolist() == seen


@given(batches())
@relaxed
def test_every_byte_knows_its_row(drawn):
    texts, batch = drawn
    expected = [row for row, text in enumerate(texts) for _ in text.encode()]
    assert batch.row_of(np.arange(batch.data.size)).tolist() == expected


@given(batches())
@relaxed
def test_totals_count_a_row_as_often_as_it_occurs(drawn):
    texts, batch = drawn
    written_out = "".join(text * n for text, n in zip(texts, batch.weights.tolist(), strict=True))
    assert batch.total(batch.chars) == len(written_out)


@given(batches(), st.data())
@relaxed
def test_taking_rows_is_the_batch_of_those_rows(drawn, data):
    texts, batch = drawn
    rows = data.draw(st.lists(st.sampled_from(range(len(texts))))) if texts else []
    part = batch.take(np.array(rows, np.int64))
    assert part.texts.to_pylist() == [texts[row] for row in rows]
    assert part.weights.tolist() == [batch.weights[row] for row in rows]
    assert part.data.tobytes() == "".join(texts[row] for row in rows).encode()
    assert (part.lang, part.segmenter) == (batch.lang, batch.segmenter)


@given(st.lists(st.integers(-9, 9)) | st.lists(st.booleans()))
@example([])
def test_a_running_total_starts_at_nothing(values):
    kind = np.bool_ if values and isinstance(values[0], bool) else np.int64
    expected = [sum(values[:i]) for i in range(len(values) + 1)]
    assert running_total(np.array(values, kind)).tolist() == expected


@pytest.mark.parametrize("texts", [[], [""], ["", "", ""]])
def test_a_batch_without_a_character_has_nothing_in_it(texts):
    batch = Batch.of("und", texts)
    assert batch.data.size == 0
    assert batch.chars.tolist() == batch.graphemes.tolist() == [0] * len(texts)
    assert batch.visible.tolist() == [0]
    assert batch.words.starts.size == batch.words.ends.size == 0
    assert batch.total(batch.chars) == 0


def test_rows_are_counted_once_unless_weights_say_otherwise():
    assert Batch.of("en", ["a", "b"]).weights.tolist() == [1, 1]
    assert Batch.of("en", ["aé", "b"], [3, 2]).total(np.array([2, 1])) == 8


def test_where_the_segmenter_cannot_tell_there_are_no_words():
    batch = Batch.of("th", ["สวัสดี", "one two"], segmenter=words.segmenter("regex"))
    assert batch.uncut.tolist() == [True, False]
    assert batch.row_of(batch.words.starts).tolist() == [1, 1]


def test_without_icu_a_batch_still_counts_clusters_and_spaced_words(monkeypatch):
    monkeypatch.setattr(words, "icu", None)
    batch = Batch.of("fr", ["e\u0301te\u0301", "", "un été\r\n"])
    assert batch.graphemes.tolist() == [3, 0, 7]
    assert list(zip(*batch.words, strict=True)) == [(0, 7), (7, 9), (10, 15)]
