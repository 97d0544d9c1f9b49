"""Where documents are cut into chunks, against a definition that looks at one letter at a time."""

from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
import regex
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tokaudit import chunks
from tokaudit.text import WHITE_SPACE

# Everything that is treated in its own way, on either side of a space or a line end.
SEPARATORS = "\x1c\x1d\x1e\x1f"
PREPEND = "\u0600\u06dd\u070f\u0890\u08e2\u0d4e\U000110bd\U000111c2\U00011f02"
MARKS = "\u0301\u0e31\u0903\u20dd\ufe0f\U000e0100\U0001d165"
FORMATS = "\u00ad\u200b\u200d\u2060\ufeff\U000e0041\U0001bca0"
CONTROLS = "\x00\x07\x7f\x80\x9f"
PLAIN = "aZ.'/éя中한ก😀𠮷\ufffd\ue000\u0378\U000f0000\U0010fffd"
SPECIAL = [*sorted(WHITE_SPACE), *SEPARATORS, *PREPEND, *MARKS, *FORMATS, *CONTROLS, "\u2581"]
LETTERS = [*PLAIN, *SPECIAL, "\r\n", "//", "  ", " ", " ", "\n", "\n", " \u0301"]
texts = st.lists(st.sampled_from(LETTERS) | st.characters(codec="utf-8"), max_size=14).map("".join)


def large(rows):
    return pa.array(rows, pa.large_string())


def chunks_of(text):
    """Cut one text and give its chunks as strings."""
    return chunks.cut(large([text]))[0].to_pylist()


def is_blank(letter):
    return letter in WHITE_SPACE or letter in SEPARATORS


ALL = "".join(chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000)
PREPENDED = set(regex.findall(r"\p{Grapheme_Cluster_Break=Prepend}", ALL))


def draws(letter):
    """Say whether nothing is cut behind this letter."""
    return is_blank(letter) or letter == "\u2581" or letter in PREPENDED


def vanishes(letter):
    """Say whether a normaliser may drop this letter, or draw it to the one before it."""
    return letter == "\u2581" or regex.fullmatch(r"[\p{M}\p{Cc}\p{Cf}]", letter) is not None


def is_visible(letter):
    return not is_blank(letter) and not vanishes(letter)


def begins(text, place):
    """Say whether a chunk begins at a letter, which is not the first."""
    if text[place] == " ":
        return _before_space(text, place)
    return text[place - 1] == "\n" and _after_line(text, place - 1)


def _before_space(text, place):
    if place + 1 == len(text) or draws(text[place - 1]) or not is_visible(text[place + 1]):
        return False
    before = text.rfind(" ", 1, place)
    return before < 0 or is_visible(text[before + 1]) or is_blank(text[before + 1])


def _after_line(text, place):
    alone = place > 0 and not draws(text[place - 1]) and is_visible(text[place + 1])
    return alone and text[place + 1] != "/"


def by_hand(text):
    places = [0, *(i for i in range(1, len(text)) if begins(text, i)), len(text)]
    return [text[a:b] for a, b in pairwise(places)]


@given(texts)
@example("a b")
@example("a \u0301 b c d")
@example("a\n/b")
@example("a\r\nb")
@example("a\u06dd b \u06ddc")
@settings(max_examples=400)
def test_a_text_is_cut_as_its_letters_say(text):
    assert chunks_of(text) == by_hand(text)


@given(st.lists(texts, max_size=6), st.integers(0, 2), st.integers(0, 2))
@example(["", "", ""], 1, 0)
@example([" a b ", "\na\nb\n"], 0, 0)
@settings(max_examples=200)
def test_joined_chunks_are_the_texts_also_in_the_middle_of_an_array(rows, before, after):
    whole = large([*["ab cd\nef é "] * before, *rows, *[" x y"] * after])
    found, starts = chunks.cut(whole.slice(before, len(rows)))
    assert starts.size == len(rows) + 1 and starts[0] == 0 and starts[-1] == len(found)
    found.validate(full=True)
    pieces = found.to_pylist()
    bounds = list(pairwise(starts.tolist()))
    assert ["".join(pieces[a:b]) for a, b in bounds] == rows
    for text, (a, b) in zip(rows, bounds, strict=True):
        assert b > a, "every text has a chunk"
        assert text == "" or all(pieces[a:b]), "no chunk of a text with letters is empty"


