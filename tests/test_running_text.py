"""Borders, traps, prompt ends and segments: small vocabularies and texts, worked out by hand."""

import json
from dataclasses import replace

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import made, train
from tokaudit.batch import Batch
from tokaudit.errors import BadUsage
from tokaudit.noise.chance import draws
from tokaudit.reads import read
from tokaudit.splits import border_rows, prompt_rows
from tokaudit.splits.borders import COUNTED, GROUPED, KINDS, BorderCounts, borders
from tokaudit.splits.morphs import Morphs
from tokaudit.splits.prompt_ends import ALL, PromptEnds
from tokaudit.splits.prompts import probes
from tokaudit.splits.running_text import RunningText
from tokaudit.splits.running_traps import RunningTraps, Trap
from tokaudit.splits.scope import Scope
from tokaudit.splits.segments import Segmented, load

HAN = "出现在代发中国家"
PIECES = {**dict.fromkeys(HAN, -2.0), "现在": -1.0, "中国": -1.0, "国家": -1.0}
TEXT = st.text(st.sampled_from("aB. 出现在ไทย_é\n"), max_size=14)


@pytest.fixture(scope="module")
def chinese(tmp_path_factory):
    return made.unigram(tmp_path_factory.mktemp("chinese"), PIECES)


def drawn(*texts: str, lang: str = "und") -> Batch:
    keys = draws(3, "keys", len(texts))
    return replace(Batch.of(lang, texts), keys=keys, drawn=len(texts))


def counted(found: BorderCounts) -> dict[str, tuple[int, ...]]:
    every = {kind: tuple(found.total(n, i) for n in COUNTED) for i, kind in enumerate(KINDS)}
    return {kind: sums for kind, sums in every.items() if any(sums)}


# Borders


@pytest.mark.parametrize(
    ("marked", "kinds"),
    [
        ("", []),
        ("one", []),
        ("two |words", ["space"]),
        ("(|now|), |then", ["sign", "sign", "space"]),
        ("user|Name", ["camel"]),
        ("出现 |在", ["space"]),
        ("出现|在", ["touch"]),
        ("a\nb", []),  # chunks end at line ends, and are told from texts by nothing
        ("don't", []),
    ],
)
def test_where_borders_are(marked, kinds):
    pieces = marked.split("|")
    batch = Batch.of("und", ["first", "".join(pieces), "last"])
    ends = np.cumsum([len(piece.encode()) for piece in ["first", *pieces]])[1:-1]
    found = sorted(zip(borders(batch).place.tolist(), borders(batch).kind.tolist(), strict=True))
    assert found == list(zip(ends.tolist(), map(KINDS.index, kinds), strict=True))


def test_tokens_over_borders_by_hand(chinese):
    """`出现在` is 出|现在, torn; `中国` is a word and a token; `中国国家` keeps its border."""
    found = BorderCounts.observe(read(chinese, Batch.of("zh", ["出现在", "中国", "中国国家"])))
    assert counted(found) == {"touch": (2, 1, 1)}


def test_a_token_of_two_whole_words_tears_nothing(tmp_path):
    pieces = {**dict.fromkeys("出现在", -2.0), "出现在": -1.0}
    found = BorderCounts.observe(read(made.unigram(tmp_path, pieces), Batch.of("zh", ["出现在"])))
    assert counted(found) == {"touch": (1, 1, 0)}


def test_a_space_may_belong_to_either_side_and_a_token_of_two_words_crosses_it():
    text = Batch.of("en", ["of the sea", " of the"])
    apart = BorderCounts.observe(read(made.byte_level(b" t", b"f "), text))
    assert counted(apart) == {"space": (4, 0, 0)}
    both = made.byte_level(b"th", b"the", b"of", b" the", b"of the")
    assert counted(BorderCounts.observe(read(both, text))) == {"space": (4, 2, 0)}


def test_a_sign_in_a_words_token_crosses_the_border():
    found = BorderCounts.observe(read(made.byte_level(b"n,"), Batch.of("en", ["then, now."])))
    assert counted(found) == {"sign": (2, 1, 0), "space": (1, 0, 0)}


