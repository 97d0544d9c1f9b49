"""Malicious directories: nothing runs, nothing is read that should not be, one sentence, exit 3."""

import json
import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import train
from tokaudit import limits, loaders
from tokaudit.batch import Batch
from tokaudit.errors import BadTokenizer
from tokaudit.reads import read
from tokaudit.vocabulary import LARGEST_VOCABULARY, LONGEST_TOKEN, Vocabulary

ROOT = Path(__file__).parent.parent
TEXTS = ["The bread is good.", "a b", ""]


def config_of(name: str) -> dict[str, Any]:
    config: dict[str, Any] = json.loads(train.path(name).read_text(encoding="utf-8"))
    return config


def saved(folder: Path, config: Any, name: str = "tokenizer.json") -> str:
    data = config if isinstance(config, bytes) else json.dumps(config).encode()
    (folder / name).write_bytes(data)
    return str(folder)


def refusal(written: str) -> str:
    """Load what is refused, and give the one sentence."""
    with pytest.raises(BadTokenizer) as caught:
        loaders.load(written)
    message = str(caught.value)
    assert caught.value.exit_code == 3
    assert message and "\n" not in message and "\x1b" not in message
    return message


def both(folder: Path) -> list[str]:
    """A directory as its files say, and as transformers would build it."""
    if not (folder / "tokenizer_config.json").exists():
        (folder / "tokenizer_config.json").write_text(
            '{"tokenizer_class": "PreTrainedTokenizerFast"}'
        )
    return [str(folder), f"auto:{folder}"]


