"""Where every key and item of a document stands, at four bytes each.

The reader appends one character offset per key and per sequence item, in the order of the text: a key or item comes
first, then everything inside its value. An entry is named by its number in that order; the inside of the value of
entry ``p`` starts at ``p + 1``. Only the places that are asked for cost more than that: sizes are measured on demand.
Aliases and merge keys are the exceptions of that order and have small tables of their own.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Any, Final, TypeAlias

Path: TypeAlias = tuple[str | int, ...]
Table: TypeAlias = dict[str | int, int]

_CHUNK: Final = 1 << 20


def line_starts(text: str) -> array[int]:
    """Return the offset of the first character of every line; LF, CRLF and CR end a line, nothing else does."""
    starts = array("I", [0])
    if "\r" in text:  # same length, so the offsets stay
        text = text.replace("\r\n", " \n").replace("\r", "\n")
    for begin in range(0, len(text), _CHUNK):  # in chunks: a file of line ends only must not cost 60 times its size
        lengths = [len(line) + 1 for line in text[begin : begin + _CHUNK].split("\n")]
        carried = begin - starts[-1]
        lengths[0] += carried
        lengths.pop()
        starts.extend(accumulate(lengths, initial=starts.pop()))
    return starts


def line_and_column_in(text: str, offset: int) -> tuple[int, int]:
    """Return the 1-based line and column of an offset without a table: for the one place of an error."""
    breaks = text.count("\n", 0, offset) + text.count("\r", 0, offset) - text.count("\r\n", 0, offset)
    return breaks + 1, offset - max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset))


def line_and_column(starts: array[int], offset: int) -> tuple[int, int]:
    """Return the 1-based line and column (in characters) of an offset."""
    line = bisect_right(starts, offset)
    return line, offset - starts[line - 1] + 1


class Positions:
    """The entry numbers of one document, and from an entry to its offset, line and column."""

    __slots__ = ("_tables", "aliases", "lines", "marks", "merges", "sizes")

    def __init__(self, marks: array[int], lines: array[int], sizes: dict[int, int] | None = None) -> None:
        self.marks, self.lines = marks, lines
        self.aliases: dict[int, int] = {}
        """Entry whose value is an alias -> start of the inside of the anchored value."""
        self.merges: dict[int, tuple[Table, int]] = {}
        """Start of a mapping that had ``<<`` -> its keys with their entries, and its size in the text."""
        self.sizes: dict[int, int] = {} if sizes is None else sizes
        """Start of a mapping or sequence -> entries inside it, where known; the others are measured on demand."""
        self._tables: dict[int, Table] = {}

    def place(self, entry: int) -> tuple[int, int]:
        """Return line and column of an entry."""
        return line_and_column(self.lines, self.marks[entry])

    def inside(self, entry: int) -> int:
        """Return the number of the first entry inside the value of ``entry``."""
        return self.aliases.get(entry, entry + 1)

    def entries(self, container: Any, start: int) -> Table:
        """Return key (or index) -> entry number for a mapping or sequence whose inside starts at ``start``."""
        if start in self.merges:
            return self.merges[start][0]
        table = self._tables.get(start)
        if table is None:
            numbers, entry = [], start
            for value in _values(container):
                numbers.append(entry)
                entry += 1 + self._size_of_value(value, entry)
            keys: Iterable[str | int] = container if isinstance(container, dict) else range(len(numbers))
            table = self._tables[start] = dict(zip(keys, numbers, strict=True))
        return table

    def find(self, roots: list[Any], path: Path) -> tuple[int, int]:
        """Return the entry for ``path`` below the list of documents, and how many steps of the path exist."""
        container: Any = roots
        start = entry = 0
        for done, step in enumerate(path):
            if not has_step(container, step):
                return entry, done
            entry = self.entries(container, start)[step]
            container, start = container[step], self.inside(entry)
        return entry, len(path)

    def size(self, container: Any, start: int) -> int:
        """Return how many entries stand inside a mapping or sequence, at any depth."""
        if start in self.merges:
            return self.merges[start][1]
        if start not in self.sizes:
            self._measure(container, start)
        return self.sizes[start]

    def _size_of_value(self, value: Any, entry: int) -> int:
        if value.__class__ not in (dict, list) or entry in self.aliases:
            return 0
        return self.size(value, entry + 1)

    def _measure(self, container: Any, start: int) -> None:
        sizes, aliases, merges = self.sizes, self.aliases, self.merges
        cursor = start
        stack: list[tuple[int, Iterator[Any]]] = [(start, iter(_values(container)))]
        while stack:
            begin, values = stack[-1]
            for value in values:
                entry, cursor = cursor, cursor + 1
                if (value.__class__ is dict or value.__class__ is list) and entry not in aliases:
                    if cursor in merges or cursor in sizes:
                        cursor += merges[cursor][1] if cursor in merges else sizes[cursor]
                        continue
                    stack.append((cursor, iter(_values(value))))
                    break
            else:
                stack.pop()
                sizes[begin] = cursor - begin


def _values(container: Any) -> Iterable[Any]:
    return container.values() if isinstance(container, dict) else container


def has_step(container: Any, step: str | int) -> bool:
    """Return whether a key or index exists."""
    if isinstance(container, dict):
        return step in container
    return isinstance(container, list) and isinstance(step, int) and 0 <= step < len(container)


def typed(data: Any, path: Sequence[str]) -> Path:
    """Return the steps of a pointer with those that meet a sequence turned into numbers."""
    result: list[str | int] = []
    value = data
    for step in path:
        known: str | int = step
        if isinstance(value, list) and step.isascii() and step.isdigit() and len(step) < 10:
            known = int(step)
        result.append(known)
        try:
            value = value[known]
        except (LookupError, TypeError):
            value = None
    return tuple(result)
