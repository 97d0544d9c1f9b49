"""From two reports to the report of what changed between them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

import tokaudit
from tokaudit import diff, tables
from tokaudit.diff import rows
from tokaudit.diff.figures import Change, changes, largest_first
from tokaudit.diff.findings import Changed, changed
from tokaudit.diff.rows import Compared
from tokaudit.diff.schemas import ALL, CONDITIONS, FINDINGS
from tokaudit.diff.sentences import SAME, sentence, status
from tokaudit.diff.sides import Pair, Sides
from tokaudit.report import Report
from tokaudit.tables import ALL_LANGUAGES
from tokaudit.text import whole_letters

NOT_COMPARED = ("tokenizers",)  # conditions that have a table of their own
FOR_WORSE, FOR_BETTER = ("new", "graver"), ("gone", "milder")
Placed = tuple[str, str, dict[str, Any]]


def report(sides: Sides) -> Report:
    """Lay out what changed; raises BadUsage if a language that was asked for is in neither."""
    sides.check()
    compared = list(rows.compared(sides))
    found = [change for table in compared for change in changes(sides.after, table)]
    said = changed(sides)
    placed: dict[str, list[Placed]] = {
        "diff": [_tokenizer(sides, pair, compared, found, said) for pair in sides.pairs],
        "diff_figures": largest_first([change for change in found if change.is_figure]),
        "diff_words": [(c.spec, c.lang, c.figures) for c in found if not c.is_figure],
        "diff_rows": list(_rows(compared)),
    }
    laid = {name: tables.table(ALL[name], each) for name, each in placed.items()}
    laid |= {"diff_findings": _findings(said), "diff_conditions": _conditions(sides)}
    verdicts = {row["tokenizer"]: sentence(sides, row) for row in laid["diff"].to_pylist()}
    return Report(
        tables=laid,
        sections={"diff": tuple(laid)},
        headlines={"diff": ("status", "changed", "findings_new", "findings_gone")},
        questions={"diff": diff.__doc__ or ""},
        verdicts={"diff": verdicts},
        conditions=_signed(sides),
        environment={"tokenizers": {pair.spec: _facts(sides, pair) for pair in sides.pairs}},
        findings=tuple(each.finding for each in said if each.change in FOR_WORSE),
    )


def differs(report: Report) -> bool:
    """Say whether anything changed; conditions alone, such as a version, are no change."""
    became = set(report.tables["diff"]["status"].to_pylist()) - {SAME}
    others = ("diff_figures", "diff_words", "diff_findings", "diff_rows")
    return bool(became) or any(report.tables[name].num_rows for name in others)


def _tokenizer(
    sides: Sides,
    pair: Pair,
    compared: Sequence[Compared],
    found: Sequence[Change],
    said: Sequence[Changed],
) -> Placed:
    """Sum up what became of a tokenizer."""
    own = [change for change in found if change.spec == pair.spec]
    met = [(len(t.columns), each) for t in compared for each in t.rows if each.pair == pair]
    ways = Counter(each.change for each in said if each.spec == pair.spec)
    olds, news = (each.conditions["tokenizers"] for each in (sides.before, sides.after))
    figures = {
        "status": status(sides, pair),
        "named_before": pair.before if pair.after and pair.before != pair.after else None,
        "identity_before": olds.get(pair.before),
        "identity_after": news.get(pair.after),
        "compared": sum(columns for columns, each in met if each.before and each.after),
        "changed": len(own),
        "within": sum(change.figures.get("within") is True for change in own),
        "rows_gone": sum(not each.after for _, each in met),
        "rows_new": sum(not each.before for _, each in met),
        "findings_new": sum(ways[way] for way in FOR_WORSE),
        "findings_gone": sum(ways[way] for way in FOR_BETTER),
    }
    return pair.spec, ALL_LANGUAGES, figures


def _findings(said: Sequence[Changed]) -> pa.Table:
    """List findings; those about the whole corpus are about no tokenizer."""
    found = [
        {
            "tokenizer": each.spec,
            "lang": each.finding.lang,
            "change": each.change,
            "rule": each.finding.rule,
            "severity": each.finding.severity,
            "message": whole_letters(each.finding.message),
        }
        for each in said
    ]
    return pa.Table.from_pylist(found, schema=FINDINGS)


def _rows(compared: Sequence[Compared]) -> Iterator[Placed]:
    """Count the rows of each table and language that are on one side only."""
    for table in compared:
        gone, new = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
        for each in table.rows:
            place = each.pair.spec, each.lang
            gone[place] += each.after is None
            new[place] += each.before is None
        for place in gone:
            if gone[place] or new[place]:
                counted = {"rows_gone": gone[place], "rows_new": new[place]}
                yield *place, {"table": table.name, **counted}


def _conditions(sides: Sides) -> pa.Table:
    """Put the conditions of both reports side by side: a table about no tokenizer."""
    olds, news = sides.before.conditions, sides.after.conditions
    names = [name for name in dict.fromkeys([*news, *olds]) if name not in NOT_COMPARED]
    found = [
        {
            "condition": name,
            "before": _written(olds.get(name)),
            "after": _written(news.get(name)),
            "same": olds.get(name) == news.get(name),
        }
        for name in names
    ]
    return pa.Table.from_pylist(found, schema=CONDITIONS)


def _written(value: Any) -> str | None:
    return None if value is None else str(value)


def _signed(sides: Sides) -> dict[str, Any]:
    """Name the tokenizers, and both reports by the digests of their figures."""
    olds, news = sides.before.conditions["tokenizers"], sides.after.conditions["tokenizers"]
    identities = {p.spec: news[p.after] if p.after else olds[p.before or ""] for p in sides.pairs}
    chosen = {"only": ",".join(sorted(sides.langs))} if sides.langs else {}
    digests = {"before": sides.before.digest, "after": sides.after.digest}
    return {"tokaudit": tokaudit.__version__, "tokenizers": identities, **digests, **chosen}


def _facts(sides: Sides, pair: Pair) -> Mapping[str, Any]:
    """Say of a tokenizer what the newest report that has it says."""
    side, spec = (sides.after, pair.after) if pair.after else (sides.before, pair.before)
    found: Mapping[str, Any] = side.environment["tokenizers"][spec]
    return {name: found[name] for name in ("algorithm", "vocabulary_size", "engine")}
