"""`tokaudit check`: limits read as they are meant, a baseline that is held, and exit codes."""

import html
import json
import random
from contextlib import chdir
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tokenizers import Tokenizer
from typer.testing import CliRunner

from tests import train
from tokaudit import cli
from tokaudit.columns import SURE
from tokaudit.errors import BadUsage, TokauditError
from tokaudit.findings import Finding
from tokaudit.gates.beginning import begin
from tokaudit.gates.configuration import find, read
from tokaudit.gates.judge import Judge
from tokaudit.gates.limits import Limit, Shift
from tokaudit.report import Report
from tokaudit.tables import table
from tokaudit.text import Absent

LANGS = ("eng_Latn", "deu_Latn", "hin_Deva")


# What limits mean


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (
            "fertility[hin_Deva] <= 2.1",
            Limit("", "fertility", (("lang", "hin_Deva"),), operator="<=", value=2.1),
        ),
        ("premium.max<=5", Limit("", "premium", over="max", operator="<=", value=5.0)),
        ("fertility.high < 1e1", Limit("", "fertility", end=1, operator="<", value=10.0)),
        (
            "nsl[de].low > -0.5",
            Limit("", "nsl", (("lang", "de"),), end=-1, operator=">", value=-0.5),
        ),
        ("coverage.unk_rate == 0", Limit("", "coverage.unk_rate", operator="==", value=0.0)),
        (
            'digits.strategy == "left-to-right 3"',
            Limit("", "digits.strategy", operator="==", value="left-to-right 3"),
        ),
        (
            "digits_forms.tokens[form=date, lang = zxx] != 5",
            Limit(
                "",
                "digits_forms.tokens",
                (("form", "date"), ("lang", "zxx")),
                operator="!=",
                value=5.0,
            ),
        ),
        ("fertility: +2%", Limit("", "fertility", shift=Shift(0.02, share=True))),
        (
            "fertility[de]:-0.05",
            Limit("", "fertility", (("lang", "de"),), shift=Shift(-0.05, False)),
        ),
        ("premium.median : + 1.5 %", Limit("", "premium", over="median", shift=Shift(0.015, True))),
        ("tokens <= o200k_base", Limit("", "tokens", operator="<=", other="o200k_base")),
        (
            "tokens <= ./a dir/x + 5%",
            Limit("", "tokens", operator="<=", other="./a dir/x", shift=Shift(0.05, True)),
        ),
        (
            "tokens >= a-b - 3",
            Limit("", "tokens", operator=">=", other="a-b", shift=Shift(-3, False)),
        ),
        ("findings.error == 0", Limit("", "findings.error", operator="==", value=0.0)),
        ("is_reference == true", Limit("", "is_reference", operator="==", value=True)),
    ],
)
def test_a_limit_is_taken_apart(written, expected):
    found = Limit.parse(written)
    assert vars(found) == {**vars(expected), "written": written}


@pytest.mark.parametrize(
    "written",
    [
        "",
        "fertility",
        "fertility <=",
        "<= 2",
        "fertility = 2",
        "fertility: 2%",
        "fertility: +",
        "a.b.c <= 2",
        "fertility.max.min <= 2",
        "fertility.max.high <= 2",
        "fertility[de].other <= 2",
        "fertility[de <= 2",
        "fertility: +2% and more",
        "fertilitỹ <= 2",
    ],
)
def test_what_is_no_limit_is_refused_with_an_example(written):
    with pytest.raises(BadUsage, match="limit"):
        Limit.parse(written)


@given(st.text(alphabet='ab.[]=<>:+-%"0 12\n\x1bé', max_size=24) | st.text(max_size=12))
@example("\x1b[31m <= 1")
def test_any_text_is_a_limit_or_is_refused(written):
    try:
        found = Limit.parse(written)
    except BadUsage as error:
        assert "\x1b" not in str(error) and "\n" not in str(error)
    else:
        assert found.written == written and found.figure


# What is made of figures


def report(rows, findings=()):
    """Make a report of one table; a row is a tokenizer, a language, a figure and its width."""
    schema = pa.schema(
        [("cost", pa.float64()), (f"cost{SURE}", pa.float64()), ("kind", pa.string())]
    )
    figures = [
        (spec, lang, {"cost": cost, f"cost{SURE}": width, "kind": "k"})
        for spec, lang, cost, width in rows
    ]
    specs = list(dict.fromkeys(spec for spec, *_ in rows))
    return Report(
        tables={"price": table(schema, figures)},
        sections={"price": ("price",)},
        headlines={"price": ("cost",)},
        questions={"price": "What does it cost?"},
        verdicts={},
        conditions={"tokenizers": dict.fromkeys(specs, "x")},
        environment={},
        findings=tuple(findings),
    )


