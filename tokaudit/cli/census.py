"""A census shown: an inspection of a corpus as a page for the terminal, or as JSON."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tokaudit import conditions, languages
from tokaudit.inspection import Inspection, Problem
from tokaudit.renderers.terminal import draw
from tokaudit.tally import Tally
from tokaudit.text import line

COLUMNS = ("lang", "language", "rows", "parallel", "bytes", "chars", "words", "scripts")
LABELS = ("lang", "language", "scripts")  # to the left; numbers to the right
STYLES = {"error": "red", "warning": "yellow"}
MOST_LANGS = 6  # named for one kind of problem
LEAST_SHARE = 0.005  # of a script that is shown


def page(inspection: Inspection, width: int, colored: bool) -> bytes:
    """Show languages, totals and problems for a person."""
    parts = (_table(inspection), *_summary(inspection), *sentences(inspection.problems))
    return draw(parts, width, colored)


def sentences(problems: Sequence[Problem]) -> Iterator[Text]:
    """Say each kind of problem once, with the languages that have it and how many rows."""
    for (severity, kind), alike in groupby(problems, key=lambda each: (each.severity, each.kind)):
        found = list(alike)
        langs = ", ".join(f"{line(each.lang)} ({each.rows:,})" for each in found[:MOST_LANGS])
        more = f" and {len(found) - MOST_LANGS} more" if len(found) > MOST_LANGS else ""
        yield Text.assemble((f"{severity}: ", STYLES[severity]), f"{kind}: {langs}{more}")


def verdict(inspection: Inspection) -> bytes:
    """Write the problems as plain lines, or that there is none."""
    lines = [text.plain for text in sentences(inspection.problems)]
    return "".join(
        f"{each}\n" for each in lines or [f"no problem: {_counted(inspection)}"]
    ).encode()


def document(inspection: Inspection) -> bytes:
    """Write all that was counted as JSON."""
    whole = {
        "schema": "tokaudit-corpus/1",
        "corpus": _digest(inspection),
        "reference": inspection.reference,
        "words": f"{inspection.segmenter.name}-{inspection.segmenter.version}",
        "languages": [_figures(inspection, lang) for lang in inspection.tallies],
        "problems": [problem._asdict() for problem in inspection.problems],
    }
    return (json.dumps(whole, indent=2, allow_nan=False) + "\n").encode()


def _figures(inspection: Inspection, lang: str) -> dict[str, Any]:
    tally = inspection.tallies[lang]
    census = {key: value for key, value in vars(tally.census).items() if key != "digest"}
    return {
        "lang": lang,
        "name": languages.name(lang),
        **census,
        "chars": tally.chars,
        "words": tally.words,
        "scripts": tally.scripts,
        "domains": dict(sorted(tally.domains.items())),
        "parallel": inspection.parallel[lang],
        "without_id": tally.without_id,
        "repeated_ids": tally.repeated_ids,
        "repeated_texts": tally.repeated_texts,
        "not_nfc": tally.not_nfc,
    }


def _table(inspection: Inspection) -> RenderableType:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in COLUMNS:
        table.add_column(name, justify="left" if name in LABELS else "right", overflow="fold")
    for lang in inspection.tallies:
        figures = _figures(inspection, lang)
        table.add_row(*(Text(line(_cell(name, figures, inspection))) for name in COLUMNS))
    return Padding(table, (0, 0, 1, 0))


def _cell(name: str, figures: dict[str, Any], inspection: Inspection) -> str:
    if name == "language":
        return figures["name"] or ""
    if name == "scripts":
        return _shares(inspection.tallies[figures["lang"]])
    value = figures[name]
    return "–" if value is None else value if isinstance(value, str) else f"{value:,}"


def _shares(tally: Tally) -> str:
    shares = ((script, share) for script, share in tally.scripts.items() if share >= LEAST_SHARE)
    return ", ".join(f"{script} {share:.0%}" for script, share in shares)


def _summary(inspection: Inspection) -> Iterator[Text]:
    reference = inspection.reference
    aligned = any(rows for lang, rows in inspection.parallel.items() if lang != reference)
    compared = f", parallel with {line(reference)}" if reference and aligned else ""
    yield Text(f"{_counted(inspection)}{compared}; corpus {_digest(inspection)}")
    if domains := sum((tally.domains for tally in inspection.tallies.values()), Counter[str]()):
        listed = ", ".join(f"{line(name)} ({n:,})" for name, n in sorted(domains.items()))
        yield Text(f"domains: {listed}")


def _counted(inspection: Inspection) -> str:
    rows = sum(tally.census.rows for tally in inspection.tallies.values())
    count = len(inspection.tallies)
    return f"{rows:,} rows kept in {count} language{'s' * (count != 1)}"


def _digest(inspection: Inspection) -> str:
    return conditions.corpus_digest(
        {lang: tally.census for lang, tally in inspection.tallies.items()}
    )
