"""The page is one file that asks for nothing, says first what matters, and lets nothing act."""

import base64
import hashlib
import re
from collections import defaultdict
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from tests import hostile, large
from tokaudit import renderers
from tokaudit.audits.fertility import Fertility
from tokaudit.document import lay_out
from tokaudit.findings import Finding
from tokaudit.heat import heating

VOID = {"meta", "link", "br", "input"}
LOADS = {"src", "srcset", "href", "action", "data", "poster", "background", "formaction"}


class Page(HTMLParser):
    """A page taken apart: its elements with attributes and text, and whether all were closed."""

    def __init__(self, data):
        super().__init__()
        self.found, self.open, self.parts = [], [], defaultdict(list)
        self.feed(data.decode())
        self.close()
        self.text = {tag: "".join(parts) for tag, parts in self.parts.items()}
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        for tag in set(self.open):
            self.parts[tag].append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.found if name == tag]


@pytest.fixture(scope="module")
def data():
    return renderers.get("html").render(hostile.report())


@pytest.fixture(scope="module")
def page(data):
    return Page(data)


def test_the_page_loads_nothing(page):
    for tag, attributes in page.found:
        for name in LOADS & attributes.keys():
            assert attributes[name].startswith("#") or (tag, name) == ("link", "href"), tag
        assert not any(name.startswith("on") for name in attributes), (
            "a handler is no script of ours"
        )
        assert "style" not in attributes, "the policy forbids it"
    assert [link["href"] for link in page.all("link")] == ["data:,"]
    assert not {"iframe", "object", "embed", "base", "img", "form"} & {tag for tag, _ in page.found}


def test_only_our_own_style_and_script_are_allowed(data, page):
    (policy,) = (m["content"] for m in page.all("meta") if m.get("http-equiv"))
    assert policy.startswith("default-src 'none'") and "unsafe" not in policy
    for tag in ("style", "script"):
        (inside,) = re.findall(rf"<{tag}>(.*?)</{tag}>", data.decode(), re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_hostile_text_is_text(data, page):
    assert page.text["main"].count("<b onclick=x></script>") > 4
    assert "{{7*7}}" in page.text["main"] and b"<b onclick" not in data
    assert data.count(b"</script>") == 1


def test_headings_are_in_order(page):
    levels = [int(tag[1]) for tag, _ in page.found if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_page_has_landmarks_and_every_name_it_refers_to(page):
    tags = [tag for tag, _ in page.found]
    for landmark in ("header", "nav", "main"):
        assert tags.count(landmark) == 1
    ids = [attributes["id"] for _, attributes in page.found if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in page.found:
        for name in ("aria-labelledby", "for", "aria-describedby"):
            assert attributes.get(name) in {None, *ids}
        if (href := attributes.get("href", "")).startswith("#"):
            assert href[1:] in ids
    assert page.all("html") == [{"lang": "en"}]
    assert all("aria-labelledby" in section for section in page.all("section"))


def test_every_table_has_a_caption_and_headers_with_a_scope(page):
    tags = [tag for tag, _ in page.found]
    assert tags.count("table") == tags.count("caption") == tags.count("thead") > 5
    assert {attributes["scope"] for attributes in page.all("th")} == {"col", "row"}
    assert sum(a["scope"] == "row" for a in page.all("th")) == tags.count("tr") - tags.count(
        "thead"
    )


def test_the_verdict_is_first_and_findings_are_by_severity():
    findings = (
        Finding("TA004", "a note"),
        Finding("TA002", "a warning"),
        Finding("TA001", "an error"),
    )
    text = Page(renderers.get("html").render(replace(hostile.report(), findings=findings))).text[
        "main"
    ]
    places = [text.index(part) for part in ("In short", "Errors (1)", "Warnings (1)", "Notes (1)")]
    assert places == sorted(places)
    assert text.index("Notes (1)") < text.index("How many?") < text.index("Signature")


def test_the_gravest_findings_come_first_in_every_document():
    report = replace(
        hostile.report(),
        findings=(Finding("TA004", "b"), Finding("TA002", "a"), Finding("TA001", "c")),
    )
    assert [f.severity for f in lay_out(report).findings] == ["error", "warning", "note"]


def test_a_page_of_204_languages_and_12_tokenizers_is_small():
    data = renderers.get("html").render(large.report())
    assert len(data) < 3 * 2**20
    page = Page(data)
    assert len([d for d in page.all("details") if d.get("class") == "item"]) == (
        large.LANGS + large.TOKENIZERS
    )
    shades = re.findall(rb'class="h(\d)"', data)
    assert len(shades) == large.LANGS * large.TOKENIZERS * sum(
        (Fertility.schemas["fertility"].field(name).metadata[b"better"] != b"")
        for name in Fertility.headline
    )
    assert set(shades) == {b"%d" % n for n in range(8)}


def test_what_alters_text_has_no_heat():
    grids = {g.title: g for s in lay_out(hostile.report()).sections for g in s.grids}
    english = next(r for r in grids["fertility"].rows if r[0].text == "eng_Latn")
    assert english[3].text == "1.000*" and english[3].heat is None


@pytest.mark.parametrize(
    ("figures", "better", "heats"),
    [
        ([1.0, 2.0, 4.0], "higher", [1.0, 0.5, 0.0]),
        ([0.0, 1.0, 4.0], "lower", [0.0, 0.25, 1.0]),
        ([1.0, 2.0], "", [None, None]),
        ([3.0, 3.0], "lower", [None, None]),
        ([None, 1.0, 2.0], "lower", [None, 0.0, 1.0]),
        ([], "lower", []),
    ],
)
def test_heat_goes_from_the_best_to_the_worst(figures, better, heats):
    heat = heating(figures, better)
    assert [heat(figure) for figure in figures] == heats
