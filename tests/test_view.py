"""`tokaudit view` from the command line: texts from everywhere, in every format, hostile or not."""

import html
import json
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import regex
from rich.cells import cell_len

from tests import parts, train
from tests.console import strict

ROOT = Path(__file__).parent.parent
HOSTILE = "\x1b[31m\u202e[/INST] │ <b>a|b</b> `y` ##[error] ::x \u200b\x00 $x$ @name\n"
TEXTS = [
    "The cat, 12345.",
    "שָׁלוֹם עולם",
    "مرحبا بالعالم، 123",
    "नमस्ते दुनिया",
    "👨\u200d👩\u200d👧 👍🏽 🇺🇦 e\u0301",
    "漢字かな混じり文。" * 9,
    "สวัสดีชาวโลก",
    "x" * 150,
    " ",
    HOSTILE,
]
SPECS = ["gpt2", "wordpiece", "bpe", "builtin:bytes"]
ANSI = regex.compile(r"\x1b\[[0-9;]*m")


def specs(*names):
    return [part for name in names for part in ("-t", spec(name))]


def spec(name):
    return str(train.path(name)) if name in train.NAMES else name


def piped(*arguments, text=b"", **more):
    return subprocess.run(
        [sys.executable, "-m", "tokaudit", "view", *arguments],
        input=text,
        cwd=ROOT,
        capture_output=True,
        timeout=120,
        check=False,
        **more,
    )


# The terminal


@pytest.mark.parametrize("text", TEXTS)
def test_no_line_is_too_wide_and_nothing_is_obeyed(tokaudit, text):
    code, out, err = tokaudit("view", text, *specs(*SPECS), "--ids", "--bytes", "--words")
    assert (code, err) == (0, "")
    drawn = [line for line in out.splitlines() if line.startswith(("│", "┊"))]
    assert drawn and all(cell_len(line) <= 100 for line in drawn)
    assert not regex.search(r"[\p{Cc}\p{Cf}--\n\u2068\u2069]", out, regex.VERSION1)
    for line in drawn:
        assert line.count("\u2068") == line.count("\u2069")


def test_colours_change_nothing_but_colours(tokaudit):
    arguments = ("view", "Größe नमस्ते ☃", *specs("gpt2", "wordpiece"), "--ids")
    _, plain, _ = tokaudit(*arguments)
    _, coloured, _ = tokaudit(*arguments, "--color", "always")
    assert ANSI.sub("", coloured) == plain != coloured
    backgrounds = set(regex.findall(r"\x1b\[[0-9;]*?(4\d|10\d)m", coloured))
    assert len(backgrounds) >= 3  # two that alternate, and those of what is remarkable


