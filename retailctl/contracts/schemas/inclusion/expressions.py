"""The tree of a regular expression of ECMA-262, for the part of the syntax that is regular.

Look-around, back references, word boundaries and properties of characters are not read: nothing is then claimed.
Source: ECMA-262, Patterns, with the ``u`` flag, as JSON Schema asks for (2020-12 Core, 6.4).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

Ranges = tuple[tuple[int, int], ...]
"""Code points, from and to, both included."""

_LAST: Final = 0x10FFFF
_DIGIT: Final[Ranges] = ((48, 57),)
_WORD: Final[Ranges] = ((48, 57), (65, 90), (95, 95), (97, 122))
_SPACE: Final[Ranges] = (
    (9, 13), (32, 32), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F),
    (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF),
)  # fmt: skip
_LINE_ENDS: Final[Ranges] = ((10, 10), (13, 13), (0x2028, 0x2029))
_CONTROLS: Final = {"n": 10, "t": 9, "r": 13, "f": 12, "v": 11}
_COUNT: Final = re.compile(r"\{(\d{1,4})(,?)(\d{0,4})\}")
_HEX: Final = re.compile(r"x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|u\{([0-9A-Fa-f]{1,6})\}")
_NAME: Final = re.compile(r"\?(?::|<[A-Za-z_]\w*>)")
_SPECIAL: Final = frozenset("^$\\.*+?()[]{}|/-")
_MAX_DEPTH: Final = 60
_MAX_LENGTH: Final = 2_000


class Unread(Exception):
    """The expression has something that is not read here."""


@dataclass(frozen=True, slots=True)
class Char:
    """One character out of these."""

    ranges: Ranges


@dataclass(frozen=True, slots=True)
class Edge:
    """A place in the text: its beginning or its end."""

    place: Literal["begin", "end"]


@dataclass(frozen=True, slots=True)
class Sequence:
    """Parts one after the other."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One of the parts."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part several times; ``most`` is None where there is no limit."""

    part: Node
    least: int
    most: int | None


Node = Char | Edge | Sequence | Either | Repeat


def read(pattern: str) -> Node:
    """Return the tree. Raises Unread."""
    if len(pattern) > _MAX_LENGTH:
        raise Unread
    reader = _Reader(pattern)
    tree = reader.either(0)
    if reader.at < len(pattern):
        raise Unread
    return tree


def inverse(ranges: Ranges) -> Ranges:
    """Return every other code point."""
    found: list[tuple[int, int]] = []
    low = 0
    for first, last in sorted(ranges):
        if first > low:
            found.append((low, first - 1))
        low = max(low, last + 1)
    if low <= _LAST:
        found.append((low, _LAST))
    return tuple(found)


_CLASSES: Final = {
    "d": _DIGIT, "w": _WORD, "s": _SPACE, "D": inverse(_DIGIT), "W": inverse(_WORD), "S": inverse(_SPACE),
}  # fmt: skip


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def take(self) -> str:
        char = self.peek()
        if not char:
            raise Unread
        self.at += 1
        return char

    def either(self, depth: int) -> Node:
        if depth > _MAX_DEPTH:
            raise Unread
        parts = [self.sequence(depth)]
        while self.peek() == "|":
            self.at += 1
            parts.append(self.sequence(depth))
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def sequence(self, depth: int) -> Node:
        parts: list[Node] = []
        while self.peek() not in ("", "|", ")"):
            parts.append(self.counted(self.part(depth)))
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def counted(self, part: Node) -> Node:
        char = self.peek()
        if char and char in "*+?":
            self.at += 1
            least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}[char]
        elif found := _COUNT.match(self.text, self.at):
            self.at = found.end()
            least = int(found[1])
            most = int(found[3]) if found[3] else None if found[2] else least
        else:
            return part
        if self.peek() == "?":  # the shortest match first: the same texts
            self.at += 1
        if isinstance(part, Edge) or (most is not None and most < least) or self.peek() in ("*", "+", "?", "{"):
            raise Unread
        return Repeat(part, least, most)

    def part(self, depth: int) -> Node:
        char = self.take()
        if char == "^":
            return Edge("begin")
        if char == "$":
            return Edge("end")
        if char == ".":
            return Char(inverse(_LINE_ENDS))
        if char == "(":
            return self.group(depth)
        if char == "[":
            return Char(self.members())
        if char == "\\":
            return Char(self.escape())
        if char in "*+?{":
            raise Unread
        return Char(((ord(char), ord(char)),))

    def group(self, depth: int) -> Node:
        if self.peek() == "?":
            found = _NAME.match(self.text, self.at)
            if found is None:
                raise Unread
            self.at = found.end()
        inner = self.either(depth + 1)
        if self.take() != ")":
            raise Unread
        return inner

    def escape(self) -> Ranges:
        if found := _HEX.match(self.text, self.at):
            self.at = found.end()
            code = int(found[1] or found[2] or found[3], 16)
            if code > _LAST or 0xD800 <= code <= 0xDFFF:
                raise Unread
            return ((code, code),)
        char = self.take()
        if char in _CLASSES:
            return _CLASSES[char]
        if char in _CONTROLS:
            return ((_CONTROLS[char], _CONTROLS[char]),)
        if char.isalnum():  # a back reference, a boundary, a property, or what engines read in different ways
            raise Unread
        return ((ord(char), ord(char)),)

    def members(self) -> Ranges:
        negated = self.peek() == "^"
        self.at += negated
        found: list[tuple[int, int]] = []
        while self.peek() != "]":
            first = self.member()
            if self.peek() == "-" and self.text[self.at + 1 : self.at + 2] not in ("]", ""):
                self.at += 1
                last = self.member()
                if len(first) != 1 or len(last) != 1 or first[0][0] != first[0][1] or first[0][0] > last[0][1]:
                    raise Unread
                found.append((first[0][0], last[0][1]))
            else:
                found += first
        self.at += 1
        if not found:
            raise Unread
        others = inverse(tuple(found))
        return others if negated else inverse(others)  # in order, and apart

    def member(self) -> Ranges:
        char = self.take()
        if char == "\\":
            return self.escape()
        if char == "[" or (self.text.startswith(char, self.at) and char in "&~"):  # engines differ
            raise Unread
        return ((ord(char), ord(char)),)
