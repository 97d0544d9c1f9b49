"""Two tokenizers looked at closely: which words and rows changed, and what vocabularies share."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from tokaudit.batch import Batch
from tokaudit.comparing import changed
from tokaudit.comparing.drawn import drawn
from tokaudit.corpus import Corpus
from tokaudit.options import Options
from tokaudit.overlap import changes, comparing, shared
from tokaudit.plan import SAMPLE, Plan
from tokaudit.tables import ALL_LANGUAGES
from tokaudit.tokenizer import Tokenizer
from tokaudit.totals import Totals

Placed = tuple[str, str, Mapping[str, Any]]  # a spec, a language, and figures
Tables = dict[str, list[Placed]]


class Found(NamedTuple):
    """A corpus, what was added up of it and how, and tokenizers in the order of the report."""

    totals: Totals
    corpus: Corpus
    options: Options
    tokenizers: tuple[Tokenizer, ...]


def tables(found: Found, a: Tokenizer, b: Tokenizer) -> Tables:
    """Give the rows of further tables, about B beside A; raises TokauditError."""
    whole = {
        name: [(b.spec, ALL_LANGUAGES, row) for row in rows]
        for name, rows in comparing.rows(a, b).items()
    }
    return _changed(found, a, b) | whole


def summary(a: Tokenizer, b: Tokenizer) -> Placed:
    """Give the one row that says what two vocabularies share."""
    kept = changes.kept(a.vocabulary, b.vocabulary)
    figures = {**shared.summary(a.vocabulary, b.vocabulary), "ids_kept": kept}
    return b.spec, ALL_LANGUAGES, figures


def _changed(found: Found, a: Tokenizer, b: Tokenizer) -> Tables:
    """Read some rows of each language with both; what changed most comes first."""
    plan = Plan(found.totals.alignment, found.options.seed)
    words: list[Placed] = []
    rows: list[Placed] = []
    for lang, texts in drawn(found.corpus, plan, found.options.sample or SAMPLE).items():
        both = changed.both(b, a, Batch.of(lang, texts, segmenter=found.options.segmenter))
        words += ((b.spec, lang, row) for row in changed.words(both))
        rows += ((b.spec, lang, row) for row in changed.rows(both))
    words.sort(key=lambda placed: -abs(placed[2]["change"]))
    rows.sort(key=lambda placed: -max(placed[2]["ratio"], 1 / placed[2]["ratio"]))
    return {"compare_words": words, "compare_rows": rows}
