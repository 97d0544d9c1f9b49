"""Where tiktoken's vocabularies come from: its download, its cache, and files of ranks.

The download goes where it always goes, through a proxy on this machine that is the site itself:
nothing of tiktoken or requests is replaced.
"""

import base64
import hashlib
import shutil
import time
from threading import Event
from urllib.parse import urlsplit

import numpy as np
import pyarrow as pa
import pytest
import requests
import tiktoken
from hypothesis import given
from hypothesis import strategies as st

from tests import train, web
from tokaudit import downloads, encodings, loaders
from tokaudit.errors import BadTokenizer

CL100K = "https://openaipublic.blob.core.windows.net/encodings/cl100k_base.tiktoken"
SHA256 = "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7"
IN_CACHE = hashlib.sha1(CL100K.encode()).hexdigest()


@pytest.fixture(scope="module")
def behind(tmp_path_factory):
    if shutil.which("openssl") is None:
        pytest.skip("openssl is needed to make a certificate")
    with web.proxy(urlsplit(CL100K).hostname, tmp_path_factory.mktemp("secrets")) as site:
        yield site


@pytest.fixture
def site(behind):
    """The site of tiktoken's vocabularies, empty again after each test."""
    yield behind
    behind.files, behind.status, behind.cut, behind.stalls, behind.asked = {}, 200, False, None, []


@pytest.fixture
def load(fresh_loads, site, tmp_path):
    """Load encodings in a fresh process whose tiktoken has a cache of this test."""

    def run(*written, patience=60, proxy=site.url, **environment):
        ours = {"HTTPS_PROXY": proxy, "REQUESTS_CA_BUNDLE": str(site.authority)}
        ours["TIKTOKEN_CACHE_DIR"] = str(tmp_path / "cache")
        environment = ours | environment
        lines = fresh_loads(*written, patience=patience, **environment)
        return lines[0] if len(written) == 1 else lines

    return run


@pytest.fixture
def vocabulary(shared):
    return (shared / "tokenizers" / "tiktoken_cache" / IN_CACHE).read_bytes()


PATH = urlsplit(CL100K).path


# The download


def test_a_vocabulary_is_downloaded_once_and_its_hash_is_kept(site, load, vocabulary, tmp_path):
    site.files[PATH] = vocabulary
    first = load("cl100k_base")
    assert first == f"cl100k_base.tiktoken None False {loaders.load('cl100k_base').identity}"
    (file,) = loaders.load("cl100k_base").files
    assert (file.name, file.sha256, file.size) == ("cl100k_base.tiktoken", SHA256, len(vocabulary))
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [IN_CACHE]
    assert load("cl100k_base", proxy=web.closed_port(), HF_HUB_OFFLINE="1") == first
    assert site.asked == [PATH]


def test_a_vocabulary_that_was_altered_is_refused_by_its_hash_and_not_kept(
    site, load, vocabulary, tmp_path
):
    site.files[PATH] = vocabulary[:-2] + b"9\n"
    message = load("cl100k_base")
    assert "cl100k_base" in message and SHA256 in message
    assert not list(tmp_path.rglob("cache/*"))
    site.files[PATH] = vocabulary
    assert load("cl100k_base").startswith("cl100k_base.tiktoken")


def test_a_site_that_fails_is_told_in_one_sentence_and_nothing_is_kept(site, load, tmp_path):
    site.files[PATH] = b"IQ== 0\n" * 1_000
    said = {}
    site.cut = True
    said["cut"] = load("cl100k_base")
    site.cut, site.status = False, 503
    said["503"] = load("cl100k_base")
    site.files = {}
    said["404"] = load("cl100k_base")
    said["proxy"] = load("cl100k_base", proxy=web.closed_port())
    said["certificate"] = load("cl100k_base", REQUESTS_CA_BUNDLE="")
    for why, message in said.items():
        assert "cl100k_base" in message and why in message, f"{why}: {message}"
        assert "TIKTOKEN_CACHE_DIR" in message and "network" in message
    assert not list(tmp_path.rglob("cache/*"))


