"""Classes of loss: each worked by hand, and the whole against a slow way."""

import unicodedata

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import train
from tokaudit import loss
from tokaudit.errors import BadTokenizer
from tokaudit.tokenizer import Ids
from tokaudit.vocabulary import Vocabulary

PIECES = ["", " ", "  ", "a", "A", "é", "e\u0301", "ﬁ", "fi", "ß", "\u3000", "\t", "İ", "한", "x y"]
pieces = st.lists(st.sampled_from(PIECES), max_size=4).map("".join)


def strings(*texts):
    return pa.array(texts, pa.large_string())


def octets(*texts):
    return pa.array([t if isinstance(t, bytes) else t.encode() for t in texts], pa.large_binary())


def class_of(text, decoded):
    (place,) = loss.classes(strings(text), octets(decoded))
    return loss.CLASSES[place]


@pytest.mark.parametrize(
    ("text", "decoded", "expected"),
    [
        ("", "", "exact"),
        ("café  au lait", "café  au lait", "exact"),
        ("cafe\u0301", "café", "nfc"),
        ("café", "cafe\u0301", "nfc"),
        ("ﬁn Ⅳ", "fin IV", "nfkc"),
        ("a\u00a0b", "a b", "nfkc"),
        ("a  b\n", "a b", "whitespace"),
        ("hello, world", "hello,world", "whitespace"),
        ("ﬁn  e\u0301", "fin é", "whitespace"),
        ("Hello, World", "hello,world", "case"),
        ("STRASSE", "straße", "case"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος", "case"),
        ("café", "cafe", "lossy"),
        ("a☃", "a[UNK]", "lossy"),
        ("a", "", "lossy"),
        ("\ufffd", b"\xff", "lossy"),
        ("a", b"a\xc3", "lossy"),
    ],
)
def test_a_class_is_the_first_in_which_both_sides_are_equal(text, decoded, expected):
    assert class_of(text, decoded) == expected


def slow_class(text, decoded):
    def nfkc(each):
        return unicodedata.normalize("NFKC", each)

    def bare(each):
        return "".join(nfkc(each).split())

    if text == decoded:
        return "exact"
    if unicodedata.normalize("NFC", text) == unicodedata.normalize("NFC", decoded):
        return "nfc"
    if nfkc(text) == nfkc(decoded):
        return "nfkc"
    if bare(text) == bare(decoded):
        return "whitespace"
    return "case" if nfkc(bare(text).casefold()) == nfkc(bare(decoded).casefold()) else "lossy"


@given(st.lists(st.tuples(pieces, pieces), max_size=6))
def test_many_rows_are_classed_as_each_alone(pairs):
    texts, decoded = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    found = loss.classes(strings(*texts), octets(*decoded))
    assert found.dtype == np.int8
    assert [loss.CLASSES[place] for place in found] == [slow_class(*pair) for pair in pairs]


@given(st.lists(pieces, max_size=6), st.integers(0, 3))
def test_a_slice_of_an_array_is_classed_as_its_own_rows(texts, first):
    array, bytes_ = strings(*texts), octets(*(text.upper() for text in texts))
    whole = loss.classes(array, bytes_)[first:].tolist()
    assert loss.classes(array.slice(first), bytes_.slice(first)).tolist() == whole


VOCABULARY = Vocabulary.of({0: b" ", 1: b"a", 2: b" a", 3: b"\xc3", 4: b"\xa9", 5: b""})


def decode(rows, texts):
    flat = np.array([number for row in rows for number in row], np.int64)
    offsets = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)
    return loss.decoded(VOCABULARY, Ids(flat, offsets), strings(*texts)).to_pylist()


def test_bytes_of_tokens_are_joined_row_by_row():
    assert decode([[1, 3, 4], [], [3], [5]], ["aé", "", "é", "x"]) == [
        b"a\xc3\xa9",
        b"",
        b"\xc3",
        b"",
    ]


def test_one_space_more_than_the_text_has_is_a_dummy_prefix():
    rows = [[2], [0, 2], [0, 0, 1], [2], [0, 2], [0]]
    texts = ["a", "a", "a", " a", " a", ""]
    assert decode(rows, texts) == [b"a", b" a", b" a", b" a", b" a", b""]


def test_an_id_that_is_not_there_is_refused():
    with pytest.raises(BadTokenizer, match="id 9"):
        decode([[9]], ["a"])


@given(st.lists(pieces | st.text(max_size=20), max_size=5), st.integers(0, 2))
def test_decoding_agrees_with_a_slow_way_whatever_the_slice(texts, first):
    tokenizer = train.loaded("bpe")
    array = strings(*texts).slice(first)
    found = tokenizer.engine.encode(array)
    for row, text in enumerate(array.to_pylist()):
        ids = found.ids[found.offsets[row] : found.offsets[row + 1]]
        joined = b"".join(tokenizer.vocabulary.decode(ids).to_pylist())
        spaces = [len(each) - len(each.lstrip(b" ")) for each in (joined, text.encode())]
        expected = joined[1:] if spaces[0] > spaces[1] else joined
        assert loss.decoded(tokenizer.vocabulary, found, array)[row].as_py() == expected


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("gpt2", " Größe ☃\n", "exact"),
        ("bpe", "Größe ☃", "exact"),
        ("wordpiece", "the bread", "whitespace"),
        ("wordpiece", "The Bread", "case"),
        ("wordpiece", "the ☃", "lossy"),
        ("unigram", "ｔｈｅ bread", "nfkc"),
        ("nmt", "the  bread", "whitespace"),
    ],
)
def test_a_trained_tokenizer_loses_what_it_was_made_to_lose(name, text, expected):
    tokenizer, texts = train.loaded(name), strings(text)
    decoded = loss.decoded(tokenizer.vocabulary, tokenizer.engine.encode(texts), texts)
    assert class_of(text, decoded[0].as_py()) == expected
