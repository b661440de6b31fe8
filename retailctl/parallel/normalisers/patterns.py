"""``regex``: the part of regular expressions on which RE2, PostgreSQL and Java agree, and which none reads slowly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from retailctl.model.normaliser import Replacement
from retailctl.parallel.columns import Type
from retailctl.parallel.normalisers.stage import TEXT, Stage
from retailctl.parallel.sql.dialect import Dialect

_CLASSES: Final = {"d": "0-9", "w": "A-Za-z0-9_", "s": r" \t\r\n\f"}
_SIGNS: Final = frozenset(".^$*+?()[]{}|\\/-")
_TOKEN: Final = re.compile(
    r"\\(?P<escape>.)|\[(?P<negated>\^?)(?P<set>(?:\\.|[^\]\\\[])+)\]|(?P<repeat>[*+?]|\{\d{1,3}(?:,\d{0,3})?\})"
    r"|(?P<open>\((?:\?:)?)|(?P<close>\))|(?P<bar>\|)|(?P<dot>\.)|(?P<anchor>[\^$])|(?P<plain>[^\\\[\](){}*+?|.^$])",
    re.DOTALL,
)
_LONGEST: Final = 500


def portable(pattern: str) -> str:
    """The pattern in a form that every engine reads alike. Raises ValueError with the reason where there is none.

    ``\\d``, ``\\w`` and ``\\s`` are ASCII, ``.`` is any character but a line end, and a group that is repeated holds no
    repetition: on some engines such a pattern takes time without end. PostgreSQL takes the longest alternative and the
    others the first, so a choice is for patterns that hold from ``^`` to ``$``.
    """
    if not pattern or len(pattern) > _LONGEST:
        raise ValueError(f"a pattern has 1 to {_LONGEST} characters")
    reader = _Reader()
    at = 0
    while at < len(pattern):
        token = _TOKEN.match(pattern, at)
        if token is None:
            raise ValueError(f"character {at + 1} is not understood")
        reader.take(token)
        at = token.end()
    if reader.groups:
        raise ValueError("a bracket is not closed")
    if reader.choice and not (pattern.startswith("^") and pattern.endswith("$") and _whole(pattern)):
        raise ValueError("a choice (|) needs ^ before and $ behind it, with the choice in brackets")
    return "".join(reader.made)


class _Reader:
    """What is known of a pattern up to a token."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.groups: list[bool] = []  # of each open group, whether something in it is repeated
        self.choice = False
        self._busy = False  # whether the last token closed a group with a repetition
        self._repeatable = False

    def take(self, token: re.Match[str]) -> None:
        """The next token. Raises ValueError where it may not stand here."""
        kind = token.lastgroup
        if kind == "repeat":
            self._repeat(token[0])
        elif kind == "open":
            self.groups.append(False)
        if kind == "close" and not self.groups:
            raise ValueError("a bracket is closed that was not opened")
        self._busy = kind == "close" and self.groups.pop()
        self._repeatable = kind in {"escape", "set", "dot", "plain", "close"}
        self.choice = self.choice or kind == "bar"
        self.made.append(_one(token))

    def _repeat(self, sign: str) -> None:
        if not self._repeatable:
            raise ValueError("a repetition follows nothing to repeat; lazy ones are not known")
        if self._busy and sign != "?":
            raise ValueError("a repeated group holds a repetition")
        self.groups[:] = [True] * len(self.groups)


def _one(token: re.Match[str]) -> str:
    if token["escape"] is not None:
        return _escaped(token["escape"])
    if token["set"] is not None:
        return f"[{token['negated']}{''.join(_members(token['set']))}]"
    return r"[^\n]" if token[0] == "." else token[0]


def _escaped(letter: str) -> str:
    if letter in _CLASSES:
        return f"[{_CLASSES[letter]}]"
    if letter not in _SIGNS:
        raise ValueError(rf"\{letter} is not known" if letter.isprintable() else "an escape is not known")
    return rf"\{letter}" if letter not in "/-" else letter


def _members(text: str) -> Iterator[str]:
    for piece in re.findall(r"\\.|.", text, re.DOTALL):
        if piece[0] != "\\":
            yield piece
        elif piece[1] in _CLASSES:
            yield _CLASSES[piece[1]]
        elif piece[1] in _SIGNS:
            yield piece
        else:
            raise ValueError("an escape in a set is not known")


def _whole(pattern: str) -> bool:
    """Whether no choice stands outside brackets."""
    depth = 0
    for token in _TOKEN.finditer(pattern):
        depth += {"open": 1, "close": -1}.get(token.lastgroup or "", 0)
        if token.lastgroup == "bar" and not depth:
            return False
    return True


def wrong_regex(argument: Replacement) -> str:
    """Why a replacement cannot be used; "" where it can."""
    try:
        made = portable(argument.match)
    except ValueError as error:
        return str(error)
    groups = len(re.findall(r"(?<!\\)\((?!\?)", re.sub(r"\[[^\]]*\]", "", made)))
    for found in re.findall(r"\\(.?)", argument.replace.replace("\\\\", ""), re.DOTALL):
        if not found.isascii() or not found.isdigit() or not 1 <= int(found) <= groups:
            return (
                rf"replace: \1 to \{groups} are the groups of the pattern" if groups else "replace: there are no groups"
            )
    return ""


def regex(argument: Replacement, current: Type, dialect: Dialect) -> Iterator[Stage]:
    """The first match replaced; a text without one stays as it is."""
    pattern = portable(argument.match)
    yield Stage(TEXT, lambda x: dialect.replaced(x, pattern, argument.replace))
