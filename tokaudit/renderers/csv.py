"""CSV for R, pandas and spreadsheets: one figure a line, of all tables.

Text is shown, not quoted: what a spreadsheet would run as a formula begins with an apostrophe, and
letters that are not seen are written out. JSON has the texts themselves.
"""

import csv
import io
from typing import Any

from tokaudit.figures import Figure, figures
from tokaudit.report import Report
from tokaudit.text import line

SUFFIXES = (".csv",)
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def render(report: Report) -> bytes:
    """Return UTF-8 with a header; figures at full precision, nothing for null."""
    page = io.StringIO()
    writer = csv.writer(page, lineterminator="\n")
    writer.writerow(Figure._fields)
    writer.writerows(map(cell, figure) for figure in figures(report))
    return page.getvalue().encode()


def cell(value: Any) -> str:
    r"""Write a value so that no spreadsheet runs it.

    >>> cell(-1.5), cell("=1+1"), cell("-|1\n"), cell(True), cell(None)
    ('-1.5', "'=1+1", "'-|1␊", 'true', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str):
        return repr(value)
    shown = line(value)
    return f"'{shown}" if shown.startswith(FORMULA) else shown
