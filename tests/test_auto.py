"""What AutoTokenizer makes of a directory: every kind of class, its bytes, places and code."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import train
from tokaudit import alignment, evidence, loaders
from tokaudit.batch import Batch
from tokaudit.errors import BadTokenizer
from tokaudit.reads import read
from tokaudit.tokenizer import Tokenizer

ROOT = Path(__file__).parent.parent
TEXTS = [
    "The bread is good.",
    "Größe, naïve café; 12 mats",
    "你好 мир สวัสดี 👍🏽",
    "  two  blanks\tand\nlines ",
    "</s> <pad> <unk> [CLS] <extra_id_0>",
    "",
]


def made(folder: Path, config: Any, **files: Path) -> str:
    """Write a directory that AutoTokenizer reads, and give its spec."""
    folder.mkdir(exist_ok=True)
    (folder / "tokenizer_config.json").write_text(json.dumps(config))
    for name, source in files.items():
        shutil.copy(source, folder / name.replace("__", "."))
    return f"auto:{folder}"


def ids(tokenizer: Tokenizer, *texts: str) -> list[list[int]]:
    found = tokenizer.engine.encode(pa.array(texts, pa.large_string()))
    return [part.tolist() for part in np.split(found.ids, found.offsets[1:-1])]


def placed(tokenizer: Tokenizer, text: str) -> list[bytes]:
    """Give the bytes of the text that each token covers."""
    batch = Batch.of("und", [text])
    spans = read(tokenizer, batch).spans
    return [batch.data[a:b].tobytes() for a, b in zip(*spans, strict=True)]


@pytest.fixture(scope="module")
def byt5(tmp_path_factory) -> Tokenizer:
    folder = tmp_path_factory.mktemp("byt5")
    return loaders.load(made(folder, {"tokenizer_class": "ByT5Tokenizer"}))


@pytest.fixture(scope="module")
def canine(tmp_path_factory) -> Tokenizer:
    folder = tmp_path_factory.mktemp("canine")
    return loaders.load(made(folder, {"tokenizer_class": "CanineTokenizer"}))


@pytest.fixture(scope="module")
def pieces(tmp_path_factory) -> Tokenizer:
    """A slow class over a SentencePiece model of our own."""
    config = {"tokenizer_class": "BertGenerationTokenizer"}
    folder = tmp_path_factory.mktemp("pieces")
    return loaders.load(made(folder, config, spiece__model=train.path("bpe")))


def vocabulary_file(folder: Path) -> Path:
    """Write the trained WordPiece vocabulary as BERT's vocab.txt."""
    config = json.loads(train.path("wordpiece").read_text(encoding="utf-8"))
    tokens = sorted(config["model"]["vocab"], key=config["model"]["vocab"].get)
    (folder / "words.txt").write_text("\n".join(tokens) + "\n", encoding="utf-8")
    return folder / "words.txt"


@pytest.fixture(scope="module")
def slow_bert(tmp_path_factory) -> Tokenizer:
    folder = tmp_path_factory.mktemp("slow")
    words = vocabulary_file(tmp_path_factory.mktemp("words"))
    config = {"tokenizer_class": "ProphetNetTokenizer", "do_lower_case": True}
    return loaders.load(made(folder, config, prophetnet__tokenizer=words))


# Classes that are Python


def test_byt5_gives_bytes_and_says_so(byt5):
    assert (byt5.algorithm, byt5.engine.name) == ("ByT5Tokenizer (Python)", "transformers")
    assert ids(byt5, "aß") == [[0x61 + 3, 0xC3 + 3, 0x9F + 3]]
    batch = Batch.of("und", TEXTS)
    reading = read(byt5, batch)
    assert not reading.altered.any()
    assert reading.tokens.tolist() == [len(text.encode()) for text in TEXTS]
    assert byt5.vocabulary.special.sum() == 384 - 256 - 1, "all but bytes and <unk>"


def test_canine_gives_letters_and_hides_that_some_of_them_are_its_own(canine):
    batch = Batch.of("und", TEXTS)
    reading = read(canine, batch)
    assert reading.ids.tolist() == [ord(letter) for text in TEXTS for letter in text]
    assert not reading.altered.any()
    assert len(canine.vocabulary) == 0x110000 - 0x800, "no halves of letters"
    assert ids(canine, "\ue000") == [[0xE000]]
    assert not canine.vocabulary.special.any(), "text yields it: it is no control token"
    assert "4 special tokens" in canine.remarks[0]


