"""What a tokenizer is to us: a vocabulary, an engine that computes ids, and an identity."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, Protocol, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tokaudit import notes
from tokaudit.errors import EngineFailed
from tokaudit.text import line
from tokaudit.vocabulary import Vocabulary

Ints = npt.NDArray[np.int64]

# Texts whose ids are a tokenizer's behaviour. Adding or changing one changes every identity, so
# it goes with a new PROBES_VERSION.
PROBES_VERSION = "1"
PROBES = (
    "",
    " ",
    "Hello, world! It's 2024's last day; they'll say WE'VE won.",
    " leading, trailing ",
    "two  spaces,   three,\ttab\t\ttabs\n\nlines\r\nand\rreturns \n  indented",
    "0 1 12 123 1234 12345 123456 1234567 12345678 123456789 1,234,567.89 -3 +4 1e-9 0x1F",
    "٠١٢٣ ۱۲۳۴ १२३४ ১২৩৪ ๑๒๓๔ １２３４ ²³ ½ Ⅷ",
    "naïve café Größe ÅNGSTRÖM ǅ ﬁ İstanbul ıŞIK ΣΊΣΥΦΟΣ",
    "cafe\u0301 Vie\u0302\u0323t \u1112\u1161\u11ab\u1100\u1173\u11af",
    "Привет, мир! Ґанок. Ђорђе. Καλημέρα κόσμε.",
    "שָׁלוֹם עולם مرحبا بالعالم، سلام دنیا می\u200cخواهم",
    "नमस्ते दुनिया ক্ষমা ਪੰਜਾਬੀ ગુજરાતી வணக்கம் నమస్తే ಕನ್ನಡ മലയാളം සිංහල",
    "สวัสดีชาวโลก ສະບາຍດີ សួស្តី မင်္ဂလာပါ བཀྲ་ཤིས་བདེ་ལེགས།",
    "你好，世界。漢字とカナ、ひらがな。안녕하세요 𠮷野家",
    "ሰላም ልዑል გამარჯობა Բարեւ ᓄᓇᕗᑦ ᏣᎳᎩ ⴰⵣⵓⵍ ꦗꦮ",
    "👍🏽 👨\u200d👩\u200d👧\u200d👦 🇺🇦 ☃\ufe0f e\u20dd",
    "def f(x_1, *args):\n    return {'a': x_1[0]**2}  # TODO\n\tif (a!=b && c) { i++; } // done",
    "https://example.org/a?b=c&d=%20 user@example.org #tag @name $9.99 50% C++ C# A/B",
    "<|endoftext|> <s> </s> <unk> [CLS] [MASK] <|im_start|> [INST] <0x0A> ▁ ## Ġ",
    "\u00a0nbsp\u3000ideographic\u2009thin\u200bzero\ufeffbom\u2028line\x85nel\x0bvt\x0cff\x00nul",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "........ ======== -------- ???!!! ((())) \u2026\u2014\u201c\u201d\u00ab\u00bb",
    "\ue000\U000f0000\u0378\U000e0041\ufffd",
)
PLAIN = "The cat sat on 2 mats. Did it?"


class Ids(NamedTuple):
    """Ids of many texts, flat: text i owns `ids[offsets[i]:offsets[i + 1]]`."""

    ids: Ints
    offsets: Ints


class Placed(NamedTuple):
    """Ids with the bytes of its own text that each covers, as the engine reports them."""

    ids: Ids
    starts: Ints
    ends: Ints


class Encoder(Protocol):
    """Something that computes ids: text is ordinary text, no special token is read or added."""

    @property
    def name(self) -> str:
        """The library that does the work."""

    @property
    def version(self) -> str:
        """Its version."""

    def encode(self, texts: pa.LargeStringArray) -> Ids:
        """Turn texts without nulls into ids."""

    def place(self, texts: pa.LargeStringArray) -> Placed | None:
        """Encode, and say which bytes of its text each token covers; None if it cannot tell.

        Asked only for texts whose tokens' bytes, joined, are not the text.
        """


class Engine(Encoder, Protocol):
    """An encoder that decodes as well."""

    def decode(self, found: Ids) -> pa.LargeBinaryArray:
        """Turn the ids of each text back into text (UTF-8, or bytes that are none).

        As the library itself decodes, with nothing skipped and no spaces cleaned up.
        """


class SourceFile(NamedTuple):
    """A file a tokenizer was made from; its commit (40 hex digits) if it came from the Hub."""

    name: str
    sha256: str
    size: int
    commit: str | None = None


class Frame(NamedTuple):
    """Special tokens that a tokenizer's own file puts before and after a text; never put here."""

    before: tuple[str, ...]
    after: tuple[str, ...]


