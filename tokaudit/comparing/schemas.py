"""The tables of a comparison: `against` is the tokenizer that the others are compared with."""

import pyarrow as pa

from tokaudit.columns import SURE, count, figure, flag, label, shown, shown_cut, sure, table
from tokaudit.legible import BORDER
from tokaudit.overlap.schemas import SCHEMAS as OVERLAP

MEAN = "mean over languages of log_ratio, weighted alike or by --weights"
RANKING = pa.schema(
    [
        figure("log_ratio", MEAN, "lower"),
        sure("log_ratio"),
        figure("difference", "exp(log_ratio) - 1: tokens more or, below 0, fewer", "lower"),
        figure("difference_low", "lower end of its 95 % interval"),
        figure("difference_high", "upper end of its 95 % interval"),
        flag("best", "fewest tokens of those that alter no text, or not shown to have more"),
        count("languages", "languages in the mean"),
        count("better", "languages in which it is better", "higher"),
        count("worse", "languages in which it is worse", "lower"),
        count("undecided", "languages with no difference shown"),
        count("not_judged", "languages without a verdict: the reasons are in compare_languages"),
        count("altered_in", "languages in which it altered rows", "lower"),
        figure("premium_median", "median of the premiums of all but the reference", "lower"),
        figure("premium_max", "largest premium", "lower"),
        label("digits", "how numbers are cut: the strategy that `tokaudit digits` finds"),
        count("vocabulary", "ids"),
        figure("share_of_against", "distinct texts of the other's vocabulary that it has"),
    ]
)
LANGUAGES = pa.schema(
    [
        count("rows", "rows both have read"),
        count("tokens", "tokens (n)", "lower"),
        count("tokens_against", "tokens of the other"),
        figure("log_ratio", "natural logarithm of tokens / tokens_against", "lower"),
        sure("log_ratio"),
        figure("difference", "tokens / tokens_against - 1: more or, below 0, fewer", "lower"),
        figure("difference_low", "lower end of its 95 % interval"),
        figure("difference_high", "upper end of its 95 % interval"),
        figure("p", "two-sided p of log_ratio being 0 (Student's t)"),
        figure("p_adjusted", "p, corrected for the number of languages and tokenizers"),
        label("verdict", "better, worse, no difference shown"),
        flag("few", "fewer than 100 rows: another sample may say otherwise"),
        figure("fertility", "tokens that overlap a word / W", "lower"),
        figure("fertility_against", "that of the other"),
        figure("fertility_difference", "fertility - fertility_against", "lower"),
        sure("fertility_difference"),
        figure("single_token_words", "share of words that are one token", "higher"),
        figure("single_token_words_against", "that of the other"),
        figure("single_token_words_difference", "the one less the other", "higher"),
        sure("single_token_words_difference"),
        count("altered_rows", "rows that it altered"),
        count("altered_rows_against", "rows that the other altered"),
        figure("weight", "weight of the language in the mean"),
    ]
)
CUTS = (
    count("tokens", "tokens"),
    count("tokens_against", "tokens of the other"),
    shown_cut("cut", "as it is cut", BORDER),
    shown_cut("cut_against", "as the other cuts it", BORDER),
)
WORDS = pa.schema(
    [
        shown("word", "word, as it is written in the rows drawn"),
        count("count", "how often it occurs in them"),
        count("change", "tokens - tokens_against of all occurrences"),
        *CUTS,
    ]
)
ROWS = pa.schema([figure("ratio", "tokens / tokens_against"), *CUTS])
HEADLINES = table(
    [
        label("figure", "an audit and the column of its table"),
        label("value", "the figure"),
    ],
    across="value",
    by="figure",
)
ALL = {
    "compare": RANKING,
    "compare_languages": LANGUAGES,
    "compare_headlines": HEADLINES,
    "compare_words": WORDS,
    "compare_rows": ROWS,
    **OVERLAP,
}
EVERY = ("log_ratio", f"log_ratio{SURE}", "difference", "difference_low", "difference_high")