def test_a_slow_sentencepiece_class_gives_what_its_model_gives(pieces):
    assert (pieces.algorithm, pieces.engine.name) == (
        "BertGenerationTokenizer (Python)",
        "transformers",
    )
    model = train.loaded("bpe")
    plain = [text for text in TEXTS if "<" not in text]
    assert ids(pieces, *plain) == ids(model, *plain)
    size = len(model.vocabulary)
    ours = pieces.vocabulary.decode(np.arange(3, size)).to_pylist()
    assert ours == model.vocabulary.decode(np.arange(3, size)).to_pylist()


def test_an_identity_does_not_hang_on_the_place_of_its_files(tmp_path, pieces):
    config = {"tokenizer_class": "BertGenerationTokenizer"}
    moved = made(tmp_path / "elsewhere", config, spiece__model=train.path("bpe"))
    assert loaders.load(moved).identity == pieces.identity
    other = made(
        tmp_path / "other", {**config, "do_lower_case": True}, spiece__model=train.path("bpe")
    )
    assert loaders.load(other).identity.pipeline != pieces.identity.pipeline
    settings = json.dumps(pieces.pipeline)
    assert "/" not in settings.replace("</s>", "") and "local" not in settings


def test_a_slow_class_that_normalises_places_its_tokens(slow_bert):
    assert slow_bert.engine.name == "transformers"
    assert b"".join(
        slow_bert.vocabulary.decode(np.array(ids(slow_bert, "The BREAD.")[0])).to_pylist()
    ) == (b"thebread.")
    whole = train.loaded("wordpiece")
    for text in ["The bread.", "  Größe ÉCOLE  the  Brot", "naïve, the train left"]:
        assert ids(slow_bert, text) == ids(whole, text)
        assert placed(slow_bert, text) == placed(whole, text), text


def test_a_slow_class_reports_an_unknown_word_where_it_is(slow_bert):
    text = "the ☃☃ bread"
    assert placed(slow_bert, text) == placed(train.loaded("wordpiece"), text)
    unknown = slow_bert.vocabulary.unknown
    assert unknown is not None and unknown in ids(slow_bert, text)[0]


@pytest.mark.parametrize("name", ["byt5", "canine", "pieces", "slow_bert"])
def test_special_tokens_in_text_are_text_to_slow_classes(name, request):
    tokenizer = request.getfixturevalue(name)
    vocabulary = tokenizer.vocabulary
    texts = [t.decode() for t in vocabulary.texts.filter(pa.array(vocabulary.special)).to_pylist()]
    found = read(tokenizer, Batch.of("und", [*texts, "a</s>b", "[CLS] x [SEP]"])).ids
    assert not vocabulary.special[vocabulary.places(found)].any()


# Classes that are pipelines


@pytest.mark.parametrize("name", ["gpt2", "digits_from_left", "wordpiece", "unigram"])
def test_a_pipeline_that_is_only_wrapped_is_the_file_itself(tmp_path, name):
    config = {"tokenizer_class": "PreTrainedTokenizerFast"}
    written = made(tmp_path, config, tokenizer__json=train.path(name))
    built, own = loaders.load(written), train.loaded(name)
    assert built.engine.name == "tokenizers"
    assert "built by transformers" in built.engine.version
    assert built.identity.vocabulary == own.identity.vocabulary
    assert built.identity.behaviour == own.identity.behaviour
    assert [file.name for file in built.files] == ["tokenizer.json", "tokenizer_config.json"]


def test_a_pipeline_that_is_built_anew_is_taken_as_it_is_built(tmp_path):
    """Declared as Qwen2's, our own tokenizer loses the pattern of its file."""
    config = {"tokenizer_class": "Qwen2Tokenizer"}
    built = loaders.load(made(tmp_path, config, tokenizer__json=train.path("digits_from_left")))
    own = loaders.load(str(tmp_path))
    assert built.identity.vocabulary == own.identity.vocabulary
    assert built.identity.pipeline != own.identity.pipeline
    assert built.identity.behaviour != own.identity.behaviour
    assert len(ids(built, "123456")[0]) == 6 != len(ids(own, "123456")[0])
    import transformers

    theirs = transformers.AutoTokenizer.from_pretrained(tmp_path)
    for text in train.sentences("eng_Latn", "tha_Thai")[:20]:
        assert ids(built, text) == [theirs(text, add_special_tokens=False)["input_ids"]]


def test_padding_truncation_and_template_of_a_built_pipeline_change_nothing(tmp_path):
    config = json.loads(train.path("gpt2").read_text(encoding="utf-8"))
    config["truncation"] = {
        "direction": "Right",
        "max_length": 2,
        "strategy": "LongestFirst",
        "stride": 0,
    }
    written = made(tmp_path, {"tokenizer_class": "PreTrainedTokenizerFast"})
    (tmp_path / "tokenizer.json").write_text(json.dumps(config))
    assert ids(loaders.load(written), TEXTS[0]) == ids(train.loaded("gpt2"), TEXTS[0])


