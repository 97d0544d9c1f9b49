"""From totals to the report of a comparison: its tables, sentences and conditions."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa

from tokaudit import comparing, engine, tables
from tokaudit.audits import Audit
from tokaudit.comparing import closely, figures, headlines
from tokaudit.comparing.closely import Found, Placed, Tables
from tokaudit.comparing.pairs import AUDIT, Pair, Terms, judged
from tokaudit.comparing.schemas import ALL, EVERY
from tokaudit.comparing.sentences import sentence
from tokaudit.comparing.winners import common, standings
from tokaudit.document import short_names
from tokaudit.report import Report
from tokaudit.tables import ALL_LANGUAGES
from tokaudit.text import Absent

NOT_ASKED = Absent("the audit digits was not asked for")


def report(found: Found, base: Report, beside: Mapping[str, type[Audit]], terms: Terms) -> Report:
    """Turn the report of a corpus into that of a comparison; raises TokauditError.

    `base` is what fertility, and audits that need the corpus, say of it; the audits `beside` look
    at the tokenizers alone.
    """
    other = engine.run(beside, found.tokenizers, None, replace(found.options, baseline=None))
    rows = _tables(found, (base, other), terms)
    laid = {name: tables.table(ALL[name], placed) for name, placed in rows.items()}
    return replace(
        base,
        tables=laid | dict(base.tables),
        sections={"compare": tuple(laid)},
        headlines={"compare": EVERY},
        questions={"compare": (comparing.__doc__ or "").partition("\n")[0]},
        verdicts={"compare": dict(_sentences(laid, terms.against))},
        conditions={**base.conditions, **_conditions(terms)},
        findings=tuple(dict.fromkeys((*base.findings, *other.findings))),
        glances={},
    )


def _tables(found: Found, reports: tuple[Report, Report], terms: Terms) -> Tables:
    """Give the rows of every table; two tokenizers are looked at closely."""
    base, other = reports
    a, *others = sorted(found.tokenizers, key=lambda each: each.spec != terms.against)
    pairs = judged(found.totals, base.tables[AUDIT].to_pylist(), terms)
    weights = common(pairs, terms)
    overlap = [closely.summary(a, each) for each in others]
    langs = ((p.spec, p.lang, figures.of_language(p, weights.get(p.lang, 0))) for p in pairs)
    read = [name for name in base.sections if name != AUDIT]
    return {
        "compare": _ranking(found, pairs, terms, _facts(found, reports, overlap)),
        "compare_languages": list(langs),
        "compare_headlines": [
            *headlines.rows(other, list(other.sections)),
            *headlines.rows(base, read),
        ],
        "overlap": overlap,
        **(closely.tables(found, a, *others) if len(others) == 1 else {}),
    }


def _ranking(
    found: Found, pairs: Sequence[Pair], terms: Terms, facts: Mapping[str, Mapping[str, Any]]
) -> list[Placed]:
    """Give a row for each tokenizer, in the order they were named."""
    ranks, langs = standings(pairs, terms), len(common(pairs, terms))
    rows: list[Placed] = []
    for spec in (tokenizer.spec for tokenizer in found.tokenizers):
        own = [pair for pair in pairs if pair.spec == spec]
        figured = figures.of_tokenizer(ranks[spec], own, langs)
        rows.append((spec, ALL_LANGUAGES, {**figured, **facts[spec]}))
    return rows


def _facts(
    found: Found, reports: tuple[Report, Report], overlap: Sequence[Placed]
) -> dict[str, dict[str, Any]]:
    """Gather what else is said of each tokenizer."""
    base, other = reports
    premiums = _by_tokenizer(base, f"{AUDIT}_summary")
    digits = _by_tokenizer(other, "digits")
    shares = {spec: row["share_of_a_in_b"] for spec, _, row in overlap}
    facts = {}
    for tokenizer in found.tokenizers:
        spec, premium = tokenizer.spec, premiums[tokenizer.spec]
        facts[spec] = {
            "premium_median": figures.known(premium, "premium_median"),
            "premium_max": figures.known(premium, "premium_max"),
            "digits": figures.known(digits[spec], "strategy") if spec in digits else NOT_ASKED,
            "vocabulary": len(tokenizer.vocabulary),
            "share_of_against": shares.get(spec, figures.BY_DEFINITION),
        }
    return facts


def _by_tokenizer(report: Report, name: str) -> dict[str, dict[str, Any]]:
    """Give the rows of a table that has one for each tokenizer; none if it is not there."""
    table: pa.Table | None = report.tables.get(name)
    return {row["tokenizer"]: row for row in table.to_pylist()} if table is not None else {}


def _sentences(laid: Mapping[str, pa.Table], against: str) -> Iterator[tuple[str, str]]:
    """Say how each tokenizer compares."""
    ranking, langs = laid["compare"].to_pylist(), laid["compare_languages"].to_pylist()
    named = short_names([row["tokenizer"] for row in ranking])[against]
    for row in ranking:
        own = [each for each in langs if each["tokenizer"] == row["tokenizer"]]
        yield row["tokenizer"], sentence(row, own, named, several=len(ranking) > 2)


def _conditions(terms: Terms) -> dict[str, Any]:
    """Name the terms, but for `against`: that is the baseline."""
    weights = "equal"
    if terms.weights is not None:
        written = "\n".join(f"{lang!r} {terms.weights[lang]!r}" for lang in sorted(terms.weights))
        weights = hashlib.sha256(written.encode()).hexdigest()[:16]
    return {"alpha": terms.alpha, "correction": terms.correction, "weights": weights}
