"""Fields of Odoo in contract documents: bodies of JSON-2 calls, and schemas that name their model.

A contract says which model a schema is about with ``x-odoo-model``, and with ``x-odoo-field`` where a property has
another name than the field.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any, Final

Steps = tuple[str | int, ...]

# Names that a JSON-2 call gives its arguments: what is below them are the fields.
_ARGUMENTS: Final = frozenset(
    {"ids", "context", "domain", "fields", "vals", "vals_list", "values", "limit", "offset", "order", "groupby", "load"}
)
_INTO: Final = frozenset(
    {
        *("get", "put", "post", "delete", "patch", "requestBody", "responses", "content", "schema", "items"),
        *("allOf", "oneOf", "anyOf", "200", "201", "application/json", "additionalProperties", "prefixItems"),
    }
)
_NODES: Final = 20_000
_ALL_NODES: Final = 1_200_000
_DEEP: Final = 6


def body_fields(data: Any, steps: Steps) -> Iterator[tuple[Steps, tuple[str, ...]]]:
    """(steps to a property, names from the record down to it) in the bodies below a part of a document."""
    node: Any = data
    for step in steps:
        node = node[step]
    pending: deque[tuple[Steps, Any, tuple[str, ...]]] = deque([(steps, node, ())])
    seen: set[tuple[Steps, tuple[str, ...]]] = set()
    while pending and len(seen) < _NODES:
        steps, node, names = pending.popleft()
        if (steps, names) in seen or len(names) > _DEEP:
            continue
        seen.add((steps, names))
        if isinstance(node, list):
            pending.extend(((*steps, number), item, names) for number, item in enumerate(node))
        elif isinstance(node, Mapping):
            if isinstance(node.get("$ref"), str):
                pending.extend((*target, names) for target in _target(data, node["$ref"]))
                continue
            for where, schema, below in _properties(steps, node, names):
                if below != names:
                    yield where, below
                pending.append((where, schema, below))
            inside = ((key, value) for key, value in node.items() if key in _INTO)
            pending.extend(((*steps, key), value, names) for key, value in inside if isinstance(value, Mapping | list))


def _properties(steps: Steps, node: Mapping[str, Any], names: tuple[str, ...]) -> Iterator[Any]:
    inner = node.get("properties")
    for name, schema in inner.items() if isinstance(inner, Mapping) else ():
        argument = not names and name in _ARGUMENTS
        yield (*steps, "properties", name), schema, names if argument else (*names, str(name))


def marked_fields(data: Any) -> Iterator[tuple[Steps, str, str]]:
    """(steps, model, field or a path of fields) of every schema with ``x-odoo-model``; no field for the schema."""
    pending: list[tuple[Steps, Any]] = [((), data)]
    for _ in range(_ALL_NODES):
        if not pending:
            return
        steps, node = pending.pop()
        if isinstance(node, list):
            pending += [((*steps, number), item) for number, item in enumerate(node)]
        elif isinstance(node, Mapping):
            model, inner = node.get("x-odoo-model"), node.get("properties")
            if isinstance(model, str):
                yield steps, model, ""
                for name, schema in inner.items() if isinstance(inner, Mapping) else ():
                    said = schema.get("x-odoo-field") if isinstance(schema, Mapping) else None
                    yield (*steps, "properties", name), model, said if isinstance(said, str) else str(name)
            pending += [((*steps, key), value) for key, value in node.items() if isinstance(value, Mapping | list)]


def _target(data: Any, reference: str) -> Iterator[tuple[Steps, Any]]:
    if not reference.startswith("#/"):
        return
    steps: list[str | int] = []
    node = data
    for step in reference[2:].split("/"):
        name = step.replace("~1", "/").replace("~0", "~")
        if not isinstance(node, Mapping) or name not in node:
            return
        node = node[name]
        steps.append(name)
    yield tuple(steps), node
