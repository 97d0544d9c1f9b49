"""`--resume`: a run that was killed goes on, with the bits of one that never was."""

import json
import os
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import figures, parts, train
from tokaudit import engine, loaders, sharing
from tokaudit.errors import CannotWrite, EngineFailed, TokenizerLost
from tokaudit.measuring import Measuring
from tokaudit.options import Resume
from tokaudit.tokenizer import Chunking

ROOT = Path(__file__).parent.parent
LEAST = 16  # rows of a part
AUDITS = ("fertility",)  # all audits are resumed among the same figures


@pytest.fixture(autouse=True)
def small_parts(monkeypatch):
    """Divide even a small corpus."""
    monkeypatch.setattr(sharing, "LEAST", LEAST)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return parts.corpus(tmp_path_factory.mktemp("corpus"), 4)


@pytest.fixture(scope="module")
def tokenizers(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tokenizers")
    names = ("gpt2", "wordpiece", "digits_from_right")
    return [*map(train.loaded, names), loaders.load(parts.refusing(folder))]


@pytest.fixture(scope="module")
def alone(corpus, tokenizers):
    return report(tokenizers, corpus)


def report(tokenizers, corpus, **options):
    """Report what the audit says of a corpus."""
    asked = figures.measuring(tokenizers, AUDITS)
    options = engine.Options(**options)
    return engine.report(*engine.measured(asked, corpus, options), options)


class Folder:
    """A folder to resume from, what was said about it, and how often shares were measured."""

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.path, self.said, self.measured = path / "parts", [], []
        self.ends_after, self.ends_by = None, KeyboardInterrupt()
        honest = Measuring.corpus

        def counted(measuring, corpus, plan, memory):
            if self.ends_after is not None and len(self.measured) >= self.ends_after:
                raise self.ends_by
            self.measured.append(corpus.share)
            return honest(measuring, corpus, plan, memory)

        monkeypatch.setattr(Measuring, "corpus", counted)

    def report(self, tokenizers, corpus, **options):
        self.measured.clear(), self.said.clear()
        resume = Resume(self.path, self.said.append)
        return report(tokenizers, corpus, resume=resume, **options)

    @property
    def files(self):
        return sorted(self.path.glob("*.shard"))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    return Folder(tmp_path, monkeypatch)


def test_a_run_in_parts_has_the_bits_of_one_that_is_not(folder, alone, corpus, tokenizers):
    figures.same(folder.report(tokenizers, corpus), alone)
    assert len(folder.files) == len(folder.measured) == corpus.rows // LEAST > 5
    assert folder.said == []


@pytest.mark.parametrize("after", [0, 1, 4])
def test_a_run_that_was_ended_goes_on_from_the_parts_that_were_finished(
    folder, alone, corpus, tokenizers, after
):
    folder.ends_after = after
    with pytest.raises(KeyboardInterrupt):
        folder.report(tokenizers, corpus)
    finished = list(folder.measured)
    assert len(folder.files) == len(finished) == after
    folder.ends_after = None
    figures.same(folder.report(tokenizers, corpus), alone)
    parts = corpus.rows // LEAST
    assert len(folder.measured) == parts - after and not set(folder.measured) & set(finished)
    assert folder.said == [f"{after} of {parts} parts are in {folder.path} already"][: after > 0]


def test_processes_and_memory_resume_each_other(folder, alone, corpus, tokenizers):
    folder.ends_after = 3
    with pytest.raises(KeyboardInterrupt):
        folder.report(tokenizers, corpus, memory=4_000)
    folder.ends_after = None
    figures.same(folder.report(tokenizers, corpus, jobs=2), alone)
    figures.same(folder.report(tokenizers, corpus), alone)
    assert folder.measured == []


@pytest.mark.parametrize("option", [{"seed": 2}, {"reference": "deu_Latn"}, {"chunks": True}])
def test_other_options_are_another_run(folder, corpus, tokenizers, option):
    some = tokenizers[:2]
    folder.report(some, corpus)
    found = folder.report(some, corpus, **option)
    assert len(folder.measured) == corpus.rows // LEAST, "nothing was taken from the other run"
    assert len(folder.files) == 2 * len(folder.measured)
    figures.same(found, report(some, corpus, **option))


def test_what_differs_is_named(folder, corpus, tokenizers):
    folder.report(tokenizers[:1], corpus)
    folder.report(tokenizers[:2], corpus, seed=5)
    assert folder.said == [
        f"nothing in {folder.path} is of this run (what is there has other tokenizers, seed):"
        " every part is measured"
    ]


def test_a_corpus_that_was_changed_is_another_even_if_its_size_is_the_same(folder, tmp_path):
    path, some = tmp_path / "c.parquet", [train.loaded("builtin:chars")]
    found = []
    for text in ("one word", "oneword!"):
        pq.write_table(pa.table({"text": [text] * 40, "lang": ["en"] * 40}), path)
        os.utime(path, ns=(0, len(found)))  # as if written a nanosecond later
        found.append(folder.report(some, parts.Corpus((str(path),))))
        figures.same(found[-1], report(some, parts.Corpus((str(path),))))
    assert found[0].signature != found[1].signature


def test_a_tokenizer_that_is_another_now_is_another_run(folder, corpus, tmp_path):
    spec = tmp_path / "tokenizer.json"
    for name in ("gpt2", "single_digits"):
        spec.write_bytes(train.path(name).read_bytes())
        mine = loaders.load(str(spec))
        figures.same(folder.report([mine], corpus), report([mine], corpus))


@given(dice=st.randoms(use_true_random=False))
@settings(max_examples=12)
def test_a_part_that_is_damaged_is_measured_again(tmp_path_factory, corpus, dice):
    some = [train.loaded("builtin:chars")]
    with pytest.MonkeyPatch.context() as patch:
        folder = Folder(tmp_path_factory.mktemp("parts"), patch)
        whole = folder.report(some, corpus)
        hit = dice.choice(folder.files)
        data = bytearray(hit.read_bytes())
        if dice.random() < 0.5:
            data = data[: dice.randrange(len(data))]
        else:
            place = dice.randrange(len(data))
            data[place : place + 64] = os.urandom(len(data[place : place + 64]))
        hit.write_bytes(data)
        figures.same(folder.report(some, corpus), whole)
        if folder.measured:  # what lies between the parts of an Arrow file may be anything
            (again,) = folder.measured
            assert hit.name.endswith(f"-{again[0] + 1}-of-{again[1]}.shard")
            assert str(hit) in folder.said[0] and folder.said[0].endswith("measured again")
        assert folder.report(some, corpus) and not folder.measured


def test_a_part_under_the_name_of_another_is_measured_again(folder, corpus):
    some = [train.loaded("builtin:chars")]
    whole = folder.report(some, corpus)
    first, second, *_ = folder.files
    first.write_bytes(second.read_bytes())
    figures.same(folder.report(some, corpus), whole)
    assert len(folder.measured) == 1 and "is of another run" in folder.said[0]


def test_a_short_cut_that_fails_begins_again_and_is_resumed_as_well(folder, corpus):
    """`bpe` puts a space before every text, so by chunks with their own it gives other ids."""
    wrong = replace(train.loaded("bpe"), chunking=Chunking("spaced"))
    some = [wrong, train.loaded("wordpiece")]
    whole = report([train.loaded("bpe"), some[1]], corpus)
    for measured in (True, False):
        found = folder.report(some, corpus, chunks=False)
        figures.same(found, whole)
        assert [each.tokenizer for each in found.findings if each.rule == "TA007"] == [wrong.spec]
        assert bool(folder.measured) == measured


def test_what_a_lost_tokenizer_leaves_behind_is_not_read_as_the_others(folder, corpus):
    """A run begins again without a tokenizer that fails where no row can be blamed."""
    honest, broken = map(train.loaded, ("builtin:chars", "builtin:bytes"))
    folder.ends_after, folder.ends_by = 2, TokenizerLost(broken.spec, "it is broken")
    with pytest.raises(EngineFailed):
        folder.report([honest, broken], corpus)
    folder.ends_after = None
    assert len(folder.files) == 2
    figures.same(folder.report([honest], corpus), report([honest], corpus))
    assert "other tokenizers" in folder.said[0]


def test_a_shard_of_a_run_is_resumed_and_merged(tokaudit, corpus, tmp_path):
    asked = ("fertility", *corpus.paths, "-t", "builtin:chars")
    files = [tmp_path / f"{i}.shard" for i in (1, 2, 3)]
    for i, file in enumerate(files, 1):
        more = ("--resume", tmp_path / "parts", *["--jobs", "2"][: 2 * (i == 1)])
        assert tokaudit(*asked, "--shard", f"{i}/3", "-o", file, "-q", *more) == (0, "", "")
    one, other = tokaudit("merge", *files, "-f", "csv"), tokaudit(*asked, "-q", "-f", "csv")
    assert one == other and one[0] == 0


# The command line


def test_what_has_no_parts_cannot_be_resumed(tokaudit, tmp_path):
    for name in ("digits", "vocabulary"):
        code, out, err = tokaudit(name, "-t", "builtin:chars", "--resume", tmp_path / "parts")
        assert (code, out) == (2, "")
        assert err == f"tokaudit: --resume keeps parts of a corpus, and {name} reads none here\n"
    assert not (tmp_path / "parts").exists()


def test_a_folder_that_cannot_be_made_is_refused_in_a_sentence(tokaudit, corpus_file):
    code, out, err = tokaudit(
        "fertility", corpus_file, "-t", "builtin:chars", "--resume", corpus_file
    )
    assert (code, out) == (CannotWrite.exit_code, "")
    assert err == f"tokaudit: cannot keep finished parts in {corpus_file}: File exists\n"


def test_two_runs_in_one_folder_at_once_have_the_figures_of_one(tmp_path):
    dice = random.Random(3)
    rows = [" ".join(dice.choices(["one", "two", "1234", "über"], k=30)) for _ in range(6_000)]
    pq.write_table(pa.table({"text": rows, "lang": ["en"] * len(rows)}), tmp_path / "c.parquet")
    command = [sys.executable, "-m", "tokaudit", "fertility", str(tmp_path / "c.parquet"), "-q"]
    command += ["-t", str(train.path("gpt2")), "-f", "json"]
    started = {
        name: subprocess.Popen(
            [*command, "-o", str(tmp_path / name), *more],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        for name, more in {
            "one": ["--resume", str(tmp_path / "parts")],
            "two": ["--resume", str(tmp_path / "parts"), "--jobs", "2"],
            "alone": [],
        }.items()
    }
    assert [each.wait(120) for each in started.values()] == [0, 0, 0]
    one, two, alone = (json.loads((tmp_path / name).read_text()) for name in started)
    assert one["tables"] == two["tables"] == alone["tables"]
    assert one["signature"] == two["signature"] == alone["signature"]
    assert not list((tmp_path / "parts").glob("*.tmp"))
    assert len(list((tmp_path / "parts").glob("*.shard"))) == 23
