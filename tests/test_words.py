"""Words and clusters, against sentences cut by hand and against other libraries."""

from itertools import pairwise

import icu
import numpy as np
import pytest
import regex
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tokaudit import words
from tokaudit.errors import UnknownName

# Cut by hand before ICU was asked, bars between words.
SENTENCES = [
    "Please |don't| open |the| window| in| New| York|, |it's| 12.50|!",
    "Der| Bus| fährt| um| 7.45| Uhr| zur| Straßenbahn|-|Haltestelle|.",
    "ฉัน|กิน|ข้าว|ที่|บ้าน",
    "แม่|ไป|ตลาด|ทุก|วัน",
    "เด็ก|อ่าน|หนังสือ|ใน|ห้อง",
    "เรา|ดื่ม|น้ำ|เย็น",
    "พ่อ|ซื้อ|ปลา|สอง|ตัว",
    "ខ្ញុំ|ទៅ|សាលារៀន",
    "គាត់|អាន|សៀវភៅ",
    "ម្តាយ|ទិញ|ត្រី",
    "ຂ້ອຍ|ຮັກ|ປະເທດ|ລາວ",
    "ຂ້ອຍ|ໄປ|ໂຮງຮຽນ",
    "ကျွန်တော်|ကျောင်း|သွား|သည်",
    "我|喜欢|吃|苹果|。",
    "今天|天气|很好",
    "老师|在|学校|教|孩子|们",
    "私|は|学生|です|。",
    "コーヒー|を|飲む",
    "猫|が|魚|を|食べる",
    "ذهب| الولد| إلى| المدرسة|.",
    "مَرْحَبًا| بِالعَالَم|",
    "मैं| स्कूल| जाता| हूँ|।",
    "क्षत्रिय| ने| पूछा|, |क्या| हुआ|?",
    "😀| |hello| 👍🏽| |wörld| 😀",
    "𝒜𝒷| 𠮷|野家| 😀|ไป|ตลาด",
    "Bonjour| !",
    "… — !? 👨\u200d👩\u200d👧",
    "",
]
# Cut by hand, and how ICU's dictionaries cut them: longest entries win, and endings come apart.
OTHERWISE = [
    ("วันนี้|ฝน|ตก|หนัก|มาก", "วัน|นี้|ฝน|ตกหนัก|มาก"),
    ("យើង|ញ៉ាំ|បាយ", "យើង|ញ៉ាំបាយ"),
    ("ផ្ទះ|របស់|ខ្ញុំ|ធំ", "ផ្ទះ|របស់ខ្ញុំ|ធំ"),
    ("သူ|စာအုပ်|ဖတ်|သည်", "သူ|စာအုပ်|ဖတ်သည်"),
    ("ကျွန်တော်|ထမင်း|စား|သည်", "ကျွန်တော်|ထမင်းစား|သည်"),
    ("ကလေး|ရေ|သောက်|သည်", "ကလေး|ရေသောက်|သည်"),
    ("我们|昨天|去|了|北京", "我们|昨天|去了|北京"),
    ("她|买|了|三|本|书", "她|买|了|三本|书"),
    ("火车|八点|到", "火车|八|点到"),
    ("明日|東京|へ|行きます", "明日|東京|へ|行き|ます"),
    ("子供|は|公園|で|遊んだ", "子供|は|公園|で|遊|ん|だ"),
    ("山|の|上|に|雪|が|ある", "山の上|に|雪|が|ある"),
]
# What every Unicode version since 15.1 clusters alike; ICU and regex are not of the same one, and
# Unicode 17 has new conjuncts (Khmer, Burmese) and fewer pictographs.
SHARED = icu.UnicodeSet(
    "[[:Latin:][:Cyrillic:][:Hebrew:][:Arabic:][:Devanagari:][:Hangul:][:Thai:][:Han:][:Hiragana:]"
    "[\\u0000-\\u00ff][\\u0300-\\u036f][:Emoji_Presentation:][:Regional_Indicator:]"
    "[:Emoji_Modifier:][\\u200b-\\u200f\\u2028\\u2029\\ufe0e\\ufe0f\\u0600\\u0e33]&[:Age=14.0:]]"
)
KNOTS = [
    "\r",
    "\n",
    "\u200d",
    "\u0301",
    "\u094d",
    "क",
    "ष",
    "ि",
    "👩",
    "🇺",
    "🏽",
    "ᄀ",
    "ᅡ",
    "ᆨ",
    "각",
]
knotty = st.text(st.sampled_from(KNOTS + list(SHARED)))
relaxed = settings(deadline=None)  # the first word of a script loads a dictionary


