"""A corpus accounts for every row, in whatever form strings are stored, and says what is wrong."""

import random
import resource
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokaudit import parquet
from tokaudit.census import Census
from tokaudit.corpus import Corpus
from tokaudit.errors import BadCorpus
from tokaudit.parquet import UNDETERMINED, Columns

STRINGS = [
    pa.string(),
    pa.large_string(),
    pa.string_view(),
    pa.dictionary(pa.int32(), pa.string()),
    pa.dictionary(pa.int8(), pa.large_string()),
]
NO_STRINGS = {
    "int": pa.array([1]),
    "list": pa.array([["a"]]),
    "binary": pa.array([b"a"]),
    "struct": pa.array([{"a": "b"}]),
    "dictionary of int": pa.array([1]).dictionary_encode(),
}
BLANK = ["", " ", "\u3000\u00a0", "\r\n\t", "\u2029"]
rows = st.tuples(
    st.sampled_from(["en", "tr"]), st.text(min_size=1, max_size=5), st.none() | st.text()
)


@pytest.fixture
def put(tmp_path):
    def put(columns, name="corpus.parquet", **options):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        table = columns if isinstance(columns, pa.Table) else pa.table(columns)
        pq.write_table(table, path, **options)
        return str(path)

    return put


def census(*paths, **options):
    """What became of all rows, by language."""
    found = {}
    for piece in Corpus(paths, **options):
        found[piece.lang] = found.get(piece.lang, Census()) + piece.census
    return found


def texts(*paths, **options):
    found = {}
    for piece in Corpus(paths, **options):
        found.setdefault(piece.lang, []).extend(piece.texts.to_pylist())
    return found


def refusal(*paths, **options):
    with pytest.raises(BadCorpus) as caught:
        census(*paths, **options)
    message = str(caught.value)
    assert "\n" not in message and "\x1b" not in message
    return message


def broken(*values):
    """A string column that holds these bytes, UTF-8 or not."""
    return pa.array(values, pa.binary()).view(pa.string())


@pytest.mark.parametrize("kind", STRINGS, ids=str)
def test_rows_and_bytes_are_counted_by_language_whatever_becomes_of_them(put, kind):
    values = pa.array(["é", None, "", "abc", "é"], pa.string()).cast(kind)
    path = put({"text": values, "lang": ["en", "en", "de", "de", "en"]})
    assert Corpus((path,)).sizes() == {"en": (3, 4), "de": (2, 3)}


@pytest.mark.parametrize("kind", STRINGS, ids=str)
def test_text_is_text_however_it_is_stored(put, kind):
    values = pa.array(["merhaba", None, "  ", "hi", "too long to keep", "ağaç"], kind)
    path = put({"text": values, "lang": pa.array(["tr", "tr", "tr", "en", "tr", "tr"])})
    assert texts(path, max_row_bytes=8) == {"tr": ["merhaba", "ağaç"], "en": ["hi"]}
    expected = Census(rows=2, bytes=13, null=1, blank=1, too_long=1)
    assert {**vars(census(path, max_row_bytes=8)["tr"]), "digest": 0} == vars(expected)


@pytest.mark.parametrize("kind", STRINGS, ids=str)
def test_languages_and_ids_are_labels_however_they_are_stored(put, kind):
    labels = pa.array(["tr", "en", None, "tr"], kind)
    path = put({"text": ["a", "b", "c", "d"], "lang": labels, "id": labels})
    found = {
        piece.lang: (piece.texts.to_pylist(), piece.ids.to_pylist()) for piece in Corpus((path,))
    }
    assert found == {
        "tr": (["a", "d"], ["tr", "tr"]),
        "en": (["b"], ["en"]),
        UNDETERMINED: (["c"], [None]),
    }


@pytest.mark.parametrize("blank", BLANK)
def test_blank_rows_are_counted_and_left_out(put, blank):
    path = put({"text": ["a", blank], "lang": ["en", "en"]})
    assert texts(path) == {"en": ["a"]}
    assert census(path)["en"].blank == census(path)["en"].left_out == 1


