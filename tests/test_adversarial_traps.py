"""Trap words of real tokenizers: every exported row is cut again by the library itself."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import sentencepiece
import tiktoken

from tests import reference, train
from tokaudit import audits, engine
from tokaudit.cli import main
from tokaudit.corpus import Corpus
from tokaudit.measuring import Measuring
from tokaudit.splits.challenge import SCHEMA, challenge
from tokaudit.splits.scope import Scope
from tokaudit.tokenizer import Tokenizer
from tokaudit.totals import Key
from tokaudit.words import default

FEW = Scope(2_000)
LANGS = ("zho_Hans", "eng_Latn")
FOLDERS = ("llama3", "qwen2.5", "llama2", "bert-base-uncased", "xlmr-unigram-de")
ENCODINGS = ("cl100k_base", "o200k_base")
Borders = Callable[[str], set[int]]  # in characters


def flores(shared: Path) -> str:
    return str(shared / "corpora" / "flores200.parquet")


def by_tiktoken(name: str) -> Borders:
    encoding = tiktoken.get_encoding(name)

    def borders(text: str) -> set[int]:
        data, ends, at = text.encode(), [0], 0
        for number in encoding.encode(text, disallowed_special=()):
            at += len(encoding.decode_single_token_bytes(number))
            ends.append(at)
        return {end for end in ends if end in _letters(data)}

    return lambda text: {len(text.encode()[:end].decode()) for end in borders(text)}


def _letters(data: bytes) -> set[int]:
    return {place for place, byte in enumerate(data) if byte & 0xC0 != 0x80} | {len(data)}


def by_tokenizers(folder: Path) -> Borders:
    backend = reference.plain(folder / "tokenizer.json")

    def borders(text: str) -> set[int]:
        offsets = backend.encode(text, add_special_tokens=False).offsets
        inside = {place for a, b in offsets for place in range(a + 1, b)}
        return {edge for pair in offsets for edge in pair} - inside

    return borders


def by_sentencepiece(path: str) -> Borders:
    processor = sentencepiece.SentencePieceProcessor(model_file=path)

    def borders(text: str) -> set[int]:
        pieces = processor.encode(text, return_type="proto").pieces
        return {edge for piece in pieces for edge in (piece.begin, piece.end)}

    return borders


def met(tokenizer: Tokenizer, corpus: Corpus) -> list[dict[str, Any]]:
    """List the traps that a corpus shows, without a look at the vocabulary."""
    asked = Measuring({"adversarial": audits.get("adversarial")}, [tokenizer], default())
    _, totals = engine.measured(asked, corpus, engine.Options(sample=100))
    return [
        {"tokenizer": tokenizer.spec, "lang": lang, **row}
        for lang in corpus.langs
        for row in totals.of(Key("adversarial", tokenizer.spec, lang)).text.traps.rows()
    ]


def check(tokenizer: Tokenizer, borders: Borders, seen: Sequence[dict[str, Any]] = ()) -> int:
    """Let a library cut every exported trap; give how many there were."""
    rows = challenge([tokenizer], seen, 200, FEW).to_pylist()
    assert [row["seen"] for row in rows] == sorted((row["seen"] for row in rows), reverse=True)
    for row in rows:
        assert (row["seen"] > 0) == (row["lang"] is not None) == (row["context"] is not None)
        a, b, text, at = row["a"], row["b"], row["text"], row["border_char"]
        assert a + b == text
        assert at == len(a)
        assert row["border_byte"] == len(a.encode())
        assert text.startswith(a) and text.endswith(b)
        trap = row["trap"]
        assert any(a.endswith(trap[:k]) and b.startswith(trap[k:]) for k in range(1, len(trap)))
        assert at not in borders(text), row
        assert len(row["text_ids"]) == len(row["text_pieces"])
    assert len({(row["a"], row["b"]) for row in rows}) == len(rows)
    return len(rows)


@pytest.mark.parametrize("name", ENCODINGS)
def test_no_exported_trap_has_a_border_in_tiktoken(shared, name):
    tokenizer, corpus = train.loaded(name), Corpus((flores(shared),), langs=LANGS)
    seen = met(tokenizer, corpus)
    known = check(tokenizer, by_tiktoken(name))
    assert known > 200
    assert (check(tokenizer, by_tiktoken(name), seen) > known) == (name == "o200k_base")


@pytest.mark.parametrize("name", FOLDERS)
def test_no_exported_trap_has_a_border_in_tokenizers(shared, name):
    folder = shared / "tokenizers" / name
    tokenizer, corpus = train.loaded(str(folder)), Corpus((flores(shared),), langs=LANGS)
    assert check(tokenizer, by_tokenizers(folder), met(tokenizer, corpus)) > 20


def test_no_exported_trap_has_a_border_in_sentencepiece():
    tokenizer = train.loaded("pkg:mistral-common/mistral_instruct_tokenizer_240323")
    (file,) = tokenizer.files
    path = reference.in_package("mistral-common", file.name)
    assert check(tokenizer, by_sentencepiece(path)) > 20


# The command


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as left:
        main([*map(str, arguments)])
    return int(left.value.code or 0)


@pytest.mark.parametrize("suffix", [".parquet", ".jsonl"])
def test_traps_are_written_beside_the_report(tmp_path, capfdbinary, suffix):
    file = tmp_path / f"traps{suffix}"
    asked = ["-q", "-t", train.path("gpt2"), "--limit", 4_000, "--traps", 5, "-f", "json"]
    assert run("adversarial", *asked, "--all-special", "--export", file) == 0
    saved = json.loads(capfdbinary.readouterr().out)
    assert saved["tables"]["adversarial_special_tokens"]
    assert saved["tables"]["adversarial"][0]["limit"] == 4_000
    rows = _rows(file)
    assert rows and set(rows[0]) == set(SCHEMA.names)
    assert max(sum(row["script"] == script for row in rows) for script in _scripts(rows)) <= 5
    assert list(tmp_path.iterdir()) == [file]


def _rows(file: Path) -> Sequence[dict[str, object]]:
    if file.suffix == ".parquet":
        return list(pq.read_table(file).to_pylist())
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def _scripts(rows: Sequence[dict[str, object]]) -> set[object]:
    return {row["script"] for row in rows}


def test_the_same_command_gives_the_same_bytes(capfdbinary):
    asked = ["adversarial", "-q", "-t", train.path("wordpiece"), "--limit", 2_000, "-f", "json"]
    assert run(*asked) == 0
    first = capfdbinary.readouterr().out
    assert run(*asked) == 0
    assert capfdbinary.readouterr().out == first


def test_a_challenge_set_of_another_kind_is_refused_before_any_work(capfd):
    assert run("adversarial", "-t", "no-such-tokenizer", "--export", "traps.csv") == 2
    assert "--export writes .parquet or .jsonl" in capfd.readouterr().err
