"""What is saved is read back without loss, and what is not a report is refused in a sentence."""

import hashlib
import json
import subprocess
import sys
from dataclasses import replace
from importlib.resources import files

import jsonschema
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import from_json

from tests import hostile, train
from tests.console import strict
from tokaudit import audits, charts, renderers
from tokaudit.document import short_names
from tokaudit.errors import BadReport
from tokaudit.parity.schemas import SCHEMAS, SUMMARY
from tokaudit.restored import restored
from tokaudit.saved import KINDS, Saved

PUBLISHED = files("tokaudit") / "schemas" / "tokaudit-1.json"


def written(report=None):
    return renderers.get("json").render(report or hostile.report())


@pytest.fixture(scope="session")
def audited(tmp_path_factory):
    """A report of every audit, as the command line writes it."""
    from typer.testing import CliRunner

    from tokaudit.cli import app

    path = tmp_path_factory.mktemp("saved") / "report.json"
    said = ["report", "--lang", "eng_Latn", "--lang", "tha_Thai", "-t", "builtin:bytes", "-t"]
    ran = CliRunner().invoke(app, [*said, str(train.path("gpt2")), "-q", "-o", str(path)])
    assert ran.exit_code == 0, ran.output
    return path


# Round trips


def same(first, second):
    assert first.tables.keys() == second.tables.keys()
    for name, table in first.tables.items():
        assert table.equals(second.tables[name]), name
        assert {f.name: bare(f) for f in table.schema} == {
            f.name: bare(f) for f in second.tables[name].schema
        }
        assert bare(table.schema) == bare(second.tables[name].schema)
    for part in ("sections", "headlines", "questions", "conditions", "environment", "glances"):
        assert getattr(first, part) == getattr(second, part), part
    assert (first.digest, first.signature) == (second.digest, second.signature)


def bare(about):
    """Metadata that say something: an empty `better` is no `better`."""
    return {key: value for key, value in (about.metadata or {}).items() if value}


def test_a_report_comes_back_as_it_was():
    first = hostile.report()
    again = restored(written(first), "report.json")
    same(first, again)
    assert [f.rule for f in again.findings] == [f.rule for f in first.findings]
    assert again.findings[0].message.endswith(r"\ud800\udcff")  # no UTF-8 holds a half


def test_every_audit_comes_back_as_it_was(audited):
    first = audited.read_bytes()
    assert set(audits.names()) <= set(json.loads(first)["layout"]["sections"])
    assert written(restored(first, "it")) == first


def test_whatever_is_rendered_later_is_what_the_audit_would_have_written(audited, tokaudit):
    report = restored(audited.read_bytes(), "it")
    later = audited.parent / "later"
    for name in set(renderers.names()) - {"markdown"}:
        assert tokaudit("render", audited, "-f", name, "-o", later) == (0, "", "")
        assert later.read_bytes() == renderers.get(name).render(report)
    page = renderers.get("markdown").render(report).decode()  # in a file it links to pictures
    assert tokaudit("render", audited, "-f", "markdown") == (0, page, "")


def test_every_type_that_a_table_has_can_be_saved():
    schemas = [schema for name in audits.names() for schema in audits.get(name).schemas.values()]
    schemas += [*SCHEMAS.values(), SUMMARY]
    assert {str(f.type) for schema in schemas for f in schema} <= set(map(str, KINDS.values()))


@given(
    st.lists(
        st.tuples(
            st.none() | st.floats(allow_nan=False, allow_infinity=False),
            st.none() | st.integers(-(2**63), 2**63 - 1),
            st.none() | st.text(st.characters(exclude_categories=["Cs"])),
        ),
        max_size=5,
    )
)
def test_every_figure_comes_back_bit_by_bit(figures):
    names = {"tokenizer": "good", "lang": "eng_Latn"}
    fields = [("x", pa.float64()), ("n", pa.int64()), ("t", pa.string())]
    table = hostile.table(
        [{**names, "x": x, "n": n, "t": t, "absent": []} for x, n, t in figures], pa.schema(fields)
    )
    report = hostile.report()
    report.tables["extra"] = table  # type: ignore[index]
    again = restored(written(report), "it")
    assert again.tables["extra"].to_pylist() == table.to_pylist()


def test_a_report_is_read_from_a_pipe():
    command = [sys.executable, "-m", "tokaudit", "render", "-", "-f", "json"]
    ran = subprocess.run(command, input=written(), capture_output=True, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, written(), b"")
    ran = subprocess.run(["sh", "-c", '"$@" <&-', "sh", *command], capture_output=True, check=False)
    assert ran.returncode == 2 and ran.stderr == (
        b"tokaudit: cannot read a report from stdin: it is closed\n"
    )


# The schema


def test_reports_validate_against_the_published_schema(audited):
    schema = json.loads(PUBLISHED.read_bytes())
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    for data in (audited.read_bytes(), written()):
        found = strict(data.decode("ascii"))
        validator.validate(found)
        with pytest.raises(jsonschema.ValidationError):
            validator.validate({**found, "more": 1})
        with pytest.raises(jsonschema.ValidationError):
            validator.validate({**found, "schema": "tokaudit/2"})


def test_the_published_schema_is_that_of_the_code():
    said = Saved.model_json_schema(by_alias=True, mode="serialization")
    published = json.loads(PUBLISHED.read_bytes())
    assert published.pop("$schema").endswith("2020-12/schema")
    assert published == said, "reports have another shape: that is tokaudit/2, beside tokaudit/1"


