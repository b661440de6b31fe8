"""Every schema of a document, with its place: the roots first, then what is nested in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from retailctl.contracts.references.pointers import escape
from retailctl.contracts.references.walk import Family, walk_objects

_MAPS: Final = ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies")
_LISTS: Final = ("allOf", "anyOf", "oneOf", "prefixItems")
_SINGLE: Final = (
    *("items", "additionalProperties", "additionalItems", "not", "if", "then", "else", "contains", "propertyNames"),
    *("unevaluatedItems", "unevaluatedProperties", "contentSchema"),
)


@dataclass(frozen=True, slots=True)
class SchemaPlace:
    """One schema and where it stands. ``parameter`` marks a Swagger 2.0 parameter or header, which is half a schema."""

    path: str
    pointer: str
    schema: Mapping[str, object]
    parameter: bool = False


def schemas_in(
    value: object, family: Family, path: str, pointer: str, *, is_schema: bool = False
) -> Iterator[SchemaPlace]:
    """The schemas below a value, in document order; ``is_schema`` says that the value is one itself."""
    if is_schema:
        yield from nested_schemas(path, pointer, value)
        return
    for where, current, parameter in _roots(value, family, pointer):
        if parameter and isinstance(current, Mapping):
            yield SchemaPlace(path, where, current, parameter=True)
            yield from nested_schemas(path, f"{where}/items", current.get("items"))
        else:
            yield from nested_schemas(path, where, current)


def _roots(value: object, family: Family, pointer: str) -> Iterator[tuple[str, object, bool]]:
    if not pointer and isinstance(value, Mapping):
        yield from _components(value)
    for where, current in walk_objects(value, family, pointer):
        if where.startswith(("/components/schemas/", "/definitions/")) and not pointer:
            continue
        for keyword in ("schema", "itemSchema"):
            if isinstance(current.get(keyword), dict):
                yield f"{where}/{keyword}", current[keyword], False
        if family == "swagger":
            yield from _half_schemas(where, current)


def _components(root: Mapping[str, object]) -> Iterator[tuple[str, object, bool]]:
    components = root.get("components")
    schemas = components.get("schemas") if isinstance(components, Mapping) else None
    for prefix, named in (("/components/schemas", schemas), ("/definitions", root.get("definitions"))):
        if isinstance(named, Mapping):
            for name, schema in named.items():
                yield f"{prefix}/{escape(str(name))}", schema, False


def _half_schemas(where: str, current: Mapping[str, object]) -> Iterator[tuple[str, object, bool]]:
    if isinstance(current.get("in"), str) and current["in"] != "body" and "name" in current and "type" in current:
        yield where, current, True
    headers = current.get("headers")
    if isinstance(headers, Mapping) and "description" in current:
        for name, header in headers.items():
            yield f"{where}/headers/{escape(str(name))}", header, True


def nested_schemas(path: str, pointer: str, schema: object) -> Iterator[SchemaPlace]:
    """A schema and the schemas written in it, in document order."""
    stack: list[tuple[str, object]] = [(pointer, schema)]
    while stack:
        where, current = stack.pop()
        if not isinstance(current, Mapping):
            continue
        yield SchemaPlace(path, where, current)
        stack.extend(reversed(tuple(_children(where, current))))


def _children(where: str, schema: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for keyword, value in schema.items():
        if keyword in _MAPS and isinstance(value, Mapping):
            for name, child in value.items():
                yield f"{where}/{keyword}/{escape(str(name))}", child
        elif isinstance(value, list) and (keyword in _LISTS or keyword == "items"):
            for index, child in enumerate(value):
                yield f"{where}/{keyword}/{index}", child
        elif keyword in _SINGLE:
            yield f"{where}/{keyword}", value
