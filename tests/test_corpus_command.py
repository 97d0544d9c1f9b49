"""`tokaudit corpus`: every format goes in whole, and what is wrong with a corpus is said."""

import bz2
import csv
import gzip
import io
import json
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from tokaudit import building, conditions
from tokaudit.cli.corpus import app
from tokaudit.corpus import Corpus
from tokaudit.errors import BadCorpus, BadUsage, CannotWrite, NothingToAudit, TokauditError
from tokaudit.inspection import inspect

Row = dict[str, str | None]


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(each) for each in arguments])


def refusal(kind: type[TokauditError], *arguments: object) -> str:
    result = run(*arguments)
    assert isinstance(result.exception, kind), result.output
    return str(result.exception)


def built(output: Path, *arguments: object) -> list[Row]:
    result = run("build", *arguments, "-o", output)
    assert result.exit_code == 0, result.exception or result.output
    return pq.read_table(output).to_pylist()


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "built" / "corpus.parquet"


@pytest.fixture(autouse=True)
def folder(out: Path) -> None:
    out.parent.mkdir()


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    def written(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return written


Write = Callable[[str, str | bytes], Path]


def not_utf8(texts: list[bytes]) -> pa.Array:
    """An Arrow string array nobody has validated."""
    return pa.array(texts, pa.binary()).view(pa.string())


# build: formats


def test_lines_of_files_named_after_languages_become_parallel_rows(
    write: Write, tmp_path: Path, out: Path
):
    write("data/de.txt", "Hallo\n\nWelt\n")
    write("data/en.txt", "Hello\n\nWorld")
    assert built(out, tmp_path / "data/{lang}.txt", "--aligned") == [
        {"lang": "de", "id": "1", "text": "Hallo"},
        {"lang": "de", "id": "2", "text": ""},
        {"lang": "de", "id": "3", "text": "Welt"},
        {"lang": "en", "id": "1", "text": "Hello"},
        {"lang": "en", "id": "2", "text": ""},
        {"lang": "en", "id": "3", "text": "World"},
    ]


def test_lines_without_aligned_get_no_id(write: Write, out: Path):
    assert built(out, write("a.txt", "one\ntwo\n"), "--lang", "en") == [
        {"lang": "en", "text": "one"},
        {"lang": "en", "text": "two"},
    ]


def test_only_line_ends_and_the_byte_order_mark_are_taken_off_a_line(write: Write, out: Path):
    path = write("a.txt", "\ufeff one\u2028two \r\n\tthree\x0bfour\r\rfive\n")
    texts = [row["text"] for row in built(out, path, "--lang", "en")]
    assert texts == [" one\u2028two ", "\tthree\x0bfour\r\rfive"]


def test_whole_files_are_one_row_each_with_labels_from_the_path(
    write: Write, tmp_path: Path, out: Path
):
    write("src/c/news/01.c", "int x;\n\nint y;\n")
    write("src/python/news/01.py", "x = 1\n")
    assert built(out, tmp_path / "src/{lang}/{domain}/{id}.*", "--whole") == [
        {"lang": "c", "id": "01", "domain": "news", "text": "int x;\n\nint y;\n"},
        {"lang": "python", "id": "01", "domain": "news", "text": "x = 1\n"},
    ]


def test_a_field_that_stands_twice_in_a_path_must_be_the_same(
    write: Write, tmp_path: Path, out: Path
):
    write("a/de/x.de.txt", "gut\n")
    write("a/de/x.en.txt", "bad\n")
    rows = built(out, tmp_path / "a/{lang}/x.{lang}.txt")
    assert rows == [{"lang": "de", "text": "gut"}]


def test_a_pattern_looks_below_folders_and_takes_brackets_as_they_are(
    write: Write, tmp_path: Path, out: Path
):
    write("a[1]/x/y/de.txt", "tief\n")
    write("a[1]/en.txt", "flat\n")
    rows = built(out, tmp_path / "a[1]/**/{lang}.txt")
    assert {row["lang"]: row["text"] for row in rows} == {"de": "tief", "en": "flat"}


def test_json_lines_keep_labels_digit_for_digit_and_nulls_as_nulls(write: Write, out: Path):
    path = write(
        "a.jsonl",
        '{"text": "one", "lang": "no", "id": 7, "extra": [1]}\n\n'
        '{"id": 1.50, "lang": "nan", "text": null}\n'
        '{"id": 123456789012345678901234567890, "lang": null, "text": "\\u00e9\\ud83d\\ude00"}\n',
    )
    assert built(out, path) == [
        {"lang": "no", "id": "7", "text": "one"},
        {"lang": "nan", "id": "1.50", "text": None},
        {"lang": None, "id": "123456789012345678901234567890", "text": "é😀"},
    ]


def test_csv_cells_may_hold_commas_quotes_and_line_ends(write: Write, out: Path):
    path = write(
        "a.csv",
        '\ufefflang,text,domain\r\nde,"Er sagte: ""Hallo,\r\nWelt""",news\r\n\r\nNA,null,\r\n',
    )
    assert built(out, path) == [
        {"lang": "de", "domain": "news", "text": 'Er sagte: "Hallo,\r\nWelt"'},
        {"lang": "NA", "domain": "", "text": "null"},
    ]


def test_a_quotation_mark_in_tsv_is_a_letter(write: Write, out: Path):
    path = write("a.tsv", 'lang\ttext\nen\t"Well", she said\nen\t5" disk\n')
    assert [row["text"] for row in built(out, path)] == ['"Well", she said', '5" disk']


def test_another_parquet_file_is_read_by_its_columns(tmp_path: Path, out: Path):
    table = pa.table(
        {
            "sentence": pa.array(["a", None, "b"]).dictionary_encode(),
            "iso": ["de", "de", "en"],
            "number": pa.array([1, 2, None], pa.int16()),
            "score": [0.5, 0.1, 0.2],
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    columns = ("--text-column", "sentence", "--lang-column", "iso", "--id-column", "number")
    assert built(out, tmp_path / "a.parquet", *columns) == [
        {"lang": "de", "id": "1", "text": "a"},
        {"lang": "de", "id": "2", "text": None},
        {"lang": "en", "id": None, "text": "b"},
    ]


def test_folders_of_parquet_say_the_language_as_a_string(tmp_path: Path, out: Path):
    for lang in ("001", "no"):
        folder = tmp_path / "data" / f"lang={lang}"
        folder.mkdir(parents=True)
        pq.write_table(pa.table({"text": [f"in {lang}"]}), folder / "a.parquet")
    assert built(out, tmp_path / "data") == [
        {"lang": "001", "text": "in 001"},
        {"lang": "no", "text": "in no"},
    ]
    said = refusal(BadUsage, "build", tmp_path / "data", "--lang", "de", "-o", out)
    assert "its path says the lang, and so does --lang" in said


def test_compressed_text_is_read_by_its_suffixes(write: Write, out: Path):
    write("a.txt.gz", gzip.compress(b"one\n"))
    write("b.jsonl.bz2", bz2.compress(b'{"text": "two", "lang": "en"}\n'))
    zst = pa.compress(b"text,lang\nthree,en\n", codec="zstd", asbytes=True)
    paths = [out.parent.parent / "a.txt.gz", out.parent.parent / "b.jsonl.bz2"]
    with pa.output_stream(str(out.parent.parent / "c.csv.zst"), compression="zstd") as stream:
        stream.write(b"text,lang\nthree,en\n")
    assert zst[:4] == (out.parent.parent / "c.csv.zst").read_bytes()[:4]
    assert [row["text"] for row in built(out, paths[0], "--lang", "en")] == ["one"]
    rows = built(out, paths[1], out.parent.parent / "c.csv.zst")
    assert [row["text"] for row in rows] == ["two", "three"]


def test_any_name_can_be_read_as_lines(write: Write, tmp_path: Path, out: Path):
    write("train.de", "eins\nzwei\n")
    write("train.en", "one\ntwo\n")
    rows = built(out, tmp_path / "train.{lang}", "--lines", "--aligned")
    assert [(row["lang"], row["id"], row["text"]) for row in rows] == [
        ("de", "1", "eins"),
        ("de", "2", "zwei"),
        ("en", "1", "one"),
        ("en", "2", "two"),
    ]


def test_inputs_of_different_formats_share_one_file_and_lack_what_they_lack(
    write: Write, out: Path
):
    lines = write("de.txt", "eins\n")
    table = write("a.csv", "lang,id,text\nen,1,one\n")
    pattern = lines.with_name("{lang}.txt")
    assert built(out, pattern, table) == [
        {"lang": "de", "id": None, "text": "eins"},
        {"lang": "en", "id": "1", "text": "one"},
    ]


def test_a_file_that_is_named_twice_is_read_once(write: Write, out: Path):
    path = write("a.txt", "one\n")
    assert len(built(out, path, path, path.with_name("*.txt"), "--lang", "en")) == 1


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.fixed_dictionaries(
            {name: st.text(st.characters(exclude_categories=["Cs"])) for name in ("lang", "text")}
        ),
        min_size=1,
    )
)
@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_whatever_a_file_holds_comes_out_as_it_was(tmp_path: Path, rows: list[Row], suffix: str):
    path, output = tmp_path / f"law.{suffix}", tmp_path / "law-built.parquet"
    if suffix == "csv":
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, ["lang", "text"])
        writer.writeheader()
        writer.writerows(rows)
        path.write_bytes(text.getvalue().encode())
    elif suffix == "jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    else:
        pq.write_table(pa.Table.from_pylist(rows), path)
    assert built(output, path) == rows