def test_no_color_is_heeded(tokaudit, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in tokaudit("view", "a b", *specs("gpt2"))[1]


def test_neighbours_differ_in_colour_and_borders_need_none(tokaudit):
    _, out, _ = tokaudit("view", "abc", *specs("builtin:chars"), "--color", "always")
    (line,) = [line for line in out.splitlines() if "│" in line]
    styles = regex.findall(r"\x1b\[([0-9;]+)m[abc]", line)
    assert styles[0] == styles[2] != styles[1]
    assert ANSI.sub("", line) == "│a│b│c│"


def test_figures_are_those_of_the_whole_text(tokaudit):
    _, out, _ = tokaudit("view", "añb\n" * 30, *specs("builtin:bytes"), "--limit", "8")
    assert "text: 150 bytes, 120 characters, 30 words" in out
    assert "150 tokens, 1.000 bytes/token, 0.800 characters/token, 30 graphemes cut" in out
    assert "first 8 of 120 characters (--limit)" in out
    drawn = [line for line in out.splitlines() if line.startswith("│")]
    assert drawn == [r"│a│\xc3┊\xb1│b│␊│"] * 2


def test_ids_stand_below_their_tokens(tokaudit):
    _, out, _ = tokaudit("view", "aé", *specs("builtin:bytes"), "--ids", "--bytes")
    assert out.splitlines()[3:6] == [r"│a │\xc3┊\xa9│", "│97│195 ┊169 │", "│61│C3  ┊A9  │"]


def test_a_token_wider_than_the_page_is_folded(tokaudit):
    _, out, _ = tokaudit("view", "\u3000" * 60, *specs("wordpiece"))
    drawn = "".join(line.strip(" │") for line in out.splitlines() if line.startswith(("│", " ")))
    assert drawn == "⟨" + r"\u{3000}" * 60 + "⟩"


def test_words_are_shown_whole_and_cut(tokaudit):
    _, out, _ = tokaudit("view", "ab cd ab", *specs("builtin:chars"), "--words")
    assert "│ab│⟨␠⟩│cd│⟨␠⟩│ab│" in out
    assert "3 words cut" in out and "Cut: a│b ×2, c│d" in out


def test_an_empty_text_has_no_tokens(tokaudit):
    code, out, _ = tokaudit("view", "", *specs("gpt2", "bpe"))
    assert code == 0 and "text: 0 bytes, 0 characters, 0 words" in out
    assert out.count("0 tokens\n") == 2 and "/token" not in out


def test_a_tokenizer_that_alters_the_text_says_what_it_made_of_it(tokaudit):
    _, out, _ = tokaudit("view", "The ☃", *specs("wordpiece"))
    assert "The→the│⟨␠⟩│☃→[UNK]│" in out
    assert "Alters the text (lossy). Its tokens spell: the[UNK]" in out
    assert "⟨a⟩ no token covers a" in out
    _, out, _ = tokaudit("view", "The ☃", *specs("gpt2"))
    assert "Alters" not in out and "⟨" not in out


# Where texts come from


def test_stdin_and_files_are_read_as_they_are(tmp_path):
    ran = piped("-", *specs("builtin:bytes"), text="é\r\n".encode())
    assert ran.returncode == 0 and r"│\xc3┊\xa9│␍┊␊│" in ran.stdout.decode()
    (tmp_path / "a b.txt").write_bytes(b"\xef\xbb\xbfhi")
    ran = piped("--file", str(tmp_path / "a b.txt"), *specs("builtin:chars"))
    assert r"│\u{feff}│h│i│" in ran.stdout.decode() and "a b.txt: 5 bytes" in ran.stdout.decode()


def test_the_name_of_a_file_is_made_safe_once(tokaudit, tmp_path):
    file = tmp_path / "a\x1b[31m\\.txt"
    file.write_text("x")
    for form in ("terminal", "markdown", "html"):
        out = tokaudit("view", "--file", file, *specs("builtin:chars"), "-f", form)[1]
        plain = html.unescape(out)
        assert "\x1b" not in out and "a␛[31m" in plain and "\\u{241b}" not in plain


def test_text_that_is_not_utf_8_is_refused_where_it_breaks(tmp_path):
    (tmp_path / "x").write_bytes(b"ab\xffc")
    for ran in (
        piped("--file", str(tmp_path / "x"), *specs("gpt2")),
        piped("-", *specs("gpt2"), text=b"ab\xffc"),
        piped(b"ab\xffc", *specs("gpt2")),
    ):
        assert ran.returncode == 2 and ran.stdout == b""
        assert b"is not UTF-8: byte FF at position 2" in ran.stderr


def test_rows_of_a_corpus_are_found_by_id_and_by_number(tokaudit, tmp_path):
    path = tmp_path / "c.parquet"
    rows = {"text": ["one", "zwei", None, "drei"], "lang": ["en", "de", "de", "de"]}
    pq.write_table(pa.table({**rows, "id": [1, 1, 2, 3]}), path)
    chars = specs("builtin:chars")
    _, out, _ = tokaudit("view", "--corpus", path, "--id", "1", *chars)
    assert "en, id 1: 3 bytes" in out and "de, id 1: 4 bytes" in out
    _, out, _ = tokaudit("view", "--corpus", path, "--row", "2", "--lang", "de", *chars)
    assert "│d│r│e│i│" in out and "zwei" not in out  # the row without a text does not count
    code, _, err = tokaudit("view", "--corpus", path, "--id", "9", *chars)
    assert code == 4 and "no row with id 9 (its ids are like 1)" in err
    code, _, err = tokaudit("view", "--corpus", path, "--row", "9", *chars)
    assert code == 4 and "no row with number 9" in err


def test_too_many_rows_are_not_shown(tokaudit, tmp_path):
    path = tmp_path / "c.parquet"
    langs = [f"l{number}" for number in range(25)]
    pq.write_table(pa.table({"text": ["x"] * 25, "lang": langs, "id": ["1"] * 25}), path)
    code, _, err = tokaudit("view", "--corpus", path, "--id", "1", *specs("builtin:chars"))
    assert code == 2 and "more than 20 rows" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "give one text"),
        (("a", "--file", "b"), "give one text"),
        (("a", "--corpus", "builtin:code"), "give one text"),
        (("--corpus", "builtin:code"), "which rows"),
        (("--corpus", "builtin:code", "--id", "1", "--row", "1"), "which rows"),
        (("a", "--row", "1"), "choose rows of a --corpus"),
        (("a", "--lang", "de"), "choose rows of a --corpus"),
        (("--file", "no/such"), "is not a file"),
        (("a", "-o", "x.pdf"), ".txt, .md, .json, .html"),
        (("a", "-o", "no/such/x.md"), "no such folder"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(tokaudit, arguments, said):
    code, out, err = tokaudit("view", *arguments, *specs("builtin:chars"))
    assert code in (2, 5) and out == "" and said in err and err.count("\n") == 1


def test_a_text_that_is_too_long_is_refused(tmp_path):
    (tmp_path / "x").write_bytes(b"a" * (8 * 2**20 + 1))
    ran = piped("--file", str(tmp_path / "x"), *specs("builtin:chars"))
    assert ran.returncode == 2 and b"8,388,608 bytes" in ran.stderr


def test_one_bad_tokenizer_costs_the_others_nothing(tokaudit, tmp_path):
    refusing = parts.refusing(tmp_path)
    code, out, err = tokaudit("view", "☃a", "-t", "./none", "-t", refusing, *specs("builtin:chars"))
    assert code == 3 and "│☃│a│" in out
    assert "no file none" in err and "cannot encode text" in err


def test_nothing_is_written_when_no_tokenizer_loads(tokaudit, tmp_path):
    code, out, _ = tokaudit("view", "a", "-t", "./none", "-o", tmp_path / "x.html")
    assert (code, out) == (3, "") and not (tmp_path / "x.html").exists()


# Other formats


@pytest.mark.parametrize("text", TEXTS)
def test_json_has_every_byte_and_every_token(tokaudit, text):
    code, out, _ = tokaudit("view", text, *specs(*SPECS), "-f", "json")
    found = strict(out)
    assert code == 0 and found["schema"] == "tokaudit-view/1"
    (shown,) = found["texts"]
    assert (shown["text"], shown["bytes"]) == (text, len(text.encode()))
    assert [each["tokenizer"] for each in shown["tokenizers"]] == [spec(name) for name in SPECS]
    for name, each in zip(SPECS, shown["tokenizers"], strict=True):
        covered = "".join(piece["covered"]["hex"] for piece in each["pieces"])
        assert bytes.fromhex(covered) == text.encode()
        tokens = [piece for piece in each["pieces"] if piece["id"] is not None]
        assert len(tokens) == each["tokens"]
        vocabulary = train.loaded(name).vocabulary
        for piece in tokens[:20]:
            (held,) = vocabulary.texts.filter(pa.array(vocabulary.ids == piece["id"])).to_pylist()
            assert held.hex() == piece["token"]["hex"]


def test_json_says_why_a_figure_is_null(tokaudit):
    found = strict(tokaudit("view", "", *specs("gpt2"), "-f", "json")[1])
    (each,) = found["texts"][0]["tokenizers"]
    assert each["bytes_per_token"] is None and each["absent"]["bytes_per_token"] == "no tokens"


def test_json_shows_all_unless_told_otherwise(tokaudit):
    long = "word " * 1_000
    pieces = [
        len(strict(tokaudit(*arguments)[1])["texts"][0]["tokenizers"][0]["pieces"])
        for arguments in (
            ("view", long, *specs("builtin:chars"), "-f", "json"),
            ("view", long, *specs("builtin:chars"), "-f", "json", "--limit", "10"),
        )
    ]
    assert pieces == [5_000, 10]


@pytest.mark.parametrize("text", TEXTS)
def test_markdown_holds_nothing_active(tokaudit, text):
    code, out, _ = tokaudit("view", text, *specs(*SPECS), "-f", "markdown", "--ids", "--words")
    assert code == 0
    outside = regex.sub(r"<code>.*?</code>|`[^`\n]*`", "", out)
    assert not regex.search(r"<(?!/?details|/?summary)|\[|@|(?<!-)\$", outside)
    for row in (line for line in out.splitlines() if line.startswith("|")):
        assert row.count("|") in (3, 5), "four columns of tokens, or two of words"
    assert "##[" not in out and "::" not in out


def test_html_stands_alone_and_runs_nothing(tokaudit, tmp_path):
    page = tmp_path / "x.html"
    code, out, _ = tokaudit("view", HOSTILE, *specs(*SPECS), "--words", "--ids", "-o", page)
    source = page.read_text(encoding="utf-8")
    assert (code, out) == (0, "")
    assert "default-src &#x27;none&#x27;" in source and source.startswith("<!DOCTYPE html>")
    assert not regex.search(r"<script|<img|<link|https?:|\son\w+=|javascript:", source)
    assert "&lt;" in source
    assert not regex.search(r"[\p{Cc}\p{Cf}--\n]", source, regex.VERSION1)


def test_several_files_are_written_at_once(tokaudit, tmp_path):
    names = ["a.txt", "a.md", "a.html", "a.json"]
    outputs = [part for name in names for part in ("-o", tmp_path / name)]
    assert tokaudit("view", "one two", *specs("gpt2"), *outputs)[:2] == (0, "")
    assert all((tmp_path / name).stat().st_size > 50 for name in names)
    assert json.loads((tmp_path / "a.json").read_text())["texts"][0]["words"] == 2
