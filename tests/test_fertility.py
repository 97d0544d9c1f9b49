"""The fertility audit: every column by hand, and against a slow computation of its own."""

import gzip
import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
import tokenizers
from hypothesis import given
from hypothesis import strategies as st

from tests import train
from tests.offsets import slow_words, slowly
from tokaudit import engine, loaders, words
from tokaudit.audits.fertility import Fertility
from tokaudit.batch import Batch
from tokaudit.corpus import Corpus
from tokaudit.engine import Options
from tokaudit.expense.columns import RENYI_ORDER
from tokaudit.reads import read
from tokaudit.tokenizer import Tokenizer

CHARS = 0x110000 - 0x800
WIDTHS = [name for name in Fertility.schemas["fertility"].names if name.endswith("_ci95")]
Line = tuple[str, str, str | None]  # text, language, id


def table(
    tmp_path: Path, rows: Sequence[Line], *tokenizers: Tokenizer, **options: Any
) -> list[dict[str, Any]]:
    """Run the audit over these rows and give its first table."""
    return report(tmp_path, rows, *tokenizers, **options).tables["fertility"].to_pylist()


def report(tmp_path: Path, rows: Sequence[Line], *tokenizers: Tokenizer, **options: Any) -> Any:
    texts, langs, ids = (list(column) for column in zip(*rows, strict=True))
    columns = {"text": texts, "lang": langs} | ({"id": ids} if any(ids) else {})
    path = tmp_path / "rows.parquet"
    pq.write_table(pa.table(columns), path)
    corpus = Corpus((str(path),))
    return engine.run({"fertility": Fertility}, tokenizers, corpus, Options(**options))


def reasons(row: dict[str, Any]) -> dict[str, str]:
    return dict(row["absent"])


# By hand

PARALLEL: list[Line] = [("hi there", "en", "1"), ("ağaç", "tr", "1"), ("ok", "en", "2")]


TEXT = b"hi there\nok"  # in one order or the other
UNASKED = {
    "isolated_fertility": "not asked for (--isolated)",
    "isolated_single_token_words": "not asked for (--isolated)",
    "context_chars": "no --context was given",
    "cost": "no --price was given",
}


def test_every_column_of_a_small_corpus_is_what_a_person_counts(tmp_path, chars):
    english, turkish = table(tmp_path, PARALLEL, chars)
    entropy = _entropy(Counter("hi there" + "ok"))
    assert english == {
        "tokenizer": "builtin:chars",
        "lang": "en",
        "rows": 2,
        "bytes": 10,
        "chars": 10,
        "graphemes": 10,
        "words": 3,
        "tokens": 10,
        "fertility": 3.0,
        "tokens_per_word": 10 / 3,
        "continued_words": 1.0,
        "single_token_words": 0.0,
        "bytes_per_token": 1.0,
        "chars_per_token": 1.0,
        "tokens_per_byte": 1.0,
        "premium": 1.0,
        "is_reference": True,
        "nsl": 1.0,
        "vocabulary_used": 8 / CHARS,
        "renyi_efficiency": pytest.approx(_renyi(Counter("hi there" + "ok")), rel=1e-12),
        "bits_per_byte": pytest.approx(entropy, rel=1e-12),
        "bits_per_byte_uniform": pytest.approx(math.log2(CHARS), rel=1e-12),
        "word_types": 3,
        "words_kept": 1.0,
        "rare_word_tokens": 3.0,
        "gzip_bits_per_byte": pytest.approx(8 * len(gzip.compress(TEXT)) / 11, abs=3),
        "zstd_bits_per_byte": pytest.approx(8 * 20 / 11, abs=4),
        "byte_bits_per_byte": pytest.approx(_entropy(Counter(TEXT.decode()))),
        "altered_rows": 0,
        "unmatched_rows": 0,
        "failed_rows": 0,
        **dict.fromkeys((*WIDTHS, *UNASKED, "frequent_word_tokens")),
        "absent": english["absent"],
    }
    assert reasons(english) == {
        **UNASKED,
        **dict.fromkeys(WIDTHS, "too few documents for an interval"),
        "frequent_word_tokens": "no word occurs over 10 times",
    }
    assert turkish["bytes"] == 6 and turkish["chars"] == turkish["tokens"] == 4
    assert turkish["premium"] == 4 / 8, "row 1 only: Turkish has no row 2"
    assert turkish["bytes_per_token"] == 1.5
    assert turkish["is_reference"] is False


