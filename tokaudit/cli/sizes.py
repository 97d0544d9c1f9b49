"""Sizes in bytes as people write them: `500MB`, `1.5GiB`."""

import re

from tokaudit.errors import BadUsage
from tokaudit.text import line


def size(written: str) -> int:
    """Read a number of bytes such as `500MB` or `2GiB`; raises BadUsage."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([KMGT]?)(i?)B?", written.strip(), re.IGNORECASE)
    if found is None or not float(found[1]):
        raise BadUsage(f"--memory {line(written)} is no size: write 500MB, 2GB or 1.5GiB")
    base = 1024 if found[3] else 1000
    return int(float(found[1]) * base ** " KMGT".index(found[2].upper() or " "))
