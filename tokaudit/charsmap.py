"""The map by which a SentencePiece model rewrites letters, as far as it matters where text is cut.

It is a double-array trie over UTF-8 (Darts-clone): a node is a unit of 32 bits, and its child for a
byte stands where both of their places and the byte, combined by exclusive or, point to.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from tokaudit.batch import Ints, stretches

LEAF = 1 << 31  # set in units that are values


def normalizer(settings: Mapping[str, Any]) -> Any:
    """Read how a SentencePiece model normalises: the protobuf message that it carries."""
    from sentencepiece import sentencepiece_model_pb2

    return sentencepiece_model_pb2.NormalizerSpec.FromString(  # type: ignore[attr-defined]
        bytes.fromhex(settings["normalizer"])
    )


def charsmap(settings: Mapping[str, Any]) -> bytes:
    """Give the compiled map of a SentencePiece model's settings, empty where it has none."""
    return bytes(normalizer(settings).precompiled_charsmap)


def rewrites_across(compiled: bytes, border: bytes) -> bool:
    """Say whether a key of more than one byte holds this border (one byte)."""
    trie = Trie.of(compiled)
    nodes = first = trie.below(np.zeros(min(1, trie.units.size), np.int64))
    seen = np.zeros(trie.units.size, np.bool_)
    while nodes.size:  # of a damaged map too, a node is looked at once
        seen[nodes] = True
        held = nodes[trie.labels[nodes] == border[0]]
        if held.size and (nodes is not first or trie.below(held).size):
            return True
        nodes = trie.below(nodes)
        nodes = np.unique(nodes[~seen[nodes]])
    return False


@dataclass(frozen=True, eq=False)
class Trie:
    """Units, the byte that leads to each, and their places, in the order of what they lie below."""

    units: Ints
    labels: Ints
    places: Ints

    @classmethod
    def of(cls, compiled: bytes) -> Self:
        """Read a compiled map: the size of the trie in bytes, the trie, and texts."""
        size = min(int.from_bytes(compiled[:4], "little"), len(compiled) - 4) // 4 * 4
        units = np.frombuffer(compiled[4 : 4 + max(0, size)], "<u4").astype(np.int64)
        labels = units & (LEAF | 0xFF)
        places = np.flatnonzero(labels < LEAF)
        return cls(units, labels, places[np.argsort(places ^ labels[places], kind="stable")])

    def below(self, nodes: Ints) -> Ints:
        """Give the places of all children of these nodes."""
        units, parents = self.units[nodes], self.places ^ self.labels[self.places]
        targets = nodes ^ ((units >> 10) << ((units & (1 << 9)) >> 6))
        begins = np.searchsorted(parents, targets)
        sizes = np.searchsorted(parents, targets, side="right") - begins
        return self.places[stretches(begins, sizes)]
