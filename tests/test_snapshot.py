"""Files of ids: what is written can be compared, what cannot be read is refused in a sentence."""

import json
import os
import subprocess
import sys

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tokaudit as package
from tests import train
from tokaudit.corpus import Corpus
from tokaudit.errors import BadTokenizer
from tokaudit.parity import comparison, probes, rows, snapshot
from tokaudit.parity.recorded import Recorded
from tokaudit.parity.sides import Running
from tokaudit.vocabulary import LARGEST_ID

TEXTS = [f"row {number} of {number * 7}" for number in range(40)]


def corpus(path, texts, langs=None):
    pq.write_table(pa.table({"text": texts, "lang": langs or ["en"] * len(texts)}), path)
    return Corpus((str(path),))


def written(path, name="gpt2", texts=None, sample=None):
    snapshot.write(path, train.loaded(name), texts, sample)
    return [json.loads(line) for line in path.read_text().splitlines()]


def texts_of(lines):
    return [line["text"] for line in lines if "lang" in line]


# Writing


def test_a_snapshot_holds_a_header_probes_and_corpus(tmp_path):
    header, *lines = written(tmp_path / "a.jsonl", texts=corpus(tmp_path / "c.parquet", TEXTS))
    tokenizer = train.loaded("gpt2")
    assert header == {
        "schema": "tokaudit-ids/1",
        "tokaudit": package.__version__,
        "tokenizer": tokenizer.spec,
        "identity": str(tokenizer.identity),
        "engine": f"tokenizers {tokenizer.engine.version}",
        "probes": probes.VERSION,
    }
    assert {line["kind"] for line in lines if "kind" in line} == set(probes.PROBES)
    assert texts_of(lines) == TEXTS
    for line in lines:
        expected = tokenizer.engine.encode(pa.array([line["text"]], pa.large_string())).ids.tolist()
        assert line["ids"] == expected


@pytest.mark.parametrize("name", train.NAMES)
def test_a_snapshot_is_equal_to_the_tokenizer_it_was_made_of(tmp_path, name):
    texts = corpus(tmp_path / "c.parquet", [*TEXTS, *TEXTS[:3]])
    written(tmp_path / "a.jsonl", name, texts)
    recorded = Recorded.open(str(tmp_path / "a.jsonl"))
    found = comparison.compare(Running(train.loaded(name)), recorded)
    assert found.equal
    assert found.tallies["en", None].rows == len(TEXTS), "a text that stands twice is one row"
    assert (found.total.only_a, found.total.only_b) == (0, 0)


def test_the_same_input_gives_the_same_bytes(tmp_path):
    texts = corpus(tmp_path / "c.parquet", TEXTS)
    for name in ("a", "b"):
        written(tmp_path / f"{name}.jsonl", texts=texts, sample=snapshot.Sample(5, 3))
    assert (tmp_path / "a.jsonl").read_bytes() == (tmp_path / "b.jsonl").read_bytes()


def test_a_row_that_is_refused_has_null_for_ids(tmp_path):
    config = json.loads(train.path("unigram").read_text(encoding="utf-8"))
    config["model"]["unk_id"] = None
    (tmp_path / "t").mkdir()
    (tmp_path / "t" / "tokenizer.json").write_text(json.dumps(config))
    texts = corpus(tmp_path / "c.parquet", ["the", "☃"])
    lines = written(tmp_path / "a.jsonl", str(tmp_path / "t"), texts)
    assert [line["ids"] is None for line in lines if "lang" in line] == [False, True]
    recorded = Recorded.open(str(tmp_path / "a.jsonl"))
    found = comparison.compare(Running(train.loaded(str(tmp_path / "t"))), recorded)
    assert found.equal and found.total.refused > 1


# Sampling


@settings(max_examples=25)
@given(st.permutations(range(len(TEXTS))), st.integers(1, 50), st.integers(0, 2**40))
def test_a_sample_does_not_depend_on_the_order_of_rows(tmp_path_factory, order, count, seed):
    folder, sample = tmp_path_factory.mktemp("sample"), snapshot.Sample(count, seed)
    chosen = [
        sorted(
            text for _, part in snapshot.chosen(texts, sample, count) for text in part.to_pylist()
        )
        for texts in (
            corpus(folder / "a.parquet", TEXTS),
            corpus(folder / "b.parquet", [TEXTS[n] for n in order] + TEXTS[:9]),
        )
    ]
    assert chosen[0] == chosen[1]
    assert len(set(chosen[0])) == min(count, len(TEXTS))


