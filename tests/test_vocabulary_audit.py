"""The vocabulary audit: classes and odd entries by hand, and every real vocabulary adds up."""

import json
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import train
from tokaudit import cli, compat, engine, oddities
from tokaudit.audits.fertility import Fertility
from tokaudit.audits.vocabulary import Vocabulary as Audit
from tokaudit.classes import CONTENT_NAMES, POSITION_NAMES, classify
from tokaudit.corpus import Corpus
from tokaudit.engines.builtin import BuiltinEngine
from tokaudit.findings import RULES
from tokaudit.holdings import Holdings
from tokaudit.tokenizer import Tokenizer
from tokaudit.vocabulary import Vocabulary

SHARED = ["llama2", "llama3", "qwen2.5", "gemma2", "gpt2", "bert-base-uncased", "xlmr-unigram-de"]
ENCODINGS = ["r50k_base", "p50k_base", "cl100k_base", "o200k_base"]
ENTRIES = st.dictionaries(
    st.integers(0, 400), st.binary(max_size=5) | st.text(max_size=4).map(str.encode), min_size=1
)


def vocabulary(*texts: str | bytes, special=(), continuing=(), fallback=()) -> Vocabulary:
    data = [text if isinstance(text, bytes) else text.encode() for text in texts]
    entries = dict(enumerate(data))
    return Vocabulary.of(entries, special, None, fallback, continuing)


def tokenizer(found: Vocabulary, algorithm: str = "byte-level BPE") -> Tokenizer:
    return Tokenizer("made", algorithm, found, BuiltinEngine("utf-8", np.uint8), pipeline={})


# Classes


@pytest.mark.parametrize(
    ("text", "named", "script"),
    [
        ("a", "single character: letters", "Latin"),
        ("字", "single character: letters", "Han"),
        ("\u0301", "single character: letters", "Inherited"),
        ("7", "single character: digits", "Common"),
        ("٣", "single character: digits", "Arabic"),
        ("👍🏽", "word-inner symbols", "Common"),
        (" the", "word-initial letters", "Latin"),
        (" слово", "word-initial letters", "Cyrillic"),
        ("ing", "word-inner letters", "Latin"),
        ("می\u200cخو", "word-inner letters", "Arabic"),
        ("aж", "word-inner mixed", "several"),
        ("a1", "word-inner mixed", "Latin"),
        (" 2024", "word-initial digits", "Common"),
        ("\n\n", "word-inner white space", "Common"),
        (" ", "single character: white space", "Common"),
        ("\u200b", "single character: invisible", "Common"),
        ("\x00\x00", "word-inner invisible", "Common"),
        ("\ue934", "single character: unassigned", "Unknown"),
        (b"\xe4", "byte", "none"),
        (b"\xe4\xb8", "partial UTF-8", "none"),
        (b" \xe4", "partial UTF-8", "none"),
        ("", "control", "none"),
    ],
)
def test_the_class_and_script_of_an_entry(text, named, script):
    found = classify(vocabulary("zz", text))
    assert (found.named()[1], found.scripts[1]) == (named, script)


def test_marks_of_a_vocabulary_decide_before_text_does():
    found = vocabulary("<s>", "<0x41>", "a", "b", special=[0], fallback=[1], continuing=[3])
    assert classify(found).named() == ["control", "byte", *["single character: letters"] * 2]
    pieces = vocabulary("run", "ing", continuing=[1])
    assert classify(pieces).named() == ["word-initial letters", "word-inner letters"]


@given(ENTRIES, st.data())
def test_every_id_has_one_class_and_shares_add_up(entries, data):
    special = data.draw(st.sets(st.sampled_from(sorted(entries))))
    found = Vocabulary.of(entries, special)
    classes = classify(found)
    assert len(classes.named()) == len(classes.scripts) == len(found)
    assert set(classes.positions) <= set(range(len(POSITION_NAMES)))
    assert set(classes.contents) <= set(range(-1, len(CONTENT_NAMES)))
    rows = list(Holdings(tokenizer(found)).by_class())
    assert sum(row["ids"] for row in rows) == len(found)
    assert sum(row["share"] for row in rows) == pytest.approx(1)


