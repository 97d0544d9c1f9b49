"""Where tokens lie and what became of words, against slow loops over bytes, tokens and words."""

from dataclasses import dataclass, field
from itertools import pairwise, repeat

import numpy as np
import pytest
import regex
import tiktoken
import tokenizers
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tokenizers import models, normalizers, pre_tokenizers, trainers

from tests import train
from tokaudit import loaders, words
from tokaudit.batch import Batch
from tokaudit.engines import flat
from tokaudit.errors import EngineFailed
from tokaudit.reads import read
from tokaudit.text import WHITE_SPACE
from tokaudit.tokenizer import PLAIN, Placed, Tokenizer
from tokaudit.vocabulary import Vocabulary

LOSSLESS = ["builtin:bytes", "builtin:chars", "gpt2", "cl100k_base"]
PREFIXED = ["bpe"]  # puts a space before every row
LOSSY = ["wordpiece", "unigram", "nmt"]
EVERY = [*LOSSLESS, *PREFIXED, *LOSSY]
ODD = [
    "",
    " ",
    "\n\n",
    " a",
    "a ",
    "two  spaces",
    "x\u3000y",
    "naïve ÇA",
    "ﬁn ½",
    "👍🏽 👨\u200d👩\u200d👧",
]
ODD += [
    "e\u0301\u0323",
    "한국어 \u1112\u1161\u11ab",
    "▁ a▁b",
    "tab\tand\r\nmore",
    "漢字かな 1,234.5",
    "\x1c\x00",
]
SENTENCES = train.sentences("eng_Latn", "deu_Latn", "hin_Deva", "tha_Thai", "kor_Hang")[::5] + ODD
letters = st.sampled_from([*"aB1.'- \n\u00a0\u3000éİ▁ก我क", "\u0301", "\u094d", "😀", "\u200d"])
FEW = SENTENCES[: -len(ODD)][::6] + ODD
# All but the one blank that may be part of a word; it has a test of its own.
any_text = st.text(letters | st.characters(codec="utf-8", exclude_characters="\u202f"), max_size=12)


BLANKS = b"\t\n\v\f\r "
WHOLE = PLAIN.encode()  # what a scripted engine makes of the text it is tried on, if not told


@pytest.fixture(params=EVERY)
def real(request):
    if request.param == "cl100k_base":
        request.getfixturevalue("shared")
    return train.loaded(request.param)


@dataclass(frozen=True, eq=False)
class Scripted:
    """An engine that cuts as it is told: for each text its tokens' bytes, and where they lie."""

    script: dict[str, list[bytes]]
    spans: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    refused: frozenset[str] = frozenset()
    name: str = "scripted"
    version: str = "1"

    @property
    def vocabulary(self):
        return sorted({token for tokens in self.script.values() for token in tokens} | {WHOLE})

    def encode(self, texts):
        if self.refused & set(texts.to_pylist()):
            raise EngineFailed("scripted: no")
        number = {token: i for i, token in enumerate(self.vocabulary)}
        cuts = (self.script.get(text, [WHOLE]) for text in texts.to_pylist())
        return flat([number[token] for token in tokens] for tokens in cuts)

    def place(self, texts):
        spans = [span for text in texts.to_pylist() for span in self.spans[text]]
        array = np.array(spans, np.int64).reshape(-1, 2)
        return Placed(self.encode(texts), array[:, 0], array[:, 1])

    def read(self, texts, weights=None):
        vocabulary = Vocabulary.of(dict(enumerate(self.vocabulary)))
        tokenizer = Tokenizer("scripted", "scripted", vocabulary, self, pipeline=None)
        return read(tokenizer, Batch.of("und", texts, weights))


def cut(*pieces):
    """Read one text that is cut like this."""
    return Scripted({"".join(pieces): [piece.encode() for piece in pieces]}).read(["".join(pieces)])


