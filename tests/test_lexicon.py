"""Lexicons and drawn documents: exact, bounded, and the same however the work is divided."""

import random
from collections import Counter
from functools import reduce
from operator import add

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import train
from tokaudit import state
from tokaudit.bag import Bag, Gathering
from tokaudit.batch import Batch
from tokaudit.documents import beginning, lengths
from tokaudit.expense import drawn, lexicon
from tokaudit.expense.drawn import Drawn
from tokaudit.expense.lexicon import Lexicon
from tokaudit.reads import read

TEXT = st.text(st.sampled_from("ab the  ß ไทย我面, .(10’é\u0301\n"), max_size=25)
WEIGHTED = st.lists(st.tuples(TEXT, st.integers(0, 3)), max_size=6)


def of(rows, name="gpt2"):
    texts, weights = [text for text, _ in rows], [weight for _, weight in rows]
    return Lexicon.of(read(train.loaded(name), Batch.of("und", texts, weights)))


def counted(found):
    """Write a lexicon out, word by word."""
    sums = zip(found.counts.tolist(), found.tokens.tolist(), found.whole.tolist(), strict=True)
    return dict(zip(found.texts.to_pylist(), sums, strict=True))


def slowly(rows, name="gpt2"):
    """Count words one occurrence at a time."""
    reading = read(train.loaded(name), Batch.of("und", [text for text, _ in rows]))
    data, found = reading.batch.data.tobytes(), {}
    places = zip(*reading.batch.words, *reading.words, strict=True)
    for start, end, row, tokens, whole in places:
        word, weight = data[start:end].decode(), rows[row][1]
        mine = np.array([weight, tokens * weight, whole * weight])
        found[word] = found.get(word, 0) + mine
    return {word: tuple(sums.tolist()) for word, sums in found.items() if sums[0]}


@train.unhurried
@given(rows=WEIGHTED)
def test_every_word_is_counted_as_often_as_it_occurs(rows):
    found = of(rows)
    assert counted(found) == slowly(rows)
    assert (np.diff(found.keys.astype(object)) > 0).all()


@train.unhurried
@given(rows=WEIGHTED, other=WEIGHTED, limit=st.integers(1, 8))
def test_what_is_kept_depends_on_the_words_alone(rows, other, limit):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lexicon, "LIMIT", limit)
        whole, parts = of([*rows, *other]), [of([row]) for row in [*rows, *other]]
        assert of(rows) + of(other) == whole == of(other) + of(rows)
        assert reduce(add, parts, Lexicon()) == whole == reduce(add, parts[::-1], Lexicon())
        assert whole.keys.size <= limit
        assert set(counted(whole).items()) <= set(slowly([*rows, *other]).items())
        halved = sum(int(key) < 2 ** (65 - whole.halvings) for key in hashes(rows + other))
        assert not whole.halvings or halved > limit, "one halving less would not have fit"


def hashes(rows):
    return lexicon.hashes(pa.array(sorted(slowly(rows)), pa.large_string())).tolist()


def test_a_sample_of_words_is_a_fair_one(monkeypatch):
    monkeypatch.setattr(lexicon, "LIMIT", 2_000)
    words = [f"w{n}" for n in range(20_000)]
    found = of([(" ".join(words), 1)], "builtin:chars")
    assert (found.halvings, found.share) == (4, 1 / 16)
    assert 1_050 < found.keys.size < 1_450
    lengths = [len(word) for word in found.texts.to_pylist()]
    assert sum(lengths) / len(lengths) == pytest.approx(np.mean([*map(len, words)]), abs=0.05)


def test_hashes_differ_in_every_bit():
    words = pa.array([f"{n:x}" for n in range(100_000)], pa.large_string())
    found = lexicon.hashes(words)
    assert len(set(found.tolist())) == 100_000
    bits = [(found >> np.uint64(bit) & np.uint64(1)).mean() for bit in range(64)]
    assert 0.49 < min(bits) <= max(bits) < 0.51


def test_words_too_long_to_be_words_are_none():
    assert counted(of([("a" * 128 + " " + "b" * 129, 1)])).keys() == {"a" * 128}


def test_a_lexicon_and_drawn_documents_wait_in_a_file(chars):
    found = of([("the house the", 1)])
    assert state.decode(state.encode(found)) == found
    documents = few(["one", "two"])
    assert state.decode(state.encode(documents)) == documents


