"""Bags: distinct chunks, how often they occur, and the documents they make up."""

from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tokaudit import bag as bags
from tokaudit import words
from tokaudit.bag import Bag, Documents, Gathering

LETTERS = [
    "a",
    "b",
    "é",
    "中",
    " ",
    " ",
    " ",
    "\n",
    "  ",
    " a",
    " b",
    "a b",
    "\u0301",
    "/",
    "\u200b",
]
document = st.lists(st.sampled_from(LETTERS), max_size=8).map("".join)
documents = st.lists(st.tuples(document, st.integers(0, 2)), min_size=1, max_size=8)
CLASH = [(" a", 0), ("x a", 0), (" a a", 1), ("b a\nx", 1), (" a", 1)]


def large(rows):
    return pa.array(rows, pa.large_string())


def keys(size):
    """Give documents hashes, many of which fall into one group."""
    return np.arange(size, dtype=np.uint64) % 3 * 33


def gathered(rows, bounds=()):
    """Gather documents in one piece, or in several that end at these bounds."""
    gathering = Gathering.nothing("und")
    for part in np.split(np.arange(len(rows)), sorted(bounds)):
        texts = large([rows[row][0] for row in part])
        gathering.add(texts, np.array([rows[row][1] for row in part], np.int64), keys(len(part)))
    return gathering.bag()


def pieces(bag):
    """Write out each document's chunks."""
    distinct = bag.chunks.to_pylist()
    bounds = zip(bag.starts.tolist(), bag.starts.tolist()[1:], strict=False)
    return [[distinct[code] for code in bag.codes[a:b]] for a, b in bounds]


def occurrences(bag):
    """Count by cohort what each chunk is, and whether it stands inside its document."""
    found = {}
    for cohort, weights in bag.weights.items():
        assert weights.dtype == np.int64
        named = zip(bag.chunks.to_pylist(), bag.inside.tolist(), weights.tolist(), strict=True)
        found[cohort] = Counter()
        for text, inside, weight in named:
            found[cohort][text, inside] += weight
        found[cohort] += Counter()  # without what does not occur
    return found


@st.composite
def divided(draw):
    """Documents, and where their pieces end (a piece may be empty)."""
    rows = draw(documents)
    return rows, draw(st.lists(st.integers(0, len(rows)), max_size=3))


@given(divided())
@example((CLASH, [2, 2]))
@settings(max_examples=150)
def test_gathering_pieces_is_gathering_everything_at_once(drawn):
    rows, bounds = drawn
    parts = gathered(rows, bounds)
    for other in (gathered(rows), parts, parts.spaced(), parts.whole()):
        assert ["".join(each) for each in pieces(other)] == [text for text, _ in rows]
        assert other.cohorts.tolist() == [cohort for _, cohort in rows]
        assert other.starts.tolist()[0] == 0 and other.starts[-1] == other.codes.size
        assert other.documents == len(rows) and other.lang == "und"
    assert sorted(parts.chunks.to_pylist()) == sorted(set(parts.chunks.to_pylist())), "each once"


@given(divided())
@example((CLASH, [1]))
@settings(max_examples=150)
def test_cut_at_spaces_only_a_chunk_begins_its_document_or_with_a_space(drawn):
    rows, bounds = drawn
    bag = gathered(rows, bounds).spaced()
    expected = {cohort: Counter() for _, cohort in rows}
    for (text, cohort), found in zip(rows, pieces(bag), strict=True):
        assert "".join(found) == text
        assert all(piece.startswith(" ") for piece in found[1:])
        expected[cohort][found[0], False] += 1
        expected[cohort].update((piece, True) for piece in found[1:])
    assert occurrences(bag) == expected
    assert all(text.startswith(" ") for text in bag.chunks.filter(pa.array(bag.inside)).to_pylist())


