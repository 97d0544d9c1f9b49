"""`tokaudit diff`: what changed between two saved reports is said, and nothing that did not."""

import json
import subprocess
import sys
from dataclasses import replace

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import from_json

from tests import hostile, train
from tests.console import strict
from tests.test_compare import compared, lines, written
from tests.test_saved import VALUES, _alter, places
from tokaudit import diff_grids, renderers
from tokaudit.columns import SURE, count, figure, label
from tokaudit.diff.reporting import differs, report
from tokaudit.diff.schemas import ALL, CONDITIONS, FINDINGS
from tokaudit.diff.sides import Pair, Sides
from tokaudit.document import lay_out
from tokaudit.errors import BadReport, BadUsage
from tokaudit.findings import Finding
from tokaudit.report import Report
from tokaudit.restored import restored
from tokaudit.tables import CORPUS_SCHEMA, table
from tokaudit.text import Absent

COST = pa.schema(
    [
        figure("cost", "what it costs", "lower"),
        figure(f"cost{SURE}", "how sure"),
        count("rows", "rows"),
        label("kind", "which kind"),
    ]
)
PARTS = pa.schema([label("part", "which part"), count("size", "how large", "higher")])
ROWS = [("a", "de", 2.0, 0.1, "x"), ("a", "en", 1.0, 0.1, "x"), ("b", "de", 3.0, None, "y")]
PARTED = [("a", "zxx", "head", 4), ("a", "zxx", "tail", 5)]


def saved(rows=ROWS, parts=PARTED, findings=(), digest="1", identities=None):
    """Make a report of two tables."""
    costs = [
        (spec, lang, {"cost": cost, f"cost{SURE}": width, "rows": 7, "kind": kind})
        for spec, lang, cost, width, kind in rows
    ]
    pieces = [(spec, lang, {"part": part, "size": size}) for spec, lang, part, size in parts]
    specs = list(dict.fromkeys(spec for spec, *_ in rows))
    census = [{"lang": lang, "rows": 7, "bytes": 9} for lang in ("de", "en")]
    facts = {"algorithm": "bpe", "vocabulary_size": 9, "engine": "e"}
    return Report(
        tables={
            "price": table(COST, costs),
            "price_parts": table(PARTS, pieces),
            "corpus": pa.Table.from_pylist(census, schema=CORPUS_SCHEMA),
        },
        sections={"price": ("price", "price_parts")},
        headlines={"price": ("cost",)},
        questions={"price": "What does it cost?"},
        verdicts={"price": dict.fromkeys(specs, "Much.")},
        conditions={
            "tokaudit": "0",
            "tokenizers": {spec: (identities or {}).get(spec, f"id-{spec}") for spec in specs},
            "corpus": digest,
        },
        environment={"tokenizers": dict.fromkeys(specs, facts)},
        findings=tuple(findings),
    )


def between(before, after, *langs):
    return report(Sides(before, after, frozenset(langs)))


def rows(found, name, *columns):
    return [tuple(row[c] for c in columns) for row in found.tables[name].to_pylist()]


CHANGED = ("tokenizer", "lang", "table", "column", "row", "before", "after", "relative", "better")


# Figures


def test_figures_that_changed_are_listed_the_largest_change_first():
    dearer = [("a", "de", 2.5, 0.1, "x"), ("a", "en", 0.5, 0.1, "z"), ("b", "de", 3.0, None, "y")]
    found = between(saved(), saved(dearer, [PARTED[0], ("a", "zxx", "tail", 6)]))
    assert rows(found, "diff_figures", *CHANGED) == [
        ("a", "en", "price", "cost", "", 1.0, 0.5, -0.5, "better"),
        ("a", "de", "price", "cost", "", 2.0, 2.5, 0.25, "worse"),
        ("a", "zxx", "price_parts", "size", "part=tail", 5.0, 6.0, pytest.approx(0.2), "better"),
    ]
    assert rows(found, "diff_words", "lang", "column", "before", "after") == [
        ("en", "kind", "x", "z")
    ]
    summed = rows(found, "diff", "tokenizer", "status", "compared", "changed", "rows_gone")
    assert summed == [("a", "same", 8, 4, 0), ("b", "same", 3, 0, 0)]
    assert differs(found)


def test_what_another_order_of_rounding_explains_is_no_change():
    noisy = [("a", "de", 2.0 * (1 + 4e-16), 0.1, "x"), *ROWS[1:]]
    assert not differs(between(saved(), saved(noisy)))
    larger = [("a", "de", 2.0 * (1 + 1e-9), 0.1, "x"), *ROWS[1:]]
    assert differs(between(saved(), saved(larger)))