ROWS = [("a", "de", 2.0, 0.5), ("a", "en", 1.0, 0.1), ("b", "de", 1.8, 0.1), ("b", "en", 1.2, 0.1)]


def broken(written, rows=ROWS, judged=(), findings=()):
    """List the tokenizers and languages in which a limit is broken."""
    found = Judge(report(rows, findings), None, judged).findings([Limit.parse(written)])
    assert all(finding.rule == "TA901" for _, finding in found)
    return [(finding.tokenizer, finding.lang) for _, finding in found]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("cost <= 2", []),
        ("cost < 2", [("a", "de")]),
        ("cost[de] >= 1.9", [("b", "de")]),
        ("price.cost.max <= 1.9", [("a", None)]),
        ("cost.min >= 1.1", [("a", None)]),
        ("cost.sum == 3", []),
        ("cost.mean < 1.5", [("a", None), ("b", None)]),
        ("cost.high <= 2", [("a", "de")]),
        ("cost.low >= 1.5", [("a", "en"), ("b", "en")]),
        ("cost <= b", [("a", "de")]),
        ("cost <= b + 12%", []),
        ("cost <= b + 0.1", [("a", "de")]),
        ('kind == "k"', []),
        ('kind != "k"', [("a", "de"), ("a", "en"), ("b", "de"), ("b", "en")]),
        ("findings.error == 0", [("b", None)]),
        ("findings.TA004 == 0", [("a", None)]),
        ("findings.warning == 0", [("a", None), ("b", None)]),
    ],
)
def test_limits_are_judged(written, expected):
    findings = [
        Finding("TA001", "lost", "b", "de"),
        Finding("TA004", "unpinned", "a"),
        Finding("TA002", "few rows"),
    ]
    assert broken(written, findings=findings) == expected


def test_only_those_who_are_judged_are():
    assert broken("cost < 1", judged=["b"]) == [("b", "de"), ("b", "en")]


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("nope <= 2", "no nope in price, which has cost"),
        ("other.cost <= 2", "no table other: there are price"),
        ("cost[fr] <= 2", "no row with lang=fr"),
        ("cost[domain=x] <= 2", "no column domain"),
        ("cost <= c", "compares with c, which is neither a number nor"),
        ('cost == "k"', "cannot be =="),
        ("kind <= 3", "cannot be <="),
        ('kind <= "k"', "cannot be <="),
        ("findings.all == 0", "counted by severity"),
        ("kind.high == 0", "has no interval"),
    ],
)
def test_what_cannot_be_judged_is_refused(written, reason):
    with pytest.raises(BadUsage, match=reason):
        broken(written)


def test_a_row_without_a_figure_is_said_and_the_others_are_judged():
    rows = [("a", "th", Absent("no words"), Absent("no words")), ("a", "de", 3.0, 0.1)]
    found = Judge(report(rows)).findings([Limit.parse("cost <= 2")])
    assert [(f.rule, f.lang) for _, f in found] == [("TA902", "th"), ("TA901", "de")]
    with pytest.raises(BadUsage, match="cannot be judged: no words"):
        Judge(report(rows[:1])).findings([Limit.parse("cost <= 2")])


# Configurations


def written(folder: Path, text: str, name: str = "tokaudit.toml") -> Path:
    (folder / name).write_text(text, "utf-8")
    return folder / name


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("tokenizers = []", "tokenizers: "),
        ("limits = []", "tokenizers: "),
        (
            'tokenizers = ["a"]\nlimit = ["x"]',
            "no key limit; there are tokenizers, compare",
        ),
        ('tokenizers = "a"', "tokenizers: "),
        ('tokenizers = ["a"]\nfail-on = "never"', "fail-on: "),
        ('tokenizers = ["a"]\nseed = "1"', "seed: "),
        ("tokenizers = [", "cannot be read"),
    ],
)
def test_a_configuration_that_is_wrong_is_refused(tmp_path, text, reason):
    with pytest.raises(BadUsage, match=reason):
        read(written(tmp_path, text))