@pytest.mark.parametrize(
    "encode", [lambda a: a, pc.dictionary_encode, lambda a: a.cast(pa.large_string())]
)
def test_rows_that_are_not_utf8_are_counted_and_left_out(put, encode):
    values = broken(b"good", b"bad \xff", b"\xed\xa0\x80", b"gut", b"\xe2\x82")
    path = put({"text": encode(values), "lang": ["en"] * 5})
    assert texts(path) == {"en": ["good", "gut"]}
    assert census(path)["en"].invalid_utf8 == 3


def test_a_row_is_too_long_by_its_bytes(put):
    path = put({"text": ["ğğğğ", "ğğğğa"], "lang": ["tr", "tr"]})
    assert texts(path, max_row_bytes=8) == {"tr": ["ğğğğ"]}
    assert census(path, max_row_bytes=8)["tr"].too_long == 1


def test_a_row_is_counted_under_one_defect_only(put):
    path = put({"text": broken(b"\xff" * 9, b" " * 9, None, b"ok"), "lang": ["en"] * 4})
    found = census(path, max_row_bytes=8)["en"]
    assert (found.rows, found.too_long, found.null, found.left_out) == (1, 2, 1, 3)


@given(st.lists(st.tuples(st.sampled_from(["en", "tr", None]), st.none() | st.binary(max_size=4))))
@settings(deadline=None, max_examples=60)
def test_every_row_is_kept_or_counted(tmp_path_factory, drawn):
    path = tmp_path_factory.mktemp("rows") / "a.parquet"
    values = broken(*(text for _, text in drawn))
    langs = pa.array([lang for lang, _ in drawn], pa.string())
    pq.write_table(pa.table({"text": values, "lang": langs}), path)
    found = census(str(path), max_row_bytes=3)
    assert sum(each.rows + each.left_out for each in found.values()) == len(drawn)
    assert sum(each.null for each in found.values()) == sum(text is None for _, text in drawn)
    kept = [
        text.encode() for texts_ in texts(str(path), max_row_bytes=3).values() for text in texts_
    ]
    assert sorted(kept) == sorted(text for _, text in drawn if _is_text(text))


def _is_text(data):
    if data is None or len(data) > 3:
        return False
    try:
        return bool(data.decode().strip())
    except UnicodeDecodeError:
        return False


@pytest.mark.parametrize(
    ("columns", "role", "hint"),
    [
        ({"content": ["a"], "lang": ["en"]}, "text", "(name one with --text-column)"),
        ({"Text": ["a"], "lang": ["en"]}, "text", "(--text-column Text?)"),
        ({"text": ["a"], "LANG": ["en"]}, "lang", "(--lang-column LANG?)"),
        ({"text": ["a"], "n": [1]}, "lang", "for a corpus of one language give it with --lang"),
        ({"text": ["a"], "lang": ["en"], "Id": ["1"]}, "id", "(--id-column Id?)"),
        ({"te\x1b[31mxt": ["a"], "la\nng": ["en"]}, "text", "te␛[31mxt (string), la␊ng (string)"),
    ],
)
def test_a_missing_column_is_named_with_those_there_are(put, columns, role, hint):
    message = refusal(path := put(columns), columns=Columns(id_wanted=True))
    assert f"{path} has no column '{role}'; it has " in message
    assert hint in message
    assert "(int64)" in message or "(string)" in message


def test_a_file_without_any_column_is_refused(put):
    assert "it has no column at all" in refusal(put({}))


def test_an_id_is_not_needed_unless_it_is_asked_for(put):
    path = put({"text": ["a"], "lang": ["en"]})
    assert [piece.ids.to_pylist() for piece in Corpus((path,))] == [[None]]
    assert not Corpus((path,)).has_ids


def test_columns_may_go_by_other_names(put):
    path = put({"satz": ["a"], "sprache": ["de"], "nr": [7], "text": ["no"]})
    (piece,) = Corpus((path,), Columns("satz", "sprache", "nr"))
    assert (piece.lang, piece.texts.to_pylist(), piece.ids.to_pylist()) == ("de", ["a"], ["7"])


