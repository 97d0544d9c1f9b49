"""How the values of `tokenizer.ggml.pre` cut text: published patterns of well-known tokenizers.

A GGUF file only names its pre-tokenizer. What a name means stands in llama.cpp and in the
tokenizer.json of the models it was made for; the patterns here are the latter's. docs/loaders.md
says which of them were compared with a real tokenizer.
"""

CONTRACTIONS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"
SIGNS = r" ?[^\s\p{L}\p{N}]+[\r\n]*"
SLASHED_SIGNS = r" ?[^\s\p{L}\p{N}]+[\r\n/]*"
BLANKS = r"\s*[\r\n]+|\s+(?!\S)|\s+"
LETTERS = r"[^\r\n\p{L}\p{N}]?\p{L}+"
UPPER, LOWER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
BEFORE = r"[^\r\n\p{L}\p{N}]?"
KANJI_KANA = r"[\u4E00-\u9FA5\u3040-\u309F\u30A0-\u30FF]+"

GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
LLAMA3 = f"{CONTRACTIONS}|{LETTERS}|\\p{{N}}{{1,3}}|{SIGNS}|{BLANKS}"
QWEN2 = f"{CONTRACTIONS}|{LETTERS}|\\p{{N}}|{SIGNS}|{BLANKS}"
TEKKEN = f"{BEFORE}{UPPER}*{LOWER}+|{BEFORE}{UPPER}+{LOWER}*|\\p{{N}}|{SLASHED_SIGNS}|{BLANKS}"
GPT4O = (
    f"{BEFORE}{UPPER}*{LOWER}+{CONTRACTIONS}?|{BEFORE}{UPPER}+{LOWER}*{CONTRACTIONS}?"
    f"|\\p{{N}}{{1,3}}|{SLASHED_SIGNS}|{BLANKS}"
)
DEEPSEEK_V3 = (
    r"[!-/:-@\[-`{-~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*"
    f"|{BLANKS}"
)

# Each pattern cuts what those before it left whole.
PATTERNS: dict[str, tuple[str, ...]] = {
    "default": (r"[\p{P}$+<=>^~|]+", GPT2, r"\p{N}+", r"[0-9][0-9][0-9]"),
    "gpt-2": (GPT2,),
    "falcon": (r"[\p{P}$+<=>^~|`]+", GPT2, r"[0-9][0-9][0-9]"),
    "starcoder": (r"\p{N}", GPT2),
    "llama-bpe": (LLAMA3,),
    "qwen2": (QWEN2,),
    "tekken": (TEKKEN,),
    "gpt-4o": (GPT4O,),
    "deepseek-v3": (r"\p{N}{1,3}", KANJI_KANA, DEEPSEEK_V3),
    "deepseek-coder": (
        r"[\r\n]",
        r"\s?\p{L}+",
        r"\s?\p{P}+",
        r"[\u4E00-\u9FA5\u0800-\u4E00\uAC00-\uD7FF]+",
        r"\p{N}",
    ),
}
# Other names of the same.
ALIASES = {
    **dict.fromkeys(("phi-2", "mpt", "olmo", "jais", "trillion", "granite-docling"), "gpt-2"),
    **dict.fromkeys(("llama3", "llama-v3", "falcon3", "falcon-h1", "pixtral", "lfm2"), "llama-bpe"),
    **dict.fromkeys(("smaug-bpe", "dbrx"), "llama-bpe"),
    **dict.fromkeys(("deepseek-r1-qwen", "stablelm2"), "qwen2"),
    **dict.fromkeys(("refact", "command-r", "smollm", "codeshell"), "starcoder"),
    "llama4": "gpt-4o",
}
# A piece that is a token is that token, whatever merges would make of it.
WHOLE = {"llama-bpe", "llama3", "llama-v3", "falcon3", "falcon-h1", "pixtral", "lfm2", "tekken"}
