"""Inspect a corpus: a tally of each language for people, and what is wrong with its rows."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import repeat
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from tokaudit import words
from tokaudit.corpus import Corpus
from tokaudit.errors import BadCorpus, NothingToAudit
from tokaudit.findings import FEW_ROWS
from tokaudit.parallel import REFERENCES
from tokaudit.parquet import UNDETERMINED, File
from tokaudit.tally import Tally
from tokaudit.text import line

DOMAIN = "domain"


class Problem(NamedTuple):
    """What is wrong with how many rows of a language.

    An `error` is rows that are lost, or that would falsify figures; a `warning` may be intended.
    """

    severity: str
    kind: str
    lang: str
    rows: int


@dataclass(frozen=True, eq=False)
class Inspection:
    """A tally for each language, and the language that others are compared with, if it is there."""

    tallies: Mapping[str, Tally]
    reference: str | None
    segmenter: words.Segmenter

    @cached_property
    def parallel(self) -> dict[str, int | None]:
        """Say how many of the reference's ids each language has; None where there are no ids."""
        return {lang: self._shared(tally) for lang, tally in self.tallies.items()}

    def _shared(self, tally: Tally) -> int | None:
        if self.reference is None or not tally.distinct_ids.size:
            return None
        wanted = self.tallies[self.reference].distinct_ids
        return int(np.isin(wanted, tally.distinct_ids, assume_unique=True).sum())

    @property
    def problems(self) -> list[Problem]:
        """List what is wrong: errors before warnings, each kind together."""
        return sorted(each for lang in self.tallies for each in self._problems(lang))

    def _problems(self, lang: str) -> Iterator[Problem]:
        tally = self.tallies[lang]
        for kind, rows in _errors(tally).items():
            if rows:
                yield Problem("error", kind, lang, rows)
        if tally.census.rows < FEW_ROWS:
            yield Problem("warning", f"fewer than {FEW_ROWS} rows", lang, tally.census.rows)
        for kind, rows in _warnings(lang, tally, self._lacking(lang)).items():
            if rows:
                yield Problem("warning", kind, lang, rows)

    def _lacking(self, lang: str) -> int:
        """Count reference ids that a language lacks, if it has any of them."""
        if self.reference is None or not (shared := self.parallel[lang]):
            return 0
        return self.tallies[self.reference].distinct_ids.size - shared


def inspect(
    corpus: Corpus,
    reference: str | None = None,
    on_rows: Callable[[int], None] = lambda rows: None,
) -> Inspection:
    """Read the corpus and count; `on_rows` hears how many rows were read.

    Raises BadCorpus, and NothingToAudit if there is no row.
    """
    segmenter = words.default()
    tallies: dict[str, Tally] = {}
    for piece in corpus:
        tally = Tally.of(piece, segmenter)
        tallies[piece.lang] = tallies.get(piece.lang, Tally()) + tally
        on_rows(tally.census.rows + tally.census.left_out)
    if not tallies:
        asked = f" in {line(', '.join(corpus.langs))}" if corpus.langs else ""
        raise NothingToAudit(f"the corpus holds no row{asked}")
    for lang, domains in _domains(corpus).items():
        if lang in tallies:
            tallies[lang] += Tally(domains=domains)
    candidates = (reference,) if reference else REFERENCES
    there = next((lang for lang in candidates if lang in tallies), None)
    return Inspection(dict(sorted(tallies.items())), there, segmenter)


def _errors(tally: Tally) -> dict[str, int]:
    return {
        "null, left out": tally.census.null,
        "blank, left out": tally.census.blank,
        "invalid UTF-8, left out": tally.census.invalid_utf8,
        "too long, left out": tally.census.too_long,
        "an id that another row has": tally.repeated_ids,
    }


def _warnings(lang: str, tally: Tally, lacking: int) -> dict[str, int]:
    return {
        "no language": tally.census.rows if lang == UNDETERMINED else 0,
        "no id": tally.without_id if tally.distinct_ids.size else 0,
        "missing beside the reference language": lacking,
        "a text that another row has": tally.repeated_texts,
        "not in Unicode normalization form C": tally.not_nfc,
    }


def _domains(corpus: Corpus) -> dict[str, Counter[str]]:
    """Count rows by language and domain, as written, where files have such a column."""
    counts: dict[str, Counter[str]] = {}
    for file in corpus.files:
        if DOMAIN in file.names:
            for lang, domain in _labels(file, corpus.columns.lang):
                if domain is not None:
                    counts.setdefault(lang or UNDETERMINED, Counter())[domain] += 1
    return counts


def _labels(file: File, lang_column: str) -> Iterator[tuple[str | None, str | None]]:
    """Stream the language and the domain of each row; raises BadCorpus."""
    names = [DOMAIN] if file.lang is not None else [DOMAIN, lang_column]
    try:
        for batch in file.records(names):
            domains, *langs = (_strings(batch.column(name)) for name in names)
            yield from zip(langs[0] if langs else repeat(file.lang), domains, strict=False)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        reason = line(str(error).partition("\n")[0])
        raise BadCorpus(f"{file.source}: column {DOMAIN!r}: {reason}") from error


def _strings(values: pa.Array) -> list[str | None]:
    return list(values.cast(pa.large_string()).to_pylist())
