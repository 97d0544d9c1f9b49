"""The laws every audit obeys, old or new: a file in `audits/` is tested by being there."""

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests import train
from tokaudit import audits, state, words
from tokaudit.audits import Audit, Beside
from tokaudit.batch import Batch
from tokaudit.distinct import Distinct, hashes
from tokaudit.expense.drawn import Drawn
from tokaudit.expense.lexicon import Lexicon
from tokaudit.histogram import Histogram
from tokaudit.reads import read
from tokaudit.specimens import Specimens
from tokaudit.text import Absent
from tokaudit.tokenizer import Tokenizer

AUDITS = [pytest.param(audits.get(name), id=name) for name in audits.names()]
SAMPLERS = [each for each in AUDITS if each.values[0].reads_sample]
TOKENIZERS = ["builtin:chars", "gpt2", "wordpiece", "bpe", "fails"]
TRICKY = [
    "",
    " ",
    "7",
    "12",
    " 1234",
    "98765432",
    "1" * 12,
    "👍🏽",
    "e\u0301",
    "two words",
    "ไทย ไทย",
]
TEXT = st.sampled_from(TRICKY) | st.text(max_size=12) | st.integers(0, 10**6).map(str)
TEXTS = st.lists(TEXT, max_size=5)
NOTHING = Absent("nothing stands beside")
quick = settings(train.unhurried, max_examples=40)  # of each law, audit and tokenizer


@pytest.fixture(scope="session", autouse=True)
def refusing(tmp_path_factory) -> None:
    """Make `fails`: a tokenizer that refuses every row with a letter it does not know."""
    config = json.loads(train.path("unigram").read_text(encoding="utf-8"))
    config["model"]["unk_id"] = None
    folder = tmp_path_factory.mktemp("fails")
    (folder / "tokenizer.json").write_text(json.dumps(config))
    FOLDERS["fails"] = str(folder)


FOLDERS: dict[str, str] = {}


def tokenizer(name: str) -> Tokenizer:
    return train.loaded(FOLDERS.get(name, name))


@cache
def default() -> words.Segmenter:
    return words.default()


def observe(
    audit: type[Audit],
    name: str,
    texts: Sequence[str],
    weights: Sequence[int] | None = None,
    segmenter: words.Segmenter | None = None,
) -> Audit:
    batch = Batch.of("und", texts, weights, segmenter or default())
    return audit.observe(read(tokenizer(name), batch))


def figures(audit: Audit, name: str) -> dict[str, list[Mapping[str, Any]]]:
    beside = Beside(tokenizer(name).vocabulary, audit, audit, audit)
    return {table: list(rows) for table, rows in audit.rows(beside).items()}


# Totals


@pytest.mark.parametrize("name", TOKENIZERS)
@pytest.mark.parametrize("audit", AUDITS)
@quick
@given(x=TEXTS)
def test_nothing_is_the_identity(audit, name, x):
    total = observe(audit, name, x)
    assert audit() + total == total == total + audit()
    assert observe(audit, name, []) == audit()


@pytest.mark.parametrize("name", TOKENIZERS)
@pytest.mark.parametrize("audit", AUDITS)
@quick
@given(x=TEXTS, y=TEXTS)
def test_order_changes_nothing(audit, name, x, y):
    a, b = observe(audit, name, x), observe(audit, name, y)
    assert a + b == b + a
    assert observe(audit, name, [*x, *y]) == observe(audit, name, [*y, *x])


@pytest.mark.parametrize("name", TOKENIZERS)
@pytest.mark.parametrize("audit", AUDITS)
@quick
@given(x=TEXTS, y=TEXTS, z=TEXTS)
def test_grouping_changes_nothing(audit, name, x, y, z):
    a, b, c = (observe(audit, name, texts) for texts in (x, y, z))
    assert (a + b) + c == a + (b + c)


@pytest.mark.parametrize("name", TOKENIZERS)
@pytest.mark.parametrize("audit", AUDITS)
@quick
@given(x=TEXTS, y=TEXTS)
@example(x=["☃"], y=["the 12", "☃☃"])
@example(x=["a\r"], y=["\nb"])
@example(x=["ก"], y=["\u0e32"])
def test_splitting_the_work_changes_nothing(audit, name, x, y):
    assert observe(audit, name, [*x, *y]) == observe(audit, name, x) + observe(audit, name, y)


@pytest.mark.parametrize("name", TOKENIZERS)
@pytest.mark.parametrize("audit", AUDITS)
@quick
@given(x=st.lists(st.tuples(TEXT, st.integers(1, 3)), max_size=5))
def test_a_weight_is_so_many_rows(audit, name, x):
    texts, weights = [text for text, _ in x], [weight for _, weight in x]
    spelled_out = [text for text, weight in x for _ in range(weight)]
    assert observe(audit, name, texts, weights) == observe(audit, name, spelled_out)
    doubled = observe(audit, name, texts, [2 * weight for weight in weights])
    once = observe(audit, name, texts, weights)
    assert doubled == once + once


