"""Instances for a schema, valid or nearly so: from a seed, without a library, to see whether two documents agree."""

from __future__ import annotations

import copy
from random import Random
from typing import Any

from tests.support.walk import Document, Node, is_ref, target

_DEEPEST = 6
_WORDS = ("", "a", "abc", "EUR", "SKU-1", "O-123456", "M12345678", "A12", "SEVENTEEN-LETTERS", "card", "S123", "x" * 30)


def sample(document: Document, schema: Node, random: Random, depth: int = 0) -> Any:
    """Something the schema probably accepts."""
    if is_ref(schema):
        return sample(document, target(document, schema["$ref"]), random, depth + 1)
    if not isinstance(schema, dict) or depth > _DEEPEST:
        return random.choice([None, 1, "a", {}, []])
    if "const" in schema or schema.get("enum"):
        return copy.deepcopy(schema["const"] if "const" in schema else random.choice(schema["enum"]))
    for key in ("oneOf", "anyOf"):
        if schema.get(key):
            rest = {name: value for name, value in schema.items() if name != key}
            found = sample(document, random.choice(schema[key]), random, depth + 1)
            return _merged(found, sample(document, rest, random, depth)) if "properties" in rest else found
    if schema.get("allOf"):
        rest = {name: value for name, value in schema.items() if name != "allOf"}
        result = sample(document, rest, random, depth) if {"type", "properties"} & set(rest) else None
        for branch in schema["allOf"]:
            result = _merged(result, sample(document, branch, random, depth + 1))
        return result
    return _typed(document, schema, random, depth)


def _merged(left: Any, right: Any) -> Any:
    if isinstance(left, dict) and isinstance(right, dict):
        return {**left, **right}
    return right if left is None else left


def _typed(document: Document, schema: Node, random: Random, depth: int) -> Any:
    kinds = schema.get("type") or ("object" if "properties" in schema else "string")
    kind = random.choice(kinds) if isinstance(kinds, list) else kinds
    if kind == "object":
        needed = set(schema.get("required") or ())
        found = {
            name: sample(document, one, random, depth + 1)
            for name, one in (schema.get("properties") or {}).items()
            if name in needed or (random.random() < 0.5 and depth < _DEEPEST)
        }
        others = schema.get("additionalProperties")
        return found if not isinstance(others, dict) else {**found, "any": sample(document, others, random, depth + 1)}
    if kind == "array":
        fixed = [sample(document, one, random, depth + 1) for one in schema.get("prefixItems") or ()]
        count = int(schema.get("minItems", 0)) + random.choice([0, 0, 1, 2]) - len(fixed)
        return fixed + [sample(document, schema.get("items", {}), random, depth + 1) for _ in range(min(count, 3))]
    if kind in {"integer", "number"}:
        low = schema.get("minimum", schema.get("exclusiveMinimum", 0))
        high = schema.get("maximum", schema.get("exclusiveMaximum", 10))
        edges = [edge for edge in (low, high) if isinstance(edge, int | float) and not isinstance(edge, bool)]
        return random.choice([edge + step for edge in edges for step in (-1, 0, 1)] or [1])
    if kind == "boolean":
        return random.random() < 0.5
    return None if kind == "null" else random.choice(_WORDS)


def damaged(instance: Any, random: Random) -> Any:
    """The instance with one thing changed somewhere in it."""
    if isinstance(instance, dict) and instance and random.random() < 0.8:
        key = random.choice(sorted(instance))
        rest = {name: value for name, value in instance.items() if name != key}
        return rest if random.random() < 0.4 else {**rest, key: damaged(instance[key], random)}
    if isinstance(instance, list) and instance and random.random() < 0.8:
        number = random.randrange(len(instance))
        return [*instance[:number], damaged(instance[number], random), *instance[number + 1 :]]
    return random.choice([None, True, -1, 0, 2.5, "", "zz", [], {}, {"extra": 1}, [instance]])
