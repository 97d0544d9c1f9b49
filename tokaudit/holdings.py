"""Holdings: what one vocabulary holds, as rows: classes, scripts, lengths, reach, oddities, ids."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from tokaudit import compat, oddities
from tokaudit.classes import Classes, classify
from tokaudit.reach import NOT_FOUND, REACHABLE, UNREACHABLE, Reach, survey
from tokaudit.text import Absent, quoted, ratio
from tokaudit.tokenizer import Tokenizer
from tokaudit.vocabulary import NEVER_UTF8, Vocabulary

Row = Mapping[str, Any]
EXAMPLES = 8
# Reasons that hold of ids that are there by design: nobody could have left them out.
BY_DESIGN = ("control", "not UTF-8", "covered", "never unknown")


@dataclass(frozen=True, eq=False)
class Holdings:
    """A tokenizer's vocabulary, looked at from all sides when first asked."""

    tokenizer: Tokenizer

    @property
    def vocabulary(self) -> Vocabulary:
        """The vocabulary itself."""
        return self.tokenizer.vocabulary

    @property
    def classes(self) -> Classes:
        """The class of every id."""
        return classify(self.vocabulary)

    @cached_property
    def reach(self) -> Reach:
        """The verdict on every id."""
        return survey(self.tokenizer)

    @property
    def oddities(self) -> oddities.Selected:
        """The places of entries of every odd kind."""
        return oddities.select(self.vocabulary)

    @cached_property
    def texts(self) -> list[bytes]:
        """The bytes of every entry."""
        return self.vocabulary.texts.to_pylist()  # type: ignore[no-any-return]

    @cached_property
    def verdicts(self) -> dict[tuple[str, str], list[int]]:
        """The places of each verdict and reason."""
        reach = self.reach
        groups: dict[tuple[str, str], list[int]] = defaultdict(list)
        for place, reason in enumerate(reach.reasons):
            groups[reach.verdict(place), reason or ""].append(place)
        return dict(groups)

    def verdict(self, verdict: str) -> int:
        """Count the ids with this verdict; control tokens, which no text may yield, are apart."""
        return sum(
            len(places)
            for (each, reason), places in self.verdicts.items()
            if each == verdict and reason != "control"
        )

    @property
    def bytes_held(self) -> frozenset[int]:
        """The bytes that are an entry by themselves."""
        return frozenset(text[0] for text in self.texts if len(text) == 1)

    def examples(self, places: Iterable[int], most: int = EXAMPLES) -> str:
        """Write the first entries of some."""
        first = [place for place, _ in zip(places, range(most), strict=False)]
        return ", ".join(quoted(self.texts[place]) for place in first)

    def summary(self) -> dict[str, Any]:
        """Sum up: how many ids of which kind and verdict."""
        positions = Counter(name.partition(" ")[0] for name in self.classes.named())
        return {
            "ids": len(self.vocabulary),
            "control_ids": positions["control"],
            "byte_ids": positions["byte"],
            "partial_ids": positions["partial"],
            "reachable": self.verdict(REACHABLE),
            "unreachable": self.verdict(UNREACHABLE),
            "not_found": self.verdict(NOT_FOUND),
            "wasted": len(list(self.wasted())),
            "duplicates": self.oddities["duplicate"].size,
            "space_pairs": self.oddities["space pair"].size,
            "several_words": self.oddities["several words"].size,
            "utf8_bytes": len(self.bytes_held - set(NEVER_UTF8)),
            "foreign_bytes": len(self.bytes_held & set(NEVER_UTF8)),
        }

    def wasted(self) -> Iterator[int]:
        """Give the places that no text yields, though the vocabulary could have done without."""
        for (verdict, reason), places in self.verdicts.items():
            if verdict == UNREACHABLE and reason not in BY_DESIGN:
                yield from places

    def by_class(self) -> Iterator[Row]:
        """Count ids by class, the most first."""
        yield from self._shares("class", self.classes.named())

    def by_script(self) -> Counter[str]:
        """Count ids by script."""
        return Counter(self.classes.scripts)

    def by_length(self) -> Iterator[Row]:
        """Count ordinary ids by their characters, and by their bytes."""
        apart = self.vocabulary.special | (self.vocabulary.ids == self.vocabulary.unknown)
        lengths = Counter(self.vocabulary.lengths[~apart].tolist())
        whole = self.vocabulary.texts.filter(~apart & ~self.vocabulary.partial).to_pylist()
        letters = Counter(len(text.decode()) for text in whole)
        for unit, counts in (("characters", letters), ("bytes", lengths)):
            yield from ({"unit": unit, "length": n, "ids": counts[n]} for n in sorted(counts))

    def by_verdict(self) -> Iterator[Row]:
        """Count ids by verdict and reason, the most first, with examples."""
        ordered = sorted(self.verdicts.items(), key=lambda item: (-len(item[1]), item[0]))
        for (verdict, reason), places in ordered:
            yield {
                "verdict": f"{verdict}: {reason}" if reason else verdict,
                "ids": len(places),
                "share": ratio(len(places), len(self.vocabulary), "no ids"),
                "examples": self.examples(places),
            }

    def by_oddity(self) -> Iterator[Row]:
        """Count ids of each odd kind, with examples."""
        for kind, places in self.oddities.items():
            yield {
                "kind": kind,
                "ids": places.size,
                "examples": self.examples(places.tolist()),
            }

    def by_published(self, name: str) -> Iterator[Row]:
        """Count ids by the classes of a publication, in its order."""
        found = compat.get(name)
        counts = Counter(found.classify(self.tokenizer))
        for each in found.CLASSES:
            share = ratio(counts[each], len(self.vocabulary), "no ids")
            yield {"class": each, "ids": counts[each], "share": share}

    def by_id(self) -> Iterator[Row]:
        """Give everything about every id."""
        named, none = self.classes.named(), Absent("no whole character")
        for place, number in enumerate(self.vocabulary.ids.tolist()):
            data, witness = self.texts[place], self.reach.witnesses[place]
            yield {
                "id": number,
                "bytes": data.hex(),
                "text": none if self.vocabulary.partial[place] else data.decode(),
                "class": named[place],
                "script": self.classes.scripts[place],
                "verdict": self.reach.verdict(place),
                "reason": self.reach.reasons[place] or Absent("nothing forbids it"),
                "witness": Absent("none was found") if witness is None else witness,
                "tried": int(self.reach.tried[place]),
            }

    def _shares(self, column: str, names: Iterable[str]) -> Iterator[Row]:
        counts = Counter(names)
        for each in sorted(counts, key=lambda name: (-counts[name], name)):
            share = ratio(counts[each], len(self.vocabulary), "no ids")
            yield {column: each, "ids": counts[each], "share": share}


@lru_cache(maxsize=16)
def holdings(tokenizer: Tokenizer) -> Holdings:
    """Give the same holdings each time one tokenizer is asked about."""
    return Holdings(tokenizer)
