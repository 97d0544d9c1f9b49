"""All of FLORES-200 (204 languages, 409,836 rows) under eight tokenizers: a run of minutes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import tiktoken
import tokenizers

from tests import train
from tokaudit import engine
from tokaudit.audits.fertility import Fertility
from tokaudit.corpus import Corpus
from tokaudit.report import Report
from tokaudit.tokenizer import Tokenizer

pytestmark = pytest.mark.shared

TIKTOKEN = ("cl100k_base", "o200k_base", "r50k_base", "p50k_base")
JSON = ("llama3", "qwen2.5", "gemma2", "bert-base-uncased")
NAMES = (*TIKTOKEN, *JSON)
LANGS = ("deu_Latn", "eng_Latn", "shn_Mymr", "tha_Thai", "zho_Hans")
ROWS = 2_009
# Figures that are above 0 wherever there is text; shares of words may well be 0.
POSITIVE = (
    "fertility",
    "tokens_per_word",
    "bytes_per_token",
    "chars_per_token",
    "tokens_per_byte",
    "premium",
    "nsl",
    "vocabulary_used",
    "renyi_efficiency",
    "bits_per_byte",
    "bits_per_byte_uniform",
)
NOT_ASKED_FOR = {
    "isolated_fertility",
    "isolated_single_token_words",
    "context_chars",
    "cost",
}
SHARES = ("continued_words", "single_token_words", "vocabulary_used", "renyi_efficiency")
OF_THE_TEXT = ("rows", "bytes", "chars", "graphemes", "words")


def chosen(shared: Path) -> list[Tokenizer]:
    specs = [*TIKTOKEN, *(str(shared / "tokenizers" / name) for name in JSON)]
    return [train.loaded(spec) for spec in specs]


def run(shared: Path, *langs: str) -> Report:
    corpus = Corpus((str(shared / "corpora" / "flores200.parquet"),), langs=langs)
    return engine.run({"fertility": Fertility}, chosen(shared), corpus)


@pytest.fixture(scope="session")
def report(shared: Path) -> Report:
    """The one long run."""
    return run(shared)


@pytest.fixture(scope="session")
def rows(report: Report) -> dict[tuple[str, str], dict[str, Any]]:
    """Rows by the tokenizer's short name and the language."""
    table = report.tables["fertility"].to_pylist()
    return {(Path(row["tokenizer"]).name, row["lang"]): row for row in table}


def test_every_language_is_there_under_every_tokenizer(report, rows):
    assert report.tables["fertility"].num_rows == len(rows) == 204 * len(NAMES)
    assert {name for name, _ in rows} == set(NAMES)
    assert len({lang for _, lang in rows}) == 204
    assert all(row["rows"] == ROWS for row in rows.values())
    assert not any(row["failed_rows"] for row in rows.values())


def test_no_figure_is_missing_without_a_reason(rows):
    for place, row in rows.items():
        nulls = {name for name, value in row.items() if value is None}
        assert nulls == set(dict(row["absent"])), place
        assert all(dict(row["absent"]).values()), place


def test_no_figure_of_a_lossless_tokenizer_is_missing(rows):
    for place, row in rows.items():
        missing = {name for name, _ in row["absent"]} - NOT_ASKED_FOR
        assert not missing or row["altered_rows"], place


def test_no_figure_is_zero_for_want_of_data(rows):
    for place, row in rows.items():
        assert all(row[name] is None or row[name] > 0 for name in POSITIVE), place
        assert all(row[name] is None or 0 <= row[name] <= 1 for name in SHARES), place
        assert all(row[name] > 0 for name in (*OF_THE_TEXT, "tokens")), place


def test_what_is_of_the_text_is_the_same_under_every_tokenizer(rows):
    for lang in {lang for _, lang in rows}:
        assert len({tuple(rows[n, lang][c] for c in OF_THE_TEXT) for n in NAMES}) == 1, lang


def test_bytes_and_letters_are_those_of_the_file(shared, rows):
    for lang in LANGS:
        texts = list(sentences(shared, lang))
        row = rows["llama3", lang]
        assert row["chars"] == sum(map(len, texts))
        assert row["bytes"] == sum(len(text.encode()) for text in texts)


