"""Where tokens lie that lack only white space or letter case, against libraries' own offsets."""

from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests import train
from tokaudit.batch import Batch
from tokaudit.ink import Spelled, by_ink
from tokaudit.reads import read

BLANK = b"\t\n\v\f\r "
WORDS = ["The", "HOUSE", "under", "x", "IX", "don't", "3.14", "Haus", "(a)", "!!", "Q7", "Neben"]
GAPS = [" ", " ", "  ", "\n", "\t", " \r\n ", "\x0b", ""]
plain = st.lists(st.sampled_from(WORDS) | st.sampled_from(GAPS), max_size=10).map("".join)
rows_of = st.lists(plain, min_size=1, max_size=5)
# Letters that the bytes of a token do not give back, and some that they do.
other = st.lists(st.sampled_from([*WORDS, *GAPS, "é", "İ", "中", "ǅ", "\u0301", "ß"]), max_size=8)


def spelled(rows):
    """Lay rows of bytes end to end."""
    offsets = np.cumsum([0, *map(len, rows)]).astype(np.int64)
    return Spelled(np.frombuffer(b"".join(rows), np.uint8), offsets)


def found(rows, tokens):
    """Find each row's tokens (lists of bytes) in the row."""
    ends = np.cumsum([0, *(len(token) for row in tokens for token in row)]).astype(np.int64)
    counts = np.array([len(row) for row in tokens], np.int64)
    return by_ink(spelled(rows), spelled([b"".join(row) for row in tokens]), ends, counts)


def bare(text):
    """Take away ASCII white space and the case of ASCII letters."""
    return bytes(byte for byte in text if byte not in BLANK).lower()


def inked(text):
    return [place for place, byte in enumerate(text) if byte not in BLANK]


def by_hand(rows, tokens):
    """Go through rows token by token: where its visible bytes are; None if nowhere, or unlike."""
    first, spans = 0, []
    for row, parts in zip(rows, tokens, strict=True):
        alike = bare(row) == bare(b"".join(parts))
        places, used = inked(row), 0
        for part in parts:
            size = len(bare(part))
            mine = places[used : used + size]
            spans.append((first + mine[0], first + mine[-1] + 1) if alike and mine else None)
            used += size
        first += len(row)
    return spans


@st.composite
def cut_rows(draw):
    """Rows and tokens that are (mostly) the rows' text in other case and with other white space."""
    rows, tokens = [], []
    for text in draw(st.lists(st.lists(st.sampled_from([*WORDS, *GAPS, "é", "中"]), max_size=6))):
        row = "".join(text).encode()
        changed = "".join(
            draw(st.sampled_from([each, each.lower(), ""]))
            if not each.strip()
            else draw(st.sampled_from([each, each.lower(), each.swapcase()]))
            for each in text
        ).encode()
        if draw(st.integers(0, 5)) == 0:
            changed += draw(st.sampled_from([b"x", b" ", b"\xc3\xa9", b"?"]))
        cuts = sorted(draw(st.lists(st.integers(0, len(changed)), max_size=5)))
        bounds = [0, *cuts, len(changed)]
        rows.append(row)
        tokens.append([changed[a:b] for a, b in pairwise(bounds)])
        if draw(st.booleans()):
            tokens[-1] = [part for part in tokens[-1] if part]
    return rows, tokens


@given(cut_rows())
@example(([b"A b", b"", b"cd"], [[b"a", b"b"], [], [b" ", b"C", b"D"]]))
@example(([b"ab", b"cd"], [[b"abc"], [b"d"]]))
@example(([b"  ", b"x"], [[b" "], [b"X"]]))
@settings(max_examples=300)
def test_tokens_lie_where_their_visible_letters_are(drawn):
    rows, tokens = drawn
    inks = found(rows, tokens)
    assert inks.alike.tolist() == [
        bare(row) == bare(b"".join(parts)) for row, parts in zip(rows, tokens, strict=True)
    ]
    spans = list(zip(inks.starts.tolist(), inks.ends.tolist(), strict=True))
    expected = by_hand(rows, tokens)
    assert len(spans) == len(expected)
    assert [s for s, e in zip(spans, expected, strict=True) if e] == [e for e in expected if e]


