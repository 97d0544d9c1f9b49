"""Contexts: texts in which an id might turn up, cheap ones first.

Each round is asked only about the ids that no text has yielded so far, and gives pairs of an id's
place in the vocabulary and a text to try.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from functools import cache
from itertools import product

from tokaudit.characters import assigned, categories, script_of, scripts
from tokaudit.reach import utf8
from tokaudit.reach.utf8 import Fringe, fringe
from tokaudit.vocabulary import Vocabulary

Aim = tuple[int, str]
Round = Callable[[Vocabulary, list[int]], Iterator[Aim]]

# A letter, a sign and a digit that few vocabularies merge with anything.
RARE = "𒀀☃𝟘"
LEFT = ("", "a", "A", "1", ".", "#", " ", "\n", "中", "ا", *RARE, " a", "a ")
RIGHT = ("", "a", "A", "1", ".", " ", "\n", "中", "ا", "'", "S", "RE", *RARE, "aa")
NEIGHBOURS, FILLERS, LONGER = 12, 64, 24
LEADS, FILLS = range(0xC2, 0xF5), (0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xAF, 0xB0, 0xBF)
MOST_FRINGED, MOST_BROAD = 400_000, 300_000  # texts of a round


def alone(vocabulary: Vocabulary, missing: list[int]) -> Iterator[Aim]:
    """Try each id's own text."""
    texts, partial = vocabulary.texts.to_pylist(), vocabulary.partial.tolist()
    yield from ((place, texts[place].decode()) for place in missing if not partial[place])


def characters(vocabulary: Vocabulary, missing: list[int]) -> Iterator[Aim]:
    """Try every character there is, at none of the ids in particular."""
    yield from ((-1, chr(code)) for code in assigned().tolist())


def between(vocabulary: Vocabulary, missing: list[int]) -> Iterator[Aim]:
    """Try each text behind, before and between rare characters."""
    for place, text in alone(vocabulary, missing):
        for rare in RARE:
            yield from ((place, rare + text), (place, rare + text + rare), (place, text + rare))


def kin(vocabulary: Vocabulary, missing: list[int]) -> Iterator[Aim]:
    """Try each text behind, before and between letters of its own script."""
    for place, text in alone(vocabulary, missing):
        if text:
            for letter in _neighbours(script_of(text.strip()[:1] or text[0])):
                yield from ((place, letter + text), (place, text + letter))
                yield place, letter + text + letter


def fringes(vocabulary: Vocabulary, missing: list[int]) -> Iterator[Aim]:
    """Complete the characters that a token begins or ends within, in many ways."""
    fringed = [place for place in missing if vocabulary.partial[place]]
    parts = {place: fringe(vocabulary.texts[place].as_py()) for place in fringed}
    known = {place: part for place, part in parts.items() if part is not None}
    if not known:
        return
    heads, tails = _completions(known.values())
    each = max(4, min(FILLERS, MOST_FRINGED // len(known)))
    for place, part in known.items():
        before, after = tails.get(part.tail, [""]), heads.get(part.head, [""])
        narrow = each if min(len(before), len(after)) == 1 else int(each**0.5) + 1
        for first, last in product(_spread(before, narrow), _spread(after, narrow)):
            yield place, first + part.middle + last


def longer(vocabulary: Vocabulary, missing: list[int]) -> Iterator[Aim]:
    """Try the texts of longer entries that hold an id's text."""
    wanted = {vocabulary.texts[place].as_py(): place for place in missing}
    found: dict[int, int] = defaultdict(int)
    longest = max(map(len, wanted), default=0)
    for data in vocabulary.texts.to_pylist():
        for place in {wanted[part] for part in _parts(data, longest) if part in wanted}:
            part = fringe(data)
            if found[place] < LONGER and part is not None and not (part.tail or part.head):
                found[place] += 1
                yield from ((place, part.middle), (place, "☃" + part.middle + "☃"))


def broad(vocabulary: Vocabulary, missing: list[int]) -> Iterator[Aim]:
    """Try each text between many pairs of neighbours, as long as few ids are left."""
    pairs = list(product(LEFT, RIGHT))
    for place, text in list(alone(vocabulary, missing))[: MOST_BROAD // len(pairs)]:
        yield from ((place, left + text + right) for left, right in pairs)


# Between the two, what can be proven is proven: most of what the first leave is.
FIRST_ROUNDS: tuple[Round, ...] = (alone, characters, between, kin)
LAST_ROUNDS: tuple[Round, ...] = (fringes, longer, broad)


def _parts(data: bytes, longest: int) -> Iterator[bytes]:
    size = len(data)
    if size <= 64:  # longer ones are runs of spaces and signs
        for start in range(size):
            for end in range(start + 1, min(size, start + longest) + 1):
                if end - start < size:
                    yield data[start:end]


@cache
def _neighbours(script: str) -> tuple[str, ...]:
    """Choose letters all over a script."""
    names, codes = scripts()
    kinds = categories()
    letters = [
        chr(code)
        for code in assigned()[codes[assigned()] == names.index(script)].tolist()
        if kinds.names[kinds.codes[code]][0] == "L"
    ]
    return tuple(_spread(letters, NEIGHBOURS))


def _completions(parts: Collection[Fringe]) -> tuple[dict[bytes, list[str]], ...]:
    """Find the characters that begin with each head, and those that end with each tail."""
    heads: dict[bytes, list[str]] = {part.head: [] for part in parts if part.head}
    tails: dict[bytes, list[str]] = {part.tail: [] for part in parts if part.tail}
    for letter in map(chr, assigned().tolist()):
        data = letter.encode()
        for size in range(1, len(data)):
            if data[:size] in heads:
                heads[data[:size]].append(letter)
            if data[size:] in tails:
                tails[data[size:]].append(letter)
    more_heads = {head: [*found, *_made(head, b"")] for head, found in heads.items()}
    more_tails = {tail: [*found, *_made(b"", tail)] for tail, found in tails.items()}
    return more_heads, more_tails


def _made(head: bytes, tail: bytes) -> Iterator[str]:
    """Make characters with these bytes, assigned or not, sorted by their code."""
    leads = [head[:1]] if head else [bytes([lead]) for lead in LEADS]
    for lead in leads:
        gap = utf8.size(lead[0]) - max(1, len(head)) - len(tail)
        for fill in product(FILLS, repeat=gap) if gap >= 0 else ():
            part = fringe((head or lead) + bytes(fill) + tail)
            if part is not None and len(part.middle) == 1 and not (part.head or part.tail):
                yield part.middle


def _spread(items: list[str], most: int) -> list[str]:
    """Take so many items, evenly from the whole list."""
    if len(items) <= most:
        return items
    return [items[at * len(items) // most] for at in range(most)]
