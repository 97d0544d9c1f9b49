"""What one tokenizer reads as one token and another cuts, as texts stand in running text."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from tokaudit import loss
from tokaudit.batch import Batch, Ints, Mask, running_total
from tokaudit.classes import classify
from tokaudit.legible import BECOMES, BORDER, shown, written
from tokaudit.overlap import entries
from tokaudit.pieces import PART, Cut
from tokaudit.reads import read
from tokaudit.text import ratio
from tokaudit.tokenizer import Ids, Tokenizer

LINE_END = "\n"  # stands before every text: what is before it then has no say
ALL = "all"
MANY = 4  # tokens and more
EXAMPLES = 8


class Counted(NamedTuple):
    """For each text: tokens that cover some of it, the id of the first (or -1), if it was lost."""

    tokens: Ints
    first: Ints
    lost: Mask


def by_script(a: Tokenizer, b: Tokenizer) -> Iterator[dict[str, Any]]:
    """Count what B makes of the texts that are one token of A: of all, then by script.

    Texts are A's entries of whole characters, some of them visible, that A reads as that entry
    behind a line end. Examples are the first by id.
    """
    texts, groups = _one_token(a)
    found = _counted(b, texts)
    for script, mine in groups.items():
        tokens, lost = found.tokens[mine], found.lost[mine]
        sizes = np.bincount(np.minimum(tokens[~lost], MANY), minlength=MANY + 1).tolist()
        cut = [texts[place] for place in mine[(tokens > 1) | lost].tolist()]
        yield {
            "script": script,
            "texts": mine.size,
            "one": sizes[1],
            "two": sizes[2],
            "three": sizes[3],
            "more": sizes[MANY],
            "lost": int(lost.sum()),
            "tokens_per_text": ratio(int(tokens[~lost].sum()), int((~lost).sum()), "all are lost"),
            "examples": _examples(b, cut),
        }


def _one_token(tokenizer: Tokenizer) -> tuple[list[str], Mapping[str, Ints]]:
    """Give the texts that a tokenizer reads as one token, and which of them are in each script."""
    vocabulary = tokenizer.vocabulary
    known = {
        text.decode(): place
        for text, place in entries.places(vocabulary).items()
        if not (vocabulary.partial[place] or vocabulary.blank[place])
    }
    texts, places = list(known), np.fromiter(known.values(), np.int64)
    found = _counted(tokenizer, texts)
    own = (found.tokens == 1) & (found.first == vocabulary.ids[places]) & ~found.lost
    scripts: dict[str, list[int]] = defaultdict(list)
    for number, place in enumerate(places[own].tolist()):
        scripts[classify(vocabulary).scripts[place]].append(number)
    ordered = sorted(scripts, key=lambda script: (-len(scripts[script]), script))
    groups = {ALL: np.arange(np.count_nonzero(own))} if ordered else {}
    groups |= {script: np.array(scripts[script], np.int64) for script in ordered}
    return [texts[number] for number in np.flatnonzero(own).tolist()], groups


def _counted(tokenizer: Tokenizer, texts: Sequence[str]) -> Counted:
    """Read texts behind a line end; tokens that cover something visible are a text's own."""
    reading = read(tokenizer, Batch.of("und", [LINE_END + text for text in texts]))
    batch, vocabulary = reading.batch, tokenizer.vocabulary
    seen, (starts, ends) = batch.visible, reading.spans
    own = (seen[starts] < seen[ends]) & ~vocabulary.blank[vocabulary.places(reading.ids)]
    places = np.setdiff1d(np.arange(len(texts)), reading.refused)
    row = places[np.repeat(np.arange(batch.rows), reading.tokens)[own]]
    ids, tokens = reading.ids[own], np.bincount(row, minlength=len(texts))
    first = np.full(len(texts), -1, np.int64)
    begun, at = np.unique(row, return_index=True)
    first[begun] = ids[at]
    return Counted(tokens, first, _lost(tokenizer, texts, Ids(ids, running_total(tokens))))


def _lost(tokenizer: Tokenizer, texts: Sequence[str], found: Ids) -> Mask:
    """Mark texts that their tokens do not spell, white space, forms and letter case aside."""
    written_down = pa.array(texts, pa.large_string())
    spelled = loss.decoded(tokenizer.vocabulary, found, written_down)
    return np.asarray(loss.classes(written_down, spelled) == loss.CLASSES.index("lossy"))


def _examples(tokenizer: Tokenizer, texts: Sequence[str]) -> str:
    written_out = (_cut(tokenizer, text) for text in texts[:EXAMPLES])
    return " ".join(written_out) + " …" * (len(texts) > EXAMPLES)


def _cut(tokenizer: Tokenizer, text: str) -> str:
    """Write a text with the borders of its tokens, and by itself where characters are cut."""
    whole, alone = LINE_END + text, shown(text.encode())
    reading = read(tokenizer, Batch.of("und", [whole]))
    if reading.failed:
        return f"{alone}{BECOMES}refused"
    vocabulary = tokenizer.vocabulary
    says = vocabulary.decode(reading.ids).to_pylist()
    cut = Cut.of(whole.encode(), reading.spans, reading.ids, says, vocabulary.unknown)
    bare = (each._replace(covered=each.covered[each.start == 0 :]) for each in cut.pieces())
    pieces = [piece for piece in bare if piece.covered or piece.says.strip()]
    before = f"{alone}{BECOMES}" if any(piece.mark == PART for piece in pieces) else ""
    return before + BORDER.join(map(written, pieces))
