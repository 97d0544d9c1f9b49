"""Gold words of a treebank, and words encoded alone."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests import train
from tokaudit import gold
from tokaudit.errors import BadCorpus
from tokaudit.words import SEPARATOR


def conllu(*sentences):
    """Write sentences; a word is (form, space behind it), or (id, form, space)."""
    blocks = []
    for text, words in sentences:
        lines = [f"# text = {text}"] if text else ["# sent_id = 1"]
        for number, (*given, form, spaced) in enumerate(words, 1):
            misc = "_" if spaced else "SpaceAfter=No"
            lines.append("\t".join([given[0] if given else str(number), form, *"_______", misc]))
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


DONT = ("I don't know.", [("I", True), ("do", False), ("n't", True), ("know", False), (".", True)])
ZUM = (
    "Er geht zum Zug.",
    [
        ("Er", True),
        ("geht", True),
        ("3-4", "zum", True),
        ("3", "zu", True),
        ("4", "dem", True),
        ("4.1", "leer", True),
        ("5", "Zug", False),
        ("6", ".", True),
    ],
)
VIETNAMESE = ("học sinh đọc", [("học sinh", True), ("đọc", True)])
WITHOUT_TEXT = (None, [("a", True), ("b", False), ("!", True)])


@pytest.fixture
def treebank(tmp_path):
    path = tmp_path / "x.conllu"
    path.write_text(conllu(DONT, ZUM, VIETNAMESE, WITHOUT_TEXT), encoding="utf-8")
    return gold.segmenter(str(path))


def cut(segmenter, text):
    starts, ends = segmenter.cut(text)
    return [text[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]


def test_words_are_those_that_people_found(treebank):
    assert cut(treebank, DONT[0]) == ["I", "do", "n't", "know", "."]
    assert cut(treebank, "Er geht zum Zug.") == ["Er", "geht", "zum", "Zug", "."]
    assert cut(treebank, "học sinh đọc") == ["học sinh", "đọc"]
    assert cut(treebank, "a b!") == ["a", "b", "!"]


def test_rows_that_are_no_sentence_have_no_words(treebank):
    joined = SEPARATOR.join(["unknown", "a b!", "", "Er geht zum Zug."])
    assert cut(treebank, joined) == ["a", "b", "!", "Er", "geht", "zum", "Zug", "."]
    assert treebank.refuses("unknown") and not treebank.refuses("a b!")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1\ta\n", "columns"),
        ("# text = x y\n" + "\t".join(["1", "z", *"________"]) + "\n", "'z' is not next"),
    ],
)
def test_a_file_that_is_no_treebank_is_refused_in_a_sentence(tmp_path, text, said):
    path = tmp_path / "bad.conllu"
    path.write_text(text)
    with pytest.raises(BadCorpus, match=said):
        gold.segmenter(str(path))
    with pytest.raises(BadCorpus, match="cannot read"):
        gold.segmenter(str(tmp_path / "none.conllu"))


def report(tokaudit, folder, *more, rows=(DONT[0], "Er geht zum Zug.", "not in it")):
    pq.write_table(pa.table({"text": rows, "lang": ["xx"] * len(rows)}), folder / "c.parquet")
    (folder / "x.conllu").write_text(conllu(DONT, ZUM), encoding="utf-8")
    asked = [
        "fertility",
        folder / "c.parquet",
        "-t",
        "builtin:chars",
        "--words",
        folder / "x.conllu",
    ]
    code, out, err = tokaudit(*asked, "-f", "json", "-q", *more)
    assert code == 0, err
    return json.loads(out)


def test_figures_per_word_are_of_the_rows_that_match(tokaudit, tmp_path):
    found = report(tokaudit, tmp_path)
    (row,) = found["tables"]["fertility"]
    assert (row["words"], row["unmatched_rows"], row["rows"]) == (10, 1, 3)
    assert row["fertility"] == (11 + 13) / 10
    assert row["tokens_per_word"] is None and "no words" in row["absent"]["tokens_per_word"]
    assert "Words are known of 2 of 3 rows." in found["verdicts"]["fertility"]["builtin:chars"]
    assert f"{tmp_path / 'x.conllu'}-" in found["conditions"]["words"]


def test_gold_words_are_the_same_in_other_processes_and_shards(tokaudit, tmp_path):
    alone = report(tokaudit, tmp_path)["tables"]
    assert report(tokaudit, tmp_path, "--jobs", "2")["tables"] == alone
    asked = ["fertility", tmp_path / "c.parquet", "-t", "builtin:chars", "-q"]
    asked += ["--words", tmp_path / "x.conllu", "--shard", "1/1", "-o", tmp_path / "a.shard"]
    assert tokaudit(*asked)[0] == 0
    code, out, err = tokaudit("merge", tmp_path / "a.shard", "-f", "json")
    assert code == 0, err
    assert json.loads(out)["tables"] == alone


def test_words_encoded_alone_are_counted_as_often_as_they_occur(tokaudit, tmp_path):
    """Behind a space `the` is one token, alone it is two: what is published hides that."""
    path = tmp_path / "c.parquet"
    pq.write_table(pa.table({"text": ["a the the"], "lang": ["en"]}), path)
    spec = train.loaded("gpt2").spec
    code, out, err = tokaudit("fertility", path, "-t", spec, "--isolated", "-f", "json", "-q")
    assert code == 0, err
    (row,) = json.loads(out)["tables"]["fertility"]
    assert (row["fertility"], row["single_token_words"]) == (1.0, 1.0)
    assert (row["isolated_fertility"], row["isolated_single_token_words"]) == (5 / 3, 1 / 3)
    assert json.loads(out)["conditions"]["isolated"] is True
