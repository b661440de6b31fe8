"""From a position inside an expression to the place in the YAML file that holds it (policy.md section 7.3).

The characters that are not blank stand in the same order in both, whatever the style of the scalar: so the
place is found by counting them. Only block headers, quotes and escapes need a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from retailctl.errors import Location

_HEADER = re.compile(r"[|>][-+0-9]*[ \t]*(?:#[^\n]*)?\n")
_BLANK_ESCAPES = frozenset("tnrNLP_abefv0 \n")
_LONG_ESCAPES = {"x": 2, "u": 4, "U": 8}


def place_in_file(start: Location, text: str, expression: str, line: int, column: int) -> Location:
    """Where (line, column) of ``expression`` stands in the file whose scalar begins at ``start``.

    Without the text of the file the place is exact for a scalar on one line, and the line is right for ``|``.
    """
    offset = _offset(expression, line, column)
    if not text or not start.line:
        shifted = start.column + column - 1 if line == 1 else column
        return replace(start, line=start.line + line - 1, column=shifted, end_line=0, end_column=0)
    wanted = sum(1 for char in expression[:offset] if not char.isspace())
    begin = _start(text, start)
    before = list(islice(_visible(text, begin), wanted + 1))
    # Behind the last character (an expression that ends too early) there is nothing to point at but its end.
    position = before[wanted] if len(before) > wanted else (before[-1] + 1 if before else begin)
    found_line = text.count("\n", 0, position) + 1
    found_column = position - text.rfind("\n", 0, position)
    return replace(start, line=found_line, column=found_column, end_line=0, end_column=0)


def _offset(expression: str, line: int, column: int) -> int:
    before = expression.split("\n")[: line - 1]
    return sum(len(text) + 1 for text in before) + column - 1


def _start(text: str, start: Location) -> int:
    position = 0
    for _ in range(start.line - 1):
        position = text.find("\n", position) + 1
    return position + start.column - 1


def _visible(text: str, begin: int) -> Iterator[int]:
    """Positions of the characters of a scalar that are not blank, in order."""
    header = _HEADER.match(text, begin)
    if header:
        yield from _not_blank(text, header.end())
    elif text[begin : begin + 1] == '"':
        yield from _double_quoted(text, begin + 1)
    elif text[begin : begin + 1] == "'":
        yield from _single_quoted(text, begin + 1)
    else:
        yield from _not_blank(text, begin)


def _not_blank(text: str, begin: int) -> Iterator[int]:
    return (position for position in range(begin, len(text)) if not text[position].isspace())


def _single_quoted(text: str, begin: int) -> Iterator[int]:
    doubled = False
    for position in _not_blank(text, begin):
        if doubled:
            doubled = False
            continue
        doubled = text[position : position + 2] == "''"
        if text[position] == "'" and not doubled:
            return
        yield position


def _double_quoted(text: str, begin: int) -> Iterator[int]:
    position = begin
    while position < len(text) and text[position] != '"':
        char, escaped = text[position], text[position + 1 : position + 2]
        if char == "\\":
            if escaped not in _BLANK_ESCAPES:
                yield position
            position += 2 + _LONG_ESCAPES.get(escaped, 0)
            continue
        if not char.isspace():
            yield position
        position += 1
