"""Intervals and samples: groups of documents, by a hash that no division of the work changes."""

import random
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests import train
from tokaudit import engine
from tokaudit.audits import Audit, count
from tokaudit.audits.fertility import Fertility
from tokaudit.bag import GROUPS
from tokaudit.corpus import Corpus
from tokaudit.engine import Options
from tokaudit.intervals import FEWEST, half_width
from tokaudit.measuring import Measuring
from tokaudit.plan import Plan
from tokaudit.text import Absent
from tokaudit.totals import Key

WORDS = ["a", "bb", "water", "tree", "Haus", "ağaç", "tokenization", "42"]


@dataclass(frozen=True)
class Drawn(Audit):
    """What does a sample hold?"""

    reads_sample = True
    rows_seen: int = 0
    keys: int = 0
    letters: int = 0

    headline = ("rows_seen",)
    schemas: ClassVar = {
        "drawn": pa.schema([count(name, name) for name in ("rows_seen", "keys", "letters")])
    }

    @classmethod
    def observe(cls, reading):
        return cls(letters=reading.batch.total(reading.batch.chars))

    @classmethod
    def sampled(cls, reading):
        batch = reading.batch
        return cls(batch.total(np.ones(batch.rows, np.int64)), sum(map(int, batch.keys)))

    def rows(self, beside):
        return {"drawn": [vars(self)]}

    @classmethod
    def verdict(cls, rows):
        return "It was drawn."


def written(folder, rows=400, langs=("en", "de"), ids=True):
    """Write parallel rows of random words, in any order."""
    chance = random.Random(7)
    lines = [
        {"lang": lang, "text": " ".join(chance.choices(WORDS, k=chance.randint(1, 12)))}
        | ({"id": str(row)} if ids else {})
        for lang in langs
        for row in range(rows)
    ]
    chance.shuffle(lines)
    pq.write_table(pa.Table.from_pylist(lines), folder / "c.parquet", row_group_size=100)
    return Corpus((str(folder / "c.parquet"),))


def totals(corpus, audit, how=None, shares=1, sample=100):
    tokenizer = how or train.loaded("builtin:chars")
    plan = Plan.of(corpus, None, 1, sample)
    asked = Measuring({"drawn": audit}, [tokenizer], Options().segmenter)
    parts = [asked.corpus(replace(corpus, share=(i, shares)), plan, 2**20) for i in range(shares)]
    for other in parts[1:]:
        parts[0].take_in(other)
    return parts[0]


def test_the_width_is_that_of_a_jackknife_written_out():
    chance = np.random.default_rng(3)
    parts, wholes = chance.integers(50, 90, 20), chance.integers(20, 30, 20)
    without = [
        (parts.sum() - part) / (wholes.sum() - whole)
        for part, whole in zip(parts, wholes, strict=True)
    ]
    mean = sum(without) / 20
    error = (19 / 20 * sum((each - mean) ** 2 for each in without)) ** 0.5
    assert half_width(parts, wholes) == pytest.approx(2.0930240544 * error, rel=1e-9)  # t, 19 d.f.


def test_groups_that_are_alike_leave_no_doubt():
    assert half_width(np.full(GROUPS, 6), np.full(GROUPS, 3)) == 0


@pytest.mark.parametrize("there", [0, 1, FEWEST - 1])
def test_few_groups_give_no_width(there):
    parts = np.where(np.arange(GROUPS) < there, 5, 0)
    assert isinstance(half_width(parts, parts), Absent)


def test_a_group_that_holds_all_of_the_whole_gives_no_width():
    wholes = np.where(np.arange(GROUPS) == 3, 5, 0)
    assert isinstance(half_width(np.ones(GROUPS, np.int64), wholes), Absent)


def test_groups_add_up_to_the_total_and_parallel_rows_share_a_group(tmp_path):
    found = totals(written(tmp_path), Fertility)
    for lang in ("en", "de"):
        key = Key("drawn", "builtin:chars", lang)
        sums = dict(zip(Fertility.grouped, found.groups_of(key).T, strict=True))
        assert all(getattr(found.of(key), n) == s.sum() for n, s in sums.items())
        assert (sums["words"] > 0).sum() == GROUPS
    rows = [found.groups_of(Key("drawn", "builtin:chars", lang))[:, 2] > 0 for lang in ("en", "de")]
    assert np.array_equal(*rows)


