"""`tokaudit digits`: its options, its challenge set on disk, and how its tables look."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests import train
from tokaudit import engine, findings, renderers
from tokaudit.audits.digits import Digits
from tokaudit.cli import main
from tokaudit.cli.timing import timed
from tokaudit.report import Report


@pytest.fixture(scope="module")
def report() -> Report:
    tokenizers = [train.loaded(name) for name in ("builtin:chars", "digits_from_left")]
    return engine.run({"digits": Digits}, tokenizers, None)


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as left:
        main([*map(str, arguments)])
    return int(left.value.code or 0)


@pytest.mark.parametrize("suffix", [".parquet", ".jsonl"])
def test_a_challenge_set_is_written_beside_the_report(tmp_path, capfdbinary, suffix):
    file = tmp_path / f"set{suffix}"
    asked = ["-q", "-t", train.path("digits_from_left"), "--problems", 3, "--seed", 5, "-f", "json"]
    assert run("digits", *asked, "--export", file) == 0
    saved = json.loads(capfdbinary.readouterr().out)
    assert saved["tables"]["digits"][0]["strategy"] == "left-to-right 3"
    if suffix == ".parquet":
        rows = pq.read_table(file).to_pylist()
    else:
        rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    found = [r["alignment"] for r in rows if (r["operation"], r["separator"]) == ("+", "none")]
    assert sorted(found) == sorted([*set(found)] * 3) and len(set(found)) == 4
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    ("export", "code", "says"),
    [("set.csv", 2, "--export writes .parquet or .jsonl"), ("no/set.jsonl", 5, "no such folder")],
)
def test_a_challenge_set_that_cannot_be_written_is_refused_before_any_work(
    tmp_path, capfd, export, code, says
):
    assert run("digits", "-t", "no-such-tokenizer", "--export", tmp_path / export) == code
    assert says in capfd.readouterr().err


def test_only_digits_has_the_options_of_digits(capfd):
    assert run("fertility", "-t", "builtin:bytes", "--timing") == 2
    assert run("digits", "--help") == 0
    said = capfd.readouterr().out
    assert all(option in said for option in ("--export", "--problems", "--seed", "--timing"))


def test_time_is_in_no_figure(report):
    assert "timings" not in report.environment
    seen = timed([train.loaded("builtin:chars")], report)
    assert seen.signature == report.signature
    rows = seen.environment["timings"]["digits"]
    assert [row["digits"] for row in rows] == [1_000, 4_000, 16_000, 64_000]
    assert all(row["ns_per_digit"] > 0 for row in rows)
    for name in ("terminal", "markdown"):
        assert b"ime, this once" in renderers.get(name).render(seen)
        assert b"ime, this once" not in renderers.get(name).render(report)


def test_time_that_grows_faster_than_digits_is_a_finding(report):
    class Quadratic:
        """Encodes in time that grows with the square of a text's length."""

        def encode(self, texts: pa.LargeStringArray) -> None:
            spent = 0
            for place in range(len(texts[0].as_py()) ** 2 // 2_000):
                spent += place

    class Slow:
        spec, encode = "slow", Quadratic().encode

    found = timed([Slow()], report)  # type: ignore[list-item]
    (finding,) = (each for each in found.findings if each.rule == "TA020")
    assert finding.tokenizer == "slow" and "time grows" in finding.message
    assert findings.RULES["TA020"].severity == "warning"


def test_the_picture_and_the_score_card_have_a_column_for_each_tokenizer(report):
    text = renderers.get("terminal").render(report).decode()
    assert re.search(
        r"^digits +chars +tokenizer", text.replace("digits_from_left", "tokenizer"), re.M
    )
    assert re.search(r"^7 +1\|2\|3\|4\|5\|6\|7 +123\|456\|7", text, re.M)
    assert re.search(r"^sums in line +yes: 0 of 13 misaligned +no: 4 of 13 misaligned", text, re.M)
    assert max(map(len, text.splitlines())) <= 100
    page = renderers.get("markdown").render(report).decode()
    assert "| `7` |" not in page and "| 7 | 1&#124;2" in page
    assert "| sums in line | yes: 0 of 13 misaligned | no: 4 of 13 misaligned |" in page
    assert "no corpus was read" in page


def test_help_of_digits_imports_nothing_heavy():
    script = (
        "import sys, tokaudit.cli as c\n"
        "try: c.main(['digits', '--help'])\n"
        "except SystemExit: print(sorted({'numpy', 'pyarrow'} & set(sys.modules)), file=sys.stderr)"
    )
    root = Path(__file__).parent.parent
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=root
    )
    assert ran.stderr.strip() == "[]"
