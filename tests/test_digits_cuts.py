"""Cuts: rules by hand, and every number's cut against the bytes of its own tokens."""

from collections import Counter
from fractions import Fraction
from itertools import accumulate, pairwise
from typing import Any

import pytest
import regex
import tokenizers
from hypothesis import example, given
from hypothesis import strategies as st

from tests import train
from tokaudit import loaders
from tokaudit.batch import Batch
from tokaudit.numbers.cuts import (
    RULES,
    borders,
    by_rule,
    evidence,
    left_to_right,
    match_probability,
    nearest,
    partition,
    pictured,
    strategy,
    usual,
)
from tokaudit.numbers.found import decimal_digits, numbers, values
from tokaudit.numbers.pieces import pieces
from tokaudit.reads import read
from tokaudit.text import Absent

NAMES = ["gpt2", "digits_from_left", "digits_from_right", "wordpiece", "unigram", "bpe", "nmt"]
DIGITS = "07९٣𝟘１"
TEXTS = st.lists(st.text(alphabet=DIGITS + " ,x\n½²é", max_size=14), max_size=6)


def found_in(*texts: str) -> list[tuple[int, str]]:
    batch = Batch.of("und", texts)
    found, data = numbers(batch), batch.data.tobytes()
    spans = zip(found.row.tolist(), found.starts.tolist(), found.ends.tolist(), strict=True)
    return [(row, data[start:end].decode()) for row, start, end in spans]


# Numbers in text


@train.unhurried
@given(TEXTS)
@example(["1", "2", "", "3x4"])
@example(["٣1९", "1 ٣"])
def test_numbers_are_the_runs_of_decimal_digits(texts):
    expected = [
        (row, run) for row, text in enumerate(texts) for run in regex.findall(r"\p{Nd}+", text)
    ]
    assert found_in(*texts) == expected


def test_a_number_ends_where_its_row_ends():
    assert found_in("1", "2") == [(0, "1"), (1, "2")]
    assert found_in("a１", "२b") == [(0, "１"), (1, "२")]


def test_all_digits_that_unicode_has_are_known():
    digits = decimal_digits()
    assert len(digits) % 10 == 0 and len(digits) >= 680, "Unicode 15 has 68 sets"
    assert {"0", "९", "٣", "１", "𝟘"} <= set(digits) and not {"²", "½", "①"} & set(digits)


def test_a_number_is_worth_what_it_says():
    batch = Batch.of("und", ["0012", "x7,1234567890"])
    assert values(numbers(batch)).tolist() == [12, 7, 1_234_567_890]


def test_digits_may_be_taken_together():
    batch = Batch.of("und", ["1,234", "x", "5 67", ""])
    whole = numbers(batch).by_row()
    assert (whole.lengths.tolist(), whole.row.tolist()) == ([4, 3], [0, 2])
    assert numbers(Batch.of("und", ["x"])).by_row().lengths.tolist() == []


# Cuts against tokens


@train.unhurried
@given(TEXTS, st.sampled_from(NAMES))
@example(["1,234"], "wordpiece")
def test_cuts_are_where_tokens_end(texts, name):
    """Against a slow look at the spans of every token, one number at a time."""
    reading = read(train.loaded(name), Batch.of("und", texts))
    found = numbers(reading.batch)
    cut, data = pieces(reading, found), reading.batch.data.tobytes()
    spans = [(a, b) for a, b in zip(*map(list, reading.spans), strict=True) if b > a]
    for i, (start, end) in enumerate(zip(found.starts, found.ends, strict=True)):
        marks = [
            start,
            *accumulate(map(len, map(str.encode, data[start:end].decode())), initial=start),
        ]
        ends = {b for _, b in spans}
        inner = [place for place, mark in enumerate(marks[2:-1]) if mark in ends]
        assert cut.borders[i] == sum(1 << place for place in inner)
        digits = list(pairwise(marks[1:]))
        several = any(sum(a < b2 <= b for _, b2 in spans) > 1 for a, b in digits)
        assert bool(cut.split[i]) == several