def limited(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run tokaudit with 4 GiB of memory and 30 seconds of processor."""
    program = (
        "import resource\n"
        "resource.setrlimit(resource.RLIMIT_AS, (4 * 2**30, 4 * 2**30))\n"
        "resource.setrlimit(resource.RLIMIT_CPU, (30, 30))\n"
        "from tokaudit.cli import main; main()"
    )
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=ROOT,
        env={**os.environ, "HF_HUB_OFFLINE": "1", **more},
        input="y\n" * 10,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def one_sentence(done: subprocess.CompletedProcess[str], code: int = 3) -> str:
    assert done.returncode == code, done.stderr[-500:]
    assert done.stdout == "" and done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
    return done.stderr


# Code and pickles


EVIL = "import pathlib; pathlib.Path({proof!r}).write_text('ran')\n"


class Bomb:
    """Writes a file when it is unpickled."""

    def __init__(self, proof: Path) -> None:
        self.proof = proof

    def __reduce__(self) -> Any:
        return Path.write_text, (self.proof, "ran")


@pytest.mark.parametrize("auto_map", [{"AutoTokenizer": ["evil.Evil", None]}, ["evil.Evil", None]])
def test_code_beside_a_tokenizer_is_never_run(tmp_path, auto_map):
    proof, folder = tmp_path / "proof", tmp_path / "repo"
    folder.mkdir()
    saved(folder, config_of("gpt2"))
    saved(folder, {"auto_map": auto_map, "tokenizer_class": "Evil"}, "tokenizer_config.json")
    saved(folder, {"auto_map": {"AutoConfig": "evil.Evil"}, "model_type": "evil"}, "config.json")
    for name in ("evil.py", "__init__.py", "sitecustomize.py", "tokenizer.py"):
        (folder / name).write_text(EVIL.format(proof=str(proof)))
    assert "--trust-remote-code" in one_sentence(limited("digits", "-t", f"auto:{folder}"))
    assert loaders.load(str(folder)).identity == train.loaded("gpt2").identity
    assert not proof.exists()


def test_code_named_by_the_model_alone_is_not_run_for_its_tokenizer(tmp_path):
    proof, folder = tmp_path / "proof", tmp_path / "repo"
    folder.mkdir()
    saved(folder, config_of("gpt2"))
    maps = {"AutoConfig": "evil.Evil", "AutoTokenizer": ["evil.Evil", "evil.Evil"]}
    saved(folder, {"auto_map": maps, "model_type": "evil"}, "config.json")
    (folder / "evil.py").write_text(EVIL.format(proof=str(proof)))
    for written in both(folder):
        assert loaders.load(written).identity.vocabulary == train.loaded("gpt2").identity.vocabulary
    assert not proof.exists()


@pytest.mark.parametrize(
    "name", ["tokenizer.json", "tokenizer.model", "vocab.pkl", "x.gguf", "tekken.json"]
)
def test_a_pickle_is_data_that_nobody_opens(tmp_path, name):
    proof = tmp_path / "proof"
    folder = tmp_path / "repo"
    folder.mkdir()
    saved(folder, pickle.dumps(Bomb(proof)), name)
    written = str(folder / name) if name.endswith("gguf") else str(folder)
    refusal(written)
    refusal(f"auto:{folder}")
    assert not proof.exists()


# Links


@pytest.mark.parametrize("name", ["tokenizer.json", "tokenizer.model", "tekken.json"])
def test_a_link_out_of_the_directory_is_not_followed(tmp_path, name):
    folder, outside = tmp_path / "repo", tmp_path / "secret"
    folder.mkdir()
    outside.write_text("password")
    (folder / name).symlink_to(outside)
    for written in both(folder):
        message = refusal(written)
        assert "link" in message and "password" not in message


def test_a_link_inside_the_directory_and_into_the_blobs_of_the_hub_is_followed(tmp_path):
    (tmp_path / "blobs").mkdir()
    folder = tmp_path / "snapshots" / ("0" * 40)
    folder.mkdir(parents=True)
    (tmp_path / "blobs" / "abc").write_bytes(train.path("gpt2").read_bytes())
    (folder / "tokenizer.json").symlink_to("../../blobs/abc")
    assert loaders.load(str(folder)).identity == train.loaded("gpt2").identity
    (folder / "tokenizer.json").unlink()
    saved(folder, config_of("gpt2"), "real.json")
    (folder / "tokenizer.json").symlink_to("real.json")
    assert loaders.load(str(folder)).identity == train.loaded("gpt2").identity


def test_a_link_to_itself_is_refused(tmp_path):
    (tmp_path / "tokenizer.json").symlink_to("tokenizer.json")
    for written in both(tmp_path):
        refusal(written)


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "tokenizer.json")
    os.mkfifo(tmp_path / "x.gguf")
    os.mkfifo(tmp_path / "x.model")
    for written in (str(tmp_path), f"{tmp_path}/x.gguf", f"{tmp_path}/x.model"):
        refusal(written)


# Size


@pytest.mark.parametrize("name", ["tokenizer.json", "tokenizer.model", "tekken.json", "vocab.txt"])
def test_a_file_of_a_gigabyte_is_refused_unread(tmp_path, name):
    with (tmp_path / name).open("wb") as file:
        file.truncate(2**30)  # sparse
    written = both(tmp_path)[name == "vocab.txt" :]  # only transformers reads that one
    assert all("bytes" in refusal(each) for each in written)


def test_too_many_entries_are_refused_before_a_library_sees_them(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "LARGEST_VOCABULARY", 2_000)
    monkeypatch.setattr(limits.tokenizers, "Tokenizer", None)
    saved(tmp_path, config_of("gpt2"))
    assert "2,000" in refusal(str(tmp_path))


def test_a_vocabulary_of_too_many_or_too_long_entries_is_refused_whoever_made_it():
    with pytest.raises(BadTokenizer, match=f"{LARGEST_VOCABULARY:,}"):
        Vocabulary.of(dict.fromkeys(range(LARGEST_VOCABULARY + 1), b"a"))
    with pytest.raises(BadTokenizer, match=f"{LONGEST_TOKEN:,}"):
        Vocabulary.of({0: b"a" * (LONGEST_TOKEN + 1)})
    assert len(Vocabulary.of({0: b"a" * LONGEST_TOKEN})) == 1


def test_a_token_that_is_too_long_is_refused(tmp_path):
    config = config_of("gpt2")
    config["model"]["vocab"]["a" * (LONGEST_TOKEN + 1)] = 90_000
    assert "tokenizer.json" in refusal(saved(tmp_path, config))


def test_too_many_added_tokens_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "MOST_ADDED", 1_000)
    config = config_of("gpt2")
    asis = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False}
    one = {"id": 9_000, "content": "x", "special": False, **asis}
    config["added_tokens"] = [one] * (limits.MOST_ADDED + 1)
    assert f"{limits.MOST_ADDED:,}" in refusal(saved(tmp_path, config))


@pytest.mark.parametrize("step", ["normalizer", "pre_tokenizer"])
def test_a_pattern_that_is_too_long_is_refused(tmp_path, step):
    config = config_of("gpt2")
    pattern = {"Regex": "a|" * limits.LONGEST_PATTERN}
    config[step] = {
        "normalizer": {"type": "Replace", "pattern": pattern, "content": ""},
        "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [
                {"type": "Split", "pattern": pattern, "behavior": "Isolated", "invert": False}
            ],
        },
    }[step]
    assert f"{limits.LONGEST_PATTERN:,}" in refusal(saved(tmp_path, config))


# Bombs


def _replace(old: str, new: str) -> dict[str, Any]:
    return {"type": "Replace", "pattern": {"String": old}, "content": new}


def _each(pattern: str, new: str) -> dict[str, Any]:
    return {"type": "Replace", "pattern": {"Regex": pattern}, "content": new}


BOMBS: dict[str, list[dict[str, Any]]] = {
    "doubling 40 times": [_replace("a", "aa")] * 40,
    "doubling in turns": [_replace("x", "yy"), _replace("y", "xx")] * 20,
    "a long prefix": [{"type": "Prepend", "prepend": "a" * 100_000}],
    "anything to much": [{"type": "Replace", "pattern": {"Regex": "."}, "content": "b" * 40}] * 6,
    "one script alone": [_each(r"\p{Thai}", "b" * 5_000)],
    "in a list in a list": [
        {"type": "Sequence", "normalizers": [_replace("e", "ee")] * 20},
        {"type": "Sequence", "normalizers": [_replace("e", "ee")] * 20},
    ],
}


@pytest.mark.parametrize("kind", BOMBS)
def test_a_normaliser_that_explodes_is_refused_before_it_does(tmp_path, kind):
    config = config_of("gpt2")
    config["normalizer"] = {"type": "Sequence", "normalizers": BOMBS[kind]}
    asis = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": True}
    config["added_tokens"].append({"id": 9_000, "content": "aaaa", "special": False, **asis})
    saved(tmp_path, config)
    for written in both(tmp_path):
        assert f"{limits.MOST_FROM_ONE:,}" in refusal(written)


def test_a_bomb_takes_little_time_and_memory(tmp_path):
    config = config_of("gpt2")
    config["normalizer"] = {"type": "Sequence", "normalizers": BOMBS["doubling 40 times"]}
    assert "normaliser" in one_sentence(limited("digits", "-t", saved(tmp_path, config)))


def test_a_normaliser_of_too_many_steps_is_refused(tmp_path):
    config = config_of("gpt2")
    config["normalizer"] = {"type": "Sequence", "normalizers": [{"type": "NFC"}] * 300}
    assert f"{limits.MOST_STEPS:,}" in refusal(saved(tmp_path, config))


def test_many_replacements_that_do_not_add_up_are_no_bomb(tmp_path):
    config = config_of("gpt2")
    steps = [_replace(letter, letter.upper() * 3) for letter in "abcdefghijklmnopqrst"]
    config["normalizer"] = {"type": "Sequence", "normalizers": steps}
    tokenizer = loaders.load(saved(tmp_path, config))
    reading = read(tokenizer, Batch.of("und", ["ab"]))
    assert b"".join(tokenizer.vocabulary.decode(reading.ids).to_pylist()) == b"AAABBB"


def test_padding_of_billions_reaches_no_library(tmp_path):
    padding = {"strategy": {"Fixed": 2**33}, "direction": "Right", "pad_to_multiple_of": 2**40}
    padding |= {"pad_id": 0, "pad_type_id": 0, "pad_token": "x"}
    saved(tmp_path, config_of("gpt2") | {"padding": padding})
    for written in both(tmp_path):
        reading = read(loaders.load(written), Batch.of("und", TEXTS))
        assert reading.tokens.tolist() == read(train.loaded("gpt2"), reading.batch).tokens.tolist()


# Odd JSON


def test_deep_nesting_is_refused(tmp_path):
    for data in (b"[" * 200_000, b'{"model":' * 100_000):
        saved(tmp_path, data)
        for written in both(tmp_path):
            assert "tokenizer.json" in refusal(written)


@pytest.mark.parametrize("key", ["model", "normalizer", "pre_tokenizer", "decoder", "added_tokens"])
@pytest.mark.parametrize("junk", [1, "x", [1], {"a": 1}, True, 1.5, [[]], {"type": 7}])
def test_wrong_types_are_refused_or_read_and_never_a_crash(tmp_path, key, junk):
    config = config_of("wordpiece")
    config[key] = junk
    saved(tmp_path, config)
    try:
        read(loaders.load(str(tmp_path)), Batch.of("und", TEXTS))
    except BadTokenizer as error:
        assert "tokenizer.json" in str(error) and "\n" not in str(error)


@pytest.mark.parametrize("junk", [1, "x", [1], {"a": "b"}, {"a": None}, [["a", 1]], {"a": [1]}])
@pytest.mark.parametrize("name", ["gpt2", "wordpiece", "unigram"])
def test_a_vocabulary_of_a_wrong_type_is_refused(tmp_path, name, junk):
    config = config_of(name)
    config["model"]["vocab"] = junk
    saved(tmp_path, config)
    assert "tokenizer.json" in refusal(str(tmp_path))


def test_a_model_that_is_there_twice_is_said_and_the_last_counts(tmp_path):
    first, second = config_of("wordpiece")["model"], config_of("gpt2")
    text = json.dumps(second)
    saved(tmp_path, ('{"model": ' + json.dumps(first) + ", " + text[1:]).encode())
    tokenizer = loaders.load(str(tmp_path))
    assert tokenizer.identity == train.loaded("gpt2").identity
    assert tokenizer.remarks == ("model is there more than once; the last is used",)


def test_a_token_that_is_there_twice_is_said(tmp_path):
    text = json.dumps(config_of("gpt2")).replace('"vocab": {', '"vocab": {"a": 7, ', 1)
    saved(tmp_path, text.encode())
    (remark,) = loaders.load(str(tmp_path)).remarks
    assert remark == "a is there more than once; the last is used"


def test_an_id_that_two_tokens_share_is_said_and_is_the_same_every_time(tmp_path):
    config = config_of("gpt2")
    config["model"]["vocab"]["zzz"] = config["model"]["vocab"]["yy"] = 300
    saved(tmp_path, config)
    tokenizer = loaders.load(str(tmp_path))
    assert "1 ids" in tokenizer.remarks[0] or "2 ids" in tokenizer.remarks[0]
    program = f"from tokaudit import loaders; print(loaders.load({str(tmp_path)!r}).identity)"
    found = {
        subprocess.run(
            [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout.strip()
        for _ in range(3)
    }
    assert found == {str(tokenizer.identity)}


@pytest.mark.parametrize("number", [2**31, 2**32 - 1, 2**32, 2**64, -1, 1.5])
def test_an_id_that_cannot_be_one_is_refused(tmp_path, number):
    config = config_of("gpt2")
    config["model"]["vocab"]["zzz"] = number
    assert "tokenizer.json" in refusal(saved(tmp_path, config))


def test_an_empty_added_token_is_no_endless_loop(tmp_path):
    config = config_of("gpt2")
    asis = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False}
    for special in (True, False):
        config["added_tokens"] = [{"id": 9_000, "content": "", "special": special, **asis}]
        tokenizer = loaders.load(saved(tmp_path, config))
        reading = read(tokenizer, Batch.of("und", TEXTS))
        assert reading.ids.tolist() == read(train.loaded("gpt2"), reading.batch).ids.tolist()


@pytest.mark.parametrize("data", [b"\xef\xbb\xbf", "ü".encode("latin-1"), b"\xff\xfe{\0}\0", b"\0"])
def test_bytes_that_are_no_plain_utf8_are_refused_or_change_nothing(tmp_path, data):
    whole = train.path("gpt2").read_bytes()
    saved(tmp_path, data + whole)
    try:
        assert loaders.load(str(tmp_path)).identity == train.loaded("gpt2").identity
    except BadTokenizer as error:
        assert "tokenizer.json" in str(error) and "\n" not in str(error)


def test_ranks_of_tiktoken_that_lie_are_refused(tmp_path):
    ranks = [{"rank": b, "token_bytes": "YQ=="} for b in range(256)]
    config = {"pattern": "", "default_num_special_tokens": 0, "default_vocab_size": 256}
    saved(tmp_path, {"config": config, "vocab": ranks}, "tekken.json")
    assert "tekken.json" in refusal(str(tmp_path))


def test_one_bad_tokenizer_is_named_and_does_not_cost_the_good_ones(tmp_path):
    saved(tmp_path, b"{}")
    named = ("-t", "builtin:bytes", "-t", str(tmp_path))
    done = limited("fertility", "-q", "--lang", "eng_Latn", *named, "-f", "json")
    assert done.returncode == 3
    assert done.stderr.startswith(f"tokaudit: went on without {tmp_path}: ")
    assert done.stderr.count("\n") == 1
    report = json.loads(done.stdout)
    assert [row["tokenizer"] for row in report["tables"]["fertility"]] == ["builtin:bytes"]
    assert [f["tokenizer"] for f in report["findings"] if f["rule"] == "TA008"] == [str(tmp_path)]


def test_text_that_a_name_smuggles_in_is_shown_and_does_not_act(tmp_path):
    folder = tmp_path / "a\x1b[31m\n::error::b"
    folder.mkdir()
    for scheme in ("", "auto:"):
        message = refusal(f"{scheme}{folder}")
        assert "␛" in message and "::" not in message.removeprefix("auto:")


def test_a_name_that_is_no_utf8_is_refused(tmp_path, tokaudit):
    folder = tmp_path / os.fsdecode(b"\xff")
    folder.mkdir()
    shutil.copy(train.path("gpt2"), folder / "tokenizer.json")
    code, out, err = tokaudit("digits", "-t", folder / "tokenizer.json")
    assert (code, out) == (3, "")
    assert r"\xff/tokenizer.json: a name that is not UTF-8" in err
