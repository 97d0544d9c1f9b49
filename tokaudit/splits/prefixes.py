"""Prefixes: whether a word keeps its own token when one letter is put before it (TokenBreak, 2025).

A filter that learned the token of a word does not see it in `finstructions` unless that token is
still there; a reader, and often the model behind the filter, understands the word all the same.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple, Self

import numpy as np

from tokaudit.batch import NO_LANGUAGE, Batch, Ints, Mask
from tokaudit.columns import count, figure, label, table
from tokaudit.drawing import drawn
from tokaudit.findings import Finding
from tokaudit.reads import read
from tokaudit.splits.lexicon import Lexicon, lexicons
from tokaudit.splits.part import Looked, Part, Row
from tokaudit.splits.scope import Scope
from tokaudit.text import ratio
from tokaudit.tokenizer import Tokenizer
from tokaudit.vocabulary import Vocabulary

BEFORE = "a "  # what stands before the word, so that it is in running text
LETTERS, EXAMPLES = 8, 6
NOTED, ENOUGH = 0.5, 100  # a share of broken words, and words, from which there is a finding


class Broken(NamedTuple):
    """One script: words that have their own token in running text, and what letters did to them.

    `broken` has a row for each of these words and a column for each letter.
    """

    lexicon: Lexicon
    letters: tuple[str, ...]
    words: Ints
    broken: Mask
    looked_at: int
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Prefixes(Part):
    """What became of the words of every script that is written with spaces."""

    scripts: tuple[Broken, ...]

    FIGURES: ClassVar = [
        count("prefixed_words", "words that are one token, to which letters were put in front"),
        figure(
            "broken_share", "of these words with a letter: the word's own token is gone", "lower"
        ),
        figure("always_broken_share", "of these words: gone behind every letter tried", "lower"),
    ]
    TABLES: ClassVar = {
        "prefixes": table(
            [
                label("script", "Unicode Script"),
                label("letters", "letters that were put before words"),
                count("words", "words that are one token in running text"),
                figure("broken", "of words with a letter: the word's own token is gone", "lower"),
                figure("always_broken", "of the words: gone behind every letter", "lower"),
                figure("never_broken", "of the words: kept behind every letter", "higher"),
                label("examples", "frequent words behind a letter, as they are cut"),
            ],
            empty="The vocabulary holds no words that begin behind a space.",
        )
    }

    @classmethod
    def look(cls, tokenizer: Tokenizer, scope: Scope) -> Self:
        """Put letters before the words of each script, or before so many drawn at random."""
        spaced = (each for each in lexicons(tokenizer.vocabulary) if each.spaced)
        most = scope.words
        found = (_broken(tokenizer, each, _drawn(each, most, scope.seed)) for each in spaced)
        return cls(tuple(each for each in found if each.words.size))

    def figures(self) -> Row:
        """Add up the scripts."""
        words = sum(each.words.size for each in self.scripts)
        pairs, none = sum(each.broken.size for each in self.scripts), "no word is one token"
        return {
            "prefixed_words": words,
            "broken_share": ratio(sum(int(e.broken.sum()) for e in self.scripts), pairs, none),
            "always_broken_share": ratio(sum(map(_always, self.scripts)), words, none),
        }

    def tables(self) -> Mapping[str, Iterable[Row]]:
        """Give a row for each script, those with the most words first."""
        return {"prefixes": map(_row, self._ordered())}

    def _ordered(self) -> list[Broken]:
        return sorted(self.scripts, key=lambda each: -each.words.size)

    def looked(self) -> Iterator[Looked]:
        """Say how many words of each script there are."""
        for each in self.scripts:
            words = len(each.lexicon.words)
            yield Looked(f"words behind a letter, {each.lexicon.script}", words, each.looked_at)

    def findings(self) -> Iterator[Finding]:
        """Say where most words lose their token: the script with the most words first."""
        noted = [e for e in self._ordered() if e.words.size >= ENOUGH and e.broken.mean() >= NOTED]
        if noted:
            first, more = noted[0], len(noted) - 1
            share, cuts = f"{first.broken.mean():.0%}", ", ".join(first.examples[:3])
            said = f"{first.lexicon.script}: {share} of {first.words.size:,} words behind a letter"
            rest = f"; so in {more} scripts more" if more else ""
            yield Finding("TA530", f"{said}, such as {cuts}{rest}")


def _always(found: Broken) -> int:
    return int(found.broken.all(axis=1).sum())


def _row(found: Broken) -> Row:
    words = found.words.size
    return {
        "script": found.lexicon.script,
        "letters": " ".join(found.letters),
        "words": words,
        "broken": ratio(int(found.broken.sum()), found.broken.size, "no word"),
        "always_broken": ratio(_always(found), words, "no word"),
        "never_broken": ratio(int((~found.broken).all(axis=1).sum()), words, "no word"),
        "examples": ", ".join(found.examples),
    }


def _drawn(lexicon: Lexicon, most: int, seed: int) -> Ints:
    """Choose so many words, ranks ascending."""
    words = len(lexicon.words)
    if words <= most:
        return np.arange(words)
    return np.sort(np.random.default_rng(seed).choice(words, most, replace=False))


def _broken(tokenizer: Tokenizer, lexicon: Lexicon, chosen: Ints) -> Broken:
    own = own_tokens(tokenizer.vocabulary, [lexicon.words[word] for word in chosen.tolist()])
    letters = _letters(lexicon)
    kept = chosen[(there := _held(tokenizer, lexicon, chosen, own, "") > 0)]
    held = [_held(tokenizer, lexicon, kept, own[there], letter) for letter in letters]
    broken = np.stack([each == 0 for each in held], axis=1)
    broken &= np.stack([each >= 0 for each in held], axis=1)
    examples = _examples(tokenizer, lexicon, kept, broken, letters)
    return Broken(lexicon, letters, kept, broken, chosen.size, examples)


def _letters(lexicon: Lexicon) -> tuple[str, ...]:
    """Choose letters that words of the script begin with, spread over all there are."""
    first = sorted({word[0] for word in lexicon.words})
    least = min(LETTERS, len(first))
    return tuple(first[place * len(first) // least] for place in range(least))


def own_tokens(vocabulary: Vocabulary, words: Sequence[str]) -> Ints:
    """Give the ids whose text is each word, a space before it or not: a row each, -1 for none."""
    named: dict[bytes, list[int]] = {word.encode(): [] for word in words}
    texts = zip(vocabulary.ids.tolist(), vocabulary.texts.to_pylist(), strict=True)
    for number, text in texts:
        if (bare := text.removeprefix(b" ")) in named:
            named[bare].append(number)
    most = max(map(len, named.values()), default=0)
    rows = [[*ids, *[-1] * (most - len(ids))] for ids in named.values()]
    return np.array(rows, np.int64).reshape(len(words), most)


def _held(tokenizer: Tokenizer, lexicon: Lexicon, words: Ints, own: Ints, letter: str) -> Ints:
    """Count the tokens of each text that are its word; -1 for a text that is refused."""
    texts = [f"{BEFORE}{letter}{lexicon.words[word]}" for word in words.tolist()]
    reading = read(tokenizer, Batch.of(NO_LANGUAGE, texts))
    rows = np.delete(np.arange(len(texts)), reading.refused)
    row = np.repeat(rows, reading.tokens)
    mine = (reading.ids[:, None] == own[row]).any(axis=1)
    found = np.full(len(texts), -1)
    found[rows] = np.bincount(row[mine], minlength=len(texts))[rows]
    return found


def _examples(
    tokenizer: Tokenizer, lexicon: Lexicon, words: Ints, broken: Mask, letters: Sequence[str]
) -> tuple[str, ...]:
    """Draw the first words that some letter broke, behind another of these letters each time."""
    texts: list[str] = []
    for place in np.flatnonzero(broken.any(axis=1)).tolist()[:EXAMPLES]:
        able = np.flatnonzero(broken[place])
        letter = letters[able[len(texts) % able.size]]
        texts.append(letter + lexicon.words[words[place]])
    return tuple(drawn(read(tokenizer, Batch.of(NO_LANGUAGE, texts))))