def test_what_is_built_is_a_corpus(write: Write, tmp_path: Path, out: Path):
    write("de.txt", "eins\n\nzwei\n")
    write("en.txt", "one\nnothing\ntwo\n")
    built(out, tmp_path / "{lang}.txt", "--aligned")
    pieces = list(Corpus((str(out),)))
    kept = [(p.lang, p.ids.to_pylist(), p.texts.to_pylist()) for p in pieces if p.ids]
    assert kept == [
        ("de", ["1", "3"], ["eins", "zwei"]),
        ("en", ["1", "2", "3"], ["one", "nothing", "two"]),
    ]
    assert pieces[0].dropped.blank == 1


def test_building_says_on_stderr_what_was_written(
    write: Write, out: Path, capfd: pytest.CaptureFixture[str]
):
    result = run("build", write("a.txt", "one\ntwo\n"), "--lang", "en", "-o", out)
    assert result.stdout == ""
    assert capfd.readouterr().err.endswith("corpus.parquet: 2 rows in 1 language\n")


def test_memory_does_not_grow_with_the_file(
    write: Write, out: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(building, "GROUP_BYTES", 2**16)
    path = write("a.txt", "a line of text that is not very long\n" * 30_000)
    tracemalloc.start()
    try:
        result = run("build", path, "--lang", "en", "-o", out)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert result.exit_code == 0
    assert pq.read_metadata(out).num_rows == 30_000
    assert pq.read_metadata(out).num_row_groups > 10
    assert peak < 2**20 < 30_000 * 60  # the strings alone would be more


# build: refusals


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "language,sentence\nen,x\n"),
        ("a.tsv", "language\tsentence\nen\tx\n"),
        ("a.jsonl", '{"language": "en", "sentence": "x"}\n'),
    ],
)
def test_a_missing_column_is_refused_by_naming_what_is_there(
    write: Write, out: Path, name: str, content: str
):
    path = write(name, content)
    said = refusal(BadCorpus, "build", path, "--lang", "en", "-o", out)
    assert name in said
    assert "no 'text'; it has language, sentence (name one with --text-column)" in said
    said = refusal(BadCorpus, "build", path, "--text-column", "sentence", "-o", out)
    assert "no 'lang'; it has language, sentence" in said
    assert "--lang-column or give one language with --lang" in said
    columns = ("--text-column", "sentence", "--lang-column", "language", "--id-column", "id")
    assert "no 'id'" in refusal(BadCorpus, "build", path, *columns, "-o", out)


