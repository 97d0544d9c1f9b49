"""Counts add up exactly, and efficiencies are those that were published."""

import math
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tokaudit.histogram import Histogram
from tokaudit.text import Absent

SIX = "pick @@ed pick @@l @@ed pick @@les"
TWELVE = "pick @@e @@d pick @@l @@e @@d pick @@l @@e @@s"
weights = st.integers(0, 2**40) | st.sampled_from([2**53 - 1, 2**53 + 1, 2**55 + 1])
counted = st.lists(st.tuples(st.integers(0, 9) | st.integers(0, 2**31 - 1), weights))
orders = st.sampled_from([0.5, 1, 2, 2.5, 4])
relaxed = settings(deadline=None, max_examples=60)


def histogram(pairs):
    ids, weights = zip(*pairs, strict=True) if pairs else ((), ())
    return Histogram.of(np.array(ids, np.int64), np.array(weights, np.int64))


def of_tokens(written):
    tokens = written.split(" ")
    ids = np.array([sorted(set(tokens)).index(token) for token in tokens])
    return Histogram.of(ids, np.ones(ids.size, np.int64))


def as_counter(found):
    return Counter(dict(zip(found.ids.tolist(), found.counts.tolist(), strict=True)))


@relaxed
@given(counted)
def test_a_histogram_counts_as_a_counter_does(pairs):
    expected = Counter()
    for token, weight in pairs:
        expected[token] += weight
    found = histogram(pairs)
    assert as_counter(found) == +expected
    assert (np.diff(found.ids) > 0).all() and (found.counts > 0).all()
    assert found.total == expected.total()


@relaxed
@given(counted, counted)
def test_adding_is_counting_together(some, others):
    assert histogram(some) + histogram(others) == histogram(some + others)


@relaxed
@given(counted, counted, counted)
def test_adding_is_associative_and_commutative_and_nothing_adds_nothing(a, b, c):
    x, y, z = map(histogram, (a, b, c))
    assert (x + y) + z == x + (y + z)
    assert x + y == y + x
    assert Histogram() + x == x + Histogram() == x


@relaxed
@given(counted, st.randoms())
def test_entropy_is_the_same_to_the_bit_in_any_order_of_ids(pairs, rng):
    names = list(range(len(pairs)))
    rng.shuffle(names)
    counts = [weight for _, weight in pairs]
    for order in (1, 2.5):
        one = histogram(list(zip(range(len(pairs)), counts, strict=True))).entropy(order)
        other = histogram(list(zip(names, counts, strict=True))).entropy(order)
        assert one == other


@relaxed
@given(counted.filter(lambda pairs: any(weight for _, weight in pairs)), orders)
@example([(1, 1)], 1)
def test_entropy_lies_between_nothing_and_its_most_and_falls_with_the_order(pairs, order):
    found = histogram(pairs)
    entropy, most = found.entropy(order), math.log2(found.ids.size)
    assert -1e-12 <= entropy <= most + 1e-9
    assert found.entropy(order + 1) <= entropy + 1e-9


@relaxed
@given(st.integers(2, 200), st.integers(1, 10**12), orders)
def test_counts_that_are_all_the_same_are_as_efficient_as_can_be(types, count, order):
    found = histogram([(token, count) for token in range(types)])
    assert found.efficiency(order) == pytest.approx(1, abs=1e-12)


def test_entropy_of_the_second_order_is_the_chance_to_draw_the_same_twice():
    found = histogram([(0, 5), (1, 3), (2, 2)])
    chance = Fraction(5**2 + 3**2 + 2**2, 10**2)
    assert found.entropy(2) == pytest.approx(-math.log2(chance), abs=1e-14)


@pytest.mark.parametrize(
    ("written", "order", "efficiency"),
    [
        (SIX, 2.5, 0.826506),
        (TWELVE, 2.5, 0.920484),
        (SIX, 1, 0.921185),
        (TWELVE, 1, 0.960956),
    ],
)
def test_efficiency_is_the_published_one(written, order, efficiency):
    assert round(of_tokens(written).efficiency(order), 6) == efficiency


@pytest.mark.parametrize(("written", "bits"), [(SIX, 1.653013), (TWELVE, 2.137298)])
def test_entropy_in_bits_is_the_published_one(written, bits):
    assert round(of_tokens(written).entropy(2.5), 6) == bits


def test_without_tokens_there_is_no_entropy():
    assert Histogram().entropy(2.5) == Histogram().efficiency(1) == Absent("no tokens")
    assert histogram([(3, 0)]) == Histogram()


def test_one_type_has_no_efficiency():
    assert histogram([(7, 3)]).efficiency(2.5) == Absent("fewer than two distinct tokens")


@pytest.mark.parametrize("order", [1, 2, 2.5])
def test_the_entropy_of_one_type_is_zero_and_not_minus_zero(order):
    assert str(histogram([(7, 3)]).entropy(order)) == "0.0"


def test_histograms_differ_where_an_id_or_a_count_does():
    one = histogram([(1, 2)])
    assert one != histogram([(2, 2)])
    assert one != histogram([(1, 3)])
    assert one != "histogram"
