"""Markdown that fits into a comment on GitHub: brief, verdicts, findings, the first tables.

Comments on issues and pull requests hold 65,536 characters; a longer one is refused whole.
"""

from dataclasses import replace

from tokaudit.document import Section, lay_out
from tokaudit.renderers import markdown
from tokaudit.report import Report

SUFFIXES = (".comment.md",)
LARGEST = 65_536  # bytes, which are never fewer than characters


def render(report: Report) -> bytes:
    """Return the document without long details, cut at its end where it is still too long."""
    document = lay_out(report)
    short = replace(document, sections=tuple(map(_short, document.sections)), corpus=None)
    whole = markdown.written(short, {})
    return markdown.fitted(whole, LARGEST, report.signature, "a comment holds 65,536 characters")


def _short(section: Section) -> Section:
    grids = tuple(grid for grid in section.grids if not grid.detail)
    return replace(section, grids=grids, definitions=())
