"""Tokenizers from the Hub: what is fetched, what is kept, and what a Hub that fails is told as."""

import json
import subprocess
import sys
import time
from pathlib import Path
from threading import Event

import pytest

from tests import fresh, train, web
from tokaudit import hub, loaders
from tokaudit.errors import BadTokenizer

ROOT = Path(__file__).parent.parent


@pytest.fixture
def there():
    with web.hub() as served:
        served.add("org/name", {"tokenizer.json": train.path("gpt2").read_bytes()})
        yield served


@pytest.fixture
def load(fresh_loads, there, tmp_path):
    """Load specs in a fresh process with a cache of this test, and give a line for each."""

    def run(*written, url=there.url, patience=60, **environment):
        environment |= {"HF_ENDPOINT": url, "HF_HOME": str(tmp_path)}
        lines = fresh_loads(*written, patience=patience, **environment)
        return lines[0] if len(written) == 1 else lines

    return run


def loaded(name: str, commit: str = web.COMMIT, unpinned: bool = True, file: str = "") -> str:
    """Give the line of a tokenizer that was loaded."""
    path = train.path(name)
    return f"{file or path.name} {commit} {unpinned} {loaders.load(str(path)).identity}"


# What is fetched


def test_a_tokenizer_is_fetched_with_its_commit_and_no_other_question(there, load):
    assert load("hf:org/name") == loaded("gpt2")
    file = "/org/name/resolve/main/tokenizer.json"
    assert set(there.asked) == {f"HEAD {file}", f"GET {file}"}


def test_a_branch_names_what_it_is_now_and_a_commit_what_it_always_was(there, load):
    there.add("org/name", {"tokenizer.json": train.path("unigram").read_bytes()}, web.OLDER)
    assert load("org/name", "hf:org/name@main", f"hf:org/name@{web.COMMIT}") == [
        loaded("unigram", web.OLDER),
        loaded("unigram", web.OLDER),
        loaded("gpt2", unpinned=False),
    ]


def test_a_folder_of_a_repository_is_read_at_its_revision(there, load):
    files = {"a b/tokenizer.json": train.path("wordpiece").read_bytes(), "tokenizer.json": b"{}"}
    there.add("org/name", files)
    assert load("hf:org/name@main#a b") == loaded("wordpiece")


def test_a_repository_without_tokenizer_json_gives_the_next_file_that_is_one(there, load):
    model, ranks = train.path("bpe").read_bytes(), train.ranks_file().read_bytes()
    there.add("org/model", {"spiece.model": b"", "tokenizer.model": model, "README.md": b""})
    there.add("org/ranks", {"q.tiktoken": ranks, "deep/other.tiktoken": b"", "vocab.txt": b""})
    there.add("org/two", {"a.tiktoken": ranks, "b.tiktoken": ranks})
    there.add("org/none", {"pytorch_model.bin": b"", "old/tokenizer.json": b"{}"})
    model_line, ranks_line, bare, two, none = load(
        "hf:org/model",
        "hf:org/ranks?pattern=gpt2",
        "hf:org/ranks",
        "hf:org/two?pattern=gpt2",
        "org/none",
    )
    assert model_line == loaded("bpe", file="tokenizer.model")
    by_path = loaders.load(f"{train.ranks_file()}?pattern=gpt2")
    assert ranks_line == f"q.tiktoken {web.COMMIT} True {by_path.identity}"
    assert "?pattern=" in bare and "cl100k_base" in bare
    assert "a.tiktoken, b.tiktoken" in two
    assert "hf:org/none" in none and "tokenizer.json" in none and "*.tiktoken" in none


@pytest.mark.parametrize("large", [False, True], ids=["git", "lfs"])
def test_a_commit_that_was_fetched_needs_no_hub(there, load, large):
    there.large = large
    pinned = f"hf:org/name@{web.COMMIT}"
    assert load(pinned) == loaded("gpt2", unpinned=False)
    there.asked.clear()
    assert load(pinned) == loaded("gpt2", unpinned=False)
    assert there.asked == []


