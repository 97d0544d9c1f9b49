"""The tables of an overlap: A is the tokenizer named first, B the one that is compared with it."""

import pyarrow as pa

from tokaudit.columns import count, figure, label, shown

SIDES = (
    count("shared", "texts that both have"),
    count("only_a", "texts that only A has"),
    count("only_b", "texts that only B has"),
)
EXAMPLES = (
    shown("examples_a", "the first texts by id that only A has"),
    shown("examples_b", "the first texts by id that only B has"),
)
ONE_TOKEN = (
    label("script", "Unicode Script of the text; `all`, `several`, `none`"),
    count("texts", "texts that one side reads as one token, behind a line end"),
    count("one", "of them, those that are one token of the other side too"),
    count("two", "those that are two tokens"),
    count("three", "those that are three"),
    count("more", "those that are four or more"),
    count("lost", "those that the other side does not give back: unknown, dropped or changed"),
    figure("tokens_per_text", "tokens of the other side / texts that it does not lose"),
    shown("examples", "the first by id that are not one token, as the other side cuts them"),
)
SCHEMAS = {
    "overlap": pa.schema(
        [
            count("ids_a", "ids of A"),
            count("ids_b", "ids of B"),
            count("texts_a", "distinct texts that ids of A stand for, in canonical form"),
            count("texts_b", "distinct texts that ids of B stand for, in canonical form"),
            *SIDES,
            figure("jaccard", "shared / (shared + only_a + only_b)"),
            figure("share_of_a_in_b", "shared / texts_a"),
            figure("share_of_b_in_a", "shared / texts_b"),
            count("controls_a", "control tokens of A, the unknown token among them"),
            count("controls_b", "control tokens of B, the unknown token among them"),
            count("controls_shared", "control tokens of the same name"),
            figure("ids_kept", "ids with the same bytes in both / ids of both"),
        ]
    ),
    "overlap_classes": pa.schema([label("class", "position and content"), *SIDES, *EXAMPLES]),
    "overlap_scripts": pa.schema([label("script", "Unicode Script"), *SIDES, *EXAMPLES]),
    "overlap_a_in_b": pa.schema(ONE_TOKEN),
    "overlap_b_in_a": pa.schema(ONE_TOKEN),
    "overlap_changes": pa.schema(
        [
            label("change", "what became of texts, and of ids"),
            count("ids", "how many ids (of A; of B, where A has none)"),
            shown("examples", "the first of them"),
        ]
    ),
    "overlap_merges": pa.schema(
        [
            count("merges_a", "distinct texts that merges of A make"),
            count("merges_b", "distinct texts that merges of B make"),
            count("alike", "merges from the first on that make the same"),
            count("shared", "texts that merges of both make"),
            count("moved", "of them, those to be moved to have one order (the fewest)"),
            shown("parted", "the first merges that differ, A's and B's; a side that is over: –"),
        ]
    ),
}
