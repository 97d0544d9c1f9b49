"""The digits audit: published figures exactly, real and trained strategies, and by hand."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from functools import cache
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
import pytest
import tiktoken
import tokenizers

from tests import train
from tests.swept import known, rows, tables
from tokaudit import engine, loaders
from tokaudit.audits.digits import Digits
from tokaudit.batch import Batch
from tokaudit.numbers.summary import verdict
from tokaudit.numbers.sweep import SAMPLE, SMALL_SAMPLE, Sweep, contexts, is_exact, signs
from tokaudit.reads import read
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


def summary(written: str) -> Mapping[str, Any]:
    (row,) = rows(written)["digits"]
    return row


def partitions(written: str, digits: int, *, spaced: bool) -> list[Mapping[str, Any]]:
    context = "space" if spaced else "bare"
    found = rows(written)["digits_partitions"]
    return [row for row in found if (row["digits"], row["context"]) == (digits, context)]


@cache
def report(written: str) -> Report:
    """Run the whole audit on one tokenizer, once."""
    return engine.run({"digits": Digits}, [train.loaded(written)], None)


# Published figures


@pytest.mark.parametrize("name", ENCODINGS)
def test_the_inventory_is_the_published_one(shared, name):
    found = rows(name)["digits_inventory"]
    for spaced, expected in zip((False, True), INVENTORIES[name], strict=True):
        assert {r["digits"]: r["tokens"] for r in found if r["spaced"] == spaced} == expected
    bare, behind = (sum(each.values()) for each in INVENTORIES[name])
    assert summary(name)["number_tokens"] == bare
    assert summary(name)["number_tokens_spaced"] == behind


@pytest.mark.parametrize("name", ENCODINGS)
@pytest.mark.parametrize("digits", [3, 4])
def test_the_partitions_are_the_published_ones(shared, name, digits):
    found = partitions(name, digits, spaced=False)
    assert {row["partition"]: row["numbers"] for row in found} == PARTITIONS[name][digits]
    assert all(row["share"] == row["numbers"] / 10**digits for row in found)


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


def test_all_numbers_to_five_digits_are_cut_and_longer_ones_are_sampled():
    batches = {batch.probe: batch for batch in Sweep.probes()}
    for context, exact in (("bare", 5), ("space", 4), ("letter", 4), ("line", 4)):
        texts = batches[f"sweep/{context}"].texts.to_pylist()
        assert len(set(texts)) == len(texts)
        lengths = Counter(len(text.strip(" x\n")) for text in texts)
        sample = SAMPLE if context in ("bare", "space") else SMALL_SAMPLE
        assert lengths == {n: 10**n if n <= exact else sample for n in range(1, 11)}
        assert [is_exact(context, n) for n in (exact, exact + 1)] == [True, False]


def test_the_rows_say_which_lengths_are_sampled():
    for spaced, exact in ((False, 5), (True, 4)):
        for digits in range(1, 10):
            found = partitions("gpt2", digits, spaced=spaced)
            assert {row["sampled"] for row in found} == {digits > exact}
            assert sum(row["share"] for row in found) == pytest.approx(1, abs=1e-12)


# The whole


def test_a_whole_report_of_a_tokenizer_that_counts_from_the_left():
    tables = report("digits_from_left").tables
    (row,) = tables["digits"].to_pylist()
    assert (row["misaligned_sums"], row["length_combinations"]) == (4, 13)
    assert row["repaired_by"].startswith("comma, point")
    assert row["nearest_rule"] == "left-to-right 3" and row["nearest_share"] == 1
    assert (row["counterexample"], row["failed_rows"]) == (None, 0)
    assert dict(row["absent"])["counterexample"] == "every number is cut by the rule"
    card = {each["part"]: each for each in tables["digits_scorecard"].to_pylist()}
    assert row["parts"] == len(card) == 13
    assert row["parts_met"] == sum(each["met"] for each in card.values())
    assert card["sums in line"]["result"] == "no: 4 of 13 misaligned"
    assert card["the same cut everywhere"]["met"]
    pictures = [each["cut"] for each in tables["digits_picture"].to_pylist()]
    assert pictures[3] == "123|4" and pictures[9] == "123|456|789|0"
    assert tables["digits_corpus"].num_rows == 0
    empty = tables["digits_corpus"].schema.metadata[b"empty"]
    assert empty.startswith(b"no corpus was read")


def test_a_verdict_is_one_sentence_that_says_what_repairs():
    (said,) = report("digits_from_left").verdicts["digits"].values()
    assert said == (
        "Left-to-right groups of three: results of another length than both operands are"
        " misaligned in 4 of 13 length combinations; writing thousands separators repairs it."
    )


def test_the_same_texts_come_in_every_process_and_every_country():
    first, second = (list(Digits.probes()) for _ in range(2))
    assert [(b.probe, b.texts) for b in first] == [(b.probe, b.texts) for b in second]
    script = (
        "import hashlib\n"
        "from tokaudit.audits.digits import Digits\n"
        "texts = [t for b in Digits.probes() for t in (b.probe, *b.texts.to_pylist())]\n"
        "print(hashlib.sha256('\\0'.join(texts).encode()).hexdigest())"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "LANG": lang},
        ).stdout
        for seed, lang in (("1", "C"), ("2", "de_DE.UTF-8"))
    }
    assert len(said) == 1


def test_what_is_irregular_is_shown_by_the_first_number_that_breaks_the_nearest_rule():
    row = summary("gpt2")
    found, _, owed = row["counterexample"].partition(", not ")
    assert found.replace("|", "") == owed.replace("|", "") and found != owed
    number = found.replace("|", "")
    reading = read(train.loaded("gpt2"), Batch.of("und", [number]))
    pieces = train.loaded("gpt2").vocabulary.decode(reading.ids).to_pylist()
    assert found == b"|".join(pieces).decode()
    assert 0 < row["nearest_share"] < 1


def test_numbers_are_stable_where_there_is_a_rule():
    for name, padded in (("single_digits", 1), ("digits_from_right", 1), ("digits_from_left", 0)):
        found = {row["digits"]: row for row in rows(name)["digits_stability"]}
        assert [found[n]["as_next"] for n in range(1, 5)] == [1, 1, 1, 1]
        assert found[3]["as_padded"] == padded
        assert isinstance(found[5]["as_padded"], Absent)
    irregular = {row["digits"]: row for row in rows("gpt2")["digits_stability"]}
    assert 0 < irregular[4]["as_next"] < 1 and irregular[4]["numbers"] == 8_999


def test_stability_is_what_pairs_of_numbers_say():
    tokenizer = train.loaded("gpt2")
    numbers = [str(n) for n in range(100, 1_000)]
    reading = read(tokenizer, Batch.of("und", [*numbers, *("0" + n for n in numbers)]))
    ends = [*accumulate(map(len, tokenizer.vocabulary.decode(reading.ids).to_pylist()))]
    cuts = []
    for row, text in enumerate(reading.batch.texts.to_pylist()):
        first, last = reading.batch.offsets[row : row + 2]
        cuts.append({len(text) - (end - first) for end in ends if first < end < last})
    bare, padded = cuts[:900], [{place for place in cut if place < 3} for cut in cuts[900:]]
    (found,) = (row for row in rows("gpt2")["digits_stability"] if row["digits"] == 3)
    assert found["as_next"] == sum(a == b for a, b in pairwise(bare)) / 899
    assert found["as_padded"] == sum(a == b for a, b in zip(bare, padded, strict=True)) / 900


def test_contexts_that_cut_otherwise_are_told_with_an_example():
    whole = report("digits_from_left").tables["digits_contexts"].to_pylist()
    named = [row["context"] for row in whole]
    assert named[:6] == ["bare", "space", "letter", "brackets", "minus", "line"]
    assert len(named) == 6 + len(signs()) and "behind €" in named
    assert {row["as_bare"] for row in whole} == {1}
    _, space = rows("gpt2")["digits_contexts"]
    there, _, bare = space["first_difference"].partition(", bare ")
    assert space["as_bare"] < 1 and there != bare
    assert there.replace("|", "") == bare.replace("|", "")


def test_a_token_that_holds_a_sign_and_digits_is_glued(tmp_path):
    vocabulary = {"x": 0, "1": 1, "2": 2, "x1": 3, "[UNK]": 4}
    model = tokenizers.models.BPE(vocabulary, [("x", "1")], unk_token="[UNK]")
    backend = tokenizers.Tokenizer(model)
    backend.save(str(tmp_path / "tokenizer.json"))
    tokenizer = loaders.load(str(tmp_path))
    batch = Batch.of("zxx", ["x12", "x21", "x13"], probe="sweep/letter")
    swept = Sweep.observe(read(tokenizer, batch)).where("letter")
    assert swept.value.tolist() == [12, 13, 21]
    assert swept.glued.tolist() == [1, 1, 0]
    assert swept.lost.tolist() == [0, 1, 0]


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
    probes = [b for b in Digits.probes() if b.probe in ("sweep/bare", "sweep/space")]
    tokenizer, few = loaders.load(str(tmp_path)), np.arange(500)
    totals = [Digits.observe(read(tokenizer, batch.take(few))) for batch in probes]
    found = tables(sum(totals, Digits()), tokenizer)
    row = known(found["digits"][0])
    assert row["strategy"] is None and row["match_probability"] is None
    assert (row["failed_rows"], row["lost_numbers"]) == (0, 1_000)
    assert verdict(row) == "Numbers are lost: none became tokens of its own digits."
    assert {each["met"] for each in found["digits_scorecard"]} & {True} == set()


def test_what_could_not_be_encoded_is_on_the_score_card():
    batch = next(b for b in Digits.probes() if b.probe == "sweep/space").take(np.arange(100))
    tokenizer = train.loaded("single_digits")
    seen = Digits.observe(read(tokenizer, batch))
    for failed, met, figure in ((0, True, "yes: 0 lost"), (7, False, "no: 0 lost, 7 texts failed")):
        found = tables(seen + Digits(failed=failed), tokenizer)
        card = {row["part"]: row for row in found["digits_scorecard"]}
        last = card["no number is lost"]
        assert (last["met"], last["result"]) == (met, figure)
        assert found["digits"][0]["failed_rows"] == failed
    assert card["the same cut everywhere"]["result"] == f"no: 0 of {len(contexts()) - 1} contexts"