# Drawn documents


def bag(texts, keys=None, cohorts=None):
    size = len(texts)
    hashed = np.array([hash(text) % 2**64 for text in texts] if keys is None else keys, np.uint64)
    cohort = np.zeros(size, np.int64) if cohorts is None else np.array(cohorts)
    return Bag.of_documents("und", pa.array(texts, pa.large_string()), cohort, hashed)


def few(texts, keys=None):
    made = bag(texts, keys)
    ((_, found),) = lengths(made, np.array([len(text) for text in made.chunks.to_pylist()]))
    return Drawn.of(found)


def test_tokens_of_documents_are_those_of_their_chunks():
    gathering = Gathering.nothing("und")
    texts = ["a b c", "", "the b", "x"]
    keys = np.arange(4, dtype=np.uint64)
    gathering.add(pa.array(texts, pa.large_string()), np.array([0, 1, 0, 1]), keys)
    made = gathering.bag()
    assert len(made.chunks) < 7, "chunks are shared"
    for each in (made, made.spaced(), made.whole()):
        sizes = np.array([len(text) for text in each.chunks.to_pylist()])
        found = {cohort: part.tokens.tolist() for cohort, part in lengths(each, sizes)}
        assert found == {0: [5, 5], 1: [0, 1]}
        assert [beginning(each, n, 4) for n in range(4)] == ["a b ", "", "the ", "x"]


@given(
    rows=st.lists(st.tuples(st.integers(0, 9), st.text("ab", max_size=9)), min_size=1, max_size=12),
    cut=st.integers(0, 12),
)
def test_the_same_documents_are_drawn_however_they_come(rows, cut):
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"MOST": 4, "TEXT": 12, "PART": 6, "START": 2}.items():
            patch.setattr(drawn, name, value)

        def of_part(part):
            return few([text for _, text in part], [key for key, _ in part]) if part else Drawn()

        whole = of_part(rows)
        assert of_part(rows[:cut]) + of_part(rows[cut:]) == whole == of_part(rows[::-1])
        assert reduce(add, (of_part([row]) for row in rows)).keys.tolist() == whole.keys.tolist()
        assert whole.keys.tolist() == sorted({key for key, _ in rows})[:4]
        assert sum(map(len, whole.whole[:-1])) < 12


def test_texts_are_kept_until_they_come_to_a_bound(monkeypatch):
    monkeypatch.setattr(drawn, "TEXT", 250)
    found = few([str(n) * 100 for n in range(5)], range(5))
    assert [len(text) for text in found.texts] == [100, 100, 100, 60, 60]
    assert [len(text) for text in found.whole] == [100, 100, 100]
    assert found.tokens.tolist() == [100] * 5


def test_tokenizers_that_read_one_text_hold_its_words_once(chars, octets):
    """Also when both have merged them with more words; whoever reads other words has its own."""
    one, two = ([lexicon_of(each, text) for text in ("a bb a", "c bb")] for each in (chars, octets))
    mine, theirs, other = one[0] + one[1], two[0] + two[1], lexicon_of(chars, "c dd")
    assert mine.texts.to_pylist() == theirs.texts.to_pylist()
    assert mine.keys is theirs.keys and mine.texts is theirs.texts and mine.counts is theirs.counts
    assert other.keys is not mine.keys


def lexicon_of(tokenizer, text):
    return Lexicon.of(read(tokenizer, Batch.of("und", [text])))


def test_words_are_the_same_of_chunks_and_of_whole_documents(chars):
    chance = random.Random(3)
    texts = [
        " ".join(chance.choices(train.sentences("eng_Latn")[0].split(), k=9)) for _ in range(9)
    ]
    gathering = Gathering.nothing("und")
    gathering.add(
        pa.array(texts, pa.large_string()), np.zeros(9, np.int64), np.arange(9).astype("u8")
    )
    made, parts = gathering.bag(), []
    for part, batch in made.batches(Batch.of("und", []).segmenter):
        parts.append(Lexicon.of(read(chars, batch.weighted(made.weights[0][part]))))
    words = Counter(word.strip(",.?!") for text in texts for word in text.split())
    found = reduce(add, parts)
    assert dict(zip(found.texts.to_pylist(), found.counts.tolist(), strict=True)) == words
