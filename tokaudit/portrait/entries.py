"""Entries of a vocabulary that deserve a look: special, added, shared, doubled, missing."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tokaudit.engines.tokenizers import TokenizersEngine
from tokaudit.portrait.facts import Token
from tokaudit.text import WHITE_SPACE
from tokaudit.tokenizer import Tokenizer
from tokaudit.vocabulary import NEVER_UTF8, SPACES, Vocabulary

Places = npt.NDArray[np.int64]


def tokens(vocabulary: Vocabulary, places: Places) -> tuple[Token, ...]:
    """Give the tokens that stand at these places."""
    texts = vocabulary.texts.take(pa.array(places, pa.int64())).to_pylist()
    return tuple(map(Token, vocabulary.ids[places].tolist(), texts))


def special(vocabulary: Vocabulary) -> tuple[Token, ...]:
    """List control tokens, which text never yields here."""
    return tokens(vocabulary, np.flatnonzero(vocabulary.special))


def added(tokenizer: Tokenizer) -> tuple[Token, ...]:
    """List tokens that are matched before the algorithm runs, and are no control tokens."""
    ids = np.array(sorted(_added(tokenizer)), np.int64)
    places = np.flatnonzero(np.isin(tokenizer.vocabulary.ids, ids))
    return tokens(tokenizer.vocabulary, places[~tokenizer.vocabulary.special[places]])


def _added(tokenizer: Tokenizer) -> set[int]:
    tokens = tokenizer.settings.get("added_tokens") or ()
    return {*tokenizer.user_defined, *(each["id"] for each in tokens if not each["special"])}


def ordinary(vocabulary: Vocabulary) -> Places:
    """Find the entries that are text: no control token, no stand-in byte, not the unknown one."""
    unknown = vocabulary.ids == (-1 if vocabulary.unknown is None else vocabulary.unknown)
    return np.flatnonzero(~(vocabulary.special | vocabulary.fallback | unknown))


def longest(vocabulary: Vocabulary) -> Token | None:
    """Find the entry with the most bytes, the first of several."""
    places = ordinary(vocabulary)
    if not places.size:
        return None
    return tokens(vocabulary, places[[vocabulary.lengths[places].argmax()]])[0]


def across_spaces(vocabulary: Vocabulary) -> tuple[Token, ...]:
    """List entries that hold white space between other characters: they cross a border of words."""
    places = ordinary(vocabulary)
    texts = vocabulary.texts.take(pa.array(places)).to_pylist()
    inner = (text.decode("utf-8", "replace").strip(SPACES) for text in texts)
    spaced = np.fromiter((not WHITE_SPACE.isdisjoint(text) for text in inner), np.bool_, len(texts))
    return tokens(vocabulary, places[spaced])


def doubled(vocabulary: Vocabulary) -> tuple[Token, ...]:
    """List entries that stand for the same bytes as one before them."""
    places = ordinary(vocabulary)
    alike = vocabulary.texts.take(pa.array(places)).dictionary_encode().indices
    _, firsts = np.unique(alike.to_numpy(), return_index=True)
    return tokens(vocabulary, np.delete(places, firsts))


def shared(tokenizer: Tokenizer) -> int | None:
    """Count spellings beyond the first that share an id; None where the library cannot say."""
    if not isinstance(tokenizer.engine, TokenizersEngine):
        return None
    spellings = tokenizer.engine.backend.get_vocab(with_added_tokens=True)
    return len(spellings) - len(set(spellings.values()))


def gaps(vocabulary: Vocabulary) -> int:
    """Count numbers below the largest id that are no id."""
    return int(vocabulary.ids[-1]) + 1 - len(vocabulary)


def missing_bytes(vocabulary: Vocabulary) -> bytes | None:
    """List bytes of UTF-8 that no token stands for alone; None where characters are spelled whole.

    Bytes above 0x7F are never text alone: a vocabulary that has one of them spells by bytes.
    """
    single = vocabulary.texts.filter(pa.array((vocabulary.lengths == 1) & ~vocabulary.special))
    there = {each[0] for each in single.to_pylist()}
    if max(there, default=0) < 0x80:
        return None
    return bytes(sorted(set(range(256)) - set(NEVER_UTF8) - there))
