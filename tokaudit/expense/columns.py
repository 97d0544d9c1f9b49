"""Columns of the fertility audit: what each figure of a language, and of all of them, is."""

import pyarrow as pa

from tokaudit.columns import count, figure, flag, label, sure
from tokaudit.expense import compression, frequency, isolated

RENYI_ORDER = 2.5
FIGURES = pa.schema(
    [
        count("rows", "rows measured"),
        count("bytes", "bytes of UTF-8 (B)"),
        count("chars", "code points (C)"),
        count("graphemes", "grapheme clusters, UAX #29 (G)"),
        count("words", "word-break segments that hold a letter or a number (W)"),
        count("tokens", "tokens (n)"),
        figure("fertility", "tokens that overlap a word, in context / W", "lower"),
        sure("fertility"),
        figure("tokens_per_word", "n / W, all tokens", "lower"),
        figure("continued_words", "share of words cut into two tokens or more", "lower"),
        sure("continued_words"),
        figure("single_token_words", "share of words that are one token", "higher"),
        sure("single_token_words"),
        *isolated.COLUMNS,
        *frequency.FIGURES,
        figure("bytes_per_token", "B / n", "higher"),
        sure("bytes_per_token"),
        figure("chars_per_token", "C / n", "higher"),
        figure("tokens_per_byte", "n / B", "lower"),
        figure(
            "premium",
            "n / n of the reference language, on rows both have (Petrov et al. 2023)",
            "lower",
        ),
        sure("premium"),
        flag("is_reference", "the language that premium compares with"),
        figure("nsl", "n / n of the baseline tokenizer on the same text", "lower"),
        sure("nsl"),
        figure(
            "vocabulary_used",
            "distinct ids seen / ids that text might yield (no control tokens, no bytes"
            " foreign to UTF-8)",
            "higher",
        ),
        figure(
            "renyi_efficiency",
            f"Rényi entropy of order {RENYI_ORDER} (--renyi-order) / log2 of the types seen"
            " (--vocabulary-denominator: of the vocabulary size; Zouhar et al. 2023)",
            "higher",
        ),
        figure("bits_per_byte", "n / B x Shannon entropy of the token unigram", "lower"),
        figure("bits_per_byte_uniform", "n / B x log2 of the vocabulary size", "lower"),
        *compression.COLUMNS,
        count("context_chars", "code points that --context tokens hold: tokens x C / n", "higher"),
        figure("cost", "n x --price / 1,000,000", "lower"),
        count(
            "altered_rows",
            "rows that the tokens' own bytes, joined, do not give back (a space before"
            " the row aside): normalised, or text was lost",
            "lower",
        ),
        count("unmatched_rows", "rows that are in no figure per word: --words FILE lacks them"),
        count("failed_rows", "rows the tokenizer could not encode, left out"),
    ]
)
SUMMARY = pa.schema(
    [
        count("languages", "languages with text"),
        count("tokens", "tokens of all languages", "lower"),
        count(
            "cheapest_in",
            "languages in which no other tokenizer needs fewer tokens; where it alters text it"
            " takes no part",
            "higher",
        ),
        count("altered_in", "languages in which it altered rows", "lower"),
        figure("premium_median", "median of the premiums of all but the reference", "lower"),
        figure("premium_max", "largest premium", "lower"),
        label("costliest", "the language with the largest premium"),
        figure(
            "gini_rows",
            "Gini coefficient over languages of tokens per parallel row (of premiums, the"
            " reference's own 1 among them); 0: all languages cost the same",
            "lower",
        ),
        figure("gini_bytes", "Gini coefficient over languages of tokens per byte", "lower"),
    ]
)
