"""What the fertility audit says of words, rows, tokens and other texts, worked by hand."""

import gzip
import json
import math
from collections import Counter
from fractions import Fraction
from itertools import product

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import train
from tokaudit import audits, engine
from tokaudit.batch import Batch
from tokaudit.corpus import Corpus
from tokaudit.engine import Options
from tokaudit.expense import compression, context, cuts, frequency, longest, spread
from tokaudit.expense.drawn import Drawn
from tokaudit.expense.lexicon import Lexicon
from tokaudit.expense.summary import gini
from tokaudit.histogram import Histogram
from tokaudit.reads import read
from tokaudit.text import Absent

Counts = st.dictionaries(st.integers(0, 50), st.integers(1, 30), min_size=1)


def words(**found):
    """Make a lexicon: the count and the tokens of each word; one-token words are whole."""
    counts, tokens = (np.array([each[n] for each in found.values()]) for n in (0, 1))
    whole = np.where(tokens == counts, counts, 0)
    keys = np.arange(len(found), dtype=np.uint64)
    return Lexicon(keys, pa.array(list(found), pa.large_string()), counts, tokens, whole)


LEXICON = words(the=(40, 40), Haus=(11, 22), Baum=(3, 9), Ast=(3, 9), x=(1, 1))


def test_rare_and_frequent_words_have_their_means():
    found = frequency.figures(LEXICON, 10)
    assert found["rare_word_tokens"] == (9 + 9 + 1) / 7
    assert found["frequent_word_tokens"] == 62 / 51
    assert (found["word_types"], found["words_kept"]) == (5, 1.0)
    assert isinstance(frequency.figures(LEXICON, 40)["frequent_word_tokens"], Absent)


def test_words_fall_into_classes_of_frequency():
    rows = {row["occurrences"]: row for row in frequency.by_frequency(LEXICON)}
    assert list(rows) == ["1", "2 to 10", "11 to 100"]
    assert (rows["2 to 10"]["types"], rows["2 to 10"]["words"]) == (2, 6)
    assert rows["2 to 10"]["tokens_per_word"] == 3
    assert rows["11 to 100"]["single_token_words"] == 40 / 51


def test_the_costliest_words_come_first_and_equal_ones_by_the_alphabet():
    rows = list(frequency.costly(LEXICON, 100, lambda found: [each.upper() for each in found]))
    assert [row["word"] for row in rows] == ["Haus", "Ast", "Baum"]
    assert rows[0] == {
        "word": "Haus",
        "cut": "HAUS",
        "occurrences": 11,
        "tokens_per_word": 2.0,
        "excess": 11,
        "share": 0.11,
    }
    (row,) = frequency.glance(LEXICON)
    assert row["how_often_x_tokens"] == "Haus 11×2, Ast 3×3, Baum 3×3"


def test_of_many_equally_costly_words_the_first_of_the_alphabet_are_shown():
    many = words(**{f"w{n:02}": (1, 2) for n in range(40)}, worst=(1, 3))
    found = [row["word"] for row in frequency.costly(many, 100, None)]
    assert found == ["worst", *(f"w{n:02}" for n in range(frequency.SHOWN - 1))]


@pytest.mark.parametrize("name", ["gpt2", "bpe", "unigram", "wordpiece"])
def test_a_word_is_drawn_as_its_tokens_behind_a_space_cut_it(name):
    tokenizer = train.loaded(name)
    drawings = cuts.cut(tokenizer)(["clouds", "Überraschung", "ไทย"])
    for word, drawing in zip([" clouds", " Überraschung", "ไทย"], drawings, strict=True):
        (tokens,) = read(tokenizer, Batch.of("und", [word])).words.tokens
        assert drawing.replace("|", "").lstrip() == word.lstrip() or "‹" in drawing
        assert len(drawing.split("|")) == tokens


# Spread, inequality, entropy


@given(Counts)
def test_a_quantile_is_the_smallest_that_so_many_are_up_to(counts):
    ids = np.array(sorted(counts))
    found = Histogram(ids, np.array([counts[n] for n in ids.tolist()]))
    every = sorted(Counter(counts).elements())
    for share in (0.05, 0.25, 0.5, 0.75, 0.95, 1.0):
        (quantile,) = found.quantiles([share])
        assert sum(n <= quantile for n in every) >= share * len(every)
        assert sum(n < quantile for n in every) < share * len(every)


