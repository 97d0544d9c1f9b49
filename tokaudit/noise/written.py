"""A text letter by letter: what there is for noise to hit."""

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import numpy.typing as npt

from tokaudit.batch import Ints, Mask
from tokaudit.characters import categories, code_points, scripts


@dataclass(frozen=True, eq=False)
class Written:
    """The code points of a text, `letters`, and what Unicode says of them."""

    letters: tuple[str, ...]

    @cached_property
    def _codes(self) -> npt.NDArray[np.uint32]:
        return code_points("".join(self.letters))

    @cached_property
    def alphabet(self) -> frozenset[str]:
        """The distinct letters."""
        return frozenset(self.letters)

    def of(self, *classes: str) -> Mask:
        """Mark letters whose General_Category begins with one of these."""
        return _classes(classes)[self._codes]

    @cached_property
    def worded(self) -> Mask:
        """Mark what words are made of: letters, marks, numbers."""
        return self.of("L", "M", "N")

    @cached_property
    def widths(self) -> Ints:
        """Bytes of UTF-8 that each letter takes."""
        return np.array([len(letter.encode()) for letter in self.letters], np.int64)

    @cached_property
    def scripts(self) -> list[str]:
        """Name the script of each letter."""
        names, codes = scripts()
        return [names[code] for code in codes[self._codes].tolist()]

    @cached_property
    def pools(self) -> dict[str, str]:
        """Give the letters of each script that the text itself has, as often as it has them."""
        found: dict[str, str] = {}
        for place in np.flatnonzero(self.of("L")).tolist():
            script = self.scripts[place]
            found[script] = found.get(script, "") + self.letters[place]
        return found


@cache
def _classes(classes: tuple[str, ...]) -> Mask:
    names, codes = categories()
    return np.isin(codes, [place for place, name in enumerate(names) if name.startswith(classes)])
