"""The adversarial audit by hand: small vocabularies whose every trap and bigram is worked out."""

import math
import random
from collections import Counter
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import made, train
from tokaudit import engine
from tokaudit.audits.adversarial import Adversarial
from tokaudit.batch import NO_LANGUAGE, Batch
from tokaudit.characters import script_of
from tokaudit.findings import RULES
from tokaudit.reads import read
from tokaudit.splits.bigrams import Bigrams
from tokaudit.splits.candidates import candidates
from tokaudit.splits.crossings import crossing
from tokaudit.splits.found import Traps
from tokaudit.splits.lattice import Lattice, Spelling, distance
from tokaudit.splits.lexicon import lexicons
from tokaudit.splits.prefixes import Prefixes
from tokaudit.splits.ranking import order
from tokaudit.splits.scope import Scope
from tokaudit.splits.seams import SPANS, Seams, probes, spans
from tokaudit.splits.segmentations import Segmentations
from tokaudit.splits.special import Special
from tokaudit.splits.texts import SENTENCES
from tokaudit.splits.trapwords import TrapWords
from tokaudit.text import Absent
from tokaudit.vocabulary import Vocabulary

ALL = Scope()
# Three words and what lies over their borders; letters are cheap enough for 时间 to win, 国产 not.
CHINESE = {"同时": -2.0, "间接": -2.0, "时间": -0.5, "中国": -2.0, "产品": -2.0, "国产": -5.0}
CHINESE |= dict.fromkeys("同时间接中国产品", -1.0)
ENGLISH = {"▁moves": -3.0, "▁table": -3.0, "▁stable": -3.0, "stable": -0.5, "▁": -1.0}
ENGLISH |= {"▁Moves": -3.0, "▁Table": -3.0, "▁Stable": -3.0, "table": -3.0}
ENGLISH |= dict.fromkeys("movestabl", -1.0)


# Candidates


def by_hand(words: list[str]) -> Counter[tuple[str, str, str]]:
    """List candidates as the definition says, without an index."""
    found: Counter[tuple[str, str, str]] = Counter()
    for a, b, t in product(words, repeat=3):
        for k in range(1, len(t)):
            if a.endswith(t[:k]) and b.startswith(t[k:]) and a + b != t:
                found[a, b, t] += 1
    return found


def listed(words: list[str], limit: int) -> Counter[tuple[str, str, str]]:
    found = candidates(words, limit)
    rows = zip(found.first.tolist(), found.second.tolist(), found.trap.tolist(), strict=True)
    return Counter(tuple(words[place] for place in row) for row in rows)


def test_candidates_of_four_words():
    words = ["moves", "table", "stable", "able"]
    assert listed(words, 1_000) == {
        ("moves", "table", "stable"): 1,  # s + table
    }
    assert listed(["有时", "时间", "间谍", "有"], 1_000) == {
        ("有时", "间谍", "时间"): 1,
        ("有", "时间", "有时"): 1,  # the whole of 有, and a part of 时间
    }


@given(st.lists(st.text("ab", min_size=1, max_size=4), unique=True, max_size=7))
def test_candidates_are_those_of_the_definition(words):
    expected = by_hand(words)
    assert listed(words, 10**9) == expected
    assert candidates(words, 10**9).there == expected.total()


@given(
    st.lists(st.text("ab", min_size=1, max_size=5), unique=True, max_size=12), st.integers(1, 40)
)
def test_a_limit_keeps_some_candidates_and_counts_all(words, limit):
    expected, found = by_hand(words), listed(words, limit)
    assert found.total() <= limit
    assert found <= expected
    assert candidates(words, limit).there == expected.total()


# Trap words


def test_two_candidates_and_one_trap(tmp_path):
    tokenizer = made.unigram(tmp_path, CHINESE)
    (lexicon,) = lexicons(tokenizer.vocabulary)
    assert (lexicon.script, lexicon.spaced) == ("Han", False)
    assert set(lexicon.words) == {"同时", "间接", "时间", "中国", "产品", "国产"}
    found = Traps.of(tokenizer, lexicon, 1_000)
    assert (found.there, found.read, found.crossed) == (2, 2, 1)
    assert found.texts(np.arange(found.first.size)) == [("同时", "间接", "时间")]
    assert found.exact.tolist() == [True]
    part = TrapWords.look(tokenizer, ALL)
    assert part.figures() | {"span_trap_share": None} == {
        "trap_candidates": 2,
        "traps_read": 2,
        "traps": 1,
        "trap_share": 0.5,
        "span_trap_share": None,
    }
    (row,) = part.tables()["traps"]
    assert row["examples"] == "同|时间|接"
    assert [finding.rule for finding in part.findings()] == ["TA510"]