@pytest.mark.parametrize(("after", "within"), [(2.14, True), (2.15, False), (1.86, True)])
def test_a_change_that_intervals_allow_is_said_to_be_within_them(after, within):
    found = between(saved(), saved([("a", "de", after, 0.1, "x"), *ROWS[1:]]))
    assert rows(found, "diff_figures", "within") == [(within,)]
    shown = lay_out(found).sections[0].grids
    grid = next(grid for grid in shown if grid.title == "figures that changed")
    assert [cell.text for cell in grid.rows[0][3:5]] == ["2 ±0.100", f"{after:.3f} ±0.100"]
    assert (grid.rows[0][6].text == "within") is within


def test_what_has_no_interval_or_no_ratio_says_so():
    found = between(saved([("a", "de", 0.0, None, "x")]), saved([("a", "de", 2.0, 0.1, "x")]))
    (row,) = found.tables["diff_figures"].to_pylist()
    assert (row["difference"], row["relative"], row["within"]) == (2.0, None, None)
    assert dict(row["absent"]) == {"relative": "it was 0", "within": "no intervals"}


def test_a_figure_that_is_no_longer_there_gives_its_reason_and_comes_last():
    lost = [("a", "de", Absent("no words"), 0.1, "x"), ("a", "en", 1.1, 0.1, "x"), ROWS[2]]
    found = between(saved(), saved(lost))
    assert rows(found, "diff_figures", "lang", "before", "after", "difference", "better") == [
        ("en", 1.0, 1.1, pytest.approx(0.1), "worse"),
        ("de", 2.0, None, None, None),
    ]
    assert dict(found.tables["diff_figures"].to_pylist()[1]["absent"])["after"] == "no words"
    assert "no words" in renderers.get("markdown").render(found).decode()


def test_rows_are_known_by_what_they_name_and_not_by_their_place():
    found = between(saved(), saved(ROWS[::-1], PARTED[::-1]))
    assert not differs(found)
    found = between(saved(), saved(ROWS, [*PARTED[1:], ("a", "zxx", "neck", 1)]))
    assert rows(found, "diff_rows", "tokenizer", "lang", "table", "rows_gone", "rows_new") == [
        ("a", "zxx", "price_parts", 1, 1)
    ]
    assert differs(found) and not found.tables["diff_figures"].num_rows


def test_rows_that_nothing_tells_apart_are_met_in_their_order():
    twice = [("a", "zxx", "head", 4)] * 2
    assert not differs(between(saved(parts=twice), saved(parts=twice)))
    found = between(saved(parts=twice), saved(parts=twice[:1]))
    assert rows(found, "diff_rows", "rows_gone", "rows_new") == [(1, 0)]


def test_a_long_list_says_what_it_does_not_show():
    many = [("a", f"l{n:03}", float(n + 1), None, "x") for n in range(diff_grids.MOST + 5)]
    more = [(spec, lang, cost + 1, width, kind) for spec, lang, cost, width, kind in many]
    found = between(saved(many, ()), saved(more, ()))
    assert found.tables["diff_figures"].num_rows == len(many)
    page = renderers.get("markdown").render(found).decode()
    assert "Figures that changed: the first 100 of 105" in page
    assert "5 rows more, in JSON and CSV" in page


def test_one_language_can_be_looked_at():
    dearer = [(spec, lang, cost + 1, width, kind) for spec, lang, cost, width, kind in ROWS]
    findings = [Finding("TA001", "lost", "a", lang) for lang in ("de", "en")]
    found = between(saved(), saved(dearer, findings=findings), "en")
    assert {lang for (lang,) in rows(found, "diff_figures", "lang")} == {"en"}
    assert rows(found, "diff_findings", "lang") == [("en",)]
    with pytest.raises(BadUsage, match="neither report has the language fr: there are de, en"):
        between(saved(), saved(), "fr")


COSTS = st.lists(st.sampled_from([0.0, 0.5, 1.0, 2.0, Absent("none")]), min_size=4, max_size=4)


@given(COSTS, COSTS)
def test_a_diff_backwards_says_the_opposite(first, second):
    def made(costs):
        return saved([("a", f"l{n}", cost, 0.1, "x") for n, cost in enumerate(costs)])

    there, back = between(made(first), made(second)), between(made(second), made(first))
    columns = "lang", "before", "after"
    assert rows(there, "diff_figures", *columns) == [
        (lang, before, after) for lang, after, before in rows(back, "diff_figures", *columns)
    ]
    opposite = {"better": "worse", "worse": "better", None: None}
    judged = [opposite[better] for (better,) in rows(back, "diff_figures", "better")]
    assert rows(there, "diff_figures", "better") == [(each,) for each in judged]
    assert differs(there) == (first != second)


