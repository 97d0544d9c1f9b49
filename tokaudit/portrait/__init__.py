"""A portrait: what a loaded tokenizer is, section by section, and what about it will surprise."""

from collections.abc import Mapping
from dataclasses import dataclass

from tokaudit.portrait.facts import Facts
from tokaudit.portrait.sections import SECTIONS
from tokaudit.portrait.surprises import Surprise, surprises
from tokaudit.tokenizer import Tokenizer


@dataclass(frozen=True)
class Portrait:
    """Sections by name, in the order in which they are read; a section's facts by name.

    One more section is one more function in `sections.SECTIONS`.
    """

    spec: str
    sections: Mapping[str, Facts]
    surprises: tuple[Surprise, ...]


def portray(tokenizer: Tokenizer) -> Portrait:
    """Look at a tokenizer from every side; texts are encoded, nothing is fetched."""
    sections = {name: describe(tokenizer) for name, describe in SECTIONS.items()}
    return Portrait(tokenizer.spec, sections, surprises(tokenizer))
