"""Findings: what deserves attention, each under a rule with a stable number and an explanation."""

from dataclasses import dataclass

from tokaudit.rules import Rule, Severity, adversarial, coverage

FEW_ROWS = 100  # a language with fewer gives figures that another sample may not repeat

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
        "Use a larger corpus before you decide anything by a small difference.",
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
    "TA020": Rule(
        "warning",
        "long runs of digits take more than linear time",
        "The time for one run of digits grows faster than the run. A long number, such as the\n"
        "digits of pi or a dump of data, can then hold up whoever tokenizes it. Seen only with\n"
        "--timing; whether it appears depends on the machine and on what else it does.",
    ),
    **coverage.RULES,  # 10x and 11x
    # 12x to 14x: vocabularies.
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
    # 4xx: parity. Each of the first six names a stage that treats a text in two ways.
    "TA401": Rule(
        "error",
        "added tokens are found elsewhere",
        "Added tokens are cut out of a text before anything else. One side has an added token\n"
        "that the other lacks, or finds it under other conditions (stripping the spaces beside\n"
        "it, single words only, before or after normalising). Compare added_tokens of the two.",
    ),
    "TA402": Rule(
        "error",
        "the normaliser differs",
        "The sides change the text in two ways before it is cut: Unicode normalization, lower\n"
        "case, accents, a prefix space. The model is asked to encode two different texts.",
    ),
    "TA403": Rule(
        "error",
        "the pre-tokenizer differs",
        "The sides cut the text at other places, so that other merges are possible. The usual\n"
        "cause is a class that rebuilds a tokenizer from vocabulary and merges and brings its own\n"
        "pattern instead of the one in tokenizer.json; digits and white space show it first.",
    ),
    "TA404": Rule(
        "error",
        "the model differs",
        "Both sides ask for the same pieces and get other tokens: merges or scores differ, merges\n"
        "are missing, or an option such as byte fallback or ignore_merges is set on one side.",
    ),
    "TA405": Rule(
        "error",
        "the same tokens have other ids",
        "Both sides cut the text into the same bytes, and number them differently. A model that\n"
        "was trained with the one cannot read the other.",
    ),
    "TA406": Rule(
        "error",
        "special tokens stand around the text",
        "The ids are equal but for control tokens before or behind them: one side ran its\n"
        "post-processor (BOS, EOS, [CLS]). Ask the other runtime for ids without special tokens.",
    ),
    "TA407": Rule(
        "error",
        "ids differ, and the stage cannot be told",
        "Only the stages of the tokenizers library can be run one by one, and a file of ids has\n"
        "none. Compare two tokenizer.json files to learn which stage it is.",
    ),
    "TA408": Rule(
        "error",
        "rows that one side refuses",
        "One side has ids for these rows, the other could not encode them: its library raised an\n"
        "error, or the file of ids has null for them. Common causes are a vocabulary without an\n"
        "unknown token or without all 256 bytes, and a limit of length.",
    ),
    "TA409": Rule(
        "error",
        "ids that stand for other bytes",
        "The same id is another token on the two sides. Ids that one side wrote read as other\n"
        "text on the other side, even where no row that was compared shows it.",
    ),
    "TA410": Rule(
        "warning",
        "ids that one side lacks, or names differently",
        "An id is in one vocabulary only, or is a control token of another name. Text yields\n"
        "neither as long as rows are equal, but a chat template or a decoder may.",
    ),
    "TA411": Rule(
        "note",
        "rows that one side does not hold",
        "A file of ids has only the rows that were written into it. Rows that are in one file, or\n"
        "in the corpus and not in the file, are counted here and were not compared.",
    ),
    # 9xx: limits.
    "TA901": Rule(
        "error",
        "a limit was broken",
        "`tokaudit check` holds figures against the limits of the configuration. The message says\n"
        "what the figure is and what it must be. To look closer, run the audit for that language\n"
        "and tokenizer; to accept a change, write the baseline again or widen the limit.",
    ),
    "TA902": Rule(
        "warning",
        "a limit could not be judged for a row",
        "The figure does not exist there, for the reason that is given, or the baseline does not\n"
        "hold it. Other rows of the same limit were judged.",
    ),
}
# 5xx: adversarial.
RULES |= adversarial.RULES


@dataclass(frozen=True, order=True)
class Finding:
    """One thing found: a rule, what it says here, and about which tokenizer and language."""

    rule: str
    message: str
    tokenizer: str | None = None
    lang: str | None = None
    level: Severity | None = None

    @property
    def severity(self) -> Severity:
        """How much it matters: its own level if it was given one, else that of its rule."""
        return self.level or RULES[self.rule].severity