# Tokenizers, conditions, findings


def test_tokenizers_are_added_removed_and_changed():
    before = saved()
    after = saved(
        [("c", "de", 1.0, 0.1, "x"), ("a", "de", 2.0, 0.1, "x")], identities={"a": "id-2"}
    )
    found = between(before, after)
    assert rows(found, "diff", "tokenizer", "status", "identity_before", "identity_after") == [
        ("c", "added", None, "id-c"),
        ("a", "changed", "id-a", "id-2"),
        ("b", "removed", "id-b", None),
    ]
    said = found.verdicts["diff"]
    assert said["c"] == "It was not there before." and said["b"] == "It is no longer there."
    assert said["a"].startswith("Another tokenizer: its identity was id-a. The same text.")


def test_another_identity_is_a_difference_even_with_the_same_figures():
    assert differs(between(saved(), saved(identities={"a": "id-2", "b": "id-3"})))
    assert not differs(between(saved(), saved()))


def test_a_tokenizer_of_another_name_is_known_by_its_identity():
    renamed = [("z", *row[1:]) if row[0] == "b" else row for row in ROWS]
    sides = Sides(saved(), saved(renamed, identities={"z": "id-b"}))
    assert sides.pairs == (Pair("a", "a"), Pair("b", "z"))
    found = report(sides)
    assert rows(found, "diff", "named_before", "changed") == [(None, 0), ("b", 0)]
    assert "named b before" in found.verdicts["diff"]["z"]


def test_the_only_tokenizers_of_two_reports_are_held_against_each_other():
    found = between(saved(ROWS[:1], ()), saved([("v2", "de", 3.0, 0.1, "x")], ()))
    assert rows(found, "diff", "tokenizer", "status", "named_before") == [("v2", "changed", "a")]
    assert rows(found, "diff_figures", "before", "after") == [(2.0, 3.0)]


def test_another_corpus_is_said():
    found = between(saved(), saved(digest="2"))
    assert ("corpus", "1", "2", False) in rows(
        found, "diff_conditions", "condition", "before", "after", "same"
    )
    assert "Other text" in found.verdicts["diff"]["a"]
    assert not differs(found)  # conditions explain changes, they are none


def test_findings_are_new_gone_or_otherwise():
    lost = Finding("TA001", "lost", "a", "de")
    before = [lost, Finding("TA002", "few"), Finding("TA003", "3 set aside", "a"), lost]
    after = [
        lost,
        Finding("TA003", "4 set aside", "a"),
        Finding("TA004", "unpinned", "b"),
        replace(Finding("TA002", "few"), level="error"),
    ]
    found = between(saved(findings=before), saved(findings=after))
    assert rows(found, "diff_findings", "rule", "tokenizer", "change", "severity") == [
        ("TA001", "a", "gone", "error"),
        ("TA002", None, "graver", "error"),
        ("TA003", "a", "says otherwise", "warning"),
        ("TA004", "b", "new", "note"),
    ]
    assert [f.rule for f in found.findings] == ["TA002", "TA004"]
    assert found.verdicts["diff"]["b"].endswith("Findings: 1 new.")


# From the command line


@pytest.fixture(scope="module")
def audited(tmp_path_factory):
    """Two reports of fertility: of a tokenizer of ours, and of one that is worse."""
    from typer.testing import CliRunner

    from tests.test_check import worse
    from tokaudit.cli import app

    folder = tmp_path_factory.mktemp("diff")
    for name, made in (("old", train.single_digits()), ("new", worse())):
        made.save(str(folder / "tokenizer.json"))
        said = ["fertility", "--lang", "eng_Latn", "--lang", "hin_Deva", "-q"]
        where = ["-t", str(folder / "tokenizer.json"), "-o", str(folder / f"{name}.json")]
        ran = CliRunner().invoke(app, [*said, *where])
        assert ran.exit_code == 0, ran.output
    return folder


