"""A vocabulary, against the mapping it was made from."""

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from tokaudit.errors import BadTokenizer
from tokaudit.text import WHITE_SPACE
from tokaudit.vocabulary import LARGEST_ID, NEVER_UTF8, Vocabulary

numbers = st.integers(0, 20) | st.integers(0, LARGEST_ID)
spellings = st.binary(max_size=6) | st.text(" \t\u3000aé▁", max_size=3).map(str.encode)
entries = st.dictionaries(numbers, spellings, min_size=1, max_size=12)
relaxed = settings(deadline=None, max_examples=60)


@st.composite
def vocabularies(draw):
    """A mapping, the ids of it that are special, and the vocabulary of both."""
    known = draw(entries)
    special = draw(st.sets(st.sampled_from(sorted(known))))
    return known, special, Vocabulary.of(known, special)


@relaxed
@given(vocabularies())
def test_ids_ascend_and_each_keeps_its_bytes_and_its_mark(drawn):
    known, special, vocabulary = drawn
    assert vocabulary.ids.tolist() == sorted(known)
    assert vocabulary.texts.to_pylist() == [known[number] for number in sorted(known)]
    assert vocabulary.special.tolist() == [number in special for number in sorted(known)]
    assert len(vocabulary) == len(known)


@relaxed
@given(vocabularies(), st.data())
def test_decoding_gives_the_bytes_of_each_id_in_order(drawn, data):
    known, _, vocabulary = drawn
    ids = data.draw(st.lists(st.sampled_from(sorted(known))))
    found = vocabulary.decode(np.array(ids, np.int64))
    assert found.to_pylist() == [known[number] for number in ids]
    assert vocabulary.ids[vocabulary.places(np.array(ids, np.int64))].tolist() == ids


@relaxed
@given(vocabularies(), st.integers(-(2**62), 2**62) | st.integers(-3, 25), st.data())
def test_an_id_that_is_not_there_is_refused_by_its_number(drawn, stranger, data):
    known, _, vocabulary = drawn
    assume(stranger not in known)
    ids = [*data.draw(st.lists(st.sampled_from(sorted(known)), max_size=3)), stranger]
    with pytest.raises(BadTokenizer, match=rf"id {stranger},"):
        vocabulary.decode(np.array(ids, np.int64))


@pytest.mark.parametrize("stranger", [-1, 2, 3, 2**40])
def test_an_id_beside_a_row_of_ids_without_gaps_is_refused(stranger):
    with pytest.raises(BadTokenizer, match=rf"id {stranger},"):
        Vocabulary.of({0: b"a", 1: b"b"}).decode(np.array([0, stranger]))


@relaxed
@given(vocabularies())
def test_lengths_are_in_bytes(drawn):
    known, _, vocabulary = drawn
    assert vocabulary.lengths.tolist() == [len(known[number]) for number in sorted(known)]


@relaxed
@given(vocabularies())
@example(({0: b""}, set(), Vocabulary.of({0: b""})))
def test_producible_ids_are_neither_special_nor_hold_a_byte_that_utf8_never_has(drawn):
    known, special, vocabulary = drawn
    possible = [
        n for n, text in known.items() if n not in special and not set(text) & set(NEVER_UTF8)
    ]
    assert vocabulary.producible == len(possible)


def test_bytes_that_utf8_never_has_are_those_that_no_character_has():
    letters = (code for code in range(0x110000) if not 0xD800 <= code < 0xE000)
    used = set("".join(map(chr, letters)).encode())
    assert set(NEVER_UTF8) == set(range(256)) - used
    assert len(NEVER_UTF8) == 13


@relaxed
@given(st.lists(st.sampled_from(["a", "é", "\u200b", "▁", *sorted(WHITE_SPACE)]), max_size=3))
def test_blank_ids_stand_for_white_space_and_for_nothing_else(letters):
    vocabulary = Vocabulary.of({0: "".join(letters).encode()})
    assert vocabulary.blank.tolist() == [bool(letters) and set(letters) <= WHITE_SPACE]


@pytest.mark.parametrize("partial", [b"\xe3\x80", b"\xc2", b" \xe2", b"\xff", b"\x80"])
def test_a_part_of_a_character_is_not_blank(partial):
    assert not Vocabulary.of({0: partial}).blank[0]


@pytest.mark.parametrize("separator", ["\x1c", "\x1d", "\x1e", "\x1f"])
def test_a_separator_that_is_not_white_space_is_not_blank(separator):
    assert separator not in WHITE_SPACE
    assert not Vocabulary.of({0: separator.encode()}).blank[0]


@pytest.mark.parametrize(
    ("known", "named"),
    [({}, r"\[\] to \[\]"), ({-1: b"a"}, r"\[-1\]"), ({0: b"", LARGEST_ID + 1: b""}, "2147483648")],
)
def test_what_cannot_be_an_id_is_refused(known, named):
    with pytest.raises(BadTokenizer, match=named):
        Vocabulary.of(known)


def test_the_largest_id_is_allowed_and_takes_no_room():
    vocabulary = Vocabulary.of({LARGEST_ID: b"last", 0: b"first"}, unknown=0)
    assert vocabulary.decode(np.array([LARGEST_ID, 0])).to_pylist() == [b"last", b"first"]
    assert vocabulary.unknown == 0


def test_the_digest_does_not_depend_on_the_order_of_the_mapping():
    one, other = {1: b"a", 2: b"b"}, {2: b"b", 1: b"a"}
    assert Vocabulary.of(one).digest == Vocabulary.of(other).digest


@pytest.mark.parametrize(
    "other",
    [
        Vocabulary.of({1: b"a", 3: b"bc"}),
        Vocabulary.of({1: b"ab", 2: b"c"}),
        Vocabulary.of({1: b"a", 2: b"bd"}),
        Vocabulary.of({1: b"a", 2: b"bc"}, special={1}),
        Vocabulary.of({1: b"a", 2: b"bc"}, unknown=1),
        Vocabulary.of({1: b"a", 2: b"bc", 3: b""}),
    ],
    ids=["an id", "a border", "a byte", "a mark", "the unknown id", "one more"],
)
def test_the_digest_changes_with(other):
    assert other.digest != Vocabulary.of({1: b"a", 2: b"bc"}).digest


@relaxed
@given(vocabularies(), vocabularies())
def test_vocabularies_with_one_digest_are_the_same(one, other):
    same = one[0] == other[0] and one[1] == other[1]
    assert (one[2].digest == other[2].digest) == same
