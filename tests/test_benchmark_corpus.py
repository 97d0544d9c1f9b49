"""The large corpus of the benchmarks: text is taken out of packages whole, clean and in one mix."""

import gzip
import json
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.errors import BadCorpus

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"
NAMES = ("corpus", "extract", "manual", "packages", "sources")
NEEDS_DPKG = pytest.mark.skipif(not shutil.which("dpkg-deb"), reason="dpkg-deb is not here")

MANUAL = r""".TH CAT 1 "2024" "GNU"
.\" nobody reads this
.SH "名前"
cat \- ファイルを
連結する
.PP
Prints \fIFILE\fP(s), \(lqas\ is\(rq: \('et\('e,
.BR cat (1),
.\" nor this
.IR "no file" \~!
.TS
l l.
a table
.TE
.nf

$ \fBcat\fP  \-n a\eb

.fi
.IP \(bu 2
last
"""

PAGE = """<!DOCTYPE html><html><head><title>Not read</title></head><body>
<nav>Not read</nav><div class="top docnav"><div>Not</div> read</div>
<h1>Title<a class="headerlink">¶</a></h1><p>Prix\xa0: <b>g</b>ras,
puis <code>x &lt; y</code>.<p>日本
語</p><pre>  two
  lines</pre><script>var a = "<p>no</p>";</script><footer>Not read</footer></body></html>"""

HELP = """<page><info/><info><credit><name>Not read</name></credit></info>
<title>Title</title><p>See <gui>File</gui> or <link xref="x"/> more.</p></page>"""


@pytest.fixture(scope="module")
def bench() -> Iterator[dict[str, ModuleType]]:
    """The modules that build the corpus; they find each other as they do in a script."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(BENCHMARKS))
        yield {name: __import__(name) for name in NAMES}
        for name in NAMES:
            del sys.modules[name]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A real package with a manual page and its copy, and two programs."""
    root = tmp_path / "root"
    files = {
        "DEBIAN/control": b"Package: toy\nVersion: 1:2.0-1\nArchitecture: all\n"
        b"Maintainer: Nobody <nobody@example.org>\nDescription: toy\n",
        "usr/share/man/ja/man1/cat.1.gz": gzip.compress(MANUAL.encode()),
        "usr/share/man/ja/man1/copy.1.gz": gzip.compress(MANUAL.encode()),
        "usr/share/man/ja/man1/old.1.gz": gzip.compress("名前".encode("euc-jp")),
        "usr/lib/a.py": b"print('a')\n",
        "usr/lib/b.py": b"x = 1\n" * 20,
    }
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    folder = tmp_path / "packages"
    folder.mkdir()
    built = folder / "toy_1%3a2.0-1_all.deb"
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "--build", root, built], check=True, capture_output=True
    )
    return built


def test_a_manual_page_is_read_without_its_markup(bench):
    assert bench["manual"].manual(MANUAL.encode()) == [
        "名前",
        "cat - ファイルを連結する",
        "Prints FILE(s), “as is”: été, cat(1), no file\xa0!",
        "$ cat  -n a\\b",
        "• last",
    ]


def test_a_manual_page_in_other_macros_gives_nothing(bench):
    assert bench["manual"].manual(b".Dd May 1, 2024\n.Dt CAT 1\n.Sh NAME\n.Nm cat\n") == []


def test_a_page_is_read_without_menus_and_scripts(bench):
    assert bench["extract"].page(PAGE.encode()) == [
        "Title",
        "Prix\xa0: gras, puis x < y.",
        "日本語",
        "  two\n  lines",
    ]


def test_a_page_of_help_is_read_without_its_credits(bench):
    assert bench["extract"].page(HELP.encode()) == ["Title", "See File or more."]


def test_messages_that_are_sentences_are_read(bench):
    long = "Se han guardado los cambios de la página."
    data = json.dumps({"@metadata": {"authors": ["x" * 50]}, "a": "Sí", "b": long})
    assert bench["extract"].messages(data.encode()) == [long]


def test_a_catalog_gives_its_translations_without_the_header(bench):
    texts = [
        b"Project-Id-Version: " + b"x" * 40,
        "บันทึก".encode(),
        ("ก" * 40 + "\0" + "ข" * 50).encode(),
    ]
    head = 28 + 8 * len(texts)
    spans, at = b"", head
    for text in texts:
        spans, at = spans + struct.pack("<2I", len(text), at), at + len(text) + 1
    data = struct.pack("<7I", 0x950412DE, 0, len(texts), 28, 28, 0, 0) + spans
    data += b"".join(text + b"\0" for text in texts)
    assert bench["extract"].catalog(data) == ["ก" * 40, "ข" * 50]


