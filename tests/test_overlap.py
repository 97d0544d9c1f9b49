"""Two vocabularies: what they share, what one token is elsewhere, what a version changed."""

import json

import numpy as np
import pyarrow as pa
import pytest
import regex
import tiktoken
import tokenizers
from hypothesis import given
from hypothesis import strategies as st

from tests import train
from tokaudit import loaders, tables
from tokaudit.overlap import changes, comparing, entries, merges, one_token
from tokaudit.overlap import shared as common
from tokaudit.overlap.schemas import SCHEMAS
from tokaudit.text import Absent
from tokaudit.vocabulary import Vocabulary

held = st.dictionaries(st.integers(0, 40), st.binary(max_size=2), min_size=1, max_size=20)


def vocabulary(*texts, **more):
    return Vocabulary.of(dict(enumerate(texts)), **more)


def changed(folder, change, name="gpt2"):
    """Write a trained tokenizer.json again with its configuration changed, and load it."""
    config = json.loads(train.path(name).read_text(encoding="utf-8"))
    change(config)
    folder.mkdir()
    (folder / "tokenizer.json").write_text(json.dumps(config), encoding="utf-8")
    return loaders.load(str(folder))


# Canonical form


def test_pieces_of_words_are_compared_as_they_stand_in_text():
    inner = vocabulary(b"the", b"ing", b".", "我".encode(), b"[UNK]", continuing=[1], unknown=4)
    assert list(entries.places(inner)) == [b" the", b"ing", b".", "我".encode()]
    assert entries.controls(inner) == {b"[UNK]"}


def test_a_byte_that_stands_in_gives_way_to_its_letter():
    found = vocabulary(b"A", b"\xff", b"A", fallback=[0, 1])
    assert entries.places(found) == {b"A": 2, b"\xff": 1}


def test_every_alphabet_spells_the_same_bytes():
    """Byte-level letters, `▁` and `##` of trained tokenizers stand for the same words."""
    words = [entries.places(train.loaded(n).vocabulary) for n in ("gpt2", "bpe", "wordpiece")]
    assert all(b" the" in each for each in words)


# What is shared


@given(a=held, b=held)
def test_sizes_are_those_of_sets(a, b):
    one, other = Vocabulary.of(a), Vocabulary.of(b)
    x, y = set(a.values()) - {b""}, set(b.values()) - {b""}
    found = common.summary(one, other)
    assert (found["texts_a"], found["texts_b"]) == (len(x), len(y))
    assert (found["shared"], found["only_a"], found["only_b"]) == (
        len(x & y),
        len(x - y),
        len(y - x),
    )
    if x | y:
        assert found["jaccard"] == len(x & y) / len(x | y)
    else:
        assert isinstance(found["jaccard"], Absent)
    for rows in (list(common.by_class(one, other)), list(common.by_script(one, other))):
        for side in ("shared", "only_a", "only_b"):
            assert sum(row[side] for row in rows) == found[side]


def test_examples_are_the_first_by_id():
    found = vocabulary(*(f"{n:02}".encode() for n in range(12)))
    (row,) = common.by_class(found, vocabulary(b"03"))
    assert row["examples_a"] == "00 01 02 04 05 06 07 08 …"
    assert row["examples_b"] == "" and row["shared"] == 1


# One token elsewhere


def test_one_token_of_a_letter_is_several_bytes():
    """Every character of one to four bytes that `a` knows is so many tokens of `builtin:bytes`."""
    a, b = train.loaded("gpt2"), train.loaded("builtin:bytes")
    rows = {row["script"]: row for row in one_token.by_script(a, b)}
    places = entries.places(a.vocabulary)
    whole = [t for t, p in places.items() if not a.vocabulary.partial[p] and seen(t.decode())]
    reads = [text for text in whole if alone(a, text)]
    visible = [len(seen(text.decode()).encode()) for text in reads]
    total = rows[one_token.ALL]
    assert total["texts"] == len(reads) > 1_000
    sizes = [sum(n == k for n in visible) for k in (1, 2, 3)]
    assert [total["one"], total["two"], total["three"]] == sizes
    assert total["more"] == sum(n > 3 for n in visible)
    assert total["lost"] == 0
    assert total["tokens_per_text"] == sum(visible) / len(visible)
    scripts = [row for name, row in rows.items() if name != one_token.ALL]
    for column in ("texts", "one", "two", "three", "more", "lost"):
        assert sum(row[column] for row in scripts) == total[column]


