"""Forms, scripts and number words: what they measure by hand, and the laws of all parts."""

import re

import numpy as np
import pytest

from tests import train
from tests.swept import part
from tokaudit.audits.digits import PARTS
from tokaudit.batch import Batch
from tokaudit.drawing import drawn
from tokaudit.numbers import writing_systems
from tokaudit.numbers.forms import Forms
from tokaudit.numbers.rule import Rule
from tokaudit.numbers.spelled import DIGITS, NUMBERS, Spelled, languages, spell
from tokaudit.numbers.sweep import Sweep
from tokaudit.numbers.writing_systems import WritingSystems, digit_sets
from tokaudit.numbers.writings import EXAMPLES, WRITERS, examples, ordinal, roman
from tokaudit.reading import Reading
from tokaudit.reads import read
from tokaudit.text import Absent

icu = pytest.importorskip("icu", reason="names and number words are ICU's")
PATTERNS = {
    "negative sign": r"-\d+",
    "decimal point": r"\d+\.\d{4}",
    "percent": r"\d+\.\d%",
    "exponent": r"\d\.\d{3}e[+-]\d\d",
    "fraction": r"\d+/\d+",
    "currency before": r"[$€£¥₹][\d,]+\.\d\d",
    "date, ISO 8601": r"\d{4}-\d\d-\d\d",
    "date, US": r"\d{1,2}/\d{1,2}/\d{4}",
    "date, European": r"\d{1,2}\.\d{1,2}\.\d{4}",
    "date, Japanese": r"\d{4}年\d{1,2}月\d{1,2}日",
    "time": r"\d\d:\d\d:\d\d",
    "version": r"v\d+\.\d+\.\d+",
    "IPv4": r"\d{1,3}(\.\d{1,3}){3}",
    "IPv6": r"[0-9a-f]{1,4}(:[0-9a-f]{1,4}){7}",
    "hexadecimal": r"0x[0-9A-F]{8}",
    "UUID": r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}",
    "phone": r"\+\d+ \d+ \d+",
    "ordinal": r"\d+(st|nd|rd|th)",
    "Roman": r"[MDCLXVI]+",
    "run of 1,000 digits": r"\d{1000}",
}


def reading(name: str, probe: str, texts: list[str], weights: list[int] | None = None) -> Reading:
    return read(train.loaded(name), Batch.of("zxx", texts, weights, probe=probe))


# All parts