def test_a_parquet_file_without_the_column_is_refused(tmp_path: Path, out: Path):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"content": ["x"], "lang": ["en"]}), path)
    said = refusal(BadCorpus, "build", path, "-o", out)
    assert "a.parquet has no 'text'; it has content, lang" in said
    pq.write_table(pa.table({"text": [["x"]], "lang": ["en"]}), path)
    assert "column 'text' is list" in refusal(BadCorpus, "build", path, "-o", out)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ('{"text": "a", "lang": "en"}\n{"text": "b", "lang"\n', "line 2 is not JSON"),
        ('{"text": "a", "lang": "en"}\n["b"]\n', "line 2 is not a JSON object"),
        ('{"text": "a", "lang": "en"}\n\n{"lang": "en"}\n', "line 3 has no 'text'; it has lang"),
        ('{"text": 5, "lang": "en"}\n', "line 1: 'text' is \"5\", no string"),
        ('{"text": "a", "lang": ["en"]}\n', "line 1: 'lang' is [\"en\"], no string"),
        ('{"text": "\\ud800", "lang": "en"}\n', "line 1: 'text' holds half a surrogate pair"),
        ("[" * 100_000 + "\n", "line 1 is not JSON"),
    ],
)
def test_a_broken_json_line_is_named_by_its_number(
    write: Write, out: Path, content: str, complaint: str
):
    said = refusal(BadCorpus, "build", write("a.jsonl", content), "-o", out)
    assert complaint in said
    assert "\n" not in said


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("text,lang\na,en\nb\n", "line 3: 1 cells under a header of 2"),
        ('text,lang\n"a,en\nb,en\n', "line 3: unexpected end of data"),
        ('text,lang\n"a"b,en\n', "line 2: ',' expected after '\"'"),
        ("text,lang,text\na,en,b\n", "several columns named 'text'"),
        ("", "a.csv has no 'lang'; it has nothing"),
    ],
)
def test_a_broken_table_is_named_by_its_line(write: Write, out: Path, content: str, complaint: str):
    assert complaint in refusal(BadCorpus, "build", write("a.csv", content), "-o", out)


