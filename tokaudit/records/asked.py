"""What is asked of a file: which columns hold what, and what is known of its rows already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tokaudit.errors import BadCorpus, BadUsage
from tokaudit.text import line as shown

FIELDS = ("lang", "id", "domain", "text")
NEEDED = ("lang", "text")

Record = dict[str, str | None]  # a value for each of FIELDS that a file has


@dataclass(frozen=True)
class Asked:
    """What to read, and how.

    `columns` names the column of a field where the user did; else a column has the field's own
    name. `said` is what something other than a column, such as the file's path, says of all rows.
    With `aligned`, the number of a line is its id. A line, a cell or a whole file of more than
    `longest` bytes is refused.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)
    aligned: bool = False
    longest: int = 8 * 2**20

    def among(self, there: Sequence[str], place: object) -> dict[str, str]:
        """Map fields to the columns that hold them; raises BadCorpus, BadUsage.

        Text, language and every column that the user named must be there.
        """
        wanted = {each: self.columns.get(each, each) for each in FIELDS}
        for each, name in wanted.items():
            if name in there:
                self._check(each, name, there, place)
            elif each not in self.said and (each in NEEDED or each in self.columns):
                hint = " or give one language with --lang" if each == "lang" else ""
                raise missing(name, there, place, f" (name one with --{each}-column{hint})")
        return {each: name for each, name in wanted.items() if name in there}

    def _check(self, each: str, name: str, there: Sequence[str], place: object) -> None:
        if there.count(name) > 1:
            raise BadCorpus(f"{place} has several columns named {shown(name)!r}")
        if each in self.said:
            raise BadUsage(
                f"{place} has a column {shown(name)!r}, and an option or the path says"
                f" {shown(self.said[each])!r}: which one? (--{each}-column names another column)"
            )


def missing(name: str, there: Sequence[str], place: object, hint: str = "") -> BadCorpus:
    """Say which column is not there, and which are."""
    listed = ", ".join(shown(each) for each in there) or "nothing"
    return BadCorpus(f"{place} has no {shown(name)!r}; it has {listed}{hint}")
