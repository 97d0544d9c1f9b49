"""Rules of the audit `coverage`: TA101 on are about round trips, TA110 on about characters."""

from tokaudit.rules import Rule

RULES = {
    "TA101": Rule(
        "error",
        "text is lost on the way back",
        "Rows of the corpus, encoded and decoded by the library itself, come back as other text:\n"
        "letters are unknown, dropped, or stripped of their marks. No model can read what is not\n"
        "in its ids, and such a tokenizer looks cheap because of what it lost. The table\n"
        "coverage_round_trip shows the worst row of each language and one like any other.",
    ),
    "TA102": Rule(
        "warning",
        "white space or case is lost on the way back",
        "Rows come back with other spaces, or in lower case. Words survive; code, tables, names\n"
        "and verse may not. Do not use such a tokenizer where text is to be written back.",
    ),
    "TA103": Rule(
        "note",
        "text comes back normalised",
        "Rows come back in another Unicode normalization form (NFC, NFKC). Under NFC a reader\n"
        "sees no difference, but bytes and offsets are others; under NFKC `²` becomes `2`.",
    ),
    "TA104": Rule(
        "error",
        "ids that the library cannot decode",
        "The library raised an error, or panicked, when it decoded ids that it had made itself.\n"
        "Look at the decoder of the tokenizer's file.",
    ),
    "TA110": Rule(
        "warning",
        "many unknown tokens",
        "More than 1 % of a language's tokens are the unknown token. Each stands for a character\n"
        "or a whole word that the model never sees. The table coverage_clusters says which\n"
        "characters have no entry. Byte fallback or a byte-level vocabulary avoids it.",
    ),
    "TA111": Rule(
        "warning",
        "characters that leave no token",
        "No token covers these characters, not even the unknown token: the normaliser removes\n"
        "them (control characters, accents, joiners) or the vocabulary lacks their bytes. No\n"
        "trace of them is in the ids, so unk_rate does not show it.",
    ),
    "TA112": Rule(
        "warning",
        "most tokens are parts of characters",
        "More than half of a language's tokens are no valid UTF-8 by themselves: the vocabulary\n"
        "has few entries for its script. The text costs several tokens a character, a model must\n"
        "spell it byte by byte, and output that is cut off or sampled may be no text.",
    ),
}