def check_sums(loaded: Tokenizer) -> None:
    held = Holdings(loaded)
    size = len(loaded.vocabulary)
    assert sum(row["ids"] for row in held.by_class()) == size
    assert sum(held.by_script().values()) == size
    assert sum(row["ids"] for row in held.by_published("qtok")) == size


@pytest.mark.parametrize("name", SHARED)
def test_classes_of_a_shared_vocabulary_add_up_to_its_size(shared, name):
    check_sums(train.loaded(str(shared / "tokenizers" / name)))


@pytest.mark.parametrize("name", [*ENCODINGS, "pkg:mistral-common/tekken_240911", *train.NAMES])
def test_classes_of_any_other_vocabulary_add_up_to_its_size(name):
    check_sums(train.loaded(name))


@pytest.mark.parametrize("name", train.NAMES)
def test_published_classes_name_every_id(name):
    for each in compat.names():
        named = compat.get(each).classify(train.loaded(name))
        assert len(named) == len(train.loaded(name).vocabulary)
        assert set(named) <= set(compat.get(each).CLASSES)


# Published classes


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("é", "pure_unicode"), ("A", "pure_unicode"), ("字", "char_alpha"), ("☃", "char_other"),
        ("\x07", "char_errors"), (" the", "spaced_alpha"), (" 字字", "spaced_alpha"),
        (" a1", "spaced_other"), (" \n", "spaced_errors"), ("ing", "inner_alpha"),
        ("x1", "inner_other"), ("\n\n", "inner_errors"), ("<pad>", "control_tokens"),
        ("[MASK]", "control_tokens"), ("</td>", "inner_other"), (b"\xe4\xb8", "unicode_flanks"),
        ("１１", "inner_other"),
    ],
)  # fmt: skip
def test_qtok_classes_of_byte_level_entries(text, named):
    assert compat.get("qtok").classify(tokenizer(vocabulary(text))) == [named]


def test_qtok_reads_bytes_that_stand_in_as_letters_and_letters_of_that_alphabet_as_numbers():
    """`<0x41>` counts as pure, the letter A (written 0X41) as inner, a bare space as a sign."""
    found = vocabulary(b"A", "A", " the", " ", "字", "##", special=[], fallback=[0])
    assert compat.get("qtok").classify(tokenizer(found, "BPE with byte fallback")) == [
        "pure_unicode", "inner_other", "spaced_alpha", "char_other", "char_alpha", "inner_other",
    ]  # fmt: skip


def test_qtok_takes_no_wordpiece_vocabulary_for_bytes():
    found = vocabulary("run", "ing", continuing=[1])
    assert compat.get("qtok").classify(tokenizer(found, "WordPiece")) == [
        "inner_alpha", "inner_other",
    ]  # fmt: skip


def test_magikarp_categories_by_hand():
    """With a token a byte, only one-byte texts come back as themselves."""
    found = vocabulary(*(bytes([byte]) for byte in range(256)), "<s>", "<pad>", "ab", special=[256])
    named = compat.get("magikarp").classify(tokenizer(found))
    assert Counter(named) == {
        "OK": 128, "UNDECODEABLE": 128, "OK_SPECIAL": 1, "UNREACHABLE_SPECIAL": 1,
        "UNREACHABLE_MULTI_TOKEN": 1,
    }  # fmt: skip


# Odd entries


@pytest.mark.parametrize(
    ("kind", "odd", "plain"),
    [
        ("several words", " of the", " the"),
        ("white space only", "\t\n", "a\n"),
        ("control character", "a\x07", "a\n"),
        ("invisible character", "\u200bx", "x"),
        ("private-use character", "\uf0b7", "·"),
        ("unassigned character", "\u0378", "a"),
        ("replacement character", "\ufffd\ufffd", "?"),
        ("e-mail address", "me@example.org", "@property"),
        ("web address", "https://a", "http"),
        ("user name", "davidjl123", "int32"),
        ("licence text", "All rights reserved", "rights"),
        ("HTML", "</div>", "a < b"),
        ("base64-like", "aGVsbG8gd29ybGQ1Mg==", "ApplicationController"),
    ],
)
def test_an_odd_entry_is_found_and_a_plain_one_is_not(kind, odd, plain):
    found = oddities.select(vocabulary(plain, odd))
    assert found[kind].tolist() == [1]