def test_a_sample_has_rows_of_each_language_and_another_seed_chooses_others(tmp_path):
    langs = ["en"] * 30 + ["tr"] * 8 + ["fi"] * 2
    texts = corpus(tmp_path / "c.parquet", TEXTS, langs)
    lines = written(tmp_path / "a.jsonl", texts=texts, sample=snapshot.Sample(5))
    by_lang = {lang: [x["text"] for x in lines if x.get("lang") == lang] for lang in langs}
    assert {lang: len(some) for lang, some in by_lang.items()} == {"en": 5, "tr": 5, "fi": 2}
    others = written(tmp_path / "b.jsonl", texts=texts, sample=snapshot.Sample(5, seed=1))
    assert texts_of(others) != texts_of(lines)


# The command


def test_the_command_writes_a_file_that_parity_reads(tmp_path, tokaudit):
    path = tmp_path / "ids.jsonl"
    arguments = ["builtin:parallel", "--lang", "tur_Latn", "--rows", "4", "-o", path]
    code, out, err = tokaudit("snapshot", train.path("gpt2"), *arguments)
    rows_there = sum(map(len, probes.PROBES.values())) + 4
    assert (code, out, err) == (0, "", f"{path}: {rows_there} rows of ids\n")
    code, out, _ = tokaudit("parity", path, train.path("gpt2"), "-f", "json")
    assert code == 0
    assert [row["rows"] for row in json.loads(out)["tables"]["parity"]] == [4, rows_there - 4]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["builtin:bytes", "-o", "x.json"], (2, "end its name in .jsonl")),
        (["builtin:bytes", "-o", "no/such/folder/x.jsonl"], (5, "there is no such folder")),
        (["nonsense:x", "-o", "x.jsonl"], (3, "no tokenizer 'nonsense:x'")),
        (["builtin:bytes", "absent.parquet", "-o", "x.jsonl"], (2, "absent.parquet")),
        (["builtin:bytes", "builtin:code", "--lang", "xx", "-o", "x.jsonl"], (2, "no rows in xx")),
    ],
)
def test_what_cannot_be_written_is_one_sentence(
    tokaudit, tmp_path, monkeypatch, arguments, expected
):
    monkeypatch.chdir(tmp_path)
    left, out, err = tokaudit("snapshot", *arguments)
    assert (left, out) == (expected[0], "")
    assert expected[1] in err and err.count("\n") == 1
    assert list(tmp_path.iterdir()) == [], "nothing half-written is left"


def test_an_old_file_stays_if_the_new_one_cannot_be_finished(tmp_path, tokaudit):
    path = tmp_path / "ids.jsonl"
    path.write_text("old")
    code, _, _ = tokaudit("snapshot", "builtin:bytes", "builtin:code", "--lang", "xx", "-o", path)
    assert (code, path.read_text()) == (2, "old")
    assert list(tmp_path.iterdir()) == [path]


def test_another_process_writes_the_same_bytes(tmp_path):
    """Hash seeds, locales and working folders differ between environments; ids may not."""
    path = train.path("gpt2")
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "LANG": "C"}
        command = [sys.executable, "-m", "tokaudit", "snapshot", path, "builtin:parallel"]
        command += ["--lang", "eng_Latn", "--rows", "9", "-o", tmp_path / f"{seed}.jsonl"]
        subprocess.run(command, env=environment, check=True, capture_output=True)
    assert (tmp_path / "1.jsonl").read_bytes() == (tmp_path / "2.jsonl").read_bytes()


# Reading


@given(st.text(), st.none() | st.lists(st.integers(0, LARGEST_ID)), st.sampled_from(["en", "tr"]))
def test_a_row_is_read_as_it_was_written(text, ids, lang):
    row = rows.Row(text, ids, lang, None)
    assert rows.row(rows.parse(rows.row_line(row), "here"), "here") == row


