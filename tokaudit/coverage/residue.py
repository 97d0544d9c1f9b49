"""Residue: merges that only lead to other merges, and are the final token nowhere in a corpus.

Within a token, merges happen as if nothing stood around it (see `reach.merges`), so the bytes of a
token that was seen, merged by themselves, tell all tokens it passed through. A token that came n
times passed n times through each of its halves, those through theirs, and so on: what a merge is
an intermediate of is counted exactly, from the counts of final tokens alone. Where a tokenizer
takes a whole piece that is an entry at once, the merges are those that would have made it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from tokaudit.columns import count, figure, label, table
from tokaudit.histogram import Histogram
from tokaudit.reach.merges import Merges
from tokaudit.reach.rules import Rules
from tokaudit.text import Absent, quoted, ratio
from tokaudit.tokenizer import Tokenizer

SHOWN = 24  # merges that are never final, or seldom
UNKNOWN = Absent("no merges are known: a unigram model, WordPiece, or a vocabulary without them")
COLUMNS = table(
    [
        count("products", "ids that merges make: ordinary entries longer than a byte (of models"
              " that merge bytes) or a character"),
        count("final", "products that are a token somewhere in the corpus"),
        count("residue", "products that are a token nowhere in the corpus, though tokens are"
              " merged from them", "lower"),
        count("unseen", "products that are neither: more text may have them"),
        figure("residue_share", "residue / (final + residue)", "lower"),
    ]
)  # fmt: skip
EXAMPLES = table(
    [
        label("token", "what the merge makes"),
        count("id", "its id"),
        count("final_times", "how often it is a token of the corpus"),
        count("intermediate_times", "how often a token of the corpus was merged from it"),
        figure("final_share", "final times / intermediate times"),
    ],
    empty="no merge is seldom final, or no merges are known",
)


@dataclass(frozen=True, eq=False)
class Residue:
    """The tokens of a corpus, all languages together, and the merges that made them."""

    tokenizer: Tokenizer
    found: Histogram

    def summary(self) -> dict[str, Any]:
        """Count products of merges by what the corpus makes of them."""
        if self.merges is None:
            return dict.fromkeys(COLUMNS.names, UNKNOWN)
        final = sum(1 for data in self.products if data in self.final)
        residue = sum(1 for data in self.intermediate if data not in self.final)
        return {
            "products": len(self.products),
            "final": final,
            "residue": residue,
            "unseen": len(self.products) - final - residue,
            "residue_share": ratio(residue, final + residue, "no merges were made"),
        }

    def examples(self) -> Iterator[dict[str, Any]]:
        """Give the merges that are final most seldom for what is merged from them."""
        times = self.intermediate
        order = sorted(times, key=lambda t: (self.final[t] / times[t], -times[t], t))
        for data in order[:SHOWN]:
            yield {
                "token": quoted(data),
                "id": self.products[data],
                "final_times": self.final[data],
                "intermediate_times": times[data],
                "final_share": ratio(self.final[data], times[data], "no intermediate"),
            }

    @cached_property
    def merges(self) -> Merges | None:
        """How the model merges; None where that is not known."""
        found = Rules(self.tokenizer).merges
        return found if isinstance(found, Merges) else None

    @cached_property
    def products(self) -> dict[bytes, int]:
        """The ids that merges make, by their bytes."""
        vocabulary = self.tokenizer.vocabulary
        apart = vocabulary.special | vocabulary.fallback | (vocabulary.ids == vocabulary.unknown)
        places = np.flatnonzero(~apart).tolist()
        texts, ids = vocabulary.texts.to_pylist(), vocabulary.ids.tolist()
        return {texts[p]: ids[p] for p in places if self.merges and self.merges.long(texts[p])}

    @cached_property
    def final(self) -> Counter[bytes]:
        """How often each product is a token."""
        texts = self.tokenizer.vocabulary.decode(self.found.ids).to_pylist()
        times = zip(texts, self.found.counts.tolist(), strict=True)
        return Counter({text: n for text, n in times if text in self.products})

    @cached_property
    def intermediate(self) -> Counter[bytes]:
        """How often tokens were merged from each product; the longest first, parts are shorter."""
        passed: defaultdict[int, Counter[bytes]] = defaultdict(Counter)
        for text, times in self.final.items():
            passed[len(text)][text] = times
        found: Counter[bytes] = Counter()
        for length in range(max(passed, default=0), 0, -1):
            for text, times in passed.pop(length, Counter()).items():
                for half in self.merges.halves(text) or () if self.merges else ():
                    if half in self.products:
                        passed[len(half)][half] += times
                        found[half] += times
        return found
