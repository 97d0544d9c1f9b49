"""Parsers of ours accept bytes or refuse them in one sentence, whatever the bytes are."""

import io
import json
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokaudit.corpus import Corpus
from tokaudit.errors import BadCorpus, BadUsage
from tokaudit.gates.baseline import Baseline
from tokaudit.gates.configuration import Configuration, read
from tokaudit.gates.limits import Limit

sys.path.insert(0, str(Path(__file__).parent.parent / "fuzz"))
import seeds
import targets

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)


def test_every_target_has_seeds():
    assert seeds.MADE.keys() == targets.TARGETS.keys()
    assert seeds.FOUND.keys() <= targets.TARGETS.keys()


@pytest.mark.parametrize("target", targets.TARGETS)
def test_seeds_and_what_was_a_defect_once_run(target):
    for data in seeds.seeds(target):
        targets.run(target, data)


@pytest.mark.parametrize("target", targets.TARGETS)
def test_a_seed_that_was_changed_runs(target):
    """A short walk around the seeds; `make fuzz` walks on for longer."""
    begun = seeds.seeds(target)

    @settings(max_examples=60)
    @given(st.sampled_from(begun), st.integers(0, 2**20), st.binary(max_size=4), st.integers(0, 4))
    def tried(data, place, put, taken):
        place %= len(data) + 1
        targets.run(target, data[:place] + put + data[place + taken :])

    tried()


# Configurations, baselines and limits by their shape


KEYS = st.sampled_from([*(name.replace("_", "-") for name in Configuration.model_fields), "x"])


def toml(value):
    """Write a value as TOML would; None where TOML has nothing like it."""
    if value is None or isinstance(value, dict):
        return "{}"
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, float):
        return repr(value)
    return json.dumps(value)


@settings(max_examples=200)
@given(st.dictionaries(KEYS, ANY_JSON, max_size=4))
def test_a_configuration_of_any_shape_is_read_or_refused(tmp_path_factory, held):
    path = tmp_path_factory.getbasetemp() / "tokaudit.toml"
    rows = ('tokenizers = ["builtin:bytes"]', *(f"{k} = {toml(v)}" for k, v in held.items()))
    written = "\n".join(rows[1:] if "tokenizers" in held else rows)
    path.write_bytes(written.encode("utf-8", "backslashreplace"))
    try:
        found = read(path)
    except BadUsage as error:
        assert "\n" not in str(error) and "tokaudit.toml" in str(error)
    else:
        assert found.tokenizers


@settings(max_examples=200)
@given(ANY_JSON, ANY_JSON)
def test_a_baseline_of_any_shape_gives_numbers_or_is_refused(tmp_path_factory, figures, conditions):
    path = tmp_path_factory.getbasetemp() / "baseline.json"
    written = {"schema": "tokaudit-baseline/1", "figures": figures, "conditions": conditions}
    path.write_text(json.dumps({**written}))
    try:
        found = Baseline.read(path)
    except BadUsage as error:
        assert "baseline.json is no baseline" in str(error) and "\n" not in str(error)
        return
    for name, by_tokenizer in found.figures.items():
        for tokenizer, by_place in by_tokenizer.items():
            for place, number in by_place.items():
                assert abs(number) < 1e300
                if name == "fertility":
                    assert found.figure(Limit.parse("fertility: +1%"), tokenizer, place) == number


@pytest.mark.parametrize("figures", [1, [], {"a": 1}, {"a": {"b": 1}}, {"a": {"b": {"c": "1"}}}])
def test_a_baseline_without_numbers_is_refused(tmp_path, figures):
    path = tmp_path / "baseline.json"
    path.write_text(json.dumps({"schema": "tokaudit-baseline/1", "figures": figures}))
    with pytest.raises(BadUsage, match="is no baseline"):
        Baseline.read(path)


@pytest.mark.parametrize("number", ["1e999", "9" * 400, "0" + "9" * 310 + "e9"])
@pytest.mark.parametrize("written", ["fertility <= {}", "fertility: +{}%", "a <= b + {}"])
def test_a_limit_that_limits_nothing_is_refused(written, number):
    with pytest.raises(BadUsage, match="limits nothing"):
        Limit.parse(written.format(number))


# Parquet by its shape


PLAIN = st.sampled_from([pa.string(), pa.large_string(), pa.binary(), pa.int32(), pa.null()])
KINDS = st.recursive(
    PLAIN,
    lambda inner: st.builds(pa.list_, inner) | inner.map(lambda kind: pa.struct({"text": kind})),
    max_leaves=3,
)
NAMES = st.sampled_from(["text", "lang", "id", "Text", "x", ""])


@settings(max_examples=150)
@given(st.lists(st.tuples(NAMES, KINDS), max_size=4), st.integers(0, 3))
def test_a_parquet_file_of_any_shape_is_counted_or_refused(tmp_path_factory, columns, rows):
    path = tmp_path_factory.getbasetemp() / "shape.parquet"
    fields = [pa.field(name, kind) for name, kind in columns]
    arrays = [pa.nulls(rows, field.type) for field in fields]
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, schema=pa.schema(fields)), sink)
    path.write_bytes(sink.getvalue())
    try:
        pieces = list(Corpus((str(path),)))
    except BadCorpus as error:
        assert "shape.parquet" in str(error) and "\n" not in str(error)
    else:
        assert sum(piece.census.null for piece in pieces) == rows