@given(documents)
@example(CLASH)
@settings(max_examples=100)
def test_every_way_to_cut_joins_to_the_same_documents_and_finer_ones_only_cut_more(rows):
    bag = gathered(rows)
    for lines, spaced, whole in zip(*map(pieces, (bag, bag.spaced(), bag.whole())), strict=True):
        assert "".join(lines) == "".join(spaced) == "".join(whole)
        assert len(lines) >= len(spaced) >= len(whole) == 1
        assert sum(piece.startswith(" ") for piece in lines[1:]) == len(spaced) - 1


@given(documents)
@settings(max_examples=100)
def test_weights_count_chunks_by_cohort(rows):
    bag = gathered(rows)
    expected = {cohort: Counter() for _, cohort in rows}
    for (_, cohort), found in zip(rows, pieces(bag), strict=True):
        expected[cohort].update((piece, False) for piece in found)
    assert occurrences(bag) == expected
    assert sum(int(each.sum()) for each in bag.weights.values()) == bag.codes.size


@given(documents, st.data())
@example(CLASH, None)
@settings(max_examples=150)
def test_documents_that_are_selected_are_a_bag_of_those_documents(rows, data):
    kept = [True, False, True, False, True]
    if data is not None:
        kept = data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows)))
    for bag in (gathered(rows), gathered(rows).spaced(), gathered(rows).whole()):
        chosen = bag.select(np.array(kept))
        assert chosen.documents == sum(kept)
        expected = [p for p, keep in zip(pieces(bag), kept, strict=True) if keep]
        assert pieces(chosen) == expected
        assert chosen.cohorts.tolist() == [c for (_, c), k in zip(rows, kept, strict=True) if k]
        assert len(chosen.chunks) == len(set(chosen.codes.tolist()))
        assert set(chosen.codes.tolist()) == set(range(len(chosen.chunks)))
        inside = dict(zip(bag.chunks.to_pylist(), bag.inside.tolist(), strict=True))
        twice = Counter(bag.chunks.to_pylist())
        for text, within in zip(chosen.chunks.to_pylist(), chosen.inside.tolist(), strict=True):
            assert twice[text] > 1 or inside[text] == within


@given(documents, st.data())
@settings(max_examples=100)
def test_a_document_holds_a_mark_if_one_of_its_chunks_bears_it(rows, data):
    bag = gathered(rows)
    size = len(bag.chunks)
    marked = np.array(data.draw(st.lists(st.booleans(), min_size=size, max_size=size)), np.bool_)
    bears = dict(zip(bag.chunks.to_pylist(), marked.tolist(), strict=True))
    expected = [any(bears[piece] for piece in found) for found in pieces(bag)]
    assert bag.holding(marked).tolist() == expected
    cohorts = Counter(c for (_, c), holds in zip(rows, expected, strict=True) if holds)
    assert bag.count(bag.holding(marked)) == {c: cohorts[c] for c in {c for _, c in rows}}


@given(documents, st.integers(1, 12))
@settings(max_examples=100)
def test_batches_are_the_chunks_in_order_and_bounded(rows, limit):
    bag = gathered(rows).spaced()
    before, bags.BATCH_BYTES = bags.BATCH_BYTES, limit
    try:
        found = list(bag.batches(words.default()))
    finally:
        bags.BATCH_BYTES = before
    assert [text for _, batch in found for text in batch.texts.to_pylist()] == (
        bag.chunks.to_pylist()
    )
    assert [row for part, _ in found for row in range(part.start, part.stop)] == list(
        range(len(bag.chunks))
    )
    for part, batch in found:
        assert batch.inside.tolist() == bag.inside[part].tolist()
        assert batch.weights.tolist() == [1] * batch.rows and batch.lang == "und"
        assert batch.data.size <= limit or batch.rows == 1


