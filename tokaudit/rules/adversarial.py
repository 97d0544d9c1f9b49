"""The rules of the adversarial audit: all of them say "at risk", as no model is run."""

from tokaudit.rules import Rule

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
    "TA550": Rule(
        "warning",
        "tokens tear words that touch",
        "Between words of running text without spaces lies a token that begins or ends inside one\n"
        "of them, and is neither both words nor one of them. adversarial_running_traps lists the\n"
        "most frequent pairs with a sentence each. A word segmenter says where words end: it errs\n"
        "itself now and then, so read the examples before you conclude.",
    ),
    "TA560": Rule(
        "note",
        "another form of the same text costs many more tokens",
        "In capitals or in another normal form (NFD comes from file names and some keyboards) the\n"
        "text takes twice the tokens or more, and few of the tokens a model knows it by.\n"
        "Normalise to NFC before you encode; do not write whole prompts in capitals.",
    ),
    "TA561": Rule(
        "note",
        "noise that the tokenizer does not see",
        "Every text that was changed like this has the ids of the original: the tokenizer drops\n"
        "what was changed. That is robust, and it means that two texts which people or filters\n"
        "tell apart are one text to the model.",
    ),
    "TA570": Rule(
        "note",
        "prompts that stop inside a word get other tokens",
        "Where a text is cut inside a word, its last tokens are not those that the whole text\n"
        "begins with, and a model goes on from tokens it has seldom seen followed by the rest.\n"
        "True of nearly all subword tokenizers. Let prompts end where words end, or heal them:\n"
        "take the last token back and let the model write it anew, bound to begin with its text.",
    ),
    "TA571": Rule(
        "warning",
        "a space at the end of a prompt changes its tokens",
        "Tokens of words bring the space before them along. A prompt that ends in a space has\n"
        "spent it, and the next word must do without the token that is usual for it. Drop the\n"
        "space at the end of a prompt.",
    ),
    "TA572": Rule(
        "warning",
        "prompts that stop at the end of a word get other tokens",
        "In this language a text that stops at the end of a word often has other last tokens than\n"
        "the text that goes on, because tokens lie over the borders of words. Prompts that look\n"
        "complete are at risk; adversarial_prompts says how many taking back one token heals.",
    ),
}
