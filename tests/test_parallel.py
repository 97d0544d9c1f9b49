"""Which languages share which rows, against sets made by hand from the same table."""

from collections import Counter

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tokaudit.corpus import Corpus
from tokaudit.parallel import REFERENCES, Alignment
from tokaudit.parquet import Columns
from tokaudit.text import Absent

LANGS = ["eng_Latn", "en", "tr", "hin_Deva", "a\u0301", "zz"]
# A row: its language, its id, and whether its text is kept (a blank row is not there for anyone).
rows = st.lists(
    st.tuples(
        st.sampled_from(LANGS), st.none() | st.sampled_from([*"123456789", "", "ü"]), st.booleans()
    ),
    max_size=24,
)


def corpus_of(path, table, per_file=100):
    """Write rows as Parquet files, with row groups of two."""
    kinds = pa.schema([(name, pa.string()) for name in ("text", "lang", "id")])
    for number, first in enumerate(range(0, max(1, len(table)), per_file)):
        part = table[first : first + per_file]
        columns = {
            "text": [f"row {first + i}" if kept else " " for i, (_, _, kept) in enumerate(part)],
            "lang": [lang for lang, _, _ in part],
            "id": [row for _, row, _ in part],
        }
        pq.write_table(pa.table(columns, kinds), path / f"{number}.parquet", row_group_size=2)
    return Corpus((str(path),))


def by_hand(table, wanted=None):
    """The reference language, and for each of its ids the languages that have it just once."""
    rows = Counter((lang, row) for lang, row, kept in table if kept and row is not None)
    has = {}
    for lang, row in (each for each, times in rows.items() if times == 1):
        has.setdefault(lang, set()).add(row)
    reference = next((lang for lang in ([wanted] if wanted else REFERENCES) if lang in has), None)
    ids = has.get(reference, set())
    return reference, {row: frozenset(lang for lang in has if row in has[lang]) for row in ids}


def by_cohort(corpus, alignment):
    """For each kept row, by its text: its language and its cohort."""
    found = {}
    for piece in corpus:
        texts = piece.texts.to_pylist()
        for text, cohort in zip(texts, alignment.cohorts_of(piece).tolist(), strict=True):
            assert text not in found, "a row belongs to one cohort"
            found[text] = (piece.lang, cohort)
    return found


@given(rows, st.sampled_from([None, "tr", "eng_Latn", "xx"]), st.sampled_from([3, 100]))
@example([("en", "1", True), ("tr", "1", True), ("tr", "1", True), ("tr", "2", True)], None, 100)
@example([("en", "1", True), ("en", "1", True), ("tr", "1", False)], None, 100)
@example([("eng_Latn", None, True), ("en", "1", True), ("tr", "1", True)], None, 100)
@settings(deadline=None, max_examples=60)
def test_rows_are_divided_by_the_languages_that_share_them(
    tmp_path_factory, table, wanted, per_file
):
    corpus = corpus_of(tmp_path_factory.mktemp("rows"), table, per_file)
    alignment = Alignment.of(corpus, wanted)
    reference, langs_of = by_hand(table, wanted)
    if reference is None:
        assert isinstance(alignment.reference, Absent)
    else:
        assert alignment.reference == reference
    found = by_cohort(corpus, alignment)
    assert len(found) == sum(kept for *_, kept in table)
    for number, (lang, row, kept) in enumerate(table):
        if not kept:
            continue
        assert found[f"row {number}"][0] == lang
        cohort = found[f"row {number}"][1]
        assert alignment.members[cohort] == langs_of.get(row, frozenset())
        assert (cohort == 0) == (row not in langs_of)


@given(rows)
@settings(deadline=None, max_examples=50)
def test_the_cohorts_of_two_languages_hold_exactly_the_ids_that_both_have(tmp_path_factory, table):
    corpus = corpus_of(tmp_path_factory.mktemp("rows"), table)
    alignment = Alignment.of(corpus, None)
    reference, langs_of = by_hand(table)
    members = alignment.members
    assert len(set(members)) == len(members), "equal sets are one cohort"
    for lang in LANGS:
        cohorts = [number for number, langs in enumerate(members) if lang in langs]
        places = np.isin(alignment.cohorts, cohorts)
        ids = set(np.array(alignment.ids.to_pylist(), object)[places])
        assert ids == {row for row, langs in langs_of.items() if lang in langs}
        assert alignment.rows(lang) == len(ids)
    assert all(reference in langs for langs in members[1:])