@pytest.mark.parametrize("segmenter", ["whitespace", "regex"])
@pytest.mark.parametrize("audit", AUDITS)
@quick
@given(x=TEXTS, y=TEXTS)
@example(x=["two words"], y=["ไทย"])
@example(x=[], y=["𠀀aA"])  # a capital behind a small letter, and no word
def test_splitting_changes_nothing_however_words_are_found(audit, segmenter, x, y):
    found = words.segmenter(segmenter)
    whole, first, second = (
        observe(audit, "builtin:chars", texts, segmenter=found) for texts in ([*x, *y], x, y)
    )
    assert whole == first + second


@pytest.mark.parametrize("audit", AUDITS)
@quick
@given(x=TEXTS)
def test_what_is_not_nothing_is_seen(audit, x):
    """Equality is no formality: a total of something differs from twice that total."""
    total = observe(audit, "builtin:chars", [*x, "12"])
    assert total != audit()
    assert total != total + total


@pytest.mark.parametrize("name", TOKENIZERS)
@pytest.mark.parametrize("audit", AUDITS)
@quick
@given(x=TEXTS, y=TEXTS)
def test_totals_are_whole_numbers(audit, name, x, y):
    for total in (audit(), observe(audit, name, x), observe(audit, name, x) + audit()):
        total = total + sampled(audit, name, x)  # noqa: PLW2901
        for each in fields(total):
            assert _is_whole(getattr(total, each.name)), each.name


@pytest.mark.parametrize("name", TOKENIZERS)
@pytest.mark.parametrize("audit", AUDITS)
@quick
@given(x=TEXTS)
def test_a_total_comes_back_from_a_file_as_it_was(audit, name, x):
    total = observe(audit, name, x) + sampled(audit, name, x)
    assert state.decode(json.loads(json.dumps(state.encode(total)))) == total


# Samples


def sampled(
    audit: type[Audit], name: str, texts: Sequence[str], weights: Sequence[int] | None = None
) -> Audit:
    """Measure texts as documents that were drawn."""
    batch = Batch.of("und", texts, weights, default())
    return audit.sampled(read(tokenizer(name), replace(batch, keys=hashes(texts))))


@pytest.mark.parametrize("name", TOKENIZERS)
@pytest.mark.parametrize("audit", SAMPLERS)
@quick
@given(x=TEXTS, y=TEXTS)
@example(x=["☃"], y=["the 12", "☃☃"])
@example(x=["17"], y=["12"])  # begin alike
def test_splitting_and_ordering_a_sample_change_nothing(audit, name, x, y):
    first, second = sampled(audit, name, x), sampled(audit, name, y)
    assert sampled(audit, name, [*x, *y]) == first + second == second + first
    assert audit() + first == first == first + audit()


@pytest.mark.parametrize("name", TOKENIZERS)
@pytest.mark.parametrize("audit", SAMPLERS)
@quick
@given(x=st.lists(st.tuples(TEXT, st.integers(1, 3)), max_size=5))
def test_a_weight_is_so_many_rows_of_a_sample(audit, name, x):
    texts, weights = [text for text, _ in x], [weight for _, weight in x]
    spelled_out = [text for text, weight in x for _ in range(weight)]
    assert sampled(audit, name, texts, weights) == sampled(audit, name, spelled_out)


@pytest.mark.parametrize("audit", SAMPLERS)
def test_a_sample_is_seen(audit):
    total = sampled(audit, "builtin:chars", ["12"])
    assert total != audit()
    assert total != total + total


def _is_whole(value: Any) -> bool:  # noqa: PLR0911
    if isinstance(value, Histogram):
        return value.ids.dtype == value.counts.dtype == np.int64 and bool((value.counts > 0).all())
    if isinstance(value, Counter):
        return all(type(n) is int and n > 0 for n in value.values())
    if isinstance(value, Distinct):  # the hashes of texts are no figures either
        whole = value.counts.dtype == np.int64 and bool((value.counts >= 0).all())
        return whole and bool(value.table.any(axis=1).all()) and value.left_out in (0, 1)
    if isinstance(value, Lexicon | Drawn):
        return all(
            each.dtype.kind in "iu" for each in vars(value).values() if hasattr(each, "dtype")
        )
    if isinstance(value, Specimens):  # no figures: what a total was made of, to look at
        return all(isinstance(example, tuple) for example in value.kept.values())
    if is_dataclass(value):  # a total made of totals
        return all(_is_whole(getattr(value, each.name)) for each in fields(value))
    return type(value) is int and value >= 0


# Figures


