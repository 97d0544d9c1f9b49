"""What a larger vocabulary buys: tokens per word in a typical language, by the number of ids."""

from collections.abc import Mapping
from statistics import median

from tokaudit.charts import Spec, marks
from tokaudit.plain_words import rows
from tokaudit.report import Report

AUDIT = "fertility"
TITLE = "Fertility and vocabulary size"


def chart(report: Report, names: Mapping[str, str]) -> Spec | None:
    """Give each tokenizer a mark: its ids to the right, its tokens per word upwards."""
    found: dict[str, list[float]] = {}
    for row in rows(report, "fertility"):
        if row["fertility"]:
            found.setdefault(row["tokenizer"], []).append(row["fertility"])
    facts = report.environment["tokenizers"]
    values = [
        {"tokenizer": names[s], "ids": facts[s]["vocabulary_size"], "fertility": median(figures)}
        for s, figures in found.items()
        if facts[s]["vocabulary_size"]
    ]
    if len(values) < 2:
        return None
    return {
        "width": 480,
        "height": 260,
        "data": {"values": values},
        "mark": {"type": "point", "filled": True, "size": 80},
        "encoding": {
            "x": {
                "field": "ids",
                "type": "quantitative",
                "scale": {"type": "log", "padding": 30},
                "axis": {"format": "~s", "tickCount": 6, "grid": False},
                "title": "ids of the vocabulary",
            },
            "y": {
                "field": "fertility",
                "type": "quantitative",
                "scale": {"zero": True},
                "title": "tokens per word, median of the languages",
            },
            **marks(names),
        },
    }
