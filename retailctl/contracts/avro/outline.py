"""The outline of an Avro schema: its named types and their fields, by name.

A field with a default may be added anywhere: the reader has it for data without one, and leaves it out of data that has
more. Source: Avro 1.12, schema resolution.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from retailctl.contracts.avro.model import ABSENT, NAMED, AvroSchema, Field, Node
from retailctl.contracts.compatibility.outline import NoOutlineError, Outline, written


def avro_outline(schema: AvroSchema, parts: dict[Field, tuple[object, ...]] | None = None) -> Outline:
    """The outline of a schema; ``parts`` are what others have said of fields. Raises NoOutlineError for a schema that
    is not valid or not complete."""
    parts = {} if parts is None else parts
    if schema.problems or schema.undefined:
        raise NoOutlineError
    found = Outline(parts={"": _type(schema.root)}, is_ordered=True)
    for name, node in schema.types.items():
        found.parts[name] = (
            node.kind, node.aliases, node.symbols, node.default, node.size, node.logical, _more(node.extras),
            tuple(field.name for field in node.fields if field.default is ABSENT),
        )  # fmt: skip
        found.remarks[name] = node.doc
        for field in node.fields:
            key = (name, field.name)
            part = parts.get(field)
            if part is None:
                part = parts[field] = _field(field)
            found.parts[key] = part
            found.remarks[key] = field.doc
            if field.aliases:  # it may be what another one was called
                found.holders[key] = name
    return found


def _field(field: Field) -> tuple[object, ...]:
    default = None if field.default is ABSENT else written(field.default)
    return (_type(field.type), default, field.aliases, field.order, _more(field.extras))


def _type(node: Node) -> object:
    """A type as something to be held against another: named types go by their name."""
    if node.is_bare:
        return node.kind
    parts: list[object] = []
    todo = [node]
    while todo:
        one = todo.pop()
        if one.kind in NAMED:
            parts.append((one.kind, one.name))
            continue
        if one.kind == "unknown":
            raise NoOutlineError
        parts.append((one.kind, len(one.children), one.logical, one.doc, _more(one.extras)))
        todo.extend(one.children)
    return tuple(parts)


def _more(extras: Mapping[str, Any] | None) -> bytes:
    return written(extras) if extras else b""