@pytest.mark.parametrize("ids", [True, False])
def test_a_sample_is_the_same_however_the_work_is_divided(tmp_path, ids):
    corpus = written(tmp_path, ids=ids)
    once = totals(corpus, Drawn)
    for shares in (2, 5):
        assert totals(corpus, Drawn, shares=shares).audits.keys() == once.audits.keys()
        for key in once.audits:
            assert totals(corpus, Drawn, shares=shares).of(key) == once.of(key)
    for key in once.audits:
        assert 50 < once.of(key).rows_seen < 150


def test_parallel_rows_are_drawn_together(tmp_path):
    found = totals(written(tmp_path), Drawn)
    english, german = (found.of(Key("drawn", "builtin:chars", lang)) for lang in ("en", "de"))
    assert (english.rows_seen, english.keys) == (german.rows_seen, german.keys)


def test_all_rows_can_be_drawn_and_none(tmp_path):
    corpus = written(tmp_path)
    assert (
        totals(corpus, Drawn, sample=None).of(Key("drawn", "builtin:chars", "en")).rows_seen == 400
    )
    assert totals(corpus, Drawn, sample=0).of(Key("drawn", "builtin:chars", "en")).rows_seen == 0


@pytest.mark.parametrize(
    ("length", "rows", "sample", "drawn"),
    [
        (512, 4_000, 1_000, 1_000),
        (2_048, 4_000, 1_000, 250),
        (100_000, 400, 1_000, 100),  # never fewer
        (100_000, 400, 50, 50),  # unless that was asked for
        (100_000, 60, 1_000, 60),
        (2_048, 4_000, None, 4_000),
    ],
)
def test_of_long_rows_fewer_are_drawn(tmp_path, length, rows, sample, drawn):
    lang = ["en"] * rows + ["de"] * rows
    text = ["x" * length] * rows + ["short"] * rows
    pq.write_table(pa.table({"text": text, "lang": lang}), tmp_path / "c.parquet")
    plan = Plan.of(Corpus((str(tmp_path / "c.parquet"),)), None, 1, sample)
    usual = min(rows, sample or rows)
    assert plan.sizes == {"en": drawn, "de": usual}
    assert plan.shares == {"en": drawn / rows, "de": usual / rows}


def test_what_is_drawn_is_not_counted_twice(tmp_path):
    corpus = written(tmp_path)
    found = totals(corpus, Drawn, sample=None)
    key = Key("drawn", "builtin:chars", "en")
    assert found.documents_of("builtin:chars", "en").rows == 400
    assert found.of(key).letters == totals(corpus, Fertility).of(key).chars


def test_another_seed_divides_otherwise(tmp_path):
    corpus = written(tmp_path)
    audits, readers = {"fertility": Fertility}, [train.loaded("gpt2")]
    one, same, other = (
        engine.run(audits, readers, corpus, Options(seed=seed)) for seed in (1, 1, 2)
    )
    table = one.tables["fertility"]
    assert table.equals(same.tables["fertility"])
    assert not table.equals(other.tables["fertility"])
    drawn = ("gzip_bits_per_byte", "zstd_bits_per_byte")
    chance = [n for n in table.column_names if n.endswith("_ci95") or n in drawn]
    assert table.drop_columns(chance).equals(other.tables["fertility"].drop_columns(chance))
    assert one.conditions["seed"] == 1


def test_no_parallel_rows_no_interval_of_the_premium(tmp_path):
    found = engine.run(
        {"fertility": Fertility}, [train.loaded("gpt2")], written(tmp_path, ids=False)
    )
    for row in found.tables["fertility"].to_pylist():
        assert row["premium_ci95"] is None and row["fertility_ci95"] > 0
        assert dict(row["absent"])["premium_ci95"] == dict(row["absent"])["premium"]