class Identity(NamedTuple):
    """Three digests (16 hex digits each): same vocabulary, same configuration, same ids."""

    vocabulary: str
    pipeline: str
    behaviour: str

    def __str__(self) -> str:
        """Write the identity as one word."""
        return "-".join(self)


class Chunking(NamedTuple):
    """By which chunks a document may be read so that its ids stay the same, and why.

    `how` is `lines` (all chunks there are), `spaced` (those between single spaces), `bare` (those,
    without the space before them, because the tokenizer puts one before every text itself), or
    `whole` (none but the document).
    """

    how: str
    reasons: tuple[str, ...] = ()


USER_DEFINED = 4  # a type of SentencePiece's pieces
WHOLE = Chunking("whole", ("nobody has looked",))


class Opened(NamedTuple):
    """A library's own way from a text to ids and back; both may raise whatever it raises."""

    encode: Callable[[str], Sequence[int]]
    decode: Callable[[Sequence[int]], str]


class Library(NamedTuple):
    """What people load a tokenizer with: `open` loads it anew, asked as who says nothing asks it.

    No special token is put around a text; what becomes of one inside is the library's own choice.
    """

    name: str
    open: Callable[[], Opened]


@dataclass(frozen=True, eq=False)
class Tokenizer:
    """A loaded tokenizer.

    `pipeline` is its configuration without the vocabulary (what JSON can hold); `remarks` are
    settings that were set aside on loading because they must not change a count; `unpinned` says
    that the spec may name another tokenizer tomorrow. `frame` is None where the files do not say
    what surrounds a text; `home` is the folder they lie in, which goes into no report. `chunking`
    is what `safety.py` found. `library` is None where people load it with one that is not asked.
    """

    spec: str
    algorithm: str
    vocabulary: Vocabulary
    engine: Engine
    pipeline: Any
    files: tuple[SourceFile, ...] = ()
    remarks: tuple[str, ...] = ()
    unpinned: bool = False
    frame: Frame | None = None
    home: Path | None = None
    chunking: Chunking = WHOLE
    library: Library | None = None

    def encode(self, texts: pa.LargeStringArray) -> Ids:
        """Encode texts by the engine; raises EngineFailed, or what a fast engine raises."""
        notes.now("reading", self.spec)
        return self.engine.encode(texts)

    def by_reference(self) -> Self:
        """Give this tokenizer with the engine that a fast one is held against."""
        return replace(self, engine=getattr(self.engine, "reference", self.engine))

    @property
    def settings(self) -> dict[str, Any]:
        """The pipeline by the names of its parts; empty where a loader describes none."""
        return self.pipeline if isinstance(self.pipeline, dict) else {}

    @property
    def user_defined(self) -> list[int]:
        """List ids of the pieces that users gave a SentencePiece model: matched before all else."""
        pieces = self.settings.get("pieces", ())
        return [place for place, (kind, _) in enumerate(pieces) if kind == USER_DEFINED]

    def unlike(self, identity: str) -> str | None:
        """Say so if this is another tokenizer than the one of that identity."""
        if str(self.identity) == identity:
            return None
        return f"{line(self.spec)} is another tokenizer here: {self.identity}, not {identity}"

    @cached_property
    def identity(self) -> Identity:
        """Digest vocabulary, pipeline, and the ids of `PROBES`; the same on every machine."""
        pipeline = json.dumps([self.algorithm, self.pipeline], sort_keys=True).encode()
        behaviour = json.dumps([PROBES_VERSION, [self._ids(probe) for probe in PROBES]]).encode()
        return Identity(
            self.vocabulary.digest[:16],
            hashlib.sha256(pipeline).hexdigest()[:16],
            hashlib.sha256(behaviour).hexdigest()[:16],
        )

    def _ids(self, text: str) -> list[int] | None:
        """Give the ids of a text, None where the engine refuses it."""
        try:
            found = self.encode(pa.array([text], pa.large_string()))
        except EngineFailed:
            return None
        return list(map(int, found.ids))