def test_a_commit_of_which_only_a_later_choice_is_here_is_asked_for_again(there, load, tmp_path):
    """Another program fetched tokenizer.model; whether there is a tokenizer.json, nobody knows."""
    snapshot = tmp_path / "hub" / "models--org--name" / "snapshots" / web.COMMIT
    snapshot.mkdir(parents=True)
    (snapshot / "tokenizer.model").write_bytes(train.path("bpe").read_bytes())
    pinned = f"hf:org/name@{web.COMMIT}"
    offline = load(pinned, HF_HUB_OFFLINE="1")
    assert offline == loaded("bpe", unpinned=False, file="tokenizer.model")
    assert load(pinned) == loaded("gpt2", unpinned=False)


def test_the_token_is_sent_and_is_in_no_message(there, load):
    there.token = "hf_right"
    assert load("hf:org/name", HF_TOKEN="hf_right") == loaded("gpt2")
    assert there.tokens == {"hf_right"}
    assert "hf_wrong" not in load("hf:org/name", HF_TOKEN="hf_wrong")


def test_a_report_says_which_commit_it_was_and_that_none_was_asked_for(there, tmp_path):
    done = tokaudit("hf:org/name", HF_ENDPOINT=there.url, HF_HOME=str(tmp_path))
    report = json.loads(done.stdout)
    (file,) = report["environment"]["tokenizers"]["hf:org/name"]["files"]
    assert (file["name"], file["commit"]) == ("tokenizer.json", web.COMMIT)
    (finding,) = [each for each in report["findings"] if each["rule"] == "TA004"]
    assert web.COMMIT in finding["message"]
    assert done.stderr == ""


