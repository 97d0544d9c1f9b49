"""Every format is a pure function of the report, hostile text included, and its bytes are kept."""

import dataclasses
import json
import os
import re
from pathlib import Path

import pyarrow as pa
import pytest

from tokaudit import renderers
from tokaudit.audits.digits import Digits
from tokaudit.audits.fertility import Fertility
from tokaudit.document import lay_out, short_names
from tokaudit.findings import Finding
from tokaudit.renderers import markdown
from tokaudit.renderers.json import Saved
from tokaudit.report import Report
from tokaudit.tables import CORPUS_SCHEMA, _schema

GOLDEN = Path(__file__).parent / "golden"
SUFFIX = {"terminal": "txt", "markdown": "md", "json": "json"}
HOSTILE = "x|`\x1b[31m\u202e[/INST]\n::error::##[error]<b>=1+1"
SPECS = ("good", HOSTILE)


def fertility_row(spec, lang, **figures):
    row = dict.fromkeys(Fertility.schemas["fertility"].names)
    known = {"rows": 3, "bytes": 30, "tokens": 10, "altered_rows": 0, "failed_rows": 0}
    return {"tokenizer": spec, "lang": lang, **row, **known, "absent": [], **figures}


def make_report():
    rows = [
        fertility_row("good", "eng_Latn", fertility=1.25, premium=1.0, is_reference=True),
        fertility_row("good", HOSTILE, fertility=2.5, premium=2.0),
        fertility_row(HOSTILE, "eng_Latn", fertility=1.0, premium=1.0, altered_rows=2),
        fertility_row(HOSTILE, HOSTILE, absent=[("premium", "no rows parallel with eng_Latn")]),
    ]
    digits = dict.fromkeys(Digits.schemas["digits"].names)
    digit_rows = [
        {"tokenizer": spec, "lang": "zxx", **digits, "strategy": "single", "absent": []}
        for spec in SPECS
    ]
    empty = {
        name: pa.Table.from_pylist([], schema=_schema(schema))
        for name, schema in (Digits.schemas | Fertility.schemas).items()
    }
    words = [
        {"tokenizer": spec, "lang": "eng_Latn", "how_often_x_tokens": HOSTILE, "absent": []}
        for spec in SPECS
    ]
    costliest = "fertility_costliest_words"
    facts = {"algorithm": "BPE", "vocabulary_size": 1000, "engine": "tiktoken 1.0", "files": []}
    return Report(
        tables={
            **empty,
            "digits": pa.Table.from_pylist(digit_rows, schema=_schema(Digits.schemas["digits"])),
            "fertility": pa.Table.from_pylist(rows, schema=_schema(Fertility.schemas["fertility"])),
            costliest: pa.Table.from_pylist(words, schema=_schema(Fertility.schemas[costliest])),
            "corpus": pa.Table.from_pylist(
                [
                    {"lang": lang, "name": None, "rows": 3, "bytes": 30}
                    for lang in ("eng_Latn", HOSTILE)
                ],
                schema=CORPUS_SCHEMA,
            ),
        },
        sections={"digits": tuple(Digits.schemas), "fertility": tuple(Fertility.schemas)},
        headlines={"digits": Digits.headline, "fertility": Fertility.headline},
        questions={"digits": "How?", "fertility": "How many?"},
        verdicts={
            name: dict.fromkeys(SPECS, f"It says {HOSTILE}.") for name in ("digits", "fertility")
        },
        conditions={
            "tokaudit": "0",
            "tokenizers": dict.fromkeys(SPECS, "a-b-c"),
            "reference": None,
        },
        environment={"tokenizers": dict.fromkeys(SPECS, facts)},
        findings=(Finding("TA001", f"3 rows {HOSTILE}", HOSTILE, HOSTILE), Finding("TA002", "few")),
    )


@pytest.mark.parametrize("name", renderers.names())
def test_a_hostile_report_gives_the_bytes_that_were_looked_at(name):
    rendered = renderers.get(name).render(make_report())
    golden = GOLDEN / f"hostile.{SUFFIX[name]}"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_bytes(rendered)
    assert rendered == golden.read_bytes()


@pytest.mark.parametrize("name", ["terminal", "markdown"])
def test_nothing_in_text_formats_acts(name):
    text = renderers.get(name).render(make_report()).decode()
    for harmful in ("\x1b", "\u202e", "::error", "##["):
        assert harmful not in text


def test_markdown_tables_are_not_ragged():
    text = renderers.get("markdown").render(make_report()).decode()
    blocks = re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE)
    assert len(blocks) >= 4
    for block in blocks:
        assert len({line.count("|") for line in block.splitlines()}) == 1
    assert "<b>" not in text.partition("```")[0]  # in a fence it is only text


@pytest.mark.parametrize("name", renderers.names())
def test_every_report_ends_in_its_signature(name):
    report = make_report()
    tail = renderers.get(name).render(report).decode().replace("\n", "")
    assert report.digest in tail


def test_json_is_strict_and_keeps_reasons_and_order():
    text = renderers.get("json").render(make_report())
    text.decode("ascii")
    saved = json.loads(text, parse_constant=lambda _: pytest.fail("NaN or Infinity in JSON"))
    Saved.model_validate(saved)
    rows = saved["tables"]["fertility"]
    assert list(rows[0])[:2] == ["tokenizer", "lang"]
    assert rows[3]["premium"] is None
    assert rows[3]["absent"] == {"premium": "no rows parallel with eng_Latn"}
    assert "absent" not in rows[0]
    assert saved["definitions"]["fertility"]["premium"].startswith("n / n of the reference")


def test_a_tokenizer_that_loses_text_is_marked_and_never_the_best():
    document = lay_out(make_report())
    grid = next(g for s in document.sections for g in s.grids if g.title == "fertility")
    english = next(row for row in grid.rows if row[0].text == "eng_Latn")
    assert [cell.text for cell in english[2:]] == ["1.250", "1.000*"]
    assert not any(cell.best for cell in english)
    assert any(note.startswith("*") for note in grid.notes)


def test_the_same_report_has_the_same_digest_and_another_figure_another():
    assert make_report().digest == make_report().digest
    other = make_report()
    tables = {**other.tables, "digits": other.tables["digits"].slice(0, 1)}
    assert dataclasses.replace(other, tables=tables).digest != other.digest


@pytest.mark.parametrize(
    ("specs", "short"),
    [
        (["a/b/tokenizer.json", "c/b/tokenizer.json"], ["a/b", "c/b"]),
        (["cl100k_base", "tiktoken:cl100k_base"], ["cl100k_base", "tiktoken/cl100k_base"]),
        (["builtin:bytes", "./x/tekken.json"], ["bytes", "x"]),
        (["tokenizer.json"], ["tokenizer.json"]),
        (["/", ":"], ["/", ":"]),
    ],
)
def test_names_are_as_short_as_they_can_be_told_apart(specs, short):
    assert list(short_names(specs).values()) == short


def test_a_renderer_writes_the_suffixes_it_says():
    assert renderers.for_file("a/b.MD") == "markdown"
    assert renderers.for_file("x.json") == "json"


def test_code_spans_cannot_be_ended_from_inside():
    assert markdown.code("a`b") == "<code>a&#96;b</code>"
    assert (
        markdown.code("::error::")
        == "<code>&#58;&#92;u&#123;3a&#125;error&#58;&#92;u&#123;3a&#125;</code>"
    )
