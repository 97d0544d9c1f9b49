"""Each format is read back by a library that others wrote, and nothing in it acts."""

import csv
import io
import json
import os
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import jsonschema
import junitparser
import pyarrow.parquet as pq
import pytest
import sarif_pydantic
from hypothesis import given
from hypothesis import strategies as st

from tests import hostile
from tokaudit import renderers
from tokaudit.audits.fertility import Fertility
from tokaudit.findings import Finding
from tokaudit.renderers import comment, github, latex, markdown, sarif
from tokaudit.renderers.csv import cell

TEXTS = st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from([hostile.NAME, ""])
FINDINGS = st.lists(
    st.builds(
        Finding,
        st.sampled_from(["TA001", "TA002", "TA004"]),
        TEXTS,
        st.none() | TEXTS,
        st.none() | TEXTS,
    ),
    max_size=30,
)


def rendered(name, **changed):
    return renderers.get(name).render(replace(hostile.report(), **changed))


# One line, one row


def test_csv_has_every_figure_once():
    lines = list(csv.DictReader(io.StringIO(rendered("csv").decode(), newline="")))
    found = {(each["table"], each["row"], each["column"]): each for each in lines}
    assert len(found) == len(lines)
    assert found["fertility", "0", "fertility"]["value"] == "1.25"
    assert found["fertility", "1", "fertility"]["tokenizer"] == "good"
    assert found["fertility", "3", "premium"]["value"] == ""
    assert found["fertility", "3", "premium"]["absent"].startswith("no rows parallel with =1+1")
    assert found["findings", "0", "rule"]["value"] == "TA001"
    assert lines[-1]["column"] == "signature"


@given(TEXTS)
def test_no_cell_is_a_formula(text):
    assert not cell(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))
    assert len(cell(text).splitlines()) <= 1


def test_json_lines_are_the_rows_of_the_json():
    rows = [json.loads(line) for line in rendered("jsonl").decode("ascii").splitlines()]
    tables = json.loads(rendered("json"))["tables"]
    for name, table in tables.items():
        assert [r for r in rows if r["table"] == name] == [{"table": name, **row} for row in table]
    assert rows[-1] == {"table": "report", "signature": hostile.report().signature}


def test_parquet_keeps_every_figure_exactly():
    table = pq.read_table(io.BytesIO(rendered("parquet")))
    rows = [r for r in table.to_pylist() if r["table"] == "fertility" and r["row"] == 1]
    by_column = {row["column"]: row for row in rows}
    assert by_column["fertility"]["figure"] == 2.5
    assert (by_column["rows"]["count"], by_column["rows"]["figure"]) == (3, 3.0)
    assert by_column["rows"]["lang"] == hostile.NAME
    assert table.schema.metadata[b"signature"].decode() == hostile.report().signature


# JUnit


def test_junit_is_read_back():
    suites = junitparser.JUnitXml.fromstring(rendered("junit"))
    by_name = {suite.name: suite for suite in suites}
    assert list(by_name) == ["digits", "fertility", "findings"]
    assert next(case.name for case in by_name["digits"]) == "good"
    error, warning = by_name["findings"]
    assert isinstance(error.result[0], junitparser.Failure)
    assert error.result[0].type == "TA001" and "refused" in error.result[0].text
    assert warning.is_passed and warning.system_out.startswith("warning: ")
    assert (suites.tests, suites.failures, by_name["findings"].failures) == (6, 1, 1)


@given(FINDINGS)
def test_junit_is_whole_whatever_is_found(findings):
    suites = junitparser.JUnitXml.fromstring(rendered("junit", findings=tuple(findings)))
    (last,) = (suite for suite in suites if suite.name == "findings")
    assert len(list(last)) == len(findings)
    assert last.failures == sum(finding.severity == "error" for finding in findings)


# SARIF


@given(FINDINGS)
def test_sarif_is_read_back(findings):
    log = sarif_pydantic.Sarif.model_validate_json(rendered("sarif", findings=tuple(findings)))
    (run,) = log.runs
    assert [result.rule_id for result in run.results] == [finding.rule for finding in findings]
    for result in run.results:
        assert run.tool.driver.rules[result.rule_index].id == result.rule_id
    assert len({rule.id for rule in run.tool.driver.rules}) == len(run.tool.driver.rules)


@given(FINDINGS)
def test_sarif_holds_to_the_published_schema(findings):
    """The schema is in npm's @microsoft/sarif-multitool-linux, which is too large to ask for."""
    where = os.environ.get("TOKAUDIT_SARIF_SCHEMA")
    if not where:
        pytest.skip("set TOKAUDIT_SARIF_SCHEMA to sarif-2.1.0.json (docs/reports.md)")
    schema = json.loads(Path(where).read_text(encoding="utf-8-sig"))
    validator = jsonschema.validators.validator_for(schema)(schema)
    found = json.loads(rendered("sarif", findings=tuple(findings)))
    validator.validate(found)
    with pytest.raises(jsonschema.ValidationError):
        validator.validate({**found, "version": "2.0.0"})


def test_a_finding_keeps_its_fingerprint_when_its_figures_change():
    first = Finding("TA005", "3 rows", "good", "eng_Latn")
    prints = []
    for finding in (first, replace(first, message="4 rows"), replace(first, lang="x")):
        (result,) = json.loads(rendered("sarif", findings=(finding,)))["runs"][0]["results"]
        prints.append(result["partialFingerprints"])
    assert prints[0] == prints[1] != prints[2]


