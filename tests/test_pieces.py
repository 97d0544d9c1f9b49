"""Pieces of a text: every byte in exactly one, every token in its place, whatever was altered."""

import html.parser

import numpy as np
import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import train
from tokaudit import loaders, token_html, words
from tokaudit.batch import Batch, Spans
from tokaudit.legible import isolated, legend, runs_right_to_left, shown, written
from tokaudit.pieces import ADDED, ALTERED, LEFT_OUT, PART, UNKNOWN, Cut, Piece, stretches
from tokaudit.reads import read
from tokaudit.view import Subject, look

LOSSLESS = ["builtin:bytes", "builtin:chars", "gpt2", "digits_from_right"]
EVERY = [*LOSSLESS, "bpe", "wordpiece", "unigram", "nmt"]
letters = st.sampled_from([*"aB1.'- \n\u00a0\u3000éİ▁ก我क│→", "\u0301", "\u094d", "😀", "\u200d"])
any_text = st.text(letters | st.characters(codec="utf-8"), max_size=12)


def spans(*bounds):
    return Spans(np.array([a for a, _ in bounds], np.int64), np.array([b for _, b in bounds]))


def cut(text, bounds, says=None, unknown=None):
    return Cut.of(text.encode(), spans(*bounds), np.arange(len(bounds)), says, unknown)


def written_out(found):
    return [written(piece) for piece in found.pieces()]


# Laws


@pytest.mark.parametrize("name", EVERY)
@settings(max_examples=60)
@given(text=any_text)
def test_every_byte_is_in_one_piece_and_every_token_in_order(name, text):
    tokenizer = train.loaded(name)
    reading = read(tokenizer, Batch.of("und", [text]))
    view = look(tokenizer, Subject("text", text), reading.batch)
    assert b"".join(piece.covered for piece in view.pieces) == text.encode()
    starts = [piece.start for piece in view.pieces]
    assert starts == sorted(starts)
    assert [p.id for p in view.pieces if p.id is not None] == reading.ids.tolist()
    says = b"".join(piece.says for piece in view.pieces if piece.id is not None)
    assert says == b"".join(tokenizer.vocabulary.decode(reading.ids).to_pylist())
    clusters = {len(text[:start].encode()) for start in words.grapheme_starts(text)}
    for piece in view.pieces:
        if piece.covered and not regex.search(r"[\u094d\u200d]", text):  # rules that changed
            assert piece.inside == (piece.start not in clusters)
        assert (piece.mark == PART) == (piece.says == piece.covered and not is_text(piece.covered))


def is_text(data):
    return data.decode("utf-8", "ignore").encode() == data


@pytest.mark.parametrize("name", LOSSLESS)
@settings(max_examples=30)
@given(text=any_text)
def test_where_nothing_is_altered_a_piece_is_its_token(name, text):
    found = look(train.loaded(name), Subject("text", text), Batch.of("und", [text]))
    assert not found.altered
    assert all(piece.covered == piece.says and piece.id is not None for piece in found.pieces)
    assert {piece.mark for piece in found.pieces} <= {"", PART}


@pytest.mark.parametrize("name", EVERY)
def test_words_have_as_many_tokens_as_the_audits_count(name):
    tokenizer = train.loaded(name)
    for text in train.sentences("eng_Latn", "hin_Deva", "tha_Thai")[::9]:
        batch = Batch.of("und", [text])
        reading = read(tokenizer, batch)
        found = look(tokenizer, Subject("text", text), batch)
        counts = reading.words.tokens.tolist()
        assert [word.tokens for word in found.words] == counts
        assert found.figures["cut_words"] == sum(count > 1 for count in counts)
        assert found.figures["tokens"] == len(reading.ids)
        for word, start, end in zip(found.words, *map(list, batch.words), strict=True):
            assert b"".join(word.parts) == text.encode()[start:end]
            if name in LOSSLESS:
                assert len(word.parts) == word.tokens


# Spans as engines give them