@pytest.mark.parametrize(
    ("langs", "wanted", "reference"),
    [
        (["tr", "eng_Latn", "en"], None, "eng_Latn"),
        (["eng", "en"], None, "en"),
        (["eng", "tr"], None, "eng"),
        (["eng", "tr"], "tr", "tr"),
    ],
)
def test_the_reference_is_the_one_asked_for_or_english(tmp_path, langs, wanted, reference):
    corpus = corpus_of(tmp_path, [(lang, "1", True) for lang in langs])
    assert Alignment.of(corpus, wanted).reference == reference


@pytest.mark.parametrize(
    ("table", "wanted", "reason"),
    [
        ([("tr", "1", True)], None, "no rows with ids in eng_Latn or en or eng"),
        ([("en", "1", True)], "tr", "no rows with ids in tr"),
        ([], None, "no rows with ids in eng_Latn or en or eng"),
        ([("en", "1", True)] * 2, None, "every id of en stands on several rows"),
        (
            [("en", None, True), ("tr", "1", True)],
            None,
            "no rows with ids in eng_Latn or en or eng",
        ),
    ],
)
def test_without_a_reference_it_is_said_why(tmp_path, table, wanted, reason):
    alignment = Alignment.of(corpus_of(tmp_path, table), wanted)
    assert isinstance(alignment.reference, Absent)
    assert alignment.reference.reason.startswith(reason)


def test_without_ids_there_is_nothing_to_align_and_all_rows_are_one_cohort(tmp_path):
    pq.write_table(pa.table({"text": ["a", "b"], "lang": ["en", "tr"]}), tmp_path / "a.parquet")
    corpus = Corpus((str(tmp_path),), Columns(id="nr"))
    alignment = Alignment.of(corpus, None)
    assert alignment.reference == Absent("no column 'nr' to align rows by")
    assert dict(by_cohort(corpus, alignment).values()) == {
        "en": 0,
        "tr": 0,
    }


def test_files_without_ids_stand_beside_files_with_them(tmp_path):
    columns = {"text": ["a", "b"], "lang": ["en", "tr"]}
    pq.write_table(pa.table({**columns, "id": ["1", "1"]}), tmp_path / "a.parquet")
    pq.write_table(pa.table({"text": ["c"], "lang": ["tr"]}), tmp_path / "b.parquet")
    corpus = Corpus((str(tmp_path),))
    found = by_cohort(corpus, Alignment.of(corpus, None))
    assert found == {"a": ("en", 1), "b": ("tr", 1), "c": ("tr", 0)}


def test_ids_may_be_numbers_here_and_strings_there(tmp_path):
    pq.write_table(pa.table({"text": ["a"], "lang": ["en"], "id": [7]}), tmp_path / "a.parquet")
    pq.write_table(pa.table({"text": ["b"], "lang": ["tr"], "id": ["7"]}), tmp_path / "b.parquet")
    assert Alignment.of(Corpus((str(tmp_path),)), None).members[1] == {"en", "tr"}


def test_more_languages_than_a_byte_has_bits_keep_their_names(tmp_path):
    table = [("en", "all", True), ("en", "some", True)]
    table += [(f"l{number:02}", "all", True) for number in range(20)]
    table += [("l17", "some", True)]
    alignment = Alignment.of(corpus_of(tmp_path, table), None)
    everyone = {"en", *(f"l{number:02}" for number in range(20))}
    assert set(alignment.members) == {frozenset(), frozenset(everyone), frozenset({"en", "l17"})}


def test_only_languages_that_are_read_are_members(tmp_path):
    table = [("en", "1", True), ("tr", "1", True), ("de", "1", True)]
    corpus_of(tmp_path, table)
    alignment = Alignment.of(Corpus((str(tmp_path),), langs=("en", "tr")), None)
    assert alignment.members == (frozenset(), frozenset({"en", "tr"}))


def test_a_label_keeps_every_character_even_a_null_at_its_end(tmp_path):
    table = [("en", "1", True), ("a\0", "1", True), ("a", "2", True)]
    alignment = Alignment.of(corpus_of(tmp_path, table), None)
    assert alignment.members[1] == {"en", "a\0"}
