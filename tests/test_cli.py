"""What a shell sees: stdout, stderr and the exit code."""

import json
import os
import subprocess
import sys

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tokaudit import engine, rooms
from tokaudit.findings import RULES

HEAVY = ("pandas", "pyarrow", "transformers", "numpy", "huggingface_hub", "tiktoken", "tokenizers")
COMMAND = [sys.executable, "-m", "tokaudit"]
AUDITS = rooms.names("tokaudit.audits")


def shell(line, **environment):
    """Run a shell line with `tokaudit` standing for the command."""
    script = f'tokaudit() {{ "{sys.executable}" -m tokaudit "$@"; }}; {line}'
    return subprocess.run(
        ["bash", "-c", script],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
        timeout=120,
    )


def test_a_report_goes_to_stdout_and_nothing_else_does(tokaudit, corpus_file):
    code, out, err = tokaudit("fertility", corpus_file, "-t", "builtin:bytes", "-f", "json")
    assert (code, err) == (0, "")
    saved = json.loads(out)
    assert saved["schema"] == "tokaudit/1"
    assert [row["lang"] for row in saved["tables"]["fertility"]] == ["en", "tr"]


def test_the_bundled_corpus_is_read_where_none_is_named(tokaudit):
    code, out, _ = tokaudit("fertility", "-t", "builtin:chars", "--lang", "eng_Latn", "-f", "json")
    assert code == 0
    assert json.loads(out)["conditions"]["rows"] >= 60


def test_an_audit_that_brings_its_texts_needs_no_corpus(tokaudit):
    code, out, _ = tokaudit("digits", "-t", "builtin:bytes")
    assert code == 0
    assert "single" in out


def test_an_audit_that_brings_its_texts_reads_a_corpus_that_is_named(tokaudit, corpus_file):
    code, _, err = tokaudit("digits", "no-such-corpus.parquet", "-t", "builtin:bytes")
    assert code == 2
    assert "no-such-corpus.parquet" in err
    code, out, _ = tokaudit("digits", corpus_file, "-t", "builtin:bytes", "-f", "json")
    rows = json.loads(out)["tables"]["digits_corpus"]
    assert [row["lang"] for row in rows] == ["en", "tr"]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["-t", "nonsense:x"], 3, "no tokenizer 'nonsense:x'"),
        (["-t", "no_such_base"], 3, "it has cl100k_base"),
        (["-t", "./absent/tokenizer.json"], 3, "no file absent/tokenizer.json"),
        (["-t", "pkg:no-such-package/x"], 3, "pip install no-such-package"),
        (["-t", "builtin:words"], 3, "there are bytes and chars"),
        (["-t", "builtin:bytes", "-t", "builtin:bytes"], 2, "named twice"),
        (["-t", "builtin:bytes", "--baseline", "x"], 2, "not among the tokenizers"),
        (["-t", "builtin:bytes", "--lang", "xx"], 2, "no rows in xx: the corpus has 2 languages"),
        (["-t", "builtin:bytes", "--words", "magic"], 2, "icu, whitespace, regex"),
        (["-t", "builtin:bytes", "-f", "vibes"], 2, "junit, latex, markdown, parquet"),
        (["-t", "builtin:bytes", "-o", "x.doc"], 2, ".json"),
        (["-t", "builtin:bytes", "-o", "no/such/folder/x.md"], 5, "cannot write"),
        (["-t", "builtin:bytes", "--text-column", "Text"], 2, "--text-column text?"),
        (["-t", "builtin:bytes", "--id-column", "key"], 2, "no column 'key'"),
    ],
)
def test_a_mistake_gets_one_sentence_and_its_exit_code(
    tokaudit, corpus_file, arguments, code, says
):
    left, out, err = tokaudit("fertility", corpus_file, *arguments)
    assert (left, out) == (code, "")
    assert says in err
    assert err.startswith("tokaudit: ")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("table", "code", "says"),
    [
        (pa.table({"words": ["a"], "lang": ["en"]}), 2, "it has words (string), lang (string)"),
        (pa.table({"text": ["a"]}), 2, "for a corpus of one language give it with --lang"),
        (pa.table({"text": [1], "lang": ["en"]}), 2, "column 'text' is int64"),
        (pa.table({"text": pa.array([], pa.string()), "lang": pa.array([], pa.string())}), 4, "no"),
        (pa.table({"text": ["", None, " "], "lang": ["en"] * 3}), 4, "1 null, 2 blank"),
    ],
)
def test_a_corpus_that_cannot_be_audited_says_why(tokaudit, tmp_path, table, code, says):
    pq.write_table(table, path := tmp_path / "corpus.parquet")
    left, out, err = tokaudit("fertility", path, "-t", "builtin:bytes")
    assert (left, out) == (code, "")
    assert says in err
    assert err.count("\n") == 1


def test_a_missing_and_a_broken_file_are_named(tokaudit, tmp_path):
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 not really")
    for name in ("missing.parquet", "broken.parquet"):
        code, _, err = tokaudit("fertility", tmp_path / name, "-t", "builtin:bytes")
        assert code == 2
        assert name in err and "Traceback" not in err


def test_a_crash_is_no_finding(tokaudit, corpus_file, monkeypatch):
    monkeypatch.setattr(engine, "added_up", lambda *_, **__: 1 / 0)
    code, _, err = tokaudit("fertility", corpus_file, "-t", "builtin:bytes")
    assert code == 70
    assert "ZeroDivisionError" in err and "a bug in tokaudit" in err