def test_the_nearest_configuration_counts(tmp_path):
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    written(tmp_path, "[tool.tokaudit]\ntokenizers = ['x']\n[tool.other]\n", "pyproject.toml")
    written(deep, "[tool.other]\n", "pyproject.toml")
    assert find(deep) == tmp_path / "pyproject.toml"
    assert read(find(deep)).tokenizers == ["x"]
    own = written(tmp_path / "a", "tokenizers = ['y']")
    assert find(deep) == own


def test_no_configuration_is_a_hint_to_init(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "parents", property(lambda path: ()))
    with pytest.raises(BadUsage, match="`tokaudit init` writes one"):
        find(tmp_path)


@pytest.mark.parametrize("rules", [{"ignore": ("TA9999",)}, {"fail_on": "never"}])
def test_what_the_command_line_names_must_exist(tmp_path, rules):
    path = written(tmp_path, 'tokenizers = ["a"]')
    with pytest.raises(BadUsage):
        read(path).with_options(path, rules.get("fail_on"), rules.get("ignore", ()))


def test_a_beginning_holds_what_is_found_and_can_be_read(tmp_path):
    hostile = tmp_path / 'a"b\x1b'
    for folder in (hostile, tmp_path / ".venv", tmp_path / "model"):
        folder.mkdir()
        (folder / "tokenizer.json").write_bytes(b"{}")
    (tmp_path / "model" / "tokenizer.model").write_bytes(b"")
    (tmp_path / "model" / "x.gguf").write_bytes(b"")
    pq.write_table(pa.table({"text": ["a"], "lang": ["en"]}), tmp_path / "c.parquet")
    pq.write_table(pa.table({"n": [1]}), tmp_path / "d.parquet")
    (tmp_path / "e.parquet").write_bytes(b"no parquet")
    found = read(written(tmp_path, begin(tmp_path)))
    assert found.tokenizers == ['./a"b\x1b/tokenizer.json', "./model/tokenizer.json"]
    assert found.corpora == ["c.parquet"]
    assert [Limit.parse(limit).figure for limit in found.limits] == ["findings.error"]


def test_every_limit_that_a_beginning_suggests_can_be_read(tmp_path):
    lines = (line.strip() for line in begin(tmp_path).splitlines())
    suggested = [line[2:].strip().rstrip(",")[1:-1] for line in lines if line[2:3] in ('"', "'")]
    assert len(suggested) > 4
    for limit in suggested:
        Limit.parse(limit)


# The story of a change, from the command line


class Done(NamedTuple):
    """What a command left behind."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def check(tmp_path, capfd):
    """Run the command in the test's folder."""

    def run(*options: str) -> Done:
        capfd.readouterr()
        with chdir(tmp_path), pytest.raises(SystemExit) as left:
            cli.main(["check", "-q", *options])
        return Done(left.value.code or 0, *capfd.readouterr())

    return run


def corpus(path: Path, rows: int = 120) -> None:
    """Write parallel rows: pairs of our own sentences."""
    chance = random.Random(5)
    texts = {lang: train.sentences(lang) for lang in LANGS}
    pairs = [chance.sample(range(len(texts["eng_Latn"])), 2) for _ in range(rows)]
    lines = [
        {"lang": lang, "id": str(row), "text": " ".join(texts[lang][n] for n in pair)}
        for lang in LANGS
        for row, pair in enumerate(pairs)
    ]
    pq.write_table(pa.Table.from_pylist(lines), path)


DOCUMENTED = Path(__file__).parent.parent / "docs" / "check.md"
STORY = """
tokenizers = ["./tokenizer.json"]
corpora = ["corpus.parquet"]
baseline = "baseline.json"
limits = [
  "fertility: +2%",
  "bytes_per_token: -2%",
  'digits.strategy == "single"',
  "findings.error == 0",
]
"""


def worse() -> Tokenizer:
    """Forget what was learned of Hindi, and cut numbers by threes."""
    held = json.loads(train.single_digits().to_str())
    devanagari = {"à¤", "à¥"}  # how the bytes of the block begin, in the GPT-2 alphabet
    model = held["model"]
    model["merges"] = [m for m in model["merges"] if not any(d in "".join(m) for d in devanagari)]
    first = held["pre_tokenizer"]["pretokenizers"][0]
    first["pattern"]["Regex"] = train.FROM_LEFT
    threes = json.loads(train.digits_from_left().to_str())["model"]["merges"]
    known = {tuple(m) for m in model["merges"]}
    for left, right in (m for m in threes if "".join(m).isdigit() and tuple(m) not in known):
        for part in (left, right, left + right):
            model["vocab"].setdefault(part, len(model["vocab"]))
        model["merges"].append([left, right])
    return Tokenizer.from_str(json.dumps(held))


