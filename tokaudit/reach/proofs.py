"""Proofs: why no text whatever yields an id, each from a rule of the tokenizer that says so."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

import numpy as np
import unicodedataplus

from tokaudit.batch import NO_LANGUAGE, Batch
from tokaudit.errors import EngineFailed
from tokaudit.fates import CHANGED, DROPPED, fates
from tokaudit.reach.merges import Merges
from tokaudit.reach.rules import Rules
from tokaudit.reach.utf8 import fringe
from tokaudit.reads import read
from tokaudit.text import WHITE_SPACE
from tokaudit.tokenizer import Tokenizer
from tokaudit.vocabulary import NEVER_UTF8

REASONS = {
    "control": "a control token: its text is read as ordinary text",
    "no text": "it stands for no text",
    "not UTF-8": "no UTF-8 text holds its bytes",
    "never unknown": "every byte has a token, so nothing is ever unknown",
    "covered": "a byte that stands in for what lacks an entry; its characters all have one",
    "added token": "its text holds an added token, which is matched before",
    "normalised": "normalisation leaves no text that holds its own",
    "pre-tokenizer": "the pre-tokenizer cuts within it, whatever stands around it",
    "merges": "its own bytes, merged by themselves, end in other tokens",
    "score": "another cut of its text into pieces has a higher score",
}


class Proofs:
    """The proofs there are about one tokenizer; rules are read when first asked for."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        """Hold the tokenizer; nothing is read yet."""
        self.tokenizer = tokenizer
        self.vocabulary = tokenizer.vocabulary
        self.rules = Rules(tokenizer)

    def reasons(self, places: Sequence[int]) -> Iterator[tuple[int, str]]:
        """Give the first reason that holds for each of these places, if there is one."""
        checks: dict[str, Callable[[int], bool]] = {
            "control": lambda place: bool(self.vocabulary.special[place]),
            "never unknown": self._never_unknown,
            "no text": lambda place: not self.vocabulary.lengths[place],
            "not UTF-8": lambda place: fringe(self._bytes(place)) is None,
            "covered": self._covered,
            "added token": self._shadowed,
            "normalised": self._normalised,
            "pre-tokenizer": self._cut,
            "merges": lambda place: self._merged(place, Merges),
            "score": lambda place: self._merged(place, None),
        }
        for place in places:
            reason = next((name for name, holds in checks.items() if holds(place)), None)
            if reason is not None:
                yield place, reason

    def _bytes(self, place: int) -> bytes:
        return self.vocabulary.texts[place].as_py()  # type: ignore[no-any-return]

    def _text(self, place: int) -> str | None:
        """Give an ordinary entry's text, None where it holds parts of characters."""
        if self.vocabulary.partial[place] or self.vocabulary.fallback[place]:
            return None
        if place in self._outside:
            return None
        return self._bytes(place).decode()

    @cached_property
    def _outside(self) -> frozenset[int]:
        """Places that the model does not make: the unknown token, and added tokens."""
        ids = {t["id"] for t in self.rules.config.get("added_tokens") or ()}
        ids |= {self.vocabulary.unknown} if self.vocabulary.unknown is not None else set()
        return frozenset(np.flatnonzero(np.isin(self.vocabulary.ids, sorted(ids))).tolist())

    def _never_unknown(self, place: int) -> bool:
        if self.vocabulary.ids[place] != self.vocabulary.unknown:
            return False
        standing_in = set(self.vocabulary.texts.filter(self.vocabulary.fallback).to_pylist())
        held = standing_in | {data for data in self._ordinary if data < b"\x80"}
        return all(bytes([byte]) in held for byte in range(256) if byte not in NEVER_UTF8)

    def _covered(self, place: int) -> bool:
        """Say whether all characters that hold this byte, 1 or 64 of them, are entries."""
        if not self.vocabulary.fallback[place]:
            return False
        (byte,) = self._bytes(place)
        if 0xC2 <= byte < 0xE0:
            return all(bytes([byte, more]) in self._ordinary for more in range(0x80, 0xC0))
        return byte < 0x80 and bytes([byte]) in self._ordinary

    @cached_property
    def _ordinary(self) -> frozenset[bytes]:
        apart = self.vocabulary.special | self.vocabulary.fallback
        return frozenset(self.vocabulary.texts.filter(~apart).to_pylist())

    def _shadowed(self, place: int) -> bool:
        text = self._text(place)
        return text is not None and any(added in text for added in self.rules.added)

    def _normalised(self, place: int) -> bool:
        text = self._text(place)
        if text is None or not self.rules.normalisers:
            return False
        form = self.rules.form
        if form is not None and not unicodedataplus.is_normalized(form, text):
            return True
        return self.rules.by_character and any(map(self._is_changed, set(text)))

    def _is_changed(self, letter: str) -> bool:
        """Say whether a character alone, that is no white space, comes back as another."""
        if letter in WHITE_SPACE:
            return False
        if letter not in self._changed:
            try:
                reading = read(self.tokenizer, Batch.of(NO_LANGUAGE, [letter]))
                fate = fates(reading).tolist()
            except EngineFailed:
                fate = []
            self._changed[letter] = fate in ([CHANGED], [DROPPED])
        return self._changed[letter]

    @cached_property
    def _changed(self) -> dict[str, bool]:
        return {}

    def _cut(self, place: int) -> bool:
        text = self._text(place)
        if text is None:
            return False
        marked = bool(self.vocabulary.continuing.any())
        begun = bool(self.vocabulary.continuing[place])
        bare = text.removeprefix(" ") if self.rules.dummy else text
        return any(
            not (cut.may_hold(bare, begun=begun) if begun or not marked else cut.may_begin(bare))
            for cut in self.rules.cuts
        )

    def _merged(self, place: int, kind: type | None) -> bool:
        """Say whether the model, left alone with this text, makes something else of it."""
        model = self.rules.merges
        if model is None or isinstance(model, Merges) != (kind is Merges):
            return False
        by_bytes = isinstance(model, Merges) and model.by_bytes
        text = self._text(place)
        if (text is None and not by_bytes) or place in self._outside or self._is_twin(place):
            return False
        return not model.yields(self._bytes(place)) and not self._taken_whole(text)

    def _taken_whole(self, text: str | None) -> bool:
        """Say whether a piece that is this text may be taken at once, without merging."""
        model = self.rules.merges
        whole = isinstance(model, Merges) and model.whole_first
        return whole and text is not None and all(cut.may_be(text) for cut in self.rules.cuts)

    def _is_twin(self, place: int) -> bool:
        """Say whether another id has the same bytes: then bytes do not tell which was spelled."""
        return self._bytes(place) in self._twins

    @cached_property
    def _twins(self) -> frozenset[bytes]:
        apart = self.vocabulary.special | self.vocabulary.fallback
        counts = Counter(self.vocabulary.texts.filter(~apart).to_pylist())
        return frozenset(text for text, times in counts.items() if times > 1)