def cut(text, by="icu"):
    starts, ends = words.segmenter(by).cut(text)
    assert starts.dtype == ends.dtype == np.int64
    return [text[start:end] for start, end in zip(starts, ends, strict=True)]


def hand_cut(marked):
    """Pieces between bars that hold a letter or a number."""
    return [piece.strip() for piece in marked.split("|") if regex.search(r"[\p{L}\p{N}]", piece)]


@pytest.fixture
def no_icu(monkeypatch):
    monkeypatch.setattr(words, "icu", None)


@pytest.mark.parametrize("marked", SENTENCES)
def test_icu_finds_the_words_that_a_person_finds(marked):
    assert cut(marked.replace("|", "")) == hand_cut(marked)


@pytest.mark.parametrize(("by_hand", "by_icu"), OTHERWISE)
def test_where_icu_differs_from_a_person_is_known(by_hand, by_icu):
    """Words of scripts without spaces are a dictionary's: figures per word depend on it."""
    found = cut(by_hand.replace("|", ""))
    assert found == hand_cut(by_icu) != hand_cut(by_hand)


def test_icu_finds_most_borders_that_a_person_finds_in_scripts_without_spaces():
    unspaced = [m for m in SENTENCES if "|" in m and " " not in m and words.UNSPACED.match(m)]
    pairs = [(m, m) for m in unspaced] + OTHERWISE
    ours, theirs = ({(n, b) for n, p in enumerate(pairs) for b in borders(p[i])} for i in (0, 1))
    assert 0.75 < len(ours & theirs) / len(ours) < 0.95
    assert 0.85 < len(ours & theirs) / len(theirs) < 1


def borders(marked):
    """Places of the bars, counted without them."""
    return {place - n for n, place in enumerate(p for p, c in enumerate(marked) if c == "|")}


@relaxed
@given(st.text(max_size=30), st.sampled_from(SENTENCES))
def test_a_paragraph_separator_parts_words_whatever_stands_before_it(before, marked):
    sentence = marked.replace("|", "")
    assert cut(before + words.SEPARATOR + sentence) == cut(before) + hand_cut(marked)


@relaxed
@given(st.text())
@example("\U0010ffff" * 3 + "a")
def test_icu_cuts_where_icu_says_in_code_points(text):
    iterator = icu.BreakIterator.createWordInstance(icu.Locale.getRoot())
    iterator.setText(icu.UnicodeString(text))
    borders, data = [0, *iterator], text.encode("utf-16-le")
    units = [data[2 * a : 2 * b].decode("utf-16-le") for a, b in pairwise(borders)]
    letter = icu.UnicodeSet("[[:L:][:N:]]")
    assert cut(text) == [unit for unit in units if any(letter.contains(each) for each in unit)]


@relaxed
@given(
    st.text(
        st.sampled_from(" \t\n\x0b\x1c\x85\u00a0\u2028\u3000\u200b") | st.characters(codec="utf-8")
    )
)
def test_whitespace_words_are_those_of_str_split(text):
    assert cut(text, "whitespace") == text.split()


@relaxed
@given(st.text(st.sampled_from("aé_1'.- \u0301क्ि")))
def test_regex_words_are_runs_of_word_characters(text):
    assert cut(text, "regex") == regex.findall(r"\w+", text)


@pytest.mark.parametrize("unspaced", [2, 4, 5, 7, 8, 10, 11, 17])
def test_regex_has_no_answer_where_words_are_written_without_spaces(unspaced):
    text = SENTENCES[unspaced].replace("|", "")
    assert words.segmenter("regex").refuses("one " + text + " two")


