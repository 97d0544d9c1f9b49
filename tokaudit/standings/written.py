"""Differences as a person reads them: in per cent, with their intervals."""

from collections.abc import Mapping
from typing import Any

Row = Mapping[str, Any]
Short = Mapping[str, str]  # names of tokenizers by spec


def percent(part: float) -> str:
    """Write a share as per cent, with its sign.

    >>> percent(-0.1234), percent(0.02), percent(-0.0001)
    ('-12.3', '+2.0', '0.0')
    """
    signed = f"{100 * part:+.1f}"
    return signed if float(signed) else "0.0"


def interval(row: Row) -> str:
    """Write the interval of a difference in per cent, if there is one."""
    if row["difference_low"] is None:
        return ""
    return f"[{percent(row['difference_low'])}, {percent(row['difference_high'])}]"


def thousands(number: int) -> str:
    """Write a large number in thousands.

    >>> thousands(256), thousands(128_256)
    ('256', '128k')
    """
    return f"{number / 1000:.0f}k" if number >= 1000 else str(number)
