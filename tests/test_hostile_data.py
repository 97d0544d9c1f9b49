"""Corpora that are broken, odd or hostile: a right figure or one sentence from a command."""

import base64
import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe
import pytest

ROOT = Path(__file__).parent.parent
FULL = bool(os.environ.get("TOKAUDIT_FULL"))
Row = tuple[int, int, int]
GOOD = {"text": ["hello there", "ola"], "lang": ["en", "pt"]}


def strings(*values: bytes) -> pa.Array:
    """A string column that holds these bytes, UTF-8 or not."""
    return pa.array(values, pa.binary()).view(pa.string())


def put(folder: Path, columns: Any, name: str = "corpus.parquet", **options: Any) -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    pq.write_table(pa.table(columns), path, **options)
    return path


@pytest.fixture
def figures(tokaudit):
    """Audit a corpus by bytes: rows, bytes and tokens by language, and the findings by rule."""

    def audit(path: Path, *more: object) -> tuple[dict[str, Row], dict[str, str]]:
        code, out, err = tokaudit(*COMMANDS["fertility"], path, *more, "-f", "json")
        assert (code, err) == (0, "")
        report = json.loads(out)
        rows = report["tables"]["fertility"]
        found = {row["lang"]: (row["rows"], row["bytes"], row["tokens"]) for row in rows}
        return found, {each["rule"]: each["message"] for each in report["findings"]}

    return audit


COMMANDS = {
    "fertility": ("fertility", "-q", "-t", "builtin:bytes"),
    "inspect": ("corpus", "inspect"),
    "validate": ("corpus", "validate"),
}


@pytest.fixture
def refusal(tokaudit):
    """Give the one sentence with which a command refuses a corpus."""

    def refused(path: Path, command: str = "fertility", code: int = 2) -> str:
        left, out, err = tokaudit(*COMMANDS[command], path)
        assert (left, out) == (code, "")
        assert err.startswith("tokaudit: ") and err.count("\n") == 1 and "\x1b" not in err
        return err

    return refused


# What is no corpus


