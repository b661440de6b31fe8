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

    def all(self, *names: str) -> Iterator[Directive]:
        """Directives of these names directly inside."""
        return (one for one in self.block or () if one.name in names)

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
    inside: list[Directive] = []
    root = Directive("", (), 1, inside)
    level, first, count = root, 1, 0
    words: list[str] = []
    depth, line, at = 0, 1, 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise NotNginx("a character that no directive holds", line)
        kind, token, start = found.lastgroup or "", found[found.lastgroup or 0], line
        line += found[0].count("\n")
        at = found.end()
        if kind in ("space", "comment"):
            continue
        if kind != "mark":
            first = first if words else start
            words.append(token)
            continue
        count += 1
        if count > _DIRECTIVES:
            raise NotNginx(f"more than {_DIRECTIVES:,} directives", line)
        if token == "}":
            if level.parent is None:
                raise NotNginx("a } that closes nothing", line)
            level, depth, words = level.parent, depth - 1, []
            inside = level.block if level.block is not None else []
        elif token == ";":
            if words:
                inside.append(Directive(words[0], tuple(words[1:]), first, None, level))
            words = []
        else:
            if not words or depth >= _DEPTH:
                raise NotNginx("a block without a name" if not words else f"blocks deeper than {_DEPTH}", line)
            below: list[Directive] = []
            block = Directive(words[0], tuple(words[1:]), first, below, level)
            inside.append(block)
            words = []
            if block.name.endswith("_by_lua_block"):
                end = _lua_end(text, at)
                line += text.count("\n", at, end)
                at = end
            else:
                level, depth, inside = block, depth + 1, below
    if level.parent is not None:
        raise NotNginx(f"the block of line {level.line} is not closed", line)
    return root


def _lua_end(text: str, at: int) -> int:
    """Behind the brace that closes a block of Lua; braces in its strings are taken as balanced."""
    depth = 1
    for found in re.compile(r"[{}]").finditer(text, at):
        depth += 1 if found[0] == "{" else -1
        if depth == 0:
            return found.end()
    return len(text)