def test_a_download_is_waited_for_no_longer_than_was_agreed(site, load):
    site.stalls = Event()
    begun = time.monotonic()
    try:
        message = load("cl100k_base", patience=1)
    finally:
        site.stalls.set()
    assert "cl100k_base" in message and "in time" in message
    assert time.monotonic() - begun < downloads.SILENCE


def test_offline_nothing_is_asked_and_the_cache_is_named(site, load, tmp_path):
    begun = time.monotonic()
    message = load("cl100k_base", HF_HUB_OFFLINE="1")
    assert time.monotonic() - begun < 10
    assert "cl100k_base" in message and "offline" in message and "TIKTOKEN_CACHE_DIR" in message
    assert str(tmp_path / "cache") in message
    assert site.asked == []


def test_no_download_is_larger_than_was_agreed():
    with web.hub() as hub:
        hub.add("org/name", {"file": b"a" * 1_000})
        url = f"{hub.url}/org/name/resolve/main/file"
        assert downloads.get(url, 1_000) == b"a" * 1_000
        with pytest.raises(requests.RequestException, match="more than 999 bytes"):
            downloads.get(url, 999)


# Files of ranks


def test_a_file_of_ranks_gives_the_ids_of_the_tokenizer_it_was_made_from():
    """Its pattern is GPT-2's, whose words tiktoken and tokenizers cut alike."""
    by_ranks = loaders.load(f"{train.ranks_file()}?pattern=gpt2")
    texts = pa.array(train.sentences(), pa.large_string())
    found, expected = (t.engine.encode(texts) for t in (by_ranks, train.loaded("gpt2")))
    assert np.array_equal(found.ids, expected.ids)
    assert np.array_equal(found.offsets, expected.offsets)
    assert not by_ranks.vocabulary.special.any()
    assert by_ranks.files[0].name == "gpt2.tiktoken"


def test_a_file_of_ranks_is_found_by_path_by_scheme_and_in_a_folder(tmp_path):
    path = tmp_path / "x.tiktoken"
    path.write_bytes(train.ranks_file().read_bytes())
    specs = [f"{path}?pattern=cl100k_base", f"ranks:{path}?pattern=cl100k_base"]
    specs += [f"{tmp_path}?pattern=cl100k_base", f"path:{tmp_path}?pattern=cl100k_base"]
    assert len({loaders.load(spec).identity for spec in specs}) == 1
    other = loaders.load(f"{path}?pattern=o200k_base").identity
    assert other.pipeline != loaders.load(specs[0]).identity.pipeline
    path.rename(tmp_path / "x.model")  # as Meta names them
    assert loaders.load(f"ranks:{tmp_path / 'x.model'}?pattern=o200k_base").identity == other


@pytest.mark.parametrize("name", ["r50k_base", "p50k_edit", "cl100k_base", "o200k_harmony"])
def test_a_pattern_is_the_one_of_the_encoding(shared, name):
    assert encodings.pattern(name) == tiktoken.get_encoding(name)._pat_str


def test_a_pattern_needs_no_vocabulary(load, site):
    specs = [f"{train.ranks_file()}?pattern={name}" for name in tiktoken.list_encoding_names()]
    found = load(*specs, HF_HUB_OFFLINE="1")
    assert all(line.startswith("gpt2.tiktoken None False") for line in found)
    assert site.asked == []
    message = load("cl100k_base", specs[0], HF_HUB_OFFLINE="1")[0]
    assert "lacks cl100k_base" in message, "definitions of the encodings themselves are untouched"


@pytest.mark.parametrize("query", ["", "?pattern=", "?pattern=nosuch", "?pattern=\x1b[31m"])
def test_a_pattern_that_is_missing_or_unknown_lists_those_there_are(query):
    message = refusal(f"{train.ranks_file()}{query}")
    assert "?pattern=" in message and "\x1b" not in message
    assert all(name in message for name in tiktoken.list_encoding_names())


def refusal(written: str) -> str:
    with pytest.raises(BadTokenizer) as caught:
        loaders.load(written)
    assert caught.value.exit_code == 3 and "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("cl100k_base?pattern=gpt2", "tiktoken:"),
        ("builtin:bytes?pattern=gpt2", "builtin:"),
        ("{path}?model=gpt2", "?model="),
        ("{path}?pattern=gpt2&x=y", "?x="),
        ("{json}?pattern=gpt2", "ranks:"),
    ],
)
def test_a_question_that_nobody_heeds_is_not_swallowed(written, expected):
    written = written.format(path=train.ranks_file(), json=train.path("gpt2"))
    assert expected in refusal(written)