def test_words_with_spaces_are_told_by_their_capitals_and_trapped_in_spans(tmp_path):
    tokenizer = made.unigram(tmp_path, ENGLISH, spaced=True)
    (lexicon,) = lexicons(tokenizer.vocabulary)
    assert (lexicon.words, lexicon.spaced) == (("moves", "table", "stable"), True)
    found = Traps.of(tokenizer, lexicon, 1_000)
    assert (found.there, found.read, found.crossed) == (1, 1, 1)
    assert found.agreed is None
    part = TrapWords.look(tokenizer, ALL)
    (row,) = part.tables()["trap_examples"]
    assert (row["a"], row["b"], row["trap"], row["cut"]) == (
        *("moves", "table", "stable"),
        "m|o|v|e|stable",
    )
    assert [finding.rule for finding in part.findings()] == ["TA511"]
    assert isinstance(part.figures()["trap_share"], Absent)


def test_a_token_that_is_both_words_is_a_word_and_no_trap(tmp_path):
    tokenizer = made.unigram(tmp_path, CHINESE | {"同时间接": -0.1})
    (lexicon,) = (each for each in lexicons(tokenizer.vocabulary))
    found = Traps.of(tokenizer, lexicon, 1_000)
    assert (found.there, found.crossed) == (2, 0)


def test_a_text_with_an_unknown_token_is_not_read(tmp_path):
    tokenizer = made.wordpiece(tmp_path, "moves", "table", "stable", "##x")
    (lexicon,) = lexicons(tokenizer.vocabulary)
    found = Traps.of(tokenizer, lexicon, 1_000)
    assert (found.there, found.read, found.crossed) == (1, 0, 0)


def test_agreed_pairs_come_first_then_rank():
    trap, first, second = np.array([3, 1, 1, 0]), np.array([5, 9, 2, 4]), np.array([0, 0, 3, 4])
    exact, agreed = np.array([True, True, True, True]), np.array([True, True, True, False])
    assert order(trap, first, second, exact, agreed).tolist() == [2, 1, 0, 3]
    assert order(trap, first, second, exact, None).tolist() == [3, 2, 1, 0]


@pytest.mark.parametrize(
    ("name", "cut"), [("cl100k_base", "mov|est|able"), ("o200k_base", "mov|estable")]
)
def test_moves_table_has_a_border_and_movestable_has_none(name, cut):
    tokenizer = train.loaded(name)
    apart = read(tokenizer, Batch.of(NO_LANGUAGE, ["moves table"]))
    assert apart.spans.starts.tolist()[-1] == len("moves")
    together = read(tokenizer, Batch.of(NO_LANGUAGE, ["movestable"]))
    assert crossing(together, np.array([5])).tolist() == [1]
    pieces = tokenizer.vocabulary.decode(together.ids).to_pylist()
    assert b"|".join(pieces).decode() == cut
    assert "moves|table" in SPANS["English identifier"]


# Seams


def test_seams_lie_where_the_bar_is_written():
    for kind, written in SPANS.items():
        for bars, span in zip(written, spans()[kind], strict=True):
            parts = [span.text.encode()[a:b].decode() for a, b in _between(span)]
            assert "|".join(parts) == bars


def _between(span):
    edges = [0, *span.seams, len(span.text.encode())]
    return pairwise(edges)


def test_a_seam_is_crossed_by_a_token_over_it_and_by_none_of_one_character(chars):
    for batch in probes():
        assert Seams.observe(read(chars, batch)).total("crossed") == 0
    merged = made.byte_level(b"st", b"sta")
    (batch,) = (each for each in probes() if each.probe.endswith("identifier"))
    found = Seams.observe(read(merged, batch))
    over = [bars for bars in SPANS["English identifier"] if "s|t" in bars]
    assert found.total("crossed") == sum(bars.count("s|t") for bars in over)
    assert found.total("seams") == sum(bars.count("|") for bars in SPANS["English identifier"])


# Incomplete tokens


def test_every_character_of_two_bytes_is_a_bigram_of_bytes(octets):
    found = Bigrams.look(octets, ALL)
    assert found.figures() == {
        "incomplete_tokens": 128,
        "bigrams": 30 * 64,
        "improbable_bigrams": 0,
    }