@pytest.mark.parametrize("kind", NO_STRINGS)
@pytest.mark.parametrize("role", ["text", "lang"])
def test_a_column_that_holds_no_strings_is_refused_by_its_type(put, role, kind):
    path = put({"text": ["a"], "lang": ["en"], role: NO_STRINGS[kind]})
    message = refusal(path)
    assert f"{path}: column '{role}' is " in message and "not string" in message


@pytest.mark.parametrize(
    "ids",
    [[[1], [2]], [{"a": 1}, None], pa.array([b"\xff", b"a"])],
    ids=["list", "struct", "binary"],
)
def test_ids_that_cannot_be_labels_are_refused(put, ids):
    assert "'id'" in refusal(put({"text": ["a", "b"], "lang": ["en", "en"], "id": ids}))


@pytest.mark.parametrize("role", ["text", "lang", "id"])
def test_a_column_that_is_there_twice_is_refused(put, role):
    names = ["text", "lang", "id", role]
    message = refusal(put(pa.table([pa.array(["a"])] * 4, names=names)))
    assert f"several columns named '{role}'" in message


def test_a_language_that_is_not_utf8_is_refused(put):
    path = put({"text": ["a", "b"], "lang": broken(b"en", b"\xff")})
    assert path in refusal(path)


def test_ids_that_are_not_utf8_are_refused(put):
    path = put({"text": ["a"], "lang": ["en"], "id": broken(b"\xff")})
    with pytest.raises(BadCorpus, match="a label or an id is not valid UTF-8"):
        census(path)


def test_no_two_pairs_of_id_and_text_look_alike_to_the_digest(put):
    pairs = [("a\0b", "c"), ("a", "b\0c"), ("", "x"), (None, "x")]
    digests = [
        census(put({"text": [text], "lang": ["en"], "id": pa.array([row], pa.string())}))[
            "en"
        ].digest
        for row, text in pairs
    ]
    assert len(set(digests)) == len(pairs)


def test_only_the_languages_asked_for_are_read(put):
    path = put({"text": ["a", "b", "c"], "lang": ["en", "tr", "de"]})
    assert texts(path, langs=("tr", "de")) == {"tr": ["b"], "de": ["c"]}
    assert Corpus((path,), langs=("tr",)).labels() == ["de", "en", "tr"]


def test_only_the_folders_of_the_languages_asked_for_are_read(put, tmp_path):
    put({"text": ["a"]}, "h/lang=en/a.parquet")
    put({"text": ["b"]}, "h/lang=hi/a.parquet")
    put({"text": ["c"]}, "h/lang=__HIVE_DEFAULT_PARTITION__/a.parquet")
    root = str(tmp_path / "h")
    assert texts(root) == {"en": ["a"], "hi": ["b"], UNDETERMINED: ["c"]}
    assert texts(root, langs=("hi",)) == {"hi": ["b"]}


def test_a_file_without_languages_is_in_the_one_that_is_given(put):
    path = put({"text": ["a", "b"]})
    assert texts(path, langs=("swh_Latn",)) == {"swh_Latn": ["a", "b"]}
    assert "has no column 'lang'" in refusal(path, langs=("swh_Latn", "en"))


def test_a_language_column_is_believed_before_its_folder(put, tmp_path):
    put({"text": ["a"], "lang": ["tr"]}, "h/lang=en/a.parquet")
    assert texts(str(tmp_path / "h")) == {"tr": ["a"]}


def test_a_language_that_nobody_speaks_here_is_refused_with_those_there_are(put):
    path = put({"text": ["a", "b"], "lang": ["tr", None]})
    Corpus((path,), langs=("tr", UNDETERMINED)).check_langs()
    with pytest.raises(BadCorpus, match=r"no rows in de: .*2 languages \(tr, und\)"):
        Corpus((path,), langs=("tr", "de")).check_langs()


@pytest.mark.parametrize(
    ("wanted", "meant"),
    [
        (["hin"], "did you mean hin_Deva?"),
        (["Hindi"], "did you mean hin_Deva?"),
        (["hi"], "did you mean hin_Deva?"),
        (["tha_Tahi", "zho"], "did you mean tha_Thai or zho_Hans or zho_Hant?"),
        (["x"], "no rows in x: the corpus"),
        ([""], "no rows in : the corpus"),
    ],
)
def test_a_language_that_is_nearly_there_is_named(put, wanted, meant):
    langs = ["hin_Deva", "tha_Thai", "zho_Hans", "zho_Hant"]
    path = put({"text": ["a"] * 4, "lang": langs})
    with pytest.raises(BadCorpus) as refused:
        Corpus((path,), langs=tuple(wanted)).check_langs()
    assert meant in str(refused.value)


