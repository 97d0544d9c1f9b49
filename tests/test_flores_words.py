"""FLORES-200 in part: words against the reference library's offsets, totals, published premiums."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import tokenizers

from tests import train
from tests.offsets import slowly
from tokaudit import engine
from tokaudit.audits.fertility import Fertility
from tokaudit.corpus import Corpus

pytestmark = pytest.mark.shared

FOLDERS = ("llama2", "xlmr-unigram-de")  # of the others test_flores tells
LANGS = ("amh_Ethi", "arb_Arab", "jpn_Jpan", "khm_Khmr", "kor_Hang", "mya_Mymr", "rus_Cyrl")
LANGS += ("shn_Mymr", "taq_Tfng", "tha_Thai", "vie_Latn", "zho_Hans")
ROWS = 25  # of each of these languages

# cl100k_base on rows joined as the published figures have them (METRICS, section 1).
PREMIUMS = {
    "deu_Latn": 1.58,
    "fra_Latn": 1.60,
    "spa_Latn": 1.55,
    "por_Latn": 1.48,
    "zho_Hans": 1.91,
    "jpn_Jpan": 2.30,
    "hin_Deva": 4.79,
    "tha_Thai": 4.39,
    "tur_Latn": 1.91,
    "mya_Mymr": 11.70,
    "shn_Mymr": 15.05,
}


def flores(shared: Path, langs: Sequence[str]) -> dict[str, list[dict[str, str]]]:
    path = shared / "corpora" / "flores200.parquet"
    found: dict[str, list[dict[str, str]]] = {lang: [] for lang in langs}
    for row in pq.read_table(path, filters=[("lang", "in", list(langs))]).to_pylist():
        found[row["lang"]].append(row)
    return found


def figures(folder: Path, rows: list[dict[str, str]], *specs: str) -> dict[Any, dict[str, Any]]:
    """Run the audit and give its rows by tokenizer and language."""
    pq.write_table(pa.Table.from_pylist(rows), folder / "rows.parquet")
    corpus = Corpus((str(folder / "rows.parquet"),))
    found = engine.run({"fertility": Fertility}, [*map(train.loaded, specs)], corpus)
    return {(r["tokenizer"], r["lang"]): r for r in found.tables["fertility"].to_pylist()}


@pytest.mark.parametrize("name", ["llama3", "gemma2", "gpt2"])
def test_single_token_words_of_all_of_flores_are_what_offsets_say(tmp_path, shared, name):
    spec = str(shared / "tokenizers" / name)
    backend = tokenizers.Tokenizer.from_file(f"{spec}/tokenizer.json")
    texts = flores(shared, ["eng_Latn", "deu_Latn"])
    found = figures(tmp_path, [row for rows in texts.values() for row in rows], spec)
    for lang, rows in texts.items():
        slow = slowly(backend, [row["text"] for row in rows])
        assert len(rows) == found[spec, lang]["rows"] == 2_009
        assert found[spec, lang]["words"] == pytest.approx(slow["words"], rel=1e-4)
        assert found[spec, lang]["single_token_words"] == pytest.approx(
            slow["whole"] / slow["words"], abs=0.005
        )


def test_totals_are_those_that_the_library_counts(tmp_path, shared):
    texts = {lang: rows[:ROWS] for lang, rows in flores(shared, LANGS).items()}
    specs = [str(shared / "tokenizers" / name) for name in FOLDERS]
    found = figures(tmp_path, [row for rows in texts.values() for row in rows], *specs)
    for lang, rows in texts.items():
        lines = [row["text"] for row in rows]
        for spec in specs:
            assert found[spec, lang]["tokens"] == counted(spec, lines), (spec, lang)


def counted(spec: str, texts: list[str]) -> int:
    """Count tokens by the library alone."""
    backend = tokenizers.Tokenizer.from_file(f"{spec}/tokenizer.json")
    backend.no_padding()
    return sum(map(len, backend.encode_batch(texts, add_special_tokens=False)))


def test_premiums_of_cl100k_are_the_published_ones_on_joined_rows(tmp_path, shared):
    texts = flores(shared, ["eng_Latn", *PREMIUMS])
    rows = [{"text": joined(rows), "lang": lang, "id": "1"} for lang, rows in texts.items()]
    found = figures(tmp_path, rows, "cl100k_base")
    premiums = {lang: found["cl100k_base", lang]["premium"] for lang in PREMIUMS}
    assert {lang: round(each, 2) for lang, each in premiums.items()} == PREMIUMS
    assert max(premiums, key=premiums.__getitem__) == "shn_Mymr"


def joined(rows: Sequence[dict[str, str]]) -> str:
    """Join rows with an empty string behind each split: the last line ends of its files."""
    parts: list[str] = []
    for split in ("dev", "devtest"):
        parts += [*(row["text"] for row in rows if row["split"] == split), ""]
    return " ".join(parts)
