"""Shards: what a file keeps of totals, what does not belong together, and what is no shard."""

import json
import random
import sys
from collections import Counter
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import figures, parts, train
from tokaudit import audits, engine, loaders
from tokaudit.batch import Batch
from tokaudit.errors import BadState
from tokaudit.merging import joined, shard
from tokaudit.reads import read
from tokaudit.shards import PARTS, SCHEMA, Shard, digest
from tokaudit.state import decode, encode
from tokaudit.text import Absent

ROWS = 6  # of each language


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("shards")


@pytest.fixture(scope="module")
def corpus(folder):
    return parts.corpus(folder, ROWS)


@pytest.fixture(scope="module")
def tokenizers(folder):
    return [*map(train.loaded, ("gpt2", "bpe", "wordpiece")), parts.tokenizers(folder)[-1]]


@pytest.fixture(scope="module")
def shards(folder, corpus, tokenizers):
    """Three shards of one run of the fertility audit."""
    asked = figures.measuring(tokenizers, ["fertility"])
    paths = []
    for i in range(3):
        paths.append(folder / f"{i}.shard")
        options = engine.Options(chunks=True)
        shard(asked, replace(corpus, share=(i, 3)), options).save(paths[-1])
    return paths


def merged(*paths):
    return engine.report(*joined(paths))


def edited(source, target, head=None, row=None):
    """Write a shard again with its head and each of its rows changed by these functions."""
    with pa.OSFile(str(source)) as file, pa.ipc.open_file(file) as found:
        told = json.loads(found.schema.metadata[b"tokaudit"])
        rows = found.read_all().to_pylist()
    told = head(told) if head else told
    rows = [row(each) for each in rows] if row else rows
    told = json.dumps(told)
    schema = SCHEMA.with_metadata({"tokaudit": told, "digest": digest(told, rows)})
    with pa.OSFile(str(target), "wb") as sink, pa.ipc.new_file(sink, schema) as file:
        file.write_table(pa.Table.from_pylist(rows, schema=schema))
    return target


def told(key, value):
    """Change a part of what all shards have in common."""
    return lambda head: {**head, "common": {**head["common"], key: value}}


# State


def same(one, other):
    """Compare values that may hold arrays."""
    if isinstance(one, np.ndarray):
        return isinstance(other, np.ndarray) and one.dtype == other.dtype and (one == other).all()
    if isinstance(one, dict):
        pairs = zip(one.items(), other.items(), strict=True)
        return type(one) is type(other) and all(same(a, b) for a, b in pairs)
    if type(one) in (list, tuple):
        return type(one) is type(other) and all(map(same, one, other))
    return type(one) is type(other) and one == other


plain = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
arrays = st.lists(st.integers(-(2**63), 2**63 - 1)).map(lambda ints: np.array(ints, np.int64))
keys = st.recursive(plain | st.binary(), lambda inner: st.tuples(inner, inner), max_leaves=4)
values = st.recursive(
    plain | st.binary() | arrays | st.text().map(Absent) | st.frozensets(plain),
    lambda inner: (
        st.lists(inner)
        | st.tuples(inner, inner)
        | st.dictionaries(keys, inner)
        | st.dictionaries(keys, st.integers()).map(Counter)
    ),
    max_leaves=8,
)


@given(values)
@settings(max_examples=200)
def test_a_value_comes_back_as_it_was(value):
    assert same(decode(json.loads(json.dumps(encode(value)))), value)


@pytest.mark.parametrize("strings", [[], ["", "a", "ü\u0000"], ["x"] * 3])
def test_strings_of_arrow_come_back(strings):
    array = pa.array(strings, pa.large_string())
    back = decode(json.loads(json.dumps(encode(array))))
    assert back.equals(array) and back.type == pa.large_string()


@pytest.mark.parametrize("value", [object(), print, np.array([object()]), {1j}, 1j, range(3)])
def test_what_no_total_is_made_of_is_not_written(value):
    with pytest.raises(TypeError, match="cannot be part of a total"):
        encode(value)


