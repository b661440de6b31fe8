"""Names of the fields of Avro and Protobuf schemas: which there are, and which no message lacks.

Enough for rules that ask whether a named key is in the payload; the schemas themselves are read and compared by the
packages of their languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

_LEVELS: Final = 2
_MOST: Final = 5_000
# Comments and strings in one pass, so that neither is looked for in the other. What is not closed ends with the file or
# line: a pattern that failed there would be tried again from every following position.
_ASIDE: Final = re.compile(r"""//[^\n]*|/\*.*?\*/|/\*.*|"(?:[^"\\\n]|\\[^\n])*"?|'(?:[^'\\\n]|\\[^\n])*'?""", re.DOTALL)
_PROTO3: Final = re.compile(r"""\bsyntax\s*=\s*["']proto3["']""")
_IN_ANGLES: Final = re.compile(r"<[^<>{};]*>")
_TOKEN: Final = re.compile(r"[{};=\[\]]|[^\s{};=\[\]]+")
_NESTED: Final = frozenset({"message", "enum", "extend", "service", "group"})
_NO_FIELD: Final = frozenset({"option", "reserved", "extensions", "import", "package", "syntax", "edition"})


class FieldNames(NamedTuple):
    """Names of fields, and of those that no message lacks."""

    all: tuple[str, ...]
    required: tuple[str, ...]


def avro_fields(schema: object) -> FieldNames | None:
    """The fields of a record, those of records in it included; None for anything but a record.

    A field lacks nothing when its type has no null: Avro writes every field of a record.
    """
    if not isinstance(schema, Mapping) or schema.get("type") != "record":
        return None
    names: dict[str, bool] = {}
    for name, always in _avro_names(schema, 1):
        names[name] = names.get(name, False) or always
        if len(names) > _MOST:
            break
    return FieldNames(tuple(sorted(names)), tuple(sorted(name for name, always in names.items() if always)))


def _avro_names(record: Mapping[str, Any], level: int) -> Iterator[tuple[str, bool]]:
    fields = record.get("fields")
    for field in fields if isinstance(fields, list | tuple) else ():
        if not isinstance(field, dict) or not isinstance(field.get("name"), str):
            continue
        branches = field.get("type") if isinstance(field.get("type"), list | tuple) else [field.get("type")]
        always = "null" not in branches  # type: ignore[operator]
        yield field["name"], always
        for branch in branches or ():
            if isinstance(branch, dict) and branch.get("type") == "record" and level < _LEVELS:
                for name, inner in _avro_names(branch, level + 1):
                    yield name, inner and always


def proto_message(text: str) -> tuple[str, FieldNames] | None:
    """Name and fields of the first message of a ``.proto`` file: what a registry takes when nothing else is said.

    A singular field of proto3 without ``optional`` always has a value for whoever reads it, and so does one that proto2
    calls ``required``. Text that is no Protobuf gives None or the fields up to where it stops making sense.
    """
    plain = _ASIDE.sub(_blank, text)
    bare = _IN_ANGLES.sub("", plain)
    words = _TOKEN.findall(bare)
    proto3 = _PROTO3.search(plain) is not None
    start = _first_message(words)
    if start is None:
        return None
    names: dict[str, bool] = {}
    for name, label, in_oneof in _proto_fields(words, start + 3):
        always = label == "required" or (proto3 and label == "" and not in_oneof)
        names.setdefault(name, always)
    required = tuple(sorted(name for name, always in names.items() if always))
    return words[start + 1], FieldNames(tuple(sorted(names)), required)


def _blank(aside: re.Match[str]) -> str:
    """A comment is a space; a string stays when it is the name of a syntax, and is empty otherwise."""
    text = aside[0]
    return text if text[1:-1] == "proto3" else '""' if text[0] in "\"'" else " "


def _first_message(words: list[str]) -> int | None:
    depth = 0
    for index, word in enumerate(words[:-2]):
        if word == "message" and depth == 0 and words[index + 2] == "{":
            return index
        depth += (word == "{") - (word == "}")
    return None


def _proto_fields(words: list[str], start: int) -> Iterator[tuple[str, str, bool]]:
    """(name, label, whether in a oneof) of the fields of the message whose body begins at ``start``."""
    statement: list[str] = []
    blocks: list[str] = []  # what the open braces inside the message belong to
    for word in words[start : start + 20 * _MOST]:
        if word == "{":
            blocks.append(statement[0] if statement else "")
            statement = []
        elif word == "}":
            if not blocks:
                return
            blocks.pop()
            statement = []
        elif word == ";":
            if all(block == "oneof" for block in blocks):
                yield from _field(statement, in_oneof=bool(blocks))
            statement = []
        else:
            statement.append(word)


def _field(statement: list[str], *, in_oneof: bool) -> Iterator[tuple[str, str, bool]]:
    if "=" not in statement or statement[0] in _NO_FIELD | _NESTED:
        return
    before = statement[: statement.index("=")]
    label = before[0] if before[0] in ("optional", "required", "repeated") else ""
    if len(before) >= 2:
        yield before[-1], label or ("repeated" if before[0] == "map" else ""), in_oneof
