"""Files that are read are never replaced by what is written."""

import shutil

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests import train


@pytest.mark.parametrize(
    ("command", "what"),
    [
        ("fertility rows.parquet -t builtin:bytes -o ./sub/../rows.parquet", "corpus"),
        ("fertility *.parquet -t builtin:bytes -o page.html -o rows.parquet", "corpus"),
        ("fertility rows.parquet -t builtin:bytes --shard 1/1 -o rows.parquet", "corpus"),
        ("compare builtin:bytes builtin:chars --corpus . -o rows.parquet", "corpus"),
        ("parity builtin:bytes builtin:chars rows.parquet -o rows.parquet", "corpus"),
        ("check -o rows.parquet", "corpus"),
        ("fertility rows.parquet -t ./tokenizer.json -o tokenizer.json", "tokenizer"),
        ("fertility rows.parquet -t ./ --shard 1/2 -o tokenizer.json", "tokenizer"),
        ("digits -t ./ -o tokenizer.json", "tokenizer"),
        ("diff report.json report.json -o sub/../report.json", "report"),
    ],
)
def test_what_is_read_is_never_replaced_by_what_is_written(
    tokaudit, tmp_path, monkeypatch, command, what
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sub").mkdir()
    pq.write_table(pa.table({"text": ["a", "b"], "lang": ["en", "tr"]}), "rows.parquet")
    shutil.copy(train.path("gpt2"), "tokenizer.json")
    (tmp_path / "report.json").write_text("{}")
    (tmp_path / "tokaudit.toml").write_text(
        'tokenizers = ["builtin:bytes"]\ncorpora = ["rows.parquet"]\nlimits = ["fertility <= 9"]\n'
    )
    before = {path: path.read_bytes() for path in tmp_path.glob("*.*")}
    code, _, err = tokaudit(*command.split())
    assert (code, err.count(f"the {what} is there, and would be lost")) == (5, 1), err
    assert {path: path.read_bytes() for path in tmp_path.glob("*.*")} == before


def test_a_report_is_replaced_by_the_next_one(tokaudit, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("builtin:bytes", "builtin:chars"):
        assert tokaudit("digits", "-t", name, "-o", "report.json")[0] == 0
        assert name in (tmp_path / "report.json").read_text()


def test_a_folder_named_without_a_path_is_pointed_at(tokaudit, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, _, err = tokaudit("digits", "-t", "llama")
    assert code == 3 and "./" not in err
    (tmp_path / "llama").mkdir()
    code, _, err = tokaudit("digits", "-t", "llama")
    assert code == 3 and "the llama that is here is written ./llama" in err