def test_bigrams_of_two_merged_parts():
    """`E4 B8` lacks a byte, `AD a` begins with one: 1 pair, and each meets the single bytes."""
    tokenizer = made.byte_level(b"\xe4\xb8", b"\xada")
    found = Bigrams.look(tokenizer, ALL)
    assert (found.there, found.read) == (30 * 64 + 30 + 64 + 1,) * 2
    assert found.found.total() == found.there
    leads = [bytes([lead, 0xAD]).decode() for lead in range(0xC2, 0xE0)]
    mixed = [script_of(letter) for letter in [*leads, "中"]]
    shared = ("Latin", "Common", "Inherited", "Unknown")
    assert found.figures()["improbable_bigrams"] == sum(name not in shared for name in mixed)
    (han,) = (row for row in found.tables()["bigrams"] if row["scripts"] == "Han + Latin")
    assert (han["bigrams"], han["examples"]) == (1, "‘中a’ ‹e4b8›‹ad61›")
    assert [finding.rule for finding in found.findings()] == ["TA520"]


def test_a_pair_that_is_encoded_otherwise_is_no_bigram():
    """With the whole of 中 merged first, neither `中` nor `中a` is a pair of parts any more."""
    tokenizer = made.byte_level(b"\xe4\xb8", b"\xe4\xb8\xad", b"\xada")
    found = Bigrams.look(tokenizer, ALL)
    assert found.found.total() == found.there - 2


def test_a_sample_of_pairs_is_the_same_every_time(octets):
    few, again, other = (Bigrams.look(octets, Scope(100, seed)) for seed in (1, 1, 2))
    assert (few.there, few.read) == (1920, 100)
    assert few == again != other


# Segmentations


def vocabulary(*texts: str | bytes, continuing: tuple[int, ...] = ()) -> Vocabulary:
    data = [text.encode() if isinstance(text, str) else text for text in texts]
    return Vocabulary.of(dict(enumerate(data)), continuing=continuing)


def counted(word: str, *texts: str, continuing: tuple[int, ...] = ()) -> int:
    spelling = Spelling.of(vocabulary(*texts, continuing=continuing), [word.encode()])
    return Lattice(word.encode(), spelling).counts[-1]


def test_segmentations_by_hand():
    assert counted("abc", "a", "b", "c", "ab", "abc") == 3  # a|b|c, ab|c, abc
    assert counted("abc", "a", "b", "c", "ab", "ab") == 3  # ids with the same bytes count apart
    assert counted("abx", "a", "b", "ab") == 0
    inner = ["a", "ab", "b", "c", "bc"]
    assert counted("abc", *inner, continuing=(2, 3, 4)) == 3  # a|b|c, a|bc, ab|c
    assert counted("aab", *inner, continuing=(2, 3, 4)) == 0  # no piece inside words is a


@given(st.integers(1, 60))
def test_segmentations_into_ones_and_twos_are_fibonacci_numbers(size):
    before, now = 1, 1
    for _ in range(size - 1):
        before, now = now, before + now
    assert counted("a" * size, "a", "aa") == now


def test_each_segmentation_is_drawn_equally_often():
    spelling = Spelling.of(vocabulary("a", "b", "c", "ab", "bc"), [b"abc"])
    lattice, chance = Lattice(b"abc", spelling), random.Random(7)
    drawn = Counter(tuple(lattice.draw(chance)) for _ in range(3_000))
    assert set(drawn) == {(0, 1, 2), (3, 2), (0, 4)}
    assert all(abs(times - 1_000) < 120 for times in drawn.values())


@pytest.mark.parametrize(
    ("usual", "other", "tokens"),
    [
        ([2, 5, 6], [2, 5, 6], 0),
        ([2, 5, 6], [1, 2, 5, 6], 2),  # one token becomes two
        ([6], [1, 2, 3, 4, 5, 6], 6),
        ([3, 6], [2, 6], 2),
    ],
)
def test_the_distance_counts_tokens_between_shared_borders(usual, other, tokens):
    assert distance(np.array(usual), np.array(other)) == tokens
    assert distance(np.array(other), np.array(usual)) == tokens


def test_one_token_to_a_character_leaves_one_segmentation(chars):
    rows = list(Segmentations.look(chars, ALL).tables()["segmentations"])
    assert [row["text"] for row in rows] == list(SENTENCES)
    assert all(row["log10"] == row["distance"] == 0 for row in rows)
    assert all(isinstance(row["decoded_alike"], Absent) for row in rows)


def test_every_merge_doubles_what_it_can():
    """With `he` merged, each `he` of the sentence is one token or two."""
    rows = Segmentations.look(made.byte_level(b"he"), ALL).tables()["segmentations"]
    (english,) = (row for row in rows if row["text"] == "English")
    assert english["log10"] == pytest.approx(math.log10(2) * SENTENCES["English"].count("he"))
    assert english["decoded_alike"] == 1


