"""Charts are drawn from a report alone, the same each time, with hostile names as mere letters."""

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pyarrow as pa
import pytest

from tests import hostile, large
from tokaudit import charts, renderers, rooms
from tokaudit.audits.adversarial import Adversarial
from tokaudit.audits.vocabulary import Vocabulary
from tokaudit.charts import coverage, digit_cuts, noise, premium, scripts, vocabulary_size
from tokaudit.document import short_names
from tokaudit.renderers import markdown
from tokaudit.report import Report
from tokaudit.restored import restored

NOISE = "adversarial_noise_languages"
DRAWN = {"svg", "g", "path", "line", "rect", "text"}
pytest.importorskip("vl_convert", reason="the extra plots is not installed")


def scripts_row(spec, script, **figures):
    row = dict.fromkeys(Vocabulary.schemas["vocabulary_scripts"].names)
    return {"tokenizer": spec, "lang": "zxx", **row, "script": script, "absent": [], **figures}


def noisy(spec, lang, *distances):
    row = dict.fromkeys(Adversarial.schemas[NOISE].names)
    figures = dict(zip(("distance_1", "distance_5", "distance_10"), distances, strict=True))
    return {"tokenizer": spec, "lang": lang, **row, "absent": [], **figures}


@pytest.fixture(scope="module")
def report() -> Report:
    """A hostile report with scripts and with noise, one script and language of a hostile name."""
    small = hostile.report()
    rows = [
        scripts_row(spec, script, ids=ids, share=ids / 100, characters=50, one_token=one)
        for spec, (first, second) in zip(hostile.SPECS, [(90, 10), (60, 40)], strict=True)
        for script, ids, one in (("Latin", first, 50), (hostile.NAME, second, 1))
    ]
    table = pa.Table.from_pylist(
        rows, schema=hostile.table([], Vocabulary.schemas["vocabulary_scripts"]).schema
    )
    noises = [
        noisy("good", "eng_Latn", 0.05, 0.2, 0.4),
        noisy("good", hostile.NAME, 0.07, 0.4, 0.6),
        noisy(hostile.NAME, "eng_Latn", 0.01, None, 0.1),
        noisy(hostile.NAME, hostile.NAME, None, None, None),
    ]
    name = "vocabulary_scripts"
    more = {"vocabulary": (name,), "adversarial": (NOISE,)}
    said = dict.fromkeys(hostile.SPECS, "So.")
    return replace(
        small,
        tables={
            **small.tables,
            name: table,
            NOISE: hostile.table(noises, Adversarial.schemas[NOISE]),
        },
        sections={**small.sections, **more},
        headlines={
            **small.headlines,
            "vocabulary": ("ids",),
            name: ("script", "ids"),
            "adversarial": ("edit_distance",),
        },
        questions={**small.questions, **dict.fromkeys(more, "What?")},
        verdicts={**small.verdicts, **dict.fromkeys(more, said)},
    )


def named(report):
    return short_names(list(report.environment["tokenizers"]))


@pytest.fixture(scope="module")
def pictures(report):
    return {picture.name: picture for picture in charts.pictures(report, named(report))}


def letters(picture):
    return "".join(ET.fromstring(picture.svg).itertext())


def test_every_chart_is_drawn(pictures):
    assert sorted(pictures) == rooms.names("tokaudit.charts")
    for picture in pictures.values():
        assert picture.title and picture.caption.endswith(".")
        assert len(picture.svg) < 400_000


def test_a_drawing_is_only_shapes_and_letters(pictures):
    for picture in pictures.values():
        for element in ET.fromstring(picture.svg).iter():
            assert element.tag.partition("}")[2] in DRAWN
            for name, value in element.attrib.items():
                assert not name.startswith("on") and name not in ("id", "style", "href")
                assert name == "aria-label" or not re.search(r"url\(|script", value)
        assert not re.search("[\x00-\x08\x1b\u202e\u200b]", picture.svg)


def test_hostile_names_are_letters(pictures):
    assert "script><!--]]>{{7*7}}{% if %}" in letters(pictures["premium"])
    assert "<b" not in pictures["premium"].svg


def test_the_same_report_gives_the_same_drawing(report, pictures):
    again = {picture.name: picture for picture in charts.pictures(report, named(report))}
    assert again == pictures


# What is in them


def values(module, report):
    return module.chart(report, named(report))["data"]["values"]