@pytest.mark.parametrize("name", audits.names())
def test_every_audits_totals_come_back(name, corpus, tokenizers):
    asked = figures.measuring(tokenizers, [name])
    found = engine.measured(asked, corpus, engine.Options())[1] if asked.reads_corpus else None
    totals = (
        [each for cohorts in found.audits.values() for each in cohorts.values()] if found else []
    )
    audit = audits.get(name)
    for batch in audit.probes():
        rows = np.arange(0, batch.rows, max(1, batch.rows // 40))
        totals += (audit.observe(read(each, batch.take(rows))) for each in tokenizers[:3])
    assert len(totals) > 2
    for total in [audit(), *totals]:
        back = decode(json.loads(json.dumps(encode(total))))
        assert back == total and type(back) is audit
        assert back + total == total + total == total + back


@given(st.lists(st.text(max_size=9), max_size=4))
@settings(max_examples=30)
def test_totals_of_any_text_come_back(rows):
    for audit in (audits.get(name) for name in audits.names()):
        if not audit.reads_corpus:
            continue
        total = audit.observe(read(train.loaded("wordpiece"), Batch.of("und", [*rows, "12 Ab"])))
        assert decode(json.loads(json.dumps(encode(total)))) == total != audit()


def test_a_shard_comes_back_as_it_was(folder, corpus, tokenizers):
    asked = figures.measuring(tokenizers)
    made = shard(asked, replace(corpus, share=(1, 2)), engine.Options(chunks=True))
    made.save(folder / "one.shard")
    back = Shard.read(folder / "one.shard")
    assert (back.i, back.n, back.common) == (1, 2, made.common)
    for part in PARTS:
        mine, theirs = (encode(getattr(each.totals, part)) for each in (back, made))
        assert mine == theirs, part
    assert back.totals.compared and back.totals.documents and back.totals.census


@pytest.mark.parametrize(
    "value",
    [
        ["record", "os:stat_result", []],
        ["record", "antigravity:x", []],
        ["record", "subprocess:Popen", ["echo"]],
        ["record", "tokaudit.state:base64", []],
        ["record", "tokaudit.state:encode", [1]],
        ["record", "tokaudit.errors:BadState", ["x"]],
        ["record", "tokaudit.sources:Path", ["x"]],
        ["record", "tokaudit.nowhere:Key", []],
        ["record", "tokaudit.totals:", []],
        ["record", "tokaudit.totals:Key", ["only one"]],
        ["record", "tokauditx.totals:Key", []],
        ["record", ".totals:Key", []],
        ["record", "", []],
        ["record", 7, []],
        ["record"],
        [],
        [[]],
        ["eval", "1"],
        ["__import__", "antigravity"],
        ["list", 5],
        ["set", [["list", []]]],
        ["dict", [["a"]]],
        ["dict", {"a": 1}],
        ["Counter", 3],
        ["array", "<i8", "AAA"],
        ["array", "|O", "AAAAAAAAAAA="],
        ["array", "nonsense", ""],
        ["array", "<i8", "AAAA"],
        ["bytes", "\u00e9"],
        ["bytes", 3],
        ["strings", [1, 2]],
        ["strings", "ab", "c"],
    ],
    ids=json.dumps,
)
def test_hostile_state_is_refused_and_imports_nothing(value):
    before = set(sys.modules)
    with pytest.raises(BadState) as refused:
        decode(value)
    assert "\n" not in str(refused.value)
    assert {name for name in set(sys.modules) - before if not name.startswith("tokaudit")} == set()


# What belongs together


def test_shards_are_the_whole_run_in_any_order(shards, corpus, tokenizers):
    asked = figures.measuring(tokenizers, ["fertility"])
    asked, totals = engine.measured(asked, corpus, engine.Options(chunks=False))
    whole = engine.report(asked, totals, engine.Options())
    for order in (shards, shards[::-1], [shards[1], shards[2], shards[0]]):
        figures.same(merged(*order), whole)


def test_a_run_of_one_shard_is_a_run(folder, corpus, tokenizers):
    asked = figures.measuring(tokenizers, ["fertility"])
    shard(asked, corpus, engine.Options()).save(folder / "alone.shard")
    asked, totals = engine.measured(asked, corpus, engine.Options())
    figures.same(merged(folder / "alone.shard"), engine.report(asked, totals, engine.Options()))


def test_every_audit_can_be_sharded_and_merged(folder, corpus):
    """With the audits' own texts, which are read again where shards are merged."""
    tokenizers = [train.loaded("builtin:bytes")]
    asked = {name: audits.get(name) for name in audits.names()}
    paths = []
    for i in range(2):
        share = replace(corpus, share=(i, 2))
        paths.append(folder / f"all{i}.shard")
        shard(figures.measuring(tokenizers), share, engine.Options()).save(paths[-1])
    figures.same(merged(*paths), engine.run(asked, tokenizers, corpus))


@pytest.mark.parametrize(
    ("chosen", "said"),
    [([0, 1], "1/3, 2/3"), ([0, 1, 1], "1/3, 2/3, 2/3"), ([0, 1, 2, 2], "3/3, 3/3"), ([2], "3/3")],
)
def test_missing_and_doubled_shards_are_refused(tokaudit, shards, tmp_path, chosen, said):
    copies = [tmp_path / f"{number}.shard" for number in range(len(chosen))]
    for i, copy in zip(chosen, copies, strict=True):
        copy.write_bytes(shards[i].read_bytes())
    code, out, err = tokaudit("merge", *copies)
    assert (code, out) == (2, "")
    assert err.startswith("tokaudit: not all shards of a run, each once: ") and said in err
    assert err.count("\n") == 1


CHANGES = {
    "tokaudit": "0.0.1",
    "audits": {"digits": {}},
    "seed": 2,
    "sample": 5,
    "tokenizers": [],
    "files": [["a.parquet", 1, 1]],
    "columns": ["record", "tokaudit.parquet:Columns", ["body", "lang", "id", False]],
    "langs": ["eng_Latn"],
    "max_row_bytes": 7,
    "words": "whitespace",
    "versions": ["1", "2"],
    "baseline": "x",
}


@pytest.mark.parametrize("key", CHANGES)
def test_a_shard_of_another_run_is_refused_by_what_differs(tokaudit, shards, tmp_path, key):
    other = edited(shards[2], tmp_path / "other.shard", told(key, CHANGES[key]))
    code, out, err = tokaudit("merge", shards[0], shards[1], other)
    assert (code, out) == (2, "")
    assert f"does not belong to {shards[0]}: another {key} (" in err and err.count("\n") == 1


def test_all_that_shards_have_in_common_is_changed_once_above(shards):
    assert {*CHANGES, "alignment"} == Shard.read(shards[0]).common.keys()


def test_another_number_of_shards_is_another_run(tokaudit, shards, tmp_path):
    other = edited(shards[2], tmp_path / "other.shard", lambda head: {**head, "share": [2, 4]})
    code, _, err = tokaudit("merge", shards[0], shards[1], other)
    assert code == 2 and "1/3, 2/3, 3/4" in err


def test_another_reference_language_is_another_run(tokaudit, shards, corpus, tokenizers, tmp_path):
    asked = figures.measuring(tokenizers, ["fertility"])
    options = engine.Options(chunks=True, reference="deu_Latn")
    shard(asked, replace(corpus, share=(2, 3)), options).save(tmp_path / "other.shard")
    code, _, err = tokaudit("merge", *shards[:2], tmp_path / "other.shard")
    assert code == 2 and "another alignment" in err


def test_a_tokenizer_that_is_another_one_now_is_refused(tokaudit, folder, corpus, tmp_path):
    (tmp_path / "own").mkdir()
    file = tmp_path / "own" / "tokenizer.json"
    file.write_bytes(train.path("gpt2").read_bytes())
    own = loaders.load(str(tmp_path / "own"))
    asked = figures.measuring([own], ["fertility"])
    shard(asked, corpus, engine.Options()).save(tmp_path / "own.shard")
    file.write_bytes(train.path("single_digits").read_bytes())
    code, out, err = tokaudit("merge", tmp_path / "own.shard")
    assert (code, out) == (2, "") and "is another tokenizer here" in err and err.count("\n") == 1
    file.unlink()
    code, out, err = tokaudit("merge", tmp_path / "own.shard")
    assert (code, out) == (3, "") and err.count("\n") == 1


# What is no shard


def refused(tokaudit, *paths):
    code, out, err = tokaudit("merge", *paths)
    assert (code, out) == (2, ""), err
    assert err.startswith("tokaudit: ") and err.count("\n") == 1 and "Traceback" not in err
    return err


@pytest.mark.parametrize("data", [b"", b"hello", b"ARROW1", b"PAR1", b"{}", b"\x00" * 1_000])
def test_what_is_no_shard_is_refused(tokaudit, tmp_path, data):
    (tmp_path / "x.shard").write_bytes(data)
    assert "is no shard of tokaudit" in refused(tokaudit, tmp_path / "x.shard")


def test_other_files_of_arrow_are_refused(tokaudit, tmp_path, folder, corpus):
    table = pa.table({"a": [1]})
    with pa.OSFile(str(tmp_path / "a"), "wb") as sink, pa.ipc.new_file(sink, table.schema) as file:
        file.write_table(table)
    for path in (tmp_path / "a", folder / "a.parquet", tmp_path, tmp_path / "nowhere"):
        assert "is no shard of tokaudit" in refused(tokaudit, path)


@pytest.mark.parametrize("keep", [0.0, 0.1, 0.5, 0.9, 0.99])
def test_a_shard_that_was_cut_short_is_refused(tokaudit, shards, tmp_path, keep):
    data = shards[1].read_bytes()
    (tmp_path / "cut.shard").write_bytes(data[: int(len(data) * keep)])
    refused(tokaudit, shards[0], tmp_path / "cut.shard", shards[2])


@pytest.mark.parametrize(
    "head",
    [
        lambda head: {**head, "format": "tokaudit-shard/1"},
        lambda head: {**head, "format": None},
        lambda head: [],
        lambda head: None,
        lambda head: {name: value for name, value in head.items() if name != "common"},
        lambda head: {name: value for name, value in head.items() if name != "unproven"},
        lambda head: {**head, "share": [0]},
        lambda head: {**head, "share": 7},
        lambda head: {**head, "common": []},
        lambda head: {**head, "unproven": [["too few"]]},
        told("alignment", ["record", "os:system", ["true"]]),
        told("alignment", ["list", 3]),
    ],
)
def test_a_shard_with_another_head_is_refused(tokaudit, shards, tmp_path, head):
    refused(tokaudit, edited(shards[0], tmp_path / "x.shard", head), *shards[1:])


@pytest.mark.parametrize(
    "row",
    [
        lambda row: {**row, "part": "unproven"},
        lambda row: {**row, "part": "__class__"},
        lambda row: {**row, "part": None},
        lambda row: {**row, "key": None},
        lambda row: {**row, "value": "{"},
        lambda row: {**row, "value": '["record", "os:system", ["true"]]'},
        lambda row: {**row, "value": '["nonsense"]'},
        lambda row: {**row, "key": '["list", [1]]'},
    ],
)
def test_a_shard_with_other_rows_is_refused(tokaudit, shards, tmp_path, row):
    refused(tokaudit, edited(shards[0], tmp_path / "x.shard", row=row), *shards[1:])


def test_a_name_that_could_act_is_shown_harmless(tokaudit, shards, tmp_path):
    row = {"part": "\x1b[31mred\n", "key": "1", "value": "1"}
    err = refused(tokaudit, edited(shards[0], tmp_path / "x.shard", row=lambda _: row))
    assert "\x1b" not in err


# The command line


@pytest.mark.parametrize(
    "share",
    ["0/2", "3/2", "a/b", "1", "1/", "/2", "1/0", "-1/2", "1/2/3", "１/２", "1.0/2", "", " "],
)
def test_a_share_that_is_none_is_refused(tokaudit, corpus_file, tmp_path, share):
    written = ("--shard", share, "-o", tmp_path / "x.shard")
    code, out, err = tokaudit("fertility", corpus_file, "-t", "builtin:bytes", *written)
    assert (code, out) == (2, "") and err.count("\n") == 1
    assert "is no share: write 1/4, 2/4, 3/4 and 4/4" in err
    assert not (tmp_path / "x.shard").exists()


@pytest.mark.parametrize("outputs", [[], ["-o", "a.shard", "-o", "b.shard"]])
def test_a_shard_goes_to_one_file(tokaudit, corpus_file, outputs):
    arguments = (corpus_file, "-t", "builtin:bytes", "--shard", "1/2", *outputs)
    code, out, err = tokaudit("fertility", *arguments)
    assert (code, out) == (2, "")
    assert err == "tokaudit: --shard needs one file to write the totals to: -o NAME.shard\n"


def test_a_shard_that_cannot_be_written_is_said_before_any_work(tokaudit, corpus_file, tmp_path):
    written = ("--shard", "1/2", "-o", tmp_path / "nowhere" / "x.shard")
    code, out, err = tokaudit("fertility", corpus_file, "-t", "builtin:bytes", *written)
    assert (code, out) == (5, "") and err.count("\n") == 1


@pytest.mark.parametrize("n", [2, 5])
def test_shards_of_the_command_line_are_the_report_of_one_run(
    tokaudit, corpus, tokenizers, tmp_path, n
):
    named = [argument for each in tokenizers for argument in ("-t", each.spec)]
    asked = ("fertility", *corpus.paths, *named, "--reference", "deu_Latn")
    written = [tmp_path / f"{i}.shard" for i in range(1, n + 1)]
    for i, path in enumerate(written, 1):
        assert tokaudit(*asked, "--shard", f"{i}/{n}", "-o", path) == (0, "", "")
    random.Random(n).shuffle(written)
    code, together, err = tokaudit("merge", *written, "-f", "json")
    assert code == 0, err
    code, alone, err = tokaudit(*asked, "-f", "json")
    assert code == 0, err
    one, other = json.loads(together), json.loads(alone)
    for key in one.keys() - {"environment"}:
        assert one[key] == other[key], key


def test_more_shards_than_rows_are_a_report_all_the_same(tokaudit, corpus_file, tmp_path):
    paths = [tmp_path / f"{i}.shard" for i in range(5)]
    asked = ("fertility", corpus_file, "-t", "builtin:chars")
    for i, path in enumerate(paths, 1):
        assert tokaudit(*asked, "--shard", f"{i}/5", "-o", path)[0] == 0
    one, other = tokaudit("merge", *paths, "-f", "markdown"), tokaudit(*asked, "-f", "markdown")
    assert one[0] == other[0] == 0 and one[1] == other[1]


def test_a_corpus_that_is_no_longer_the_same_is_another_run(tokaudit, tmp_path):
    path, paths = tmp_path / "c.parquet", [tmp_path / "1.shard", tmp_path / "2.shard"]
    for i, texts in enumerate((["a b", "c"], ["a b", "c", "d"]), 1):
        pq.write_table(pa.table({"text": texts, "lang": ["en"] * len(texts)}), path)
        arguments = (path, "-t", "builtin:bytes", "--shard", f"{i}/2", "-o", paths[i - 1])
        assert tokaudit("fertility", *arguments)[0] == 0
    assert "another files" in refused(tokaudit, *paths)