@pytest.mark.parametrize("name", ["a.txt", "a.csv", "a.jsonl", "a.tsv"])
def test_invalid_utf8_is_named_by_line_and_byte(write: Write, out: Path, name: str):
    path = write(name, b'ok\n{"text\xff": 1}\n')
    said = refusal(BadCorpus, "build", path, "--lang", "en", "--lines", "-o", out)
    assert said.endswith(f"{name}, line 2 is not UTF-8 at its byte 7")


def test_invalid_utf8_in_a_whole_file_and_in_parquet_is_refused(
    write: Write, tmp_path: Path, out: Path
):
    path = write("a.py", b"ab\xc0")
    said = refusal(BadCorpus, "build", path, "--whole", "--lang", "python", "-o", out)
    assert said.endswith("a.py is not UTF-8 at its byte 3")
    pq.write_table(pa.table({"text": not_utf8([b"\xff"]), "lang": ["en"]}), tmp_path / "b.parquet")
    said = refusal(BadCorpus, "build", tmp_path / "b.parquet", "-o", out)
    assert "cannot read" in said and "b.parquet" in said


def test_a_language_that_nothing_says_is_not_guessed(write: Write, out: Path):
    said = refusal(BadCorpus, "build", write("eng.txt", "x\n"), "-o", out)
    assert "eng.txt does not say its language" in said
    assert "--lang" in said and "{lang}" in said


def test_a_label_that_is_said_twice_is_refused(write: Write, out: Path):
    table = write("de.csv", "text,lang\nx,en\n")
    said = refusal(BadUsage, "build", table, "--lang", "de", "-o", out)
    assert "has a column 'lang'" in said and "'de'" in said
    pattern = table.with_name("{lang}.csv")
    assert "has a column 'lang'" in refusal(BadUsage, "build", pattern, "-o", out)
    said = refusal(BadUsage, "build", pattern, "--lang", "de", "-o", out)
    assert "its path says the lang, and so does --lang" in said
    write("1.txt", "x\n")
    numbered = table.with_name("{id}.txt")
    said = refusal(BadUsage, "build", numbered, "--lang", "de", "--aligned", "-o", out)
    assert "the id is in the path or the number of the line" in said


def test_a_name_without_a_format_a_wrong_field_and_no_match_are_refused(
    write: Write, tmp_path: Path, out: Path
):
    said = refusal(BadCorpus, "build", write("a.log", "x\n"), "--lang", "en", "-o", out)
    assert "'.log' says no format" in said and ".jsonl" in said and "--lines" in said
    said = refusal(BadUsage, "build", tmp_path / "{language}.txt", "-o", out)
    assert "{language} is no field" in said
    assert "no file fits" in refusal(BadCorpus, "build", tmp_path / "{lang}.txt", "-o", out)
    assert "no file or directory" in refusal(BadCorpus, "build", tmp_path / "no.txt", "-o", out)
    assert "name its files" in refusal(BadCorpus, "build", tmp_path, "-o", out)
    both = ("--lines", "--whole", "--lang", "en")
    assert "contradict" in refusal(BadUsage, "build", tmp_path / "a.log", *both, "-o", out)


