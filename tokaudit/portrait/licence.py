"""What licence is stated for a tokenizer, and where: a package, a model card, a file beside it."""

import re
from importlib import metadata
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from tokaudit.loaders import Spec, parse
from tokaudit.tokenizer import Tokenizer

CARD = "README.md"
NAMES = ("LICENSE", "LICENSE.txt", "LICENSE.md", "LICENCE", "COPYING")
MOST = 64 * 2**10  # bytes of a card or a licence that are read
HEADER = re.compile(r"\A---\s*\n(.*?)\n---\s*$", re.DOTALL | re.MULTILINE)
STATED = re.compile(r"^license(?:_name)?:[ \t]*(\S.*?)[ \t]*$", re.MULTILINE)


class Licence(NamedTuple):
    """A licence as it is stated (no judgement of ours), and who states it."""

    stated: str
    by: str


def licences(tokenizer: Tokenizer) -> list[Licence]:
    """Collect every statement of a licence that lies with the tokenizer."""
    spec = parse(tokenizer.spec)
    found = [_in_file(tokenizer.pipeline), _of_package(spec) if spec.scheme == "pkg" else None]
    if tokenizer.home is not None:
        found += [_card(tokenizer.home), _text(tokenizer.home)]
    return [each for each in found if each is not None]


def _in_file(pipeline: object) -> Licence | None:
    stated = pipeline.get("license") if isinstance(pipeline, dict) else None
    return Licence(stated, "the file itself") if isinstance(stated, str) and stated else None


def _of_package(spec: Spec) -> Licence | None:
    """Read the metadata of the package: an SPDX expression, the old field, or a classifier."""
    name = spec.ref.partition("/")[0]
    said = metadata.metadata(name)
    classifiers = [each for each in said.get_all("Classifier") or () if each.startswith("License")]
    stated = said.get("License-Expression") or said.get("License") or "; ".join(classifiers)
    first = (stated or "").strip().partition("\n")[0]
    return Licence(first, f"package {name}") if first else None


def _card(home: Path) -> Licence | None:
    """Read the header of a model card, which is lines of `key: value` between two rules."""
    header = HEADER.match(_beginning(home / CARD, home))
    stated = ", ".join(STATED.findall(header[1])) if header else ""
    return Licence(stated, CARD) if stated else None


def _text(home: Path) -> Licence | None:
    """Give the first line of a licence's text."""
    for name in NAMES:
        lines = (each.strip(" #\t") for each in _beginning(home / name, home).splitlines())
        for first in islice(filter(None, lines), 1):
            return Licence(first, name)
    return None


def _beginning(path: Path, home: Path) -> str:
    """Read the first bytes of a file that lies where its tokenizer lies, "" if there is none.

    A link may lead to other places of the same repository in the Hub's cache, not further.
    """
    try:
        inside = path.resolve().is_relative_to(repository(home).resolve())
        if not (inside and path.is_file()):
            return ""
        with path.open("rb") as file:
            return file.read(MOST).decode("utf-8", "replace").replace("\r\n", "\n")
    except OSError:
        return ""


def repository(home: Path) -> Path:
    """Find the folder of the repository in the Hub's cache, or the folder itself elsewhere."""
    snapshots = next((each for each in home.parents if each.name == "snapshots"), None)
    return snapshots.parent if snapshots else home
