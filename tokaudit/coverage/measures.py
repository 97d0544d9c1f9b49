"""Measures: what the audit `coverage` says of each language, column by column."""

from collections.abc import Iterator

import pyarrow as pa

from tokaudit.columns import count, figure, sure
from tokaudit.coverage.round_trip import UNDECODED
from tokaudit.coverage.seen import Words

# Each rate with its definition: what is counted, and what it is a share of.
RATES = {
    "unk_rate": ("unknown", "tokens", "unknown tokens / n"),
    "unk_chars": ("unknown_chars", "chars", "characters the unknown token stands for / C"),
    "dropped_chars": ("dropped_chars", "chars", "characters that no token covers / C"),
    "byte_fallback_rate": (
        "fallback",
        "tokens",
        "tokens that are a byte standing in (`<0xNN>`) / n",
    ),
    "partial_utf8_rate": ("partial", "tokens", "tokens that are not valid UTF-8 alone / n"),
    "split_chars": ("split_chars", "chars", "multi-byte characters over two tokens or more / C"),
    "split_graphemes": (
        "split_graphemes",
        "graphemes",
        "grapheme clusters over two tokens or more / G",
    ),
    "multi_word_tokens": ("phrases", "tokens", "tokens of several words / n"),
}
HEATED = ("unk_rate", "partial_utf8_rate", "split_graphemes")
UNSURE = ("multi_word_tokens",)  # rates without an interval
CLASSES = {
    "exact": "rows drawn that come back byte for byte / rows drawn",
    "nfc": "rows drawn that differ but are equal in normalization form C / rows drawn",
    "nfkc": "rows drawn that are equal in form KC only / rows drawn",
    "whitespace": "rows drawn that are equal without white space only / rows drawn",
    "case": "rows drawn that are equal without white space and case only / rows drawn",
    "lossy": "rows drawn that differ otherwise: text was lost / rows drawn",
    UNDECODED: "rows drawn that the library could not decode / rows drawn",
}


def _rates() -> Iterator[pa.Field]:
    for name, (_, _, definition) in RATES.items():
        yield figure(name, definition, "" if name in UNSURE else "lower", heat=name in HEATED)
        if name not in UNSURE:
            yield sure(name)


COLUMNS = pa.schema(
    [
        count("rows", "rows measured"),
        count("bytes", "bytes of UTF-8 (B)"),
        count("chars", "code points (C)"),
        count("graphemes", "grapheme clusters, UAX #29 (G)"),
        count("words", "word-break segments that hold a letter or a number (W)"),
        count("tokens", "tokens (n)"),
        count("unknown_tokens", "tokens that are the unknown token", "lower"),
        *_rates(),
        count("ids_used", "distinct ids seen"),
        figure(
            "vocabulary_used",
            "distinct ids seen / ids that text might yield (no control tokens, no bytes"
            " foreign to UTF-8)",
            "higher",
        ),
        figure("multi_word_types", "distinct ids of several words / distinct ids seen"),
        count(
            "words_looked_at",
            f"distinct words: all, or the {Words.MOST:,} with the smallest hashes",
        ),
        figure(
            "words_never_whole",
            "words of these that are one token nowhere / words looked at",
            "lower",
        ),
        count("clusters", "distinct grapheme clusters, white space aside"),
        count(
            "clusters_lost",
            "distinct clusters that, read alone, are unknown, dropped or changed",
            "lower",
        ),
        count("drawn_rows", "rows drawn for round trips"),
        *(
            figure(name, said, "higher" if name == "exact" else "lower", heat=name == "lossy")
            for name, said in CLASSES.items()
        ),
        count(
            "altered_rows",
            "rows that the tokens' own bytes, joined, do not give back (a space before"
            " the row aside): normalised, or text was lost",
            "lower",
        ),
        count("failed_rows", "rows the tokenizer could not encode, left out"),
    ]
)
