"""`builtin:bytes` and `builtin:chars`: always there, the reference lines of every comparison."""

import numpy as np

from tokaudit.engines.builtin import BuiltinEngine
from tokaudit.errors import BadTokenizer
from tokaudit.loaders import Spec
from tokaudit.text import line
from tokaudit.tokenizer import Tokenizer
from tokaudit.vocabulary import Vocabulary

SURROGATES = range(0xD800, 0xE000)


def load(spec: Spec) -> Tokenizer:
    """Make one of the two."""
    if spec.ref == "bytes":
        vocabulary = Vocabulary.of({byte: bytes([byte]) for byte in range(256)})
        engine = BuiltinEngine("utf-8", np.uint8)
    elif spec.ref == "chars":
        letters = (code for code in range(0x110000) if code not in SURROGATES)
        vocabulary = Vocabulary.of({code: chr(code).encode() for code in letters})
        engine = BuiltinEngine("utf-32-le", np.uint32)
    else:
        raise BadTokenizer(f"no builtin tokenizer {line(spec.ref)!r}: there are bytes and chars")
    return Tokenizer(str(spec), spec.ref, vocabulary, engine, pipeline=engine.encoding)
