"""What about a tokenizer will surprise who uses it: one function, one surprise."""

from collections.abc import Callable
from typing import NamedTuple

from tokaudit import loss
from tokaudit.portrait import beside, entries, trials
from tokaudit.portrait.facts import Token
from tokaudit.portrait.stages import stages
from tokaudit.text import Verbatim
from tokaudit.tokenizer import PLAIN, Tokenizer


class Surprise(NamedTuple):
    """A surprise: its name among `LOOKS`, a sentence in parts, and the tokens it is about."""

    name: str
    said: tuple[str, ...]
    tokens: tuple[Token, ...] = ()


def surprises(tokenizer: Tokenizer) -> tuple[Surprise, ...]:
    """Collect all that apply, in a fixed order."""
    found = ((name, look(tokenizer)) for name, look in LOOKS.items())
    return tuple(each._replace(name=name) for name, each in found if each)


def _said(*parts: str) -> Surprise:
    return Surprise("", parts)


def _counted(tokens: tuple[Token, ...], one: str, many: str) -> Surprise | None:
    """Say how many there are, in a sentence that fits one or several."""
    if not tokens:
        return None
    return Surprise("", (f"{len(tokens):,} {one if len(tokens) == 1 else many}",), tokens)


def adds_tokens(tokenizer: Tokenizer) -> Surprise | None:
    """Look for tokens that the file's own post-processor would add to every text."""
    frame = tokenizer.frame
    if frame is None or not any(frame):
        return None
    around = [part for token in frame.before for part in (Verbatim(token), " ")]
    around += ["TEXT", *(part for token in frame.after for part in (" ", Verbatim(token)))]
    count = len(frame.before) + len(frame.after)
    more = f": {count} more than {'are' if count > 1 else 'is'} counted here."
    return _said("With special tokens added, a text becomes ", *around, more)


def has_code(tokenizer: Tokenizer) -> Surprise | None:
    """Look for code that the repository wants to have run."""
    if not beside.config(tokenizer.home).get("auto_map"):
        return None
    return _said("Its tokenizer_config.json names code of its own; who runs it may get other ids.")


def space_before(tokenizer: Tokenizer) -> Surprise | None:
    """Look for a dummy prefix."""
    if not trials.puts_space_before(tokenizer):
        return None
    return _said("A space is put before every text, so text cut in two gains one.")


def alters_plain_english(tokenizer: Tokenizer) -> Surprise | None:
    """Look for loss where nobody expects any."""
    plain, *_ = trials.examples(tokenizer, [PLAIN])
    if plain.loss == loss.CLASSES[0]:
        return None
    if plain.loss == trials.REFUSED:
        return _said(f"Not even plain English can be encoded: {PLAIN}")
    decoded = Verbatim(plain.decoded.decode("utf-8", "surrogateescape"))
    return _said(f"Plain English does not come back ({plain.loss}), its tokens hold ", decoded)


def alters_text(tokenizer: Tokenizer) -> Surprise | None:
    """Look for loss on the probe texts."""
    kinds = [probe.loss for probe in trials.examples(tokenizer)]
    order = (*loss.CLASSES, trials.REFUSED)
    worst = max(kinds, key=order.index)
    altered = sum(kind != loss.CLASSES[0] for kind in kinds)
    if not altered:
        return None
    return _said(f"{altered} of {len(kinds)} probe texts do not come back; worst class: {worst}.")


def looks_around(tokenizer: Tokenizer) -> Surprise | None:
    """Look for a regular expression whose match depends on what follows or precedes it."""
    found = stages(tokenizer.pipeline)
    if not found or not any(stage.look_around for part in found for stage in part):
        return None
    return _said(
        "Its regular expression looks around: where text is cut depends on text beyond the cut."
    )


def crosses_spaces(tokenizer: Tokenizer) -> Surprise | None:
    """Look for entries that reach over the border of two words."""
    found = entries.across_spaces(tokenizer.vocabulary)
    return _counted(found, "entry holds a space inside.", "entries hold a space inside.")


def has_gaps(tokenizer: Tokenizer) -> Surprise | None:
    """Look for numbers below the largest id that are no id."""
    missing = entries.gaps(tokenizer.vocabulary)
    if not missing:
        return None
    size, last = len(tokenizer.vocabulary), int(tokenizer.vocabulary.ids[-1])
    return _said(f"{missing:,} numbers below the last id, {last:,}, are no id: there are {size:,}.")


def shares_ids(tokenizer: Tokenizer) -> Surprise | None:
    """Look for ids that several spellings share."""
    if not (count := entries.shared(tokenizer)):
        return None
    return _said(f"{count:,} spellings share their id with another; the id stands for one of them.")


def doubles_entries(tokenizer: Tokenizer) -> Surprise | None:
    """Look for entries that mean the same bytes, unless they differ by their place in a word."""
    if tokenizer.algorithm == "WordPiece":
        return None
    found = entries.doubled(tokenizer.vocabulary)
    return _counted(
        found,
        "entry stands for the same bytes as one before it.",
        "entries stand for the same bytes as others before them.",
    )


def lacks_bytes(tokenizer: Tokenizer) -> Surprise | None:
    """Look for bytes of UTF-8 that nothing stands for."""
    missing = entries.missing_bytes(tokenizer.vocabulary)
    if missing is None and tokenizer.vocabulary.unknown is not None:
        return _said("It spells no bytes: what the vocabulary lacks becomes the unknown token.")
    if not missing:
        return None
    shown = " ".join(f"{byte:02X}" for byte in missing[:8])
    more = f" and {len(missing) - 8} more" if len(missing) > 8 else ""
    return _said(f"No token stands for {len(missing)} of the 243 bytes of UTF-8: {shown}{more}.")


def never_from_text(tokenizer: Tokenizer) -> Surprise | None:
    """Look for control tokens, whose text is ordinary text here."""
    special = entries.special(tokenizer.vocabulary)
    if not (count := len(special) - len(trials.from_text(tokenizer, special))):
        return None
    return _said(
        f"No text yields a control token here ({count:,}); many libraries read them from text."
    )


def forged_by_text(tokenizer: Tokenizer) -> Surprise | None:
    """Look for control tokens that plain text can forge."""
    found = trials.from_text(tokenizer, entries.special(tokenizer.vocabulary))
    return _counted(
        found, "control token can be forged by text.", "control tokens can be forged by text."
    )


def read_from_text(tokenizer: Tokenizer) -> Surprise | None:
    """Look for added tokens that plain text turns into their ids before the algorithm runs."""
    found = trials.from_text(tokenizer, entries.added(tokenizer))
    return _counted(
        found,
        "added token is matched in plain text before anything else.",
        "added tokens are matched in plain text before anything else.",
    )


def unpinned(tokenizer: Tokenizer) -> Surprise | None:
    """Look for a spec that may mean another tokenizer tomorrow."""
    if not tokenizer.unpinned:
        return None
    return _said("The spec names no commit: it may be another tokenizer tomorrow.")


LOOKS: dict[str, Callable[[Tokenizer], Surprise | None]] = {
    "adds-tokens": adds_tokens,
    "has-code": has_code,
    "space-before": space_before,
    "alters-plain-english": alters_plain_english,
    "alters-text": alters_text,
    "looks-around": looks_around,
    "crosses-spaces": crosses_spaces,
    "has-gaps": has_gaps,
    "shares-ids": shares_ids,
    "doubles-entries": doubles_entries,
    "lacks-bytes": lacks_bytes,
    "never-from-text": never_from_text,
    "forged-by-text": forged_by_text,
    "read-from-text": read_from_text,
    "unpinned": unpinned,
}
