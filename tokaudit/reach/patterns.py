r"""Patterns: a pre-tokenizer's regular expression as an automaton that knows what lies in a match.

It answers what no regex library does: can this text lie somewhere inside a match, whatever stands
around it? What an automaton cannot express (look-around, possessiveness, which alternative wins)
is left out, so it accepts more than the pattern: its *no* is a proof, its *yes* is none.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain

import regex

from tokaudit.reach.parsed import Node, Parser, UnreadPatternError, compiled

MOST_STATES = 20_000


@dataclass(frozen=True, eq=False)
class Automaton:
    """States, what leads from one to the next without a character, and with one.

    State 0 is the start, state 1 the end. `looks` says whether look-around may be stepped over.
    """

    pattern: str
    looks: bool = True
    free: list[set[int]] = field(default_factory=lambda: [set(), set()])
    steps: list[list[tuple[str, int]]] = field(default_factory=lambda: [[], []])

    @classmethod
    def of(cls, pattern: str, looks: bool = True) -> "Automaton":
        """Build from a pattern; raises UnreadPatternError."""
        made = cls(pattern, looks)
        parser = Parser(pattern)
        try:
            node = parser.read()
            made._build(node, 0, 1)
        except (RecursionError, ValueError, regex.error) as error:
            raise UnreadPatternError(pattern) from error
        if parser.at < len(pattern):
            raise UnreadPatternError(pattern)
        return made

    def holds(self, text: str, *, begun: bool = False) -> bool:
        """Say whether a match may hold this text somewhere; `begun`: not at its beginning."""
        starts = self._after_one if begun else frozenset(range(len(self.free)))
        return bool(self._walk(starts, text))

    def starts_with(self, text: str) -> bool:
        """Say whether a match may begin with this text."""
        return bool(self._walk(self._closed({0}), text))

    def is_whole(self, text: str) -> bool:
        """Say whether this text may be a whole match."""
        return 1 in self._walk(self._closed({0}), text)

    def _walk(self, states: frozenset[int], text: str) -> frozenset[int]:
        for letter in text:
            states = self._closed({s for state in states for s in self._next(state, letter)})
        return states

    def _next(self, state: int, letter: str) -> Iterable[int]:
        return (target for source, target in self.steps[state] if _is_in(source, letter))

    def _closed(self, states: Iterable[int]) -> frozenset[int]:
        found, new = set(states), list(states)
        while new:
            more = self.free[new.pop()] - found
            found |= more
            new += more
        return frozenset(found)

    @cached_property
    def _after_one(self) -> frozenset[int]:
        return self._closed({target for _, target in chain.from_iterable(self.steps)})

    def _new(self) -> int:
        if len(self.free) == MOST_STATES:
            raise UnreadPatternError(self.pattern)
        self.free.append(set())
        self.steps.append([])
        return len(self.free) - 1

    def _build(self, node: Node, start: int, end: int) -> None:
        kind = node[0]
        if kind == "class":
            self.steps[start].append((node[1], end))
        elif kind == "look":
            self.free[start] |= {end} if self.looks else set()
        elif kind == "any":
            for each in node[1]:
                self._build(each, start, end)
        elif kind == "seq":
            self._build_row(node[1], start, end)
        else:
            self._build_repeat(node, start, end)

    def _build_row(self, nodes: list[Node], start: int, end: int) -> None:
        for node in nodes:
            middle = self._new()
            self._build(node, start, middle)
            start = middle
        self.free[start].add(end)

    def _build_repeat(self, node: Node, start: int, end: int) -> None:
        _, inner, least, most = node
        for _ in range(least):
            self._build(inner, start, start := self._new())
        if most is None:
            loop = self._new()
            self.free[start].add(loop)
            self._build(inner, loop, loop)
            self.free[loop].add(end)
            return
        for _ in range(most - least):
            self.free[start].add(end)
            self._build(inner, start, start := self._new())
        self.free[start].add(end)


@lru_cache(maxsize=2**20)
def _is_in(source: str, letter: str) -> bool:
    """Say whether one character matches a class, written as in a pattern."""
    return compiled(source).fullmatch(letter) is not None
