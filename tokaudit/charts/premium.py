"""How many times the tokens of the same text in the reference language each language takes."""

from collections.abc import Mapping

from tokaudit.charts import Spec, marks
from tokaudit.plain_words import called, rows
from tokaudit.report import Report
from tokaudit.text import line

AUDIT = "fertility"
TITLE = "Premium by language"
MOST = 40  # languages: those whose premium is the largest


def chart(report: Report, names: Mapping[str, str]) -> Spec | None:
    """Give each language a line and each tokenizer a mark on it."""
    known = [row for row in rows(report, "fertility") if row["premium"] and row["premium"] > 0]
    largest: dict[str, float] = {}
    for row in known:
        largest[row["lang"]] = max(largest.get(row["lang"], 0), row["premium"])
    if len(largest) < 2:
        return None
    langs = sorted(largest, key=lambda lang: (-largest[lang], lang))[:MOST]
    labels = {lang: line(f"{called(lang)} ({lang})")[:44] for lang in langs}
    values = [
        {
            "lang": labels[row["lang"]],
            "tokenizer": names[row["tokenizer"]],
            "premium": row["premium"],
        }
        for row in known
        if row["lang"] in labels
    ]
    title = "times the tokens of the reference language"
    title += f" ({len(langs)} costliest of {len(largest)})" if len(largest) > len(langs) else ""
    return {
        "width": 480,
        "height": {"step": 14},
        "data": {"values": values},
        "mark": {"type": "point", "filled": True, "size": 45, "opacity": 0.9},
        "encoding": {
            "y": {
                "field": "lang",
                "type": "nominal",
                "sort": list(labels.values()),
                "title": None,
                "axis": {"grid": True},
            },
            "x": {
                "field": "premium",
                "type": "quantitative",
                "scale": {"type": "log", "nice": False, "padding": 8},
                "axis": {"values": [0.5, 0.7, 1, 1.5, 2, 3, 5, 7, 10, 15, 20], "format": "~g"},
                "title": title,
            },
            **marks(names),
        },
    }