@st.composite
def scripts(draw):
    """Texts cut anywhere, with a space before or with other bytes than theirs, and their engine."""
    script, spans = {}, {}
    for text in draw(st.lists(any_text, unique=True, max_size=4)):
        data = draw(st.sampled_from([b"", b" "])) + text.encode()
        if draw(st.booleans()) and data:
            at = draw(st.integers(0, len(data) - 1))
            data = data[:at] + draw(st.sampled_from([b"", b" ", b"x", b"xy"])) + data[at + 1 :]
        cuts = sorted(draw(st.sets(st.integers(1, max(1, len(data) - 1)))))
        borders = [0, *(place for place in cuts if place < len(data)), len(data)]
        script[text] = [data[a:b] for a, b in pairwise(borders)] if data else []
        ends = st.integers(0, len(text.encode()))
        pairs = [sorted((draw(ends), draw(ends))) for _ in script[text]]
        spans[text] = [(start, end) for start, end in pairs]
    rows = draw(st.lists(st.sampled_from(sorted(script or {"": []})), max_size=5 * bool(script)))
    if draw(st.booleans()):
        script[PLAIN] = [b"altered"]  # then offsets are asked for at once
    return rows, Scripted(script, spans)


def row_tokens(reading):
    """For each row the bytes of its tokens."""
    tokens = reading.tokenizer.vocabulary.decode(reading.ids).to_pylist()
    offsets = reading.encoded.offsets.tolist()
    return [tokens[a:b] for a, b in pairwise(offsets)]


def spans_of(reading):
    return list(zip(reading.spans.starts.tolist(), reading.spans.ends.tolist(), strict=True))


def words_by_hand(reading):
    """For each word its row, the tokens that share a visible byte with it, and if one is it."""
    texts, blank = reading.batch.texts.to_pylist(), reading.tokenizer.vocabulary.blank
    seen = [letter not in WHITE_SPACE for letter in "".join(texts) for _ in letter.encode()]
    rows = [row for row, text in enumerate(texts) for _ in text.encode()]
    spans = spans_of(reading)
    inked = [
        i
        for i, place in enumerate(reading.tokenizer.vocabulary.places(reading.ids))
        if not blank[place]
    ]
    found = []
    for first, last in zip(*(part.tolist() for part in reading.batch.words), strict=True):
        over = [
            spans[i] for i in inked if any(seen[max(spans[i][0], first) : min(spans[i][1], last)])
        ]
        whole = len(over) == 1 and over[0][0] <= first and last <= over[0][1]
        whole = whole and not any(seen[over[0][0] : first] + seen[last : over[0][1]])
        found.append((rows[first], len(over), whole))
    return found


def words_of(reading):
    return list(zip(*(part.tolist() for part in reading.words), strict=True))


@given(scripts())
@settings(deadline=None, max_examples=100)
def test_rows_are_altered_if_their_tokens_join_to_something_else(drawn):
    rows, engine = drawn
    joined = [b"".join(engine.script[text]) for text in rows]
    expected = [
        data not in (text.encode(), b" " + text.encode())
        for text, data in zip(rows, joined, strict=True)
    ]
    assert engine.read(rows).altered.tolist() == expected


def inked(data):
    """Leave out ASCII white space, and the case of ASCII letters."""
    return bytes(byte for byte in data.lower() if byte not in BLANKS)


def by_ink(data, tokens):
    """Place tokens that lack no more than that: where their first and last visible bytes stand."""
    ink, first = [place for place, byte in enumerate(data) if byte not in BLANKS], 0
    for token in tokens:
        last = first + len(inked(token))
        start = ink[first] if first < len(ink) else len(data)
        yield start, ink[last - 1] + 1 if last > first else start
        first = last


def without_prefix(text, token, span):
    """Take from a token of white space the bytes that hold more than that."""
    sizes = [(letter in WHITE_SPACE, len(letter.encode())) for letter in text]
    visible = [not blank for blank, size in sizes for _ in range(size)]
    blank = not set(token.decode("utf-8", "replace")) - WHITE_SPACE
    return (span[0], span[0]) if blank and any(visible[slice(*span)]) else span


