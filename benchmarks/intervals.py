"""Coverage of intervals: how often an interval of 95 % holds the truth, where the truth is known.

Corpora are drawn from a population whose figures are known; documents fall into groups at random,
as their hashes make them, and the product's own `half_width` makes the interval. One scenario goes
through the whole engine: documents in Parquet, tokenizers, hashes, report.

    python benchmarks/intervals.py [--runs N] [--engine N]
"""

import argparse
import random
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from tokaudit import audits, engine, loaders
from tokaudit.bag import GROUPS
from tokaudit.corpus import Corpus
from tokaudit.intervals import half_width
from tokaudit.text import Absent

Chance = np.random.Generator
Figures = npt.NDArray[np.float64]
TRUTH = 2_000_000  # documents that tell what is true of a population
SEED = 1


class Documents(NamedTuple):
    """Numerators and denominators of documents, both shape (documents,)."""

    parts: Figures
    wholes: Figures


@dataclass(frozen=True)
class Population:
    """Documents of a lognormal length with this spread, and of varying cost."""

    spread: float
    cost: float  # spread of what a document costs beside its length

    def fertility(self, chance: Chance, size: int) -> Documents:
        """Tokens and words: a document of names costs more for each word, whatever its length."""
        words = self._lengths(chance, size)
        rate = 0.5 * np.exp(chance.normal(0, self.cost, size))
        return Documents(words + chance.poisson(words * rate), words)

    def premium(self, chance: Chance, size: int) -> Documents:
        """Tokens of parallel rows: as long as each other but for what translations differ by."""
        theirs = self._lengths(chance, size)
        rate = 2 * np.exp(chance.normal(0, self.cost, size))
        return Documents(1 + chance.poisson(theirs * rate), theirs)

    def nsl(self, chance: Chance, size: int) -> Documents:
        """Tokens of the same rows under two tokenizers: nearly proportional."""
        theirs = self._lengths(chance, size)
        saved = chance.binomial(theirs.astype(np.int64), chance.beta(2, 8, size))
        return Documents(theirs - saved, theirs)

    def _lengths(self, chance: Chance, size: int) -> Figures:
        return np.asarray(np.ceil(np.exp(chance.normal(3, self.spread, size))))


POPULATIONS = {
    "sentences": Population(0.4, 0.2),
    "paragraphs": Population(0.8, 0.4),
    "web pages": Population(1.5, 0.6),
}
SIZES = (50, 100, 300, 1_000, 10_000)


def covered(draw: Callable[[Chance, int], Documents], size: int, runs: int) -> tuple[float, float]:
    """Give the share of runs whose interval holds the truth, and the mean half width / truth."""
    chance = np.random.default_rng(SEED)
    parts, wholes = draw(chance, TRUTH)
    truth = parts.sum() / wholes.sum()
    held, widths = 0, []
    for _ in range(runs):
        drawn = draw(chance, size)
        group = chance.integers(0, GROUPS, size)
        sums = [np.bincount(group, each, GROUPS).astype(np.int64) for each in drawn]
        width = half_width(*sums)
        assert not isinstance(width, Absent)
        held += abs(sums[0].sum() / sums[1].sum() - truth) <= width
        widths.append(width)
    return held / runs, float(np.mean(widths)) / truth


def of_the_engine(runs: int, rows: int = 200) -> dict[str, float]:
    """Give the share of corpora in whose report the interval holds the truth."""
    asked = {"fertility": audits.get("fertility")}
    tokenizers = [loaders.load("builtin:chars"), loaders.load("builtin:bytes")]
    held = dict.fromkeys(TRUTHS, 0)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "corpus.parquet"
        for run in range(runs):
            pq.write_table(pa.Table.from_pylist(list(_rows(random.Random(run), rows))), path)
            found = engine.run(asked, tokenizers, Corpus((str(path),))).tables["fertility"]
            row = next(r for r in found.to_pylist() if (r["tokenizer"], r["lang"]) == CELL)
            for name, truth in TRUTHS.items():
                held[name] += abs(row[name] - truth) <= row[f"{name}_ci95"]
    return {name: n / runs for name, n in held.items()}


# Words of 1 to 12 letters, documents of 1 to 20 words, each number as often as the others: 68.25
# letters and 9.5 spaces a document; letters of the other language take 4/3 bytes in the mean.
LETTERS, WORDS, ENGLISH, OTHER = 12, 20, "abcdef", "abçdéf"
CELL = ("builtin:bytes", "xx")
LONGER = (68.25 * 4 / 3 + 9.5) / (68.25 + 9.5)
TRUTHS = {"fertility": 6.5 * 4 / 3, "premium": LONGER, "nsl": LONGER}


def _rows(chance: random.Random, rows: int) -> Iterator[dict[str, str]]:
    """Draw parallel rows: as many words in both languages, each as long as it happens to be."""
    for number in range(rows):
        words = chance.randint(1, WORDS)
        for lang, letters in (("en", ENGLISH), ("xx", OTHER)):
            drawn = (chance.choices(letters, k=chance.randint(1, LETTERS)) for _ in range(words))
            text = " ".join(map("".join, drawn))
            yield {"id": str(number), "lang": lang, "text": text}


def main() -> None:
    """Print a table for each scenario."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--runs", type=int, default=2_000, help="corpora for each population")
    options.add_argument("--engine", type=int, default=500, help="corpora through the engine")
    asked = options.parse_args()
    names = ("fertility", "premium", "nsl")
    print(f"{'documents':24}{'rows':>7}" + "".join(f"{name:>20}" for name in names), flush=True)
    for kind, population in POPULATIONS.items():
        for size in SIZES:
            found = [covered(getattr(population, name), size, asked.runs) for name in names]
            cells = "".join(f"{held:12.1%} ±{width:6.1%}" for held, width in found)
            print(f"{kind:24}{size:7,}{cells}", flush=True)
    shares = of_the_engine(asked.engine)
    print(f"{'through the engine':24}{200:7,}" + "".join(f"{shares[n]:12.1%}{'':8}" for n in names))


if __name__ == "__main__":
    main()