@pytest.mark.parametrize("audit", AUDITS)
def test_the_empty_total_gives_every_column_and_no_figure(audit):
    beside = Beside(tokenizer("builtin:chars").vocabulary, NOTHING, NOTHING, NOTHING)
    tables = {table: list(rows) for table, rows in audit().rows(beside).items()}
    assert set(tables) == set(audit.schemas)
    for table, schema in audit.schemas.items():
        for row in tables[table]:
            assert set(row) == set(schema.names)
            for column in schema:
                if pa.types.is_floating(column.type):
                    assert isinstance(row[column.name], Absent), column.name
                    assert row[column.name].reason


@pytest.mark.parametrize("name", ["builtin:bytes", *TOKENIZERS[1:]])
@pytest.mark.parametrize("audit", AUDITS)
@quick
@given(x=TEXTS)
@example(x=["", "?!"])
@example(x=["\u200b"])
@example(x=["aaa"])
def test_rows_fill_exactly_their_schema_with_numbers_or_reasons(audit, name, x):
    found = figures(observe(audit, name, x), name)
    assert set(found) == set(audit.schemas)
    for table, schema in audit.schemas.items():
        for row in found[table]:
            assert set(row) == set(schema.names)
            assert all(_is_figure(value) for value in row.values())
        known = [_without_absent(row) for row in found[table]]
        pa.Table.from_pylist(known, schema=schema).validate(full=True)


def _without_absent(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if not isinstance(value, Absent)}


def _is_figure(value: Any) -> bool:
    """None without a reason is not one, nor is what is not a number."""
    if isinstance(value, Absent):
        return bool(value.reason)
    return value is not None and (not isinstance(value, float) or math.isfinite(value))


@pytest.mark.parametrize("name", ["builtin:bytes", *TOKENIZERS[1:]])
@pytest.mark.parametrize("audit", AUDITS)
@quick
@given(x=TEXTS)
def test_a_verdict_is_a_sentence_whatever_was_read(audit, name, x):
    """Also where there is no figure at all to speak of."""
    (table, *_) = audit.schemas
    rows = [_known(row) for row in figures(observe(audit, name, x), name)[table]]
    said = audit.verdict(rows)
    assert said.endswith(".") and "None" not in said and "nan" not in said


@pytest.mark.parametrize("audit", AUDITS)
def test_the_verdict_on_the_empty_total_is_a_sentence(audit):
    (table, *_) = audit.schemas
    rows = [_known(row) for row in figures(audit(), "builtin:chars")[table]]
    assert audit.verdict(rows).endswith(".")


def _known(row: Mapping[str, Any]) -> dict[str, Any]:
    """Give a row as the engine would: null for what is absent, and names before."""
    values = {name: None if isinstance(v, Absent) else v for name, v in row.items()}
    return {"tokenizer": "t", "lang": "und", **values}


@pytest.mark.parametrize("audit", AUDITS)
@quick
@given(x=TEXTS)
def test_a_summary_fills_its_schema(audit, x):
    (table, *_) = audit.schemas
    rows = [_known(row) for row in figures(observe(audit, "gpt2", x), "gpt2")[table]]
    said = audit.summarise(rows)
    assert set(said) == ({"t"} if audit.summary else set())
    for row in said.values():
        assert set(row) == set(audit.summary.names)
        assert all(_is_figure(value) for value in row.values())


# Schemas


@pytest.mark.parametrize("audit", AUDITS)
def test_every_column_is_defined(audit):
    for schema in [*audit.schemas.values(), *([audit.summary] if audit.summary else [])]:
        assert len(set(schema.names)) == len(schema.names)
        for column in schema:
            assert column.metadata[b"definition"], column.name
            assert column.metadata[b"better"] in (b"", b"lower", b"higher"), column.name
            assert column.name not in ("tokenizer", "lang", "absent"), "the engine adds these"


@pytest.mark.parametrize("name", audits.names())
def test_the_first_table_is_named_like_its_audit_and_the_others_after_it(name):
    first, *others = audits.get(name).schemas
    assert first == name
    assert all(other.startswith(f"{name}_") for other in others)


@pytest.mark.parametrize("audit", AUDITS)
def test_the_headline_is_of_the_first_table(audit):
    (table, *_) = audit.schemas
    assert audit.headline
    assert set(audit.headline) <= set(audit.schemas[table].names)


@pytest.mark.parametrize("audit", AUDITS)
def test_what_an_audit_brings_along_is_the_same_every_time(audit):
    first, second = ([*audit.probes()] for _ in range(2))
    assert [batch.texts for batch in first] == [batch.texts for batch in second]
    assert all(batch.rows and not batch.texts.null_count for batch in first)
    assert len({batch.lang for batch in first}) <= 1


@pytest.mark.parametrize("audit", AUDITS)
def test_probes_in_pieces_are_the_probes(audit):
    """An audit's own texts, cut in the middle, add up like any other."""
    for batch in audit.probes():
        middle = batch.rows // 2
        parts = [np.arange(middle), np.arange(middle, batch.rows)]
        first, second = (audit.observe(read(tokenizer("gpt2"), batch.take(p))) for p in parts)
        assert first + second == audit.observe(read(tokenizer("gpt2"), batch))