@given(TEXTS)
def test_no_message_of_sarif_links_anywhere(text):
    shown = sarif.message(text)
    assert not re.search(r"(?<!\\)(?:\\\\)*[\[\]]", shown)
    assert not re.search(r"(?<!\{)(?:\{\{)*\{(?!\{)", shown)


# GitHub


@given(FINDINGS)
def test_only_our_own_lines_are_commands(findings):
    lines = rendered("github", findings=tuple(findings)).decode().split("\n")
    assert lines.pop() == ""
    *commands, signature = lines
    assert signature.startswith("tokaudit: ") and "##[" not in signature
    for command in commands:
        found = re.fullmatch(
            r"::(error|warning|notice) title=([^:,]*(?:%2C[^:,]*)?)::(.*)", command
        )
        assert found and "::" not in found[3] and "\r" not in command and "##[" not in command
        assert not re.search(r"%(?!25|0D|0A)", found[3])


def test_more_findings_than_github_shows_are_counted():
    many = tuple(Finding("TA001", str(n)) for n in range(25))
    lines = rendered("github", findings=(*many, Finding("TA002", "few"))).decode().splitlines()
    errors = [line for line in lines if line.startswith("::error")]
    assert len(errors) == github.MOST
    assert errors[-1].endswith("::16 more of severity error: see the summary")
    assert lines[-2].startswith("::warning title=TA002")


def test_a_summary_is_under_a_mebibyte_and_says_what_is_left_out():
    report = hostile.report()
    assert github.summary(report) == markdown.render(report)
    many = tuple(Finding("TA001", f"{n} {hostile.NAME}", "good") for n in range(3_000))
    rows = report.tables["fertility"].to_pylist()
    long = [{**row, "lang": f"{row['lang']}{n}"} for n in range(2_000) for row in rows]
    table = hostile.table(long, Fertility.schemas["fertility"])
    for large in (
        replace(report, findings=many),
        replace(report, tables={**report.tables, "fertility": table}),
    ):
        assert len(markdown.render(large)) > github.LARGEST
        text = github.summary(large).decode()
        assert 0 < len(text.encode()) < github.LARGEST
        assert text.count("<details>") == text.count("</details>")
        kept, left, whole, _ = re.split(r"\*([\d,]+) of ([\d,]+) lines are left out:", text)
        assert int(left.replace(",", "")) + kept.count("\n") - 1 == int(whole.replace(",", ""))
        assert len(kept) > 900_000 or large.findings != many
        assert large.digest in text


def test_a_comment_fits_whatever_is_found():
    report = hostile.report()
    whole, short = (renderers.get(name).render(report) for name in ("markdown", "comment"))
    assert len(short) < len(whole) and b"left out" not in short
    assert b"good" in short and b"What the columns" not in short
    many = tuple(Finding("TA001", f"{n} {hostile.NAME}", "good") for n in range(3_000))
    large = replace(report, findings=many)
    text = rendered("comment", findings=many).decode()
    assert comment.LARGEST * 0.9 < len(text.encode()) <= comment.LARGEST
    assert "lines are left out: a comment holds 65,536 characters" in text
    assert large.digest in text


def test_the_summary_of_the_step_is_added_to(tmp_path, tokaudit, monkeypatch):
    summary, saved = tmp_path / "summary", tmp_path / "saved.json"
    saved.write_bytes(rendered("json"))
    summary.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    code, out, _ = tokaudit("render", saved, "-f", "github")
    assert code == 0 and out.startswith("::error title=TA001%2C rows")
    assert summary.read_text().startswith("before\n# tokaudit")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "no" / "summary"))
    code, _, err = tokaudit("render", saved, "-f", "github")
    assert code == 5 and "No such file" in err


# LaTeX


def test_latex_is_ascii_and_uses_only_commands_of_its_own():
    page = rendered("latex").decode("ascii")
    body = page.partition(r"\begin{document}")[2]
    used = set(re.findall(r"\\([A-Za-z]+)", body))
    assert "input" not in used and "alpha" not in used
    assert r"\textbackslash}u\{5c\}input\{x\}" in body
    assert used >= {"toprule", "midrule", "bottomrule", "textbf"}


@given(TEXTS)
def test_latex_letters_stand_for_themselves(text):
    shown = latex.text(text)
    assert shown.isascii() and shown.count("{") >= shown.count("}") - shown.count(r"\}")
    assert not re.search(r"(?<!\\)[$&#%_^~]", shown)
    assert not re.search(r"--|``|''|^\[|^\*", shown)


@pytest.mark.skipif(not shutil.which("pdflatex"), reason="no TeX is installed")
def test_latex_compiles(tmp_path):
    (tmp_path / "report.tex").write_bytes(rendered("latex"))
    for _ in range(2):
        ran = subprocess.run(
            [
                "pdflatex",
                "-interaction=nonstopmode",
                "-halt-on-error",
                "-no-shell-escape",
                "report",
            ],
            cwd=tmp_path,
            capture_output=True,
            timeout=120,
            check=False,
        )
        assert ran.returncode == 0, ran.stdout[-2_000:].decode("utf-8", "replace")
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")


# All


def test_every_format_but_those_for_stdout_has_a_suffix_that_help_names(tokaudit):
    from tokaudit.cli import options

    said = options.Outputs.__metadata__[0].help
    for name in renderers.names():
        suffixes = renderers.get(name).SUFFIXES
        assert name == "github" or suffixes[0] in said
        for suffix in suffixes:
            assert renderers.for_file(f"a.b/report{suffix.upper()}") == name