def test_a_document_that_begins_like_a_chunk_inside_others_has_a_chunk_of_its_own():
    bag = gathered(CLASH).spaced()
    counted = Counter(zip(bag.chunks.to_pylist(), bag.inside.tolist(), strict=True))
    inside = [(" a", True), (" a\nx", True)]
    assert counted == dict.fromkeys([(" a", False), ("x", False), ("b", False), *inside], 1)
    assert occurrences(bag) == {
        0: {(" a", False): 1, ("x", False): 1, (" a", True): 1},
        1: {(" a", False): 2, (" a", True): 1, ("b", False): 1, (" a\nx", True): 1},
    }


def test_without_the_space_that_was_cut_off_only_chunks_inside_are_shorter():
    bag = gathered(CLASH).spaced()
    ((_, batch),) = bag.batches(words.default())
    for text, bare, inside in zip(
        batch.texts.to_pylist(), batch.bare.to_pylist(), batch.inside.tolist(), strict=True
    ):
        assert bare == (text[1:] if inside else text)


def test_a_bag_of_whole_documents_keeps_doubles_apart_and_in_order():
    texts = large(["b", "a", "b", ""])
    bag = Bag.of_documents("en", texts, np.array([1, 0, 1, 0]), keys(4))
    assert pieces(bag) == [["b"], ["a"], ["b"], [""]]
    assert {c: w.tolist() for c, w in bag.weights.items()} == {0: [0, 1, 0, 1], 1: [1, 0, 1, 0]}


def test_documents_from_the_middle_of_an_array_are_those_documents():
    texts = large(["x y", " a b", "", "c\nd", "z"])[1:4]
    gathering = Gathering.nothing("en")
    gathering.add(texts, np.zeros(3, np.int64), keys(3))
    assert pieces(gathering.bag()) == [[" a", " b"], [""], ["c\n", "d"]]
    assert pieces(gathering.bag().spaced()) == [[" a", " b"], [""], ["c\nd"]]
    assert pieces(Bag.of_documents("en", texts, np.zeros(3, np.int64), keys(3)).whole()) == [
        [" a b"],
        [""],
        ["c\nd"],
    ]


def test_what_is_gathered_knows_its_size():
    gathering = Gathering.nothing("en")
    gathering.add(large(["a b c"] * 100), np.zeros(100, np.int64), keys(100))
    small = gathering.size
    assert small > 300 * 4 + 100 * 8
    gathering.add(
        large([f"{n} words" for n in range(1_000)]), np.zeros(1_000, np.int64), keys(1_000)
    )
    assert gathering.size > small + 1_000 * (4 + 8)


@pytest.mark.parametrize("more", [Documents(), Documents(1, 2, 3)])
def test_documents_add_field_by_field(more):
    assert Documents(10, 20, 30) + more == Documents(
        10 + more.rows, 20 + more.altered, 30 + more.failed
    )


@given(documents)
@example(CLASH)
def test_groups_share_out_what_occurs_in_each_cohort(rows):
    for bag in (made := gathered(rows)), made.spaced(), made.whole():
        summed = {cohort: np.zeros(len(bag.chunks), np.int64) for cohort in bag.weights}
        for (cohort, _), (chunks, counts) in bag.groups.items():
            assert (np.diff(chunks) > 0).all() and (counts > 0).all()
            summed[cohort][chunks] += counts
        assert {c: w.tolist() for c, w in summed.items()} == {
            c: w.tolist() for c, w in bag.weights.items()
        }


def test_a_group_holds_the_documents_of_its_keys():
    texts, zeros = large(["a b", "a", "c b"]), np.zeros(3, np.int64)
    gathering = Gathering.nothing("en")
    gathering.add(texts, zeros, np.array([5, bags.GROUPS + 5, 7], np.uint64))
    bag = gathering.bag()
    named = [
        (which, dict(zip(bag.chunks.take(pa.array(c)).to_pylist(), n.tolist(), strict=True)))
        for which, (c, n) in bag.groups.items()
    ]
    assert named == [((0, 5), {"a": 2, " b": 1}), ((0, 7), {" b": 1, "c": 1})]