def test_control_tokens_in_text_are_text_to_a_built_unigram(tmp_path):
    config = {"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": "</s>"}
    built = loaders.load(made(tmp_path, config, tokenizer__json=train.path("unigram")))
    found = read(built, Batch.of("und", ["a </s> b", "<s>"])).ids
    assert not built.vocabulary.special[built.vocabulary.places(found)].any()


REAL = ["llama2", "llama3", "gpt2", "bert-base-uncased", "xlmr-unigram-de"]


@pytest.mark.parametrize("name", REAL)
def test_ids_of_a_real_tokenizer_are_those_of_transformers(shared, name):
    import transformers

    folder = shared / "tokenizers" / name
    built = loaders.load(f"auto:{folder}")
    theirs = transformers.AutoTokenizer.from_pretrained(folder)
    texts = [*train.sentences("eng_Latn", "hin_Deva")[:20], *TEXTS[:4]]
    expected = [theirs(text, add_special_tokens=False)["input_ids"] for text in texts]
    assert ids(built, *texts) == expected


# Code


CODE = """
import pathlib
from transformers import PreTrainedTokenizer

pathlib.Path(__file__).with_name("ran").write_text("yes")
pathlib.Path({proof!r}).write_text("yes")
print("hello from the repository")


class Letters(PreTrainedTokenizer):
    def get_vocab(self):
        return {{chr(n): n for n in range(256)}}

    @property
    def vocab_size(self):
        return 256

    def _tokenize(self, text):
        return [letter for letter in text if ord(letter) < 256]

    def _convert_token_to_id(self, token):
        return ord(token)

    def _convert_id_to_token(self, index):
        return chr(index)
"""


def with_code(folder: Path, proof: Path) -> str:
    config = {
        "tokenizer_class": "Letters",
        "auto_map": {"AutoTokenizer": ["letters.Letters", None]},
    }
    written = made(folder, config)
    (folder / "letters.py").write_text(CODE.format(proof=str(proof)))
    return written


def run(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tokaudit", *arguments],
        cwd=ROOT,
        env={**os.environ, **more},
        input="y\ny\ny\n",
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_code_of_a_directory_is_not_run_and_nobody_is_asked(tmp_path):
    proof = tmp_path / "proof"
    done = run("digits", "-t", with_code(tmp_path / "repo", proof))
    assert done.returncode == 3
    assert done.stdout == "" and done.stderr.count("\n") == 1
    assert "--trust-remote-code" in done.stderr
    assert not proof.exists()


@pytest.mark.parametrize("variable", ["TRUST_REMOTE_CODE", "HF_HUB_TRUST_REMOTE_CODE"])
def test_no_variable_lets_code_run(tmp_path, variable):
    proof = tmp_path / "proof"
    for name in (variable, f"TOKAUDIT_{variable}"):
        done = run("digits", "-t", with_code(tmp_path / "repo", proof), **{name: "1"})
        assert done.returncode == 3 and not proof.exists()


def test_trusted_code_of_a_directory_runs_and_is_audited_in_silence(tmp_path):
    proof = tmp_path / "proof"
    written = with_code(tmp_path / "repo", proof)
    asked = ["-q", "-f", "json", "--trust-remote-code", "-t", written]
    done = run("fertility", "--lang", "eng_Latn", *asked, HF_HOME=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert proof.exists()
    assert done.stderr == "" and "hello" not in done.stdout
    report = json.loads(done.stdout)
    (row,) = report["tables"]["fertility"]
    assert row["tokenizer"] == written


def test_code_that_only_another_audit_of_the_same_directory_trusts_is_refused(tmp_path):
    with pytest.raises(BadTokenizer, match="auto_map"):
        loaders.load(with_code(tmp_path / "repo", tmp_path / "proof"))


def test_a_word_of_transformers_reaches_nobody(tmp_path):
    spec = made(tmp_path / "byt5", {"tokenizer_class": "ByT5Tokenizer"})
    done = run("fertility", "--lang", "eng_Latn", "-q", "-t", spec)
    assert done.returncode == 0 and done.stderr == ""
    assert "PyTorch" not in done.stdout


# What cannot be loaded


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, "no file"),
        ({"tokenizer_config.json": "{"}, "tokenizer_config.json"),
        ({"tokenizer_config.json": "[]"}, "tokenizer_config.json"),
        ({"tokenizer_config.json": '{"tokenizer_class": 5}'}, "transformers"),
        ({"tokenizer_config.json": '{"tokenizer_class": "Nothing"}'}, "transformers"),
        ({"tokenizer_config.json": "{}", "tokenizer.json": '{"model": 1}'}, "tokenizer.json"),
        ({"x.model": "version https://git-lfs.github.com/spec/v1"}, "git lfs pull"),
    ],
)
def test_a_directory_that_is_no_tokenizer_is_refused(tmp_path, files, expected):
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    with pytest.raises(BadTokenizer) as caught:
        loaders.load(f"auto:{tmp_path}")
    assert expected in str(caught.value) and "\n" not in str(caught.value)


