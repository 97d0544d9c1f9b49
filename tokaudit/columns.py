"""Columns: what a field of a table holds, and which way is better; and how a table is laid out."""

from collections.abc import Sequence

import pyarrow as pa

SURE = "_ci95"  # how the name of a column ends that says how sure another one is


def count(name: str, definition: str, better: str = "") -> pa.Field:
    """Describe a column of whole numbers."""
    return _column(name, pa.int64(), definition, better)


def figure(name: str, definition: str, better: str = "", *, heat: bool = False) -> pa.Field:
    """Describe a column of figures; `better` is `lower`, `higher`, or neither.

    `heat` says that it is a share for which languages are laid out from the worst on, shaded.
    """
    field = _column(name, pa.float64(), definition, better)
    return field.with_metadata({**field.metadata, "heat": "1"}) if heat else field


def sure(name: str) -> pa.Field:
    """Describe the column that says how sure the figure of this name is."""
    definition = f"half the width of the 95 % interval of {name.replace('_', ' ')}"
    return _column(f"{name}{SURE}", pa.float64(), definition)


def label(name: str, definition: str) -> pa.Field:
    """Describe a column of words."""
    return _column(name, pa.string(), definition)


def shown(name: str, definition: str) -> pa.Field:
    """Describe a column of words that `text.show` wrote: it is not made safe a second time."""
    field = label(name, definition)
    return field.with_metadata({**field.metadata, b"shown": b"yes"})


def cut(name: str, definition: str, sign: str = "|") -> pa.Field:
    """Describe a column of texts with this sign wherever a token ends; media may draw boxes."""
    field = label(name, definition)
    return field.with_metadata({**field.metadata, b"cut": sign.encode()})


def shown_cut(name: str, definition: str, sign: str = "|") -> pa.Field:
    """Describe a column of such texts whose parts `text.show` wrote."""
    field = shown(name, definition)
    return field.with_metadata({**field.metadata, b"cut": sign.encode()})


def flag(name: str, definition: str) -> pa.Field:
    """Describe a column of yes and no."""
    return _column(name, pa.bool_(), definition)


def _column(name: str, kind: pa.DataType, definition: str, better: str = "") -> pa.Field:
    return pa.field(name, kind, metadata={"definition": definition, "better": better})


def table(
    columns: Sequence[pa.Field],
    *,
    across: str = "",
    by: str = "",
    empty: str = "",
    examples: bool = False,
) -> pa.Schema:
    """Describe a table.

    For people, the column `across` is laid out with a column for each tokenizer and a row for each
    value of `by`; without it the table is shown as it is, among the details. `empty` says why
    there may be no rows. `examples` says that its rows are worth a closer look, the first most.
    """
    said = {"across": across, "by": by, "empty": empty, "examples": "1" * examples}
    return pa.schema(columns, metadata={name: value for name, value in said.items() if value})
