"""However a corpus is read, the figures are those of reading every document whole, bit for bit."""

import random
from dataclasses import replace
from functools import cache, partial
from importlib.util import find_spec

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests import figures, parts, train
from tokaudit import audits, bag, engine, parquet
from tokaudit.corpus import Corpus
from tokaudit.edges import EDGES
from tokaudit.errors import EngineFailed
from tokaudit.plan import Plan
from tokaudit.safety import proven
from tokaudit.text import WHITE_SPACE
from tokaudit.totals import Totals

pytestmark = pytest.mark.usefixtures("examined_once")
LARGE, TINY = 2**30, 4_000  # bytes
HOSTILE = [
    *EDGES,
    *WHITE_SPACE,
    *" \n \n ",
    "1 234",
    "12,5",
    " the",
    "ไป ตลาด",
    "我 喜欢",
    "a\u0301",
]
text = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=4), max_size=10).map("".join)
rows = st.lists(
    st.tuples(text, st.sampled_from(["en", "th"]), st.sampled_from([None, "1", "2"])), max_size=8
)


@pytest.fixture
def small_pieces(monkeypatch):
    """Read few rows at a time, so that little memory is ever full."""
    monkeypatch.setattr(parquet, "PIECE_ROWS", 17)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return parts.corpus(tmp_path_factory.mktemp("corpus"))


@pytest.fixture(scope="module")
def tokenizers(tmp_path_factory):
    return parts.tokenizers(tmp_path_factory.mktemp("tokenizers"))


@pytest.fixture(scope="module")
def read(corpus, tokenizers):
    """Report what all tokenizers make of the corpus."""
    return partial(figures.report, tokenizers, corpus)


@pytest.fixture(scope="module")
def whole(read):
    """The report of reading every document whole by the reference, in one go."""
    return read(chunks=False, engine="reference")


def test_the_corpus_shows_what_it_should(whole, read):
    """Every audit that reads a corpus has rows, some altered, some refused, some parallel."""
    reading = [name for name in audits.names() if audits.get(name).reads_corpus]
    assert reading and set(whole.sections) == set(audits.names())
    table = whole.tables["fertility"].to_pylist()
    assert {row["lang"] for row in table} == set(parts.LANGS)
    for column in ("altered_rows", "failed_rows", "premium"):
        assert any(row[column] for row in table), column
    assert whole.conditions["reference"] == "eng_Latn"
    assert sum(t.num_rows for t in whole.tables.values()) > 50
    cut = read(chunks=True)
    ways = {facts["documents"].split()[1] for facts in cut.environment["tokenizers"].values()}
    assert {"lines", "spaced", "bare"} <= ways


@pytest.mark.parametrize("memory", [LARGE, TINY])
@pytest.mark.parametrize("how", ["reference", "fast"])
@pytest.mark.parametrize("chunks", [True, False])
def test_chunks_engine_and_memory_change_no_figure(  # noqa: PLR0917
    read, whole, chunks, how, memory, request
):
    if memory == TINY:
        request.getfixturevalue("small_pieces")
    if how == "fast" and find_spec("gigatoken") is None:
        pytest.skip("the extra `fast` is not installed")
    found = read(chunks=chunks, engine=how, memory=memory)
    figures.same(found, whole)
    assert not {each.rule for each in found.findings} & {"TA006", "TA007"}


def test_little_memory_means_many_bags(corpus, tokenizers, small_pieces, monkeypatch):
    seen = {LARGE: 0, TINY: 0}
    make = bag.Gathering.bag
    for memory in seen:

        def counted(gathering, memory=memory):
            seen[memory] += gathering.lang in parts.LANGS  # and not a tokenizer's probes
            return make(gathering)

        monkeypatch.setattr(bag.Gathering, "bag", counted)
        figures.found(tokenizers[:1], corpus, chunks=True, memory=memory)
    assert seen[LARGE] == len(parts.LANGS) < seen[TINY]


def test_small_batches_change_no_figure(read, whole, monkeypatch):
    monkeypatch.setattr(bag, "BATCH_BYTES", 300)
    figures.same(read(chunks=True), whole)


@pytest.mark.parametrize("alone", [True, False])
def test_a_tokenizer_has_the_same_figures_alone_and_in_any_company(
    whole, corpus, tokenizers, alone
):
    order = tokenizers[2:3] if alone else tokenizers[::-1]
    found = figures.report(order, corpus, chunks=True)
    for name in ("coverage", "coverage_round_trip", "fertility", "digits_corpus"):
        for tokenizer in order:
            mine, theirs = (
                [
                    {k: v for k, v in row.items() if k not in ("nsl", "nsl_ci95", "absent")}
                    for row in report.tables[name].to_pylist()
                    if row["tokenizer"] == tokenizer.spec
                ]
                for report in (found, whole)
            )
            assert mine == theirs


