"""SentencePiece models of every kind: bytes, places, what is lost, special tokens as text."""

from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sentencepiece import sentencepiece_model_pb2

from tests import train
from tokaudit import loaders
from tokaudit.batch import Batch
from tokaudit.errors import BadTokenizer, EngineFailed
from tokaudit.reads import read
from tokaudit.tokenizer import Tokenizer

IDENTITY = {"normalization_rule_name": "identity", "remove_extra_whitespaces": False}
BYTES = {"byte_fallback": True, "vocab_size": 900, **IDENTITY}
VARIANTS: dict[str, dict[str, Any]] = {
    "bpe": {"model_type": "bpe"},
    "bpe_bytes": {"model_type": "bpe", **BYTES},
    "unigram": {"model_type": "unigram"},
    "unigram_bytes": {"model_type": "unigram", **BYTES},
    "unigram_nfkc_bytes": {
        "model_type": "unigram",
        **BYTES,
        "normalization_rule_name": "nfkc",
    },
    "folded": {"model_type": "unigram", "normalization_rule_name": "nmt_nfkc_cf"},
    "char": {"model_type": "char"},
    "word": {"model_type": "word", "vocab_size": 300},
    "no_prefix": {"model_type": "bpe", "add_dummy_prefix": False, **BYTES},
    "suffix": {"model_type": "bpe", "treat_whitespace_as_suffix": True},
    "symbols": {"model_type": "bpe", "user_defined_symbols": ["<sep>", "http"], **BYTES},
    "controls": {"model_type": "unigram", "control_symbols": ["<ctl>", "[X]"]},
    "no_bos": {"model_type": "bpe", "bos_id": -1, "eos_id": -1, **IDENTITY},
    "kept_spaces": {
        "model_type": "unigram",
        "normalization_rule_name": "nfkc",
        "remove_extra_whitespaces": False,
    },
    "across_words": {"model_type": "bpe", "split_by_whitespace": False, "split_digits": True},
}
EXACT = ("bpe_bytes", "unigram_bytes", "symbols")  # and a space before
TEXTS = [
    "The bread is good.",
    "  two  blanks ",
    "Größe ｂｒｅａｄ ½ ﬁ",
    "你好 ☃☃ x",
    "</s> <unk> <s> <sep> <ctl> [X] http <0x0A>",
    "a\tb\nc",
    "",
    " ",
    "ÉCOLE İ e\u0301\u0323 \u1112\u1161\u11ab",
    "▁x a▁b",
    "\u3000a a\u200bb\u00a0c",
    "nul\0 \ufeff\u2028",
]


@cache
def model(name: str) -> Path:
    """Train a small model of this kind, once in this process."""
    settings = {"vocab_size": 600, "character_coverage": 0.995, **VARIANTS[name]}
    path = train._folder() / f"spm-{name}.model"
    return train.pieces(path, "eng_Latn", "deu_Latn", hard_vocab_limit=False, **settings)


def loaded(name: str) -> Tokenizer:
    return train.loaded(str(model(name)))


def rows_of(tokenizer: Tokenizer, texts: list[str]) -> list[tuple[list[bytes], list[bytes]]]:
    """Give the tokens of each text, and the bytes of the text that each of them covers."""
    reading = read(tokenizer, Batch.of("und", texts))
    assert not reading.failed
    tokens = tokenizer.vocabulary.decode(reading.ids).to_pylist()
    data = reading.batch.data.tobytes()
    covered = [data[a:b] for a, b in zip(*reading.spans, strict=True)]
    bounds = pairwise(reading.encoded.offsets.tolist())
    return [(tokens[a:b], covered[a:b]) for a, b in bounds]


# Bytes


@pytest.mark.parametrize("name", EXACT)
def test_a_model_with_bytes_gives_back_every_text_behind_a_space(name):
    texts = [text for text in TEXTS if text and "▁" not in text]
    found = [b"".join(tokens) for tokens, _ in rows_of(loaded(name), texts)]
    assert found == [b" " + text.encode() for text in texts]


def test_a_model_without_a_dummy_prefix_gives_back_every_text():
    texts = [text for text in TEXTS if "▁" not in text]
    found = [b"".join(tokens) for tokens, _ in rows_of(loaded("no_prefix"), texts)]
    assert found == [text.encode() for text in texts]