def test_bytes_count_otherwise_than_letters(tmp_path, octets, chars):
    rows = {(r["tokenizer"], r["lang"]): r for r in table(tmp_path, PARALLEL, octets, chars)}
    turkish = rows["builtin:bytes", "tr"]
    assert (turkish["tokens"], turkish["fertility"], turkish["premium"]) == (6, 6.0, 6 / 8)
    assert turkish["nsl"] == 1.0
    assert rows["builtin:chars", "tr"]["nsl"] == 4 / 6
    assert rows["builtin:bytes", "tr"]["vocabulary_used"] == 5 / 243
    assert turkish["bits_per_byte_uniform"] == 8.0


def test_the_baseline_is_the_first_tokenizer_or_the_one_that_is_named(tmp_path, octets, chars):
    rows = table(tmp_path, PARALLEL, octets, chars, baseline="builtin:chars")
    assert {(r["tokenizer"], r["nsl"]) for r in rows if r["lang"] == "tr"} == {
        ("builtin:bytes", 6 / 4),
        ("builtin:chars", 1.0),
    }


def test_the_reference_is_the_language_that_is_named(tmp_path, chars):
    english, turkish = table(tmp_path, PARALLEL, chars, reference="tr")
    assert (english["premium"], turkish["premium"]) == (8 / 4, 1.0)
    assert (english["is_reference"], turkish["is_reference"]) == (False, True)


def test_totals_are_divided_and_ratios_are_not_averaged(tmp_path, octets):
    """Ratios of the rows are 4 and 2, their mean is 3: the figure is 10 tokens over 4 words."""
    (row,) = table(tmp_path, [("abcd", "en", None), ("ab cd ef", "en", None)], octets)
    assert (row["words"], row["fertility"]) == (4, 10 / 4)
    assert row["tokens_per_word"] == 12 / 4


def test_words_are_counted_where_they_stand(tmp_path):
    """Behind a space `the` is one token, at the start of the row it is two."""
    tokenizer = train.loaded("gpt2")
    pieces = _pieces(tokenizer, "the the the!")
    assert pieces == [b"t", b"he", b" the", b" the", b"!"], "else this test shows nothing"
    (row,) = table(tmp_path, [("the the the!", "en", None)], tokenizer)
    assert (row["words"], row["tokens"]) == (3, 5)
    assert row["fertility"] == 4 / 3
    assert row["tokens_per_word"] == 5 / 3
    assert row["continued_words"] == 1 / 3
    assert row["single_token_words"] == 2 / 3


def test_a_token_of_blanks_overlaps_no_word(tmp_path, chars):
    for text, blanks in (("  a  b  ", 6), ("a\u202f b", 2)):
        (row,) = table(tmp_path, [(text, "en", None)], chars)
        assert (row["tokens"], row["words"], row["fertility"]) == (2 + blanks, 2, 1.0)
        assert row["single_token_words"] == 1.0


def test_a_token_that_covers_a_sign_besides_is_not_the_word(tmp_path):
    """A token `(the` overlaps the word and is more than the word."""
    tokenizer = _toy(tmp_path / "toy", ["(", "t", "h", "e", "th", "the", "(the"])
    (row,) = table(tmp_path, [("(the", "en", None)], tokenizer)
    assert (row["tokens"], row["words"]) == (1, 1)
    assert (row["fertility"], row["continued_words"], row["single_token_words"]) == (1.0, 0.0, 0.0)


def test_a_token_that_covers_two_words_is_neither(tmp_path):
    tokenizer = _toy(tmp_path / "toy", ["a", "b", " ", "a ", "a b"])
    (row,) = table(tmp_path, [("a b", "en", None)], tokenizer)
    assert (row["tokens"], row["words"], row["fertility"]) == (1, 2, 1.0)
    assert row["single_token_words"] == 0.0


