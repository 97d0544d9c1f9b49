"""Tokenizers on which a library panics or does not come to an end: what a shell sees of that."""

import base64
import copy
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests import train
from tokaudit import cli

ROOT = Path(__file__).parent.parent
TEXTS = ["The bread is good.", "a b", "x" * 40]


def config_of(name: str, **model: Any) -> dict[str, Any]:
    config: dict[str, Any] = json.loads(train.path(name).read_text(encoding="utf-8"))
    config["model"] |= model
    return config


def saved(folder: Path, config: dict[str, Any]) -> str:
    (folder / "tokenizer.json").write_text(json.dumps(config), encoding="utf-8")
    return str(folder)


def corpus(folder: Path, *texts: str) -> Path:
    path = folder / "corpus.parquet"
    pq.write_table(pa.table({"text": texts, "lang": ["en"] * len(texts)}), path)
    return path


def audit(*arguments: object, reading: int = 600) -> subprocess.CompletedProcess[str]:
    """Run fertility from a shell, with so many seconds of processor for one batch."""
    program = f"from tokaudit import guard; guard.LIMITS.update(reading={reading}); guard.main()"
    return subprocess.run(
        [sys.executable, "-c", program, "fertility", "-q", *map(str, arguments), "-f", "json"],
        cwd=ROOT,
        env={**os.environ, "RUST_BACKTRACE": "full"},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


def split(pattern: str) -> dict[str, Any]:
    cut = {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated", "invert": False}
    spelled = {"type": "ByteLevel", "add_prefix_space": False, "use_regex": False}
    return {"type": "Sequence", "pretokenizers": [cut, {**spelled, "trim_offsets": True}]}


def charsmap(*units: int) -> dict[str, Any]:
    """A precompiled normaliser: the size of its trie, the trie, and the texts it leads to."""
    data = b"".join(unit.to_bytes(4, "little") for unit in (4 * len(units), *units)) + b"abc\0"
    return {"type": "Precompiled", "precompiled_charsmap": base64.b64encode(data).decode()}


# Panics


REFUSED_ON_LOADING = {
    "a charsmap that is cut": (
        "unigram",
        {"normalizer": {"type": "Precompiled", "precompiled_charsmap": "AAAA"}},
    ),
    "a charsmap that leads nowhere": ("unigram", {"normalizer": charsmap(*[0x7FFFFFFF] * 100)}),
    "merges that are missing": ("gpt2", {"model": {"type": "BPE", "vocab": {"a": 0}}}),
    "a merge of what is not there": (
        "gpt2",
        {"model": {"type": "BPE", "vocab": {"a": 0}, "merges": [["a", "b"]]}},
    ),
    "a prefix in the middle of a letter": (
        "gpt2",
        {
            "model": {
                "type": "BPE",
                "vocab": {"é": 0, "a": 1, "éa": 2},
                "merges": [["a", "é"]],
                "continuing_subword_prefix": "xé",
            }
        },
    ),
    "a number of ten thousand digits": ("gpt2", {"version": 10**4000}),
}


@pytest.mark.parametrize("kind", REFUSED_ON_LOADING)
def test_what_a_library_panics_on_is_refused_in_one_sentence(tmp_path, tokaudit, kind):
    name, changed = REFUSED_ON_LOADING[kind]
    folder = saved(tmp_path, config_of(name) | changed)
    if "version" in changed:  # longer than Python itself would write
        path = tmp_path / "tokenizer.json"
        path.write_text(path.read_text().replace("0" * 4000, "0" * 10_000))
    code, out, err = tokaudit("digits", "-q", "-t", folder)
    *panic, said = err.splitlines()
    assert (code, out) == (3, "")
    assert said.startswith(f"tokaudit: {folder}/tokenizer.json")
    assert not any(each.startswith("tokaudit") for each in panic)


def test_what_a_library_prints_when_it_panics_reaches_nobody(tmp_path):
    config = config_of("unigram") | {"normalizer": charsmap(*[0x7FFFFFFF] * 100)}
    done = audit(corpus(tmp_path, *TEXTS), "-t", saved(tmp_path, config))
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("tokaudit: ") and done.stderr.count("\n") == 1


def test_a_panic_on_a_row_costs_that_row_and_says_nothing_on_stderr(tmp_path):
    config = config_of("gpt2") | {"pre_tokenizer": split(r"(x+x+)+y|\w+|\W")}
    path = corpus(tmp_path, *TEXTS)
    done = audit(path, "-t", saved(tmp_path, config), "-t", "builtin:bytes")
    report = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    found, whole = report["tables"]["fertility"]
    assert (found["rows"], found["failed_rows"], whole["failed_rows"]) == (2, 1, 0)
    assert whole["tokens"] == sum(map(len, TEXTS))
    (lost,) = (f for f in report["findings"] if f["rule"] == "TA001")
    assert "1 row" in lost["message"]


def test_a_tokenizer_that_can_read_nothing_has_no_figure(tmp_path):
    config = config_of("gpt2") | {"pre_tokenizer": {"type": "FixedLength", "length": 0}}
    done = audit(corpus(tmp_path, *TEXTS), "-t", saved(tmp_path, config))
    (row,) = json.loads(done.stdout)["tables"]["fertility"]
    assert done.stderr == ""
    assert (row["rows"], row["failed_rows"], row["fertility"]) == (0, 3, None)


def test_truncation_with_a_stride_that_is_too_long_changes_no_count(tmp_path):
    cut = {"direction": "Right", "max_length": 1, "strategy": "LongestFirst", "stride": 5}
    path = corpus(tmp_path, *TEXTS)
    done = audit(path, "-t", saved(tmp_path, config_of("gpt2") | {"truncation": cut}))
    plain = audit(path, "-t", train.path("gpt2"))
    (found,), (known,) = (json.loads(each.stdout)["tables"]["fertility"] for each in (done, plain))
    assert {**found, "tokenizer": ""} == {**known, "tokenizer": ""}
    assert [f["rule"] for f in json.loads(done.stdout)["findings"]] == ["TA002", "TA003"]


# No end in sight


LONG = {
    "a quadratic pattern": ("gpt2", {"pre_tokenizer": split("a+b")}, {}, "a" * 300_000),
    "words without end": ("wordpiece", {}, {"max_input_chars_per_word": 10**9}, "a" * 100_000),
}


@pytest.mark.parametrize("kind", LONG)
def test_a_tokenizer_that_takes_for_ever_costs_the_others_nothing(tmp_path, kind):
    name, changed, model, text = LONG[kind]
    path = corpus(tmp_path, *TEXTS, text)
    folder = saved(tmp_path, config_of(name, **model) | changed)
    done = audit(path, "-t", "builtin:bytes", "-t", folder, reading=2)
    assert done.returncode == 3
    assert f"went on without {folder}" in done.stderr
    assert "more than 2 seconds of processor time" in done.stderr
    report = json.loads(done.stdout)
    (row,) = report["tables"]["fertility"]
    assert row["tokens"] == sum(map(len, TEXTS)) + len(text)
    assert [f["tokenizer"] for f in report["findings"] if f["rule"] == "TA008"] == [folder]


def test_many_long_pieces_are_read_in_time(tmp_path):
    config = copy.deepcopy(config_of("unigram"))
    config["model"]["vocab"] += [["a" * size, -size / 10] for size in range(2, 1_000)]
    path = corpus(tmp_path, *TEXTS, "a" * 2_000)
    done = audit(path, "-t", saved(tmp_path, config), reading=60)
    (row,) = json.loads(done.stdout)["tables"]["fertility"]
    assert (done.returncode, row["failed_rows"], row["rows"]) == (0, 0, 4)


# Output


@pytest.mark.parametrize("kind", ["pipe", "link to a device", "folder"])
def test_nothing_but_a_file_is_ever_replaced(tmp_path, tokaudit, kind):
    place = tmp_path / "report.json"
    make = {"pipe": os.mkfifo, "link to a device": _linked, "folder": Path.mkdir}[kind]
    make(place)
    before = place.lstat().st_mode
    code, out, err = tokaudit("digits", "-q", "-t", "builtin:bytes", "-o", place)
    assert (code, out) == (5, "")
    assert "it is no regular file" in err and err.count("\n") == 1
    assert place.lstat().st_mode == before
    assert [each.name for each in tmp_path.iterdir()] == ["report.json"]


def _linked(place: Path) -> None:
    place.symlink_to(os.devnull)


def test_what_goes_to_stdout_needs_no_folder_to_write_in(tmp_path, tokaudit, monkeypatch):
    monkeypatch.setattr(cli.output.os, "access", lambda *asked: False)
    code, out, err = tokaudit("digits", "-q", "-t", "builtin:bytes", "-f", "json")
    assert (code, err) == (0, "") and json.loads(out)["tables"]["digits"]


@pytest.mark.parametrize(
    ("command", "option"),
    [
        ("fertility", "--max-row-bytes"),
        ("fertility", "--seed"),
        ("fertility", "--context"),
        ("fertility", "--price"),
        ("adversarial", "--limit"),
    ],
)
def test_a_number_that_fits_nothing_is_refused(tokaudit, command, option):
    code, out, err = tokaudit(command, "-q", "-t", "builtin:bytes", option, 10**30)
    assert (code, out) == (2, "")
    assert f"Invalid value for '{option}'" in err