@pytest.mark.parametrize(("n", "chunks"), [(1, True), (2, True), (3, True), (4, False), (5, True)])
def test_shares_merged_in_any_order_are_the_whole(whole, corpus, tokenizers, n, chunks):
    """Tokenizers are proven once here: how a corpus is divided has no part in it."""
    readers = [*map(proven, tokenizers)] if chunks else tokenizers
    asked, plan, totals = figures.measuring(readers), Plan.of(corpus, None, 1, None), Totals()
    shares = [asked.corpus(replace(corpus, share=(i, n)), plan, LARGE) for i in range(n)]
    random.Random(n).shuffle(shares)
    for found in shares:
        totals.take_in(found)
    figures.same(engine.report(asked, totals, engine.Options()), whole)


def test_merging_is_associative_and_takes_nothing_from_what_is_merged(corpus, tokenizers):
    few = tokenizers[:2]
    shares = [figures.found(few, replace(corpus, share=(i, 3)))[1] for i in range(3)]
    before = [figures.found(few, replace(corpus, share=(i, 3)))[1] for i in range(3)]

    def merged(*some):
        total = Totals()
        for each in some:
            total.take_in(each)
        return total

    one, two, three = shares
    sums = [
        merged(merged(one, two), three),
        merged(one, merged(two, three)),
        merged(three, two, one),
    ]
    for each in sums:
        assert each.audits == sums[0].audits and each.census == sums[0].census
        assert each.documents == sums[0].documents and each.compared == sums[0].compared
    assert [each.audits for each in shares] == [each.audits for each in before]


# Any text


def written(folder, table):
    columns = dict(zip(("text", "lang", "id"), zip(*table, strict=True), strict=True))
    schema = pa.schema([(column, pa.string()) for column in columns])
    pq.write_table(pa.table({n: list(c) for n, c in columns.items()}, schema), folder / "c.parquet")
    return Corpus((str(folder / "c.parquet"),))


@cache
def known(name):
    return proven(train.loaded(name)).chunking


def alike(names, corpus, engine_of=lambda honest: honest):
    """Compare what is reported by chunks with what whole documents give."""
    loaded = [train.loaded(name) for name in names]
    tokenizers = [replace(each, engine=engine_of(each.engine)) for each in loaded]
    pairs = zip(names, tokenizers, strict=True)
    by_chunks = [replace(each, chunking=known(name)) for name, each in pairs]
    plan = Plan.of(corpus, None, 1, None)
    cut, uncut = (figures.measuring(some) for some in (by_chunks, tokenizers))
    one, other = (each.corpus(corpus, plan, LARGE) for each in (cut, uncut))
    assert one.unproven == [] and one.census == other.census
    assert one.documents == other.documents
    assert one.audits.keys() == other.audits.keys()
    options = engine.Options()
    figures.same(engine.report(cut, one, options), engine.report(uncut, other, options))


@given(rows)
@example(
    [(" the the", "en", "1"), ("the the", "en", None), ("x the", "th", "1"), ("☃ ☃", "en", "2")]
)
@example([("a \u0301 b", "en", None), ("12 345\n6", "en", None), ("1\n2", "en", None)])
@settings(max_examples=15)
def test_any_text_has_the_figures_of_whole_documents(tmp_path_factory, table):
    if table:
        folder = tmp_path_factory.mktemp("rows")
        alike(parts.WAYS, written(folder, table))


class Refusing:
    """A tokenizer's own engine, which refuses any text with a snowman in it."""

    version = "0"

    def __init__(self, honest):
        self.honest, self.name = honest, honest.name

    def encode(self, texts):
        if any("☃☃" in row for row in texts.to_pylist()):
            raise EngineFailed("no snowmen")
        return self.honest.encode(texts)

    def place(self, texts):
        return self.honest.place(texts)

    def decode(self, found):
        return self.honest.decode(found)


@given(
    st.lists(
        st.tuples(text, st.sampled_from(["", "☃☃", " ☃☃ a"]), st.sampled_from("12")), max_size=6
    )
)
@example([("a b c", " ☃☃ a", "1"), ("a b", "", "2"), ("a b", "", "1"), ("c", "☃☃", "1")])
@example([("", "☃☃", "1")])
@settings(max_examples=15)
def test_documents_that_hold_a_refused_chunk_are_refused_whole(tmp_path_factory, table):
    table = [(text + more, "en", row) for text, more, row in table]
    if table:
        alike(parts.WAYS, written(tmp_path_factory.mktemp("rows"), table), Refusing)


# Processes


@pytest.mark.parametrize("chunks", [True, False])
def test_two_processes_give_the_same_figures(read, whole, chunks):
    figures.same(read(chunks=chunks, jobs=2), whole)