def test_a_diff_names_what_became_worse(audited, tokaudit):
    code, out, err = tokaudit("diff", audited / "old.json", audited / "new.json")
    assert (code, err) == (0, "")
    first = next(line for line in out.splitlines() if "fertility.fertility" in line)
    assert "hin_Deva" in first and first.rstrip().endswith("worse")
    assert tokaudit("diff", audited / "old.json", audited / "new.json", "--exit-code")[0] == 1
    code, out, _ = tokaudit("diff", audited / "old.json", audited / "old.json", "--exit-code")
    assert code == 0 and "figures changed." in out and "None of" in out


def test_a_diff_is_a_report_in_every_format(audited, tokaudit):
    sides = audited / "old.json", audited / "new.json"
    for name in renderers.names():
        code, _, err = tokaudit("diff", *sides, "-f", name, "-o", audited / "diff")
        assert code == 0, err
        again = (audited / "diff").read_bytes()
        assert again, name
        tokaudit("diff", *sides, "-f", name, "-o", audited / "diff")
        assert (audited / "diff").read_bytes() == again
    tokaudit("diff", *sides, "-o", audited / "diff.json")
    found = strict((audited / "diff.json").read_text())
    assert found["layout"]["sections"] == {"diff": [*ALL, "diff_findings", "diff_conditions"]}
    assert tokaudit("diff", *sides, "-f", "markdown") == tokaudit(
        "render", audited / "diff.json", "-f", "markdown"
    )


def test_a_comparison_is_read_back_and_held_against_another(tmp_path, tokaudit):
    path = tmp_path / "compared.json"
    found = compared(written(tmp_path, lines()), "gpt2", "builtin:bytes")
    path.write_bytes(renderers.get("json").render(found))
    page = renderers.get("csv").render(found).decode()
    assert tokaudit("render", path, "-f", "csv") == (0, page, "")
    assert tokaudit("render", path)[0] == 0
    assert tokaudit("diff", path, path, "--exit-code")[0] == 0


def test_what_cannot_be_read_is_refused_in_one_sentence(audited, tmp_path, tokaudit):
    good = audited / "old.json"
    (tmp_path / "no.json").write_bytes(b"{}")
    for old, new in ((good, tmp_path / "no.json"), (tmp_path / "gone.json", good), ("-", "-")):
        code, out, err = tokaudit("diff", old, new)
        assert (code, out, err.count("\n")) == (2, "", 1)
    assert "stdin holds one report" in err


def test_one_side_is_read_from_a_pipe(audited):
    command = [sys.executable, "-m", "tokaudit", "diff", "-", str(audited / "new.json")]
    data = (audited / "old.json").read_bytes()
    ran = subprocess.run(command, input=data, capture_output=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, b"") and b"hin_Deva" in ran.stdout


# Hostile reports


def test_nothing_in_a_diff_acts():
    before = hostile.report()
    after = replace(before, findings=before.findings[1:], verdicts=before.verdicts)
    tables = dict(before.tables)
    tables["digits_picture"] = tables["digits_picture"].slice(0, 5)
    tables["fertility"] = tables["fertility"].set_column(
        tables["fertility"].column_names.index("fertility"),
        tables["fertility"].schema.field("fertility"),
        pa.array([1.0, 2.0, 3.0, None]),
    )
    found = between(replace(after, tables=tables), before)
    assert found.tables["diff_figures"].num_rows == 3
    for name in set(renderers.names()) - {"parquet"}:
        text = renderers.get(name).render(found).decode()
        for harmful in ("\x1b", "\u202e", "\u200b", "\0", "\a"):
            assert harmful not in text, name
        lines = [line for line in text.splitlines() if line.startswith(("::error::", "##["))]
        assert lines == []


def _whole():
    found = between(hostile.report(), replace(hostile.report(), findings=()))
    return renderers.get("json").render(found)


WHOLE = from_json(_whole())


@given(st.data())
def test_a_saved_diff_that_was_tampered_with_is_refused_or_harmless(data):
    changed = from_json(_whole())
    for path in data.draw(st.lists(st.sampled_from(list(places(WHOLE))), min_size=1, max_size=3)):
        _alter(changed, path, data.draw(st.none() | VALUES))
    try:
        found = restored(json.dumps(changed).encode(), "it")
    except BadReport as refused:
        assert "\n" not in str(refused)
        return
    assert "\x1b" not in renderers.get("markdown").render(found).decode()
    assert differs(between(found, found)) is False


def test_every_column_that_is_laid_out_is_in_the_schemas():
    every = {**ALL, "diff_findings": FINDINGS, "diff_conditions": CONDITIONS}
    assert every.keys() == diff_grids.NEEDED.keys()
    for name, needed in diff_grids.NEEDED.items():
        assert needed <= set(every[name].names), name