SHAPES: dict[str, tuple[dict[str, Any], str]] = {
    "no columns": ({}, "no column at all"),
    "a struct": ({**GOOD, "text": [{"a": "x"}] * 2}, "is struct<a: string>"),
    "a list": ({**GOOD, "text": [["x"]] * 2}, "is list<element: string>"),
    "a map": (
        {**GOOD, "text": pa.array([[("a", "b")]] * 2, pa.map_(pa.string(), pa.string()))},
        "is map<string, string",
    ),
    "bytes": ({**GOOD, "text": [b"\xff"] * 2}, "is binary"),
    "numbers": ({**GOOD, "text": [1, 2]}, "is int64"),
    "times": ({**GOOD, "text": pa.array([1, 2], pa.timestamp("ms"))}, "is timestamp[ms]"),
    "nothing but null": ({**GOOD, "text": pa.nulls(2)}, "is null"),
    "languages in bytes": ({**GOOD, "lang": [b"en", b"pt"]}, "column 'lang' is binary"),
    "languages in numbers": ({**GOOD, "lang": [1, 2]}, "column 'lang' is int64"),
    "languages not in UTF-8": ({**GOOD, "lang": strings(b"en", b"\xff")}, "is not valid UTF-8"),
    "ids not in UTF-8": ({**GOOD, "id": strings(b"1", b"\xed\xa0\x80")}, "is not valid UTF-8"),
    "ids with fractions": ({**GOOD, "id": [0.5, 1.5]}, "column 'id' is double"),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_columns_of_other_kinds_are_refused_by_name_and_kind(tmp_path, refusal, shape):
    columns, says = SHAPES[shape]
    path = put(tmp_path, columns)
    for command in COMMANDS if "UTF-8" not in shape else ("fertility", "inspect"):
        said = refusal(path, command)
        assert says in said and str(path) in said


def test_a_corpus_without_rows_is_nothing_to_audit(tmp_path, refusal):
    path = put(tmp_path, {"text": pa.array([], pa.string()), "lang": pa.array([], pa.string())})
    assert "holds no text" in refusal(path, code=4)


def test_other_columns_may_be_nested_and_are_not_read(tmp_path, figures):
    path = put(tmp_path, {**GOOD, "meta": [{"text": [{"lang": "x"}]}] * 2})
    assert figures(path)[0] == {"en": (1, 11, 11), "pt": (1, 3, 3)}


# Damage


def flipped(data: bytes) -> bytes:
    return data[:200] + bytes(60) + data[260:]


DAMAGE = {
    "cut in half": (lambda data: data[: len(data) // 2], "cannot read"),
    "cut at its end": (lambda data: data[:-1], "cannot read"),
    "of another kind": (lambda data: data[:-4] + b"XXXX", "cannot read"),
    "empty": (lambda data: b"", "cannot read"),
    "a page of a website": (lambda data: b"<!DOCTYPE html><title>404</title>", "cannot read"),
    "a git-lfs pointer": (lambda data: b"version https://git-lfs.github.com/spec/v1\n", "git lfs"),
    "with other bytes": (flipped, "is damaged"),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_file_is_named(tmp_path, refusal, kind):
    texts = [f"row {number}" for number in range(2_000)]
    path = put(tmp_path, {"text": texts, "lang": ["en"] * 2_000}, write_page_checksum=True)
    damage, says = DAMAGE[kind]
    path.write_bytes(damage(path.read_bytes()))
    for command in COMMANDS:
        said = refusal(path, command)
        assert says in said and str(path) in said


class Keys(pe.KmsClient):
    """Keys that are kept nowhere."""

    def __init__(self, config: Any) -> None:
        super().__init__()

    def wrap_key(self, key: bytes, name: str) -> bytes:
        return base64.b64encode(key)

    def unwrap_key(self, key: bytes, name: str) -> bytes:
        return base64.b64decode(key)


@pytest.mark.parametrize("readable_footer", [True, False])
def test_an_encrypted_file_is_said_to_be_encrypted(tmp_path, refusal, readable_footer):
    asked = pe.EncryptionConfiguration(
        footer_key="one", column_keys={"two": ["text"]}, plaintext_footer=readable_footer
    )
    how = pe.CryptoFactory(Keys).file_encryption_properties(pe.KmsConnectionConfig(), asked)
    path, table = tmp_path / "secret.parquet", pa.table(GOOD)
    with pq.ParquetWriter(path, table.schema, encryption_properties=how) as writer:
        writer.write_table(table)
    assert "is encrypted" in refusal(path)


# Rows


def test_rows_that_are_no_text_are_counted_and_left_out(tmp_path, figures):
    texts = strings(b"good", b"\xff", b"\xed\xa0\x80", b"", b" \xe3\x80\x80", b"gut")
    found, findings = figures(put(tmp_path, {"text": texts, "lang": ["en"] * 6}))
    assert found == {"en": (2, 7, 7)}
    assert "2 blank, 2 invalid utf8" in findings["TA005"]


def test_null_is_no_text_and_no_language(tmp_path, figures):
    found, findings = figures(put(tmp_path, {"text": ["a", None], "lang": [None, "en"]}))
    assert found["und"] == (1, 1, 1) and "1 null" in findings["TA005"]


def test_a_row_of_many_megabytes_is_left_out_or_read_as_asked(tmp_path, figures):
    size = (100 if FULL else 20) * 2**20
    path = put(tmp_path, {"text": ["x y " * (size // 4), "small"], "lang": ["en"] * 2})
    found, findings = figures(path)
    assert found == {"en": (1, 5, 5)} and "1 too long" in findings["TA005"]
    found, findings = figures(path, "--max-row-bytes", size)
    assert found == {"en": (2, size + 5, size + 5)} and "TA005" not in findings


def test_a_few_kilobytes_that_repeat_a_long_text_take_no_memory(tmp_path):
    """A thousand rows of 20 MB, in 2 kB: read in one piece they would take 20 GB."""
    text = pa.array(["x y " * (5 * 2**20)], pa.large_string())
    rows = pa.DictionaryArray.from_arrays(pa.array([0] * 1_000, pa.int32()), text)
    for name, typed in (("typed", True), ("plain", False)):
        columns = {"text": rows, "lang": ["en"] * 1_000}
        path = put(tmp_path, columns, f"{name}.parquet", compression="zstd", store_schema=typed)
        assert path.stat().st_size < 4_096
        done = subprocess.run(
            [sys.executable, "-m", "tokaudit", *COMMANDS["fertility"], str(path)],
            cwd=ROOT,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (4 * 2**30, 4 * 2**30)),
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        assert done.returncode == 4 and "1000 too long" in done.stderr


# Labels


def test_languages_are_what_is_written_whatever_that_looks_like(tmp_path, figures):
    labels = ["nan", "no", "NA", "null", "1", "../../etc", "\x1b[31m", "xx-yy-zz"]
    found, _ = figures(put(tmp_path, {"text": ["a"] * 8, "lang": labels}))
    assert found == dict.fromkeys(labels, (1, 1, 1))


def test_a_language_with_one_row_has_figures_and_a_warning(tmp_path, tokaudit):
    langs = ["eng_Latn"] * 5 + ["tur_Latn"]
    columns = {"text": ["a b c"] * 5 + ["merhaba"], "lang": langs, "id": list("123451")}
    path = put(tmp_path, columns)
    code, out, _ = tokaudit("fertility", "-q", path, "-t", "builtin:bytes", "-f", "json")
    report = json.loads(out)
    _, turkish = report["tables"]["fertility"]
    assert code == 0 and (turkish["rows"], turkish["premium"]) == (1, 1.4)
    assert turkish["premium_ci95"] is None and turkish["absent"]["premium_ci95"]
    assert "tur_Latn" in {f["rule"]: f["message"] for f in report["findings"]}["TA002"]


def test_ids_that_occur_twice_align_no_rows(tmp_path, tokaudit):
    langs = ["eng_Latn", "eng_Latn", "eng_Latn", "tur_Latn", "tur_Latn"]
    columns = {"text": ["aa", "bbbb", "cc", "a", "ccc"], "lang": langs, "id": list("11212")}
    path = put(tmp_path, columns)
    code, out, _ = tokaudit("fertility", "-q", path, "-t", "builtin:bytes", "-f", "json")
    turkish = json.loads(out)["tables"]["fertility"][1]
    assert code == 0 and turkish["premium"] == 1.5  # row 2 alone: three bytes beside two
    code, out, _ = tokaudit("corpus", "validate", path)
    assert code == 2 and "an id that another row has: eng_Latn (1)" in out


# Files


def test_many_small_files_are_one_corpus(tmp_path, figures):
    count = 10_000 if FULL else 1_000
    for number in range(count):
        put(tmp_path / "many", {"text": ["ab"], "lang": ["en"]}, f"{number}.parquet")
    assert figures(tmp_path / "many")[0] == {"en": (count, 2 * count, 2 * count)}


def test_files_of_one_corpus_may_store_strings_differently(tmp_path, figures):
    put(tmp_path / "c", GOOD, "a.parquet")
    large = pa.array(["x"], pa.large_string())
    put(tmp_path / "c", {"lang": pa.array(["en"]).dictionary_encode(), "text": large}, "b.parquet")
    assert figures(tmp_path / "c")[0] == {"en": (2, 12, 12), "pt": (1, 3, 3)}


def test_a_file_without_the_columns_of_the_others_is_named(tmp_path, refusal):
    put(tmp_path / "c", GOOD, "a.parquet")
    put(tmp_path / "c", {"content": ["x"], "lang": ["en"]}, "b.parquet")
    for command in COMMANDS:
        said = refusal(tmp_path / "c", command)
        assert "b.parquet has no column 'text'; it has content (string)" in said