def sentences(shared: Path, lang: str) -> Iterator[str]:
    path = shared / "corpora" / "flores200.parquet"
    found = pq.read_table(path, columns=["text"], filters=[("lang", "=", lang)])
    yield from found["text"].to_pylist()


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", TIKTOKEN)
def test_tokens_are_those_that_tiktoken_counts(shared, rows, name, lang):
    encoding = tiktoken.get_encoding(name)
    texts = sentences(shared, lang)
    counted = sum(len(encoding.encode(text, disallowed_special=())) for text in texts)
    assert rows[name, lang]["tokens"] == counted


@pytest.mark.parametrize("name", JSON)
def test_tokens_are_those_that_tokenizers_counts(shared, rows, name):
    backend = tokenizers.Tokenizer.from_file(str(shared / "tokenizers" / name / "tokenizer.json"))
    backend.no_padding()
    backend.encode_special_tokens = True
    for lang in LANGS:
        encoded = backend.encode_batch(list(sentences(shared, lang)), add_special_tokens=False)
        assert rows[name, lang]["tokens"] == sum(map(len, encoded)), lang


def test_the_dearest_language_of_cl100k_is_shan_at_fifteen_times_english(report, rows):
    row = rows["cl100k_base", "shn_Mymr"]
    assert 14.98 <= row["premium"] <= 15.00
    assert row["premium"] == row["tokens"] / rows["cl100k_base", "eng_Latn"]["tokens"]
    (summary,) = (
        each
        for each in report.tables["fertility_summary"].to_pylist()
        if each["tokenizer"] == "cl100k_base"
    )
    assert (summary["costliest"], summary["premium_max"]) == ("shn_Mymr", row["premium"])
    assert summary["languages"] == 204
    said = report.verdicts["fertility"]["cl100k_base"]
    assert "14.99" in said and "shn_Mymr" in said and "203 languages" in said


def test_every_premium_is_a_ratio_of_tokens_on_the_same_rows(rows):
    for (name, _), row in rows.items():
        english = rows[name, "eng_Latn"]
        assert row["premium"] == row["tokens"] / english["tokens"]
        assert english["premium"] == 1.0


def test_ratios_are_those_of_their_totals(rows):
    for (_, lang), row in rows.items():
        assert row["bytes_per_token"] == row["bytes"] / row["tokens"]
        assert row["chars_per_token"] == row["chars"] / row["tokens"]
        assert row["tokens_per_byte"] == row["tokens"] / row["bytes"]
        assert row["tokens_per_word"] == row["tokens"] / row["words"]
        assert row["nsl"] == row["tokens"] / rows["cl100k_base", lang]["tokens"]


def test_a_word_costs_no_less_than_its_share_of_cut_words(rows):
    """Where nothing is lost each word is overlapped by one token at least."""
    for row in rows.values():
        if not row["altered_rows"]:
            assert row["fertility"] >= 1 + row["continued_words"] - 1e-9
            assert row["single_token_words"] <= 1 - row["continued_words"] + 1e-9
            assert row["fertility"] <= row["tokens_per_word"] * 2


def test_only_tokenizers_that_normalise_alter_rows(rows):
    altered = {name for (name, _), row in rows.items() if row["altered_rows"]}
    assert altered == {"qwen2.5", "bert-base-uncased"}
    assert all(rows["bert-base-uncased", lang]["altered_rows"] == ROWS for lang in LANGS)


def test_runs_of_spaces_never_make_p50k_longer_than_r50k(rows):
    for lang in {lang for _, lang in rows}:
        assert rows["p50k_base", lang]["tokens"] <= rows["r50k_base", lang]["tokens"]


def test_a_language_measures_the_same_whatever_else_is_in_the_corpus(shared, rows):
    """Five languages alone give, figure for figure, what they gave among 204."""
    alone = run(shared, *LANGS).tables["fertility"].to_pylist()
    assert len(alone) == len(LANGS) * len(NAMES)
    for row in alone:
        assert row == rows[Path(row["tokenizer"]).name, row["lang"]]