def test_a_row_of_another_runtime_needs_text_and_ids_only():
    found = rows.row({"text": "x", "ids": [1], "score": 0.5}, "here")
    assert (found.lang, found.kind) == ("und", None)
    probe = rows.row({"text": probes.PROBES["digits"][0], "ids": []}, "here")
    assert (probe.lang, probe.kind) == ("zxx", "digits")


GOOD = '{"text": "a", "ids": [1]}'


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "holds no row of ids"),
        ('{"schema": "tokaudit-ids/1"}', "holds no row of ids"),
        ('{"schema": "tokaudit-ids/9"}\n' + GOOD, "has the format tokaudit-ids/9, not"),
        (GOOD + "\nnot json", "line 2 is not JSON"),
        (GOOD + "\n[1]", "line 2 is not a JSON object"),
        ("[" * 100_000, "line 1 is not JSON"),
        ('{"text": "a"}', 'has no "ids"'),
        ('{"ids": [1]}', 'has no "text"'),
        ('{"text": 1, "ids": [1]}', 'has no "text"'),
        ('{"text": "\\ud800", "ids": [1]}', 'has no "text"'),
        ('{"text": "a", "ids": [1.0]}', 'has no "ids"'),
        ('{"text": "a", "ids": [true]}', 'has no "ids"'),
        ('{"text": "a", "ids": [-1]}', 'has no "ids"'),
        ('{"text": "a", "ids": [4294967296]}', 'has no "ids"'),
        ('{"text": "a", "ids": [' + "9" * 5_000 + "]}", "is not JSON"),
        ('{"text": "a", "ids": "12"}', 'has no "ids"'),
        (GOOD + '\n{"text": "a", "ids": [2]}', "has two rows for one text, at bytes 0 and 26"),
        ("version https://git-lfs.github.com/spec/v1\n", "line 1 is not JSON"),
        ("\x00\x01\x02", "line 1 is not JSON"),
    ],
)
def test_a_broken_file_is_refused_in_one_sentence(tmp_path, content, says, tokaudit):
    path = tmp_path / "b.jsonl"
    path.write_text(content)
    with pytest.raises(BadTokenizer, match=r"b\.jsonl") as caught:
        Recorded.open(str(path))
    assert says in str(caught.value)
    code, _, err = tokaudit("parity", "builtin:bytes", path)
    assert code == 3
    assert err.count("\n") == 1 and len(err) < 500


def test_a_line_longer_than_memory_allows_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(rows, "LONGEST_LINE", 1_000)
    (tmp_path / "b.jsonl").write_text(json.dumps({"text": "a" * 2_000, "ids": []}))
    with pytest.raises(BadTokenizer, match="line 1 has more than 1,000 bytes"):
        Recorded.open(str(tmp_path / "b.jsonl"))


def test_what_is_no_file_is_not_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe.jsonl")
    (tmp_path / "folder.jsonl").mkdir()
    for name in ("pipe.jsonl", "folder.jsonl", "absent.jsonl"):
        with pytest.raises(BadTokenizer, match=name):
            Recorded.open(str(tmp_path / name))


def test_blank_lines_and_repeated_rows_are_no_rows(tmp_path):
    (tmp_path / "b.jsonl").write_text(f"{GOOD}\n\n{GOOD}\n  \n")
    found = Recorded.open(str(tmp_path / "b.jsonl"))
    assert found.places.tolist() == [0]
    assert [group.texts.to_pylist() for group in found.rest(())] == [["a"]]


def test_rows_are_found_wherever_they_stand(tmp_path):
    lines = [json.dumps({"text": text, "ids": [n]}) for n, text in enumerate(TEXTS)]
    (tmp_path / "b.jsonl").write_text("\n".join(lines))
    recorded = Recorded.open(str(tmp_path / "b.jsonl"))
    answer = recorded.answer(pa.array([*TEXTS[::-3], "not there"], pa.large_string()))
    assert answer.given.tolist() == [True] * len(TEXTS[::-3]) + [False]
    assert answer.ids.ids.tolist() == list(range(len(TEXTS)))[::-3]
    left = [text for group in recorded.rest(()) for text in group.texts.to_pylist()]
    assert left == [text for text in TEXTS if text not in TEXTS[::-3]]
