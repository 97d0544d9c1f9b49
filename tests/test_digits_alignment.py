"""Arithmetic: problems and carries by hand, 4 of 13, what separators repair, the challenge set."""

from collections import Counter
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import train
from tests.swept import part
from tokaudit.batch import Batch
from tokaudit.numbers.alignment import PROBLEMS, Alignment, lined
from tokaudit.numbers.challenge import challenge, three
from tokaudit.numbers.found import numbers
from tokaudit.numbers.problems import SUMS, TRIPLES, Problem, carries, problems
from tokaudit.numbers.separators import NONE, WRITTEN, Separators, grouped, indian
from tokaudit.reads import read

IN_LINE = ["single_digits", "digits_from_right", "builtin:bytes"]


# Problems


@train.unhurried
@given(st.sampled_from("+-*"), st.integers(0, 10**9), st.integers(0, 10**9))
def test_carries_are_what_doing_it_by_hand_carries(operation, x, y):
    a, b = max(x, y), min(x, y)
    problem, expected = Problem(operation, a, b), set()
    for place in range(19):
        low = 10 ** (place + 1)
        if operation == "+" and a % low + b % low >= low:
            expected.add(place)
        if operation == "-" and a % low < b % low:
            expected.add(place)
        if (
            operation == "*"
            and sum((b // 10**i % 10) * 10**i * (a % (low // 10**i)) for i in range(place + 1))
            >= low
        ):
            expected.add(place)
    assert carries(problem) == sum(1 << place for place in expected)


def test_the_length_triples_are_those_of_the_study():
    assert len(SUMS) == len(set(SUMS)) == 13
    assert len(TRIPLES["-"]) == 13 and len(TRIPLES["*"]) == 18


@pytest.mark.parametrize("operation", TRIPLES)
def test_problems_have_the_lengths_they_were_asked_for(operation):
    for lengths in TRIPLES[operation]:
        drawn = problems(operation, lengths, PROBLEMS, 0)
        assert len(set(drawn)) == PROBLEMS
        assert {problem.lengths for problem in drawn} == {lengths}
        assert drawn == problems(operation, lengths, PROBLEMS, 0)
        assert drawn != problems(operation, lengths, PROBLEMS, 1)
        assert all(eval_of(problem) == problem.answer for problem in drawn)


def eval_of(problem: Problem) -> int:
    a, b = problem.prompt.rstrip("=").split(problem.operation)
    return {"+": int.__add__, "-": int.__sub__, "*": int.__mul__}[problem.operation](int(a), int(b))


def test_lengths_that_do_not_come_out_give_no_problem():
    assert problems("+", (1, 1, 3), 2, 0) == ()


# Alignment


def test_groups_from_the_left_misalign_in_exactly_4_of_13():
    total = part(Alignment, "digits_from_left")
    assert total.misaligned() == (4, 13)
    wrong = [row for row in total.rows() if row["operation"] == "+" and row["misaligned"]]
    assert {(r["a_digits"], r["b_digits"], r["result_digits"]) for r in wrong} == {
        (7, 7, 8),
        (8, 7, 9),
        (7, 8, 9),
        (8, 8, 9),
    }
    assert {row["misaligned"] for row in wrong} == {PROBLEMS}
    assert not any(row["length_match"] for row in wrong)


@pytest.mark.parametrize("name", IN_LINE)
def test_nothing_is_misaligned_where_columns_line_up(name):
    total = part(Alignment, name)
    assert [total.misaligned(operation) for operation in "+-*"] == [(0, 13), (0, 13), (0, 18)]
    assert {row["aligned_places"] for row in total.rows()} == {1}


def test_tiktoken_is_misaligned_as_published(shared):
    assert part(Alignment, "cl100k_base").misaligned() == (4, 13)


def test_alignment_by_hand():
    """`1234+567=1801` is `123|4`, `567`, `180|1`: units and tens of 567 sit with its hundreds."""
    tokenizer = train.loaded("digits_from_left")
    batch = Batch.of("zxx", ["1234+567=1801"], [3], probe="alignment/+")
    rows = lined(read(tokenizer, batch), numbers(batch))
    assert rows.lengths.tolist() == [[4, 3, 4]]
    assert rows.borders.tolist() == [[0b001, 0, 0b001]]
    assert rows.misaligned.tolist() == [False]
    seen = Alignment.observe(read(tokenizer, batch)).seen
    found = {name: n for (_, lengths, name), n in seen.items() if lengths == (4, 3, 4)}
    # Three times: 3 places, of which the units alone are in the first token of all; 34+67 and
    # 234+567 carry from the units and the tens, and the first crosses `180|1`.
    assert found == {"problems": 3, "places": 9, "aligned": 3, "carries": 6, "crossing": 3}


def test_places_are_aligned_if_their_tokens_have_the_same_number_from_the_right():
    tokenizer = train.loaded("digits_from_left")
    for (a, b), operation in product([(95, 15), (1_000_000, 9_999_999), (12, 3)], "+-*"):
        problem = Problem(operation, max(a, b), min(a, b))
        text = f"{problem.prompt}{problem.answer}"
        batch = Batch.of("zxx", [text], probe=f"alignment/{operation}")
        seen = Alignment.observe(read(tokenizer, batch)).seen
        written = [str(n) for n in (problem.a, problem.b, problem.answer)]
        token = [[(len(n) - 1) // 3 - place // 3 for place in range(len(n))][::-1] for n in written]
        common = min(map(len, written))
        expected = sum(len({t[i] for t in token}) == 1 for i in range(common))
        assert seen[operation, problem.lengths, "aligned"] == expected
        assert seen[operation, problem.lengths, "places"] == common


# Separators


@train.unhurried
@given(st.integers(0, 10**12))
def test_groups_are_written_as_everybody_writes_them(number):
    assert grouped(str(number), ",") == f"{number:,}"
    assert grouped(str(number), "_") == f"{number:_}"
    parts = indian(str(number)).split(",")
    assert "".join(parts) == str(number)
    assert {*map(len, parts[1:-1])} <= {2}
    assert len(parts) == 1 or len(parts[-1]) == 3


def test_separators_repair_groups_from_the_left():
    total = part(Separators, "digits_from_left")
    found = {row["separator"]: row for row in total.rows()}
    assert set(found) == set(WRITTEN)
    assert found[NONE]["in_line"] < 1 and not found[NONE]["repairs"]
    for name in ("comma", "point", "underscore", "narrow no-break space", "Indian comma"):
        assert found[name]["repairs"] and found[name]["in_line"] == 1
        assert found[name]["one_group_a_token"] == 1
    assert total.repairing() == [name for name in WRITTEN if found[name]["repairs"]]


@pytest.mark.parametrize("name", IN_LINE)
def test_what_is_in_line_needs_no_repair(name):
    total = part(Separators, name)
    assert total.in_line(NONE) == 1 and total.repairing() == []


def test_separators_do_not_repair_what_has_no_rule():
    total = part(Separators, "gpt2")
    assert total.repairing() == []
    shares = {row["separator"]: row["one_group_a_token"] for row in total.rows()}
    assert 0 < shares["comma"] < 1


def test_a_separator_by_hand():
    tokenizer = train.loaded("digits_from_left")
    batch = Batch.of("zxx", ["1,234", "12,345,678"], [2, 1], probe="separators/comma")
    total = Separators.observe(read(tokenizer, batch))
    assert total.seen == {("comma", "numbers"): 3, ("comma", "one_group_a_token"): 3}
    gaps = Counter({place: n for (_, place, cut), n in total.gaps.items() if cut})
    assert gaps == {2: 3, 5: 1}, "a border above the hundreds and above the hundred thousands"


# Challenge set


def test_a_challenge_set_is_balanced_and_right():
    rows = challenge(
        [train.loaded("digits_from_left"), train.loaded("single_digits")], 6, 0
    ).to_pylist()
    groups: dict[tuple[str, ...], Counter[str]] = {}
    for row in rows:
        key = (row["tokenizer"], row["operation"], row["separator"])
        groups.setdefault(key, Counter())[row["alignment"]] += 1
        a, b = row["prompt"].rstrip("=").split(row["operation"])
        plain = ["".join(filter(str.isdigit, text)) for text in (a, b, row["answer"])]
        assert eval_of(Problem(row["operation"], int(plain[0]), int(plain[1]))) == int(plain[2])
        lengths = [row["a_digits"], row["b_digits"], row["answer_digits"]]
        assert lengths == list(map(len, plain))
        assert WRITTEN[row["separator"]](plain[0]) == a
        assert 0 <= row["carries_over_a_border"] <= row["carries"]
    assert len(groups) == 2 * 3 * len(WRITTEN)
    assert {n for classes in groups.values() for n in classes.values()} == {6}
    left, single = (train.loaded(name).spec for name in ("digits_from_left", "single_digits"))
    assert set(groups[left, "+", NONE]) == {
        "all",
        "result with one operand",
        "operands only",
        "none",
    }
    assert set(groups[left, "+", "comma"]) == set(groups[single, "+", NONE]) == {"all"}
    assert len({row["id"] for row in rows}) == len(rows)
    plain = [r["prompt"] for r in rows if (r["tokenizer"], r["separator"]) == (single, NONE)]
    assert len(set(plain)) == len(plain) == 6 * 3


def test_a_class_is_what_singh_and_strouse_found():
    rows = challenge([train.loaded("digits_from_left")], 50, 1).to_pylist()
    lengths: dict[str, set[tuple[int, ...]]] = {}
    for row in rows:
        if (row["operation"], row["separator"]) == ("+", NONE):
            key = (row["a_digits"], row["b_digits"], row["answer_digits"])
            lengths.setdefault(row["alignment"], set()).add(key)
    assert lengths["all"] == {(7, 7, 7), (8, 8, 8), (9, 9, 9)}
    assert lengths["operands only"] == {(7, 7, 8), (8, 8, 9)}
    assert lengths["none"] == {(8, 7, 9), (7, 8, 9)}


def test_another_seed_draws_other_problems_and_the_same_seed_the_same():
    tokenizer = train.loaded("single_digits")
    first, again, other = (challenge([tokenizer], 2, seed) for seed in (0, 0, 1))
    assert first.equals(again)
    assert set(first["prompt"].to_pylist()).isdisjoint(other["prompt"].to_pylist())


def test_digits_on_each_side_of_a_sign_are_one_number():
    batch = Batch.of("zxx", ["1,234+5=1,239", "7-1=6"])
    assert three(batch).lengths.reshape(-1, 3).tolist() == [[4, 1, 4], [1, 1, 1]]
    assert np.array_equal(three(batch).row, [0, 0, 0, 1, 1, 1])
