"""Bytes to begin with: for each target files as they are meant, and what once was a defect."""

import base64
import io
import json
import struct
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tokaudit import cli

BYTES = [bytes([byte]) for byte in range(256)]
MERGED = [*BYTES, b"th", b"the", b" the"]
SPECS = (
    "o200k_base",
    "./dir",
    "x.model",
    "hf:org/name@main#folder",
    "pkg:mistral-common/tekken_240911",
    "ranks:x.tiktoken?pattern=cl100k_base",
)
LIMITS = (
    "fertility[hin_Deva] <= 2.1",
    "premium.max <= 5",
    "fertility.high <= 1.5",
    'digits.strategy == "single"',
    "digits_forms.tokens[form=date] <= 5",
    "bytes_per_token: -1%",
    "fertility <= o200k_base + 5%",
    "findings.TA101 == 0",
)
SETTINGS = """tokenizers = ["builtin:bytes"]
compare-with = ["o200k_base"]
corpora = ["builtin:parallel"]
limits = ["premium.max <= 5", "fertility: +2%"]
fail-on = "error"
ignore = ["TA002"]
[severity]
TA004 = "error"
"""
TREEBANK = """# text = The bread isn't good.
1\tThe\t_\t_\t_\t_\t_\t_\t_\t_
2\tbread\t_\t_\t_\t_\t_\t_\t_\t_
3-4\tisn't\t_\t_\t_\t_\t_\t_\t_\t_
3\tis\t_\t_\t_\t_\t_\t_\t_\t_
4\tn't\t_\t_\t_\t_\t_\t_\t_\t_
5\tgood\t_\t_\t_\t_\t_\t_\t_\tSpaceAfter=No
6\t.\t_\t_\t_\t_\t_\t_\t_\t_

"""
IDS = """{"schema": "tokaudit-ids/1", "tokaudit": "1", "tokenizer": "x"}
{"lang": "en", "text": "a b", "ids": [97, 32, 98]}
{"kind": "digits", "text": "12", "ids": null}
"""
JSONL = '{"text": "a", "lang": "en", "id": 1, "domain": null}\n'
CELLS = 'text,lang,id\n"a, ""b""",en,1\n'
WORDS = "word,segments,lang\nunhappy,un|happy,en\nhappily,happi@@ ly,en\n"
PATTERNS = (
    r"(?i:'s|'t)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
    r"(?<=a)[\p{Lu}&&[A-Z]]*+(x|y)+?\x{1F600}$",
)
MODELS = (
    {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": [["a", "b"], "a b"]},
    {"type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0.0], ["a", -1.0]]},
)
NORMALIZER = {
    "type": "Sequence",
    "normalizers": [
        {"type": "Replace", "pattern": {"Regex": "a+"}, "content": "bb"},
        {"type": "Prepend", "prepend": "_"},
    ],
}
ADDED = [{"id": 3, "content": "<s>", "special": True, "normalized": False}]
TOTALS = (
    '["tuple", [1, ["Counter", [["a", 2]]], ["bytes", "YQ=="], ["array", "<i8", "AQAAAAAAAAA="]]]',
    '["record", "tokaudit.corpus:Census", [1, 2, 3, 4, 5, 6, 7]]',
    '["set", [["strings", ["a"]], ["frozenset", [1.5, null, true]]]]',
)
BASELINE = {
    "schema": "tokaudit-baseline/1",
    "conditions": {"corpus": "x", "rows": 1, "words": "icu", "reference": None},
    "figures": {"fertility": {"builtin:bytes": {"en": 1.5}}},
}
# What was a defect, each under the target that found it.
FOUND: dict[str, list[bytes]] = {
    "limit": [b"prexium.max <= 5"],
    "settings": [b"x = " + b"[" * 3_000, b"tool = 5"],
    "baseline": [b'{"schema": "tokaudit-baseline/1", "conditions": {}, "figures": {"a": 1}}'],
    "segments": [b"\2word\tsegments\tlan\xffg\na\ta\ten\n", b"\0word,word,segments,lang\n"],
    "totals": [b'["##[error]", 1]'],
    "glob": [b"[z-a]"],
    "weights": [b"eng_Latn=1," * 100],
    "pattern": [
        rb"[\x{4e00}-\x{9fa5}]+",
        b"a{1,1000000000}",
        b"a{" + b"9" * 5_000 + b"}",
        b"(" * 5_000,
        rb"(?i:[\s\S&&[ab]])",
        rb"\p{9E99999}",
    ],
}


def seeds(target: str) -> list[bytes]:
    """Give the bytes to begin with for one target."""
    made = MADE[target]
    return [*(made() if callable(made) else made), *FOUND.get(target, ())]


def _lines(*texts: str) -> list[bytes]:
    return [text.encode() for text in texts]


def _ranks() -> list[bytes]:
    rows = (b"%s %d\n" % (base64.b64encode(text), rank) for rank, text in enumerate(MERGED))
    return [b"".join(rows), b"YQ== 0\nYg== 1\n"]


def _tekken() -> list[bytes]:
    vocab = [
        {"rank": rank, "token_bytes": base64.b64encode(text).decode()}
        for rank, text in enumerate(MERGED)
    ]
    config = {"pattern": ".", "default_num_special_tokens": 2, "default_vocab_size": 261}
    special = [{"rank": 0, "token_str": "<s>"}]
    return _lines(
        json.dumps({"config": config, "vocab": vocab, "special_tokens": special}),
        json.dumps({"config": config, "vocab": vocab[:2]}),
    )


def _gguf() -> list[bytes]:
    """Write a version 3 file of three entries by hand."""

    def text(said: str) -> bytes:
        return struct.pack("<Q", len(said)) + said.encode()

    keys = [
        text("tokenizer.ggml.model") + struct.pack("<I", 8) + text("gpt2"),
        text("tokenizer.ggml.pre") + struct.pack("<I", 8) + text("gpt-2"),
        text("tokenizer.ggml.tokens") + struct.pack("<IIQ", 9, 8, 3) + b"".join(map(text, "aĠb")),
        text("tokenizer.ggml.token_type") + struct.pack("<IIQ3i", 9, 5, 3, 1, 1, 3),
        text("tokenizer.ggml.merges") + struct.pack("<IIQ", 9, 8, 1) + text("a b"),
    ]
    return [b"GGUF" + struct.pack("<IQQ", 3, 0, len(keys)) + b"".join(keys)]


def _tokenizer_json() -> list[bytes]:
    configs = ({"model": m, "normalizer": NORMALIZER, "added_tokens": ADDED} for m in MODELS)
    return _lines(*map(json.dumps, configs))


def _segments() -> list[bytes]:
    """Write a table in each form, behind a byte that says which (see `targets.segmentation`)."""
    sink = io.BytesIO()
    columns = {"word": ["unhappy"], "segments": ["un|happy"], "lang": ["en"]}
    pq.write_table(pa.table(columns), sink, compression="none")
    tabs = WORDS.replace(",", "\t")
    return [b"\0" + WORDS.encode(), b"\1" + sink.getvalue(), b"\2" + tabs.encode()]


def _records() -> list[bytes]:
    tabs = CELLS.replace('"', "").replace(",", "\t")
    return _lines("\0a\nb\r\n", "\1" + JSONL, "\2" + CELLS, "\3" + tabs)


def _made(*arguments: str) -> list[bytes]:
    """Let the command line write a file about a corpus of three rows, and give what it holds."""
    with tempfile.TemporaryDirectory() as folder:
        corpus, written = Path(folder, "c.parquet"), Path(folder, "written.json")
        columns = {"text": ["a b", "ab 12", "ç d"], "lang": ["en", "en", "tr"], "id": list("121")}
        pq.write_table(pa.table(columns), corpus)
        asked = ["fertility", "-q", str(corpus), "-t", "builtin:bytes", "-o", str(written)]
        with suppress(SystemExit):
            cli.main([*asked, *arguments])
        return [written.read_bytes()]


MADE = {
    "spec": _lines(*SPECS),
    "limit": _lines(*LIMITS),
    "settings": _lines(SETTINGS),
    "baseline": _lines(json.dumps(BASELINE)),
    "weights": _lines("en=1,tr=2.5", "# weights\nen=1\ntr=0\n"),
    "ranks": _ranks,
    "tekken": _tekken,
    "gguf": _gguf,
    "tokenizer_json": _tokenizer_json,
    "segments": _segments,
    "treebank": _lines(TREEBANK),
    "ids": _lines(IDS),
    "records": _records,
    "report": lambda: _made("-f", "json"),
    "shard": lambda: _made("--shard", "1/1"),
    "totals": _lines(*TOTALS),
    "glob": _lines("*.parquet", "**/[!a]?", "[a-c]"),
    "pattern": _lines(*PATTERNS),
    "shown": _lines("a\x1b[31m\u202e##[error]::x", "e\u0301"),
}


def main(folder: Path) -> None:
    """Write the seeds of every target into a folder of its own."""
    for target in MADE:
        place = folder / target
        place.mkdir(parents=True, exist_ok=True)
        for number, data in enumerate(seeds(target)):
            (place / f"{number:03}").write_bytes(data)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
