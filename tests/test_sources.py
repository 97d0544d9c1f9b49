"""Every Parquet file that a path, glob, directory or URI names, and no other."""

import glob
import os
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tokaudit import sources
from tokaudit.corpus import Corpus
from tokaudit.errors import BadCorpus

TREE = [
    "top.parquet",
    "en/a.parquet",
    "en/b.parquet",
    "en/deep/e.parquet",
    "en/deep/er/c.parquet",
    "en/deep/en/d.parquet",
    "fr/a.parquet",
    "fr/readme.txt",
    "fr/.parquet.crc",
    "fr/_metadata.parquet",
    ".cache/a.parquet",
    "en/_temporary/0/a.parquet",
    "notes.parquet.txt",
]
DATA = [name for name in sorted(TREE) if name[0] not in "._" and name.endswith(".parquet")]
DATA = [name for name in DATA if "/_" not in name]


@pytest.fixture
def tree(tmp_path):
    for name in TREE:
        _file(tmp_path / name)
    return tmp_path


def _file(path, **columns):
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns or {"text": [path.name], "lang": ["en"]}), path)
    return path


def found(written, root):
    """Paths below a folder, as they are found."""
    return [str(Path(source.path).relative_to(root)) for source in sources.find(str(written))]


def partitions(written):
    return [tuple(source.partitions.items()) for source in sources.find(str(written))]


def refusal(written):
    with pytest.raises(BadCorpus) as caught:
        sources.find(str(written))
    message = str(caught.value)
    assert "\n" not in message and "\x1b" not in message
    return message


def test_a_file_is_found_whatever_its_name(tree):
    assert found(tree / "en/a.parquet", tree) == ["en/a.parquet"]
    assert found(tree / "fr/readme.txt", tree) == ["fr/readme.txt"]
    assert found(tree / ".cache/a.parquet", tree) == [".cache/a.parquet"]


def test_a_directory_is_all_its_parquet_files_but_hidden_ones(tree):
    assert found(tree, tree) == DATA


def test_a_directory_is_the_same_however_it_is_written(tree, monkeypatch):
    monkeypatch.chdir(tree)
    monkeypatch.setenv("HOME", str(tree))
    for written in (".", "en/..", f"{tree}/", "~", f"file://{tree}", f"file://{tree}/"):
        assert [Path(source.path).resolve() for source in sources.find(written)] == [
            (tree / name).resolve() for name in DATA
        ]


@pytest.mark.parametrize(
    "pattern",
    [
        "*.parquet",
        "*/*.parquet",
        "*/a.parquet",
        "e?/[ab].parquet",
        "[!e]*/*.parquet",
        "**/*.parquet",
        "en/**/*.parquet",
        "**/a.parquet",
        "**/deep/*/*.parquet",
        "**",
        "en/**",
        "*/**/*.parquet",
        "**/deep/**/*.parquet",
        "en/**/en/*.parquet",
    ],
)
def test_a_glob_finds_what_pythons_glob_finds(tree, pattern):
    expected = glob.glob(pattern, root_dir=tree, recursive=True)  # noqa: PTH207
    assert found(tree / pattern, tree) == sorted(set(expected) & set(DATA))


def test_a_glob_works_in_a_uri(tree):
    assert found(f"file://{tree}/*/a.parquet", tree) == ["en/a.parquet", "fr/a.parquet"]


def test_a_name_in_a_uri_may_be_percent_encoded(tmp_path):
    path = _file(tmp_path / "a b%.parquet")
    assert found(path.as_uri(), tmp_path) == ["a b%.parquet"]


@pytest.mark.parametrize("name", ["part[1].parquet", "why?.parquet", "a*.parquet", "[x]/a.parquet"])
def test_a_file_that_is_there_is_found_though_its_name_looks_like_a_glob(tmp_path, name):
    _file(tmp_path / name)
    assert found(tmp_path / name, tmp_path) == [name]


def test_hive_folders_say_what_their_values_say_as_strings(tmp_path):
    values = {
        "001": "001",
        "..%2F..%2Fetc": "../../etc",
        "a%3Db=c": "a=b=c",
        "__HIVE_DEFAULT_PARTITION__": None,
        "nan": "nan",
        "no": "no",
        "": "",
        "zh%E4%B8%AD": "zh中",
    }
    for value in values:
        _file(tmp_path / f"lang={value}" / "year=2024" / "a.parquet")
    expected = {(("lang", value), ("year", "2024")) for value in values.values()}
    assert set(partitions(tmp_path)) == expected
    assert set(partitions(tmp_path / "**" / "*.parquet")) == expected


def test_a_file_inside_a_partition_says_so_by_its_path(tmp_path):
    path = _file(tmp_path / "lang=hin_Deva" / "a.parquet")
    assert ("lang", "hin_Deva") in partitions(path)[0]