def _toy(folder: Path, entries: list[str]) -> Tokenizer:
    """BPE without a pre-tokenizer: an entry of several letters is its first part and its last."""
    merges = [(entry[:-1], entry[-1]) for entry in entries if len(entry) > 1]
    merges = [("(", "the") if pair == ("(th", "e") else pair for pair in merges]
    vocabulary = {entry: n for n, entry in enumerate(entries)}
    model = tokenizers.models.BPE(vocabulary, merges)
    folder.mkdir()
    tokenizers.Tokenizer(model).save(str(folder / "tokenizer.json"))
    return loaders.load(str(folder))


def test_thai_and_chinese_words_are_found_without_spaces(tmp_path, chars):
    rows: list[Line] = [("ภาษาไทย", "th", None), ("我喜欢面包。", "zh", None)]
    thai, chinese = table(tmp_path, rows, chars)
    assert (thai["words"], chinese["words"]) == (2, 3)
    assert (thai["fertility"], chinese["fertility"]) == (7 / 2, 5 / 3)


def test_grapheme_clusters_are_counted_as_people_see_them(tmp_path, chars):
    (row,) = table(tmp_path, [("👨\u200d👩\u200d👧 e\u0301 \r\n🇺🇦 ", "xx", None)], chars)
    assert (row["chars"], row["graphemes"]) == (5 + 1 + 2 + 1 + 2 + 2 + 1, 7)


# Rows that are altered or refused


def test_altered_rows_are_counted_and_named_in_the_verdict(tmp_path):
    tokenizer = train.loaded("wordpiece")
    lines: list[Line] = [("bread", "en", None), ("Bread and", "en", None), ("☃ bread", "en", None)]
    found = report(tmp_path, lines, tokenizer)
    (row,) = found.tables["fertility"].to_pylist()
    assert (row["altered_rows"], row["failed_rows"]) == (2, 0)
    assert "alters text" in found.verdicts["fertility"][tokenizer.spec]


def test_rows_that_are_refused_leave_relative_figures_null_and_say_why(tmp_path, shared, chars):
    blanks = " " * 1_000_000 + "x"
    lines: list[Line] = [
        ("hi", "en", "1"),
        ("bu", "tr", "1"),
        (blanks, "tr", "2"),
        ("a", "en", "2"),
    ]
    found = report(tmp_path, lines, train.loaded("cl100k_base"), chars)
    rows = {(r["tokenizer"], r["lang"]): r for r in found.tables["fertility"].to_pylist()}
    row = rows["cl100k_base", "tr"]
    assert (row["rows"], row["failed_rows"], row["bytes"]) == (1, 1, 2)
    assert row["premium"] is None and row["nsl"] is None
    assert "failed" in reasons(row)["premium"] and "failed" in reasons(row)["nsl"]
    assert rows["builtin:chars", "tr"]["premium"] == 1_000_003 / 3
    assert rows["builtin:chars", "tr"]["nsl"] is None
    assert [f.rule for f in found.findings if f.lang == "tr"] == ["TA001"]


# What there is no figure for


def test_without_ids_there_is_no_premium(tmp_path, chars):
    (row,) = table(tmp_path, [("hi", "en", None)], chars)
    assert row["premium"] is None
    assert "'id'" in reasons(row)["premium"]


def test_without_the_reference_language_there_is_no_premium(tmp_path, chars):
    (row,) = table(tmp_path, [("bu", "tr", "1")], chars)
    assert row["premium"] is None
    assert "eng_Latn" in reasons(row)["premium"]


def test_without_parallel_rows_there_is_no_premium(tmp_path, chars):
    english, turkish = table(tmp_path, [("hi", "en", "1"), ("bu", "tr", "2")], chars)
    assert english["premium"] == 1.0
    assert turkish["premium"] is None
    assert "parallel with en" in reasons(turkish)["premium"]


@pytest.mark.parametrize(("shared_ids", "said"), [(99, True), (100, False)])
def test_a_premium_of_few_rows_is_said_though_the_language_has_many(
    tmp_path, chars, shared_ids, said
):
    rows = [("hi", "en", f"{i}") for i in range(120)]
    rows += [("bu", "tr", f"{i}" if i < shared_ids else f"other {i}") for i in range(120)]
    messages = [f.message for f in report(tmp_path, rows, chars).findings if f.rule == "TA002"]
    few = "premium is of fewer than 100 rows, those parallel with en, in 1 language: tr (99 of 120)"
    assert messages == [few] * said