def test_a_change_for_the_worse_is_named_and_nothing_else(tmp_path, check):
    corpus(tmp_path / "corpus.parquet")
    written(tmp_path, STORY)
    good = train.single_digits()
    good.save(str(tmp_path / "tokenizer.json"))

    nothing = check()
    assert nothing.returncode == 2 and "no baseline baseline.json" in nothing.stderr
    made = check("--update-baseline")
    assert (made.returncode, made.stdout) == (0, "4 limits, 0 broken\n")
    baseline = (tmp_path / "baseline.json").read_bytes()
    assert check().returncode == 0

    worse().save(str(tmp_path / "tokenizer.json"))
    failed = check()
    assert failed.returncode == 1
    said = [line for line in failed.stdout.splitlines() if line.startswith("error")]
    assert [line.partition(": it is")[0] for line in said] == [
        "error TA901 ./tokenizer.json, hin_Deva: fertility: +2%",
        "error TA901 ./tokenizer.json, hin_Deva: bytes_per_token: -2%",
        'error TA901 ./tokenizer.json: digits.strategy == "single"',
    ]
    closer = "look closer: tokaudit fertility corpus.parquet --lang hin_Deva -t ./tokenizer.json"
    assert closer in failed.stdout
    assert failed.stdout in DOCUMENTED.read_text("utf-8")

    good.save(str(tmp_path / "tokenizer.json"))
    assert check().returncode == 0
    assert (tmp_path / "baseline.json").read_bytes() == baseline


def test_another_corpus_is_no_verdict_and_a_verdict_can_be_overruled(tmp_path, check):
    corpus(tmp_path / "corpus.parquet")
    written(tmp_path, "\n".join(line for line in STORY.splitlines() if "digits" not in line))
    train.single_digits().save(str(tmp_path / "tokenizer.json"))
    check("--update-baseline")
    worse().save(str(tmp_path / "tokenizer.json"))
    assert check().returncode == 1
    assert check("--exit-zero").returncode == 0
    assert check("--ignore", "TA901").returncode == 0

    corpus(tmp_path / "corpus.parquet", rows=121)
    other = check()
    assert other.returncode == 2 and other.stdout == ""
    assert "the baseline cannot be compared: its corpus is" in other.stderr

    corpus(tmp_path / "corpus.parquet", rows=20)
    check("--update-baseline")
    few = check()
    assert few.returncode == 2 and "fewer than 100 rows in" in few.stderr


def test_a_report_holds_what_limits_say_in_any_format(tmp_path, check):
    written(
        tmp_path,
        "tokenizers = ['builtin:bytes']\nlangs = ['eng_Latn']\nlimits = ['fertility <= 1']\n"
        "severity = {TA002 = 'note', TA901 = 'warning'}\n",
    )
    done = check("-o", "r.json", "-o", "r.md")
    assert done.returncode == 0 and done.stdout.endswith("1 limit, 1 broken\n")
    found = json.loads((tmp_path / "r.json").read_text("utf-8"))["findings"]
    kinds = {finding["rule"]: finding["severity"] for finding in found}
    assert kinds["TA901"] == "warning"
    assert "fertility <= 1: it is" in html.unescape((tmp_path / "r.md").read_text("utf-8"))
    assert check("--fail-on", "warning").returncode == 1
    assert check("-o", "-", "-f", "junit").stdout.startswith("<?xml")
    assert not (tmp_path / "-").exists()


def test_init_writes_what_check_can_use_and_replaces_nothing(tmp_path):
    runner = CliRunner()
    assert runner.invoke(cli.app, ["init", str(tmp_path)]).exit_code == 0
    before = (tmp_path / "tokaudit.toml").read_bytes()
    again = runner.invoke(cli.app, ["init", str(tmp_path)])
    assert isinstance(again.exception, TokauditError) and "--force" in str(again.exception)
    assert (tmp_path / "tokaudit.toml").read_bytes() == before