@pytest.mark.parametrize("name", ["gpt2", "wordpiece", "unigram", "builtin:bytes"])
@settings(train.unhurried, max_examples=30)
@given(texts=st.lists(TEXT, max_size=5))
def test_what_each_row_has_adds_up_to_what_is_counted(name, texts):
    reading = read(train.loaded(name), Batch.of("und", texts))
    sums = dict(zip(GROUPED, map(np.sum, BorderCounts.per_row(reading)), strict=True))
    found = BorderCounts.observe(reading)
    for place, kind in enumerate(KINDS):
        for each in COUNTED:
            assert sums[f"{kind}_{each}"] == found.total(each, place)
        assert found.total("torn", place) <= found.total("crossed", place)


def test_scripts_have_figures_of_their_own(chinese):
    found = BorderCounts.observe(read(chinese, Batch.of("zh", ["出现在 出 中国国家"])))
    rows = [(row["script"], row["kind"], row["borders"]) for row in border_rows.scripts(found)]
    assert set(rows) == {
        ("Han", "between words without a space", 2),
        ("Han", "where a word stands behind a space", 2),
    }


# Traps


def test_a_trap_of_running_text_by_hand(chinese):
    text = "出现在"
    found = RunningTraps.sampled(read(chinese, drawn(text, "中国", text * 2)))
    assert found.counts[Trap("出现", "在", "现在")] == 3
    row = next(row for row in found.rows() if row["a"] == "出现")
    assert (row["alone"], row["seen"]) == ("出|现 + 在", 3)
    assert row["here"] == "出|现在"
    assert "出现|在" in row["context"]


def test_only_the_beginnings_of_documents_are_looked_at(chinese, monkeypatch):
    monkeypatch.setattr("tokaudit.splits.running_traps.CHARACTERS", 3)
    assert RunningTraps.sampled(read(chinese, drawn("出现在" * 5))).counts.total() == 1


# Prompt ends


def test_prompt_ends_by_hand():
    """`ab ab` is ab, space, ab: a cut is broken inside ab alone, and one token back heals it."""
    tokenizer = made.byte_level(b"ab")
    found = PromptEnds.sampled(read(tokenizer, drawn("ab ab")))
    cells = found.sums.by_kind(ALL)
    sums = {kind: [cells[kind].total(n) for n in found.sums.COUNTED] for kind in cells}
    assert sums == {
        "character": [4, 0, 2, 2, 2],
        "word end": [1, 0, 0, 0, 0],
        "space": [1, 0, 0, 0, 0],
    }


def test_a_space_that_belongs_to_the_next_word_breaks_a_prompt():
    found = PromptEnds.sampled(read(made.byte_level(b" a"), drawn("a a", "a a a")))
    space = found.sums.by_kind(ALL)["space"]
    assert [space.total(n) for n in found.sums.COUNTED] == [3, 0, 3, 3, 3]
    shown = prompt_rows.rows(found)["prompt_examples"]
    ends = {(row["prompt"], row["alone"]) for row in shown if "space" in row["where"]}
    assert ends <= {("a ", "a| "), ("a a ", "a| a| ")} and ends


@pytest.mark.parametrize(
    ("text", "kind", "cuts"),
    [
        ("see maxRowBytes", "identifier", 4),
        ("see max_row", "identifier", 4),
        ("see Berlin USA", "identifier", 0),
        ("at https://a.org/b now", "address", 4),
        ("a\n  b\nc", "line end", 2),
        ("a\n  b\nc", "indent", 1),
        ("两个词", "space", 0),
    ],
)
def test_where_texts_are_cut(text, kind, cuts):
    found = PromptEnds.sampled(read(train.loaded("builtin:bytes"), drawn(text)))
    cells = found.sums.by_kind(ALL)
    assert (cells[kind].total("cuts") if kind in cells else 0) == cuts


def test_single_bytes_break_nowhere():
    for batch in probes():
        found = PromptEnds.observe(read(train.loaded("builtin:bytes"), batch))
        for cells in found.sums.by_kind(ALL).values():
            assert cells.total("cuts") > 40 and not cells.total("broken") + cells.total("split")


