"""Characters and what becomes of them, against Unicode's own rules and tokenizers made by hand."""

from collections import Counter
from functools import cache

import pytest
import regex
import tokenizers
import unicodedataplus
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import decoders, models, normalizers

from tests import train
from tokaudit import characters, fates, loaders, repertoire
from tokaudit.batch import Batch
from tokaudit.reads import read

TEXT = st.lists(st.text(max_size=4), max_size=6)


def fate(tokenizer, *texts: str) -> list[str]:
    found = fates.fates(read(tokenizer, Batch.of("zxx", texts)))
    return [fates.NAMES[code] for code in found.tolist()]


@pytest.fixture
def tiny(tmp_path):
    """Byte fallback for all but a, b and ab; an unknown token that nothing needs."""
    octets = [f"<0x{byte:02X}>" for byte in range(256)]
    entries = ["<unk>", *octets, "a", "b", "é", "ab"]
    model = models.BPE(
        {text: n for n, text in enumerate(entries)}, [("a", "b")], byte_fallback=True
    )
    tokenizer = tokenizers.Tokenizer(model)
    tokenizer.decoder = decoders.ByteFallback()
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    return loaders.load(str(tmp_path / "tokenizer.json"))


@pytest.fixture
def lossy(tmp_path):
    """Lower-cases, drops marks, and knows a and b only."""
    tokenizer = tokenizers.Tokenizer(
        models.WordPiece({"[UNK]": 0, "a": 1, "##b": 2}, unk_token="[UNK]")
    )
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    return loaders.load(str(tmp_path / "tokenizer.json"))


def test_each_fate_by_hand_where_bytes_stand_in(tiny):
    texts = ["a", "é", "ab", "ba", "ü", "aü", "\n"]
    expected = ["one_token", "one_token", "one_token", "whole_tokens", "byte_pieces",
                "byte_pieces", "one_token"]  # fmt: skip
    assert fate(tiny, *texts) == expected


def test_each_fate_by_hand_where_text_is_lost(lossy):
    assert fate(lossy, "a", "A", "ab", "x", "\u0301", "á", "\x00") == [
        "one_token", "changed", "whole_tokens", "unknown", "dropped", "changed", "dropped",
    ]  # fmt: skip


def test_a_space_put_before_is_no_part_of_a_character():
    """SentencePiece's own tokenizer yields `▁` and the letter, or one piece for both."""
    tokenizer = train.loaded("bpe")
    assert fate(tokenizer, "a", "☃") == ["one_token", "byte_pieces"]


def test_a_byte_each_gives_ascii_whole_and_all_else_in_pieces(octets):
    found = repertoire.count(read(octets, Batch.of("zxx", repertoire.texts())))
    met = repertoire.of_all(found)
    assert met["one_token"] == 128
    assert met["byte_pieces"] == characters.assigned().size - 128
    assert sum(met.values()) == characters.assigned().size


def test_a_character_each_gives_every_character_whole(chars):
    found = repertoire.count(read(chars, Batch.of("zxx", repertoire.texts())))
    assert repertoire.of_all(found)["one_token"] == characters.assigned().size
    kinds = repertoire.by_kind(found)
    assert {fate for met in kinds.values() for fate, n in met.items() if n} == {"whole_tokens"}
    assert kinds["two digits", "Devanagari"]["whole_tokens"] == 100
    assert sum(sum(met.values()) for met in kinds.values()) == len(characters.sequences())


@given(TEXT)
def test_only_characters_and_sequences_are_counted_once_each(texts):
    octets = loaders.load("builtin:bytes")
    found = repertoire.count(read(octets, Batch.of("zxx", texts)))
    assert found.total == sum(text in known() for text in texts)


@cache
def known() -> frozenset[str]:
    return frozenset(repertoire.texts())


def test_scripts_and_blocks_each_divide_all_characters(octets):
    found = repertoire.count(read(octets, Batch.of("zxx", repertoire.texts())))
    for ask in (characters.scripts, characters.blocks):
        parts = repertoire.by_property(found, ask)
        assert sum(sum(met.values()) for met in parts.values()) == characters.assigned().size
    latin = repertoire.by_property(found, characters.scripts)["Latin"]
    assert latin["one_token"] == 52
    assert repertoire.examples(found, "one_token", characters.scripts)["Latin"] == list("ABCDE")


def test_tables_agree_with_unicode_character_by_character():
    letters = [*map(chr, range(0, 0x30000, 7)), "\ue000", "\U0010fffd", "\U000e0100", "\u0378"]
    for ask, tell in (
        (characters.scripts, unicodedataplus.script),
        (characters.categories, unicodedataplus.category),
        (characters.blocks, unicodedataplus.block),
    ):
        names, codes = ask()
        for letter in letters:
            if ask is not characters.blocks or ord(letter) < 0xE0200:
                assert names[codes[ord(letter)]] == tell(letter), hex(ord(letter))


def test_assigned_characters_are_those_of_a_known_category():
    kinds = Counter(unicodedataplus.category(chr(c)) for c in characters.assigned().tolist())
    assert not {"Cn", "Co", "Cs"} & kinds.keys()
    assert kinds["Nd"] == sum(unicodedataplus.category(chr(c)) == "Nd" for c in range(0x20000))


@pytest.mark.parametrize(
    ("kind", "form"),
    [
        ("keycap", r"[0-9#*]\uFE0F\u20E3"),
        ("flag", r"\p{Regional_Indicator}{2}"),
        ("skin tone", r"\p{Emoji}\uFE0F?\p{Emoji_Modifier}"),
        ("joined emoji", r"(?:\p{Emoji}|[\uFE0F\u200D\U0001F3FB-\U0001F3FF])+"),
        ("two digits", r"\p{Nd}{2}"),
        ("decomposed letter", r".\p{M}+|\p{Script=Kirat_Rai}{2,3}"),
        ("decomposed syllable", r"[\u1100-\u1112][\u1161-\u1175][\u11A8-\u11C2]?"),
    ],
)
def test_every_sequence_has_the_form_of_its_kind(kind, form):
    found = [each.text for each in characters.sequences() if each.kind == kind]
    assert len(found) >= 12
    assert [text for text in found if not regex.fullmatch(form, text)] == []


def test_syllables_and_numbers_are_complete():
    kinds = Counter(each.kind for each in characters.sequences())
    assert kinds["decomposed syllable"] == 11_172
    assert kinds["two digits"] % 100 == 0
    assert "12" in {each.text for each in characters.sequences()}