@pytest.mark.parametrize("form", ["--lines", "--whole"])
def test_a_line_or_file_that_is_too_long_is_refused(write: Write, out: Path, form: str):
    path = write("a.txt", "x" * 100)
    arguments = ("build", path, "--lang", "en", form, "-o", out, "--max-row-bytes")
    assert "is longer than 99 bytes" in refusal(BadCorpus, *arguments, 99)
    assert run(*arguments, 100).exit_code == 0


def test_a_damaged_archive_is_refused_by_name(write: Write, out: Path):
    whole = gzip.compress(b"one line\n" * 10_000)
    path = write("a.txt.gz", whole[: len(whole) // 2])
    assert "a.txt.gz" in refusal(BadCorpus, "build", path, "--lang", "en", "-o", out)


@pytest.mark.parametrize("second", ["", '{"text": "b", "lang": "en"}\n{broken\n'])
def test_a_failed_build_leaves_the_old_file_and_nothing_else(write: Write, out: Path, second: str):
    out.write_bytes(b"old")
    path = write("a.jsonl", second)
    kind = BadCorpus if second else NothingToAudit
    assert refusal(kind, "build", path, "-o", out)
    assert [each.name for each in out.parent.iterdir()] == ["corpus.parquet"]
    assert out.read_bytes() == b"old"


def test_an_output_that_cannot_be_written_is_said(write: Write, tmp_path: Path):
    path = write("a.txt", "x\n")
    nowhere = tmp_path / "no" / "such" / "folder.parquet"
    said = refusal(CannotWrite, "build", path, "--lang", "en", "-o", nowhere)
    assert "folder.parquet: No such file or directory" in said


# inspect and validate


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """A corpus with every fault there is."""
    rows = [
        ("en", "1", b"one two"),
        ("en", "2", b"three"),
        ("en", "3", b"four"),
        ("de", "1", b"eins"),
        ("de", "1", b"eins"),
        ("de", None, "u\u0308ber".encode()),
        ("de", "9", b"  \n"),
        ("de", "9", None),
        ("de", "9", b"\xff"),
        ("de", "9", b"x" * 200),
        (None, "1", "что".encode()),
    ]
    langs, ids, texts = zip(*rows, strict=True)
    table = pa.table({"lang": langs, "id": ids, "text": not_utf8(list(texts))})
    path = tmp_path / "faulty.parquet"
    pq.write_table(table, path)
    return path


ERRORS = [
    ("an id that another row has", "de", 1),
    ("blank, left out", "de", 1),
    ("invalid UTF-8, left out", "de", 1),
    ("null, left out", "de", 1),
    ("too long, left out", "de", 1),
]
WARNINGS = [
    ("a text that another row has", "de", 1),
    ("fewer than 100 rows", "de", 3),
    ("fewer than 100 rows", "en", 3),
    ("fewer than 100 rows", "und", 1),
    ("missing beside the reference language", "de", 2),
    ("missing beside the reference language", "und", 2),
    ("no id", "de", 1),
    ("no language", "und", 1),
    ("not in Unicode normalization form C", "de", 1),
]


def test_every_fault_is_found_and_counted(faulty: Path):
    result = run("inspect", faulty, "--max-row-bytes", 100, "-f", "json")
    found = json.loads(result.stdout)["problems"]
    assert [tuple(each.values()) for each in found] == [
        *(("error", *each) for each in ERRORS),
        *(("warning", *each) for each in WARNINGS),
    ]


def test_validation_fails_on_errors_and_groups_them_by_kind(faulty: Path):
    result = run("validate", faulty, "--max-row-bytes", 100)
    assert result.exit_code == 2
    lines = result.stdout.splitlines()
    assert lines[0] == "error: an id that another row has: de (1)"
    assert "warning: fewer than 100 rows: de (3), en (3), und (1)" in lines
    assert len(lines) == len({kind for kind, *_ in ERRORS + WARNINGS})


def test_warnings_fail_only_where_validation_is_strict(corpus_file: Path):
    result = run("validate", corpus_file)
    assert (result.exit_code, result.stdout.count("warning: ")) == (0, 2)
    assert "error" not in result.stdout
    assert run("validate", corpus_file, "--strict").exit_code == 2


def test_a_corpus_without_fault_is_said_to_have_none(tmp_path: Path):
    path = tmp_path / "good.parquet"
    texts = [f"sentence {number}" for number in range(100)]
    pq.write_table(pa.table({"lang": ["en"] * 100, "text": texts}), path)
    result = run("validate", path, "--strict")
    assert (result.exit_code, result.stdout) == (0, "no problem: 100 rows kept in 1 language\n")


def test_a_census_counts_what_can_be_counted_by_hand(tmp_path: Path):
    path = tmp_path / "a.parquet"
    rows = {
        "lang": ["jpn_Jpan", "eng_Latn", "eng_Latn"],
        "id": ["b", "a", "b"],
        "domain": ["news", "news", None],
        "text": ["東京だ。", "Hi there!", "日 ok"],
    }
    pq.write_table(pa.table(rows), path)
    document = json.loads(run("inspect", path, "-f", "json").stdout)
    english, japanese = document["languages"]
    assert document["reference"] == "eng_Latn"
    assert (english["lang"], english["name"]) == ("eng_Latn", "English")
    assert (english["rows"], english["bytes"], english["chars"]) == (2, 15, 13)
    assert english["words"] == 4
    assert english["scripts"] == {"Latn": 9 / 10, "Hani": 1 / 10}
    assert english["domains"] == {"news": 1}
    assert (english["parallel"], japanese["parallel"]) == (2, 1)
    assert japanese["scripts"] == {"Hani": 2 / 3, "Hira": 1 / 3}
    assert (japanese["bytes"], japanese["chars"]) == (12, 4)


def test_the_page_shows_languages_numbers_and_totals(tmp_path: Path, corpus_file: Path):
    page = run("inspect", corpus_file).stdout
    lines = [line.split() for line in page.splitlines()]
    assert ["en", "English", "2", "2", "10", "10", "3", "Latn", "100%"] in lines
    assert ["tr", "Turkish", "1", "1", "6", "4", "1", "Latn", "100%"] in lines
    assert "3 rows kept in 2 languages, parallel with en; corpus " in page
    assert "\x1b" not in page


def test_the_digest_is_the_one_that_reports_quote(corpus_file: Path):
    pieces = list(Corpus((str(corpus_file),)))
    census = {
        lang: sum((p.census for p in pieces if p.lang == lang), start)
        for lang, start in ((lang, type(pieces[0].census)()) for lang in ("en", "tr"))
    }
    document = json.loads(run("inspect", corpus_file, "-f", "json").stdout)
    assert document["corpus"] == conditions.corpus_digest(census)


def test_a_hostile_label_acts_on_no_terminal(tmp_path: Path):
    path = tmp_path / "a.parquet"
    hostile = "\x1b[31m[/red]::error::\u202e"
    pq.write_table(pa.table({"lang": [hostile], "text": ["x"], "domain": ["\x1b]8;;x\x07"]}), path)
    for arguments in (["inspect", path], ["inspect", path, "-f", "json"], ["validate", path]):
        shown = run(*arguments).stdout
        assert "\x1b" not in shown and "\u202e" not in shown
    assert json.loads(run("inspect", path, "-f", "json").stdout)["languages"][0]["lang"] == hostile
    assert "[/red]" in run("validate", path).stdout


def test_colours_are_written_only_where_they_are_asked_for(corpus_file: Path):
    assert "\x1b[" in run("inspect", corpus_file, "--color", "always").stdout
    assert "\x1b[" not in run("inspect", corpus_file, "--color", "never").stdout


def test_columns_languages_and_the_reference_can_be_named(tmp_path: Path):
    path = tmp_path / "a.parquet"
    rows = {"iso": ["de", "en", "fr"], "key": ["1", "1", "2"], "sentence": ["ja", "yes", "oui"]}
    pq.write_table(pa.table(rows), path)
    named = ("--text-column", "sentence", "--lang-column", "iso", "--id-column", "key")
    document = json.loads(run("inspect", path, *named, "--reference", "de", "-f", "json").stdout)
    assert {each["lang"]: each["parallel"] for each in document["languages"]} == {
        "de": 1,
        "en": 1,
        "fr": 0,
    }
    only = run("inspect", path, *named, "--lang", "fr", "-f", "json").stdout
    assert [each["lang"] for each in json.loads(only)["languages"]] == ["fr"]
    assert "has no column 'text'" in refusal(BadCorpus, "inspect", path)
    named = (*named[:-1], "nope")
    assert "has no column 'nope'" in refusal(BadCorpus, "validate", path, *named)


def test_a_file_of_one_language_is_inspected_with_its_domains(tmp_path: Path):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"text": ["ja", "nein"], "domain": [1, 2]}), path)
    document = json.loads(run("inspect", path, "--lang", "de", "-f", "json").stdout)
    assert document["languages"][0]["domains"] == {"1": 1, "2": 1}
    assert document["languages"][0]["parallel"] is None


