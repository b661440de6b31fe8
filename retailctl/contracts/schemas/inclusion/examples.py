"""Strings that match a regular expression, for the common part of the syntax. A guess: the caller checks each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_CLASSES: Final = {"d": "0123456789", "w": "aA0_", "s": " ", "D": "a-", "W": "-", "S": "a0"}
_COUNT: Final = re.compile(r"\{(\d{1,4})(,?)(\d{0,5})\}")
_MAX_DEPTH: Final = 20
_MAX_LENGTH: Final = 20_000


class _Unread(Exception):
    """The expression has something this reader does not know."""


@dataclass(slots=True)
class _Reader:
    """Writes one example while it reads the expression; `room` is how many characters may be added where it repeats."""

    pattern: str
    room: int
    turn: int  # which alternative, which character of a class
    at: int = 0

    def peek(self) -> str:
        return self.pattern[self.at] if self.at < len(self.pattern) else ""

    def take(self) -> str:
        char = self.peek()
        self.at += 1
        return char

    def alternation(self, depth: int) -> str:
        if depth > _MAX_DEPTH:
            raise _Unread
        branches = [self.sequence(depth)]
        while self.peek() == "|":
            self.take()
            branches.append(self.sequence(depth))
        return branches[self.turn % len(branches)]

    def sequence(self, depth: int) -> str:
        parts: list[str] = []
        while self.peek() not in {"", "|", ")"}:
            piece = self.atom(depth)
            low, high = self.repeat()
            extra = 0
            if piece and high > low and self.room > 0:
                extra = min(high - low, self.room // len(piece))
                self.room -= extra * len(piece)
            if len(piece) * (low + extra) > _MAX_LENGTH:
                raise _Unread
            parts.append(piece * (low + extra))
        return "".join(parts)

    def repeat(self) -> tuple[int, int]:
        low, high = 1, 1
        char = self.peek()
        if char and char in "*+?":
            self.take()
            low, high = {"*": (0, _MAX_LENGTH), "+": (1, _MAX_LENGTH), "?": (0, 1)}[char]
        elif found := _COUNT.match(self.pattern, self.at):
            self.at = found.end()
            low = int(found[1])
            high = int(found[3]) if found[3] else _MAX_LENGTH if found[2] else low
        else:
            return low, high
        if self.peek() == "?":
            self.take()
        return low, high

    def atom(self, depth: int) -> str:
        char = self.take()
        if char in "^$":
            return ""
        if char == "(":
            return self.group(depth)
        if char == "[":
            return self.members()
        if char == "\\":
            return self.escape()
        if char == ".":
            return "a0"[self.turn % 2]
        if char in "*+?{":
            raise _Unread
        return char

    def group(self, depth: int) -> str:
        if self.peek() == "?":
            self.take()
            if self.take() != ":":
                raise _Unread
        inner = self.alternation(depth + 1)
        if self.take() != ")":
            raise _Unread
        return inner

    def escape(self) -> str:
        char = self.take()
        if char in _CLASSES:
            known = _CLASSES[char]
            return known[self.turn % len(known)]
        if char in "bB":
            return ""
        if char.isalnum() or not char:
            raise _Unread
        return char

    def members(self) -> str:
        negated = self.peek() == "^"
        if negated:
            self.take()
        chars: list[str] = []
        while self.peek() != "]":
            char = self.take()
            if not char:
                raise _Unread
            if char == "\\":
                char = self.take()
                chars += _CLASSES.get(char, char)
                continue
            chars.append(char)
            if self.peek() == "-" and self.pattern[self.at + 1 : self.at + 2] not in {"]", "", "\\"}:
                self.take()
                chars.append(self.take())
        self.take()
        if negated:
            chars = [char for char in "a0A -_." if char not in chars]
        if not chars:
            raise _Unread
        return chars[self.turn % len(chars)]


@lru_cache(maxsize=4096)
def example(pattern: str, room: int = 0, turn: int = 0) -> str | None:
    """A string the expression may match, about `room` longer than the shortest; None where it cannot be read."""
    reader = _Reader(pattern, min(room, _MAX_LENGTH), turn)
    try:
        text = reader.alternation(0)
    except _Unread:
        return None
    return text if reader.at >= len(pattern) else None
