"""Rules of the vocabulary audit: ids without text, bytes without ids, odd entries."""

from tokaudit.rules import Rule

RULES = {
    "TA120": Rule(
        "warning",
        "ids that no text yields",
        "A rule of the tokenizer itself (its normaliser, pre-tokenizer, merges, scores or added\n"
        "tokens) keeps every text from yielding these ids: this is proven, not only not found.\n"
        "Their embeddings are never trained. Usually the vocabulary was trained with another\n"
        "pre-tokenizer or normaliser than the one it ships with. --all-ids lists them.",
    ),
    "TA121": Rule(
        "note",
        "bytes that stand idle",
        "Bytes that no UTF-8 text holds (C0, C1, F5 to FF), and bytes that would stand in for\n"
        "characters which all have an entry of their own. Vocabularies with all 256 bytes have\n"
        "them by design. A model must still never be made to write them.",
    ),
    "TA122": Rule(
        "note",
        "ids that no text tried yields",
        "Nothing forbids these ids, and none of the texts that were tried yields them. They are\n"
        "mostly parts of characters that meet a part they merge with in every character.",
    ),
    "TA123": Rule(
        "error",
        "bytes without an id",
        "Where everything is made of bytes, a byte without an id is lost from text or stops the\n"
        "tokenizer: whole scripts may be written with it.",
    ),
    "TA124": Rule(
        "warning",
        "characters of Unicode are lost",
        "Read alone, these characters become the unknown token or leave no token at all. The\n"
        "table vocabulary_scripts says which scripts they belong to.",
    ),
    "TA125": Rule(
        "warning",
        "ids with the same bytes",
        "Two ids stand for the same text in the same role. At most one of them is learned from\n"
        "any given text, and decoding does not tell them apart.",
    ),
    "TA126": Rule(
        "note",
        "entries with characters that mean nothing",
        "Private use, unassigned code points and U+FFFD come from broken or mixed encodings in\n"
        "the text that the vocabulary was trained on.",
    ),
    "TA130": Rule(
        "warning",
        "control tokens that cannot be told apart",
        "Their text is empty, is not UTF-8, or is also that of an ordinary entry. Decoded, they\n"
        "cannot be told from nothing, from noise, or from text.",
    ),
    "TA140": Rule(
        "warning",
        "entries that look personal",
        "E-mail addresses and user names became entries because they were repeated in the text\n"
        "the vocabulary was trained on. Found by pattern: look at them before you conclude.",
    ),
    "TA141": Rule(
        "note",
        "entries that look like markup or boilerplate",
        "Web addresses, licence text, HTML and base64-like strings say what the vocabulary was\n"
        "trained on. Found by pattern. Long ones are seldom seen again and badly trained.",
    ),
}