def test_a_corpus_without_ids_is_not_called_parallel(tmp_path: Path):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"text": ["yes", "ja"], "lang": ["en", "de"]}), path)
    assert "parallel with" not in run("inspect", path).stdout


def test_domains_that_are_no_labels_are_refused_in_a_sentence(tmp_path: Path):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"text": ["ja"], "lang": ["de"], "domain": [[1]]}), path)
    assert "column 'domain'" in refusal(BadCorpus, "inspect", path)


def test_a_corpus_without_rows_is_nothing_to_audit(tmp_path: Path):
    path = tmp_path / "a.parquet"
    pq.write_table(
        pa.table({"text": pa.array([], pa.string()), "lang": pa.array([], pa.string())}), path
    )
    assert "holds no row" in refusal(NothingToAudit, "validate", path)


def test_a_language_that_is_not_there_is_named(corpus_file: Path):
    said = refusal(NothingToAudit, "inspect", corpus_file, "--lang", "fr", "--lang", "it")
    assert said == "the corpus holds no row in fr, it"


def test_a_closed_stdout_is_an_error_of_output(corpus_file: Path):
    command = f'"{sys.executable}" -m tokaudit corpus validate "{corpus_file}" >&-'
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (5, 1), done.stderr


def test_a_census_is_the_same_however_the_rows_are_divided(tmp_path: Path):
    bundled = Path(__file__).parent.parent / "corpora/parallel.parquet"
    table = pq.read_table(bundled)
    whole = inspect(Corpus((str(bundled),)))
    for number in range(3):
        part = table.take(pa.array(range(number, table.num_rows, 3)))
        pq.write_table(part, tmp_path / f"{number}.parquet", row_group_size=100)
    parts = inspect(Corpus((str(tmp_path),)))
    assert parts.problems == whole.problems
    assert parts.parallel == whole.parallel
    for lang, tally in whole.tallies.items():
        other = parts.tallies[lang]
        assert (tally.census, tally.chars, tally.words, tally.letters, tally.domains) == (
            (other.census, other.chars, other.words, other.letters, other.domains)
        )
        assert tally.distinct_ids.tolist() == other.distinct_ids.tolist()


