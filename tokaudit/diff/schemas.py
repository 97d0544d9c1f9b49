"""The tables of a diff: what is said of each tokenizer, and all that is not as it was."""

import pyarrow as pa

from tokaudit.columns import SURE, count, figure, flag, label

TOKENIZERS = pa.schema(
    [
        label("status", "same, changed (another identity), added, removed"),
        label("named_before", "how it was named, if otherwise"),
        label("identity_before", "digest of what makes its ids"),
        label("identity_after", "the same now"),
        count("compared", "values of rows and columns that both reports have"),
        count("changed", "values that are not what they were"),
        count("within", "figures changed by no more than their 95 % intervals allow"),
        count("rows_gone", "rows of tables that are no longer there"),
        count("rows_new", "rows of tables that were not there"),
        count("findings_new", "findings that were not there, or were less grave"),
        count("findings_gone", "findings that are no longer there, or were graver"),
    ]
)
CONDITIONS = pa.schema(
    [
        label("condition", "what a figure depends on"),
        label("before", "what it was"),
        label("after", "what it is"),
        flag("same", "whether that is the same"),
    ]
)
PLACE = (
    label("table", "table of the reports"),
    label("column", "column of that table"),
    label("row", "what tells the row from others of the language"),
    flag("headline", "one of the columns that its audit shows first"),
)
FIGURES = pa.schema(
    [
        *PLACE,
        figure("before", "what it was"),
        figure(f"before{SURE}", "half the width of its 95 % interval"),
        figure("after", "what it is"),
        figure(f"after{SURE}", "half the width of its 95 % interval"),
        figure("difference", "after - before"),
        figure("relative", "after / before - 1"),
        flag("within", "abs(difference) <= sqrt(before_ci95² + after_ci95²)"),
        label("better", "better or worse, where the column says which way is better"),
    ]
)
WORDS = pa.schema(
    [
        *PLACE,
        flag("shown", "whether its letters were made safe to show when they were measured"),
        label("before", "what it said"),
        label("after", "what it says"),
    ]
)
FINDINGS = pa.schema(
    [
        label("tokenizer", "tokenizer it is about, if it is about one"),
        label("lang", "language it is about, if it is about one"),
        label("change", "new, gone, graver, milder, says otherwise"),
        label("rule", "`tokaudit explain RULE` says more"),
        label("severity", "as it is, or was if it is gone"),
        label("message", "as it is, or was if it is gone"),
    ]
)
ROWS = pa.schema(
    [
        label("table", "table of the reports"),
        count("rows_gone", "rows that are no longer there"),
        count("rows_new", "rows that were not there"),
    ]
)
# Tables of rows that are about a tokenizer: CONDITIONS and FINDINGS need not be.
ALL = {
    "diff": TOKENIZERS,
    "diff_figures": FIGURES,
    "diff_words": WORDS,
    "diff_rows": ROWS,
}