@pytest.mark.parametrize("name", VARIANTS)
def test_tokens_spell_what_the_library_decodes(name):
    """Bytes of known pieces, joined, are the library's own decoding but for spaces at the ends."""
    tokenizer = loaded(name)
    processor = tokenizer.engine.processor
    for text in TEXTS:
        (row,) = rows_of(tokenizer, [text])
        ids = processor.encode(text)
        if processor.unk_id() not in ids:
            joined = b"".join(row[0]).decode("utf-8", "replace")
            assert joined.strip(" ") == processor.decode(ids).strip(" ")


def test_a_byte_piece_is_a_byte_and_is_marked_as_one():
    vocabulary = loaded("bpe_bytes").vocabulary
    assert vocabulary.texts.filter(pa.array(vocabulary.fallback)).to_pylist() == [
        bytes([byte]) for byte in range(256)
    ]
    assert not loaded("bpe").vocabulary.fallback.any()


def test_a_user_defined_symbol_is_a_token_in_any_text_and_no_control_token():
    (row,) = rows_of(loaded("symbols"), ["a<sep>b"])
    assert b"<sep>" in row[0]
    vocabulary = loaded("symbols").vocabulary
    place = vocabulary.texts.to_pylist().index(b"<sep>")
    assert not vocabulary.special[place]


@pytest.mark.parametrize("name", VARIANTS)
def test_special_tokens_in_text_are_text(name):
    vocabulary = loaded(name).vocabulary
    texts = vocabulary.texts.filter(pa.array(vocabulary.special)).to_pylist()
    assert texts or name == "no_bos"
    reading = read(loaded(name), Batch.of("und", [*TEXTS, *(t.decode() for t in texts)]))
    assert not vocabulary.special[vocabulary.places(reading.ids)].any()


# Places


@pytest.mark.parametrize("name", VARIANTS)
def test_tokens_lie_in_order_and_every_visible_letter_is_covered(name):
    tokenizer = loaded(name)
    for text in TEXTS:
        reading = read(tokenizer, Batch.of("und", [text]))
        starts, ends = reading.spans
        assert (starts <= ends).all() and (np.diff(starts) >= 0).all()
        covered = np.zeros(len(text.encode()) + 1, np.bool_)
        for a, b in zip(starts, ends, strict=True):
            covered[a:b] = True
        place = 0
        for letter in text:
            if letter.isalnum():
                assert covered[place : place + len(letter.encode())].all(), (text, letter)
            place += len(letter.encode())


@pytest.mark.parametrize("name", VARIANTS)
def test_places_hold_at_least_the_surface_that_the_library_reports(name):
    tokenizer = loaded(name)
    texts = [text for text in TEXTS if text.strip()]
    batch = Batch.of("und", texts)
    placed = tokenizer.engine.place(batch.texts)
    protos = tokenizer.engine.processor.encode(texts, return_type="proto")
    bounds = [(piece.begin, piece.end) for proto in protos for piece in proto.pieces]
    for start, end, (begin, stop) in zip(placed.starts, placed.ends, bounds, strict=True):
        assert start <= begin and (begin == stop or stop <= end)


def test_each_of_the_pieces_of_a_letter_covers_it():
    for name, whole in (("unigram_nfkc_bytes", 1), ("char", 1)):
        ((tokens, covered),) = rows_of(loaded(name), ["½"])
        assert len(tokens) > 2
        assert covered[whole:] == ["½".encode()] * (len(tokens) - whole), name


def test_what_a_normaliser_does_to_a_word_leaves_it_one_word():
    tokenizer = loaded("folded")
    ((tokens, covered),) = rows_of(tokenizer, ["  Thｅ   BREAD "])
    assert b"".join(tokens) == b" the bread"
    assert b"".join(covered).strip() == "Thｅ   BREAD".encode()
    words = read(tokenizer, Batch.of("und", ["½ THE ﬁ"])).words
    ((tokens, _),) = rows_of(tokenizer, ["½ THE ﬁ"])
    assert words.tokens.tolist()[0] == 3 and words.tokens.sum() == len(tokens)


