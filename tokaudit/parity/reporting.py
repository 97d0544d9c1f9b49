"""From a comparison to a report: its tables and conditions."""

from collections.abc import Iterator, Mapping
from typing import Any

import tokaudit
from tokaudit import conditions, parity, tables
from tokaudit.batch import NO_LANGUAGE
from tokaudit.parity import probes
from tokaudit.parity.comparison import Comparison
from tokaudit.parity.examples import described
from tokaudit.parity.findings import beside, differences, verdict, where
from tokaudit.parity.recorded import Recorded
from tokaudit.parity.schemas import HEADLINES, SCHEMAS, SUMMARY
from tokaudit.parity.sides import Side
from tokaudit.parity.tally import Tally
from tokaudit.report import Report
from tokaudit.text import ratio
from tokaudit.totals import Totals

Figures = Mapping[str, Any]
Rows = Iterator[tuple[str, Figures]]  # each in a language


def report(found: Comparison) -> Report:
    """Lay a comparison out; the rows of its tables are about the second side."""
    spec = found.b.name
    laid = {
        name: tables.table(schema, [(spec, lang, figures) for lang, figures in ROWS[name](found)])
        for name, schema in {**SCHEMAS, "parity_summary": SUMMARY}.items()
    }
    return Report(
        tables=laid | ({"corpus": tables.of_corpus(found.census)} if found.census else {}),
        sections={"parity": tuple(SCHEMAS)},
        headlines=HEADLINES,
        questions={"parity": (parity.__doc__ or "").partition("\n")[0]},
        verdicts={"parity": {spec: verdict(found)}},
        conditions=_conditions(found),
        environment=_environment(found),
        findings=(*differences(found), *beside(found)),
    )


def _figures(tally: Tally) -> Figures:
    return {
        "rows": tally.rows,
        "differing_rows": tally.differing,
        "differing_share": ratio(tally.differing, tally.rows, "no row is on both sides"),
        "tokens_a": tally.tokens_a,
        "tokens_b": tally.tokens_b,
        "tokens_lost": tally.lost,
        "tokens_gained": tally.gained,
        "only_in_a": tally.only_a,
        "only_in_b": tally.only_b,
        "refused_by_a": tally.refused_a,
        "refused_by_b": tally.refused_b,
        "refused": tally.refused,
    }


def _by_lang(found: Comparison) -> Rows:
    for lang in sorted({lang for lang, _ in found.tallies}):
        mine = (tally for (other, _), tally in found.tallies.items() if other == lang)
        yield lang, _figures(sum(mine, Tally()))


def _by_kind(found: Comparison) -> Rows:
    """Give the kinds that differ most first, the others in the order of the probes."""
    kinds = [(kind, tally) for (_, kind), tally in found.tallies.items() if kind is not None]
    for kind, tally in sorted(kinds, key=lambda each: -each[1].differing):
        yield NO_LANGUAGE, {"kind": kind, **_figures(tally)}


def _by_stage(found: Comparison) -> Rows:
    for stage, rows in found.total.stages.most_common():
        yield tables.ALL_LANGUAGES, {"stage": stage, "rows": rows, "where": where(found, stage)}


def _examples(found: Comparison) -> Rows:
    return ((each.lang, described(each, found.a, found.b)) for each in found.worst)


def _vocabulary(found: Comparison) -> Rows:
    for name, change in found.changes.items():
        counted = {"change": name, "ids": change.ids.size, "examples": change.examples}
        yield tables.ALL_LANGUAGES, counted


def _summary(found: Comparison) -> Rows:
    langs = {lang for lang, _ in found.tallies}
    yield tables.ALL_LANGUAGES, {"languages": len(langs), **_figures(found.total)}


ROWS = {
    "parity": _by_lang,
    "parity_probes": _by_kind,
    "parity_stages": _by_stage,
    "parity_examples": _examples,
    "parity_vocabulary": _vocabulary,
    "parity_summary": _summary,
}


def _conditions(found: Comparison) -> dict[str, Any]:
    named = {
        "tokaudit": tokaudit.__version__,
        "tokenizers": {side.name: _identity(side) for side in (found.a, found.b)},
        "against": found.a.name,
        "probes": probes.VERSION,
    }
    if not found.census:
        return named
    return named | {
        "corpus": conditions.corpus_digest(found.census),
        "rows": sum(census.rows for census in found.census.values()),
        "langs": len(found.census),
    }


def _identity(side: Side) -> str:
    if isinstance(side, Recorded):
        return side.header.identity or f"ids-{side.source.sha256[:16]}"
    return str(side.tokenizer.identity) if side.tokenizer else "unknown"


def _environment(found: Comparison) -> dict[str, Any]:
    sides = (found.a, found.b)
    facts = conditions.environment([side.tokenizer for side in sides if side.tokenizer], Totals())
    recorded = {side.name: _recorded(side) for side in sides if isinstance(side, Recorded)}
    every = facts["tokenizers"] | recorded
    return facts | {"tokenizers": {side.name: every[side.name] for side in sides}}


def _recorded(side: Recorded) -> dict[str, Any]:
    of = side.header.tokenizer or "another runtime"
    return {
        "algorithm": f"ids of {of}",
        "vocabulary_size": None,
        "engine": side.header.engine or "not named",
        "files": [side.source._asdict()],
    }