@pytest.mark.parametrize("letter", [pytest.param(each, id=ascii(each)) for each in SPECIAL])
def test_beside_a_special_letter_nothing_is_cut_on_the_side_that_it_may_change(letter):
    for gap in (" ", "\n"):
        if letter in PREPEND:
            assert chunks_of(f"a{letter}{gap}b") == [f"a{letter}{gap}b"]
        elif letter in (*MARKS, *FORMATS, *CONTROLS):
            assert chunks_of(f"a{gap}{letter}b") == [f"a{gap}{letter}b"]
        else:
            assert chunks_of(f"a{gap}{letter}b") == [f"a{gap}{letter}b"]
            assert chunks_of(f"a{letter}{gap}b") == [f"a{letter}{gap}b"]


@pytest.mark.parametrize("letter", [pytest.param(each, id=ascii(each)) for each in PLAIN])
def test_between_plain_letters_of_every_width_both_gaps_are_cut(letter):
    assert chunks_of(f"{letter} {letter}") == [letter, f" {letter}"]
    if letter != "/":
        assert chunks_of(f"{letter}\n{letter}") == [f"{letter}\n", letter]


@pytest.mark.parametrize("letter", [*MARKS, *FORMATS, "\x7f"])
def test_a_word_that_may_vanish_is_cut_on_neither_side(letter):
    assert chunks_of(f"a b {letter} c d") == ["a", f" b {letter} c", " d"]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", [""]),
        (" ", [" "]),
        ("\n", ["\n"]),
        ("  ", ["  "]),
        (" a", [" a"]),
        ("a ", ["a "]),
        ("\na", ["\na"]),
        ("a\n", ["a\n"]),
        (" a b ", [" a", " b "]),
        ("a  b", ["a  b"]),
        ("a b  c d", ["a", " b  c", " d"]),
        ("a\n\nb", ["a\n\nb"]),
        ("a\n b", ["a\n b"]),
        ("a \nb", ["a \nb"]),
        ("a\r\nb c", ["a\r\nb", " c"]),
        ("a\n//b", ["a\n//b"]),
        ("a //b", ["a", " //b"]),
        (".\nb", [".\n", "b"]),
        ("a\u2581 b", ["a\u2581 b"]),
        ("a \u2581b", ["a \u2581b"]),
        ("a b\nc d\ne", ["a", " b\n", "c", " d\n", "e"]),
        ("中 文\n字", ["中", " 文\n", "字"]),
        ("😀 😀\n😀", ["😀", " 😀\n", "😀"]),
    ],
)
def test_these_are_cut_like_this(text, pieces):
    assert chunks_of(text) == pieces


def test_no_texts_have_no_chunks():
    for empty in (large([]), large(["a b", "c"])[1:1], large(["a b"])[1:]):
        found, starts = chunks.cut(empty)
        assert len(found) == 0 and starts.tolist() == [0]


def test_where_one_text_ends_and_another_begins_nothing_is_seen_of_the_other():
    rows = ["é", " é", "é ", "\n", "中", "", "", " a", "b"]
    found, starts = chunks.cut(large(rows))
    assert found.to_pylist() == rows
    assert starts.tolist() == list(range(len(rows) + 1))


def test_chunks_share_the_bytes_of_their_texts():
    rows = large(["a b c"] * 10)
    found, _ = chunks.cut(rows)
    assert found.buffers()[2].address == rows.buffers()[2].address


def test_the_tables_of_letters_say_what_unicode_says():
    """Planes 2 to 13 are skipped when the tables are made: nothing in them may be missed."""
    for kind in (chunks.BEFORE, chunks.AFTER):
        found = {ord(m.group()) for m in regex.finditer(kind, ALL)}
        assert set(np.flatnonzero(chunks._binding(kind)).tolist()) == found
