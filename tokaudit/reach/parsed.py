"""A pre-tokenizer's regular expression taken apart, as far as it is understood."""

from functools import lru_cache
from typing import Any

import regex

# One node of a parsed pattern: ("class", source), ("look",), ("seq", [..]), ("any", [..]) or
# ("repeat", node, least, most or None).
Node = tuple[Any, ...]
NO_WIDTH = ("b", "B", "A", "Z", "z", "G")
LOOKING = ("?=", "?!", "?<=", "?<!")
PROPERTY = regex.compile(r"\\[pP](?:\{[^}]*\}|.)")
HEXADECIMAL = regex.compile(r"\\(?:x\{[0-9A-Fa-f]+\}|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4})")
COUNTED = regex.compile(r"\{([0-9]*)(,?)([0-9]*)\}")
FLAGGED = regex.compile(r"\?([a-z]*):")
ESCAPED = regex.compile(r"\\(?:x\{([0-9A-Fa-f]+)\}|.)", regex.DOTALL)
# What `regex` raises by mistake: for `(?i:[\s\S&&[ab]])`, for `\p{9E999}`.
FAULTS = (AttributeError, ArithmeticError, LookupError, TypeError)


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
            most = (int(counted[3]) if counted[3] else None) if counted[2] else least
            if not (counted[1] or counted[3]) or (most is not None and most < least):
                raise UnreadPatternError(self.pattern)  # libraries disagree on what this says
            return least, most
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
        source = f"(?i:{source})" if "i" in self.flags else source
        compiled(source)
        return ("class", source)


def _literal(sign: str) -> str:
    return sign if sign == "." else str(regex.escape(sign))


@lru_cache(maxsize=2**12)
def compiled(source: str) -> "regex.Pattern[str]":
    """Compile a class; `regex` does not know the numbers in braces that other libraries do.

    Raises regex.error or ValueError.
    """
    plain = ESCAPED.sub(lambda m: f"\\U{int(m[1], 16):08x}" if m[1] else m[0], source)
    try:
        return regex.compile(plain, regex.V1)
    except FAULTS as error:
        raise ValueError(f"regex cannot compile {plain!r}") from error
