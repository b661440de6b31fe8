"""Where the parts of an OpenAPI or Swagger document are: every node with the kind that the specification gives it.

A property may be called ``description`` and an example may look like a schema, so nothing here goes by a key alone: the
table below is the grammar, and what it does not name (examples, defaults, extensions) is never entered.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Document = dict[str, Any]
Node = Any
Path = tuple[str | int, ...]

ONE, MAP, LIST = "one", "map", "list"
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")

_SCHEMA = {
    **dict.fromkeys(
        ("not", "if", "then", "else", "additionalProperties", "unevaluatedProperties", "unevaluatedItems", "contains",
         "propertyNames", "contentSchema", "additionalItems"), ("schema", ONE)),
    **dict.fromkeys(("properties", "patternProperties", "$defs", "dependentSchemas"), ("schema", MAP)),
    **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), ("schema", LIST)),
    "items": ("schema", ONE),
}  # fmt: skip
_CONTENT = {"content": ("media type", MAP)}
GRAMMAR: dict[str, dict[str, tuple[str, str]]] = {
    "document": {
        "paths": ("path item", MAP),
        "webhooks": ("path item", MAP),
        "components": ("components", ONE),
        "definitions": ("schema", MAP),
        "parameters": ("parameter", MAP),
        "responses": ("response", MAP),
    },
    "components": {
        "schemas": ("schema", MAP),
        "parameters": ("parameter", MAP),
        "responses": ("response", MAP),
        "headers": ("header", MAP),
        "requestBodies": ("request body", MAP),
        "callbacks": ("callback", MAP),
        "pathItems": ("path item", MAP),
        "mediaTypes": ("media type", MAP),
    },
    "path item": {
        "parameters": ("parameter", LIST),
        "additionalOperations": ("operation", MAP),
        **dict.fromkeys(METHODS, ("operation", ONE)),
    },
    "operation": {
        "parameters": ("parameter", LIST),
        "requestBody": ("request body", ONE),
        "responses": ("response", MAP),
        "callbacks": ("callback", MAP),
    },
    "parameter": {"schema": ("schema", ONE), **_CONTENT},
    "header": {"schema": ("schema", ONE), **_CONTENT},
    "request body": _CONTENT,
    "response": {"headers": ("header", MAP), "schema": ("schema", ONE), **_CONTENT},
    "media type": {"schema": ("schema", ONE), "itemSchema": ("schema", ONE), "encoding": ("encoding", MAP)},
    "encoding": {"headers": ("header", MAP)},
    "callback": {},
    "schema": _SCHEMA,
}


@dataclass(frozen=True)
class Place:
    """One node: the way to it from the root, its kind, and the node itself (to be changed in place by its owner)."""

    path: Path
    kind: str
    node: Node


def walk(node: Node, kind: str = "document", path: Path = ()) -> Iterator[Place]:
    """Every mapping of the document with its kind, parents first; a reference is a leaf."""
    stack = [Place(path, kind, node)]
    while stack:
        place = stack.pop()
        if not isinstance(place.node, dict):
            continue
        yield place
        stack.extend(reversed(list(children(place))))


def children(place: Place) -> Iterator[Place]:
    """The nodes directly inside; those of a plain reference are elsewhere."""
    node = place.node
    if isinstance(node.get("$ref"), str) and place.kind != "schema":
        return
    if place.kind == "callback":
        for name, item in node.items():
            if not name.startswith("x-"):
                yield Place((*place.path, name), "path item", item)
        return
    for key, (kind, many) in GRAMMAR[place.kind].items():
        value = node.get(key)
        if many is ONE and value is not None and not isinstance(value, list):
            yield Place((*place.path, key), kind, value)
        elif many is MAP and isinstance(value, dict):
            for name, item in value.items():
                if not (isinstance(name, str) and name.startswith("x-") and kind in {"path item", "response"}):
                    yield Place((*place.path, key, name), kind, item)
        elif many is LIST and isinstance(value, list):
            for number, item in enumerate(value):
                yield Place((*place.path, key, number), kind, item)


def places(document: Document, kind: str) -> list[Place]:
    """All nodes of one kind, in document order."""
    return [place for place in walk(document) if place.kind == kind]


def at(document: Document, path: Path) -> Node:
    """The node at the end of a path."""
    for step in path:
        document = document[step]  # type: ignore[index]
    return document


def put(document: Document, path: Path, value: Node) -> None:
    """Replace the node at the end of a path."""
    at(document, path[:-1])[path[-1]] = value


def fresh(document: Document) -> Document:
    """A copy that may be changed."""
    return copy.deepcopy(document)


def pointer(path: Path) -> str:
    """The path as a URI fragment with a JSON pointer."""
    return "#" + "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def target(document: Document, ref: str) -> Node:
    """The node a reference inside the document leads to. Raises KeyError, IndexError or TypeError."""
    node: Node = document
    for step in ref.removeprefix("#").split("/")[1:]:
        name = unescape(step)
        node = node[int(name)] if isinstance(node, list) else node[name]
    return node


def unescape(step: str) -> str:
    """One step of a JSON pointer in a URI fragment."""
    text = re.sub(r"%([0-9A-Fa-f]{2})", lambda found: chr(int(found[1], 16)), step)
    return text.replace("~1", "/").replace("~0", "~")


def is_ref(node: Node) -> bool:
    """A mapping that refers to another place."""
    return isinstance(node, dict) and isinstance(node.get("$ref"), str)


def version(document: Document) -> str:
    """``2.0``, ``3.0``, ``3.1`` or ``3.2``."""
    return str(document.get("swagger") or document.get("openapi", ""))[:3]


def schemas_of(document: Document) -> dict[str, Node]:
    """The named schemas, as the version keeps them; made where there are none."""
    if version(document) == "2.0":
        return document.setdefault("definitions", {})  # type: ignore[no-any-return]
    return components_of(document, "schemas")


def components_of(document: Document, section: str) -> dict[str, Node]:
    """One section of the components; made where there is none."""
    if version(document) == "2.0":
        return document.setdefault(section, {})  # type: ignore[no-any-return]
    return document.setdefault("components", {}).setdefault(section, {})  # type: ignore[no-any-return]


def prefix_of(document: Document, section: str) -> str:
    """How references to a section of the components begin."""
    if version(document) == "2.0":
        return "#/definitions/" if section == "schemas" else f"#/{section}/"
    return f"#/components/{section}/"


def references(document: Document) -> Iterator[dict[str, Any]]:
    """Every mapping with a reference, wherever it is referred from in the grammar."""
    return (place.node for place in walk(document) if is_ref(place.node))


def new_name(taken: dict[str, Node], wanted: str) -> str:
    """A name that is still free."""
    name = re.sub(r"[^A-Za-z0-9._-]", "", wanted) or "Part"
    number = 1
    while (candidate := name if number == 1 else f"{name}{number}") in taken:
        number += 1
    return candidate