BYTES = [(bytes([byte]), byte) for byte in range(256)]


def rows(ranks: list[tuple[bytes, int]]) -> bytes:
    return b"".join(base64.b64encode(token) + b" %d\n" % rank for token, rank in ranks)


WHOLE = rows(BYTES)
WRONG = {
    "no byte 65": (rows([pair for pair in BYTES if pair[1] != 65]), "1 of the 256 bytes"),
    "no bytes": (rows([(b"ab", 0)]), "256 of the 256 bytes"),
    "one rank twice": (WHOLE + rows([(b"ab", 7)]), "same rank"),
    "one token twice": (WHOLE + rows([(b"\x1b", 300)]), "line 257 has the token ␛ a second time"),
    "an empty token": (WHOLE + b"= 300\n", "line 257"),
    "an empty token in quotes": (WHOLE + rows([(b"", 300)]), "line 257"),
    "a huge rank": (WHOLE + rows([(b"ab", 2**31)]), str(2**31)),
    "a rank of many digits": (WHOLE + b"YWI= " + b"9" * 5_000, "line 257"),
    "a negative rank": (WHOLE + b"YWI= -1\n", "line 257"),
    "a rank with a sign": (WHOLE + b"YWI= +300\n", "line 257"),
    "a rank with a line": (WHOLE + b"YWI= 3_00\n", "line 257"),
    "a rank with a point": (WHOLE + b"YWI= 300.0\n", "line 257"),
    "no rank": (WHOLE + b"YWI=\n", "line 257"),
    "three fields": (WHOLE + b"YWI= 300 x\n", "line 257"),
    "other letters": (WHOLE + b"Y!I= 300\n", "line 257"),
    "no padding": (WHOLE + b"YWI 300\n", "line 257"),
    "not ASCII": (WHOLE + "ÝWI= 300\n".encode(), "line 257"),
    "a page": (b"<html>404</html>", "HTML"),
    "a pointer": (b"version https://git-lfs.github.com/spec/v1\n", "git lfs pull"),
    "empty": (b"", "empty"),
    "an escape": (WHOLE + b"\x1b[31m 1 2\n", "line 257"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_ranks_that_tiktoken_would_panic_on_are_refused_and_named(tmp_path, capfd, kind):
    data, expected = WRONG[kind]
    path = tmp_path / "x.tiktoken"
    path.write_bytes(data)
    message = refusal(f"{path}?pattern=gpt2")
    assert "x.tiktoken" in message and expected in message and "\x1b" not in message
    assert capfd.readouterr().err == "", "a panic prints before it can be caught"


@given(st.lists(st.tuples(st.binary(max_size=3), st.integers(-2, 2**32)), max_size=4), st.binary())
@train.unhurried
def test_no_file_of_ranks_is_a_crash(more, junk):
    path = train.ranks_file().with_name("any.tiktoken")
    path.write_bytes(rows([*BYTES, *more]) + junk)
    try:
        tokenizer = loaders.load(f"{path}?pattern=cl100k_base")
    except BadTokenizer as error:
        assert "any.tiktoken" in str(error)
    else:
        texts = pa.array(["ab \0\x01 é"], pa.large_string())
        ids = tokenizer.engine.encode(texts).ids
        assert b"".join(tokenizer.vocabulary.decode(ids).to_pylist()) == texts[0].as_py().encode()


def test_ranks_may_have_gaps_and_a_line_more_or_less(tmp_path):
    path = tmp_path / "x.tiktoken"
    path.write_bytes(rows([*BYTES, (b"ab", 2**31 - 1)]).replace(b"\n", b"\r\n") + b"\r\n\n")
    tokenizer = loaders.load(f"{path}?pattern=gpt2")
    found = tokenizer.engine.encode(pa.array(["ab a"], pa.large_string()))
    assert found.ids.tolist() == [2**31 - 1, 0x20, 0x61]
    assert len(tokenizer.vocabulary) == 257
