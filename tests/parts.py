"""A small corpus in several languages, and tokenizers for it that other processes can load too."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tests import train
from tokaudit import loaders
from tokaudit.corpus import Corpus
from tokaudit.tokenizer import Tokenizer

# One tokenizer for each way of reading: lines (lossless and not), spaced, bare, whole.
WAYS = ("gpt2", "wordpiece", "unigram", "bpe", "digits_from_right")
LANGS = ("eng_Latn", "deu_Latn", "tur_Latn", "hin_Deva", "tha_Thai", "zho_Hans")
# What no sentence holds: numbers in columns, white space of every kind, letters that vanish.
ODD = (
    "",
    "  ",
    "1 234 567,89 and 1,234,567.89\n12\n345\n6789",
    " leading  two\ttab\r\nreturn\x85next\u00a0fixed\u3000wide trailing ",
    "x = 1\n// 2\n//3\n\n    y\n/4\ndone",
    "a \u0301 b \u200b c \u06dd d",
    "<|endoftext|> <s> [MASK] ##x ▁y Ġz",
    "THE House THE House the HOUSE é\u0301 İ ß ½",
    "12",
    " 12",
    "the",
    " the the the",
    "☃ unknown ☃☃ 123",
)


def corpus(folder: Path, rows: int = 12) -> Corpus:
    """Write two files: sentences of each language twice, some ids missing, some on two rows."""
    table = []
    for lang in LANGS:
        found = train.sentences(lang)[:rows]
        for number, text in enumerate([*found, *ODD, *found[: rows // 2]]):
            row_id = None if number % 7 == 6 else str(number % (rows + 4))
            if lang != "tur_Latn" or number % 3:
                table.append((text, lang, row_id))
    table.append((None, "deu_Latn", "1"))
    half = len(table) // 2
    for name, part in (("a", table[:half]), ("b", table[half:])):
        columns = dict(zip(("text", "lang", "id"), map(list, zip(*part, strict=True)), strict=True))
        schema = pa.schema([(column, pa.string()) for column in columns])
        pq.write_table(pa.table(columns, schema), folder / f"{name}.parquet", row_group_size=17)
    return Corpus((str(folder / "a.parquet"), str(folder / "b.parquet")))


def refusing(folder: Path) -> str:
    """Write a tokenizer that refuses every row with a letter it does not know; give its spec."""
    config = json.loads(train.path("unigram").read_text(encoding="utf-8"))
    config["model"]["unk_id"] = None
    (folder / "refuses").mkdir()
    (folder / "refuses" / "tokenizer.json").write_text(json.dumps(config), encoding="utf-8")
    return str(folder / "refuses")


def tokenizers(folder: Path) -> list[Tokenizer]:
    """Load a tokenizer for every way of reading, and one that refuses rows."""
    return [*map(train.loaded, WAYS), loaders.load(refusing(folder))]
