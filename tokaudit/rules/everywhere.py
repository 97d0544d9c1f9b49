"""Rules for every audit: what was left out, lost or read in another way than asked."""

from tokaudit.rules import Rule

RULES = {
    "TA001": Rule(
        "error",
        "rows the tokenizer could not encode",
        "The library underneath refused these rows or panicked on them. They are in no figure\n"
        "of this tokenizer, and figures that need the same text twice (nsl, premium) are null.\n"
        "Common causes: a vocabulary without an unknown token or without all 256 bytes, or a\n"
        "very long run of one character.",
    ),
    "TA002": Rule(
        "warning",
        "few rows",
        "A language with fewer than 100 rows gives figures that another sample may not repeat.\n"
        "Use a larger corpus before you decide anything by a small difference. The premium is of\n"
        "parallel rows alone: an id that the reference language lacks, or that stands on several\n"
        "rows of a language, leaves its rows out of it.",
    ),
    "TA003": Rule(
        "warning",
        "a setting of the tokenizer was set aside",
        "Padding, truncation and dropout in a tokenizer.json make counts depend on batch, length\n"
        "or chance. They are cleared on loading. Whoever loads the file without clearing them\n"
        "gets other ids than reported here.",
    ),
    "TA004": Rule(
        "note",
        "an unpinned tokenizer",
        "A Hub reference without a commit may be another tokenizer tomorrow. Write\n"
        "hf:org/name@COMMIT to make the report repeatable.",
    ),
    "TA005": Rule(
        "warning",
        "rows left out of the corpus",
        "Rows that are null, empty or white space only, invalid UTF-8, or longer than\n"
        "--max-row-bytes are counted here and are in no figure.",
    ),
    "TA006": Rule(
        "warning",
        "a fast engine differed from the reference",
        "The fast engine gave other ids than the reference library for a text that was compared.\n"
        "Everything was encoded again by the reference, so the figures are right; the run took\n"
        "longer. --engine reference avoids the attempt.",
    ),
    "TA007": Rule(
        "warning",
        "reading by chunks differed from reading whole",
        "Documents are cut at single spaces and equal chunks are encoded once, where rule and\n"
        "proof say that ids stay the same; documents are compared all through. Here one differed,\n"
        "so this tokenizer read every document whole: the figures are right, the run took longer.\n"
        "--whole avoids the attempt. Please report the tokenizer.",
    ),
    "TA008": Rule(
        "error",
        "a tokenizer could not be measured",
        "It could not be loaded, or its library failed, ended the process, or did not come to an\n"
        "end with it. The others were measured without it, and tokaudit exits with 3. Load it\n"
        "alone to see more: tokaudit tokenizer inspect SPEC.",
    ),
}