def test_a_directory_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(BadTokenizer, match="no directory"):
        loaders.load(f"auto:{tmp_path}/nothing")


def test_a_local_directory_is_never_taken_for_a_name_on_the_hub(tmp_path, monkeypatch):
    (tmp_path / "org" / "name").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    for written in ("auto:org/name", "auto:org/name@main"):
        with pytest.raises(BadTokenizer, match=r"\./org/name"):
            loaders.load(written)


def test_a_repository_in_the_cache_loads_offline_and_is_pinned_by_a_commit(tmp_path):
    """The Hub's own layout, so that nothing is fetched."""
    commit = "0" * 40
    repo = tmp_path / "models--org--name"
    folder = repo / "snapshots" / commit
    folder.mkdir(parents=True)
    (repo / "refs").mkdir()
    (repo / "refs" / "main").write_text(commit)
    (repo / "blobs").mkdir()
    shutil.copy(train.path("gpt2"), repo / "blobs" / "abc")
    (folder / "tokenizer.json").symlink_to("../../blobs/abc")
    (folder / "tokenizer_config.json").write_text('{"tokenizer_class": "PreTrainedTokenizerFast"}')
    (repo / ".no_exist" / commit).mkdir(parents=True)
    for name in ("config.json", "added_tokens.json", "special_tokens_map.json"):
        (repo / ".no_exist" / commit / name).touch()
    program = (
        "from tokaudit import loaders\n"
        f"for revision in ('', '@{commit}'):\n"
        "    tokenizer = loaders.load(f'auto:org/name{revision}')\n"
        "    print(tokenizer.unpinned, tokenizer.identity.behaviour)\n"
        "try: loaders.load('auto:org/other')\n"
        "except loaders.BadTokenizer as error: print(error)"
    )
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HUB_CACHE": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    behaviour = train.loaded("gpt2").identity.behaviour
    first, second, refused = done.stdout.splitlines()
    assert (first, second) == (f"True {behaviour}", f"False {behaviour}"), done.stderr
    assert "auto:org/other" in refused and "offline" in refused


# Evidence and alignment


@pytest.mark.parametrize(
    ("read_as", "tokens"),
    [
        (evidence.plain, ["the", " ", "cat"]),
        (evidence.metaspace, ["▁The", "▁cat", "<0x0A>"]),
        (evidence.byte_level, ["The", "Ġcat", "Ċ"]),
        (evidence.latin, ["\xc3", "\x9f"]),
        (evidence.continued, ["The", "c", "##at"]),
        (evidence.ended, ["The</w>", "ca", "t</w>"]),
        (evidence.unended, ["The", "c@@", "at"]),
    ],
)
def test_each_spelling_reads_its_own_tokens(read_as, tokens):
    text = b"".join(map(read_as, tokens)).decode()
    assert not {"▁", "Ġ", "#", "@", "</w>"} & set(text)
    assert "<" not in text


@settings(train.unhurried, max_examples=300)
@given(st.lists(st.text(max_size=6), max_size=8))
def test_tokens_that_are_the_text_lie_where_they_are(parts):
    """Wherever letters fold to something, a token's span begins and ends with its letters."""
    text = "".join(parts)
    spans = alignment.align(text, [part.encode() for part in parts])
    data, place = text.encode(), 0
    for part, start, end in zip(parts, *map(np.ndarray.tolist, spans), strict=True):
        own = slice(place, place + len(part.encode()))
        assert 0 <= start <= end <= len(data)
        if alignment.folded("".join(part)):
            assert own.start <= start and end <= own.stop
        place = own.stop


def test_alignment_skips_what_was_dropped_and_covers_what_was_replaced():
    text = "Straße: ☃ (dropped) ½ done"
    tokens = [b"strasse", b":", b"", b"1", b"/", b"2", b"done"]
    spans = alignment.align(text, tokens)
    data = text.encode()
    found = [data[a:b].decode() for a, b in zip(*spans, strict=True)]
    assert found[0] == "Straße" and found[1] == ":" and found[-1] == "done"
    assert "½" in found[3] and "½" in found[5]
    assert "☃" in found[2]


def test_a_letter_spread_over_tokens_is_covered_by_each():
    spans = alignment.align("É", [b"\xc3", b"\x89"])
    assert (spans.starts.tolist(), spans.ends.tolist()) == ([0, 0], [2, 2])
