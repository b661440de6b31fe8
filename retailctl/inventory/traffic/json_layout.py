"""The layout of a JSON line as an expression: same keys in the same order, other values."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

# A list without lists in it is one part: nothing is taken out of it.
_PART: Final = re.compile(r'\[[^\[\]\n]*\]|"(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*|true|false|null|[{}\[\]:,]')
_STRING: Final = rb'"[^"\\\n]*+"'
_NUMBER: Final = rb"-?[0-9][0-9.eE+-]*+"
_SCALAR: Final = rb"(?:" + _STRING + rb"|" + _NUMBER + rb"|true|false|null)"
_LIST: Final = rb"\[[^\[\]\n]*+\]"
_LONGEST: Final = 400
# Of an address the part that may be kept, as everywhere: query, fragment and matrix parameters are cut.
_CUT: Final = {
    "line": rb'"([A-Z]++ [^ ?"#;\\\n]*+)[^"\\\n]*+"',
    "path": rb'"([^ ?"#;\\\n]*+)[^"\\\n]*+"',
    "upstream": rb'"([^ ?"#;\\\n]*+)[^"\\\n]*+"',
}

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
    """An expression whose groups are the wanted values, and their columns; None for lists in lists and long lines.

    ``wanted`` is the column of a dotted name.
    """
    text = line.strip()
    parts = list(_PART.finditer(text))
    if len(parts) > _LONGEST or any(part[0] in "[]" for part in parts):
        return None  # a list in a list, or a bracket in a text of one
    out: list[bytes] = [b"^"]
    order: list[str] = []
    at = 0
    for part, name in zip(parts, _names([part[0] for part in parts]), strict=True):
        out.append(re.escape(text[at : part.start()].encode("utf-8", "surrogatepass")))
        at = part.end()
        column = wanted.get(name) if name is not None else None
        if name is None:
            out.append(re.escape(part[0].encode("utf-8", "surrogatepass")))
        elif part[0].startswith("["):
            out.append(_LIST)
        elif column is None or column in order:
            out.append(_SCALAR)
        else:
            order.append(column)
            out.append(_captured(part[0], column))
    if set(order) != set(wanted.values()) or text[at:]:
        return None
    return re.compile(b"".join(out) + rb"\r?\n", re.MULTILINE), tuple(order)


def _names(parts: list[str]) -> Iterator[str | None]:
    """The dotted name of every part that is a value, None for keys and signs."""
    path: list[str] = []
    key = ""
    for number, part in enumerate(parts):
        following = parts[number + 1] if number + 1 < len(parts) else ""
        if part == "{":
            path.append(key)
        elif part == "}":
            path = path[:-1]
        elif following == ":" and part.startswith('"'):
            key = _text(part)
        elif part not in (":", ","):
            yield ".".join((*path[1:], key))
            continue
        yield None


def _text(quoted: str) -> str:
    try:
        return str(json.loads(quoted))
    except ValueError:
        return ""


def _captured(part: str, column: str) -> bytes:
    if part.startswith('"') and column in _CUT:
        return _CUT[column]
    if part.startswith('"'):
        return rb'"([^"\\\n]*+)"'
    return rb"(" + _NUMBER + rb")" if part[0] in "-0123456789" else rb"(true|false|null)"