def test_a_reference_that_is_not_there_is_refused_and_one_that_is_not_chosen_is_not(put):
    path = put({"text": ["a"] * 2, "lang": ["hin_Deva", "eng_Latn"]})
    corpus = Corpus((path,), langs=("hin_Deva",))
    corpus.check_langs("eng_Latn")
    with pytest.raises(BadCorpus, match="no rows in engl_Latn: did you mean eng_Latn"):
        corpus.check_langs("engl_Latn")


def test_files_of_one_corpus_must_all_have_the_columns(put, tmp_path):
    put({"text": ["a"], "lang": ["en"]}, "m/good.parquet")
    bad = put({"content": ["b"], "lang": ["en"]}, "m/other.parquet")
    assert f"{bad} has no column 'text'" in refusal(str(tmp_path / "m"))


@given(st.lists(rows, max_size=8), st.randoms(), st.integers(0, 8))
@settings(deadline=None, max_examples=50)
def test_the_digest_knows_neither_order_nor_files(tmp_path_factory, drawn, rng, cut):
    folder = tmp_path_factory.mktemp("digest")
    shuffled = rng.sample(drawn, len(drawn))
    parts = {"whole/a": drawn, "parts/a": shuffled[:cut], "parts/b": shuffled[cut:]}
    for name, part in parts.items():
        columns = {
            "lang": [lang for lang, _, _ in part],
            "text": [text for _, text, _ in part],
            "id": [row for _, _, row in part],
        }
        (folder / name).parent.mkdir(exist_ok=True)
        kinds = pa.schema([(each, pa.string()) for each in columns])
        pq.write_table(pa.table(columns, kinds), folder / f"{name}.parquet", row_group_size=2)
    assert census(str(folder / "whole")) == census(str(folder / "parts"))


@pytest.mark.parametrize(
    ("values", "ids"),
    [(["a", "c"], "12"), (["a ", "b"], "12"), (["a", "b"], "13"), (["b", "a"], "12"), (["a"], "1")],
)
def test_the_digest_changes_with_a_character_an_id_or_a_row(put, values, ids):
    one = put({"text": ["a", "b"], "lang": ["en"] * 2, "id": ["1", "2"]}, "one.parquet")
    other = put({"text": values, "lang": ["en"] * len(values), "id": list(ids)}, "other.parquet")
    assert census(one)["en"].digest != census(other)["en"].digest


def test_digests_add_up_modulo_128_bits():
    total = Census(rows=1, digest=2**128 - 1) + Census(rows=2, digest=2**127 + 2)
    assert total == Census(rows=3, digest=2**127 + 1)


def test_row_groups_are_streamed_a_bounded_piece_at_a_time(put, monkeypatch):
    monkeypatch.setattr(parquet, "PIECE_BYTES", 2_000)
    values = [f"{i:06} {random.Random(i).random()}" for i in range(900)]
    path = put({"text": values, "lang": ["en"] * 900}, row_group_size=100, use_dictionary=False)
    pieces = list(Corpus((path,)))
    assert [text for piece in pieces for text in piece.texts.to_pylist()] == values
    assert max(piece.census.bytes for piece in pieces) <= 2_000
    assert Corpus((path,)).rows == 900


@pytest.mark.parametrize("size", ["all rows are long", "the last rows are long"])
def test_a_piece_is_bounded_by_the_bytes_that_its_rows_have(put, monkeypatch, size):
    monkeypatch.setattr(parquet, "PIECE_BYTES", 2**16)
    long = ["x" * 2**12] * 500
    values = long if size == "all rows are long" else ["x"] * 100_000 + long
    path = put({"text": values, "lang": ["en"] * len(values)})  # a dictionary makes the file small
    assert max(piece.census.bytes for piece in Corpus((path,))) <= 2 * 2**16


