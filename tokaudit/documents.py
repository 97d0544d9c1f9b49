"""Documents: how many tokens each of a bag's documents takes, whatever chunks it was read by."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from tokaudit.bag import Bag
from tokaudit.batch import Ints


@dataclass(frozen=True, eq=False)
class Lengths:
    """The documents of a bag's cohort; document i of the bag (of any cohort) takes `all[i]`."""

    bag: Bag
    cohort: int
    all: Ints

    @property
    def tokens(self) -> Ints:
        """Tokens of each document of the cohort."""
        return np.asarray(self.all[self.bag.cohorts == self.cohort])


def lengths(bag: Bag, tokens: Ints) -> Iterator[tuple[int, Lengths]]:
    """Add up the tokens of chunks document by document, for each cohort."""
    total = np.add.reduceat(tokens[bag.codes], bag.starts[:-1])
    return ((cohort, Lengths(bag, cohort, total)) for cohort in bag.weights)


def beginning(bag: Bag, document: int, most: int) -> str:
    """Give the first letters of a document; no chunk is empty, unless its document is."""
    begin, end = bag.starts[document : document + 2].tolist()
    codes = bag.codes[begin : min(end, begin + most)]
    return "".join(bag.chunks.take(pa.array(codes)).to_pylist())[:most]
