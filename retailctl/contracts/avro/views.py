"""Flat views of a schema, for lists of fields and for the command that checks a contract."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from retailctl.contracts.api.model import Place
from retailctl.contracts.avro.model import AvroSchema, Node, Problem


class AvroField(NamedTuple):
    """A field where data has it: ``path`` is as in ``lines[].sku`` (``[]`` an array, ``{}`` a map)."""

    path: str
    type: str
    place: Place
    required: bool


def avro_problems(schema: AvroSchema) -> tuple[Problem, ...]:
    """What is wrong with a schema, in the order in which it was found."""
    return schema.problems


def avro_fields(schema: AvroSchema) -> Iterator[AvroField]:
    """Every field of every record, each record where it is met first; required is what has no null and no default."""
    todo: list[tuple[Node, str]] = [(schema.root, "")]
    seen: set[Node] = set()
    while todo:
        node, path = todo.pop()
        if node in seen:
            continue
        seen.add(node)
        below: list[tuple[Node, str]] = []
        if node.kind == "record":
            for field in node.fields:
                inner = f"{path}.{field.name}" if path else field.name
                nullable = any(branch.kind == "null" for branch in (*field.type.children, field.type))
                yield AvroField(inner, type_text(field.type), field.spot.place, not (nullable or field.has_default))
                below.append((field.type, inner))
        else:
            mark = {"array": "[]", "map": "{}"}.get(node.kind, "")
            below = [(child, path + mark) for child in node.children]
        todo += reversed(below)


def type_text(node: Node, depth: int = 4) -> str:
    """A type in few words: ``array<shop.Line>``, ``null | string``, ``bytes decimal(10,2)``."""
    if depth == 0:
        return "…"
    if node.kind in ("array", "map"):
        return f"{node.kind}<{type_text(node.children[0], depth - 1)}>"
    if node.kind == "union":
        shown = [type_text(child, depth - 1) for child in node.children[:8]]
        return " | ".join([*shown, *(["…"] if len(node.children) > 8 else [])]) or "nothing"
    return " ".join(filter(None, [node.name or node.kind, str(node.logical) if node.logical else ""]))
