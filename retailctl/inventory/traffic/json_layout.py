"""The layout of a JSON line as an expression: same keys in the same order, other values."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

_TOKEN: Final = re.compile(r'\s*("(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*|true|false|null|[{}\[\]:,])\s*')
_STRING: Final = rb'"[^"\\\n]*+"'
_NUMBER: Final = rb"-?[0-9][0-9.eE+-]*+"
_SCALAR: Final = rb"(?:" + _STRING + rb"|" + _NUMBER + rb"|true|false|null)"
_LONGEST: Final = 200

Layout = tuple[re.Pattern[bytes], tuple[str, ...]]


def value_at(record: Mapping[str, Any], name: str) -> Any:
    """A value by its dotted name; keys that have dots themselves come first. None where there is none."""
    if name in record:
        return record[name]
    value: Any = record
    for part in name.split("."):
        if not isinstance(value, Mapping) or part not in value:
            return None
        value = value[part]
    return value


def layout(line: str, wanted: Mapping[str, str]) -> Layout | None:
    """An expression whose groups are the wanted values, and their columns; None for a line with lists, or a long one.

    ``wanted`` is the column of a dotted name.
    """
    out: list[bytes] = [b"^"]
    order: list[str] = []
    path: list[str] = []
    at, depth, key = 0, 0, ""
    tokens = 0
    text = line.rstrip("\r\n")
    while at < len(text):
        found = _TOKEN.match(text, at)
        tokens += 1
        if found is None or tokens > _LONGEST or found[1] in "[]":
            return None
        token = found[1]
        before, after = text[at : found.start(1)].encode(), text[found.end(1) : found.end()].encode()
        at = found.end()
        colon = text[at : at + 1] == ":"
        out.append(re.escape(before))
        if token == "{":
            depth += 1
            if depth > 1:
                path.append(key)
            out.append(rb"\{")
        elif token == "}":
            depth -= 1
            if path:
                path.pop()
            out.append(rb"\}")
        elif token in ":,":
            out.append(token.encode())
        elif colon and token.startswith('"'):
            key = json.loads(token)
            out.append(re.escape(token.encode()))
        else:
            column = wanted.get(".".join((*path, key)))
            if column is None or column in order:
                out.append(_SCALAR)
            else:
                order.append(column)
                out.append(rb'"([^"\\\n]*+)"' if token.startswith('"') else rb"(" + _NUMBER + rb")" if token[0] in "-0123456789" else rb"(null|true|false)")  # fmt: skip  # noqa: E501
        out.append(re.escape(after))
    if set(order) != set(wanted.values()):
        return None
    out.append(rb"\r?\n")
    return re.compile(b"".join(out), re.MULTILINE), tuple(order)