def test_tokens_are_as_long_as_their_bytes_and_letters(octets):
    tokenizer = train.loaded("gpt2")
    found = tokenizer.engine.encode(pa.array(["the ağaç the"], pa.large_string())).ids
    pieces = [
        piece.decode(errors="ignore") for piece in tokenizer.vocabulary.decode(found).to_pylist()
    ]
    ids = Histogram.of(found, np.ones_like(found))
    rows = {row["of"]: row for row in spread.rows(Histogram(), ids, tokenizer.vocabulary)}
    assert rows["bytes of a token"]["mean"] == len("the ağaç the".encode()) / len(found)
    assert rows["characters of a token"]["mean"] == 12 / len(found)
    assert rows["characters of a token"]["longest"] == max(map(len, pieces))
    assert rows["bytes of a distinct token"]["number"] == len(set(found.tolist()))


@given(st.lists(st.integers(1, 100), min_size=2, max_size=8))
def test_gini_is_half_the_mean_difference_over_the_mean(values):
    pairs = sum(abs(a - b) for a, b in product(values, values))
    slow = Fraction(pairs, 2 * len(values) * sum(values))
    assert gini([float(v) for v in values]) == pytest.approx(float(slow), abs=1e-12)
    assert isinstance(gini([1.0]), Absent)


GOLDEN = "pick @@ed pick @@l @@ed pick @@les", "pick @@e @@d pick @@l @@e @@d pick @@l @@e @@s"


@pytest.mark.parametrize(
    ("text", "efficiency", "shannon", "bits"),
    [(GOLDEN[0], 0.826506, 0.921185, 1.653013), (GOLDEN[1], 0.920484, 0.960956, 2.137298)],
)
def test_entropies_are_the_published_ones(text, efficiency, shannon, bits):
    counts = np.array(sorted(Counter(text.split()).values()))
    found = Histogram(np.arange(counts.size), counts)
    assert found.efficiency(2.5) == pytest.approx(efficiency, abs=1e-6)
    assert found.efficiency(1) == pytest.approx(shannon, abs=1e-6)
    assert found.entropy(2.5) == pytest.approx(bits, abs=1e-6)
    assert found.efficiency(2.5, 32) == pytest.approx(bits / 5, abs=1e-6)


def test_entropy_is_known_at_every_order():
    found = Histogram(np.arange(3), np.array([6, 3, 1]))
    assert found.entropy(0) == pytest.approx(math.log2(3))
    assert found.entropy(math.inf) == pytest.approx(-math.log2(0.6))
    assert found.entropy(1e6) == pytest.approx(found.entropy(math.inf), rel=1e-5)
    orders = [found.entropy(order) for order in (0, 0.5, 1, 2, 2.5, 10, 1e3, math.inf)]
    assert orders == sorted(orders, reverse=True)


# Drawn rows


def drawn(**rows):
    keys = np.array([int(name[1:]) for name in rows], np.uint64)
    tokens = np.array([n for n, _ in rows.values()])
    return Drawn(keys, tokens, tuple(text for _, text in rows.values()))


def test_the_longest_rows_are_those_that_cost_most_beside_the_reference():
    own = drawn(k1=(10, "eins"), k2=(30, "zwei"), k3=(9, "drei"), k4=(5, "vier"))
    other = drawn(k1=(10, "one"), k2=(10, "two"), k3=(1, "three"), k5=(5, "five"))
    rows = list(longest.rows(own, other))
    assert [row["premium"] for row in rows] == [9, 3, 1]
    assert rows[0] == {
        "premium": 9.0,
        "tokens": 9,
        "reference_tokens": 1,
        "row": "drei",
        "reference_row": "three",
        "rows_drawn": 3,
    }


def test_compressors_are_given_the_text_that_was_drawn():
    text = train.sentences("eng_Latn")
    found = compression.figures(drawn(**{f"k{n}": (1, each) for n, each in enumerate(text)}))
    data = "\n".join(text).encode()
    assert found["gzip_bits_per_byte"] == pytest.approx(
        8 * len(gzip.compress(data, 6)) / len(data), abs=0.05
    )
    assert 2 < found["zstd_bits_per_byte"] < 5
    shares = [n / len(data) for n in Counter(data).values()]
    assert found["byte_bits_per_byte"] == pytest.approx(-sum(p * math.log2(p) for p in shares))
    assert all(isinstance(each, Absent) for each in compression.figures(Drawn()).values())


def test_the_data_of_a_context_is_json_of_uuids():
    (code, data) = context.probes()
    (text,) = data.texts.to_pylist()
    assert len(json.loads(text)) == context.PAIRS
    assert all(len(key) == len(value) == 36 for key, value in json.loads(text).items())
    assert code.rows > 50 and any("def " in each for each in code.texts.to_pylist())


# The whole audit


ROWS = [("hi there", "en", "1"), ("ağaç", "tr", "1"), ("ok", "en", "2"), ("evet", "tr", "2")]


