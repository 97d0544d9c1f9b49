"""Round trips: every library decodes its own ids, and classes of loss are as published."""

from collections import Counter
from dataclasses import dataclass, replace
from functools import reduce
from itertools import permutations
from operator import add

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import train
from tokaudit.batch import Batch
from tokaudit.coverage.round_trip import TYPICAL, WORST, RoundTrip, parting
from tokaudit.distinct import hashes
from tokaudit.engines.fast import faster
from tokaudit.errors import EngineFailed
from tokaudit.reads import read

LANGS = ("eng_Latn", "deu_Latn", "pan_Guru", "tha_Thai", "amh_Ethi")
EXACT = dict.fromkeys(LANGS, ("exact",))
OTHERS = dict.fromkeys(("pan_Guru", "tha_Thai", "amh_Ethi"), ("lossy",))
# The classes that rows of each language have, every one of them.
EXPECTED = {
    "gpt2": EXACT,
    "r50k_base": EXACT,
    "p50k_base": EXACT,
    "cl100k_base": EXACT,
    "o200k_base": EXACT,
    "llama2": EXACT,
    "llama3": EXACT,
    "gemma2": EXACT,
    "qwen2.5": EXACT | {"pan_Guru": ("exact", "nfc")},
    "xlmr-unigram-de": {
        "eng_Latn": ("exact", "nfkc"),
        "deu_Latn": ("exact", "nfkc", "whitespace"),
        **OTHERS,
    },
    "bert-base-uncased": {
        "eng_Latn": ("case",),
        "deu_Latn": ("case", "lossy"),
        **OTHERS,
    },
}


def trip(name, *texts):
    return RoundTrip.observe(read(train.loaded(name), Batch.of("und", texts)))


@pytest.mark.parametrize("name", EXPECTED)
def test_real_tokenizers_lose_of_flores_what_they_are_known_to_lose(shared, name):
    table = pq.read_table(shared / "corpora" / "flores200.parquet", columns=["lang", "text"])
    folder = shared / "tokenizers" / name
    for lang, classes in EXPECTED[name].items():
        texts = table.filter(pc.equal(table["lang"], lang))["text"].to_pylist()[::10]
        found = trip(str(folder) if folder.is_dir() else name, *texts)
        assert set(found.rows) == set(classes), lang
        assert found.rows.total() == len(texts)


@pytest.mark.parametrize(
    ("name", "text", "back"),
    [
        ("builtin:bytes", "ağ ☃", "ağ ☃"),
        ("builtin:chars", "ağ ☃", "ağ ☃"),
        ("gpt2", " Größe ☃\n", " Größe ☃\n"),
        ("wordpiece", "The bread, ☃", "the bread, [UNK]"),
        ("unigram", "ｔｈｅ ☃", "the <unk>"),
        ("bpe", " Größe ☃", " Größe ☃"),
        ("nmt", "the  bread ☃", "the bread  ⁇ "),
    ],
)
def test_every_library_decodes_by_itself(name, text, back):
    engine = train.loaded(name).engine
    texts = pa.array([text, "", text], pa.large_string())
    decoded = engine.decode(engine.encode(texts))
    assert [each.decode() for each in decoded.to_pylist()] == [back, "", back]


def test_tiktoken_and_a_fast_engine_decode_by_the_reference():
    ranks = train.loaded(f"ranks:{train.ranks_file()}?pattern=gpt2")
    texts = pa.array(["Größe ☃"], pa.large_string())
    for engine in (ranks.engine, faster(train.loaded("gpt2")).engine):
        assert engine.decode(engine.encode(texts)).to_pylist() == ["Größe ☃".encode()]


@given(st.lists(st.text(max_size=12), max_size=4))
def test_bytes_come_back_whatever_they_are(texts):
    found = trip("gpt2", *texts)
    assert found.rows == Counter({"exact": len(texts)}) if texts else not found.rows
    assert not found.shown.kept


def test_the_worst_row_of_a_class_is_shown_and_one_like_any_other():
    rows = ["the ☃", "☃ ☃☃☃ ☃", "the the the the ☃", "the"]
    found = trip("wordpiece", *rows)
    assert found.rows == {"lossy": 3, "exact": 1}
    (worst, typical, exact) = sorted(found.table(), key=lambda row: str(row["example"]))[::-1]
    assert {worst["example"], typical["example"]} <= {WORST, TYPICAL} and exact["loss"] == "exact"
    shown = {row["example"]: row["text"] for row in (worst, typical)}
    assert shown[WORST] == "☃␠☃☃☃␠☃"
    smallest = min(rows[:3], key=lambda text: int(hashes([text])[0]))
    assert smallest.replace(" ", "␠").endswith(found.shown.kept["lossy", TYPICAL][-3])


def test_rows_with_one_id_give_one_example_wherever_they_meet():
    """Two rows with the same hash that lost as much: no order of batches chooses between them."""
    rows, tokenizer = ["☃ the", "the ☃", "a ☃ the", "the a ☃"], train.loaded("wordpiece")

    def drawn(*texts):
        keys = np.zeros(len(texts), np.uint64)
        return RoundTrip.observe(read(tokenizer, replace(Batch.of("und", texts), keys=keys)))

    whole = drawn(*rows)
    for order in permutations(rows):
        assert reduce(add, map(drawn, order)) == whole


def test_the_first_difference_is_named_and_texts_are_cut_around_it():
    (row,) = trip("nmt", "the bread is good and the house  is here and there too").table()
    assert (row["loss"], row["example"]) == ("whitespace", WORST)
    assert row["text"].startswith("d␠the␠house␠␠is") and row["came_back"].startswith(
        "d␠the␠house␠is"
    )
    assert row["difference"] == "U+0020 → U+0069"


@pytest.mark.parametrize(
    ("kind", "text", "back", "places"),
    [
        ("nfkc", "km²", "km2", (2, 2)),
        ("whitespace", "a  b", "a b", (2, 2)),
        ("case", "a,B", "a , b", (2, 4)),
        ("lossy", "The bread, ☃!", "the bread , [UNK]!", (11, 12)),
        ("lossy", "Ab c", "ab", (2, 2)),
        ("lossy", "", "x", (0, 0)),
    ],
)
def test_the_difference_that_is_shown_is_the_one_that_makes_the_class(kind, text, back, places):
    assert parting(kind, text, back) == places


@dataclass(frozen=True, eq=False)
class Refusing:
    """An engine that panics when it decodes a text of more than two tokens."""

    inner: object
    name: str = "refusing"
    version: str = "1"

    def encode(self, texts):
        return self.inner.encode(texts)

    def decode(self, found):
        if (np.diff(found.offsets) > 2).any():
            raise EngineFailed("too long")
        return self.inner.decode(found)


def test_rows_that_the_library_cannot_decode_are_counted_apart():
    chars = train.loaded("builtin:chars")
    tokenizer = replace(chars, engine=Refusing(chars.engine))
    found = RoundTrip.observe(read(tokenizer, Batch.of("und", ["ab", "abc", "a"], [1, 2, 1])))
    assert found.rows == {"exact": 2, "undecoded": 2}
    assert found.shares()["undecoded"] == 1 / 2
    rows = {row["loss"]: row for row in found.table()}
    assert rows["undecoded"]["text"].reason
