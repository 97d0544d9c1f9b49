"""Options: how a run compares, reads and divides its work, whatever it measures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tokaudit import words
from tokaudit.errors import BadUsage
from tokaudit.plan import SAMPLE, SEED
from tokaudit.text import line
from tokaudit.tokenizer import Tokenizer


@dataclass(frozen=True)
class Resume:
    """The folder in which finished parts of a run are kept, and who hears what was there."""

    folder: Path
    say: Callable[[str], None]


@dataclass(frozen=True)
class Options:
    """How to compare: the reference language, the baseline's spec, how words are found.

    `engine` is `fast`, `reference`, or `auto`: fast where a corpus is large enough to pay for it.
    `chunks` says whether equal parts of documents are counted and read once (None: where a corpus
    is large enough), in about `memory` bytes. `jobs` processes share the work on a corpus, on this
    machine or where another `backend` has them; `trusted` lets them run tokenizers' own code.
    About `sample` rows of each language are drawn for what is measured on whole documents (None:
    all of them), by a hash with this `seed`. With `resume`, finished parts are kept and found.
    """

    reference: str | None = None
    baseline: str | None = None
    engine: str = "auto"
    segmenter: words.Segmenter = field(default_factory=words.default)
    chunks: bool | None = None
    memory: int = 2**30
    jobs: int = 1
    backend: str = "processes"
    trusted: bool = False
    seed: int = SEED
    sample: int | None = SAMPLE
    resume: Resume | None = None

    def check(self, tokenizers: Sequence[Tokenizer]) -> None:
        """Raise BadUsage if the tokenizers cannot be compared like this."""
        specs = [tokenizer.spec for tokenizer in tokenizers]
        if len(set(specs)) < len(specs):
            raise BadUsage(f"a tokenizer is named twice: {line(', '.join(specs))}")
        if self.baseline is not None and self.baseline not in specs:
            raise BadUsage(
                f"the baseline {line(self.baseline)} is not among the tokenizers:"
                f" {line(', '.join(specs))}"
            )
