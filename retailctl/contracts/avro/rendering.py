"""The model as a schema for fastavro: every name in full, no logical types, types defined where they stand first.

Logical types are left out because fastavro turns values into dates and decimals by them, and then does not promote.
What has no namespace is given one, or a name used inside a namespace would be taken for one of that namespace.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from operator import setitem
from typing import Any, Final

from retailctl.contracts.avro.model import NAMED, PRIMITIVES, Node

NO_NAMESPACE: Final = "none_"
MOST_DEPTH: Final = 150
"""How deep a schema may be nested for fastavro, which recurses on it in C."""
Put = Callable[[Any], object]


def render(root: Node) -> Any | str:
    """The schema as plain values; a text says why there is none."""
    found: list[Any] = []
    defined: set[Node] = set()
    todo: list[tuple[Node, Put, int]] = [(root, found.append, 0)]
    while todo:
        node, put, depth = todo.pop()
        if depth > MOST_DEPTH:
            return f"the schema is nested deeper than {MOST_DEPTH} levels"
        if node.kind == "unknown":
            return f"{node.name or 'a type'} is not defined"
        if node.kind in PRIMITIVES:
            put(node.kind)
        elif node in defined:
            put(full(node.name))
        else:
            if node.kind in NAMED:
                defined.add(node)
            todo += reversed(_parts(node, put, depth + 1))
    return {"type": found[0]} if isinstance(found[0], str) and found[0] in PRIMITIVES else found[0]


def _parts(node: Node, put: Put, depth: int) -> list[tuple[Node, Put, int]]:
    """Put one type into its place, and return what is left to fill in."""
    if node.kind == "union":
        branches: list[Any] = [None] * len(node.children)
        put(branches)
        return [(child, partial(setitem, branches, index), depth) for index, child in enumerate(node.children)]
    raw: dict[str, Any] = {"type": node.kind}
    put(raw)
    if node.kind in ("array", "map"):
        return [(node.children[0], partial(setitem, raw, "items" if node.kind == "array" else "values"), depth)]
    raw["name"] = full(node.name)
    if node.aliases:
        raw["aliases"] = [full(alias) for alias in node.aliases]
    if node.kind == "enum":
        raw["symbols"] = list(node.symbols)
        if node.default is not None:
            raw["default"] = node.default
    elif node.kind == "fixed":
        raw["size"] = node.size
    else:
        return _fields(node, raw, depth)
    return []


def _fields(node: Node, raw: dict[str, Any], depth: int) -> list[tuple[Node, Put, int]]:
    fields: list[dict[str, Any]] = []
    raw["fields"] = fields
    parts: list[tuple[Node, Put, int]] = []
    for field in node.fields:
        made: dict[str, Any] = {"name": field.name}
        if field.aliases:
            made["aliases"] = list(field.aliases)
        if field.has_default:
            made["default"] = field.default
        fields.append(made)
        parts.append((field.type, partial(setitem, made, "type"), depth))
    return parts


def full(name: str) -> str:
    """A full name that has a namespace."""
    return name if "." in name else f"{NO_NAMESPACE}.{name}"