def seen(text):
    return regex.sub(r"\p{White_Space}", "", text)


def alone(tokenizer, text):
    """Say whether a text behind a line end is one token, by the engine's ids alone."""
    found = tokenizer.engine.encode(pa.array(["\n" + text.decode()], pa.large_string())).ids
    decoded = tokenizer.vocabulary.decode(found).to_pylist()
    return decoded in ([b"\n", text], [b"\n" + text])


def test_what_is_unknown_elsewhere_is_lost_and_not_one_token():
    a, b = train.loaded("gpt2"), train.loaded("wordpiece")
    rows = {row["script"]: row for row in one_token.by_script(a, b)}
    for row in rows.values():
        parts = [row[name] for name in ("one", "two", "three", "more", "lost")]
        assert sum(parts) == row["texts"]
    assert rows["all"]["lost"] > 0


def test_a_tokenizer_reads_its_own_tokens_as_one():
    for name in ("gpt2", "bpe", "wordpiece", "unigram"):
        tokenizer = train.loaded(name)
        total = next(iter(one_token.by_script(tokenizer, tokenizer)))
        assert total["texts"] > 500 and total["one"] + total["lost"] == total["texts"]
        assert total["lost"] == 0 and total["examples"] == ""


def test_examples_show_borders_and_what_was_cut():
    a, b = train.loaded("gpt2"), train.loaded("builtin:bytes")
    rows = {row["script"]: row["examples"] for row in one_token.by_script(a, b)}
    assert "н→\\xd0│\\xbd" in rows["Cyrillic"]
    assert "\n" not in "".join(rows.values())


# Versions


def test_a_change_log_says_what_became_of_every_text():
    a = vocabulary(b"<s>", b"a", b"b", b"c", b"d", special=[0])
    b = vocabulary(b"<s>", b"a", b"c", b"b", b"e", b"f", special=[0])
    found = changes.log(a, b)
    assert {name: change.ids.tolist() for name, change in found.items()} == {
        changes.REMOVED: [4],
        changes.ADDED: [4, 5],
        changes.MOVED: [2, 3],
    }
    assert found[changes.MOVED].examples == "b: 2 to 3, c: 3 to 2"
    assert found[changes.ADDED].examples == "4: e, 5: f"
    assert changes.kept(a, b) == 2 / 5


def test_a_control_token_with_the_text_of_another_entry_is_another():
    a, b = vocabulary(b"x", special=[0]), vocabulary(b"x")
    assert set(changes.log(a, b)) == {changes.REMOVED, changes.ADDED}


def test_one_of_several_ids_moves_only_if_it_goes():
    a, b = vocabulary(b"x", b"x"), vocabulary(b"x", b"y", b"x")
    assert changes.log(a, b)[changes.MOVED].ids.tolist() == [1]
    assert changes.log(b, b) == {} == changes.log(a, vocabulary(b"x", b"x"))


@given(a=held, b=held)
def test_logs_of_both_directions_agree(a, b):
    one, other = Vocabulary.of(a), Vocabulary.of(b)
    forth, back = changes.log(one, other), changes.log(other, one)
    nothing = changes.Change(np.zeros(0, np.int64), "")
    there = forth.get(changes.REMOVED, nothing).ids.tolist()
    assert there == back.get(changes.ADDED, nothing).ids.tolist()
    assert set(there) == {number for number, text in a.items() if text not in b.values()}


def test_a_version_has_a_log_and_another_tokenizer_has_none(tmp_path):
    def renamed(config):
        vocab = config["model"]["vocab"]
        last = max(vocab, key=vocab.__getitem__)
        vocab["new"] = vocab.pop(last)
        config["model"]["merges"].pop()  # the one that made it

    newer = changed(tmp_path / "newer", renamed)
    rows = comparing.rows(train.loaded("gpt2"), newer)
    names = [row["change"] for row in rows["overlap_changes"]]
    assert names == [changes.REMOVED, changes.ADDED, changes.OTHER]
    assert [row["ids"] for row in rows["overlap_changes"]] == [1, 1, 1]
    assert comparing.rows(newer, train.loaded("bpe"))["overlap_changes"] == []