@pytest.mark.parametrize("name", PARTS)
def test_a_part_adds_up_however_its_texts_are_cut_and_weighed(name):
    kind = PARTS[name]
    assert kind() + kind() == kind() and not kind()
    for batch in kind.probes()[::9]:
        few = batch.take(np.arange(0, batch.rows, max(1, batch.rows // 40)))
        parts = [few.take(np.arange(i, few.rows, 3)) for i in range(3)]
        a, b, c = (kind.observe(read(train.loaded("unigram"), piece)) for piece in parts)
        whole = kind.observe(read(train.loaded("unigram"), few))
        assert (a + b) + c == a + (b + c) == c + b + a == whole
        twice = Batch.of("zxx", few.texts.to_pylist(), [2] * few.rows, probe=few.probe)
        assert kind.observe(read(train.loaded("unigram"), twice)) == whole + whole
        none = few.take(np.arange(0))
        assert kind.observe(read(train.loaded("unigram"), none)) == kind()


@pytest.mark.parametrize("name", PARTS)
def test_the_texts_of_a_part_differ_and_none_is_empty(name):
    for batch in PARTS[name].probes():
        texts = batch.texts.to_pylist()
        assert all(texts) and batch.probe.startswith(f"{name}/")
    assert len({batch.probe for batch in PARTS[name].probes()}) == len(PARTS[name].probes())


# Forms


@pytest.mark.parametrize("form", PATTERNS)
def test_a_form_is_written_as_its_name_says(form):
    for text in examples(form):
        assert re.fullmatch(PATTERNS[form], text), text


def test_every_form_has_examples():
    for form in WRITERS:
        texts = examples(form)
        assert texts == examples(form)
        assert len(set(texts)) > len(texts) // 2
        assert len(texts) == EXAMPLES or form.startswith("run of")


def test_numerals_by_hand():
    written = [roman(n) for n in (1, 4, 9, 14, 40, 90, 400, 1994, 2024, 3999)]
    assert written == ["I", "IV", "IX", "XIV", "XL", "XC", "CD", "MCMXCIV", "MMXXIV", "MMMCMXCIX"]
    assert [ordinal(n) for n in (1, 2, 3, 11, 13, 22, 111, 1003)] == [
        "1st", "2nd", "3rd", "11th", "13th", "22nd", "111th", "1003rd",
    ]  # fmt: skip


def test_a_form_by_hand():
    texts = ["1234-05", "7-12"]
    total = Forms.observe(reading("digits_from_left", "forms/date, ISO 8601", texts, [2, 1]))
    rule = Rule({"bare": "left-to-right 3", "space": "single"}, {"bare": {}, "space": {}})
    (row,) = total.rows(rule)
    assert (row["texts"], row["tokens"], row["numbers"]) == (3, 2 * 4 + 3, 6)
    assert (row["irregular"], row["mixed_tokens"], row["lost"]) == (0, 0, 0)
    assert row["example"] in ("123|4|-|05", "7|-|12")
    single = Rule({"bare": "single", "space": "single"}, {"bare": {}, "space": {}})
    assert total.irregular(single) == (5, 6), "7 alone is cut as single digits are"


def test_forms_of_a_regular_tokenizer_are_regular():
    total, rule = part(Forms, "single_digits"), Rule.of(Sweep())
    assert {row["form"] for row in total.rows(rule)} == set(WRITERS)
    regular = Rule({"bare": "single", "space": "single"}, {"bare": {}, "space": {}})
    assert total.irregular(regular)[0] == 0
    rows = {row["form"]: row for row in total.rows(regular)}
    assert isinstance(rows["Roman"]["irregular"], Absent)
    assert isinstance(rows["run of 4,000 digits"]["irregular"], Absent)
    assert rows["run of 4,000 digits"]["tokens_per_text"] == 4_000


def test_a_drawing_shows_every_token_and_bytes_where_characters_are_cut():
    assert list(drawn(reading("builtin:bytes", "", ["1€", ""]))) == ["1|‹e2›|‹82›|‹ac›", ""]
    assert list(drawn(reading("digits_from_left", "", ["1234567"]))) == ["123|456|7"]


# Scripts


def test_all_sets_of_digits_are_there_in_order():
    sets = digit_sets()
    assert sets["digit"] == "0123456789"
    assert sets["thai digit"] == "๐๑๒๓๔๕๖๗๘๙" and sets["superscript"] == "⁰¹²³⁴⁵⁶⁷⁸⁹"
    assert sets["mathematical bold digit"][7] == "𝟕" and sets["fullwidth digit"][3] == "３"
    assert all(len(set(digits)) == 10 for digits in sets.values())
    for name, digits in sets.items():
        if name not in writing_systems.OTHERS and not name.startswith("U+"):
            assert [icu.Char.digit(digit) for digit in digits] == list(range(10)), name


def test_scripts_by_hand():
    rows = {row["digit_set"]: row for row in part(WritingSystems, "builtin:bytes").rows()}
    ascii_digits, thai = rows["digit"], rows["thai digit"]
    assert (ascii_digits["one_token"], ascii_digits["tokens_per_digit"]) == (10, 1)
    assert (thai["alone"], thai["one_token"], thai["tokens_per_digit"]) == (10, 0, 3)
    assert part(WritingSystems, "builtin:bytes").whole == (1, len(digit_sets()))
    assert part(WritingSystems, "builtin:chars").whole == (len(digit_sets()),) * 2


def test_digits_that_a_normaliser_turns_into_ascii_are_told():
    """NFKC makes full-width and circled digits ASCII, and leaves Devanagari alone."""
    rows = {row["digit_set"]: row for row in part(WritingSystems, "unigram").rows()}
    for name in ("fullwidth digit", "superscript", "circled", "mathematical bold digit"):
        assert rows[name]["as_ascii"] == rows[name]["alone"] - rows[name]["lost"] > 0, name
    assert rows["devanagari digit"]["as_ascii"] == rows["digit"]["as_ascii"] == 0


def test_digits_that_a_vocabulary_lacks_are_lost():
    rows = {row["digit_set"]: row for row in part(WritingSystems, "wordpiece").rows()}
    assert rows["nko digit"]["lost"] == 10 and rows["digit"]["lost"] == 0
    assert isinstance(rows["nko digit"]["tokens_per_digit"], Absent)


# Words


def test_languages_have_rules_of_their_own():
    assert {"de", "hi", "fa", "ja", "tr", "ru", "es"} <= set(languages())
    assert not {"zu", "yo", "ha"} & set(languages()), "ICU has none; it would answer in English"
    assert spell("de", 21) == "einundzwanzig" and spell("fr", 97) == "quatre-vingt-dix-sept"


def test_words_by_hand():
    texts = ["one", "twenty-one"]
    total = Spelled.observe(reading("builtin:chars", "spelled/en", texts, [1, 3]))
    total += Spelled.observe(reading("builtin:chars", f"spelled/{DIGITS}", ["1", "21"], [1, 3]))
    digits, english = total.rows()
    assert (digits["tokens"], digits["against_digits"]) == (7, 1)
    assert (english["numbers"], english["tokens"]) == (4, 33)
    assert english["tokens_per_number"] == 33 / 4 and english["against_digits"] == 33 / 7
    assert english["example"] == "t|w|e|n|t|y|-|o|n|e"


def test_every_language_spells_every_number():
    found = {row["language"]: row for row in part(Spelled, "builtin:bytes").rows()}
    assert set(found) == {DIGITS, *languages()}
    assert {row["numbers"] for row in found.values()} == {len(NUMBERS)}
    assert all(row["against_digits"] > 1 for code, row in found.items() if code != DIGITS)