@train.unhurried
@given(st.lists(st.integers(0, 10**18 - 1), max_size=30), st.sampled_from(NAMES))
def test_cuts_of_numbers_alone_are_those_of_their_tokens(sampled, name):
    """Against the bytes of each number's own tokens, one number at a time."""
    tokenizer = train.loaded(name)
    texts = [str(n) for n in sampled]
    reading = read(tokenizer, Batch.of("und", texts))
    found = numbers(reading.batch)
    cut = pieces(reading, found)
    for i, text in enumerate(texts):
        ids = read(tokenizer, Batch.of("und", [text])).ids
        tokens = (data.strip() for data in tokenizer.vocabulary.decode(ids).to_pylist())
        assert partition(len(text), int(cut.borders[i])) == tuple(map(len, filter(None, tokens)))


def test_numbers_too_long_for_bits_say_so():
    reading = read(train.loaded("builtin:bytes"), Batch.of("und", ["1" * 18, "1" * 19, "1" * 400]))
    assert pieces(reading, numbers(reading.batch)).borders.tolist() == [2**17 - 1, -1, -1]


def test_a_digit_of_several_tokens_is_split():
    reading = read(train.loaded("builtin:bytes"), Batch.of("und", ["९1", "12"]))
    assert pieces(reading, numbers(reading.batch)).split.tolist() == [True, False]
    reading = read(train.loaded("builtin:chars"), Batch.of("und", ["९1", "12"]))
    assert pieces(reading, numbers(reading.batch)).split.tolist() == [False, False]


@pytest.fixture
def gluing(tmp_path):
    """A BPE of digits and x that merges ` 1`, `x1`, `1x` and `12`, and knows no 3."""
    merges = [(" ", "1"), ("x", "1"), ("2", "x"), ("1", "2")]
    letters = [" ", "1", "2", "x", *("".join(pair) for pair in merges), "[UNK]"]
    vocabulary = {letter: i for i, letter in enumerate(letters)}
    model = tokenizers.models.BPE(vocabulary, merges, unk_token="[UNK]")
    tokenizers.Tokenizer(model).save(str(tmp_path / "tokenizer.json"))
    return loaders.load(str(tmp_path))


def test_what_shares_a_token_is_glued_but_for_one_space_before(gluing):
    reading = read(gluing, Batch.of("und", ["x12", " 12", "22x", "12", "x22", "x 1"]))
    glued = pieces(reading, numbers(reading.batch)).glued.tolist()
    assert glued == [True, False, True, False, False, False]


def test_a_number_is_lost_if_any_digit_is(gluing):
    reading = read(gluing, Batch.of("und", ["12", "13", "3", "212"]))
    assert pieces(reading, numbers(reading.batch)).lost.tolist() == [False, True, True, False]


def test_a_normalising_tokenizer_is_cut_where_its_own_offsets_say():
    """WordPiece drops the space before a number, so lengths of tokens do not place them."""
    backend = tokenizers.Tokenizer.from_file(str(train.path("wordpiece")))
    for number in ("2024", "1999", "86400"):
        expected = tuple(len(piece.removeprefix("##")) for piece in backend.encode(number).tokens)
        for written in (number, f" {number}"):
            reading = read(train.loaded("wordpiece"), Batch.of("und", [written]))
            (found,) = pieces(reading, numbers(reading.batch)).borders.tolist()
            assert partition(len(number), found) == expected


# Rules


@train.unhurried
@given(st.integers(1, 18), st.integers(0, 2**18 - 1))
def test_a_partition_adds_up_and_has_its_borders(digits, bits):
    inner = bits & ((1 << digits - 1) - 1)
    found = partition(digits, bits)
    assert sum(found) == digits and min(found) >= 1
    assert borders(found) == inner
    assert partition(digits, inner) == found
    number = "1234567890" * 2
    assert pictured(number[:digits], found).split("|") == [
        number[end - size : end] for size, end in zip(found, accumulate(found), strict=True)
    ]