# Merges


def test_two_merges_that_trade_places_are_one_move(tmp_path):
    def swapped(config):
        pairs = config["model"]["merges"]
        pairs[10], pairs[11] = pairs[11], pairs[10]

    a = train.loaded("gpt2")
    found = merges.compare(a, changed(tmp_path / "b", swapped))
    assert (found["alike"], found["moved"]) == (10, 1)
    assert found["shared"] == found["merges_a"] == found["merges_b"]
    same = merges.compare(a, a)
    assert (same["alike"], same["moved"]) == (same["merges_a"], 0)
    assert isinstance(same["parted"], Absent)


def test_ranks_in_a_file_and_merges_in_another_have_one_order():
    ranks = loaders.load(f"{train.ranks_file()}?pattern=gpt2")
    found = merges.compare(train.loaded("gpt2"), ranks)
    assert found["moved"] == 0 and found["alike"] == found["merges_a"] > 2_000


def test_where_there_are_no_merges_the_reason_is_given():
    found = merges.compare(train.loaded("gpt2"), train.loaded("unigram"))
    assert set(found) == set(merges.FIGURES)
    assert {value.reason for value in found.values()} == {"Unigram has no merges that are known"}


@given(st.permutations(range(8)))
def test_the_fewest_moves_are_those_outside_the_longest_order(numbers):
    longest = max(
        len(chosen)
        for size in range(2**8)
        if (chosen := [n for at, n in enumerate(numbers) if size >> at & 1]) == sorted(chosen)
    )
    assert merges.longest_ascending(numbers) == longest


# Tables


@pytest.mark.parametrize("pair", [("gpt2", "wordpiece"), ("bpe", "unigram"), ("gpt2", "gpt2")])
def test_rows_fill_their_tables(pair):
    a, b = map(train.loaded, pair)
    rows = comparing.rows(a, b)
    assert set(rows) == set(SCHEMAS)
    for name, schema in SCHEMAS.items():
        made = tables.table(schema, [(b.spec, "mul", row) for row in rows[name]])
        assert made.num_rows == len(rows[name])
        for row in made.to_pylist():
            assert not regex.search(
                r"[\p{Cc}\p{Cf}]", "".join(v for v in row.values() if is_str(v))
            )
            reasons = dict(row["absent"])
            assert all(row[field.name] is not None or reasons[field.name] for field in schema)


def is_str(value):
    return isinstance(value, str)


# Real tokenizers


@pytest.mark.usefixtures("shared")
def test_real_ranks_share_what_their_library_says():
    own = [set(tiktoken.get_encoding(n)._mergeable_ranks) for n in ("cl100k_base", "o200k_base")]
    found = overlap("cl100k_base", "o200k_base")
    assert (found["texts_a"], found["texts_b"]) == tuple(map(len, own))
    assert found["shared"] == len(own[0] & own[1]) == 85_033


def test_two_alphabets_share_what_their_own_files_say(shared):
    """Llama-2 writes `▁` and `<0x0A>`, Llama-3 byte-level letters: its decoder reads them."""
    folders = [str(shared / "tokenizers" / name) for name in ("llama2", "llama3")]
    two, three = (tokenizers.Tokenizer.from_file(f"{each}/tokenizer.json") for each in folders)
    pieces = [piece for piece in two.get_vocab() if piece not in ("<unk>", "<s>", "</s>")]
    plain = {piece.replace("▁", " ") for piece in pieces if not piece.startswith("<0x")}
    bytewise = {three.decode([n], skip_special_tokens=True) for n in range(128_000)}
    readable = {text for text in bytewise if "\ufffd" not in text}
    stand_in = {chr(n) for n in range(128)}
    lone_bytes, replacement = 128, 1  # entries of both, though no decoder can show which
    assert "\ufffd" in pieces
    same = len((plain | stand_in) & readable) + lone_bytes + replacement
    assert overlap(*folders)["shared"] == same == 29_110


def overlap(a, b):
    return common.summary(train.loaded(a).vocabulary, train.loaded(b).vocabulary)
