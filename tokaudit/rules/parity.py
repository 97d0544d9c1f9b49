"""Rules of parity: each of the first six names a stage that treats a text in two ways."""

from tokaudit.rules import Rule

RULES = {
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
}