def test_an_interrupt_leaves_by_130(tokaudit, corpus_file, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(engine, "added_up", interrupted)
    assert tokaudit("fertility", corpus_file, "-t", "builtin:bytes")[0] == 130


def test_files_are_written_in_the_format_of_their_suffix(tokaudit, corpus_file, tmp_path):
    page, data, text = (tmp_path / f"r.{suffix}" for suffix in ("md", "json", "txt"))
    code, out, _ = tokaudit(
        "report", corpus_file, "-t", "builtin:bytes", "-o", page, "-o", data, "-o", text
    )
    assert (code, out) == (0, "")
    assert page.read_text().startswith("# tokaudit: adversarial, coverage, digits, fertility")
    assert json.loads(data.read_bytes())["tables"]["digits"][0]["strategy"] == "single"
    assert "\x1b" not in text.read_text()
    written = sorted(path.name for path in tmp_path.iterdir() if path.suffix != ".svg")
    assert written == ["corpus.parquet", "r.json", "r.md", "r.txt"]
    pictures = {path.name for path in tmp_path.iterdir()} - set(written)
    assert all(f"({name})" in page.read_text() for name in pictures)


def test_the_old_report_is_kept_when_the_new_one_fails(tokaudit, corpus_file, tmp_path):
    (page := tmp_path / "r.md").write_text("old")
    assert tokaudit("fertility", corpus_file, "-t", "nonsense:x", "-o", page)[0] == 3
    assert page.read_text() == "old"


def test_the_same_input_gives_the_same_bytes(tokaudit, corpus_file):
    arguments = ("report", corpus_file, "-t", "builtin:bytes", "-f", "json")
    assert tokaudit(*arguments)[1] == tokaudit(*arguments)[1]


def test_a_reader_that_goes_away_is_no_error():
    ran = shell("tokaudit digits -t builtin:bytes -f json | head -1; exit ${PIPESTATUS[0]}")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "{\n", "")


def test_a_closed_stdout_and_a_full_disk_are_errors():
    for line in (
        "tokaudit digits -t builtin:bytes >&-",
        "tokaudit digits -t builtin:bytes >/dev/full",
    ):
        ran = shell(line)
        assert ran.returncode == 5
        assert ran.stderr.startswith("tokaudit: cannot write the report")
        assert "Traceback" not in ran.stderr


@pytest.mark.parametrize("environment", [{"COLUMNS": "0"}, {"LANG": "C", "LC_ALL": "C"}])
def test_odd_terminals_still_get_the_report(environment):
    ran = shell("tokaudit digits -t builtin:bytes", **environment)
    assert ran.returncode == 0
    assert "single" in ran.stdout


def test_colours_are_for_terminals_or_for_those_who_ask():
    assert "\x1b[" not in shell("tokaudit digits -t builtin:bytes").stdout
    assert "\x1b[" in shell("tokaudit digits -t builtin:bytes --color always").stdout


def test_the_command_goes_by_its_name_however_it_was_started():
    assert "Usage: tokaudit fertility" in shell("tokaudit fertility --nope").stderr
    asked = {"COMP_WORDS": "tokaudit fer", "COMP_CWORD": "1"}
    completed = shell("tokaudit", _TOKAUDIT_COMPLETE="complete_bash", **asked)
    assert completed.stdout.split() == ["fertility"]


def test_help_imports_nothing_heavy():
    script = (
        "import sys, tokaudit.cli as c\n"
        "try: c.main(['--help'])\n"
        f"except SystemExit: print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stderr.strip() == "[]"
    assert "Exit codes" in ran.stdout


@pytest.mark.parametrize("command", [*AUDITS, "report"])
def test_the_help_of_an_audit_has_its_question_and_examples(tokaudit, command):
    code, out, _ = tokaudit(command, "--help")
    assert code == 0
    assert "Examples" in out and f"tokaudit {command} -t" in out
    if command != "report":
        question = rooms.docstring("tokaudit.audits", command).partition("\n")[0]
        assert " ".join(question.split()) in " ".join(out.split())


@pytest.mark.parametrize("name", [*AUDITS, *RULES])
def test_everything_that_is_named_is_explained(tokaudit, name):
    code, out, _ = tokaudit("explain", name)
    assert code == 0
    assert len(out.splitlines()) > 3


@pytest.mark.parametrize("name", ["premium", "Premium"])
def test_a_column_is_explained_in_every_table_that_has_it(tokaudit, name):
    code, out, _ = tokaudit("explain", name)
    assert code == 0
    said, of_rows = out.splitlines()
    assert said.startswith("premium (fertility): n / n of the reference language")
    assert of_rows.startswith("premium (fertility_rows): tokens / tokens of the same row")


@pytest.mark.parametrize(
    ("name", "tables"),
    [
        ("misaligned sums", ["digits"]),
        ("premium_max", ["fertility_summary", "compare"]),
        ("differing_rows", ["parity", "parity_probes"]),
    ],
)
def test_a_column_is_explained_as_reports_write_it(tokaudit, name, tables):
    code, out, _ = tokaudit("explain", name)
    assert code == 0
    assert [line.partition(" (")[2].partition("):")[0] for line in out.splitlines()] == tables


def test_a_corpus_that_is_named_as_a_tokenizer_is_called_one(tokaudit, tmp_path):
    (tmp_path / "corpus.parquet").write_bytes(b"PAR1")
    code, _, err = tokaudit("compare", "builtin:bytes", str(tmp_path / "corpus.parquet"))
    assert code == 3
    assert "corpus.parquet is a corpus" in err and "--corpus" in err


def test_what_cannot_be_explained_says_what_can(tokaudit):
    code, _, err = tokaudit("explain", "vibes")
    assert code == 2
    assert "fertility" in err and "TA001" in err


def test_the_version_is_said(tokaudit):
    assert tokaudit("--version")[1].startswith("tokaudit 0.")