@pytest.mark.parametrize(
    ("data", "kept"),
    [(b"x = 1\n", ["x = 1\n"]), (b" \n", []), (b"#" * 65536, 1), (b"#" * 65537, [])],
)
def test_a_program_is_kept_as_it_is_unless_it_is_empty_or_long(bench, data, kept):
    found = bench["extract"].program(data)
    assert (len(found) if isinstance(kept, int) else found) == kept


@given(
    sizes=st.dictionaries(
        st.sampled_from(["eng_Latn", "python", "c", *"abcdefghij"]), st.integers(1, 10**9)
    )
)
def test_no_language_is_above_its_share(bench, sizes):
    corpus = bench["corpus"]
    kept = corpus.quotas(sizes)
    total = sum(kept.values())
    for lang, size in kept.items():
        assert size <= sizes[lang]
        assert size <= corpus.LARGEST.get(lang, corpus.OTHERS) * total * 1.001 + 1


def test_a_smaller_corpus_is_part_of_the_larger_one_in_the_same_mix(bench):
    corpus = bench["corpus"]
    found = [
        corpus.Document(lang, "book", f"{lang} {number:05} " + "x" * 100, "toy")
        for lang in "defghijklm"
        for number in range(200)
    ]
    whole, half = corpus.mix(found, None), corpus.mix(found, 108_000)
    assert set(half) < set(whole) == set(found)
    assert {counts["rows"] for counts in corpus.totals(half, "lang").values()} == {100}
    assert corpus.mix([*reversed(found), *found], 108_000) == half


def test_a_long_paragraph_is_kept_once_and_a_short_one_each_time(bench):
    files = [
        ("a", ["Title", "x" * 2000]),
        ("a", ["Title", "x" * 2000, "y" * 2000]),
        ("b", ["x" * 2000]),
    ]
    found = list(bench["corpus"].documents(files, "book", "toy", set()))
    assert [each.text for each in found] == ["Title\n\n" + "x" * 2000, "Title\n\n" + "y" * 2000]


def test_documents_end_with_a_file_or_where_they_are_long(bench):
    files = [
        ("a", [f"{number:04}" * 100 for number in range(100)]),
        ("a", ["end" * 500]),
        ("a", ["rest"]),
    ]
    found = list(bench["corpus"].documents(files, "book", "toy", set()))
    assert [len(each.text.encode()) // 1000 for each in found] == [16, 16, 8, 1]


@NEEDS_DPKG
def test_a_corpus_is_built_from_packages(bench, package, tmp_path, monkeypatch, capsys):
    corpus = bench["corpus"]
    man = next(each for each in corpus.SOURCES if "manpages-ja" in each.packages)
    code = next(each for each in corpus.SOURCES if each.domain == "code")
    monkeypatch.setattr(
        corpus, "SOURCES", [replace(each, packages=("toy",)) for each in (man, code)]
    )
    monkeypatch.setattr(corpus, "SHORT", 1)
    monkeypatch.setattr(corpus, "LARGEST", {"python": 1.0})
    monkeypatch.setattr(corpus, "OTHERS", 1.0)
    out = tmp_path / "new" / "large.parquet"
    arguments = ["--packages", package.parent, "--out", out, "--flores", tmp_path / "none"]
    monkeypatch.setattr(sys, "argv", ["corpus.py", *map(str, arguments)])
    assert corpus.main() == 0
    rows = pq.read_table(out).to_pylist()
    assert [(row["lang"], row["domain"]) for row in rows] == [
        ("jpn_Jpan", "manual"),
        ("jpn_Jpan", "manual"),
        ("python", "code"),
        ("python", "code"),
    ]
    said = json.loads(out.with_suffix(".json").read_text())
    assert said["origins"]["toy"]["version"] == "1:2.0-1"
    assert said["bytes"] == sum(len(row["text"].encode()) for row in rows)
    assert "Japanese" in capsys.readouterr().out


@NEEDS_DPKG
def test_a_package_that_is_cut_short_is_refused_by_name(bench, package):
    package.write_bytes(package.read_bytes()[:-200])
    with pytest.raises(BadCorpus, match=r"toy_1%3a2\.0-1_all\.deb is cut short"):
        for _, contents in bench["packages"].files(package):
            contents()
