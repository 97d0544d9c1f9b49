"""How much of the tokens is other ones where letters are mistyped: the lower, the more stable."""

from collections.abc import Iterator, Mapping, Sequence
from statistics import median

from tokaudit.charts import Spec, marks
from tokaudit.plain_words import Row, called, rows
from tokaudit.report import Report
from tokaudit.text import line

AUDIT = "adversarial"
TITLE = "Noise"
RATE = "distance_"  # how the name of a column begins that ends in a rate in per cent


def chart(report: Report, names: Mapping[str, str]) -> Spec | None:
    """Give each tokenizer a curve over rates: for a typical language, and for the worst one."""
    found = [
        row for row in rows(report, "adversarial_noise_languages") if row["tokenizer"] in names
    ]
    langs = {row["lang"] for row in found}
    rates = _rates(found)
    worst = _worst(found, rates)
    if worst is None:
        return None
    panels = {line(f"most changed: {called(worst)} ({worst})")[:44]: {worst}}
    if len(langs) > 1:
        panels = {f"median of {len(langs)} languages": langs, **panels}
    values = [
        {"tokenizer": name, "panel": panel, **point}
        for panel, chosen in panels.items()
        for spec, name in names.items()
        for point in _curve(
            [r for r in found if r["tokenizer"] == spec and r["lang"] in chosen], rates
        )
    ]
    return {
        "data": {"values": values},
        "facet": {
            "column": {"field": "panel", "type": "nominal", "sort": list(panels), "title": None}
        },
        "spec": {
            "width": 220,
            "height": 200,
            "mark": {"type": "line", "point": {"filled": True, "size": 40}},
            "encoding": {
                "x": {
                    "field": "rate",
                    "type": "quantitative",
                    "axis": {"format": "%", "values": sorted({v["rate"] for v in values})},
                    "title": "letters mistyped",
                },
                "y": {
                    "field": "distance",
                    "type": "quantitative",
                    "axis": {"format": "%", "tickCount": 6},
                    "title": "edits of ids / tokens",
                },
                **marks(names),
            },
        },
    }


def _rates(found: Sequence[Row]) -> list[str]:
    """Name the columns that hold the distance at a rate, the lowest first."""
    columns = list(found[0]) if found else []
    named = [c for c in columns if c.startswith(RATE) and c[len(RATE) :].isdigit()]
    return sorted(named, key=lambda column: int(column[len(RATE) :]))


def _worst(found: Sequence[Row], rates: Sequence[str]) -> str | None:
    """Choose the language that the most noise changes most under any tokenizer."""
    changed = [(row[rates[-1]], row["lang"]) for row in found if rates and row[rates[-1]]]
    return max(changed)[1] if changed else None


def _curve(found: Sequence[Row], rates: Sequence[str]) -> Iterator[Spec]:
    """Give the median over languages at each rate; a language that was not noisy has none."""
    for column in rates:
        known = [row[column] for row in found if row[column] is not None]
        if known:
            yield {"rate": int(column[len(RATE) :]) / 100, "distance": median(known)}
