r"""Patterns: a pre-tokenizer's regular expression as an automaton that knows what lies in a match.

It answers what no regex library does: can this text lie somewhere inside a match, whatever stands
around it? What an automaton cannot express (look-around, possessiveness, which alternative wins)
is left out, so it accepts more than the pattern: its *no* is a proof, its *yes* is none.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain
from typing import Any

import regex

# One node of a parsed pattern: ("class", source), ("look",), ("seq", [..]), ("any", [..]) or
# ("repeat", node, least, most or None).
Node = tuple[Any, ...]
NO_WIDTH = ("b", "B", "A", "Z", "z", "G")
LOOKING = ("?=", "?!", "?<=", "?<!")
PROPERTY = regex.compile(r"\\[pP](?:\{[^}]*\}|.)")
HEXADECIMAL = regex.compile(r"\\(?:x\{[0-9A-Fa-f]+\}|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4})")
COUNTED = regex.compile(r"\{(\d*)(,?)(\d*)\}")
FLAGGED = regex.compile(r"\?([a-z]*):")


class UnreadPatternError(ValueError):
    """A pattern that uses what is not understood here: nothing can be proven with it."""


class Parser:
    """Reads a pattern from left to right; `flags` are those of the group it is in."""

    def __init__(self, pattern: str) -> None:
        """Begin at the beginning."""
        self.pattern, self.at, self.flags = pattern, 0, ""

    def read(self) -> Node:
        """Read alternatives up to the end or a closing bracket; raises UnreadPatternError."""
        found = [self._sequence()]
        while self._peek() == "|":
            self.at += 1
            found.append(self._sequence())
        return ("any", found)

    def _sequence(self) -> Node:
        found = []
        while self._peek() not in ("", "|", ")"):
            found.append(self._repeated(self._atom()))
        return ("seq", found)

    def _peek(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def _take(self, size: int = 1) -> str:
        self.at += size
        return self.pattern[self.at - size : self.at]

    def _repeated(self, node: Node) -> Node:
        least, most = self._count()
        if (least, most) == (1, 1):
            return node
        if self._peek() in ("+", "?"):  # possessive or lazy: the same texts
            self.at += 1
        return ("repeat", node, least, most)

    def _count(self) -> tuple[int, int | None]:
        sign = self._peek()
        if sign in ("?", "*", "+"):
            self.at += 1
            return {"?": (0, 1), "*": (0, None), "+": (1, None)}[sign]
        if sign == "{" and (counted := COUNTED.match(self.pattern, self.at)):
            self.at = counted.end()
            least = int(counted[1] or 0)
            return least, (int(counted[3]) if counted[3] else None) if counted[2] else least
        return 1, 1

    def _atom(self) -> Node:
        sign = self._take()
        if sign == "(":
            return self._group()
        if sign == "[":
            return self._class(self._bracketed())
        if sign == "\\":
            return self._escaped()
        if sign in "^$":
            return ("look",)
        return self._class("(?s:.)" if sign == "." and "s" in self.flags else _literal(sign))

    def _group(self) -> Node:
        outer, looking = self.flags, False
        for opening in LOOKING:
            if self.pattern.startswith(opening, self.at):
                self.at, looking = self.at + len(opening), True
        if flagged := FLAGGED.match(self.pattern, self.at):
            self.at, self.flags = flagged.end(), self.flags + flagged[1]
        elif self._peek() == "?" and not looking:
            raise UnreadPatternError(self.pattern)
        node = self.read()
        if self._take() != ")":
            raise UnreadPatternError(self.pattern)
        self.flags = outer
        return ("look",) if looking else node

    def _bracketed(self) -> str:
        start, depth = self.at - 1, 1
        while depth:
            sign = self._take()
            if not sign:
                raise UnreadPatternError(self.pattern)
            self.at += sign == "\\"
            depth += (sign == "[") - (sign == "]")
        return self.pattern[start : self.at]

    def _escaped(self) -> Node:
        start = self.at - 1
        for kind in (PROPERTY, HEXADECIMAL):
            if found := kind.match(self.pattern, start):
                self.at = found.end()
                return self._class(found[0])
        sign = self._take()
        if sign in NO_WIDTH:
            return ("look",)
        if sign.isdigit() or sign in "hHkKRX":  # references, and letters that libraries dispute
            raise UnreadPatternError(self.pattern)
        return self._class("\\" + sign)

    def _class(self, source: str) -> Node:
        return ("class", f"(?i:{source})" if "i" in self.flags else source)


def _literal(sign: str) -> str:
    return sign if sign == "." else str(regex.escape(sign))


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
        node = parser.read()
        if parser.at < len(pattern):
            raise UnreadPatternError(pattern)
        made._build(node, 0, 1)
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
    return regex.compile(source, regex.V1).fullmatch(letter) is not None