def test_premium_has_the_costliest_languages_first():
    report = large.report()
    spec = premium.chart(report, named(report))
    found = spec["data"]["values"]
    assert len({row["lang"] for row in found}) == premium.MOST
    assert len(found) == premium.MOST * large.TOKENIZERS
    assert "40 costliest of 204" in spec["encoding"]["x"]["title"]
    order = spec["encoding"]["y"]["sort"]
    most = [max(row["premium"] for row in found if row["lang"] == lang) for lang in order]
    assert most == sorted(most, reverse=True)


def test_vocabulary_size_is_against_the_median(report):
    assert [(row["ids"], row["fertility"]) for row in values(vocabulary_size, report)] == [
        (1000, 1.875),
        (1000, 1.0),
    ]


def test_shares_of_scripts_add_up(report):
    found = values(scripts, report)
    for name in named(report).values():
        shares = [row["share"] for row in found if row["tokenizer"] == name]
        assert sum(shares) == pytest.approx(1)


def test_cuts_are_boxes_side_by_side(report):
    boxes = [row for row in values(digit_cuts, report) if row["tokenizer"] == "good"]
    assert [(b["digits"], b["token"]) for b in boxes] == [(1, "1"), (2, "1"), (2, "2")]
    assert all(box["from"] < box["middle"] < box["to"] for box in boxes)
    assert boxes[1]["to"] <= boxes[2]["from"]


def test_coverage_is_in_steps(report):
    shares = {(r["tokenizer"], r["script"]): r["share"] for r in values(coverage, report)}
    assert shares["good", "Latin"] == "nearly all"
    assert sorted(set(shares.values())) == ["nearly all", "up to 10%"]


def test_noise_is_the_median_and_the_language_that_changes_most(report):
    found = values(noise, report)
    panels = list(dict.fromkeys(row["panel"] for row in found))
    assert panels[0] == "median of 2 languages" and panels[1].startswith("most changed: =1+1|")
    points = {(r["tokenizer"], r["panel"], r["rate"]): r["distance"] for r in found}
    good = [points["good", panels[0], rate] for rate in (0.01, 0.05, 0.1)]
    assert good == pytest.approx([0.06, 0.3, 0.5])
    assert points["good", panels[1], 0.1] == 0.6
    assert len(found) == 3 + 2 + 3  # nothing is drawn where nothing was noisy


def test_what_has_no_figures_has_no_chart():
    report = hostile.report()
    empty = {name: table.slice(0, 0) for name, table in report.tables.items()}
    for name in rooms.names("tokaudit.charts"):
        module = rooms.enter("tokaudit.charts", name)
        assert module.chart(replace(report, tables=empty), named(report)) is None
        assert module.chart(replace(report, tables={}), named(report)) is None


# Where they go


def test_the_page_has_each_chart_as_a_named_image(report, pictures):
    page = renderers.get("html").render(report).decode()
    for picture in pictures.values():
        assert page.count(f'<svg role="img" aria-label="{picture.title}" ') == 1
    assert charts.ABSENT[:20] not in page
    assert renderers.get("html").render(report) == page.encode()


def test_markdown_has_its_pictures_beside_it(report, tmp_path, tokaudit):
    (tmp_path / "saved.json").write_bytes(renderers.get("json").render(report))
    code, _, err = tokaudit("render", tmp_path / "saved.json", "-o", tmp_path / "a (b).md")
    assert (code, err) == (0, "")
    files = re.findall(r"^!\[[^\]]+\]\((\S+)\)$", (tmp_path / "a (b).md").read_text(), re.MULTILINE)
    assert sorted(files) == [f"a%20%28b%29.{n}.svg" for n in rooms.names("tokaudit.charts")]
    for name in rooms.names("tokaudit.charts"):
        ET.parse(tmp_path / f"a (b).{name}.svg")


def test_without_the_extra_everything_else_is_there_and_says_so(
    report, tmp_path, monkeypatch, tokaudit
):
    monkeypatch.setattr(charts, "can_draw", lambda: False)
    page = renderers.get("html").render(report).decode()
    assert "<svg" not in page and "pip install &#39;tokaudit[plots]&#39;" in page
    (tmp_path / "saved.json").write_bytes(renderers.get("json").render(report))
    code, _, err = tokaudit("render", tmp_path / "saved.json", "-o", tmp_path / "x.md")
    assert code == 0
    assert err == f"tokaudit: no pictures beside x.md. {charts.ABSENT}\n"
    assert (tmp_path / "x.md").read_bytes() == markdown.render(
        restored(renderers.get("json").render(report), "")
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["saved.json", "x.md"]
