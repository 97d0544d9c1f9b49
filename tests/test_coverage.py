"""The coverage audit: every column by hand, against the reference libraries, and on real text."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
import tokenizers
from tokenizers import decoders, models, normalizers, pre_tokenizers

from tests import train
from tokaudit import engine, loaders
from tokaudit.audits.coverage import Coverage
from tokaudit.corpus import Corpus
from tokaudit.coverage.seen import Clusters
from tokaudit.engine import Options
from tokaudit.tokenizer import Tokenizer

CHARS = 0x110000 - 0x800
WIDTHS = [name for name in Coverage.schemas["coverage"].names if name.endswith("_ci95")]
CLASSES = ("exact", "nfc", "nfkc", "whitespace", "case", "lossy", "undecoded")
Line = tuple[str, str]  # text, language
NO_UNKNOWN = "this vocabulary has no unknown token"
NO_FALLBACK = "no entries of this vocabulary are bytes that stand in"


def report(tmp_path: Path, rows: Sequence[Line], *tokenizers: Tokenizer, **options: Any) -> Any:
    texts, langs = (list(column) for column in zip(*rows, strict=True))
    path = tmp_path / "rows.parquet"
    ids = [str(langs[:place].count(lang)) for place, lang in enumerate(langs)]
    pq.write_table(pa.table({"text": texts, "lang": langs, "id": ids}), path)
    return engine.run(
        {"coverage": Coverage}, tokenizers, Corpus((str(path),)), Options(sample=None, **options)
    )


def figures(tmp_path: Path, rows: Sequence[Line], *tokenizers: Tokenizer) -> list[dict[str, Any]]:
    return report(tmp_path, rows, *tokenizers).tables["coverage"].to_pylist()


def table(found: Any, name: str) -> list[dict[str, Any]]:
    """Give a table's rows without the names before and the reasons behind."""
    rows = found.tables[f"coverage_{name}"].to_pylist()
    return [{k: v for k, v in r.items() if k not in ("tokenizer", "absent")} for r in rows]


def reasons(row: Mapping[str, Any]) -> dict[str, str]:
    return dict(row["absent"])


def came_back(**classes: float) -> dict[str, float]:
    return dict.fromkeys(CLASSES, 0.0) | classes


def load(tmp_path: Path, tokenizer: tokenizers.Tokenizer) -> Tokenizer:
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    return loaders.load(str(tmp_path / "tokenizer.json"))


