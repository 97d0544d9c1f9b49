"""Where numbers of one to ten digits are cut: each box is a token."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tokaudit.charts import PALETTE, Spec
from tokaudit.plain_words import rows
from tokaudit.report import Report

AUDIT = "digits"
TITLE = "Cuts of numbers"
CUT = re.compile(r"\d+(?:\|\d+)*")
ABREAST = 3


def chart(report: Report, names: Mapping[str, str]) -> Spec | None:
    """Give each tokenizer a staircase of numbers, a line for each length."""
    values = [
        box
        for row in rows(report, "digits_picture")
        if row["cut"] and CUT.fullmatch(row["cut"])
        for box in _boxes(names[row["tokenizer"]], row["cut"])
    ]
    if not values:
        return None
    across: Spec = {
        "x": {"field": "from", "type": "quantitative", "axis": None},
        "y": {"field": "digits", "type": "ordinal", "title": None, "axis": {"ticks": False}},
    }
    box = {"type": "rect", "fill": PALETTE[5], "fillOpacity": 0.35, "stroke": PALETTE[0]}
    middle = {**across, "x": {**across["x"], "field": "middle"}, "text": {"field": "token"}}
    return {
        "data": {"values": values},
        "facet": {
            "field": "tokenizer",
            "type": "nominal",
            "sort": list(names.values()),
            "title": None,
        },
        "columns": ABREAST,
        "spec": {
            "width": 170,
            "height": {"step": 16},
            "layer": [
                {"mark": box, "encoding": {**across, "x2": {"field": "to"}}},
                {"mark": {"type": "text", "fontSize": 10}, "encoding": middle},
            ],
        },
    }


def _boxes(name: str, cut: str) -> Iterator[dict[str, Any]]:
    tokens, start = cut.split("|"), 0
    for token in tokens:
        end = start + len(token)
        yield {
            "tokenizer": name,
            "digits": sum(map(len, tokens)),
            "token": token,
            "from": start + 0.06,
            "to": end - 0.06,
            "middle": (start + end) / 2,
        }
        start = end