# TokenBreak


def test_a_word_that_is_only_a_beginning_is_broken_by_every_letter(tmp_path):
    letters = [f"##{letter}" for letter in "datsk"]
    tokenizer = made.wordpiece(tmp_path, "data", "task", *"datsk", *letters)
    found = Prefixes.look(tokenizer, ALL)
    assert found.figures() == {
        "prefixed_words": 2,
        "broken_share": 1.0,
        "always_broken_share": 1.0,
    }
    (row,) = found.tables()["prefixes"]
    assert row["examples"] == "d|d|a|t|a, t|t|a|s|k"


def test_a_word_that_is_also_an_inner_piece_is_kept(tmp_path):
    letters = [f"##{letter}" for letter in "datsk"]
    tokenizer = made.wordpiece(tmp_path, "data", "task", "##data", *"datsk", *letters)
    found = Prefixes.look(tokenizer, ALL)
    assert found.figures()["broken_share"] == 0.5
    (row,) = found.tables()["prefixes"]
    assert (row["always_broken"], row["never_broken"]) == (0.5, 0.5)


# Special tokens


def test_a_control_token_is_text_here_and_refused_by_tiktoken():
    found = Special.look(made.byte_level(special=("<|end|>",)), ALL)
    here, library = found.tables()["special"]
    placed = ("alone", "in_word", "spaced", "after_line_end")
    assert (here["read_by"], library["read_by"]) == ("tiktoken", "tokaudit")
    assert [here[name] for name in placed] == ["refused"] * 4
    assert [library[name] for name in placed] == ["text"] * 4
    assert here["other_case"] == here["full_width"] == "text"
    figures = found.figures()
    assert (figures["control_tokens"], figures["forged"], figures["refused"]) == (1, 0, 1)
    assert list(found.findings()) == []


# The whole


AUDITS = {"adversarial": Adversarial.within(Scope(4_000))}


@pytest.fixture(scope="module")
def report():
    names = ("gpt2", "wordpiece", "builtin:chars")
    return engine.run(AUDITS, [train.loaded(name) for name in names], None)


def test_every_tokenizer_has_a_sentence_and_every_finding_a_rule(report):
    said = report.verdicts["adversarial"]
    assert said["builtin:chars"] == "Nothing of what was tried is at risk."
    assert all(sentence.startswith("At risk: ") for sentence in list(said.values())[:2])
    assert {finding.rule for finding in report.findings} <= set(RULES)


def test_what_was_looked_at_is_never_more_than_what_is_there(report):
    rows = report.tables["adversarial_scope"].to_pylist()
    assert rows and all(0 <= row["looked_at"] <= row["there"] for row in rows)
    assert {row["tokenizer"] for row in rows} == set(report.verdicts["adversarial"])


def test_the_same_seed_gives_the_same_figures_whoever_stands_beside(report):
    gpt2 = train.loaded("gpt2")
    alone = engine.run(AUDITS, [gpt2], None)
    for name, table in alone.tables.items():
        rows = report.tables[name].to_pylist()
        assert table.to_pylist() == [row for row in rows if row["tokenizer"] == gpt2.spec]


def test_another_seed_draws_other_samples():
    drawn = {}
    for seed in (1, 2):
        audits = {"adversarial": Adversarial.within(Scope(4_000, seed))}
        tables = engine.run(audits, [train.loaded("gpt2")], None).tables
        assert tables["adversarial"]["seed"].to_pylist() == [seed]
        drawn[seed] = tables["adversarial_segmentations"]["example"].to_pylist()
    assert drawn[1] != drawn[2]


def test_a_library_that_is_not_asked_has_no_figure():
    found = Special.look(train.loaded("builtin:bytes"), ALL).figures()
    assert isinstance(found["forged"], Absent) and isinstance(found["library"], Absent)
    assert (found["control_tokens"], found["forged_here"]) == (0, 0)


def test_an_unknown_token_whose_letters_are_unknown_hides_no_other_figure(tmp_path):
    """`<` is unknown by itself, so whether `<unk>` was read cannot be told; all else can."""
    tokenizer = made.unigram(tmp_path, {"a": -1.0, "b": -1.0})
    part = Special.look(tokenizer, ALL)
    assert all(isinstance(row["alone"], Absent) for row in part.tables()["special"])
    assert (part.figures()["library"], part.figures()["forged"]) == ("tokenizers", 0)