@pytest.fixture
def pieces(tmp_path) -> Tokenizer:
    """WordPiece of four entries, lower-casing and without accents."""
    words = {"[UNK]": 0, "the": 1, "bread": 2, "##s": 3}
    tokenizer = tokenizers.Tokenizer(models.WordPiece(words, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    return load(tmp_path, tokenizer)


def merging(tmp_path: Path, *merges: tuple[str, str]) -> Tokenizer:
    """Byte-level BPE of these merges, over text that nothing cuts."""
    letters = sorted({letter for pair in merges for part in pair for letter in part})
    entries = dict.fromkeys([*letters, *("".join(pair) for pair in merges)])
    words = {entry: number for number, entry in enumerate(entries)}
    tokenizer = tokenizers.Tokenizer(models.BPE(words, list(merges)))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.decoder = decoders.ByteLevel()
    return load(tmp_path, tokenizer)


# By hand


def test_every_column_of_a_small_corpus_is_what_a_person_counts(tmp_path, chars):
    rows = [("hi there", "en"), ("ağaç", "tr"), ("ok", "en")]
    english, turkish = figures(tmp_path, rows, chars)
    assert english == {
        "tokenizer": "builtin:chars",
        "lang": "en",
        "rows": 2,
        "bytes": 10,
        "chars": 10,
        "graphemes": 10,
        "words": 3,
        "tokens": 10,
        "unknown_tokens": None,
        **dict.fromkeys(WIDTHS),
        "unk_rate": None,
        "unk_chars": None,
        "dropped_chars": 0.0,
        "byte_fallback_rate": None,
        "partial_utf8_rate": 0.0,
        "split_chars": 0.0,
        "split_graphemes": 0.0,
        "multi_word_tokens": 0.0,
        "ids_used": 8,  # h i (space) t e r o k
        "vocabulary_used": 8 / CHARS,
        "multi_word_types": 0.0,
        "words_looked_at": 3,
        "words_never_whole": 1.0,
        "clusters": 7,  # the same without the space
        "clusters_lost": 0,
        "drawn_rows": 2,
        **came_back(exact=1.0),
        "altered_rows": 0,
        "failed_rows": 0,
        "absent": english["absent"],
    }
    assert set(reasons(english).values()) == {
        NO_UNKNOWN,
        NO_FALLBACK,
        "too few documents for an interval",
    }
    assert (turkish["bytes"], turkish["chars"], turkish["ids_used"]) == (6, 4, 3)


def test_bytes_of_a_letter_are_partial_and_split_it(tmp_path, octets):
    (row,) = figures(tmp_path, [("ağaç", "tr")], octets)
    assert row["tokens"] == 6
    assert row["partial_utf8_rate"] == 4 / 6  # two bytes each of ğ and ç
    assert row["split_chars"] == row["split_graphemes"] == 2 / 4
    assert (row["clusters"], row["clusters_lost"]) == (3, 0)
    assert row["exact"] == 1.0
    assert row["vocabulary_used"] == 5 / 243  # a, C4 9F, C3 A7


def test_a_cluster_of_several_characters_is_split_where_they_are_apart(tmp_path, chars):
    (row,) = figures(tmp_path, [("e\u0301 👍🏽\r\n", "fr")], chars)
    assert (row["chars"], row["graphemes"]) == (7, 4)  # e+accent, space, thumb+tone, line end
    assert row["split_graphemes"] == 2 / 4  # white space is not torn
    assert row["split_chars"] == 0.0


def test_an_unknown_token_stands_for_a_character_or_a_word(tmp_path, pieces):
    found = report(tmp_path, [("The breads ☃☂", "en"), ("the the", "en")], pieces)
    (row,) = found.tables["coverage"].to_pylist()
    assert row["tokens"] == 6  # the bread ##s [UNK], the the
    assert (row["unknown_tokens"], row["unk_rate"]) == (1, 1 / 6)
    assert row["unk_chars"] == 2 / 20
    assert row["dropped_chars"] == row["split_chars"] == row["split_graphemes"] == 0.0
    assert (row["ids_used"], row["vocabulary_used"]) == (4, 1.0)
    assert (row["words_looked_at"], row["words_never_whole"]) == (3, 1 / 3)
    assert (row["clusters"], row["clusters_lost"]) == (11, 11)  # no letter has an entry
    assert {k: row[k] for k in CLASSES} == came_back(exact=0.5, lossy=0.5)
    assert row["altered_rows"] == 2  # it drops the space as well
    assert table(found, "words") == [{"lang": "en", "word": "breads", "occurrences": 1}]
    (common, latin) = sorted(table(found, "clusters"), key=lambda each: each["script"])
    assert common == {
        "lang": "en",
        "script": "Common",
        "fate": "unknown",
        "clusters": 2,
        "occurrences": 2,
        "examples": "‘☂’, ‘☃’",
    }
    assert (latin["clusters"], latin["occurrences"]) == (9, 15)
    assert latin["examples"].startswith("‘e’, ‘h’, ‘t’")  # four, three and two times


def test_a_character_that_the_normaliser_removes_leaves_no_token(tmp_path, pieces):
    (row,) = figures(tmp_path, [("the\u0301 the\u00ad", "en")], pieces)
    assert row["tokens"] == 2
    assert row["dropped_chars"] == 2 / 9  # an accent and a soft hyphen
    assert row["unk_chars"] == 0.0
    assert row["lossy"] == 1.0


def test_bytes_stand_in_for_what_has_no_entry(tmp_path):
    (row,) = figures(tmp_path, [("☃", "en")], train.loaded("bpe"))
    assert row["tokens"] == 4  # ▁ <0xE2> <0x98> <0x83>
    assert row["byte_fallback_rate"] == row["partial_utf8_rate"] == 3 / 4
    assert row["split_chars"] == 1.0
    assert (row["unknown_tokens"], row["unk_rate"]) == (0, 0.0)
    assert row["exact"] == 1.0


def test_a_token_of_several_words_counts_as_a_token_and_as_a_type(tmp_path):
    found = report(tmp_path, [("a b a", "en")], merging(tmp_path, ("Ġ", "b"), ("a", "Ġb")))
    (row,) = found.tables["coverage"].to_pylist()
    assert row["tokens"] == 3  # `a b`, ` `, `a`
    assert row["multi_word_tokens"] == row["multi_word_types"] == 1 / 3


def test_a_word_is_never_whole_only_if_no_occurrence_is(tmp_path):
    """` b` has an entry and `b` alone too, but `ab` none; in `a b` no word is alone."""
    found = report(
        tmp_path, [("ab b ab", "en"), ("a b", "en")], merging(tmp_path, ("Ġ", "b"), ("a", "Ġb"))
    )
    (row,) = found.tables["coverage"].to_pylist()
    assert (row["words_looked_at"], row["words_never_whole"]) == (3, 2 / 3)
    assert table(found, "words") == [
        {"lang": "en", "word": "ab", "occurrences": 2},
        {"lang": "en", "word": "a", "occurrences": 1},
    ]


def test_without_icu_words_of_scripts_without_spaces_are_no_figure(tmp_path, chars):
    from tokaudit import words

    segmenter = words.segmenter("regex")
    (row,) = (
        report(tmp_path, [("ไทย", "th")], chars, segmenter=segmenter).tables["coverage"].to_pylist()
    )
    names = ("words", "words_looked_at", "words_never_whole")
    assert [row[name] for name in names] == [None] * 3
    assert all("ICU" in reasons(row)[name] for name in names)


def test_more_clusters_than_are_held_are_no_figure(tmp_path, chars, monkeypatch):
    monkeypatch.setattr(Clusters, "MOST", 3)
    found = report(tmp_path, [("abc", "en"), ("abcd", "de")], chars)
    german, english = found.tables["coverage"].to_pylist()
    assert (english["clusters"], english["clusters_lost"]) == (3, 0)
    assert german["clusters"] is None and "more than 3" in reasons(german)["clusters_lost"]
    counts = {row["lang"]: row["occurrences"] for row in table(found, "clusters")}
    assert counts == {"de": None, "en": 3}


# Languages together


def test_what_languages_share_is_counted_by_hand(tmp_path, chars):
    rows = [("aab", "en"), ("abc", "de"), ("xa", "tr")]
    found = table(report(tmp_path, rows, chars), "overlaps")
    english = [row for row in found if row["lang"] == "en"]
    assert english == [
        overlap("any other", 2, 3 / 3, 2 / 4) | {"why": "any other"},
        overlap("de", 2, 3 / 3, 2 / 3),
        overlap("tr", 1, 2 / 3, 1 / 3),
    ]
    turkish = [row for row in found if row["lang"] == "tr"]
    assert [row["beside"] for row in turkish] == ["any other", "en", "de"]
    assert [row["why"] for row in turkish] == ["any other", "reference", "nearest"]
    assert turkish[1]["shared_tokens"] == 1 / 2
    assert turkish[1]["jaccard"] == 1 / 3  # a, of a b x


def overlap(beside: str, shared: int, tokens: float, jaccard: float) -> dict[str, Any]:
    """Write a row about English, which has two ids in `aab`."""
    return {
        "lang": "en",
        "beside": beside,
        "why": "nearest",
        "ids": 2,
        "shared": shared,
        "shared_ids": shared / 2,
        "shared_tokens": tokens,
        "jaccard": jaccard,
    }


def test_one_language_shares_nothing_with_others(tmp_path, chars):
    found = report(tmp_path, [("aab", "en")], chars)
    assert table(found, "overlaps") == []


def test_merges_that_only_lead_to_others_are_found_by_hand(tmp_path):
    """`abcd` twice went through `abc` and `ab`, `abc` once through `ab`; `xy` was never met."""
    tokenizer = merging(tmp_path, ("a", "b"), ("ab", "c"), ("abc", "d"), ("x", "y"))
    found = report(tmp_path, [("abcd", "en"), ("abcabcd", "de")], tokenizer)
    assert table(found, "merges") == [
        {
            "lang": "mul",
            "products": 4,
            "final": 2,
            "residue": 1,
            "unseen": 1,
            "residue_share": 1 / 3,
        }
    ]
    (ab, abc) = table(found, "residue")
    assert (ab["token"], ab["final_times"], ab["intermediate_times"]) == ("‘ab’", 0, 3)
    assert (abc["token"], abc["final_times"], abc["intermediate_times"]) == ("‘abc’", 1, 2)
    assert (ab["final_share"], abc["final_share"]) == (0.0, 1 / 2)


def test_merges_of_a_model_that_has_none_are_absent(tmp_path):
    found = report(tmp_path, [("the bread", "en")], train.loaded("unigram"))
    (row,) = found.tables["coverage_merges"].to_pylist()
    assert row["products"] is None and "unigram" in reasons(row)["residue_share"]
    assert table(found, "residue") == []


def slow_passed(merges: Sequence[tuple[bytes, bytes]], word: bytes) -> list[bytes]:
    """Merge the bytes of a word as BPE does, and list all that came about on the way."""
    parts, passed = [word[i : i + 1] for i in range(len(word))], []
    while pairs := [p for p in pairwise(parts) if p in merges]:
        best = min(pairs, key=merges.index)
        at = list(pairwise(parts)).index(best)
        parts[at : at + 2] = [best[0] + best[1]]
        passed.append(best[0] + best[1])
    return passed


def test_intermediates_are_those_that_merging_every_word_goes_through(tmp_path):
    """For a trained vocabulary, all merges of all words written out."""
    tokenizer = train.loaded("gpt2")
    lines = train.sentences("eng_Latn")[:40]
    backend = tokenizers.Tokenizer.from_file(str(train.path("gpt2")))
    model = json.loads(train.path("gpt2").read_text())["model"]
    spelled = dict(zip(tokenizer.vocabulary.ids.tolist(), tokenizer.vocabulary.texts, strict=True))
    known = {token: spelled[number].as_py() for token, number in model["vocab"].items()}
    merges = [tuple(known[half] for half in pair) for pair in model["merges"]]
    met: Counter[bytes] = Counter()
    final: Counter[bytes] = Counter()
    for line in lines:
        for word, _ in backend.pre_tokenizer.pre_tokenize_str(line):
            met.update(slow_passed(merges, b"".join(known[letter] for letter in word)))
        final.update(known[token] for token in backend.encode(line).tokens)
    found = report(tmp_path, [(line, "en") for line in lines], tokenizer)
    by_token = {row["id"]: row for row in found.tables["coverage_residue"].to_pylist()}
    assert len(by_token) == 24
    for number, row in by_token.items():
        data = spelled[number].as_py()
        assert row["final_times"] == final[data]
        assert row["intermediate_times"] == met[data] - final[data]
    (summary,) = table(found, "merges")
    assert summary["residue"] == sum(1 for data in met if not final[data])
    assert summary["final"] == sum(1 for data in final if len(data) > 1)


# Real tokenizers on real text


@cache
def flores(shared: Path, *langs: str) -> pa.Table:
    table = pq.read_table(shared / "corpora" / "flores200.parquet")
    return table.filter(pc.is_in(table["lang"], pa.array(langs)))


def real(shared: Path, tmp_path: Path, name: str, *langs: str, every: int = 1) -> Any:
    """Audit every so manieth row of these languages by a shared tokenizer."""
    rows = flores(shared, *langs)
    rows = rows.take(pa.array(range(0, len(rows), every)))
    pq.write_table(rows, tmp_path / "flores.parquet")
    folder = shared / "tokenizers" / name
    tokenizer = train.loaded(str(folder) if folder.is_dir() else name)
    corpus = Corpus((str(tmp_path / "flores.parquet"),))
    return engine.run({"coverage": Coverage}, [tokenizer], corpus, Options(sample=200))


def test_unknown_tokens_of_bert_are_those_its_own_library_counts(shared, tmp_path):
    langs = ("amh_Ethi", "eng_Latn", "kor_Hang", "rus_Cyrl", "tha_Thai", "zho_Hans")
    rows = real(shared, tmp_path, "bert-base-uncased", *langs).tables["coverage"].to_pylist()
    folder = shared / "tokenizers" / "bert-base-uncased"
    backend = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
    backend.no_padding()
    unknown, table = backend.token_to_id("[UNK]"), flores(shared, *langs)
    assert [row["lang"] for row in rows] == list(langs)
    for row in rows:
        texts = table.filter(pc.equal(table["lang"], row["lang"]))["text"].to_pylist()
        encoded = backend.encode_batch_fast(texts, add_special_tokens=False)
        ids = Counter(number for each in encoded for number in each.ids)
        assert (row["unknown_tokens"], row["tokens"]) == (ids[unknown], ids.total())
        assert row["unk_rate"] == ids[unknown] / ids.total()
        assert row["ids_used"] == len(ids)
    by_lang = {row["lang"]: row for row in rows}
    assert by_lang["amh_Ethi"]["unk_rate"] > 0.9
    assert by_lang["eng_Latn"]["unk_rate"] < 0.001