def test_duplicates_are_those_of_the_same_role():
    found = vocabulary("a", "a", "a", "b", "b", "c", continuing=[2], fallback=[4])
    assert oddities.select(found)["duplicate"].tolist() == [0, 1]


def test_space_pairs_and_the_longest():
    found = oddities.select(vocabulary("a", " a", "b", "longest"))
    assert found["space pair"].tolist() == [0]
    assert found["longest"].tolist()[0] == 3


# The report


def report(*names: str):
    loaded = [train.loaded(name) for name in names]
    return engine.run({"vocabulary": Audit}, loaded, None)


def test_a_report_says_what_is_wasted_and_what_is_lost():
    found = report("wordpiece", "builtin:bytes")
    rows = {row["tokenizer"]: row for row in found.tables["vocabulary"].to_pylist()}
    octets = rows["builtin:bytes"]
    assert (octets["ids"], octets["reachable"], octets["unreachable"]) == (256, 243, 13)
    assert (octets["utf8_bytes"], octets["foreign_bytes"], octets["wasted"]) == (243, 13, 0)
    assert octets["characters_one_token"] == 128 and octets["characters_lost"] == 0
    assert rows[str(train.path("wordpiece"))]["characters_lost"] > 100_000
    rules = {finding.rule for finding in found.findings}
    assert {"TA121", "TA124"} <= rules <= set(RULES)
    assert all(said.endswith(".") for said in found.verdicts["vocabulary"].values())


def test_findings_name_their_tokenizer_and_no_language():
    found = [f for f in report("builtin:bytes").findings if f.rule == "TA121"]
    assert [(f.tokenizer, f.lang) for f in found] == [("builtin:bytes", None)]


def run(capfdbinary, *arguments) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        cli.main([*map(str, arguments)])
    out, err = capfdbinary.readouterr()
    return left.value.code or 0, out.decode(), err.decode()


def test_tables_of_all_ids_and_published_classes_come_when_asked_for(capfdbinary, tmp_path):
    data = tmp_path / "v.json"
    asked = ["--compat", "qtok", "--all-ids", "-o", data]
    assert run(capfdbinary, "vocabulary", "-t", "builtin:bytes", *asked)[0] == 0
    tables = json.loads(data.read_bytes())["tables"]
    assert sum(row["ids"] for row in tables["vocabulary_qtok"]) == 256
    assert "vocabulary_magikarp" not in tables
    row = tables["vocabulary_ids"][0x41]
    assert (row["id"], row["bytes"], row["text"], row["witness"]) == (0x41, "41", "A", "A")
    assert tables["vocabulary_ids"][0xFF]["reason"] == "not UTF-8"


def test_unless_asked_for_there_are_none(capfdbinary):
    code, out, _ = run(capfdbinary, "vocabulary", "-t", "builtin:bytes")
    assert code == 0
    assert "unreachable: not UTF-8" in out and "share by class" in out
    assert len(out.splitlines()) < 120


def test_a_classification_that_is_unknown_is_refused_with_those_there_are(capfdbinary):
    code, out, err = run(capfdbinary, "vocabulary", "-t", "builtin:bytes", "--compat", "vibes")
    assert (code, out) == (2, "")
    assert "magikarp, qtok" in err and err.count("\n") == 1


def test_only_its_own_command_has_its_options(capfdbinary):
    assert run(capfdbinary, "digits", "-t", "builtin:bytes", "--all-ids")[0] == 2


def test_there_is_nothing_to_share_out(capfdbinary, tmp_path):
    shard = tmp_path / "one.shard"
    code, out, err = run(
        capfdbinary, "vocabulary", "-t", "builtin:bytes", "--shard", "1/2", "-o", shard
    )
    assert (code, out, shard.exists()) == (2, "", False)
    assert "vocabulary reads none" in err and err.count("\n") == 1


def test_a_corpus_is_left_to_the_audits_that_read_one():
    corpus = Corpus(("builtin:parallel",), langs=("eng_Latn",))
    loaded = [train.loaded("builtin:bytes")]
    alone = engine.run({"vocabulary": Audit}, loaded, corpus)
    assert "corpus" not in alone.tables
    both = engine.run({"vocabulary": Audit, "fertility": Fertility}, loaded, corpus)
    assert both.tables["corpus"]["rows"].to_pylist() == [66]
    assert both.tables["vocabulary"].equals(alone.tables["vocabulary"])
