"""The bundled corpora are what their sources say, and the sources are clean translations."""

import importlib.util
import shutil
import subprocess
import sys
import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path
from types import ModuleType

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import regex

from tokaudit.errors import BadCorpus

CORPORA = Path(__file__).parent.parent / "corpora"
SOURCES = CORPORA / "src"
FILES = {file.stem: file for file in sorted((SOURCES / "parallel").glob("*.txt"))}
ENGLISH = "eng_Latn"
OTHERS = sorted(set(FILES) - {ENGLISH})

# Labels whose last part is not itself a Unicode script name.
WRITTEN_IN = {"Jpan": r"[\p{Han}\p{Hiragana}\p{Katakana}]", "Hans": r"\p{Han}", "Hant": r"\p{Han}"}
FUNCTION_WORDS = regex.compile(
    r"\b(?:the|of|and|to|in|is|was|that|it|for|with|on|as|are|be|at|by|from|this|you|not|have|or"
    r"|which|will|has|his|her|they|their|been|before|after|between|must|should|shall|may|does|did"
    r"|would|who|only|its|your|our)\b"
)
# Lines whose figures no language writes by a custom of its own (clock, month, 万, lakh).
FIGURES = (7, 14, 15, 22, 25, 26, 27, 28, 29, 30, 33, 46, 48, 52)
YEARS = {13: "2024", 19: "1931", 36: "2026", 37: "2020"}


@cache
def lines(lang: str) -> tuple[str, ...]:
    return tuple(FILES[lang].read_text("utf-8").removesuffix("\n").split("\n"))


def western(text: str) -> str:
    """Write all decimal digits as 0-9."""
    return regex.sub(r"\p{Nd}", lambda digit: str(unicodedata.digit(digit[0])), text)


def looks_english(text: str) -> bool:
    return len(set(FUNCTION_WORDS.findall(text.lower()))) >= 3


