"""Every format is a pure function of the report, hostile text included, and its bytes are kept."""

import dataclasses
import json
import os
import re
from pathlib import Path

import pyarrow as pa
import pytest

from tests import hostile
from tokaudit import charts, grids, renderers
from tokaudit.document import lay_out, short_names
from tokaudit.grids import Cell, Grid
from tokaudit.renderers import markdown, terminal
from tokaudit.saved import Saved

GOLDEN = Path(__file__).parent / "golden"
BINARY = ("parquet",)  # its bytes are those of a version of Arrow


def golden(name):
    suffixes = renderers.get(name).SUFFIXES
    return GOLDEN / f"hostile{suffixes[0] if suffixes else f'.{name}'}"


@pytest.mark.parametrize("name", [name for name in renderers.names() if name not in BINARY])
def test_a_hostile_report_gives_the_bytes_that_were_looked_at(name, monkeypatch):
    monkeypatch.setattr(charts, "can_draw", lambda: False)  # drawings are those of a version
    rendered = renderers.get(name).render(hostile.report())
    if os.environ.get("UPDATE_GOLDEN"):
        golden(name).write_bytes(rendered)
    assert rendered == golden(name).read_bytes()


@pytest.mark.parametrize("name", renderers.names())
def test_the_same_report_gives_the_same_bytes(name):
    assert renderers.get(name).render(hostile.report()) == renderers.get(name).render(
        hostile.report()
    )


DATA = ("json", "jsonl", "sarif")  # escaped as JSON, in ASCII


@pytest.mark.parametrize("name", [name for name in renderers.names() if name not in BINARY])
def test_nothing_in_a_format_acts(name):
    text = renderers.get(name).render(hostile.report()).decode()
    for harmful in ("\x1b", "\u202e", "\u200b", "\0", "\a"):
        assert harmful not in text
    if name not in DATA:
        commands = text.replace("\n::error title=TA001", "") if name == "github" else text
        assert "::error" not in commands.removeprefix("::error title=TA001")
        assert "##[" not in text
    assert not any(line.startswith(("::error::", "##[")) for line in text.splitlines())


def test_markdown_tables_are_not_ragged():
    text = renderers.get("markdown").render(hostile.report()).decode()
    blocks = re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE)
    assert len(blocks) >= 4
    for block in blocks:
        assert len({line.count("|") for line in block.splitlines()}) == 1
    assert "<b>" not in text.partition("```")[0]  # in a fence it is only text


@pytest.mark.parametrize("name", renderers.names())
def test_every_report_ends_in_its_signature(name):
    report = hostile.report()
    rendered = renderers.get(name).render(report).replace(b"\n", b"")
    assert report.digest.encode() in rendered.replace(rb"\allowbreak{}", b"")


def test_json_is_strict_and_keeps_reasons_and_order():
    text = renderers.get("json").render(hostile.report())
    text.decode("ascii")
    saved = json.loads(text, parse_constant=lambda _: pytest.fail("NaN or Infinity in JSON"))
    Saved.model_validate(saved)
    rows = saved["tables"]["fertility"]
    assert list(rows[0])[:2] == ["tokenizer", "lang"]
    assert rows[3]["premium"] is None
    assert rows[3]["absent"] == {"premium": f"no rows parallel with {hostile.NAME}"}
    assert "absent" not in rows[0]
    said = {c["name"]: c["about"].get("definition", "") for c in saved["columns"]["fertility"]}
    assert said["premium"].startswith("n / n of the reference")


def test_a_tokenizer_that_loses_text_is_marked_and_never_the_best():
    document = lay_out(hostile.report())
    grid = next(g for s in document.sections for g in s.grids if g.title == "fertility")
    english = next(row for row in grid.rows if row[0].text == "eng_Latn")
    assert [cell.text for cell in english[2:]] == ["1.250", "1.000*"]
    assert not any(cell.best for cell in english)
    assert any(note.startswith("*") for note in grid.notes)


def test_the_same_report_has_the_same_digest_and_another_figure_another():
    assert hostile.report().digest == hostile.report().digest
    other = hostile.report()
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


HEADER = ("tokenizer", "languages", "cheapest in", "costliest", "premium max")
ROWS = [("mistral_instruct", "204", "17", "shn_Mymr", "15.05"), ("o200k", "204", "187", "-", "-")]


@pytest.mark.parametrize("width", [100, 70, 57])
def test_in_a_terminal_no_word_is_torn_while_there_is_room_for_words(width):
    lines = drawn(Grid("", HEADER, cells(ROWS)), width)
    assert max(map(len, lines)) <= width
    words = set(" ".join("  ".join(row) for row in (HEADER, *ROWS)).split())
    assert {word for each in lines for word in each.split()} == words


@pytest.mark.parametrize("width", [40, 20, 13])
def test_in_a_narrow_terminal_words_are_torn_and_no_letter_is_lost(width):
    lines = drawn(Grid("", HEADER, cells(ROWS)), width)
    assert max(map(len, lines)) <= width
    if width > 20:
        assert {"204", "187", "15.05"} <= {word for line in lines for word in line.split()}
    letters = "".join("".join(row) for row in (HEADER, *ROWS))
    assert sorted("".join(lines).replace(" ", "")) == sorted(letters.replace(" ", ""))


def test_no_plain_line_of_a_terminal_ends_in_blanks():
    lines = renderers.get("terminal").render(hostile.report()).decode().splitlines()
    assert not [line for line in lines if line != line.rstrip(" ")]


def cells(rows):
    return tuple(tuple(Cell(text) for text in row) for row in rows)


def drawn(grid, width):
    return terminal.draw([terminal.tabled(grid, 9, width)], width, False).decode().splitlines()


@pytest.mark.parametrize(("tokenizers", "explained"), [(grids.SURE_OF, 1), (grids.SURE_OF + 1, 0)])
def test_the_sign_of_an_interval_is_explained_where_it_stands(tokenizers, explained):
    field = pa.field("fertility", pa.float64())
    specs = [f"t{number}" for number in range(tokenizers)]
    row = {"lang": "tr", "fertility": 1.5, "fertility_ci95": 0.25, "absent": []}
    rows = [{"tokenizer": spec} | row for spec in specs]
    grid = grids.pivot(field, rows, ["tr"], {spec: spec for spec in specs})
    assert [cell.text for cell in grid.rows[0][2:]] == [
        "1.500" + " ±0.250" * explained
    ] * tokenizers
    assert grid.notes == (grids.SURE_NOTE,) * explained
