"""Which share of a script's characters has an id of its own; others take several tokens or none."""

from collections.abc import Mapping

from tokaudit.charts import Spec
from tokaudit.plain_words import rows
from tokaudit.report import Report
from tokaudit.text import line

AUDIT = "vocabulary"
TITLE = "Coverage of scripts"
MOST = 40  # scripts: those with most ids in any of the vocabularies
STEPS = ["none", "up to 1%", "up to 10%", "up to 50%", "up to 99%", "nearly all"]
LIMITS = (0, 0.01, 0.1, 0.5, 0.99)
SHADES = ["#f2f2f2", "#d6e6f4", "#abd0e6", "#6aaed6", "#3787c0", "#105ba4"]


def chart(report: Report, names: Mapping[str, str]) -> Spec | None:
    """Give each script a line, each tokenizer a column, each share one of six shades."""
    found = [row for row in rows(report, "vocabulary_scripts") if row["characters"]]
    ids: dict[str, int] = {}
    for row in found:
        ids[row["script"]] = max(ids.get(row["script"], 0), row["one_token"] or 0)
    scripts = sorted((s for s in ids if ids[s]), key=lambda s: (-ids[s], s))[:MOST]
    values = [
        {
            "script": line(row["script"]),
            "tokenizer": names[row["tokenizer"]],
            "share": step((row["one_token"] or 0) / row["characters"]),
        }
        for row in found
        if row["script"] in scripts
    ]
    if not values:
        return None
    return {
        "width": {"step": 38},
        "height": {"step": 14},
        "data": {"values": values},
        "mark": {"type": "rect", "stroke": "white"},
        "encoding": {
            "x": {
                "field": "tokenizer",
                "type": "nominal",
                "sort": list(names.values()),
                "title": None,
                "axis": {"orient": "top", "labelAngle": -40},
            },
            "y": {
                "field": "script",
                "type": "nominal",
                "sort": list(map(line, scripts)),
                "title": None,
            },
            "color": {
                "field": "share",
                "type": "ordinal",
                "scale": {"domain": STEPS, "range": SHADES},
                "title": "characters that are one token",
            },
        },
    }


def step(share: float) -> str:
    """Name the range a share falls into.

    >>> step(0), step(0.005), step(1)
    ('none', 'up to 1%', 'nearly all')
    """
    return STEPS[sum(share > limit for limit in LIMITS)]