@pytest.mark.parametrize(
    "written", ["lang=hin_Deva", "lang=hin_Deva/*.parquet", "lang=*/a.parquet"]
)
def test_a_folder_or_a_glob_says_of_its_files_what_their_paths_say(tmp_path, written):
    _file(tmp_path / "lang=hin_Deva" / "a.parquet")
    assert partitions(tmp_path / written) == [(("lang", "hin_Deva"),)]


def test_a_folder_that_only_looks_like_a_partition_is_none(tmp_path):
    _file(tmp_path / "lang" / "a.parquet")
    assert partitions(tmp_path) == [()]


@pytest.mark.parametrize(
    "name", ["a\nb.parquet", "\x1b[31mred.parquet", "\u202ex.parquet", "##x.parquet"]
)
def test_an_odd_name_is_read_and_shown_so_that_it_does_nothing(tmp_path, name):
    _file(tmp_path / name)
    (source,) = sources.find(str(tmp_path))
    assert source.path.endswith(name)
    assert not {"\n", "\x1b", "\u202e"} & set(str(source)) and "##" not in str(source)
    assert refusal(tmp_path / f"no{name}")


def test_a_name_that_is_not_utf8_is_refused_and_shown(tmp_path):
    assert r"\xff" in refusal(f"{tmp_path}/\udcff.parquet")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("nothing.parquet", "no file or directory "),
        ("nothing/*.parquet", "cannot read "),
        ("*.csv", "no Parquet file fits "),
        ("empty", "holds no *.parquet file"),
        ("pipe.parquet", "is neither a file nor a directory"),
        ("a\0b", "cannot read "),
    ],
)
def test_where_there_is_nothing_to_read_the_message_names_it(tmp_path, written, said):
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "notes.txt").write_text("no data")
    os.mkfifo(tmp_path / "pipe.parquet")
    message = refusal(tmp_path / written)
    assert said in message and str(tmp_path) in message


def test_a_pipe_in_a_directory_is_passed_by(tree):
    os.mkfifo(tree / "pipe.parquet")
    (tree / "gone.parquet").symlink_to("nowhere")
    assert found(tree, tree) == DATA


def test_a_folder_that_leads_back_to_itself_is_read_once(tree):
    (tree / "fr" / "again").symlink_to("..", target_is_directory=True)
    files = [Path(source.path).resolve() for source in sources.find(str(tree))]
    assert sorted(files) == sorted((tree / name).resolve() for name in DATA)


@pytest.mark.parametrize(
    "written", ["nope://bucket/key", "file://elsewhere/a.parquet", "file:/x y"]
)
def test_a_uri_that_cannot_be_read_is_refused(written):
    assert written in refusal(written)


def test_a_home_that_is_nobodys_is_refused():
    assert "~nobody-of-that-name" in refusal("~nobody-of-that-name/a.parquet")


@pytest.mark.parametrize("name", ["", "nope", "../../etc/passwd", "parallel.parquet", "\x1b[31m"])
def test_an_unknown_bundled_corpus_is_refused_with_those_there_are(name):
    assert refusal(f"builtin:{name}").endswith("there are builtin:parallel, builtin:code")


@pytest.mark.parametrize("layout", ["tokaudit/corpora", "corpora"])
def test_bundled_corpora_lie_in_the_package_or_in_the_checkout(tmp_path, monkeypatch, layout):
    monkeypatch.setattr(sources, "__file__", str(tmp_path / "tokaudit" / "sources.py"))
    path = _file(tmp_path / layout / "parallel.parquet")
    assert [source.path for source in sources.find("builtin:parallel")] == [str(path)]
    assert "code.parquet is missing" in refusal("builtin:code")


@pytest.mark.parametrize("name", sources.BUNDLED)
def test_bundled_corpora_can_be_read(name):
    corpus = Corpus((f"builtin:{name}",))
    assert corpus.rows == sum(piece.census.rows for piece in corpus) > 0


def test_several_paths_are_one_corpus_and_a_file_named_twice_is_read_once(tree):
    written = ("en", "top.parquet", "en/a.parquet", "e*/b.parquet", "en/../en/a.parquet")
    corpus = Corpus(tuple(str(tree / each) for each in written))
    texts = [text for piece in corpus for text in piece.texts.to_pylist()]
    assert sorted(texts) == [f"{name}.parquet" for name in ("a", "b", "c", "d", "e", "top")]


def test_a_corpus_that_moves_away_is_refused(tree):
    corpus = Corpus((str(tree / "en"),))
    shutil.rmtree(tree / "en")
    with pytest.raises(BadCorpus, match="no file or directory"):
        _ = corpus.files
