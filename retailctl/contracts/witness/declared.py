"""Does an instance hold only properties that a schema declares?

A property is declared if some schema that speaks about the object names or requires it, has a pattern for its name, or
states what additional properties are (a map). Branches are not told apart here: what a branch declares is declared.
"""

from __future__ import annotations

from collections.abc import Mapping

from retailctl.contracts.witness import patterns
from retailctl.contracts.witness.flat import plain
from retailctl.contracts.witness.sides import Side, Unusable, listing, mapping

_MOST_SCHEMAS = 5000
_LISTS = ("allOf", "anyOf", "oneOf")
_SINGLE = ("if", "then", "else")


def declared_only(side: Side, schema: object, instance: object) -> bool:
    """Tell whether every property in *instance* is declared. Raises Unusable where too many schemas meet."""
    pending: list[tuple[list[object], object]] = [([schema], instance)]
    while pending:
        schemas, value = pending.pop()
        if isinstance(value, list):
            shapes = _speaking(side, schemas)
            pending.extend((_of_item(shapes, index), part) for index, part in enumerate(value))
        elif isinstance(value, dict):
            shapes = _speaking(side, schemas)
            if any(_listed(schema, value) for schema in shapes):
                continue
            for name, part in value.items():
                parts = _of_member(side, shapes, name)
                if not parts:
                    return False
                pending.append((parts, part))
    return True


def _speaking(side: Side, schemas: list[object]) -> list[Mapping[str, object]]:
    """Return every schema that speaks about the same value: behind references and in branches."""
    found: dict[int, Mapping[str, object]] = {}
    pending = list(schemas)
    while pending:
        schema = pending.pop()
        if not isinstance(schema, (dict, Mapping)) or id(schema) in found:
            continue
        if len(found) > _MOST_SCHEMAS:
            raise Unusable("too many schemas meet in one value")
        found[id(schema)] = schema
        if "$ref" in schema:
            pending.append(side.resolve(schema["$ref"]))
        for key in _LISTS:
            pending.extend(listing(schema.get(key)))
        pending.extend(schema[key] for key in _SINGLE if key in schema)
        pending.extend(mapping(schema.get("dependentSchemas")).values())
    return list(found.values())


def _listed(schema: Mapping[str, object], value: object) -> bool:
    """Tell whether the very value is written in the schema: it need not be declared again."""
    return any(plain(one) == value for one in (*listing(schema.get("enum")), schema.get("const")))


def _of_item(shapes: list[Mapping[str, object]], index: int) -> list[object]:
    parts: list[object] = []
    for schema in shapes:
        places = listing(schema.get("prefixItems"))
        if index < len(places):
            parts.append(places[index])
        else:
            parts.append(schema.get("items", True))
        parts.append(schema.get("contains", True))
    return parts


def _of_member(side: Side, shapes: list[Mapping[str, object]], name: str) -> list[object]:
    parts: list[object] = []
    for schema in shapes:
        declared = mapping(schema.get("properties"))
        if name in declared and name not in side.hidden(schema):
            parts.append(declared[name])
        elif name in listing(schema.get("required")):
            parts.append(True)
        for pattern, part in mapping(schema.get("patternProperties")).items():
            if patterns.matches(pattern, name):
                parts.append(part)
        rest = (schema.get(key, False) for key in ("additionalProperties", "unevaluatedProperties"))
        parts.extend(part for part in rest if part is not False and name not in declared)
    return parts
