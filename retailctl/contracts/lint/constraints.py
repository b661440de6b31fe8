"""Schemas that contradict themselves: crossed bounds, enum values of another type, required names nobody declared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from retailctl.contracts.lint.context import Context
from retailctl.contracts.lint.facts import LintFact, fact
from retailctl.contracts.lint.outline import mapping
from retailctl.contracts.lint.schema_walk import SchemaPlace
from retailctl.contracts.lint.structure import type_name

_BOUNDS: Final = (
    ("minimum", "maximum"),
    ("minLength", "maxLength"),
    ("minItems", "maxItems"),
    ("minProperties", "maxProperties"),
    ("minContains", "maxContains"),
)
_LIMITS: Final = frozenset({"exclusiveMinimum", "exclusiveMaximum", *(name for pair in _BOUNDS for name in pair)})
_COMBINED: Final = ("allOf", "anyOf", "oneOf", "$ref", "if", "then", "else", "not", "dependentSchemas", "$dynamicRef")


def check(context: Context) -> Iterator[LintFact]:
    """Facts about single schemas; keywords beside ``$ref`` are looked at only where they count."""
    old = not context.version.uses_json_schema
    api = context.version.family in ("swagger", "openapi")
    for place in context.schemas:
        if old and "$ref" in place.schema:
            continue
        yield from _crossed(place)
        yield from _enum(place, nullable=old and api)
        if not place.parameter:
            yield from _required(place)
        yield from _flags(place, old=old and api)


def _crossed(place: SchemaPlace) -> Iterator[LintFact]:
    schema, at = place.schema, (place.path, place.pointer)
    if _LIMITS.isdisjoint(schema):
        return
    for low, high in _BOUNDS:
        if _above(schema.get(low), schema.get(high)):
            yield fact("bounds-crossed", (at[0], f"{at[1]}/{low}"), low=low, high=high)
    lower, upper = _number(schema.get("exclusiveMinimum")), _number(schema.get("exclusiveMaximum"))
    for low, high, left, right in (
        ("exclusiveMinimum", "exclusiveMaximum", lower, upper),
        ("exclusiveMinimum", "maximum", lower, _number(schema.get("maximum"))),
        ("minimum", "exclusiveMaximum", _number(schema.get("minimum")), upper),
    ):
        if left is not None and right is not None and left >= right:
            yield fact("bounds-crossed", (at[0], f"{at[1]}/{low}"), low=low, high=high)


def _above(low: object, high: object) -> bool:
    left, right = _number(low), _number(high)
    return left is not None and right is not None and left > right


def _number(value: object) -> int | float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def types_of(schema: Mapping[str, object]) -> set[str]:
    """The types a schema names, with "number" standing for integers as well."""
    value = schema.get("type")
    listed = value if isinstance(value, list) else [value]
    names = {name for name in listed if isinstance(name, str)}
    return names | {"integer"} if "number" in names else names


def _enum(place: SchemaPlace, *, nullable: bool) -> Iterator[LintFact]:
    schema = place.schema
    allowed, values = types_of(schema), schema.get("enum")
    if not isinstance(values, list) or not allowed or "file" in allowed:
        return
    if nullable and schema.get("nullable") is True:
        allowed = allowed | {"null"}
    for index, value in enumerate(values):
        found = type_name(value)
        if found == "number" and isinstance(value, float) and value.is_integer():
            found = "integer"
        if found not in allowed:
            at = (place.path, f"{place.pointer}/enum/{index}")
            yield fact("enum-type", at, expected=allowed, found=found)


def _required(place: SchemaPlace) -> Iterator[LintFact]:
    """Only where the object is written in one piece: anywhere else the property may be declared in another schema."""
    schema = place.schema
    names, properties = schema.get("required"), mapping(schema.get("properties"))
    if not isinstance(names, list) or any(key in schema for key in _COMBINED) or "patternProperties" in schema:
        return
    closed = schema.get("additionalProperties") is False or schema.get("unevaluatedProperties") is False
    if not properties and not closed:
        return  # part of an allOf or anyOf that adds requirements to another schema
    if not closed and _is_branch(place.pointer):
        return
    for index, name in enumerate(names):
        if isinstance(name, str) and name not in properties:
            yield fact("required-undeclared", (place.path, f"{place.pointer}/required/{index}"), name=name)


def _is_branch(pointer: str) -> bool:
    parts = pointer.rsplit("/", 2)
    return parts[-1] in ("not", "if", "then", "else") or (len(parts) == 3 and parts[1] in ("allOf", "anyOf", "oneOf"))


def _flags(place: SchemaPlace, *, old: bool) -> Iterator[LintFact]:
    schema, at = place.schema, (place.path, place.pointer)
    if schema.get("readOnly") is True and schema.get("writeOnly") is True:
        yield fact("read-and-write-only", at)
    if not old:
        return
    if schema.get("nullable") is True and "type" not in schema:
        yield fact("nullable-without-type", at)
    if schema.get("type") == "array" and "items" not in schema:
        yield fact("array-without-items", at)
