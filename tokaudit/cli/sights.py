"""Sights in words: what is said, in every medium, of a text and of what tokenizers make of it."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from tokaudit.document import short_names
from tokaudit.legible import CLOSE, OPEN
from tokaudit.text import Absent, show
from tokaudit.token_html import NOTHING, Beside
from tokaudit.view import Sight, View

SPELLED = 320  # characters
MOST_WORDS = 40  # of those that are cut


class Wanted(NamedTuple):
    """What is asked for: ids and bytes below the tokens, and words."""

    beside: Beside = NOTHING
    words: bool = False


def about(sight: Sight) -> str:
    """Say what a text is."""
    found = sight.measures
    words = "" if isinstance(found["words"], Absent) else f", {_many(found['words'], 'word')}"
    return (
        f"{sight.subject.name}: {_many(found['bytes'], 'byte')},"
        f" {_many(found['chars'], 'character')}{words}"
    )


def shortened(sight: Sight) -> str:
    """Say how much of a text is shown; nothing if it is all."""
    limit, chars = sight.subject.limit, len(sight.subject.text)
    if limit is None or chars <= limit:
        return ""
    return (
        f"Shown is what begins in the first {limit:,} of {chars:,} characters (--limit);"
        " figures are of the whole text."
    )


def names(sight: Sight) -> Mapping[str, str]:
    """Give each tokenizer a short name."""
    return short_names([view.spec for view in sight.views])


def words_by(sight: Sight) -> str:
    """Say who found the words, and what the signs in them mean."""
    return f"words by {sight.subject.batch.segmenter.name}; {OPEN}a{CLOSE} is in no word"


def figures(view: View, wanted: Wanted) -> str:
    """Write the figures of a view."""
    found = view.figures
    said = [_many(found["tokens"], "token")]
    said += [
        f"{found[name]:.3f} {unit}/token"
        for name, unit in (("bytes_per_token", "bytes"), ("chars_per_token", "characters"))
        if not isinstance(found[name], Absent)
    ]
    if wanted.words:
        words = found["cut_words"]
        said.append(words.reason if isinstance(words, Absent) else f"{_many(words, 'word')} cut")
    if found["cut_graphemes"]:
        said.append(f"{_many(found['cut_graphemes'], 'grapheme')} cut")
    return ", ".join(said)


def altered(view: View) -> tuple[str, str]:
    """Say that tokens do not spell the text, and (shown) what they spell; nothing if they do."""
    if not view.altered:
        return "", ""
    return f"Alters the text ({view.loss}). Its tokens spell: ", show(view.spelled, SPELLED)


def cut_words(view: View) -> list[tuple[tuple[bytes, ...], int]]:
    """List the parts of words that several tokens share, and how often each occurs."""
    return list(Counter(word.parts for word in view.words if word.tokens > 1).items())


def _many(number: Any, noun: str) -> str:
    return f"{number:,} {noun}{'s' * (number != 1)}"