@train.unhurried
@given(st.integers(1, 40), st.integers(1, 12))
def test_groups_from_the_left_are_full_but_for_the_last(digits, group):
    found = left_to_right(digits, group)
    assert sum(found) == digits
    assert set(found[:-1]) <= {group} and 1 <= found[-1] <= group
    assert by_rule(f"left-to-right {group}", digits) == found
    assert by_rule(f"right-to-left {group}", digits) == found[::-1]


def rule(cut: Any, lengths: range = range(1, 10)) -> dict[int, Counter[tuple[int, ...]]]:
    return {n: Counter({cut(n): 10}) for n in lengths}


@pytest.mark.parametrize("group", [2, 3, 4, 8])
def test_a_strategy_is_named_by_its_side_and_group(group):
    assert strategy(rule(lambda n: left_to_right(n, group))) == f"left-to-right {group}"
    assert strategy(rule(lambda n: left_to_right(n, group)[::-1])) == f"right-to-left {group}"


def test_the_other_strategies_are_named_too():
    assert strategy(rule(lambda n: (1,) * n)) == "single"
    assert strategy(rule(lambda n: (n,))) == "whole"
    assert strategy(rule(lambda n: (1, n - 1) if n > 1 else (1,))) == "mixed"
    assert strategy(rule(lambda n: (3, n - 3) if n > 3 else (n,))) == "mixed"
    assert strategy({3: Counter({(3,): 9, (1, 2): 1}), 1: Counter({(1,): 10})}) == "bpe"
    assert isinstance(strategy({}), Absent)


def test_one_number_cut_otherwise_is_enough_to_break_a_rule():
    cuts = rule(lambda n: left_to_right(n, 3))
    cuts[4] = Counter({(3, 1): 9_999, (1, 3): 1})
    assert strategy(cuts) == "bpe"
    assert nearest(cuts) == ("left-to-right 3", (7 + Fraction(9_999, 10_000)) / 8)


def test_the_nearest_rule_gives_every_length_the_same_say():
    cuts = {2: Counter({(2,): 1}), 3: Counter({(3,): 1}), 9: Counter({(3, 3, 3): 10**6})}
    assert nearest(cuts) == ("left-to-right 3", 1)
    cuts[4] = Counter({(1, 3): 1})
    assert nearest(cuts) == ("right-to-left 3", 1)
    assert isinstance(nearest({1: Counter({(1,): 10})}), Absent)
    for name in RULES:
        assert nearest(rule(lambda n, name=name: by_rule(name, n))) == (name, 1)


def test_a_cut_is_owed_by_rule_or_by_habit():
    habit = {4: Counter({(2, 2): 3, (1, 3): 2})}
    assert usual("single", habit, 4) == (1, 1, 1, 1)
    assert usual("bpe", habit, 4) == (2, 2)
    assert usual("bpe", habit, 5) is None
    assert usual(Absent("lost"), {}, 5) is None


def test_match_probability_is_the_sum_of_squared_shares():
    assert match_probability({(3,): 1}) == 1
    assert match_probability({(3,): 1, (1, 2): 1}) == 0.5
    assert match_probability({(3,): 3, (1, 2): 1}) == 0.625
    assert isinstance(match_probability({}), Absent)


@train.unhurried
@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=8))
def test_match_probability_is_the_chance_of_two_draws_with_return(counts):
    parts = dict(enumerate(counts))
    pairs = sum(a * b * (i == j) for i, a in parts.items() for j, b in parts.items())
    expected = Fraction(pairs, sum(counts) ** 2)
    assert match_probability({(key,): n for key, n in parts.items()}) == float(expected)


def test_evidence_writes_the_most_frequent_cuts_of_each_length():
    cuts = {1: Counter({(1,): 4}), 2: Counter({(2,): 3, (1, 1): 1})}
    assert evidence(cuts) == "1; 2 75.0 %, 1|1 25.0 %"