def test_without_words_there_is_no_figure_per_word(tmp_path, chars):
    (row,) = table(tmp_path, [("?! ...", "en", None)], chars)
    assert row["words"] == 0
    for name in ("fertility", "tokens_per_word", "single_token_words", "words_kept"):
        assert row[name] is None
        assert reasons(row)[name] == "no words"
    assert row["bytes_per_token"] == 1.0


def test_without_a_dictionary_there_are_no_words_in_unspaced_scripts(tmp_path, chars):
    lines: list[Line] = [("ภาษาไทย", "th", None), ("two words", "en", None)]
    english, thai = table(tmp_path, lines, chars, segmenter=words.segmenter("regex"))
    assert (english["words"], english["fertility"]) == (2, 4.0)
    for name in ("words", "fertility", "tokens_per_word", "continued_words", "single_token_words"):
        assert thai[name] is None
        assert "ICU" in reasons(thai)[name]
    assert thai["tokens"] == 7


def test_of_one_kind_of_token_there_is_no_efficiency(tmp_path, chars):
    (row,) = table(tmp_path, [("aaaa", "en", None)], chars)
    assert row["renyi_efficiency"] is None
    assert "distinct" in reasons(row)["renyi_efficiency"]


def test_what_one_kind_of_token_says_is_nothing_and_not_less(tmp_path, chars):
    """Entropy 0 is a figure (nothing is uncertain); minus zero is not how to write it."""
    (row,) = table(tmp_path, [("aaaa", "en", None)], chars)
    assert row["bits_per_byte"] == 0
    assert math.copysign(1, row["bits_per_byte"]) == 1


def test_a_row_that_yields_no_token_gives_no_figure_per_token(tmp_path):
    """BERT's normaliser drops a zero-width space; the row is not blank, and nothing is left."""
    (row,) = table(tmp_path, [("\u200b", "en", None)], train.loaded("wordpiece"))
    assert (row["rows"], row["tokens"], row["altered_rows"]) == (1, 0, 1)
    for name in ("bytes_per_token", "chars_per_token", "renyi_efficiency", "bits_per_byte"):
        assert row[name] is None
        assert "no token" in reasons(row)[name]


def test_every_null_has_its_reason_and_every_reason_its_null(tmp_path, chars, octets):
    lines: list[Line] = [*PARALLEL, ("?!", "xx", "7"), ("aaa", "yy", None), ("ไทย", "th", "2")]
    for row in table(tmp_path, lines, chars, octets, segmenter=words.segmenter("regex")):
        nulls = {name for name, value in row.items() if value is None}
        assert nulls == set(reasons(row))
        assert all(reasons(row).values())


# Verdict and summary


def test_the_verdict_names_the_language_that_costs_most(tmp_path, octets):
    lines: list[Line] = [("abcd", "en", "1"), ("ab", "fr", "1"), ("ไทย", "th", "1")]
    found = report(tmp_path, lines, octets)
    said = found.verdicts["fertility"]["builtin:bytes"]
    assert "2.25" in said and "th" in said
    (row,) = found.tables["fertility_summary"].to_pylist()
    assert (row["languages"], row["tokens"], row["altered_in"]) == (3, 15, 0)
    assert (row["premium_max"], row["costliest"], row["premium_median"]) == (2.25, "th", 1.375)


def test_without_premiums_the_verdict_speaks_of_words(tmp_path, chars):
    found = report(tmp_path, [("hi there", "en", None), ("ağaç", "tr", None)], chars)
    said = found.verdicts["fertility"]["builtin:chars"]
    assert "4.00" in said and "tr" in said


def test_a_tokenizer_that_alters_text_wins_no_language(tmp_path, chars):
    wordpiece = train.loaded("wordpiece")
    lines: list[Line] = [("Bread and bread", "en", None), ("brot", "de", None)]
    found = report(tmp_path, lines, wordpiece, chars)
    rows = {r["tokenizer"]: r for r in found.tables["fertility_summary"].to_pylist()}
    assert rows[wordpiece.spec]["altered_in"] == 1
    assert rows[wordpiece.spec]["cheapest_in"] == 1
    assert rows["builtin:chars"]["cheapest_in"] == 1