@pytest.mark.parametrize(
    ("row", "tokens", "alike"),
    [
        (b"", [], True),
        (b" \t\n", [], True),
        (b"", [b" "], True),
        (b"a", [], False),
        (b"", [b"a"], False),
        (b"Ab", [b"aB"], True),
        (b"a b", [b"ab"], True),
        (b"a b", [b"b", b"a"], False),
        (b"ab", [b"abc"], False),
        (b"K", ["\u212a".encode()], False),
        ("É".encode(), ["é".encode()], False),
        (b"a\x00b", [b"ab"], False),
        (b"a\x1cb", [b"ab"], False),
        ("a\u00a0b".encode(), [b"ab"], False),
    ],
)
def test_only_ascii_white_space_and_case_may_differ(row, tokens, alike):
    neighbours = [b"x y", row, b"Z"], [[b"X", b"Y"], tokens, [b"z"]]
    inks = found(*neighbours)
    assert inks.alike.tolist() == [True, alike, True]
    assert (inks.starts[0], inks.ends[1]) == (0, 3)
    assert (inks.starts[-1], inks.ends[-1]) == (3 + len(row), 4 + len(row))


def without_unknown(tokenizer, texts):
    """Keep the texts in which nothing is unknown to the tokenizer."""
    ids = [tokenizer.engine.encode(pa.array([text], pa.large_string())).ids for text in texts]
    return [t for t, i in zip(texts, ids, strict=True) if tokenizer.vocabulary.unknown not in i]


def agree(tokenizer, texts):
    """Compare spans found by ink with those that the library places; count the rows compared."""
    rows = without_unknown(tokenizer, texts)
    batch = Batch.of("und", rows)
    reading = read(tokenizer, batch)
    (ends, data), counts = reading._decoded, reading.tokens
    theirs = Spelled(data, ends[reading.encoded.offsets])
    inks = by_ink(Spelled(batch.data, batch.offsets), theirs, ends, counts)
    mine = np.repeat(inks.alike, counts)
    placed = tokenizer.engine.place(batch.texts)
    begin = np.repeat(batch.offsets[:-1], counts)
    assert np.array_equal(inks.starts[mine], (placed.starts + begin)[mine])
    assert np.array_equal(inks.ends[mine], (placed.ends + begin)[mine])
    return int((inks.alike & reading.altered).sum())


@given(rows_of)
@settings(max_examples=100)
@example(["The  HOUSE\tunder", "", " ", "\n(a)\n", "IXIX don't 3.14"])
def test_a_wordpiece_that_lower_cases_has_the_offsets_of_its_library(rows):
    agree(train.loaded("wordpiece"), rows)


def test_sentences_of_a_lower_casing_wordpiece_are_found_by_ink():
    assert agree(train.loaded("wordpiece"), train.sentences("eng_Latn", "deu_Latn")) > 20


@given(st.lists(other.map("".join), min_size=1, max_size=5))
@settings(max_examples=60)
def test_bert_has_the_offsets_of_its_library(shared, rows):
    agree(train.loaded(str(shared / "tokenizers" / "bert-base-uncased")), rows)


def test_sentences_of_bert_are_found_by_ink(shared):
    tokenizer = train.loaded(str(shared / "tokenizers" / "bert-base-uncased"))
    assert agree(tokenizer, train.sentences("eng_Latn", "tur_Latn", "rus_Cyrl")) > 30


@given(st.lists(other.map("".join), min_size=1, max_size=5))
@settings(max_examples=60)
@example(["The É", "İX x", "\u0301a B", "中 Q"])
def test_a_reading_takes_spans_by_ink_and_others_from_the_library(rows):
    """Whatever way a span was found: the whole reading has the library's own."""
    tokenizer = train.loaded("wordpiece")
    batch = Batch.of("und", rows)
    reading = read(tokenizer, batch)
    placed = tokenizer.engine.place(batch.texts)
    begin = np.repeat(batch.offsets[:-1], reading.tokens)
    whole = np.repeat(reading.altered, reading.tokens)
    assert np.array_equal(reading.spans.starts[whole], (placed.starts + begin)[whole])
    assert np.array_equal(reading.spans.ends[whole], (placed.ends + begin)[whole])


def test_a_blank_token_before_the_first_row_covers_nothing_as_before_any_other():
    rows, tokens = [b".x", b".x"], [[b" ", b".x"], [b" ", b".x"]]
    inked = found(rows, tokens)
    assert inked.starts.tolist() == [0, 0, 2, 2] and inked.ends.tolist() == [0, 2, 2, 4]


def test_a_blank_token_at_the_end_of_a_row_stays_in_its_row():
    rows, tokens = [b"a \n", b"  b"], [[b"a", b" ", b" ", b" "], [b" ", b" b"]]
    inked = found(rows, tokens)
    assert inked.alike.all()
    assert inked.starts.tolist() == [0, 3, 3, 3, 5, 5] and inked.ends.tolist() == [1, 3, 3, 3, 5, 6]