@pytest.mark.shared
@pytest.mark.parametrize("spec", ["r50k_base", "cl100k_base", "o200k_base", "llama2"])
def test_cuts_in_flores_english_break_as_often_as_was_measured_elsewhere(shared, spec):
    path = shared / "tokenizers" / spec
    corpus = shared / "corpora" / "flores200.parquet"
    english = pq.read_table(corpus, columns=["text"], filters=[("lang", "=", "eng_Latn")])
    batch = drawn(*english["text"].to_pylist())
    tokenizer = train.loaded(str(path) if path.exists() else spec)
    found = PromptEnds.sampled(read(tokenizer, batch))
    (row, *_) = prompt_rows.rows(found)["prompts"]
    assert row["where"] == "at any character" and row["cuts"] > 1_000
    assert 0.75 <= row["broken"] <= 0.82 and row["broken_ci95"] < 0.04


# Parts and processes


@pytest.mark.parametrize("name", ["gpt2", "wordpiece", "unigram"])
@settings(train.unhurried, max_examples=10)
@given(texts=st.lists(TEXT, min_size=1, max_size=5), at=st.integers(0, 5))
def test_parts_of_a_sample_add_up_to_the_whole(name, texts, at):
    tokenizer, batch = train.loaded(name), drawn(*texts)
    whole = RunningText.sampled(read(tokenizer, batch))
    parts = np.split(np.arange(len(texts)), [min(at, len(texts))])
    first, second = (RunningText.sampled(read(tokenizer, batch.take(part))) for part in parts)
    assert first + second == whole == second + first


def test_one_process_and_two_write_the_same_bytes(tokaudit, tmp_path):
    written = []
    for jobs in (1, 2):
        path = tmp_path / f"{jobs}.json"
        asked = ("--lang", "tha_Thai", "--lang", "zho_Hans", "--limit", 100, "--jobs", jobs)
        named = ("adversarial", "builtin:parallel", "-t", train.path("gpt2"))
        code, _, said = tokaudit(*named, *asked, "-o", path)
        assert code == 0, said
        written.append(path.read_bytes())
    assert written[0] == written[1]
    tables = json.loads(written[0])["tables"]
    for name in ("borders", "noise", "prompts", "running_traps"):
        assert len({row["lang"] for row in tables[f"adversarial_{name}"]}) > 1, name


# Segments


SEGMENTS = "word,segments,lang\nunfit,un|fit,en\nfits,fit@@ s,en\nwent,go|ed,en\ntops,top|s,en\n"


@pytest.fixture
def brought(tmp_path):
    path = tmp_path / "segments.csv"
    path.write_text(SEGMENTS)
    return load(path)


def test_segments_are_read_and_what_is_not_the_word_is_left_out(brought):
    assert brought.words == (
        Segmented("en", "fits", (3,)),
        Segmented("en", "tops", (3,)),
        Segmented("en", "unfit", (2,)),
    )
    assert brought.left_out == {"en": 1}


def test_borders_of_segments_by_hand(brought):
    """` fits` is one token, ` un|fit` keeps its border, ` to|ps` has another one."""
    merged = (b"fi", b"fit", b" u", b" un", b"fits", b" fits", b" t", b" to", b"ps")
    found = Morphs.look(made.byte_level(*merged), Scope(segments=brought))
    (row,) = found.tables()["morphs"]
    assert {name: row[name] for name in ("words", "borders", "cut_words", "inner")} == {
        "words": 3,
        "borders": 3,
        "cut_words": 2,
        "inner": 2,
    }
    assert (row["kept_share"], row["kept_where_cut"], row["precision"]) == (1 / 3, 1 / 2, 1 / 2)
    assert (row["left_out"], row["examples"]) == (1, "to|ps")


def test_segments_that_cannot_be_read_are_refused_in_a_sentence(tmp_path):
    for name, text in {
        "a.csv": "word,lang\nx,en\n",
        "b.csv": "word,segments,lang\nwent,go|ed,en\n",
        "c.txt": SEGMENTS,
        "d.parquet": SEGMENTS,
    }.items():
        (tmp_path / name).write_text(text)
        with pytest.raises(BadUsage, match=name):
            load(tmp_path / name)
    with pytest.raises(BadUsage, match=r"none\.tsv"):
        load(tmp_path / "none.tsv")