@given(scripts())
@example(drawn=(["A b\r"], Scripted({"A b\r": [b" ", b"ab"]}, {"A b\r": [(0, 1), (0, 0)]})))
@settings(deadline=None, max_examples=100)
def test_spans_are_running_totals_or_the_engines_own(drawn):
    rows, engine = drawn
    expected, first = [], 0
    for text in rows:
        size, tokens = len(text.encode()), engine.script[text]
        surplus = len(b"".join(tokens)) - size
        ends = np.cumsum([0, *map(len, tokens)]) - surplus
        own = [(max(a, 0), max(b, 0)) for a, b in pairwise(ends)]
        joined, told = (
            b"".join(tokens),
            map(without_prefix, repeat(text), tokens, engine.spans[text]),
        )
        if joined in (text.encode(), b" " + text.encode()):
            told = own
        elif inked(joined) == inked(text.encode()):
            told = by_ink(text.encode(), tokens)
        expected += [(first + a, first + b) for a, b in told]
        first += size
    assert spans_of(engine.read(rows)) == expected


@given(scripts())
@settings(deadline=None, max_examples=150)
def test_words_have_the_tokens_that_a_slow_loop_finds(drawn):
    rows, engine = drawn
    reading = engine.read(rows)
    assert words_of(reading) == words_by_hand(reading)


def test_words_of_real_text_have_the_tokens_that_a_slow_loop_finds(real):
    reading = read(real, Batch.of("und", FEW))
    assert words_of(reading) == words_by_hand(reading)


@pytest.mark.parametrize("name", [*PREFIXED, *LOSSY, "gpt2"])
@given(texts=st.lists(any_text, max_size=3))
@example(texts=["▁▁ a\u3000 ▁b"])
@settings(deadline=None, max_examples=40)
def test_words_of_any_text_have_the_tokens_that_a_slow_loop_finds(name, texts):
    reading = read(train.loaded(name), Batch.of("und", texts))
    assert words_of(reading) == words_by_hand(reading)


def test_spans_stay_in_their_row_and_leave_nothing_out_but_accents(real):
    reading = read(real, Batch.of("und", SENTENCES[: -len(ODD)]))
    rows = np.repeat(np.arange(reading.batch.rows), reading.tokens)
    assert (reading.spans.starts >= reading.batch.offsets[rows]).all()
    assert (reading.spans.ends <= reading.batch.offsets[rows + 1]).all()
    assert (reading.spans.starts <= reading.spans.ends).all()
    left = bytearray(reading.batch.data.tobytes())
    for start, end in spans_of(reading):
        left[start:end] = b" " * (end - start)
    accents = {letter for letter in left.decode() if letter not in WHITE_SPACE}
    assert all(regex.match(r"\p{Mn}", letter) for letter in accents)
    assert not accents or real.algorithm == "WordPiece"


@pytest.mark.parametrize("name", [*LOSSLESS, *PREFIXED])
def test_spans_join_to_the_text_where_nothing_is_lost(name, request):
    if name == "cl100k_base":
        request.getfixturevalue("shared")
    texts = [text for text in SENTENCES if name not in PREFIXED or "▁" not in text]
    reading = read(train.loaded(name), Batch.of("und", texts))
    assert not reading.altered.any()
    assert reading.spans.starts[0] == 0 and reading.spans.ends[-1] == reading.batch.data.size
    assert (reading.spans.starts[1:] == reading.spans.ends[:-1]).all()
    for text, tokens in zip(texts, row_tokens(reading), strict=True):
        assert b"".join(tokens).decode().removeprefix(" " * (name in PREFIXED)) == text


def test_spans_of_tiktoken_hold_the_bytes_it_decodes(shared):
    encoding = tiktoken.get_encoding("cl100k_base")
    reading = read(loaders.load("cl100k_base"), Batch.of("und", SENTENCES))
    data = reading.batch.data.tobytes()
    for number, (start, end) in zip(reading.ids.tolist(), spans_of(reading), strict=True):
        assert data[start:end] == encoding.decode_single_token_bytes(number)


@pytest.mark.parametrize("name", ["wordpiece", "unigram"])
def test_spans_of_a_lossy_tokenizer_hold_what_is_normalised_to_the_token(name):
    tokenizer = train.loaded(name)
    normalizer, unknown = tokenizer.engine.backend.normalizer, tokenizer.vocabulary.unknown
    reading = read(tokenizer, Batch.of("und", SENTENCES[: -len(ODD)]))
    assert reading.altered.any()
    data = reading.batch.data.tobytes()
    tokens = [token for row in row_tokens(reading) for token in row]
    for number, token, span in zip(reading.ids.tolist(), tokens, spans_of(reading), strict=True):
        if number != unknown:
            held = normalizer.normalize_str(data[slice(*span)].decode())
            assert held.replace(" ", "") == token.decode().replace(" ", "")


