"""Two tokenizers' vocabularies compared: the rows of every table."""

from collections.abc import Iterator, Mapping
from typing import Any

from tokaudit.overlap import changes, merges, one_token, shared
from tokaudit.text import Absent
from tokaudit.tokenizer import Tokenizer

Row = Mapping[str, Any]
VERSION = 0.5  # of the ids kept: two vocabularies with so many in common are one, changed


def rows(a: Tokenizer, b: Tokenizer) -> dict[str, list[Row]]:
    """Give the rows of every table of `schemas.SCHEMAS`.

    The change log has rows only for versions of one tokenizer. Raises EngineFailed if a tokenizer
    that alters text cannot tell where its tokens lie.
    """
    one, other = a.vocabulary, b.vocabulary
    kept = changes.kept(one, other)
    return {
        "overlap": [{**shared.summary(one, other), "ids_kept": kept}],
        "overlap_classes": list(shared.by_class(one, other)),
        "overlap_scripts": list(shared.by_script(one, other)),
        "overlap_a_in_b": list(one_token.by_script(a, b)),
        "overlap_b_in_a": list(one_token.by_script(b, a)),
        "overlap_changes": list(_log(a, b)) if is_version(kept) else [],
        "overlap_merges": [merges.compare(a, b)],
    }


def is_version(kept: float | Absent) -> bool:
    """Say whether two vocabularies are versions of one, by the share of ids they keep."""
    return not isinstance(kept, Absent) and kept >= VERSION


def _log(a: Tokenizer, b: Tokenizer) -> Iterator[Row]:
    """List what became of texts, then what became of ids."""
    one, other = a.vocabulary, b.vocabulary
    for name, change in (changes.log(one, other) | changes.changes(one, other)).items():
        yield {"change": name, "ids": change.ids.size, "examples": change.examples}