def test_a_published_schema_is_never_changed():
    """Whoever changes it breaks what others have built on it: make tokaudit/2 instead."""
    digest = hashlib.sha256(PUBLISHED.read_bytes()).hexdigest()[:16]
    assert digest == "ab40fe2dc84fd637"


def test_the_schema_is_printed(tokaudit):
    code, out, err = tokaudit("schema")
    assert (code, out, err) == (0, PUBLISHED.read_text(), "")


# What is no report


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is no JSON"),
        (b"PK\x03\x04\xff", "is no JSON"),
        (b"[" * 100_000, "is no JSON"),
        (b'{"schema": NaN}', "is no JSON"),
        (b"[]", 'it has no "schema"'),
        (b'{"version": "2.1.0"}', 'it has no "schema"'),
        (b'{"schema": "tokaudit-ids/1"}', "its \"schema\" is 'tokaudit-ids/1'"),
        (b'{"schema": "\\u001b[31m\\u202e"}', "no report of tokaudit"),
        (b'{"schema": "tokaudit/2"}', "a newer one"),
        (b'{"schema": "tokaudit/1"}', "no whole tokaudit/1 report: signature: Field required"),
        (written()[:5_000], "is no JSON: EOF"),
        (written().replace(b'"fertility": 1.25', b'"fertility": 1.24'), "was changed: its figures"),
        (written().replace(b'"fertility": 1.25', b'"fertility": "a"'), "column cannot hold"),
        (written().replace(b'"rows": 3', b'"rows": 1e400'), "column cannot hold"),
        (written().replace(b'"fertility": 1.25', b'"fertility": 1e999'), "column cannot hold"),
        (written().replace(b'"TA002"', b'"TA999"'), "rule TA999, which tokaudit"),
    ],
)
def test_what_is_no_report_is_refused_in_one_sentence(tmp_path, tokaudit, data, says):
    path = tmp_path / "saved.json"
    path.write_bytes(data)
    code, out, err = tokaudit("render", path, "-f", "markdown")
    assert (code, out) == (2, "")
    assert says in err and str(path) in err
    assert err.count("\n") == 1 and "\x1b" not in err and "\u202e" not in err


def test_a_report_of_a_time_with_fewer_columns_is_still_read():
    """Tables gain columns within tokaudit/1: what is rendered must not count on all of today's."""
    report = hostile.report()
    for table in ("fertility", "digits", "digits_picture"):
        named = (*report.headlines.get(table, ()), "tokenizer", "lang", "absent", "digits", "cut")
        for column in set(report.tables[table].column_names) - set(named):
            tables = {**report.tables, table: report.tables[table].drop_columns([column])}
            older = restored(written(replace(report, tables=tables)), "it")
            assert renderers.get("markdown").render(older)
            assert all(charts.specs(older, short_names(hostile.SPECS)))


@pytest.mark.parametrize("timings", [1, [], {"digits": 1}, {"digits": [{}]}, {"a": [{"t": "x"}]}])
def test_timings_of_nobody_are_refused(timings):
    report = hostile.report()
    environment = {**report.environment, "timings": timings}
    with pytest.raises(BadReport, match="timings of a tokenizer that is not described"):
        restored(written(replace(report, environment=environment)), "it")


def test_a_file_that_is_not_there_is_named(tmp_path, tokaudit):
    code, _, err = tokaudit("render", tmp_path / "absent.json")
    assert code == 2 and "absent.json: No such file" in err
    code, _, err = tokaudit("render", tmp_path)
    assert code == 2 and "Is a directory" in err


def places(node, path=()):
    """List every place in a document but the figures, which the digest guards."""
    if path:
        yield path
    keys = node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
    for key in keys:
        if path or key != "tables":
            yield from places(node[key], (*path, key))


WHOLE = from_json(written())
ODD = ("", "x", "digits", "fertility", "tokenizer", "eng_Latn", hostile.NAME)
VALUES = st.sampled_from([*ODD, None, 0, 1.5, True, [], {}, [""], {"": ""}, ["absent"]])


@given(st.data())
def test_a_file_that_was_tampered_with_is_refused_or_harmless(data):
    """Never a crash, and never a letter that acts."""
    changed = from_json(written())
    for path in data.draw(st.lists(st.sampled_from(list(places(WHOLE))), min_size=1, max_size=3)):
        _alter(changed, path, data.draw(st.none() | VALUES))
    try:
        report = restored(json.dumps(changed).encode(), "it")
    except BadReport as refused:
        assert "\n" not in str(refused)
        return
    for name in ("terminal", "markdown"):
        assert "\x1b" not in renderers.get(name).render(report).decode()


def test_a_file_cannot_say_that_its_text_was_made_safe():
    changed = from_json(written())
    changed["layout"]["headlines"]["digits_picture"] = ["cut"]
    for column in changed["columns"]["digits_picture"]:
        column["about"]["shown"] = "yes"
    report = restored(json.dumps(changed).encode(), "it")
    for name in ("terminal", "markdown"):
        assert "\x1b" not in renderers.get(name).render(report).decode()


def _alter(node, path, value):
    """Put a value in a place, or take the place away."""
    *above, last = path
    for key in above:
        try:
            node = node[key]
        except (KeyError, IndexError, TypeError):
            return
    if isinstance(node, dict) and value is None:
        node.pop(last, None)
    elif isinstance(node, dict | list) and (isinstance(node, dict) or last < len(node)):
        node[last] = value
