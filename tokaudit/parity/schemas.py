"""The tables of a parity report: A is the side named first, B the side named second."""

import pyarrow as pa

from tokaudit.columns import count, figure, label, shown

COUNTS = (
    count("rows", "rows that both sides have ids for"),
    count("differing_rows", "rows whose ids are not the same, one by one", "lower"),
    figure("differing_share", "differing_rows / rows", "lower"),
    count("tokens_a", "tokens of A in these rows"),
    count("tokens_b", "tokens of B in these rows"),
    count("tokens_lost", "tokens that B has fewer than A, over the rows where it has fewer"),
    count("tokens_gained", "tokens that B has more than A, over the rows where it has more"),
    count("only_in_a", "rows that B does not hold (a file of ids), not compared"),
    count("only_in_b", "rows that A does not hold, not compared"),
    count("refused_by_a", "rows that B has ids for and A could not encode", "lower"),
    count("refused_by_b", "rows that A has ids for and B could not encode", "lower"),
    count("refused", "rows that neither could encode", "lower"),
)
SUMMARY = pa.schema([count("languages", "languages, the probes (zxx) among them"), *COUNTS[:5]])
SCHEMAS = {
    "parity": pa.schema(COUNTS),
    "parity_probes": pa.schema([label("kind", "kind of text (docs/parity.md)"), *COUNTS]),
    "parity_stages": pa.schema(
        [
            label("stage", "the first stage whose outcome differs"),
            count("rows", "rows that differ there first"),
            label("where", "the languages and kinds of probe with most of them"),
        ]
    ),
    "parity_examples": pa.schema(
        [
            label("where", "language of the row, or kind of probe"),
            label("stage", "the first stage whose outcome differs"),
            shown("text", "the text around the place where the sides part"),
            shown("from_a", "the tokens of A from there on"),
            shown("from_b", "the tokens of B from there on"),
            count("position", "byte of the text where the first token that differs begins"),
            count("tokens_a", "tokens of A in the whole row"),
            count("tokens_b", "tokens of B in the whole row"),
            label("ids_a", "ids of the tokens of A from there on"),
            label("ids_b", "ids of the tokens of B from there on"),
        ]
    ),
    "parity_vocabulary": pa.schema(
        [
            label("change", "what is different about an id"),
            shown("examples", "the first such ids, with their entry in A and in B"),
            count("ids", "how many ids"),
        ]
    ),
}
HEADLINES = {
    "parity": ("differing_share", "differing_rows", "rows", "tokens_a", "tokens_b"),
    "parity_probes": ("kind", "differing_rows", "rows", "tokens_a", "tokens_b"),
    "parity_stages": ("stage", "where", "rows"),
    "parity_examples": ("where", "stage", "text", "from_a", "from_b", "position"),
    "parity_vocabulary": ("change", "examples", "ids"),
}
