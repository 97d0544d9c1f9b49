"""A page of every audit, 204 languages and 12 tokenizers is bounded, and has examples of each."""

import pytest

from tests import large
from tokaudit import renderers
from tokaudit.examples import EVERY


@pytest.fixture(scope="module")
def page():
    return renderers.get("html").render(large.whole()).decode()


def test_the_page_is_bounded(page):
    assert 5 * 2**20 < len(page.encode()) < 10 * 2**20
    assert page.count('<details class="item">') == large.LANGS + large.TOKENIZERS


def test_examples_are_bounded_and_every_language_and_tokenizer_has_some(page):
    languages, _, tokenizers = page.partition('<section id="tokenizers"')
    languages = languages.partition('<section id="languages"')[2]
    for part, count in ((languages, large.LANGS), (tokenizers, large.TOKENIZERS)):
        items = part.split('<details class="item">')[1:]
        assert len(items) == count
        assert all('class="cut"' in item and "rows more, in JSON" in item for item in items)
    assert languages.count('class="cut"') <= 2 * EVERY


def test_text_from_right_to_left_runs_so(page):
    for opening, direction in (("<bdi>الض</bdi>", "rtl"), ("<bdi>हिन्द</bdi>", "ltr")):
        assert f'<div class="cut" dir="{direction}">{opening}' in page
    assert "<bdi>◌ी</bdi>" in page, "a sign that combines has something to combine with"