@pytest.fixture(scope="module")
def build() -> ModuleType:
    """The build script, as a module."""
    spec = importlib.util.spec_from_file_location("corpora_build", CORPORA / "build.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """Sources that a test may spoil."""
    return Path(shutil.copytree(SOURCES, tmp_path / "src"))


def spoil(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def test_there_are_enough_languages_scripts_and_sentences():
    scripts = {lang.split("_")[1].replace("Hant", "Hans") for lang in FILES}
    assert len(FILES) >= 48
    assert len(scripts) >= 20
    assert len(lines(ENGLISH)) >= 60


@pytest.mark.parametrize("lang", FILES)
def test_a_file_has_the_english_lines_all_clean_and_all_different(lang: str):
    own = lines(lang)
    assert len(own) == len(lines(ENGLISH)) == len(set(own))
    assert all(text and text == text.strip() and "  " not in text for text in own)
    assert all(unicodedata.is_normalized("NFC", text) for text in own)


@pytest.mark.parametrize("lang", FILES)
def test_nothing_invisible_is_hidden_in_the_text_but_joiners(lang: str):
    # \p{Zs} (such as the no-break space before a French colon) is seen; controls are not.
    assert regex.findall(r"(?![\u200C\u200D])[\p{C}\p{Zl}\p{Zp}]", "".join(lines(lang))) == []


@pytest.mark.parametrize("lang", FILES)
def test_letters_are_in_the_script_of_the_label(lang: str):
    script = lang.split("_")[1]
    letters = regex.findall(r"\p{L}", "".join(lines(lang)))
    right = regex.compile(WRITTEN_IN.get(script, rf"\p{{Script={script}}}"))
    assert sum(bool(right.match(letter)) for letter in letters) / len(letters) > 0.8


def test_the_two_chinese_files_are_in_different_orthographies():
    simplified, traditional = "".join(lines("zho_Hans")), "".join(lines("zho_Hant"))
    for simple, full in zip("这们个为时", "這們個為時", strict=True):
        assert full not in simplified and simple not in traditional
    assert "这" in simplified and "這" in traditional


def test_english_is_seen_where_it_is():
    assert sum(map(looks_english, lines(ENGLISH))) >= 50


@pytest.mark.parametrize("lang", OTHERS)
def test_no_sentence_was_left_in_english(lang: str):
    for number, (own, english) in enumerate(zip(lines(lang), lines(ENGLISH), strict=True), 1):
        assert own != english, number
        assert not looks_english(own), number
        if not lang.endswith("_Latn") and number != 28:  # which holds an e-mail address
            assert not regex.search(r"\p{Latin}{3}", own), number


@pytest.mark.parametrize("lang", FILES)
def test_technical_literals_stand_in_every_language_as_they_are(lang: str):
    assert "2.4.1" in lines(lang)[26]
    assert "help@example.org" in lines(lang)[27]
    assert "+44 20 7946 0018" in lines(lang)[27]
    assert "192.0.2.17" in lines(lang)[28]


@pytest.mark.parametrize("lang", FILES)
def test_figures_are_the_same_in_every_language(lang: str):
    for number in FIGURES:
        own, english = (western(lines(each)[number - 1]) for each in (lang, ENGLISH))
        figures = Counter(regex.findall(r"\d", own))
        assert figures == Counter(regex.findall(r"\d", english)) != Counter(), number
    for number, year in YEARS.items():
        assert year in western(lines(lang)[number - 1]), number


def test_code_is_written_in_enough_languages_and_is_clean():
    files = sorted((SOURCES / "code").glob("*/*"))
    texts = [file.read_bytes().decode() for file in files]
    assert len({file.parent.name for file in files}) >= 10
    assert len(texts) == len(set(texts))
    assert all(unicodedata.is_normalized("NFC", text) for text in texts)
    assert all(text.strip() and text.endswith("\n") and "\r" not in text for text in texts)


@pytest.mark.parametrize("name", ["parallel", "code"])
def test_the_parquet_file_is_what_the_script_builds(build: ModuleType, name: str):
    file = CORPORA / f"{name}.parquet"
    built = build.CORPORA[name](SOURCES)
    assert pq.read_table(file).equals(built)
    if pq.read_metadata(file).created_by == f"parquet-cpp-arrow version {pa.__version__}":
        assert file.read_bytes() == build.parquet(built)


def test_rows_are_in_order_and_ids_are_the_same_in_every_language(build: ModuleType):
    rows = build.parallel(SOURCES).to_pylist()
    assert [(row["lang"], row["id"]) for row in rows] == sorted(
        (lang, f"{number:03}") for lang in FILES for number in range(1, len(lines(ENGLISH)) + 1)
    )
    domains = {(row["id"], row["domain"]) for row in rows}
    assert len(domains) == len(lines(ENGLISH))
    assert ("001", "everyday") in domains and ("066", "dialogue") in domains


def test_code_rows_hold_whole_files(build: ModuleType):
    rows = build.code(SOURCES).to_pylist()
    first = next(row for row in rows if (row["lang"], row["id"]) == ("python", "01"))
    assert first["text"] == (SOURCES / "code/python/01.py").read_bytes().decode()
    assert {row["domain"] for row in rows} == {"code"}


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("\n", " ", "deu_Latn.txt has 65 lines, eng_Latn.txt 66"),
        ("Guten Morgen", " Guten Morgen", "line 1: white space before or after"),
        ("\n", "\r\n", "line 1: white space before or after"),
        ("\n", "\n\n", "line 2: empty line"),
        ("ü", "u\u0308", "line 4: not in Unicode normalization form C"),
    ],
)
def test_a_source_that_is_not_clean_is_refused(
    build: ModuleType, copied: Path, old: str, new: str, complaint: str
):
    spoil(copied / "parallel/deu_Latn.txt", old, new)
    with pytest.raises(BadCorpus, match=complaint):
        build.parallel(copied)


def test_a_wrong_byte_and_a_gap_in_the_domains_are_refused(build: ModuleType, copied: Path):
    (copied / "parallel/eng_Latn.txt").write_bytes(b"ab\xff\n")
    with pytest.raises(BadCorpus, match="not UTF-8 at byte 2"):
        build.parallel(copied)
    spoil(copied / "domains.txt", "news 12-22", "news 13-22")
    with pytest.raises(BadCorpus, match=r"news 13-22.* 12-LAST"):
        build.domain_of_line(copied / "domains.txt", 66)


def test_a_refused_build_exits_2_and_leaves_the_old_file(
    build: ModuleType, copied: Path, monkeypatch: pytest.MonkeyPatch, capsys
):
    monkeypatch.setattr(build, "HERE", copied.parent)
    monkeypatch.setattr(build, "SOURCES", copied)
    assert build.main(["parallel"]) == 0
    before = (copied.parent / "parallel.parquet").read_bytes()
    with (copied / "parallel/deu_Latn.txt").open("a", encoding="utf-8") as file:
        file.write("Noch eine Zeile.\n")
    assert build.main(["parallel"]) == 2
    assert "deu_Latn.txt has 67 lines, eng_Latn.txt 66" in capsys.readouterr().err
    assert (copied.parent / "parallel.parquet").read_bytes() == before
    assert sorted(path.name for path in copied.parent.iterdir()) == ["parallel.parquet", "src"]


@pytest.mark.parametrize("arguments", [[], ["poetry"], ["parallel", "code"]])
def test_the_script_wants_the_name_of_one_corpus(build: ModuleType, arguments: list[str], capsys):
    assert build.main(arguments) == 2
    assert "name one corpus to build: parallel or code" in capsys.readouterr().err


def test_the_generated_parts_of_the_readme_are_current():
    command = [sys.executable, "-m", "cogapp", "--check", "corpora/README.md"]
    done = subprocess.run(command, cwd=CORPORA.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
