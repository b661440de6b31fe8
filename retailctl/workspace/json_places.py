"""Places in a JSON text without scanning all of it: only the containers on the way to them are looked into.

What stands beside the way is skipped by the standard library's C scanner, which is several times faster than any loop
over tokens. What a container on the way holds is remembered up to the last member that was asked for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from retailctl.workspace.positions import Path, has_step

Place: TypeAlias = tuple[int, int]

_SPACE: Final = re.compile(r"[ \t\r\n]*+")
_COLON: Final = re.compile(r"[ \t\r\n]*+:[ \t\r\n]*+")
_COMMA: Final = re.compile(r"[ \t\r\n]*+,[ \t\r\n]*+")
_SCALAR: Final = re.compile(r"[^ \t\r\n,\]}]*+")
_CHUNK: Final = 16_384
# In characters skipped: what a member costs that is looked at, and what a scan of everything costs per character.
_MEMBER: Final = 150
_SCAN: Final = 5


class JsonPlaces:
    """The places in one text that the JSON reader has accepted; lines and columns are 1-based."""

    def __init__(self, text: str) -> None:
        self._text, self._lines = text, _Lines(text)
        self._decode: Callable[[str, int], tuple[Any, int]] = json.JSONDecoder().scan_once  # type: ignore[attr-defined]
        self._containers: dict[int, _Container] = {}
        self._root = _after(_SPACE, text, 0)
        self._spent = 0

    @property
    def worn(self) -> bool:
        """Whether so much was asked that one scan of the whole text costs less from here."""
        return self._spent > _SCAN * len(self._text) + 100 * _MEMBER

    def place(self, data: Any, path: Path) -> tuple[Place, tuple[Place, Place] | None]:
        """Return where a key or item stands, and begin and end of its value; ``data`` is the value of the text.

        For a path that does not exist, the place of the closest parent that does, and None. The end of an object or
        array is not worked out: it is given as (0, 0).
        """
        entry = value = self._root
        container = data
        for step in path:
            member = self._member(value, step) if has_step(container, step) else None
            if member is None:
                return self._lines.place(entry), None
            entry, value = member
            container = container[step]
        end = (0, 0) if self._text[value] in "{[" else self._lines.place(self._end(value))
        return self._lines.place(entry), (self._lines.place(value), end)

    def _member(self, begin: int, step: str | int) -> tuple[int, int] | None:
        """Return the offsets of a key or item and of its value, in the container that begins at ``begin``."""
        container = self._containers.get(begin)
        if container is None:
            container = self._containers[begin] = _Container()
        if step not in container.members and not container.end:
            self._read(begin, container, step)
        return container.members.get(step)

    def _read(self, begin: int, container: _Container, wanted: str | int | None) -> None:
        """Go on to the member ``wanted``, or to the end."""
        text, members = self._text, container.members
        is_object = text[begin] == "{"
        at = self._next(container) if members else _after(_SPACE, text, begin + 1)
        if not members and text[at] in "}]":
            container.end, at = at + 1, 0
        before = len(members)
        while at:
            entry, key = at, len(members)  # type: int, str | int
            if is_object:
                key, at = self._decode(text, at)
                at = _after(_COLON, text, at)
            members[key] = entry, at
            container.last = at
            if key == wanted:
                break
            if text[at] not in '"{[' or at in self._containers:
                at = self._next(container)
                continue
            end = self._decode(text, at)[1]  # most are passed over in one step
            if text[at] != '"':
                self._spent += end - at
            comma = _COMMA.match(text, end)
            if comma is None:
                container.end = _after(_SPACE, text, end) + 1
            at = comma.end() if comma is not None else 0
        self._spent += _MEMBER * (len(members) - before)

    def _next(self, container: _Container) -> int:
        """Return where the next member begins; 0 after the last one."""
        at = _after(_SPACE, self._text, self._end(container.last))
        if self._text[at] == ",":
            return _after(_SPACE, self._text, at + 1)
        container.end = at + 1
        return 0

    def _end(self, value: int) -> int:
        """Return where a value ends; one that was looked into before is not read again from its start."""
        first = self._text[value]
        if first == '"':
            return self._decode(self._text, value)[1]
        if first not in "{[":
            return _after(_SCALAR, self._text, value)
        known = self._containers.get(value)
        if known is not None:
            if not known.end:
                self._read(value, known, None)
            return known.end
        end = self._decode(self._text, value)[1]
        self._spent += end - value
        return end


class _Container:
    """What is known of one object or array; ``end`` is 0 until it was read to its end."""

    __slots__ = ("end", "last", "members")

    def __init__(self) -> None:
        self.members: dict[str | int, tuple[int, int]] = {}
        self.last = self.end = 0


class _Lines:
    """Line and column of single offsets, without a table of all lines."""

    def __init__(self, text: str) -> None:
        if "\r" in text:  # same length, so the offsets stay
            text = text.replace("\r\n", " \n").replace("\r", "\n")
        self._text = text
        self._known: list[tuple[int, int]] = [(0, -1)]
        """Per chunk: the number of line ends before it and the offset of the last of them."""

    def place(self, offset: int) -> Place:
        chunk, known, text = offset // _CHUNK, self._known, self._text
        while len(known) <= chunk:
            begin, (count, last) = (len(known) - 1) * _CHUNK, known[-1]
            end = begin + _CHUNK
            known.append((count + text.count("\n", begin, end), max(last, text.rfind("\n", begin, end))))
        begin, (count, last) = chunk * _CHUNK, known[chunk]
        last = max(last, text.rfind("\n", begin, offset))
        return count + text.count("\n", begin, offset) + 1, offset - last


def _after(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at
