"""Distinct texts: exact counts of a fair sample, whatever the order, in bounded memory."""

from collections import Counter
from functools import reduce
from operator import add
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.batch import Batch, Spans
from tokaudit.distinct import Distinct, hashes, met

LETTERS = [chr(code) for code in (*range(0x61, 0x7B), 0xE9, 0x4E2D, 0x1F600)]
texts = st.lists(st.tuples(st.sampled_from(LETTERS), st.integers(0, 1)), max_size=60)


class Few(Distinct):
    """At most five texts, each met in one of two ways."""

    OUTCOMES: ClassVar = ("one", "other")
    MOST = 5


def counted(pairs, kind=Few):
    batch = Batch.of("und", [text for text, _ in pairs])
    found = met(batch.data, Spans(batch.offsets[:-1], batch.offsets[1:]))
    outcomes = np.array([outcome for _, outcome in pairs], np.int64)
    return kind.of(found, outcomes, batch.weights)


@given(texts)
def test_the_texts_with_the_smallest_hashes_are_kept_with_all_their_counts(pairs):
    found, true = counted(pairs), Counter(pairs)
    distinct = sorted({text for text, _ in pairs}, key=lambda text: int(hashes([text])[0]))
    assert found.texts.to_pylist() == distinct[:5]
    assert found.left_out == (len(distinct) > 5)
    for text, row in zip(found.texts.to_pylist(), found.table.tolist(), strict=True):
        assert row == [true[text, 0], true[text, 1]]


@given(st.lists(texts, min_size=1, max_size=5))
def test_no_division_of_the_work_changes_what_is_kept(parts):
    whole = counted([pair for part in parts for pair in part])
    found = [counted(part) for part in parts]
    assert reduce(add, found) == whole == reduce(add, found[::-1])
    assert found[0] + Few() == found[0]


def test_what_is_kept_is_a_fair_sample():
    """Of 20,000 numbers, as many even ones as odd ones, within four standard errors."""
    found = counted([(str(n), n % 2) for n in range(20_000)], Many)
    assert len(found.texts) == Many.MOST
    assert abs(found.table[:, 0].sum() - Many.MOST / 2) < 4 * (Many.MOST / 4) ** 0.5


class Many(Few):
    MOST = 2_000


@pytest.mark.parametrize("outcome", [-1, 0])
def test_an_occurrence_without_an_outcome_is_not_counted(outcome):
    found = counted([("a", outcome), ("b", 1)])
    assert sorted(found.texts.to_pylist()) == (["b"] if outcome < 0 else ["a", "b"])


def test_weights_count_and_what_has_none_is_not_there():
    batch = Batch.of("und", ["a", "b"], [3, 0])
    found = met(batch.data, Spans(batch.offsets[:-1], batch.offsets[1:]))
    kept = Few.of(found, np.zeros(2, np.int64), batch.weights)
    assert (kept.texts.to_pylist(), kept.counts.tolist()) == (["a"], [3, 0])
