"""The page in a real browser: it asks for nothing, complains of nothing, and can be worked with."""

import re
import shutil
from itertools import pairwise
from pathlib import Path

import pytest

from tests import hostile, large
from tokaudit import renderers

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BROWSER = next(filter(None, map(shutil.which, NAMES)), None)
pytestmark = pytest.mark.skipif(not BROWSER, reason=f"no browser is installed ({', '.join(NAMES)})")
LIGHT, DARK, PHONE = {}, {"color_scheme": "dark"}, {"viewport": {"width": 360, "height": 740}}
ZOOM = {"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2}  # 1280 wide at 200 %


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as started:
        running = started.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    every = large.whole(langs=3, tokenizers=2)
    reports = {"hostile": hostile.report(), "large": large.report(), "every": every}
    for name, report in reports.items():
        (folder / f"{name}.html").write_bytes(renderers.get("html").render(report))
    return {name: folder / f"{name}.html" for name in reports}


@pytest.fixture
def show(browser, files):
    """Open a page as somebody with such a screen sees it; nothing may be asked for or go wrong."""
    contexts, trouble = [], []

    def opened(name, **screen):
        context = browser.new_context(**screen)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: trouble.append(said.text))
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("dialog", lambda dialog: trouble.append(dialog.message))
        page.on("request", lambda asked: trouble.append(asked.url) if _foreign(asked) else None)
        page.goto(files[name].as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()
    assert trouble == []


def _foreign(asked) -> bool:
    return not (asked.url.startswith("data:") or asked.is_navigation_request())


def column(page, table, number):
    return table.evaluate(
        "(t, n) => [...t.tBodies[0].rows].filter((r) => !r.hidden)"
        ".map((r) => r.cells[n].textContent)",
        number,
    )


def captioned(page, caption):
    return page.locator("table[data-sorted]").filter(
        has=page.locator("caption", has_text=re.compile(f"^{caption}$"))
    )


@pytest.mark.parametrize(
    ("name", "screen"),
    [("hostile", PHONE), ("hostile", ZOOM), ("large", LIGHT), ("large", PHONE), ("every", PHONE)],
)
def test_the_page_fits_every_screen(show, name, screen):
    page = show(name, **screen)
    wide, inner = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide <= inner, "tables scroll by themselves, the page does not"
    page.evaluate("document.querySelectorAll('details').forEach((d, n) => d.open = n < 60)")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("h1").is_visible() and page.locator(".brief").is_visible()


def test_the_policy_holds(browser, files):
    """Nothing that somebody smuggles in can run, load, or be styled."""
    page = browser.new_page()
    page.goto(files["hostile"].as_uri())
    page.evaluate(
        """() => {
            window.refused = [];
            const note = (violation) => refused.push(violation.effectiveDirective);
            document.addEventListener("securitypolicyviolation", note);
            const script = document.createElement("script");
            script.textContent = "window.ran = true";
            const image = document.createElement("img");
            image.src = "file:///x.png";
            const styled = document.createElement("p");
            styled.setAttribute("style", "color: red");
            document.body.append(script, image, styled);
        }"""
    )
    page.wait_for_function("refused.length >= 3")
    assert page.evaluate("window.ran") is None
    assert set(page.evaluate("refused")) == {"script-src-elem", "img-src", "style-src-attr"}
    page.close()


def test_columns_are_sorted_by_figure_and_by_word(show):
    page = show("large")
    table = captioned(page, "Premium")
    heads = table.locator("thead th")
    figures = [float(text) for text in column(page, table, 2)]
    heads.nth(2).get_by_role("button").click()
    assert heads.nth(2).get_attribute("aria-sort") == "ascending"
    assert [float(text) for text in column(page, table, 2)] == sorted(figures)
    heads.nth(2).get_by_role("button").click()
    assert heads.nth(2).get_attribute("aria-sort") == "descending"
    assert [float(text) for text in column(page, table, 2)] == sorted(figures, reverse=True)
    heads.nth(0).get_by_role("button").click()
    assert heads.nth(2).get_attribute("aria-sort") is None
    assert column(page, table, 0) == sorted(column(page, table, 0))
    assert len(column(page, table, 0)) == large.LANGS


def test_a_figure_that_is_absent_is_last_either_way(show):
    page = show("hostile")
    table = captioned(page, "Premium")
    head = table.locator("thead th").nth(3)
    for _ in range(2):
        head.get_by_role("button").click()
        assert column(page, table, 3)[-1] == "–"


def test_keys_sort_and_scroll(show):
    page = show("large")
    table = captioned(page, "Fertility")
    head = table.locator("thead th").nth(1)
    head.get_by_role("button").focus()
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    page.keyboard.press("Space")
    assert head.get_attribute("aria-sort") == "descending"
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid", "whoever works by keys sees where they are"
    page.goto(page.url)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "To the report"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_rows_and_languages_are_filtered(show):
    page = show("large")
    box = page.get_by_label("Filter Premium")
    table = captioned(page, "Premium")
    box.fill("aax")
    assert column(page, table, 0) == ["aax_Latn"]
    assert box.locator("xpath=following-sibling::output").text_content() == f"1 of {large.LANGS}"
    box.fill("nothing of that name")
    assert column(page, table, 0) == []
    box.fill("")
    assert len(column(page, table, 0)) == large.LANGS
    page.get_by_label("Filter languages").fill("bax_")
    items = page.locator("[data-filtered] > details:visible")
    assert items.count() == 1
    items.locator("summary").click()
    assert items.locator("table").is_visible()


CONTRAST = """() => {
  const channel = (c) => (c /= 255) <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4;
  const rgba = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => .2126 * channel(r) + .7152 * channel(g) + .0722 * channel(b);
  const behind = (element) => {
    for (; element; element = element.parentElement) {
      const found = rgba(getComputedStyle(element).backgroundColor);
      if (found.length === 3 || found[3] > 0) return found;
    }
    return [255, 255, 255];
  };
  const low = [];
  for (const each of document.querySelectorAll("body *:not(svg *):not(script)")) {
    const own = [...each.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || !each.checkVisibility()) continue;
    const style = getComputedStyle(each), [a, b] = [light(rgba(style.color)), light(behind(each))];
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) low.push([each.tagName, each.className, ratio]);
  }
  return low.slice(0, 5);
}"""


@pytest.mark.parametrize("screen", [LIGHT, DARK])
def test_all_text_has_contrast(show, screen):
    """WCAG 2.2, 1.4.3: 4.5 to 1."""
    page = show("large", **screen)
    page.evaluate("document.querySelectorAll('details').forEach((d, n) => d.open = n < 20)")
    assert page.evaluate(CONTRAST) == []
    assert show("hostile", **screen).evaluate(CONTRAST) == []
    page = show("every", **screen)
    page.evaluate("document.querySelectorAll('.item').forEach((d) => d.open = true)")
    assert page.locator(".cut:visible").count() > 20
    assert page.evaluate(CONTRAST) == []


BOXES = """(cut) => [...cut.querySelectorAll("bdi")].map((box) => {
  const { left, right, top } = box.getBoundingClientRect();
  return [box.textContent, left, right, top];
})"""


@pytest.mark.parametrize(("begins", "direction"), [("الض", "rtl"), ("हिन्द", "ltr"), ("the", "ltr")])
def test_tokens_stand_in_the_order_in_which_they_are_read(show, begins, direction):
    page = show("every")
    page.locator("#languages summary").first.click()
    first = page.locator("bdi").filter(has_text=re.compile(f"^{begins}$"))
    cut = page.locator(".cut:visible").filter(has=first).first
    assert cut.get_attribute("dir") == direction
    boxes = [box for box in cut.evaluate(BOXES) if box[3] == cut.evaluate(BOXES)[0][3]]
    assert len(boxes) > 1 and boxes[0][0] == begins
    for (_, left, right, _), (_, other_left, other_right, _) in pairwise(boxes):
        assert other_right <= left + 1 if direction == "rtl" else other_left >= right - 1
    assert page.evaluate("getComputedStyle(document.querySelector('.cut bdi')).unicodeBidi") == (
        "isolate"
    )


def test_dark_is_dark(show):
    paper = "getComputedStyle(document.body).backgroundColor"
    bright, dark = (show("hostile", **screen).evaluate(paper) for screen in (LIGHT, DARK))
    assert bright == "rgb(255, 255, 255)"
    assert max(map(int, re.findall(r"\d+", dark))) < 40


def test_whoever_hears_the_page_hears_its_parts(show):
    """What the browser tells a screen reader: landmarks, headings, tables, fields with names."""
    page = show("large")
    for role, name in (("navigation", "Contents"), ("region", "In short"), ("region", "Fertility")):
        assert page.get_by_role(role, name=name).first.is_visible()
    assert page.get_by_role("main").count() == page.get_by_role("banner").count() == 1
    assert page.get_by_role("table", name="Premium", exact=True).count() == 1
    unnamed = page.evaluate(
        "[...document.querySelectorAll('input, button, [role=region], svg')]"
        ".filter((e) => !(e.labels?.length || e.textContent.trim() || e.ariaLabel"
        " || e.getAttribute('aria-labelledby'))).length"
    )
    assert unnamed == 0


def test_without_scripts_every_row_is_there(show):
    page = show("large", java_script_enabled=False)
    assert captioned(page, "Premium").locator("tbody tr").count() == large.LANGS
    assert page.locator(".tools, button").count() == 0


def test_on_paper_nothing_is_cut(show):
    page = show("large")
    page.emulate_media(media="print")
    cut = page.evaluate(
        "[...document.querySelectorAll('.scroll')].filter((e) => e.checkVisibility()"
        " && e.scrollHeight > e.clientHeight + 1).length"
    )
    assert cut == 0
    assert not page.locator("nav").is_visible() and not page.locator(".tools").first.is_visible()
    assert page.pdf().startswith(b"%PDF")
