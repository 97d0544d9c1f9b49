"""The rules of the adversarial audit: all of them say "at risk", as no model is run."""

from tokaudit.rule import Rule

RULES = {
    "TA501": Rule(
        "warning",
        "text can become a control token",
        "The library that people load this tokenizer with turns the text of a control token into\n"
        "the token unless it is told otherwise. Whoever writes into a prompt can then end a turn\n"
        "or begin another. Encode what users write apart from the template, with\n"
        "encode_special_tokens (tokenizers), split_special_tokens (transformers) or\n"
        "disallowed_special=() (tiktoken), and let nobody switch that off.",
    ),
    "TA502": Rule(
        "warning",
        "a disguised text can become a control token",
        "In another case, in full-width forms or with an invisible letter inside, a text still\n"
        "becomes the control token: the tokenizer normalises before it looks for them. A filter\n"
        "that searches for the token's own spelling does not find such a text.",
    ),
    "TA503": Rule(
        "error",
        "text becomes a control token whatever is asked",
        "Even where special tokens are to be read as text, this text becomes the token. Such text\n"
        "must be removed or broken up before it is encoded.",
    ),
    "TA504": Rule(
        "note",
        "text becomes added tokens",
        "Added tokens that are not marked special are matched in any text before anything else,\n"
        "and no switch of a library stops that. Some of them steer a model all the same (marks of\n"
        "tool calls, masks, fill-in-the-middle): whoever writes into a prompt can write them.",
    ),
    "TA510": Rule(
        "warning",
        "words that meet lose the border between them",
        "In text without spaces the end of one word and the beginning of the next spell a third\n"
        "word, and a token lies over the border: a reader sees A B, a model another word. Models\n"
        "have been seen to misread such sentences (ADT, arXiv 2405.17067). The examples are at\n"
        "risk, not wrong; --export writes them as a challenge set.",
    ),
    "TA511": Rule(
        "note",
        "words that meet without a space lose the border between them",
        "In identifiers, hashtags, domain names and compounds the end of one word and the\n"
        "beginning of the next spell a third word, and tokens do not keep the border. Ordinary\n"
        "text of these scripts has spaces and is not concerned.",
    ),
    "TA520": Rule(
        "warning",
        "incomplete tokens of two scripts meet",
        "Two tokens that begin or end within a character, and are of different scripts, are text\n"
        "together and not apart. Training has hardly shown them side by side; models have been\n"
        "seen to invent other text instead of repeating them (Jang et al. 2024). There are few\n"
        "where pieces of characters are not merged with their neighbours.",
    ),
    "TA530": Rule(
        "note",
        "one letter before a word takes its token away",
        "Most words of this script have no token of their own left when a letter stands before\n"
        "them (TokenBreak). A classifier that reads these tokens can be passed by, with text that\n"
        "people and larger models still understand. Unigram models keep more words than BPE and\n"
        "WordPiece do.",
    ),
    "TA540": Rule(
        "warning",
        "long texts take more than linear time",
        "The time for one text of this family grows faster than the text. Whoever sends such a\n"
        "text can hold up whoever tokenizes it: limit what is encoded at once. Seen only\n"
        "with --timing; whether it appears depends on the machine and on what else it does.",
    ),
    "TA541": Rule(
        "warning",
        "a long text stopped the tokenizer",
        "The library refused the text, ended its process, or took longer than ten seconds for at\n"
        "most one megabyte. Seen only with --timing, which runs it in a process with limits. A\n"
        "service that tokenizes what users send needs such limits as well.",
    ),
}
