"""Who is right about an instance: a JSON Schema validator over the whole document, and nothing of retailctl.

Every place of a document that carries data becomes a position; the schemas of the document are turned into JSON Schema
2020-12 once for data that flows in and once for data that flows out, and jsonschema-rs follows the references.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlsplit

import jsonschema_rs

from tests.support.walk import METHODS, Document, Node, Path, fresh, is_ref, places, pointer, target, version

_HOME = "urn:document"


@dataclass(frozen=True, order=True)
class Position:
    """Where data passes: which operation, which way, and which part of the message.

    ``operation`` has the base path of the server in it and no parameter names; ``flows`` is in or out, seen from the
    provider; ``part`` is as in ``body application/json``, ``200 application/json``, ``query limit``.
    """

    operation: str
    flows: str
    part: str


class Judge:
    """One document; says of an instance at a position whether it is accepted."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._validators: dict[Position, Any] = {}

    @cached_property
    def positions(self) -> dict[Position, Path]:
        """All positions with the way to their schema."""
        return dict(_positions(self.document))

    @cached_property
    def _registries(self) -> dict[str, Any]:
        return {flows: jsonschema_rs.Registry([(_HOME, dialect_2020(self.document, flows))]) for flows in ("in", "out")}

    def accepts(self, position: Position, instance: object) -> bool:
        """The schema at the position takes the instance. Raises KeyError where there is no such position."""
        if position not in self._validators:
            schema = {"$ref": _HOME + _fragment(self.positions[position])}
            registry = self._registries[position.flows]
            self._validators[position] = jsonschema_rs.Draft202012Validator(schema, registry=registry)
        return bool(self._validators[position].is_valid(instance))

    def position_of(self, place: str) -> Position | None:
        """The position that a report names: ``POST /orders application/json``, ``GET /orders 200 text/csv item``.

        None where it names something else, or something that is not in this document.
        """
        hook = place.startswith("webhook ")
        first, second, part = [*place.removeprefix("webhook ").split(" ", 2), "", ""][:3]
        if hook:
            operation = f"{second} {first}"
        else:
            operation = f"{first} {_base(self.document)}" + re.sub(r"\{[^{}]*\}", "{}", second)
        part = re.sub(r" item$", " items", part)
        if part.startswith("path "):
            part = "path"
        if (
            part.partition(" ")[0] not in {"query", "header", "cookie", "path", "querystring"}
            and "/" in part.partition(" ")[0]
        ):
            part = f"body {part}"
        found = [one for one in self.positions if one.operation == operation and one.part == part]
        return found[0] if found else None

    def accepts_at(self, ref: str, instance: object, flows: str) -> bool:
        """The same for a place that is given as a pointer."""
        registry = self._registries[flows]
        return bool(jsonschema_rs.Draft202012Validator({"$ref": _HOME + ref}, registry=registry).is_valid(instance))


def _fragment(path: Path) -> str:
    """A pointer as a URI fragment: what may not stand in one is percent-encoded."""
    return "#" + quote(pointer(path)[1:], safe="/~!$&'()*+,;=:@")


def _positions(document: Document) -> Iterator[tuple[Position, Path]]:
    base = _base(document)
    for place in places(document, "path item"):
        if place.path[0] not in {"paths", "webhooks"} or len(place.path) != 2:
            continue
        path, item = _followed(document, place.path)
        hook = place.path[0] == "webhooks"
        name = str(place.path[1]) if hook else base + re.sub(r"\{[^{}]*\}", "{}", str(place.path[1]))
        for method, operation in _operations(item):
            steps = ("additionalOperations", method) if method not in METHODS else (method,)
            yield from _of_operation(document, f"{method.upper()} {name}", (*path, *steps), path, operation, hook)


def _operations(item: Node) -> Iterator[tuple[str, Node]]:
    for method in METHODS:
        if isinstance(item.get(method), dict):
            yield method, item[method]
    yield from (item.get("additionalOperations") or {}).items()


def _base(document: Document) -> str:
    if version(document) == "2.0":
        return str(document.get("basePath", "")).rstrip("/")
    servers = document.get("servers") or [{"url": ""}]
    return re.sub(r"\{[^{}]*\}", "{}", urlsplit(servers[0]["url"]).path).rstrip("/")


