"""LaTeX for papers: a document that compiles, its tables in booktabs style to be taken out.

pdfLaTeX has no letters for most scripts, so what it lacks is written as its code point.
"""

from collections.abc import Iterator
from functools import lru_cache

from pylatexenc.latexencode import UnicodeToLatexEncoder

from tokaudit.document import Document, Section, lay_out
from tokaudit.grids import Cell, Grid
from tokaudit.report import Report
from tokaudit.text import line

SUFFIXES = (".tex",)
PREAMBLE = r"""\documentclass{article}
\usepackage[T1]{fontenc}
\usepackage[margin=2cm]{geometry}
\usepackage{array,booktabs,longtable,pdflscape,textcomp,amssymb}
\setlength{\emergencystretch}{3em}
\setlength{\LTleft}{0pt}
\begin{document}
\small
"""
WIDE = 9  # columns: a table with more is laid across
LONG = 24  # letters: longer text is folded
ENCODER = UnicodeToLatexEncoder(
    non_ascii_only=False, unknown_char_policy="unihex", unknown_char_warning=False
)
# Letters that make another with their neighbour (-- `` '' ,,), or that \\ before them would read.
APART = {letter: f"{{{letter}}}" for letter in "-',[]*"}
APART |= {"`": r"\textasciigrave{}", '"': r"\textquotedbl{}"}


def render(report: Report) -> bytes:
    """Return ASCII: verdicts, findings, the tables of each audit, the signature."""
    return ("\n".join([PREAMBLE, *_document(lay_out(report)), r"\end{document}", ""])).encode()


def _document(document: Document) -> Iterator[str]:
    yield rf"\section*{{{text(document.title)}}}"
    if document.brief:
        yield rf"{text(' '.join(document.brief.sentences))}\par"
        yield from _grid(document.brief.grid)
    for section in document.sections:
        yield rf"\paragraph{{{text(section.question)}}}"
        yield from _listed([(text(who), text(said)) for who, said in section.verdicts])
    if document.findings:
        yield r"\section*{Findings}"
        yield from _listed([(text(found.heading), text(found.said)) for found in document.findings])
    for section in document.sections:
        yield from _section(section)
    yield r"\paragraph{Signature}"
    yield rf"{{\footnotesize\raggedright {_breaking(document.signature)}\par}}"


def _listed(items: list[tuple[str, str]]) -> Iterator[str]:
    yield r"\begin{itemize}\raggedright"
    yield from (rf"\item \textbf{{{named}}}: {said}" for named, said in items)
    yield r"\end{itemize}"


def _section(section: Section) -> Iterator[str]:
    yield rf"\section*{{{text(section.name.capitalize())}}}"
    for grid in section.grids:
        if not grid.detail and grid.rows:
            across = len(grid.header) > WIDE
            yield from ([r"\begin{landscape}"] if across else [])
            yield from _grid(grid)
            yield from ([r"\end{landscape}"] if across else [])


def _grid(grid: Grid) -> Iterator[str]:
    yield rf"\begin{{longtable}}{{{_columns(grid)}}}"
    if grid.title:
        yield rf"\caption*{{{text(grid.title[:1].upper() + grid.title[1:])}}}\\"
    yield rf"\toprule {' & '.join(map(_head, grid.header))} \\ \midrule \endhead"
    yield r"\bottomrule \endfoot"
    yield from (rf"{' & '.join(map(_cell, row))} \\" for row in grid.rows)
    yield r"\end{longtable}"
    yield from (rf"{{\footnotesize\raggedright {text(note)}\par}}" for note in grid.notes)


def _columns(grid: Grid) -> str:
    """Say how columns are set: words to the left and folded where long, figures to the right."""
    folded = rf">{{\raggedright\arraybackslash}}p{{{0.8 / len(grid.header):.2f}\linewidth}}"
    kinds = []
    for index in range(len(grid.header)):
        longest = max(len(line(row[index].text)) for row in grid.rows)
        kinds.append(folded if longest > LONG else "l" if index < grid.labels else "r")
    return "".join(kinds)


def _head(name: str) -> str:
    return rf"\textbf{{{text(name)}}}"


def _cell(cell: Cell) -> str:
    written = escaped(cell.text) if cell.shown else text(cell.text)
    return rf"\textbf{{{written}}}" if cell.best else written


def _breaking(sentence: str) -> str:
    """Write a long line that may be broken behind any of its signs."""
    signs = {sign: escaped(sign) for sign in "|:=,-/_"}
    return "".join(
        rf"{signs[part]}\allowbreak{{}}" if part in signs else escaped(part)
        for part in line(sentence)
    )


def text(sentence: str) -> str:
    r"""Write a sentence so that none of it is a command.

    >>> print(text("50% of a_b & \\input{x}"))
    50\% of a\_b \& {\textbackslash}u\{5c\}input\{x\}
    """
    return escaped(line(sentence))


@lru_cache(maxsize=65_536)
def escaped(shown: str) -> str:
    """Write text that was shown: every letter by itself, so that no two make another."""
    return "".join(APART.get(letter) or ENCODER.unicode_to_latex(letter) for letter in shown)