def test_altered_rows_are_those_that_the_library_itself_decodes_to_another_text():
    tokenizer = train.loaded("gpt2")
    texts = [text for text in SENTENCES if text]
    reading, backend = read(tokenizer, Batch.of("und", texts)), tokenizer.engine.backend
    decoded = [backend.decode(backend.encode(text, add_special_tokens=False).ids) for text in texts]
    assert reading.altered.tolist() == [
        text != back for text, back in zip(texts, decoded, strict=True)
    ]


def test_altered_rows_of_a_lower_casing_tokenizer_are_those_it_changes():
    reading = read(
        train.loaded("wordpiece"), Batch.of("und", ["the", "The", "the river", "thé", ""])
    )
    assert reading.altered.tolist() == [False, True, True, True, False]


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        ("The| cat| s|at|.", [(1, True), (1, True), (2, False)]),
        ("a|\u3000 b\n", [(1, True), (1, True)]),
        (" |a| |b| ", [(1, True), (1, True)]),
        ("cat.", [(1, False)]),
        ("New York", [(1, False), (1, False)]),
        ("th|e c|at", [(2, False), (2, False)]),
        ("don|'|t", [(3, False)]),
        ("  |\n\n|\t", []),
        ("…| — |!", []),
        ("12.5|0", [(2, False)]),
        ("ไป|ตลาด", [(1, True), (1, True)]),
        ("ไปตลาด", [(1, False), (1, False)]),
    ],
)
def test_words_are_counted_as_a_person_would(pieces, expected):
    assert [found[1:] for found in words_of(cut(*pieces.split("|")))] == expected


def test_a_letter_in_two_tokens_makes_its_word_two_tokens():
    reading = Scripted({"é a": [b"\xc3", b"\xa9 ", b"a"]}).read(["é a"])
    assert words_of(reading) == [(0, 2, False), (0, 1, True)]


@pytest.mark.parametrize("pieces", ["Oui|\u202f!", "«\u202f|Oui|\u202f»", "«|\u202f|Oui|\u202f|»"])
def test_a_token_that_shares_only_white_space_with_a_word_does_not_overlap_it(pieces):
    # A narrow no-break space is part of the word beside it (UAX #29, ExtendNumLet).
    assert cut(*pieces.split("|")).words.tokens.tolist() == [1]


@pytest.mark.parametrize(
    "tokens", [[b" ", b"the", b" cat"], [b" the", b" cat"], [b" t", b"he", b" cat"]]
)
def test_a_dummy_prefix_alters_nothing_and_is_in_no_word(tokens):
    reading = Scripted({"the cat": tokens}).read(["the cat"])
    assert not reading.altered.any()
    expected = [len(tokens) - 1 if b" t" in tokens else 1, 1]
    assert reading.words.tokens.tolist() == expected
    assert reading.spans.starts[0] == 0 and reading.spans.ends[-1] == 7


def test_tokens_out_of_order_are_found_all_the_same():
    engine = Scripted({"ab cd": [b"CD", b"AB"]}, {"ab cd": [(3, 5), (0, 2)]})
    assert words_of(engine.read(["ab cd"])) == [(0, 1, True), (0, 1, True)]


def test_altered_rows_need_an_engine_with_offsets():
    engine = Scripted({"a": [b"b"], "c": [b"c"]})
    object.__setattr__(engine, "place", lambda texts: None)
    assert engine.read(["c"]).spans.ends.tolist() == [1]
    with pytest.raises(EngineFailed, match="scripted has no offsets"):
        _ = engine.read(["c", "a"]).spans


def test_an_engine_that_changes_its_mind_is_refused():
    engine = Scripted({"a": [b"b"]}, {"a": [(0, 1)]})
    other = Scripted({"a": [b""], "b": [b"b"]}, {"a": [(0, 1)]})
    object.__setattr__(engine, "place", other.place)
    with pytest.raises(EngineFailed, match="gave other ids"):
        _ = engine.read(["a"]).spans