def _of_operation(
    document: Document, name: str, path: Path, item: Path, operation: Node, hook: bool
) -> Iterator[tuple[Position, Path]]:
    inward, outward = ("out", "in") if hook else ("in", "out")
    for owner in (item, path):
        for number, _ in enumerate(_at(document, owner).get("parameters") or ()):
            where, parameter = _followed(document, (*owner, "parameters", number))
            part = f"{parameter['in']} {parameter['name']}"
            if parameter["in"] == "path":
                part = "path"  # the name is nobody's business; positions of several are told apart by none
            if "schema" in parameter:
                part = f"body {_CONSUMED}" if parameter["in"] == "body" else part
                yield Position(name, inward, part), (*where, "schema")
            for kind, media in (parameter.get("content") or {}).items():
                if "schema" in media:
                    yield Position(name, inward, f"{part} {kind}"), (*where, "content", kind, "schema")
    if "requestBody" in operation:
        where, body = _followed(document, (*path, "requestBody"))
        yield from _of_content(name, inward, "body", where, body)
    for code in operation.get("responses") or {}:
        if not str(code).startswith("x-"):
            where, response = _followed(document, (*path, "responses", code))
            yield from _of_content(name, outward, str(code), where, response)
            if "schema" in response:
                yield Position(name, outward, f"{code} {_CONSUMED}"), (*where, "schema")
            for header in response.get("headers") or {}:
                place, found = _followed(document, (*where, "headers", header))
                if "schema" in found:
                    yield Position(name, outward, f"{code} header {header}"), (*place, "schema")


_CONSUMED = "application/json"
"""The media type under which Swagger 2.0 bodies are named, whatever they are sent as."""


def _of_content(name: str, flows: str, part: str, where: Path, holder: Node) -> Iterator[tuple[Position, Path]]:
    for kind, media in (holder.get("content") or {}).items():
        for key in ("schema", "itemSchema"):
            if key in media:
                suffix = "" if key == "schema" else " items"
                yield Position(name, flows, f"{part} {kind}{suffix}"), (*where, "content", kind, key)


def _at(document: Document, path: Path) -> Node:
    node: Node = document
    for step in path:
        node = node[step]
    return node


def _followed(document: Document, path: Path) -> tuple[Path, Node]:
    """The place a chain of references ends at."""
    node = _at(document, path)
    for _ in range(20):
        if not is_ref(node):
            break
        path = tuple(step.replace("~1", "/").replace("~0", "~") for step in node["$ref"].split("/")[1:])
        node = _at(document, path)
    return path, node


def dialect_2020(document: Document, flows: str) -> Document:
    """A copy of the document whose schemas are JSON Schema 2020-12 for data that flows in or out."""
    old = version(document) in {"2.0", "3.0"}
    copy = fresh(document)
    found = places(copy, "schema")
    cuts = {id(place.node): _cut(copy, place.node, flows) for place in found}
    for place in reversed(found):
        node = place.node
        for name in cuts[id(node)]:
            if isinstance(node.get("properties"), dict) and name in node["properties"]:
                node["properties"][name] = True
            if isinstance(node.get("required"), list):
                node["required"] = [one for one in node["required"] if one != name]
            for branch in node.get("allOf") or ():
                if isinstance(branch, dict) and isinstance(branch.get("required"), list):
                    branch["required"] = [one for one in branch["required"] if one != name]
        if old:
            _modern(node)
        for key in ("discriminator", "example", "xml", "externalDocs", "format"):
            node.pop(key, None)
    return copy


def _modern(node: dict[str, Any]) -> None:
    """One schema of OpenAPI 3.0 or Swagger 2.0, in place."""
    if is_ref(node):
        ref = node["$ref"]
        node.clear()
        node["$ref"] = ref
        return
    for exclusive, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        flag = node.pop(exclusive, None)
        if flag is True and bound in node:
            node[exclusive] = node.pop(bound)
    if node.get("type") == "file":
        node["type"] = "string"
    if node.pop("nullable", False):
        if "type" in node:
            node["type"] = [node["type"], "null"]
        else:
            rest = dict(node)
            node.clear()
            node["anyOf"] = [rest, {"type": "null"}]


def _cut(document: Document, schema: Node, flows: str) -> list[str]:
    """Properties that do not travel this way, also those of the branches of an ``allOf``."""
    flag = "readOnly" if flows == "in" else "writeOnly"
    names: list[str] = []
    seen: set[int] = set()
    stack = [schema]
    while stack:
        node = _resolved(document, stack.pop())
        if not isinstance(node, dict) or id(node) in seen:
            continue
        seen.add(id(node))
        names += [name for name, one in (node.get("properties") or {}).items() if _flagged(document, one, flag)]
        stack.extend(node.get("allOf") or ())
    return names


def _flagged(document: Document, schema: Node, flag: str) -> bool:
    own = isinstance(schema, dict) and schema.get(flag) is True
    found = _resolved(document, schema)
    return own or (isinstance(found, dict) and found.get(flag) is True)


def _resolved(document: Document, node: Node) -> Node:
    for _ in range(20):
        if not is_ref(node):
            return node
        try:
            node = target(document, node["$ref"])
        except (KeyError, IndexError, TypeError, ValueError):
            return None
    return None


def plain(value: object) -> object:
    """An instance without Decimal, which the validator does not take."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list) else value