def run(folder, *tokenizers, **chosen):
    texts, langs, ids = map(list, zip(*ROWS, strict=True))
    pq.write_table(pa.table({"text": texts, "lang": langs, "id": ids}), folder / "c.parquet")
    audit = audits.get("fertility").choosing(**chosen)
    return engine.run(
        {"fertility": audit}, tokenizers, Corpus((str(folder / "c.parquet"),)), Options()
    )


def test_what_is_asked_for_is_given_shown_and_signed(tmp_path, chars):
    found = run(tmp_path, chars, context=100, price=2.0, renyi_order=1.0, rare=1)
    english, turkish = found.tables["fertility"].to_pylist()
    assert (english["context_chars"], turkish["context_chars"]) == (100, 100)
    assert (english["cost"], turkish["cost"]) == (2e-5, 1.6e-5)
    shares = [n / 10 for n in Counter("hi thereok").values()]
    shannon = -sum(p * math.log2(p) for p in shares)
    assert english["renyi_efficiency"] == pytest.approx(shannon / math.log2(8))
    assert found.headlines["fertility"][-2:] == ("context_chars", "cost")
    assert "|context:100|price:2.0|renyi_order:1.0|rare:1|" in found.signature
    rows = {row["text"]: row for row in found.tables["fertility_context"].to_pylist()}
    assert {row["lang"] for row in rows.values()} == {"zxx"}
    assert rows["UUID-JSON"]["chars_per_token"] == 1 and rows["code"]["context_chars"] == 100
    assert set(found.tables["fertility"]["lang"].to_pylist()) == {"en", "tr"}


def test_the_size_of_the_vocabulary_may_be_the_denominator(tmp_path, octets):
    plain, other = (run(tmp_path, octets, **c) for c in ({}, {"vocabulary_denominator": True}))
    seen = len(set("hi thereok"))
    one, two = (r.tables["fertility"].to_pylist()[0]["renyi_efficiency"] for r in (plain, other))
    assert two == pytest.approx(one * math.log2(seen) / math.log2(256))
    assert "vocabulary_denominator:True" in other.signature


def test_rows_tokens_and_words_are_laid_out(tmp_path, chars):
    found = run(tmp_path, chars)
    (row, other) = found.tables["fertility_rows"].to_pylist()
    assert (row["lang"], row["row"], row["premium"]) == ("tr", "evet", 2.0)
    assert (other["row"], other["premium"]) == ("ağaç", 0.5)
    spreads = {(r["lang"], r["of"]): r for r in found.tables["fertility_spread"].to_pylist()}
    assert spreads["en", "tokens of a row"]["median"] == 2
    assert spreads["en", "tokens of a row"]["longest"] == 8
    assert spreads["tr", "bytes of a token"]["longest"] == 2
    words = [row["word"] for row in found.tables["fertility_words"].to_pylist()]
    assert words == ["there", "hi", "ok", "ağaç", "evet"]
    (summary,) = found.tables["fertility_summary"].to_pylist()
    assert summary["gini_rows"] == pytest.approx(gini([1.0, 0.8]))
    assert summary["gini_bytes"] == pytest.approx(gini([1.0, 0.8]))


def test_choices_are_kept_in_shards(tmp_path, corpus_file, tokaudit):
    asked = ["fertility", corpus_file, "-t", "builtin:chars", "--price", 3, "--context", 50, "-q"]
    for i in (1, 2):
        code, _, err = tokaudit(*asked, "--shard", f"{i}/2", "-o", tmp_path / f"{i}.shard")
        assert code == 0, err
    shards = [tmp_path / "1.shard", tmp_path / "2.shard"]
    _, merged, _ = tokaudit("merge", *shards, "-f", "json")
    _, whole, _ = tokaudit(*asked, "-f", "json")
    assert json.loads(merged)["tables"] == json.loads(whole)["tables"]
    assert json.loads(merged)["conditions"]["price"] == 3


def test_asking_for_a_context_leaves_the_bundled_corpus_to_be_read(tokaudit):
    code, out, err = tokaudit(
        "fertility", "-t", "builtin:bytes", "--context", 9, "-f", "json", "-q"
    )
    assert code == 0, err
    assert len(json.loads(out)["tables"]["fertility"]) > 40


def test_the_most_frequent_token_alone_may_decide(tokaudit, corpus_file):
    asked = ["fertility", corpus_file, "-t", "builtin:chars", "-f", "json", "-q"]
    code, out, err = tokaudit(*asked, "--renyi-order", "inf")
    assert code == 0, err
    english = json.loads(out)["tables"]["fertility"][0]
    assert english["renyi_efficiency"] == pytest.approx(-math.log2(0.2) / math.log2(8))
    assert json.loads(out)["conditions"]["renyi_order"] == "inf"
    for option in ("--renyi-order", "--price"):
        code, _, err = tokaudit(*asked, option, "nan")
        assert code == 2 and option in err