def test_tokens_that_share_bytes_and_spell_them_get_their_own():
    found = cut("a𠮷b", [(0, 1), (1, 5), (1, 5), (5, 6)], [b"a", b"\xf0\xa0", b"\xae\xb7", b"b"])
    assert written_out(found) == ["a", r"\xf0\xa0", r"\xae\xb7", "b"]
    assert [piece.mark for piece in found.pieces()] == ["", PART, PART, ""]
    assert [piece.inside for piece in found.pieces()] == [False, False, True, False]
    assert found.cut_clusters() == 1


def test_tokens_that_share_bytes_and_spell_others_say_so():
    found = cut("x½y", [(0, 1), (1, 3), (1, 3), (3, 4)], [b"x", b"1", b"/2", b"y"])
    assert written_out(found) == ["x", "½→1", "→/2", "y"]
    assert [piece.mark for piece in found.pieces()] == ["", ALTERED, ALTERED, ""]


def test_a_space_that_offsets_leave_out_belongs_to_the_token_that_spells_it():
    assert written_out(cut("a  b", [(0, 1), (3, 4)], [b"a", b" b"])) == ["a", "⟨␠⟩", "␠b"]
    both = cut("a b", [(0, 1), (2, 3), (2, 3)], [b"a", b" ", b"b"])
    assert written_out(both) == ["a", "␠", "b"]


def test_a_space_put_before_the_text_is_no_alteration():
    assert written_out(cut("ab", [(0, 2)], [b" ab"])) == ["ab"]
    added = cut("我", [(0, 0), (0, 3)], [b" ", "我".encode()]).pieces()
    assert [(written(piece), piece.mark) for piece in added] == [("→␠", ADDED), ("我", "")]


def test_tokens_out_of_order_are_one_stretch():
    found = cut("abc", [(1, 2), (0, 1), (2, 3)], [b"b", b"a", b"c"])
    assert stretches(found.spans).tolist() == [0, 2]
    assert written_out(found) == ["ab→b", "→a", "c"]


def test_what_no_token_covers_and_what_is_unknown_are_marked():
    found = cut("a ☃ b", [(0, 1), (2, 5)], [b"a", b"[UNK]"], unknown=1).pieces()
    assert [piece.mark for piece in found] == ["", LEFT_OUT, UNKNOWN, LEFT_OUT]
    assert list(map(written, found)) == ["a", "⟨␠⟩", "☃→[UNK]", "⟨␠b⟩"]
    assert [piece.id for piece in found] == [0, None, 1, None]


def test_no_tokens_and_no_text():
    assert cut("", []).pieces() == []
    assert written_out(cut("ab", [])) == ["⟨ab⟩"]
    assert cut("", []).cut_clusters() == 0


@pytest.mark.parametrize("byte", range(9))
def test_the_beginning_is_whole_stretches(byte):
    found = cut("a½b c", [(0, 1), (1, 3), (1, 3), (3, 4), (5, 6)], [b"a", b"1", b"/2", b"b", b"c"])
    begun, whole = found.pieces(byte), found.pieces()
    assert begun == whole[: len(begun)]
    assert len(begun) == [0, 1, 3, 3, 4, 5, 6, 6, 6][byte]


def test_the_beginning_of_what_no_token_covers_is_as_long_as_asked():
    assert [piece.covered for piece in cut("a bcd", [(0, 1)]).pieces(3)] == [b"a", b" b"]


def test_the_beginning_may_end_within_a_character():
    """A token that ends inside the next character is shown whole, and nothing after it."""
    found = cut("aé", [(0, 2), (2, 3)])
    assert written_out(found) == [r"a\xc3", r"\xa9"]
    assert list(map(written, found.pieces(1))) == [r"a\xc3"]


# Characters


def test_a_mark_of_its_own_stands_on_a_circle_and_its_border_is_told():
    found = cut("नि", [(0, 3), (3, 6)])
    assert written_out(found) == ["न", "◌ि"]
    assert [piece.inside for piece in found.pieces()] == [False, True]


def test_a_joined_emoji_is_one_character_of_several_tokens():
    family = "👨\u200d👩\u200d👧"
    found = look(train.loaded("builtin:chars"), Subject("t", family), Batch.of("und", [family]))
    assert list(map(written, found.pieces)) == ["👨", r"\u{200d}", "👩", r"\u{200d}", "👧"]
    assert [piece.inside for piece in found.pieces] == [False, True, True, True, True]
    assert found.figures["cut_graphemes"] == 1


