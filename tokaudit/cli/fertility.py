"""`tokaudit fertility --price --context ...`: figures that depend on what the user chooses."""

from math import isfinite, isinf, isnan
from typing import TYPE_CHECKING, Annotated

import typer

from tokaudit.cli import options as o
from tokaudit.cli.asked import Asked
from tokaudit.errors import BadUsage

if TYPE_CHECKING:
    from tokaudit.audits import Audit

PANEL = "Figures"
RenyiOrder = Annotated[
    float | None,
    typer.Option(
        metavar="A",
        min=0,
        help="Order of the Rényi efficiency: 1 is Shannon's, inf that of the most frequent token.",
        show_default="2.5",
        rich_help_panel=PANEL,
    ),
]
VocabularyDenominator = Annotated[
    bool,
    typer.Option(
        "--vocabulary-denominator",
        help="Divide the Rényi entropy by log2 of the vocabulary size, not of the types seen.",
        rich_help_panel=PANEL,
    ),
]
Rare = Annotated[
    int | None,
    typer.Option(
        metavar="K",
        min=1,
        help="Words that occur up to so many times in the corpus are rare.",
        show_default="10",
        rich_help_panel=PANEL,
    ),
]
Context = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        min=1,
        max=o.MOST,
        help="Say how many characters of the corpus, of code and of UUIDs in JSON a window of N"
        " tokens holds.",
        rich_help_panel=PANEL,
    ),
]
Price = Annotated[
    float | None,
    typer.Option(
        metavar="P",
        min=0,
        max=o.MOST,
        help="Price of a million tokens, in any currency: adds what the corpus costs.",
        rich_help_panel=PANEL,
    ),
]
Isolated = Annotated[
    bool,
    typer.Option(
        "--isolated",
        help="Add figures of words encoded alone, as published ones often are. They lack the space"
        " before a word, and rankings flip: never quote them without saying so.",
        rich_help_panel=PANEL,
    ),
]


def _order(order: float) -> float | str:
    """Write an order so that JSON can hold it; raises BadUsage."""
    if isnan(order):
        raise BadUsage("--renyi-order nan is no order: write a number from 0 to inf")
    return "inf" if isinf(order) else order


def extra(  # noqa: PLR0913, PLR0917
    seed: int,
    renyi_order: RenyiOrder = None,
    vocabulary_denominator: VocabularyDenominator = False,
    rare: Rare = None,
    context: Context = None,
    price: Price = None,
    isolated: Isolated = False,
) -> Asked:
    """Gather what was chosen; raises BadUsage."""
    if price is not None and not isfinite(price):
        raise BadUsage(f"--price {price} is no price: write a number such as 2.5")
    order = None if renyi_order is None else _order(renyi_order)
    named = {"renyi_order": order, "rare": rare, "context": context, "price": price}
    chosen = {name: value for name, value in named.items() if value is not None}
    marks = {"vocabulary_denominator": vocabulary_denominator, "isolated": isolated}
    chosen |= {name: True for name, marked in marks.items() if marked}

    def choosing(audit: "type[Audit]") -> "type[Audit]":
        return audit.choosing(**chosen) if chosen else audit

    return Asked(audit=choosing)