# Against a slow computation from the library's own offsets


def _quickly(tokenizer: Tokenizer, texts: Sequence[str]) -> dict[str, int]:
    found = Fertility.observe(read(tokenizer, Batch.of("und", texts)))
    assert found.bytes == sum(len(text.encode()) for text in texts)
    names = ("words", "tokens", "word_tokens", "continued", "whole")
    return {name: getattr(found, name) for name in names}


def _flores(shared: Path, lang: str) -> list[dict[str, str]]:
    path = shared / "corpora" / "flores200.parquet"
    rows = pq.read_table(path, filters=[("lang", "=", lang)]).to_pylist()
    assert len(rows) == 2_009
    return rows


@pytest.mark.parametrize("lang", ["eng_Latn", "deu_Latn", "fra_Latn"])
@pytest.mark.parametrize("name", ["llama3", "gemma2", "gpt2", "qwen2.5", "llama2"])
def test_words_of_flores_cost_what_the_offsets_of_tokenizers_say(shared, name, lang):
    texts = [row["text"] for row in _flores(shared, lang)[:200]]
    path = shared / "tokenizers" / name
    backend = tokenizers.Tokenizer.from_file(str(path / "tokenizer.json"))
    slow = slowly(backend, texts)
    assert _quickly(train.loaded(str(path)), texts) == slow
    assert slow["words"] > 4_000 and 0 < slow["whole"] < slow["words"]


@pytest.mark.parametrize("lang", ["eng_Latn", "deu_Latn"])
@pytest.mark.parametrize("name", ["bert-base-uncased", "xlmr-unigram-de"])
def test_words_of_tokenizers_that_normalise_cost_what_their_offsets_say(shared, name, lang):
    texts = [row["text"] for row in _flores(shared, lang)[:200]]
    path = shared / "tokenizers" / name
    backend = tokenizers.Tokenizer.from_file(str(path / "tokenizer.json"))
    backend.no_padding()
    backend.encode_special_tokens = True
    assert _quickly(train.loaded(str(path)), texts) == slowly(backend, texts)


@pytest.mark.parametrize("name", train.JSON)
def test_words_of_trained_tokenizers_cost_what_their_offsets_say(name):
    backend = tokenizers.Tokenizer.from_file(str(train.path(name)))
    texts = train.sentences("eng_Latn", "deu_Latn", "tur_Latn", "ell_Grek", "rus_Cyrl", "tha_Thai")
    assert _quickly(train.loaded(name), texts) == slowly(backend, texts)


LETTERS = "ab the  ß ไทย我面, .(10’é\u0301\n\t\u00a0\u202f\u3000-ＡΩ☃½👍𠮷"
WRITTEN = st.text(st.sampled_from(LETTERS), max_size=30)


@pytest.mark.parametrize("name", train.JSON)
@train.unhurried
@given(texts=st.lists(WRITTEN, min_size=1, max_size=6))
def test_words_of_any_text_cost_what_the_offsets_say(name, texts):
    backend = tokenizers.Tokenizer.from_file(str(train.path(name)))
    assert _quickly(train.loaded(name), texts) == slowly(backend, texts)


@pytest.mark.parametrize("name", ["gpt2", "digits_from_left", "bpe"])
def test_sentences_of_every_language_are_measured_as_their_bytes_say(name):
    """Where nothing is altered, spans are sums of lengths: add them up one token at a time."""
    tokenizer = train.loaded(name)
    texts = train.sentences(*sorted(path.stem for path in train.SENTENCES.glob("*.txt")))[::7]
    assert _quickly(tokenizer, texts) == _by_lengths(tokenizer, texts)


