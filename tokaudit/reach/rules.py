"""Rules: what a tokenizer's own configuration says about how it cuts, as far as it proves."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyarrow as pa

from tokaudit.gguf_patterns import GPT2
from tokaudit.reach.merges import Merges, Scores, by_entries, by_pairs
from tokaudit.reach.parsed import UnreadPatternError
from tokaudit.reach.patterns import Automaton
from tokaudit.spelling import is_byte_level, parts, reader
from tokaudit.tokenizer import Tokenizer

FORMS = ("NFC", "NFD", "NFKC", "NFKD")
# Normalisers that treat a character alike wherever it stands.
BY_CHARACTER = (*FORMS, "BertNormalizer", "Lowercase", "StripAccents", "Precompiled", "Nmt")
PUNCTUATION = r"!-/:-@\[-`{-~\p{P}"
# What BERT's normaliser puts a space on both sides of, by blocks of Unicode: CJK ideographs, their
# extensions A to E, and both blocks of compatibility ideographs.
IDEOGRAPHS = "㐀-䶿一-鿿豈-\ufaff\U00020000-\U0002a6df\U0002a700-\U0002ceaf\U0002f800-\U0002fa1f"
FIXED = {"Whitespace": r"\w+|[^\w\s]+", "WhitespaceSplit": r"\S+"}


@dataclass(frozen=True)
class Cut:
    """One step of a pre-tokenizer: what it keeps as pieces matches a pattern.

    `gaps` says that text between matches is kept as well; then only characters that are matches
    by themselves (`alone`) cannot lie in such a gap.
    """

    automaton: Automaton
    alone: Automaton
    gaps: bool = False

    @classmethod
    def of(cls, pattern: str, gaps: bool = False) -> "Cut":
        """Read a pattern; raises UnreadPatternError."""
        return cls(Automaton.of(pattern), Automaton.of(pattern, looks=False), gaps)

    def may_hold(self, text: str, *, begun: bool = False) -> bool:
        """Say whether one piece may hold this text, inside it or anywhere."""
        if self.gaps and not all(self.alone.is_whole(letter) for letter in text):
            return True
        return self.automaton.holds(text, begun=begun)

    def may_begin(self, text: str) -> bool:
        """Say whether one piece may begin with this text."""
        if self.gaps and not all(self.alone.is_whole(letter) for letter in text):
            return True
        return self.automaton.starts_with(text)

    def may_be(self, text: str) -> bool:
        """Say whether this text may be one whole piece."""
        if self.gaps and not all(self.alone.is_whole(letter) for letter in text):
            return True
        return self.automaton.is_whole(text)


@dataclass(frozen=True, eq=False)
class Rules:
    """A tokenizer, read for what it can never do; what is not understood proves nothing."""

    tokenizer: Tokenizer

    @property
    def config(self) -> dict[str, Any]:
        """The configuration, as the loader kept it."""
        return self.tokenizer.settings

    @cached_property
    def model(self) -> dict[str, Any]:
        """The model's part of a tokenizer.json, empty for any other."""
        return self.config.get("model") or {}

    @cached_property
    def added(self) -> tuple[str, ...]:
        """Texts that are matched before anything else is done, wherever they stand."""
        if "pieces" in self.config:
            places = pa.array(self.tokenizer.user_defined, pa.int64())
            texts = self.tokenizer.vocabulary.texts.take(places).to_pylist()
            return tuple(text.decode() for text in texts)
        tokens = self.config.get("added_tokens") or ()
        return tuple(
            t["content"]
            for t in tokens
            if not (t["special"] or t["normalized"] or t["single_word"]) and t["content"]
        )

    @cached_property
    def normalisers(self) -> tuple[str, ...]:
        """The types of the normaliser's steps, in order."""
        if "pieces" in self.config:
            return ("Precompiled",)
        return tuple(step["type"] for step in parts(self.config, "normalizer"))

    @property
    def by_character(self) -> bool:
        """Whether a character that is changed alone is changed wherever it stands."""
        return set(self.normalisers) <= set(BY_CHARACTER)

    @property
    def form(self) -> str | None:
        """The normal form of every text the model sees; each is closed under taking parts."""
        return next((kind for kind in self.normalisers[-1:] if kind in FORMS), None)

    @cached_property
    def cuts(self) -> tuple[Cut, ...]:
        """What the pre-tokenizer keeps together, step by step."""
        if "pattern" in self.config:
            return tuple(_read(self.config["pattern"], False))
        rewritten = set(self.normalisers) & {"Replace", "Prepend"}
        if rewritten or not self.model:  # patterns see another text than ours, or there are none
            return ()
        return tuple(self._steps())

    @property
    def dummy(self) -> bool:
        """Whether a step puts a space before each piece only after the cuts were made."""
        taken = parts(self.config, "pre_tokenizer") if self.model else []
        return any(step["type"] == "Metaspace" for step in taken)

    def _steps(self) -> Iterator[Cut]:
        cjk = any(
            step["type"] == "BertNormalizer" and step.get("handle_chinese_chars")
            for step in parts(self.config, "normalizer")
        )
        for step in parts(self.config, "pre_tokenizer"):
            kind = step["type"]
            if kind == "Metaspace":  # from here on, text is spelled otherwise
                return
            yield from _of_step(step, IDEOGRAPHS if cjk else "")
            if kind == "ByteLevel":
                return

    @cached_property
    def merges(self) -> Merges | Scores | None:
        """What the model makes of a text by itself; None where that cannot be told."""
        if self.model:
            return self._of_json()
        if "pieces" in self.config:
            return self._of_sentencepiece()
        return self._of_ranks() if "pattern" in self.config else None

    def _of_json(self) -> Merges | Scores | None:
        model = self.model
        if model.get("type") == "Unigram":
            if is_byte_level(self.config):  # its pieces are bytes, and need not be text
                return None
            return self._scores([score for _, score in self.config["scores"]])
        if "merges" not in model or model.get("end_of_word_suffix"):
            return None
        if model.get("continuing_subword_prefix"):
            return None
        to_bytes = reader(self.config)
        pairs = (pair if isinstance(pair, list) else pair.split(" ") for pair in model["merges"])
        known = [(to_bytes(left), to_bytes(right)) for left, right in pairs]
        rank, by_bytes = by_pairs(known), is_byte_level(self.config)
        return Merges(rank, by_bytes, bool(model.get("ignore_merges")))

    def _of_sentencepiece(self) -> Merges | Scores | None:
        scores = [score for _, score in self.config["pieces"]]
        if self.tokenizer.algorithm == "Unigram":
            return self._scores(scores)
        if self.tokenizer.algorithm != "BPE":
            return None
        return Merges(by_entries({t: -s for t, s in self._ordinary(scores)}), False, False)

    def _of_ranks(self) -> Merges:
        ids = self.tokenizer.vocabulary.ids.tolist()
        return Merges(by_entries(dict(self._ordinary(ids))), True, True)

    def _scores(self, scores: list[float]) -> Scores:
        return Scores({text.decode(): score for text, score in self._ordinary(scores)})

    def _ordinary(self, values: list[Any]) -> Iterator[tuple[bytes, Any]]:
        """Pair the bytes of ordinary entries with these values, which stand in the ids' order."""
        vocabulary = self.tokenizer.vocabulary
        apart = vocabulary.special | vocabulary.fallback | (vocabulary.ids == vocabulary.unknown)
        for text, other, value in zip(
            vocabulary.texts.to_pylist(), apart.tolist(), values, strict=False
        ):
            if not other:
                yield text, value


def _of_step(step: dict[str, Any], ideographs: str) -> Iterator[Cut]:
    kind = step["type"]
    if kind == "Split":
        yield from _of_split(step)
    elif kind == "ByteLevel" and step.get("use_regex", True):
        yield from _read(GPT2, False)
    elif kind == "BertPreTokenizer":
        alone = f"[{PUNCTUATION}{ideographs}]"
        yield from _read(rf"[^\s{PUNCTUATION}{ideographs}]+|{alone}", False)
    elif kind == "Digits":
        more = "" if step.get("individual_digits") else "+"
        yield from _read(rf"\p{{N}}{more}|\P{{N}}+", False)
    elif kind in FIXED:
        yield from _read(FIXED[kind], False)


def _of_split(step: dict[str, Any]) -> Iterator[Cut]:
    pattern = step["pattern"].get("Regex")
    if pattern is None:
        return
    if step["behavior"] == "Isolated" and not step.get("invert"):
        yield from _read(pattern, True)
    elif step["behavior"] == "Removed" and step.get("invert"):
        yield from _read(pattern, False)


def _read(pattern: str, gaps: bool) -> Iterator[Cut]:
    try:
        yield Cut.of(pattern, gaps)
    except UnreadPatternError:
        return
