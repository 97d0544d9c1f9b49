"""Which scripts the ids of a vocabulary are spent on: the largest ones, as shares of all ids."""

from collections import Counter
from collections.abc import Mapping

from tokaudit.charts import PALETTE, Spec
from tokaudit.plain_words import rows
from tokaudit.report import Report
from tokaudit.text import line

AUDIT = "vocabulary"
TITLE = "Scripts of the vocabulary"
OTHERS = "all others"
NAMES = {"none": "no whole character"}


def chart(report: Report, names: Mapping[str, str]) -> Spec | None:
    """Give each tokenizer a bar, divided by script."""
    found = [row for row in rows(report, "vocabulary_scripts") if row["ids"] and row["share"]]
    most: Counter[str] = Counter()
    for row in found:
        most[row["script"]] += row["share"]
    scripts = [script for script, _ in most.most_common(len(PALETTE) - 1)]
    shares: Counter[tuple[str, str]] = Counter()
    for row in found:
        script = _called(row["script"]) if row["script"] in scripts else OTHERS
        shares[names[row["tokenizer"]], script] += row["share"]
    if not shares:
        return None
    order = [*map(_called, scripts), OTHERS]
    values = [
        {"tokenizer": name, "script": script, "share": share, "order": order.index(script)}
        for (name, script), share in shares.items()
    ]
    return {
        "width": 480,
        "height": {"step": 22},
        "data": {"values": values},
        "mark": {"type": "bar", "stroke": "white", "strokeWidth": 0.5},
        "encoding": {
            "y": {
                "field": "tokenizer",
                "type": "nominal",
                "sort": list(names.values()),
                "title": None,
            },
            "x": {
                "field": "share",
                "type": "quantitative",
                "stack": "zero",
                "axis": {"format": "%"},
                "title": "share of all ids",
            },
            "color": {"field": "script", "type": "nominal", "sort": order, "title": None},
            "order": {"field": "order", "type": "quantitative"},
        },
    }


def _called(script: str) -> str:
    return NAMES.get(script) or line(script)
