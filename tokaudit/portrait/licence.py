"""What licence is stated for a tokenizer, and where: a package, a model card, a file beside it."""

import re
from importlib import metadata
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from tokaudit.loaders import Spec, parse
from tokaudit.portrait.beside import beginning
from tokaudit.tokenizer import Tokenizer

FIELDS = ("License-Expression", "License")
CARD = "README.md"
NAMES = ("LICENSE", "LICENSE.txt", "LICENSE.md", "LICENCE", "COPYING")
HEADER = re.compile(r"\A---\s*\n(.*?)\n---\s*$", re.DOTALL | re.MULTILINE)
STATED = re.compile(r"^license(?:_name)?:[ \t]*(\S.*?)[ \t]*$", re.MULTILINE)


class Licence(NamedTuple):
    """A licence as it is stated (no judgement of ours), and who states it."""

    stated: str
    by: str


def licences(tokenizer: Tokenizer) -> list[Licence]:
    """Collect every statement of a licence that lies with the tokenizer."""
    spec = parse(tokenizer.spec)
    found = [_of_package(spec) if spec.scheme == "pkg" else None]
    if tokenizer.home is not None:
        found += [_card(tokenizer.home), _text(tokenizer.home)]
    return [each for each in found if each is not None]


def _of_package(spec: Spec) -> Licence | None:
    """Read the metadata of the package: an SPDX expression, the old field, or a classifier."""
    name = spec.ref.partition("/")[0]
    said = metadata.metadata(name)
    classifiers = [each for each in said.get_all("Classifier") or () if each.startswith("License")]
    fields = [each for key in FIELDS for each in said.get_all(key) or ()]
    first = (fields[0] if fields else "; ".join(classifiers)).strip().partition("\n")[0]
    return Licence(first, f"package {name}") if first else None


def _card(home: Path) -> Licence | None:
    """Read the header of a model card, which is lines of `key: value` between two rules."""
    header = HEADER.match(beginning(home, CARD))
    stated = ", ".join(STATED.findall(header[1])) if header else ""
    return Licence(stated, CARD) if stated else None


def _text(home: Path) -> Licence | None:
    """Give the first line of a licence's text."""
    for name in NAMES:
        lines = (each.strip(" #\t") for each in beginning(home, name).splitlines())
        for first in islice(filter(None, lines), 1):
            return Licence(first, name)
    return None