@settings(train.unhurried, max_examples=60)
@given(st.sampled_from(sorted(VARIANTS)), st.text(max_size=20))
def test_any_text_is_read_with_spans_inside_it(name, text):
    tokenizer = loaded(name)
    reading = read(tokenizer, Batch.of("und", [text]))
    starts, ends = reading.spans
    size = len(text.encode())
    assert ((starts >= 0) & (starts <= ends) & (ends <= size)).all()
    own = tokenizer.engine.processor.encode(text)
    assert reading.ids.tolist() == own


def test_a_space_behind_words_alters_rows_and_keeps_their_places():
    ((tokens, covered),) = rows_of(loaded("suffix"), ["The bread"])
    assert b"".join(tokens) == b"The bread " and b"".join(covered) == b"Thebread"


# What is lost


def test_an_unknown_letter_alters_the_row_and_is_where_it_is():
    tokenizer = loaded("bpe")
    ((tokens, covered),) = rows_of(tokenizer, ["The ☃ bread"])
    assert tokens[tokens.index(b"<unk>")] == b"<unk>"
    assert covered[tokens.index(b"<unk>")] == "☃".encode()
    altered = read(tokenizer, Batch.of("und", ["The ☃ bread", "The bread"])).altered
    assert altered.tolist() == [True, False]


def test_a_text_that_is_all_dropped_has_no_token_and_is_altered():
    reading = read(loaded("bpe"), Batch.of("und", [" ", "a"]))
    assert reading.tokens.tolist()[0] == 0
    assert reading.altered.tolist() == [True, False]


# Models that are not what they should be


def changed(folder: Path, change: Any, name: str = "bpe") -> Path:
    proto = sentencepiece_model_pb2.ModelProto.FromString(model(name).read_bytes())
    change(proto)
    path = folder / "x.model"
    path.write_bytes(proto.SerializeToString())
    return path


def _nul(proto: Any) -> None:
    proto.pieces[10].piece = "a\0b"


def _empty(proto: Any) -> None:
    proto.pieces[10].piece = ""


def _twice(proto: Any) -> None:
    proto.pieces[10].piece = proto.pieces[11].piece


def _no_unknown(proto: Any) -> None:
    proto.pieces[0].type = 1


def _two_unknown(proto: Any) -> None:
    proto.pieces[1].type = 2


def _long(proto: Any) -> None:
    proto.pieces[10].piece = "a" * 100_000


def _nan(proto: Any) -> None:
    proto.pieces[10].score = float("nan")


def _no_pieces(proto: Any) -> None:
    del proto.pieces[:]


def _no_byte(proto: Any) -> None:
    proto.trainer_spec.byte_fallback = True


def _odd_byte(proto: Any) -> None:
    proto.pieces[10].type = 6
    proto.pieces[10].piece = "<0xZZ>"


def _charsmap(proto: Any) -> None:
    proto.normalizer_spec.precompiled_charsmap = b"\xff" * 40


def _kind(proto: Any) -> None:
    proto.ClearField("trainer_spec")


DAMAGE = [_nul, _empty, _twice, _no_unknown, _two_unknown, _long, _nan, _no_pieces, _no_byte]
DAMAGE += [_odd_byte, _charsmap, _kind]


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage.__name__.strip("_"))
def test_a_model_with_one_thing_wrong_loads_or_is_refused_in_one_sentence(tmp_path, damage):
    path = changed(tmp_path, damage)
    try:
        tokenizer = loaders.load(str(path))
    except BadTokenizer as error:
        assert "x.model" in str(error) and "\n" not in str(error)
    else:
        try:
            read(tokenizer, Batch.of("und", TEXTS)).spans.ends.max()
        except EngineFailed as error:
            assert "\n" not in str(error)


@pytest.mark.parametrize("damage", [_nul, _empty, _no_unknown, _no_pieces, _long, _nan])
def test_what_cannot_be_a_piece_is_refused(tmp_path, damage):
    with pytest.raises(BadTokenizer):
        loaders.load(str(changed(tmp_path, damage)))


def test_a_piece_that_holds_nul_is_named_as_the_reason(tmp_path):
    with pytest.raises(BadTokenizer, match=r"NUL|null|\\0|empty"):
        loaders.load(str(changed(tmp_path, _nul)))