@pytest.mark.parametrize("script", ["Tai_Le", "New_Tai_Lue", "Tai_Tham", "Tai_Viet", "Tibetan"])
def test_regex_has_no_answer_for_any_script_of_complex_context(script):
    # Line_Break=SA is Unicode's own list of scripts that need a dictionary; Tibetan has tshegs.
    letters = icu.UnicodeSet(f"[[:Script={script}:]&[:Lo:]]")
    assert words.segmenter("regex").refuses("".join(list(letters)[:5]))


def test_without_icu_regex_stands_in(no_icu):
    assert words.default().name == "regex"
    assert words.default().refuses("สวัสดี")
    starts, ends = words.default().cut("über alles")
    assert (starts.tolist(), ends.tolist()) == ([0, 5], [4, 10])


def test_without_icu_asking_for_icu_names_the_package_and_the_way_round(no_icu):
    with pytest.raises(UnknownName, match=r"pyicu-wheels.*--words regex"):
        words.segmenter("icu")


def test_an_unknown_segmenter_is_refused_with_those_there_are():
    with pytest.raises(UnknownName, match=r"'spacy'.*icu, whitespace, regex"):
        words.segmenter("spacy")


def test_segmenters_say_which_unicode_they_know():
    assert words.default().name == "icu"
    assert words.default().version == f"{icu.ICU_VERSION}/unicode-{icu.UNICODE_VERSION}"
    assert words.segmenter("regex").version == regex.__version__
    assert words.clusters_by() == f"icu-{icu.ICU_VERSION}"


def test_without_icu_clusters_are_those_of_regex(no_icu):
    assert words.clusters_by() == f"regex-{regex.__version__}"
    assert words.grapheme_starts("e\u0301🇺🇦a").tolist() == [0, 2, 4]
    assert words.grapheme_starts("").tolist() == []


@pytest.mark.parametrize(
    "clusters",
    [
        [],
        ["a", "b"],
        ["\r\n"],
        ["\n", "\r"],
        ["a", "\r\n", "b", "\r", "\r\n"],
        ["e\u0301\u0323", "x"],
        ["👨\u200d👩\u200d👧\u200d👦", "a"],
        ["👍🏽", "👍"],
        ["☃\ufe0f", "1\ufe0f\u20e3"],
        ["🇺🇦", "🇺🇦", "🇺"],
        ["\u1112\u1161\u11ab", "\u1100\u1173\u11af"],
        ["\u1100\u1100\u1161\u11a8\u11a8", "각\u11a8"],
        ["क्षि", "नि"],
        ["กำ", "ก", "า"],
        ["\u0600a"],
        ["\u200d", "😀"],
        ["𠮷", "野", "𝒜\u0301"],
    ],
)
def test_clusters_are_what_a_person_sees_as_one(clusters, monkeypatch):
    starts = [sum(map(len, clusters[:i])) for i in range(len(clusters))]
    assert words.grapheme_starts("".join(clusters)).tolist() == starts
    monkeypatch.setattr(words, "icu", None)
    assert words.grapheme_starts("".join(clusters)).tolist() == starts


@relaxed
@given(knotty)
def test_icu_and_regex_agree_on_clusters(text):
    assert words.grapheme_starts(text).tolist() == [m.start() for m in regex.finditer(r"\X", text)]


@relaxed
@given(st.lists(knotty | st.sampled_from(["plain", " ", "\r", "\n", "слово", "漢字"])))
def test_characters_that_join_nothing_are_left_out_and_no_border_moves(pieces):
    text = "".join(pieces)
    iterator = icu.BreakIterator.createCharacterInstance(icu.Locale.getRoot())
    units = text.encode("utf-16-le")
    iterator.setText(icu.UnicodeString(text))
    borders = [0, *iterator] if text else []
    starts = [len(units[: 2 * each].decode("utf-16-le")) for each in borders[:-1]]
    assert words.grapheme_starts(text).tolist() == starts


@relaxed
@given(st.lists(st.booleans()))
def test_runs_are_the_stretches_of_true(inside):
    starts, ends = words.runs(np.array(inside, np.bool_))
    found = [m.span() for m in regex.finditer("1+", "".join("01"[each] for each in inside))]
    assert list(zip(starts.tolist(), ends.tolist(), strict=True)) == found
