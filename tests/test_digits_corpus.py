"""The numbers of a corpus: none is dropped, and irregular ones are counted and shown."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pyarrow.parquet as pq
import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from tests import train
from tests.swept import NOTHING, known, swept, tables
from tokaudit import engine
from tokaudit.audits import Beside
from tokaudit.audits.digits import Digits
from tokaudit.bag import Documents
from tokaudit.batch import Batch
from tokaudit.corpus import Corpus
from tokaudit.numbers.corpus_numbers import CorpusNumbers
from tokaudit.numbers.rule import Rule
from tokaudit.reads import read

READ = Documents(rows=1)
NUMBER = regex.compile(r"\p{Nd}+")
STEP = 20
TEXTS = st.lists(st.text(alphabet="0179९٣ ,x\n²é☃", max_size=14), max_size=6)
LANGS = ("eng_Latn", "mar_Deva", "mya_Mymr", "pes_Arab", "tha_Thai", "zho_Hans")
REAL = ("cl100k_base", "bert-base-uncased", "llama2", "xlmr-unigram-de")


def observed(name: str, *texts: str, weights: list[int] | None = None) -> CorpusNumbers:
    return CorpusNumbers.observe(read(train.loaded(name), Batch.of("und", texts, weights)))


def rule(name: str) -> Rule:
    return Rule.of(swept(name, STEP).sweep)


# Every number is accounted for


@train.unhurried
@given(TEXTS, st.sampled_from(["gpt2", "wordpiece", "unigram", "bpe", "builtin:bytes"]))
def test_every_number_is_counted_once_and_in_one_place(texts, name):
    total = observed(name, *texts)
    numbers = Counter(len(number) for text in texts for number in NUMBER.findall(text))
    found: Counter[int] = Counter()
    for kind, n in total.kinds.items():
        found[kind.digits] += n
    assert found == numbers
    for row in total.rows(rule(name), READ):
        assert row["numbers"] == numbers.total()
        assert row["judged"] + row["unjudged"] + row["lost"] == row["numbers"]
        assert row["irregular"] <= row["judged"]


@pytest.mark.parametrize("name", REAL)
def test_every_number_of_flores_is_accounted_for(shared, name):
    """Against a plain count by regular expression, language by language."""
    path = shared / "tokenizers" / name
    tokenizer = train.loaded(str(path) if path.exists() else name)
    file = shared / "corpora" / "flores200.parquet"
    for lang in LANGS:
        read_ = pq.read_table(file, columns=["text"], filters=[("lang", "=", lang)])
        texts = read_["text"].to_pylist()[:700]
        (row,) = CorpusNumbers.observe(read(tokenizer, Batch.of(lang, texts))).rows(NOTHING, READ)
        expected = [number for text in texts for number in NUMBER.findall(text)]
        assert len(expected) > 50
        assert row["numbers"] == row["unjudged"] + row["lost"] == len(expected)
        assert row["native"] == sum(not number.isascii() for number in expected)
        assert row["failed_rows"] == 0


# By hand


def test_a_corpus_by_hand():
    total = observed("digits_from_left", "In 1999, 12", "९९", "x" + "1" * 19, weights=[3, 1, 1])
    (row,) = total.rows(rule("digits_from_left"), READ)
    assert known(row) == {
        "numbers": 8,
        "judged": 7,
        "irregular": 1,
        "irregular_share": 1 / 7,
        "unjudged": 1,
        "lost": 0,
        "native": 1,
        "split": 1,
        "glued": 0,
        "failed_rows": 0,
    }
    (example,) = total.examples(rule("digits_from_left"))
    assert example["number"].replace("|", "") == "९९, inside a digit"
    assert (example["owed"], example["numbers"]) == ("९९", 1)


def test_numbers_are_judged_by_habit_where_there_is_no_rule():
    numbers = [str(n) for n in range(1_000, 2_000)]
    total = observed("gpt2", *numbers)
    (row,) = total.rows(rule("gpt2"), READ)
    usual, _ = swept("gpt2", STEP).sweep.of("bare")[4].most_common(1)[0]
    cuts = Counter(kind.pieces for kind in total.kinds.elements())
    assert row["judged"] == 1_000
    assert row["irregular"] == 1_000 - cuts[usual] > 0
    examples = list(total.examples(rule("gpt2")))
    assert len(examples) == min(5, len(cuts) - (usual in cuts))
    assert [each["numbers"] for each in examples] == sorted(
        (each["numbers"] for each in examples), reverse=True
    )
    for each in examples:
        assert each["number"].replace("|", "") in numbers
        assert [len(piece) for piece in each["owed"].split("|")] == list(usual)
        assert each["number"] != each["owed"]


def test_the_same_examples_are_shown_however_the_work_is_cut():
    texts = [f"{n} x{n * 7}" for n in range(100, 700)]
    batch = Batch.of("und", texts)
    whole = CorpusNumbers.observe(read(train.loaded("gpt2"), batch))
    for size in (1, 7, 100):
        pieces = np.array_split(np.random.default_rng(size).permutation(600), 600 // size)
        totals = [
            CorpusNumbers.observe(read(train.loaded("gpt2"), batch.take(piece))) for piece in pieces
        ]
        assert sum(totals, CorpusNumbers()) == whole


def test_a_space_before_is_seen_and_no_row_but_its_own_is():
    kinds = observed("builtin:bytes", "a ", "1", " 2", "x3").kinds
    assert {(kind.spaced, n) for kind, n in kinds.items()} == {(0, 2), (1, 1)}


# In a report


@pytest.fixture
def corpus() -> Corpus:
    return Corpus(("builtin:parallel",), langs=("eng_Latn", "hin_Deva"))


def test_a_report_on_a_corpus_has_a_row_for_each_language(corpus):
    report = engine.run({"digits": Digits}, [train.loaded("digits_from_left")], corpus)
    rows = report.tables["digits_corpus"].to_pylist()
    assert [row["lang"] for row in rows] == ["eng_Latn", "hin_Deva"]
    for row in rows:
        texts = [
            text
            for piece in corpus
            for text in piece.texts.to_pylist()
            if piece.lang == row["lang"]
        ]
        assert row["numbers"] == sum(len(NUMBER.findall(text)) for text in texts) > 0
        assert row["unjudged"] == 0, "the rule comes from the audit's own texts"
    assert len(report.tables["digits"]) == 1
    assert set(report.tables["digits_scorecard"]["lang"].to_pylist()) == {"zxx"}


def test_a_language_without_numbers_has_a_row_with_a_reason():
    total = Digits(corpus=observed("gpt2", "no numbers here"))
    vocabulary = train.loaded("gpt2").vocabulary
    beside = Beside(vocabulary, NOTHING, NOTHING, NOTHING, probes=swept("gpt2", STEP))
    beside = replace(beside, documents=READ)
    (row,) = total.rows(beside)["digits_corpus"]
    assert row["numbers"] == 0 and row["irregular_share"].reason == "no number could be judged"
    assert not list(total.rows(beside)["digits"])
    assert not tables(swept("gpt2", STEP), train.loaded("gpt2"))["digits_corpus"]
