"""The configuration language of nginx, read tolerantly: directives, blocks and their lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

_TOKEN: Final = re.compile(
    r"(?P<space>\s+)|(?P<comment>#[^\n]*)|(?P<mark>[{};])"
    r"|\"(?P<double>[^\"\\]*(?:\\.[^\"\\]*)*)\"|'(?P<single>[^'\\]*(?:\\.[^'\\]*)*)'"
    r"|(?P<word>(?:\$\{[^}\s]*\}|\{\{[^}\n]*\}\}|\\.|[^\s{};\\])+)|(?P<rest>.)",
    re.DOTALL,
)
_LUA: Final = re.compile(r"[{}]|--[^\n]*|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'")
_DEPTH: Final = 60
_DIRECTIVES: Final = 300_000


class NotNginx(Exception):
    """Not the language, or cut off: ``line`` is where that shows."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason)
        self.reason, self.line = reason, line


@dataclass(slots=True)
class Directive:
    """One directive."""

    name: str
    arguments: tuple[str, ...]
    line: int
    block: list[Directive] | None = None  # None: it ends with a semicolon
    parent: Directive | None = field(default=None, repr=False)
    _index: dict[str, list[Directive]] | None = field(default=None, repr=False)  # a block may hold ten thousands

    def all(self, *names: str) -> Iterator[Directive]:
        """Directives of these names directly inside."""
        if self._index is None:
            self._index = {}
            for one in self.block or ():
                self._index.setdefault(one.name, []).append(one)
        return (one for name in names for one in self._index.get(name, ()))

    def nearest(self, name: str) -> list[Directive]:
        """Directives of a name as they are inherited: of the innermost block that has any."""
        level: Directive | None = self
        while level is not None:
            if found := list(level.all(name)):
                return found
            level = level.parent
        return []


def parse(text: str) -> Directive:
    """The file as one nameless block. Raises NotNginx."""
    parser = _Parser(text)
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise NotNginx("a character that no directive holds", parser.line)
        at = parser.take(found)
    if parser.level.parent is not None:
        raise NotNginx(f"the block of line {parser.level.line} is not closed", parser.line)
    return parser.root


class _Parser:
    """The block that is open, and the words of the directive that is being read."""

    def __init__(self, text: str) -> None:
        self.text, self.line = text, 1
        self.inside: list[Directive] = []  # of the open block
        self.root = self.level = Directive("", (), 1, self.inside)
        self._words: list[str] = []
        self._first, self._count, self._depth = 1, 0, 0

    def take(self, found: re.Match[str]) -> int:
        """One piece of the text; where the next one begins."""
        kind, start = found.lastgroup or "", self.line
        self.line += found[0].count("\n")
        if kind in ("space", "comment"):
            return found.end()
        if kind != "mark":
            self._first = self._first if self._words else start
            self._words.append(found[kind])
            return found.end()
        self._count += 1
        if self._count > _DIRECTIVES:
            raise NotNginx(f"more than {_DIRECTIVES:,} directives", self.line)
        end = found.end()
        if found[0] == "}":
            self._close()
        elif found[0] == ";":
            if self._words:
                self._add(None)
        elif self._open():
            end = _lua_end(self.text, end)
            self.line += self.text.count("\n", found.end(), end)
        self._words = []
        return end

    def _add(self, block: list[Directive] | None) -> Directive:
        one = Directive(self._words[0], tuple(self._words[1:]), self._first, block, self.level)
        self.inside.append(one)
        return one

    def _open(self) -> bool:
        """Begin a block; True for one of Lua, which is skipped whole."""
        if not self._words or self._depth >= _DEPTH:
            raise NotNginx("a block without a name" if not self._words else f"blocks deeper than {_DEPTH}", self.line)
        inside: list[Directive] = []
        block = self._add(inside)
        if block.name.endswith("_by_lua_block"):
            return True
        self.level, self.inside, self._depth = block, inside, self._depth + 1
        return False

    def _close(self) -> None:
        if self.level.parent is None:
            raise NotNginx("a } that closes nothing", self.line)
        self.level, self._depth = self.level.parent, self._depth - 1
        self.inside = self.level.block if self.level.block is not None else []


def _lua_end(text: str, at: int) -> int:
    """Behind the brace that closes a block of Lua; those in its strings and comments do not count."""
    depth = 1
    for found in _LUA.finditer(text, at):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if depth == 0:
            return found.end()
    return len(text)
