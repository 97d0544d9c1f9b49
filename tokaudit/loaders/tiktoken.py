"""`tiktoken:o200k_base`: OpenAI's encodings, and those of installed `tiktoken_ext` plugins.

Rank files come from tiktoken's own cache (TIKTOKEN_CACHE_DIR) or are downloaded into it.
"""

import tiktoken

from tokaudit.engines import contained
from tokaudit.engines.tiktoken import TiktokenEngine
from tokaudit.errors import BadTokenizer
from tokaudit.loaders import Spec
from tokaudit.text import line
from tokaudit.tokenizer import SourceFile, Tokenizer
from tokaudit.vocabulary import Vocabulary


def load(spec: Spec) -> Tokenizer:
    """Load an encoding by its name."""
    known = tiktoken.list_encoding_names()
    if spec.ref not in known:
        listed = ", ".join(sorted(known))
        raise BadTokenizer(f"tiktoken has no encoding {line(spec.ref)!r}; it has {listed}")
    with contained(f"tiktoken could not fetch or read {spec.ref}"):
        encoding = tiktoken.get_encoding(spec.ref)
    return from_encoding(spec, encoding)


def from_encoding(
    spec: Spec, encoding: tiktoken.Encoding, files: tuple[SourceFile, ...] = ()
) -> Tokenizer:
    """Describe an encoding that is there already."""
    special = {name: encoding.encode_single_token(name) for name in encoding.special_tokens_set}
    entries = {}
    for number in range(encoding.max_token_value + 1):
        try:
            entries[number] = encoding.decode_single_token_bytes(number)
        except KeyError:  # ids may have gaps
            continue
    return Tokenizer(
        spec=str(spec),
        algorithm="byte-level BPE",
        vocabulary=Vocabulary.of(entries, set(special.values())),
        engine=TiktokenEngine(encoding),
        pipeline={"pattern": encoding._pat_str, "special": special},
        files=files,
    )
