"""What is shown can be read back, and nothing in it acts."""

import icu
import pytest
import regex
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tokaudit.text import HIDDEN, MARKS, WHITE_SPACE, Absent, line, ratio, show

# ICU's opinion of what must never be seen raw (its unassigned characters may be newer ones).
FORBIDDEN = icu.UnicodeSet(
    "[[:Cc:][:Cf:][:Cs:][:Co:][:Z:][:Bidi_Control:][:Default_Ignorable_Code_Point:]"
    "[:Noncharacter_Code_Point:][:Variation_Selector:]\\u2800]"
)
HOSTILE = [*"#:\\◌…\x9b\x85{}u", *MARKS, *MARKS.values(), "\u0301", "\u202e", "\u2066", "\ufe0f"]
HOSTILE += ["\u3164", "\U000e0041", "\ue000", "\ud800", "\udc80", "\udcff", "\u2028", "\u00a0"]
any_text = st.text(st.one_of(st.sampled_from(HOSTILE), st.characters(exclude_categories=())))
any_bytes = st.one_of(st.binary(), any_text.map(lambda text: text.encode("utf-8", "surrogatepass")))

ESCAPE = regex.compile(r"\\u\{([0-9a-f]+)\}|\\x([0-9a-f]{2})|(.)", regex.DOTALL)
LETTERS = {mark: letter for letter, mark in MARKS.items()}
relaxed = settings(deadline=None)


def seen(shown):
    """Read back what `show` wrote: if this works for every text, no two texts look the same."""

    def letter(found):
        code, byte, plain = found.groups()
        if code or byte:
            return chr(int(code, 16)) if code else chr(0xDC00 + int(byte, 16))
        return LETTERS.get(plain, plain)

    return ESCAPE.sub(letter, shown.removeprefix("◌"))


def harmless(shown):
    return not any(FORBIDDEN.contains(each) for each in shown) and not regex.search("##|::", shown)


@relaxed
@given(any_text)
@example("".join(HOSTILE))
def test_every_text_is_shown_so_that_it_can_be_read_back(text):
    assert seen(show(text, limit=len(text) + 1)) == text


@relaxed
@given(any_bytes)
def test_all_bytes_are_shown_so_that_they_can_be_read_back(data):
    shown = show(data, limit=len(data) + 1)
    assert seen(shown).encode("utf-8", "surrogateescape") == data


@relaxed
@given(any_bytes | any_text, st.integers(1, 9))
@example("##" * 9, 3)
@example(b"\xff" * 9, 3)
@example("a\u0301" * 9, 1)
def test_what_is_shown_is_harmless(data, limit):
    shown = show(data, limit=limit)
    assert harmless(shown)
    shown.encode()  # no surrogate is left


def test_no_character_of_unicode_comes_out_raw_that_must_not():
    for first in (*range(0, 0x40000, 0x1000), 0xE0000, 0xF0000, 0x10F000):
        letters = "".join(map(chr, range(first, first + 0x1000)))
        assert FORBIDDEN.containsNone(icu.UnicodeString(show(letters, limit=0x1000))), hex(first)


@pytest.mark.parametrize("plane", [*range(4, 14)])
def test_a_character_that_no_unicode_assigns_is_shown_by_its_number(plane):
    assert show(chr(plane * 0x10000 + 0x1234)) == f"\\u{{{plane * 0x10000 + 0x1234:x}}}"


@relaxed
@given(any_text, st.integers(1, 9))
def test_longer_text_is_cut_and_says_how_much_is_missing(text, limit):
    shown = show(text, limit=limit)
    if len(text) <= limit:
        assert "…" not in shown  # so nothing that fits looks like something cut
    else:
        assert shown == show(text[:limit], limit=limit) + f"…(+{len(text) - limit})"


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        (b"", ""),
        (b"\xe0\xa4\x85", "अ"),
        (b"\xe0\xa4", r"\xe0\xa4"),
        (b"a\xc0\x80b", r"a\xc0\x80b"),
        (b"\xed\xa0\x80", r"\xed\xa0\x80"),
        (r"\xe0", r"\u{5c}xe0"),
        ("\u0301a", "◌\u0301a"),
        ("a\u0301", "a\u0301"),
        ("\ufe0f", "◌\\u{fe0f}"),
        ("a b\n", "a␠b␊"),
        ("␠", r"\u{2420}"),
        ("\x9b31m", r"\u{9b}31m"),
        ("\u2066x\u2069", r"\u{2066}x\u{2069}"),
        ("###", r"#\u{23}\u{23}"),
        ("::set-output::", r":\u{3a}set-output:\u{3a}"),
        ("# #: :", "#␠#:␠:"),
        ("שלום", "שלום"),
        ("👩\u200d👧", r"👩\u{200d}👧"),
    ],
)
def test_text_is_shown_as_written_here(data, shown):
    assert show(data) == shown


@relaxed
@given(any_text)
@example("\u0301 \u0301")
@example("##[error]  ::x\x1b")
def test_a_line_is_harmless_and_keeps_its_spaces(text):
    shown = line(text)
    assert harmless(shown.replace(" ", ""))
    assert " ".join(map(seen, shown.split(" "))) == text


def test_a_line_keeps_to_one_line():
    assert line("no file /a\nb\r\u2028c\u0085d") == "no file /a␊b␍\\u{2028}c\\u{85}d"


def test_a_very_long_word_in_a_line_is_cut():
    assert line("x" * 5_000 + " y") == "x" * 4_096 + "…(+904) y"


def test_white_space_is_what_unicode_says_it_is():
    assert set(icu.UnicodeSet("[:White_Space:]")) == WHITE_SPACE


def test_letters_are_not_hidden():
    letters = icu.UnicodeSet("[[:L:][:N:][:P:][:S:]-[:Default_Ignorable_Code_Point:]-[\\u2800]]")
    assert not [letter for letter in letters if HIDDEN.match(letter)]


@relaxed
@given(st.integers(0, 10**18), st.integers(1, 10**18))
def test_totals_are_divided(part, whole):
    assert ratio(part, whole, "nothing") == part / whole


def test_nothing_to_divide_by_gives_the_reason_and_no_number():
    assert ratio(0, 0, "no words") == Absent("no words")
    assert not isinstance(ratio(0, 1, "no words"), Absent)
