"""JSON for machines: `schema` says which shape this is; `tokaudit render` reads it back."""

from tokaudit.report import Report
from tokaudit.saved import saved

SUFFIXES = (".json",)


def render(report: Report) -> bytes:
    """Return one object, its tables row by row."""
    whole = saved(report).model_dump_json(by_alias=True, indent=1, ensure_ascii=True)
    return whole.encode() + b"\n"
