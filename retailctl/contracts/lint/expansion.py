"""How many schemas a validator applies to one value: counted before it runs, as references can double it per level."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

MOST: Final = 200_000
"""Applications of a schema to a value that are worth running."""

_DEEPEST: Final = 250
_STATES: Final = 50_000
_LONGEST: Final = 100_000


class TooMuch(Exception):
    """More than :data:`MOST`, nested too deeply, without an end, or a text that is too long."""


def count_applications(bundle: Mapping[str, object], value: object) -> int:
    """The number of (schema, value) pairs a validator without memory visits. Raises TooMuch above the limits."""
    definitions = bundle.get("$defs")
    counter = _Counter(definitions if isinstance(definitions, Mapping) else {})
    return counter.count(bundle, value, 0)


class _Counter:
    def __init__(self, definitions: Mapping[str, object]) -> None:
        self._definitions = definitions
        self._known: dict[tuple[int, int], int] = {}

    def count(self, schema: object, value: object, depth: int) -> int:
        """Recursive, to a bounded depth; pairs met before are looked up."""
        if not isinstance(schema, Mapping):
            return 1
        key = (id(schema), id(value))
        if key in self._known:
            return self._known[key]
        if depth > _DEEPEST or len(self._known) > _STATES or (isinstance(value, str) and len(value) > _LONGEST):
            raise TooMuch
        total = 1
        for part, below in self._pairs(schema, value):
            total += self.count(part, below, depth + 1)
            if total > MOST:
                raise TooMuch
        self._known[key] = total
        return total

    def _pairs(self, schema: Mapping[str, object], value: object) -> Iterator[tuple[object, object]]:
        ref = schema.get("$ref")
        if isinstance(ref, str):
            yield self._definitions.get(ref.rpartition("/")[2]), value
        for keyword in ("allOf", "anyOf", "oneOf"):
            for part in _items(schema.get(keyword)):
                yield part, value
        for keyword in ("not", "if", "then", "else"):
            if keyword in schema:
                yield schema[keyword], value
        for part in _values(schema.get("dependentSchemas")):
            yield part, value
        if isinstance(value, Mapping):
            yield from _members(schema, value)
        elif isinstance(value, list):
            yield from zip(_items(schema.get("prefixItems")), value, strict=False)
            for keyword in ("items", "contains", "unevaluatedItems"):
                yield from ((schema.get(keyword), item) for item in value if keyword in schema)


def _members(schema: Mapping[str, object], value: Mapping[str, object]) -> Iterator[tuple[object, object]]:
    properties = schema.get("properties")
    others = [schema[key] for key in ("additionalProperties", "unevaluatedProperties") if key in schema]
    others += _values(schema.get("patternProperties"))
    for name, item in value.items():
        if isinstance(properties, Mapping) and name in properties:
            yield properties[name], item
        yield from ((part, item) for part in others)
        if "propertyNames" in schema:
            yield schema["propertyNames"], name


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _values(value: object) -> list[object]:
    return list(value.values()) if isinstance(value, Mapping) else []