def test_real_text_is_counted_as_the_file_itself_counts_it(shared: Path):
    path = shared / "corpora/flores200.parquet"
    langs = ("eng_Latn", "shn_Mymr")
    found = inspect(Corpus((str(path),), langs=langs))
    table = pq.read_table(path, filters=[("lang", "in", langs)])
    for lang in langs:
        rows = table.filter(pc.equal(table["lang"], lang))
        tally = found.tallies[lang]
        assert tally.census.rows == rows.num_rows == found.parallel[lang] == 2009
        assert tally.census.bytes == pc.sum(pc.binary_length(rows["text"])).as_py()
        assert tally.chars == pc.sum(pc.utf8_length(rows["text"])).as_py()
        assert tally.domains == {
            each["values"]: each["counts"] for each in pc.value_counts(rows["domain"]).to_pylist()
        }
    assert next(iter(found.tallies["shn_Mymr"].scripts)) == "Mymr"


def test_the_commands_load_nothing_heavy_before_they_run():
    heavy = "{'pyarrow', 'numpy', 'regex', 'icu', 'pandas', 'transformers', 'tokenizers'}"
    code = f"import sys, tokaudit.cli.corpus; print(*sorted({heavy} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() in ("", "regex")  # tokaudit.text needs regex; nothing else may come


@pytest.mark.parametrize("command", ["build", "inspect", "validate"])
def test_help_shows_examples(command: str):
    shown = run(command, "--help").stdout
    assert f"tokaudit corpus {command}" in shown
