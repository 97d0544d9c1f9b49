"""Noise: what each family writes, and what that does to tokens that can be counted by hand."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import unicodedataplus
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import made, train
from tokaudit.batch import Batch
from tokaudit.noise.chance import chosen, draws
from tokaudit.noise.documents import CHARACTERS, DOCUMENTS, noisy_documents
from tokaudit.noise.families import families
from tokaudit.noise.keyboards import layouts, neighbours
from tokaudit.noise.lookalikes import ALIKE, LEET, SCANNED, others
from tokaudit.noise.noisy import ALL, RATES, Variant, noisy, variants
from tokaudit.noise.written import Written
from tokaudit.reads import read
from tokaudit.splits import noise_rows
from tokaudit.splits.distance import distance
from tokaudit.splits.resilience import Resilience
from tokaudit.text import Absent

ENGLISH = "The quick brown foxes weren't there, said Zoë (42). Nobody replied."
IDS = st.lists(st.integers(0, 3), max_size=12)
KEYS = 200
quick = settings(train.unhurried, max_examples=30)
TEXT = st.text(st.sampled_from("abAB é\u0301ж中ไ한 .1क्षि"), max_size=20)


def written(text: str, key: int = 5) -> dict[Variant, str]:
    return {variant: found.text for variant, found in noisy(Written(tuple(text)), key)}


def drawn(*texts: str, lang: str = "en") -> Batch:
    keys = draws(3, "keys", len(texts))
    return replace(Batch.of(lang, texts), keys=keys, drawn=len(texts))


# Distance


def by_table(one: list[int], other: list[int]) -> int:
    """Fill the table of Wagner and Fischer."""
    row = list(range(len(other) + 1))
    for i, mine in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, theirs in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (mine != theirs))
    return row[-1]


@given(IDS, IDS)
def test_the_distance_is_that_of_the_table(one, other):
    assert distance(one, other) == by_table(one, other)


# Families


def test_what_some_families_write():
    text = "Zoë 7"
    found = written(text)
    assert found[Variant("capitals", ALL)] == "ZOË 7"
    assert found[Variant("no marks", ALL)] == "Zoe 7"
    assert found[Variant("NFD", ALL)] == "Zoe\u0308 7"
    assert found[Variant("leading space", ALL)] == " Zoë 7"
    assert Variant("NFC", ALL) not in found  # it is composed
    assert written("Zoe\u0308 7")[Variant("NFC", ALL)] == text


@pytest.mark.parametrize(
    ("text", "there", "absent"),
    [
        ("你好世界", {"swap", "delete", "insert", "zero-width"}, {"case flip", "keyboard", "NFD"}),
        ("नमस्ते", {"keyboard"}, {"case flip", "capitals", "no marks", "styled", "homoglyph"}),
        ("안녕", {"keyboard", "NFD"}, {"case flip", "homoglyph", "full-width"}),
        ("Привет", {"keyboard", "homoglyph", "case flip"}, {"leetspeak", "styled", "full-width"}),
        ("שָׁלוֹם", {"no marks", "keyboard"}, {"case flip", "capitals"}),
        ("", set(), set(families())),
    ],
)
def test_families_hit_only_what_the_script_has(text, there, absent):
    found = {variant.family for variant in written(text)}
    assert there <= found and not found & absent


def test_vowels_of_indic_and_thai_scripts_are_no_accents():
    for text in ("हिन्दी", "ที่นี่", "ខ្មែរ"):
        assert Variant("no marks", ALL) not in written(text)


def test_all_families_but_one_hit_this_english_text():
    assert set(families()) - {variant.family for variant, _ in hits(ENGLISH)} == {"NFC"}


def hits(text: str, key: int = 5):
    return list(noisy(Written(tuple(text)), key))


@quick
@given(TEXT, st.integers(0, 2**64 - 1))
def test_letters_are_where_a_noisy_text_says(text, key):
    for _, found in hits(text, key):
        data = found.text.encode()
        spans = zip(found.starts[:-1].tolist(), found.starts[1:].tolist(), strict=True)
        pieces = [data[begin:end].decode() for begin, end in spans]
        assert "".join(pieces) == found.text
        for letter, piece, hit in zip(text, pieces, found.hit.tolist(), strict=True):
            assert hit or piece == letter
        assert (found.edits > 0) == found.hit.any()


@quick
@given(TEXT, st.integers(0, 2**64 - 1))
def test_a_higher_rate_hits_all_that_a_lower_one_hits(text, key):
    found = dict(hits(text, key))
    for name, family in families().items():
        if family.rated and name != "swap" and Variant(name, RATES[0]) in found:
            masks = [found[Variant(name, rate)].hit for rate in RATES]
            assert all(not (low & ~high).any() for low, high in pairwise(masks))


def test_on_average_there_are_as_many_edits_as_the_rate_says():
    counts: Counter[Variant] = Counter()
    for key in draws(1, "tests", KEYS).tolist():
        counts.update({variant: found.edits for variant, found in hits(ENGLISH, key)})
    for variant in (Variant(name, rate) for name in ("insert", "delete") for rate in RATES):
        assert counts[variant] / (KEYS * len(ENGLISH)) == pytest.approx(variant.rate, rel=0.12)


def test_the_same_key_writes_the_same_and_another_key_something_else():
    assert written(ENGLISH) == written(ENGLISH)
    assert written(ENGLISH, 6) != written(ENGLISH)
    assert (
        written("Water")[Variant("capitals", ALL)] == written("Water", 6)[Variant("capitals", ALL)]
    )


def test_keys_lie_beside_each_other_in_both_directions():
    assert set(neighbours("g")) == set("tyfhvb")
    assert set(neighbours("G")) == set("TYFHVB")
    for rows in layouts().values():
        for key in "".join(rows).replace(" ", ""):
            assert neighbours(key) and all(key in neighbours(other) for other in neighbours(key))


def test_a_layout_has_letters_of_its_script_each_once():
    for name, rows in layouts().items():
        keys = [key for row in rows for key in row if key != " "]
        assert len(keys) == len(set(keys))
        if name not in ("Hangul",):  # Unicode has jamo of its own for the keys
            scripts = {unicodedataplus.script(key) for key in keys} - {"Inherited", "Common"}
            assert scripts == {name}


def test_a_hangul_syllable_is_missed_by_one_jamo():
    for other in neighbours("한"):
        apart = [unicodedataplus.normalize("NFD", each) for each in ("한", other)]
        assert sum(a != b for a, b in zip(*apart, strict=True)) == 1


def test_lookalikes_are_of_another_script_and_one_letter_each():
    for letter, alike in others(ALIKE).items():
        assert all(unicodedataplus.script(letter) != unicodedataplus.script(o) for o in alike)
    for group in (*ALIKE, *SCANNED):
        assert len(group) == len(set(group)) > 1
    assert LEET["e"] == "3" and LEET["Z"] == "2" and len(LEET) == 16


# Drawing


def test_draws_are_splitmix64():
    """The first numbers of the published generator for the seed 0: the purpose aside."""
    from tokaudit.noise import chance

    seed = chance._salt("x")
    assert [hex(n) for n in draws(seed, "x", 3).tolist()] == [
        "0xe220a8397b1dcdaf",
        "0x6e789e6aa1b965f4",
        "0x6c45d188009454f",
    ]


def test_about_a_share_of_keys_is_chosen_each_for_itself():
    keys = draws(2, "keys", 4_000)
    marked = chosen(keys, "noise", 0.25)
    assert 0.22 < marked.mean() < 0.28
    assert np.array_equal(chosen(keys[::-1], "noise", 0.25), marked[::-1])
    assert chosen(keys, "noise", 1).all()


def test_documents_are_cut_and_about_a_hundred_are_taken():
    batch = drawn(*["word " * 100] * 1_000)
    found = noisy_documents(batch)
    assert 0.7 * DOCUMENTS < found.rows.size < 1.3 * DOCUMENTS
    assert set(found.clean.chars.tolist()) == {CHARACTERS}
    assert noisy_documents(batch.weighted(batch.weights * 2)) is found  # made once


# Figures


def test_tokens_of_a_noisy_text_by_hand():
    """`abab` is two tokens ab, in capitals four bytes that have no merge."""
    tokenizer = made.byte_level(b"ab")
    found = Resilience.sampled(read(tokenizer, drawn("abab", "ab ab")))
    cells = found.by_kind(variants())[Variant("capitals", ALL)]
    counted = {name: cells.total(name) for name in Resilience.COUNTED}
    assert counted == {
        "documents": 2,
        "refused": 0,
        "edited": 2,
        "unseen": 0,
        "kept": 2,
        "chars": 9,
        "edits": 8,
        "before": 2 + 3,
        "after": 4 + 5,
        "distance": 4 + 4,
        "words": 3,
        "touched": 3,
        "changed": 3,
    }
    led = found.by_kind(variants())[Variant("leading space", ALL)]
    assert [led.total(name) for name in ("after", "distance", "changed", "words")] == [7, 2, 2, 3]


def test_noise_that_is_normalised_away_is_not_seen():
    found = Resilience.sampled(read(train.loaded("wordpiece"), drawn("The cat sat.", "Two cats.")))
    rows = {(row["family"], row["rate"]): row for row in noise_rows.rows(found)["noise"]}
    assert rows["capitals", ALL]["unseen"] == 1 and rows["capitals", ALL]["edit_distance"] == 0
    assert rows["capitals", ALL]["words_changed"] == 0 < rows["capitals", ALL]["words_touched"]
    said = [finding.rule for finding in noise_rows.findings(found)]
    assert said == ["TA561"]


def test_documents_that_cannot_be_read_are_counted_and_left_out(tmp_path):
    tokenizer = made.unigram(tmp_path, {"a": -1.0, "b": -1.0, "▁": -2.0})
    strict = replace(tokenizer, engine=Refusing(tokenizer.engine))
    found = Resilience.sampled(read(strict, drawn("ab ab ab", "ba")))
    cells = found.by_kind(variants())[Variant("capitals", ALL)]
    assert (cells.total("documents"), cells.total("refused")) == (0, 2)


class Refusing:
    """An engine that refuses texts with a capital."""

    def __init__(self, engine):
        self.engine, self.name, self.version = engine, engine.name, engine.version

    def encode(self, texts):
        from tokaudit.errors import EngineFailed

        if any(text != text.lower() for text in texts.to_pylist()):
            raise EngineFailed("a capital")
        return self.engine.encode(texts)

    def place(self, texts):
        return self.engine.place(texts)


@pytest.mark.parametrize("name", ["gpt2", "wordpiece", "unigram"])
def test_parts_of_a_sample_add_up_to_the_whole(name):
    texts = [f"{ENGLISH} {n}" for n in range(12)] + ["", " ", "你好", "ไทย"]
    batch = drawn(*texts)
    whole = Resilience.sampled(read(train.loaded(name), batch))
    parts = [np.arange(5), np.arange(5, len(texts))]
    first, second = (
        Resilience.sampled(read(train.loaded(name), batch.take(part))) for part in parts
    )
    assert first + second == whole == second + first != Resilience()
    again = batch.weighted(batch.weights * 2)
    assert Resilience.sampled(read(train.loaded(name), again)) == whole + whole
    none = batch.weighted(batch.weights * 0)
    assert Resilience.sampled(read(train.loaded(name), none)) == Resilience()


def test_a_language_that_nothing_can_hit_has_no_distance():
    found = Resilience.sampled(read(train.loaded("gpt2"), drawn("♥♥")))
    (row,) = noise_rows.rows(found)["noise_languages"]
    assert isinstance(row["edit_distance"], Absent) and isinstance(row["worst_distance"], Absent)