def test_rows_before_a_damaged_row_group_are_read_before_it_is_refused(put):
    values = [f"{i:09}" for i in range(200_000)]
    options = {"use_dictionary": False, "compression": "none", "write_page_checksum": True}
    path = put({"text": values, "lang": ["en"] * 200_000}, row_group_size=100_000, **options)
    data = Path(path).read_bytes()
    Path(path).write_bytes(data.replace(b"000190000", b"0\xff0190000"))
    stream = iter(Corpus((path,)))
    assert next(stream).texts[0].as_py() == "000000000"
    with pytest.raises(BadCorpus, match="is damaged"):
        list(stream)


@pytest.mark.parametrize("keep", [0, 3, 4, 100, -1, -5])
def test_a_file_that_was_cut_short_is_refused(put, tmp_path, keep):
    data = Path(put({"text": ["a"] * 99, "lang": ["en"] * 99})).read_bytes()
    cut = tmp_path / "cut.parquet"
    cut.write_bytes(data[:keep])
    assert str(cut) in refusal(str(cut))


@pytest.mark.parametrize("data", [b"", b"text,lang\na,en\n", b"PAR1", b"<html>", b"PAR1" * 9])
def test_what_is_no_parquet_is_refused(tmp_path, data):
    path = tmp_path / "x.parquet"
    path.write_bytes(data)
    assert refusal(str(path)).startswith(f"cannot read {path}: it is no Parquet: ")


@pytest.mark.parametrize("seed", range(4))
def test_flipped_bits_are_refused_or_read_but_never_crash(put, tmp_path, seed):
    rng, path = random.Random(seed), tmp_path / "flipped.parquet"
    values = {
        "text": [f"{i} ü" for i in range(99)],
        "lang": ["en", "tr", "de"] * 33,
        "id": range(99),
    }
    whole = Path(put(values, row_group_size=50)).read_bytes()
    for _ in range(50):
        data = bytearray(whole)
        for _ in range(rng.randint(1, 3)):
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        path.write_bytes(data)
        try:
            census(str(path))
        except BadCorpus as error:
            assert str(path) in str(error)


def test_a_column_name_that_is_not_utf8_is_refused(put):
    path = put({"text": ["a"], "lang": ["en"], "plain": ["b"]}, store_schema=False)
    data = Path(path).read_bytes()
    Path(path).write_bytes(data.replace(b"plain", b"pl\xffin"))
    assert path in refusal(path)


def test_a_corpus_may_have_more_files_than_a_process_may_open(put, tmp_path):
    for number in range(60):
        put({"text": ["a"], "lang": ["en"]}, f"many/{number}.parquet")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    highest = max(int(each.name) for each in Path("/dev/fd").iterdir())
    resource.setrlimit(resource.RLIMIT_NOFILE, (highest + 20, hard))
    try:
        assert census(str(tmp_path / "many"))["en"].rows == 60
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_long_file_takes_no_more_memory_than_a_part_of_it(put, monkeypatch):
    """Text of a hundred row groups that does not compress, read in pieces of one each."""
    rows, size = 100, 2**16
    monkeypatch.setattr(parquet, "PIECE_BYTES", size)
    lines = [random.Random(n).randbytes(size // 2).hex() for n in range(rows)]
    path = put({"text": lines, "lang": ["en"] * rows}, row_group_size=1)
    del lines
    before, most = pa.total_allocated_bytes(), 0
    for piece in Corpus((path,)):
        most = max(most, pa.total_allocated_bytes() - before)
        del piece
    assert size < most < 20 * size


def test_a_corpus_without_rows_has_no_pieces(put):
    nothing = pa.array([], pa.string())
    assert census(put({"text": nothing, "lang": nothing, "id": nothing})) == {}
    assert texts(put({"text": pa.nulls(2, pa.string())}), langs=("en",)) == {"en": []}


def test_a_shown_path_cannot_act(put):
    path = put({"content": ["a"]}, "a\nb\x1b[31m/##.parquet")
    assert "a␊b␛[31m/#\\u{23}.parquet" in refusal(path)


def test_an_empty_label_is_no_label(put):
    assert Corpus((put({"text": ["a"], "lang": [""]}),)).labels() == [UNDETERMINED]
