"""Which file of a folder is its tokenizer: one order for disks, the Hub and the Hub's cache."""

from collections.abc import Sequence
from pathlib import Path

from tokaudit.errors import BadTokenizer
from tokaudit.text import line

# The first of these that is there is the tokenizer; `*` stands for any letters.
NAMES = ("tokenizer.json", "tekken.json", "tokenizer.model", "spiece.model", "*.tiktoken")


def first(folder: Path) -> Path | None:
    """Find the tokenizer of a folder; raises BadTokenizer if two files have the same claim."""
    for name in NAMES:
        if fitting := sorted(path.name for path in folder.glob(name) if path.is_file()):
            return folder / only(fitting)
    return None


def only(fitting: Sequence[str]) -> str:
    """Give the one name there is; raises BadTokenizer if there are several."""
    if len(fitting) > 1:
        raise BadTokenizer(f"several files may be the tokenizer: {line(', '.join(fitting))}")
    return fitting[0]