def test_signs_of_ours_are_escaped_where_a_text_has_them():
    assert shown("│┊→⟨⟩".encode()) == r"\u{2502}\u{250a}\u{2192}\u{27e8}\u{27e9}"
    assert shown(b"\x1b[31m") == "␛[31m"
    assert shown("\u202eab\u200b".encode()) == r"\u{202e}ab\u{200b}"


def test_letters_from_right_to_left_are_isolated():
    assert isolated("שלום") == "\u2068שלום\u2069"
    assert isolated("abc 12") == "abc 12"
    piece = Piece(1, 0, "שָ".encode(), "ש".encode(), ALTERED)
    assert written(piece, isolated) == "\u2068שָ\u2069→\u2068ש\u2069"


@pytest.mark.parametrize(
    ("text", "right"),
    [("שלום abc", True), ("12 مرحبا", True), ("abc שלום", False), ("", False), ("12", False)],
)
def test_a_paragraph_runs_as_its_first_strong_letter_does(text, right):
    assert runs_right_to_left(text) is right


def test_the_legend_explains_what_is_there_and_nothing_else():
    assert legend(cut("ab", [(0, 1), (1, 2)]).pieces()) == []
    (only,) = legend(cut("a b", [(0, 1), (2, 3)]).pieces())
    assert only.startswith("⟨a⟩")


# HTML


class Parsed(html.parser.HTMLParser):
    """Tags with their attributes, and text, as a browser would find them."""

    def __init__(self, source):
        super().__init__()
        self.tags, self.said = [], []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.said.append(data)


HOSTILE = "<script>alert(1)</script>\"'&amp;\x1b]8;;x\x07\u202e</bdi></span>--><!--"


def test_html_of_a_triple_escapes_everything():
    text = HOSTILE.encode()
    bounds = [(at, at + 1) for at in range(HOSTILE.index("\u202e"))]
    source = token_html.coloured(text, spans(*bounds), np.arange(len(bounds)))
    found = Parsed(source)
    assert {tag for tag, _ in found.tags} == {"div", "span", "bdi"}
    assert "".join(found.said).replace("␛", "\x1b").startswith("<script>alert(1)</script>")
    assert not regex.search(r"[\p{Cc}\p{Cf}]", source)
    assert len([tag for tag, _ in found.tags if tag == "span"]) == len(bounds) + 1


def test_html_puts_ids_and_bytes_below_and_isolates_every_token():
    source = token_html.coloured(
        "ab ש".encode(), spans((0, 2), (2, 5)), np.array([7, 9]), token_html.Beside(True, True)
    )
    found = Parsed(source)
    assert found.tags[0] == ("div", {"class": "tokens", "dir": "ltr"})
    assert found.said == ["ab", "7", "61 62", "␠ש", "9", "20 D7 A9"]
    assert [attrs["title"] for tag, attrs in found.tags if tag == "span"] == [
        "id 7, bytes 61 62",
        "id 9, bytes 20 D7 A9",
    ]


def test_html_of_a_text_from_right_to_left_runs_so():
    source = token_html.coloured("שלום".encode(), spans((0, 4), (4, 8)), np.array([1, 2]))
    assert Parsed(source).tags[0][1]["dir"] == "rtl"


# Real tokenizers


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("bert-base-uncased", "The café ☃", "The→the ⟨␠⟩ café→cafe ⟨␠⟩ ☃→[UNK]"),
        ("bert-base-uncased", "Grös", "Gr→gr ös→os"),
        ("llama2", "\u202e我𐍈", r"→␠ \xe2 \x80 \xae 我 \xf0 \x90 \x8d \x88"),
        ("gemma2", "שָׁלוֹם", "ש ◌ָׁ לו ◌ֹ ם"),
        ("xlmr-unigram-de", "Hallo Größe", "Hallo ␠Größe"),
    ],
)
def test_real_tokenizers_are_written_as_they_are(shared, name, text, expected):
    tokenizer = loaders.load(str(shared / "tokenizers" / name))
    found = look(tokenizer, Subject("text", text), Batch.of("und", [text]))
    assert " ".join(map(written, found.pieces)) == expected