def _by_lengths(tokenizer: Tokenizer, texts: Sequence[str]) -> dict[str, int]:
    totals = dict.fromkeys(("words", "tokens", "word_tokens", "continued", "whole"), 0)
    for text in texts:
        blank = [letter.isspace() for letter in text for _ in letter.encode()]
        pieces = _pieces(tokenizer, text)
        end = len(blank) - sum(map(len, pieces))  # a space before the row lies before byte 0
        spans = []
        for piece in pieces:
            start, end = end, end + len(piece)
            if inner := [n for n in range(max(start, 0), end) if not blank[n]]:
                spans.append((inner[0], inner[-1] + 1))
        totals["tokens"] += len(pieces)
        for first, last in slow_words(text):
            begin, stop = (len(text[:n].encode()) for n in (first, last))
            mine = [span for span in spans if span[0] < stop and span[1] > begin]
            totals["words"] += 1
            totals["word_tokens"] += len(mine)
            totals["continued"] += len(mine) >= 2
            totals["whole"] += mine == [(begin, stop)]
    return totals


def _pieces(tokenizer: Tokenizer, text: str) -> list[bytes]:
    found = tokenizer.engine.encode(pa.array([text], pa.large_string()))
    return tokenizer.vocabulary.decode(found.ids).to_pylist()


# Published figures


PUBLISHED = {"eng_Latn": 52_835, "deu_Latn": 83_450, "shn_Mymr": 795_074}


@pytest.mark.parametrize("lang", PUBLISHED)
def test_cl100k_needs_the_published_number_of_tokens_for_flores(tmp_path, shared, lang):
    """One text: dev, an empty string, devtest, an empty string, joined by single spaces.

    The empty strings are the last line ends of the two published files: a double space stands
    between the splits and a single one at the very end.
    """
    rows = _flores(shared, lang)
    lines: list[str] = []
    for split in ("dev", "devtest"):
        lines += [*(row["text"] for row in rows if row["split"] == split), ""]
    (row,) = table(tmp_path, [(" ".join(lines), lang, None)], train.loaded("cl100k_base"))
    assert row["tokens"] == PUBLISHED[lang]
    assert row["rows"] == 1 and row["failed_rows"] == row["altered_rows"] == 0


# Entropies


def _entropy(counts: Counter[str]) -> float:
    shares = [n / counts.total() for n in counts.values()]
    return -sum(p * math.log2(p) for p in shares)


def _renyi(counts: Counter[str]) -> float:
    shares = [n / counts.total() for n in counts.values()]
    order = RENYI_ORDER
    return math.log2(sum(p**order for p in shares)) / (1 - order) / math.log2(len(shares))


def test_figures_of_real_text_follow_their_definitions(tmp_path):
    """Every ratio again, from the ids themselves."""
    tokenizer = train.loaded("gpt2")
    texts = train.sentences("eng_Latn")
    (row,) = table(tmp_path, [(text, "en", str(n)) for n, text in enumerate(texts)], tokenizer)
    found = tokenizer.engine.encode(pa.array(texts, pa.large_string()))
    counts = Counter(map(str, found.ids.tolist()))
    size = sum(len(text.encode()) for text in texts)
    assert (row["rows"], row["tokens"], row["bytes"]) == (len(texts), counts.total(), size)
    assert row["tokens_per_byte"] == counts.total() / size
    assert row["bytes_per_token"] == size / counts.total()
    assert row["chars_per_token"] == sum(map(len, texts)) / counts.total()
    assert row["bits_per_byte"] == pytest.approx(counts.total() / size * _entropy(counts))
    assert row["renyi_efficiency"] == pytest.approx(_renyi(counts))
    assert row["vocabulary_used"] == len(counts) / (len(tokenizer.vocabulary) - 14)
    uniform = counts.total() / size * math.log2(len(tokenizer.vocabulary))
    assert row["bits_per_byte_uniform"] == pytest.approx(uniform)


def test_text_that_forges_special_tokens_uses_no_more_than_the_vocabulary(tmp_path):
    """All of a vocabulary's texts in one corpus: at most every id that text might yield is seen."""
    for name in ("unigram", "wordpiece", "bpe"):
        tokenizer = train.loaded(name)
        spelled = tokenizer.vocabulary.texts.cast(pa.large_binary()).to_pylist()
        texts = [text.decode("utf-8", "ignore") for text in spelled]
        kept = pc.unique(pa.array([text for text in texts if text.strip()])).to_pylist()
        (row,) = table(tmp_path, [(text, "en", None) for text in kept], tokenizer)
        assert 0 < row["vocabulary_used"] <= 1