def tokaudit(spec: str, *more: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run an audit that needs no corpus from the command line."""
    return subprocess.run(
        [sys.executable, "-m", "tokaudit", "digits", "-f", "json", "-t", spec, *more],
        cwd=ROOT,
        env=fresh.clean() | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


# Offline


def test_offline_the_cache_alone_answers_and_quickly(there, load, tmp_path):
    begun = time.monotonic()
    missing = tokaudit("hf:org/name", "--offline", HF_ENDPOINT=there.url, HF_HOME=str(tmp_path))
    assert time.monotonic() - begun < 15, "retries take 23 seconds"
    assert missing.returncode == 3
    assert "hf:org/name" in missing.stderr and "offline" in missing.stderr
    assert there.asked == []
    load("hf:org/name")
    there.asked.clear()
    kept, other = load("hf:org/name", "hf:org/other", HF_HUB_OFFLINE="1")
    assert kept == loaded("gpt2") and "hf:org/other" in other
    assert there.asked == []


# A Hub that fails

ANSWERS = {
    "no repository": (*web.NO_REPOSITORY, ["no such repository", "HF_TOKEN"]),
    "no repository, no token": (401, {"X-Error-Code": "RepoNotFound"}, ["no such repository"]),
    "nothing said": (404, {}, ["no such repository"]),
    "no revision": (*web.NO_REVISION, ["no revision 'dev'"]),
    "gated": (401, web.GATED, ["gated", "licence", "/org/name", "HF_TOKEN"]),
    "gated, no access": (403, web.GATED, ["gated", "licence", "/org/name", "HF_TOKEN"]),
    "bad token": (401, {"X-Error-Message": "Invalid credentials in Authorization header"}, ["401"]),
    "forbidden": (403, {}, ["403", "HF_TOKEN"]),
    "rate limit": (429, {"Retry-After": "77"}, ["rate limit", "77 seconds"]),
    "rate limit of the Hub": (429, {"RateLimit": '"api";r=0;t=55'}, ["rate limit", "55 seconds"]),
    "rate limit, no hint": (429, {"Retry-After": "\x1b[31m"}, ["rate limit", "some minutes"]),
    "server error": (500, {}, ["500", "later"]),
    "down": (503, {"Retry-After": "3600"}, ["503", "later"]),
    "not a Hub": (200, {}, ["no Hub"]),
}


def test_every_answer_that_is_none_is_told_in_one_sentence_at_once(there, load):
    """What was answered before changes nothing."""
    names = [f"org/name{place}" for place in range(len(ANSWERS))]
    answers = [(status, headers) for status, headers, _ in ANSWERS.values()]
    there.fails = {f"HEAD /{name}/": given for name, given in zip(names, answers, strict=True)}
    for name in names:
        there.add(name, there.repositories["org/name"]["main"])
    messages = load(*(f"hf:{name}@dev" for name in names))
    assert len(there.asked) == len(names), "a question is asked once"
    for (kind, (*_, expected)), name, message in zip(ANSWERS.items(), names, messages, strict=True):
        assert f"hf:{name}@dev" in message and "\x1b" not in message, kind
        assert all(part in message for part in expected), f"{kind}: {message}"
    there.fails = {}
    assert load(*(f"hf:{name}" for name in names)) == [loaded("gpt2")] * len(names)


def test_a_hub_that_cannot_be_reached_is_given_up_at_once(there, load):
    load("hf:org/name")
    begun = time.monotonic()
    url = web.closed_port()
    other, cached = load("hf:org/other", "hf:org/name", url=url)
    assert time.monotonic() - begun < 15, "retries take 24 seconds"
    assert url in other and "refused" in other and "hf:org/other" in other
    assert web.COMMIT in cached and "--offline" in cached, "what is here is not taken unasked"
    assert load("hf:org/name", "hf:org/name", url=url, HF_HUB_OFFLINE="1")[1] == loaded("gpt2")


def test_a_connection_that_is_cut_leaves_nothing_behind(there, load, tmp_path):
    there.cut = True
    message = load("hf:org/name")
    assert "hf:org/name" in message and "connection" in message
    assert not list(tmp_path.rglob("blobs/*"))
    there.cut = False
    assert load("hf:org/name") == loaded("gpt2")


SPOILED = {
    "another letter": (lambda data: data.replace(b"version", b"versioN"), False, "hash"),
    "another letter of a large file": (lambda data: data.replace(b"ver", b"Ver"), True, "hash"),
    "a byte more": (lambda data: data + b" ", False, "size"),
    "a byte less": (lambda data: data[:-1], True, "size"),
}


@pytest.mark.parametrize("kind", SPOILED)
def test_a_file_that_is_not_what_the_hub_names_is_not_used_and_not_kept(
    there, load, tmp_path, kind
):
    there.spoil, there.large, expected = SPOILED[kind]
    message = load("hf:org/name")
    assert expected in message and "hf:org/name" in message
    assert not list(tmp_path.rglob("blobs/*")) and not list(tmp_path.rglob("snapshots/*/*"))
    there.spoil = bytes
    assert load("hf:org/name") == loaded("gpt2")


def test_a_cache_that_was_spoiled_by_others_is_noticed(there, load, tmp_path):
    load("hf:org/name")
    (blob,) = tmp_path.rglob("blobs/*")
    blob.write_bytes(blob.read_bytes().replace(b"version", b"versioN"))
    pinned = f"hf:org/name@{web.COMMIT}"
    message, again = load(pinned, pinned)
    assert blob.name in message and "removed" in message
    assert again == loaded("gpt2", unpinned=False)


def test_a_file_that_is_too_large_is_not_even_fetched(there, load):
    there.add("org/large", {"tokenizer.json": b" " * (loaders.LARGEST_FILE + 1)})
    message = load("hf:org/large")
    assert "tokenizer.json" in message and f"{loaders.LARGEST_FILE:,}" in message
    assert not [asked for asked in there.asked if asked.startswith("GET")]


def test_a_file_that_never_comes_is_waited_for_no_longer_than_was_agreed(there, load):
    there.stalls = Event()
    try:
        message = load("hf:org/name", patience=2)
    finally:
        there.stalls.set()
    assert "hf:org/name" in message and "longer than 2 seconds" in message


# Names


@pytest.mark.parametrize(
    "written",
    [
        "hf:org/name@..",
        "hf:org/name@../../../refs",
        "hf:org/name@main/../x",
        "hf:org/name@/etc/x",
        "hf:org/name@a\\b",
        "hf:org/name#..",
        "hf:org/name#../../other/x",
        "hf:org/name#/etc",
        "hf:org/name#a//b",
        "hf:org/name#a\x1b[31m",
        f"hf:org/name#{'a' * 300}",
        "hf:../name",
        "hf:a..b/name",
        "hf:org/name/more",
        "hf:org--name@main",
        "hf:org/-name@main",
        "hf:ор/name@main",
        "hf:https://huggingface.co/org/name",
    ],
    ids=lambda written: repr(written[:30]),
)
def test_a_name_that_leads_elsewhere_is_refused_and_asked_of_nobody(written, monkeypatch):
    monkeypatch.setattr(hub, "_downloaded", pytest.fail)
    with pytest.raises(BadTokenizer) as caught:
        loaders.load(written)
    assert caught.value.exit_code == 3
    assert "\n" not in str(caught.value) and "\x1b" not in str(caught.value)
