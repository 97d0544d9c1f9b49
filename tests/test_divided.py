"""Languages divided by a column: every figure of a part is that of a corpus of the part alone."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests import train
from tokaudit import audits, engine
from tokaudit.corpus import Corpus
from tokaudit.errors import BadCorpus
from tokaudit.parallel import Alignment
from tokaudit.parquet import Columns

PARTS = ("news", "talk")
SAID = {
    "en": ("the storm is over", "rain and {} clouds"),
    "de": ("der Sturm zieht davon", "Regen und {} Wolken"),
    "tr": ("fırtına bitti", "yağmur ve {} bulut"),
}
BY = Columns(by="domain")


def rows():
    """Forty parallel rows of each language, in two parts; the last is another part in German."""
    for lang, (first, second) in SAID.items():
        for number in range(40):
            part = PARTS[number % 2] if (lang, number) != ("de", 39) else "news"
            text = f"{first if number % 3 else second.format(number)} {number * 7}"
            yield {"lang": lang, "id": str(number), "domain": part, "text": text}


def corpus(path, kept=lambda row: True, **changed):
    table = pa.Table.from_pylist([row for row in rows() if kept(row)])
    pq.write_table(table, path / "corpus.parquet")
    return Corpus((str(path / "corpus.parquet"),), **changed)


def figures(texts, *names, **options):
    tokenizers = [train.loaded("gpt2"), train.loaded("bpe")]
    asked = {name: audits.get(name) for name in names or ("fertility",)}
    return engine.run(asked, tokenizers, texts, engine.Options(**options))


def by_label(report, table="fertility"):
    return {(row["tokenizer"], row["lang"]): row for row in report.tables[table].to_pylist()}


def test_a_part_has_the_figures_of_a_corpus_of_this_part_alone(tmp_path):
    divided = by_label(figures(corpus(tmp_path, columns=BY)))
    for part in PARTS:
        home = tmp_path / part
        home.mkdir()
        alone = by_label(figures(corpus(home, lambda row, part=part: row["domain"] == part)))
        for (tokenizer, lang), row in alone.items():
            if (lang, part) == ("de", "news"):  # one row's English is talk
                continue
            assert divided[tokenizer, f"{lang}/{part}"] == {**row, "lang": f"{lang}/{part}"}


def test_rows_are_parallel_whatever_part_the_reference_has_them_in(tmp_path):
    rows = by_label(figures(corpus(tmp_path, columns=BY)))
    spec = train.loaded("gpt2").spec
    assert rows[spec, "de/news"]["rows"] == 21
    assert rows[spec, "en/news"]["premium"] == rows[spec, "en/talk"]["premium"] == 1
    home = tmp_path / "moved"
    home.mkdir()
    same_ids = {str(number) for number in (*range(0, 40, 2), 39)}
    alone = by_label(figures(corpus(home, lambda row: row["id"] in same_ids)))
    assert rows[spec, "de/news"]["premium"] == alone[spec, "de"]["premium"]
    assert rows[spec, "de/news"]["premium_ci95"] == alone[spec, "de"]["premium_ci95"]


def test_an_id_on_two_rows_of_a_language_takes_no_part_even_in_two_parts(tmp_path):
    table = [{**row, "id": "1" if row["id"] == "2" else row["id"]} for row in rows()]
    pq.write_table(pa.Table.from_pylist(table), tmp_path / "twice.parquet")
    texts = Corpus((str(tmp_path / "twice.parquet"),), columns=BY)
    alignment = Alignment.of(texts, None)
    assert sorted(alignment.ids.to_pylist()) == sorted({str(n) for n in range(40)} - {"1", "2"})
    assert alignment.references == {"en/news", "en/talk"}


def test_parts_add_up_to_the_language(tmp_path):
    texts = corpus(tmp_path)
    whole = by_label(figures(texts))
    parts = by_label(figures(corpus(tmp_path, columns=BY)))
    for (tokenizer, lang), row in whole.items():
        mine = [parts[tokenizer, f"{lang}/{part}"] for part in PARTS]
        for name in ("rows", "bytes", "chars", "tokens", "words"):
            assert sum(part[name] for part in mine) == row[name]


@pytest.mark.parametrize("options", [{"jobs": 2}, {"chunks": True}])
def test_parts_are_the_same_however_they_are_read(tmp_path, options):
    texts, names = corpus(tmp_path, columns=BY), ("fertility", "coverage")
    one, other = figures(texts, *names), figures(texts, *names, **options)
    assert one.digest == other.digest


def test_a_part_without_a_name_and_one_named_by_a_folder(tmp_path):
    table = pa.Table.from_pylist([{"text": "some words", "part": None}, {"text": "a", "part": 7}])
    pq.write_table(table, tmp_path / "a.parquet")
    texts = Corpus((str(tmp_path / "a.parquet"),), Columns(by="part"), langs=("en",))
    assert [piece.lang for piece in texts] == ["en/", "en/7"]
    assert dict(texts.counts()) == {"en/": 1, "en/7": 1}
    home = tmp_path / "lang=de" / "part=news"
    home.mkdir(parents=True)
    pq.write_table(table.select(["text"]), home / "a.parquet")
    texts = Corpus((str(tmp_path / "lang=de"),), Columns(by="part"))
    assert {piece.lang for piece in texts} == set(texts.counts()) == {"de/news"}
    assert texts.labels() == ["de"]


def test_a_column_that_is_not_there_is_said(tmp_path):
    texts = corpus(tmp_path, columns=Columns(by="topic"))
    with pytest.raises(BadCorpus, match=r"has no column 'topic'.*\(name one with --by\)"):
        list(texts)


def test_the_command_divides_and_signs_for_it(tokaudit, tmp_path):
    corpus(tmp_path)
    asked = ["fertility", tmp_path / "corpus.parquet", "-t", "builtin:bytes", "--by", "domain"]
    _, page, _ = tokaudit(*asked)
    assert "de/news" in page
    assert "|by:domain|" in page.replace("\n", "")


def test_only_parts_that_are_read_have_a_weight(tokaudit, tmp_path):
    corpus(tmp_path)
    asked = [
        "compare",
        *map(train.path, ("gpt2", "single_digits")),
        "--by",
        "domain",
        "--lang",
        "de",
    ]
    asked += ["--corpus", tmp_path / "corpus.parquet", "--weights"]
    assert tokaudit(*asked, "de/news=2,de/talk=1")[0] == 0
    code, _, said = tokaudit(*asked, "tr/news=1")
    assert code == 2
    assert "--weights names tr/news, which the corpus lacks" in said