def test_words_that_cannot_be_told_have_no_tokens(chars):
    batch = Batch.of("th", ["สวัสดี"], segmenter=words.segmenter("regex"))
    assert read(chars, batch).words.tokens.size == 0
    assert batch.uncut.all()


def test_a_row_weighs_as_often_as_it_occurs(chars):
    reading = read(chars, Batch.of("en", ["ab", "", "c"], [2, 5, 3]))
    assert reading.tokens.tolist() == [2, 0, 1]
    assert reading.weights.tolist() == [2, 2, 3]


@pytest.mark.parametrize("texts", [[], [""], ["", ""]])
def test_without_text_there_is_nothing_to_read(real, texts):
    reading = read(real, Batch.of("und", texts))
    assert (
        reading.ids.size
        == reading.spans.starts.size
        == len(words_of(reading))
        == reading.failed
        == 0
    )
    assert reading.altered.tolist() == [False] * len(texts)


def test_rows_that_the_engine_refuses_are_left_out_and_counted_by_weight():
    script = {"good": [b"good"], "bad": [b"bad"], "bon": [b"b", b"on"]}
    engine = Scripted(script, refused=frozenset({"bad"}))
    reading = engine.read(["good", "bad", "bon", "bad"], [1, 2, 4, 8])
    assert reading.failed == 10
    assert reading.batch.texts.to_pylist() == ["good", "bon"]
    assert reading.batch.weights.tolist() == [1, 4]
    assert row_tokens(reading) == [[b"good"], [b"b", b"on"]]
    assert words_of(reading) == [(0, 1, True), (1, 2, False)]


def test_where_every_row_is_refused_nothing_is_left():
    reading = Scripted({"a": [b"a"]}, refused=frozenset("a")).read(["a", "a"], [1, 2])
    assert (reading.failed, reading.batch.rows, reading.ids.size) == (3, 0, 0)
    assert words_of(reading) == [] and reading.altered.tolist() == []


def test_a_text_that_tiktoken_cannot_encode_costs_only_its_own_row(shared):
    texts = ["before", " " * 1_000_000 + "x", "after"]
    reading = read(loaders.load("cl100k_base"), Batch.of("und", texts))
    assert reading.failed == 1
    assert reading.batch.texts.to_pylist() == ["before", "after"]
    assert words_of(reading) == [(0, 1, True), (1, 1, True)]


def test_other_mistakes_than_a_refusal_are_not_taken_for_one(chars):
    class Broken(Scripted):
        def encode(self, texts):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Broken({"a": [b"a"]}).read(["a"])
    assert (
        read(
            chars,
            Batch.of("und", ["a"]),
        ).failed
        == 0
    )


def test_a_tokenizer_that_cannot_encode_english_still_reads_its_own_language(tmp_path):
    pieces = [("▁", -1.0), ("ก", -2.0), ("ไ", -3.0), ("ป", -3.0)]
    unigram = tokenizers.Tokenizer(models.Unigram(pieces, unk_id=None))
    unigram.pre_tokenizer = pre_tokenizers.Metaspace()
    unigram.save(str(tmp_path / "tokenizer.json"))
    tokenizer = loaders.load(str(tmp_path / "tokenizer.json"))
    reading = read(tokenizer, Batch.of("th", ["ไป", "x", "กก"]))
    assert (reading.failed, reading.batch.texts.to_pylist()) == (1, ["ไป", "กก"])


def test_spans_of_a_row_do_not_depend_on_the_other_rows_of_its_batch(tmp_path):
    bpe = tokenizers.Tokenizer(models.BPE(vocab={}, merges=[]))
    bpe.normalizer = normalizers.Lowercase()
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    trainer = trainers.BpeTrainer(
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    bpe.train_from_iterator([], trainer)
    bpe.save(str(tmp_path / "tokenizer.json"))
    tokenizer = loaders.load(str(tmp_path / "tokenizer.json"))
    alone = read(tokenizer, Batch.of("tr", ["ğ"]))
    beside = read(tokenizer, Batch.of("tr", ["ğ", "ALTERED"]))
    assert spans_of(alone) == spans_of(beside)[:2]
