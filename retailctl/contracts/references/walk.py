"""Every object of a contract document whose keys are keywords, as opposed to names or data.

``$ref`` under ``properties`` is the name of a property and under ``example`` it is data; only the rest are references.
One table says what the value of a keyword is; whatever it does not name is an object or a list of objects.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, Literal

from retailctl.contracts.references.pointers import escape

Family = Literal["swagger", "openapi", "asyncapi", "schema"]
_Role = Literal["object", "leaf", "names", "members", "components", "callback", "callbacks", "leaves", "data"]

# names: a map from a name to an object; members: the same with x- extensions between them; leaf: an object that holds
# nothing but data besides its own $ref; data: nothing in it is ours.
_OPENAPI: Final[dict[str, _Role]] = {
    **dict.fromkeys(("properties", "patternProperties", "$defs", "definitions", "dependentSchemas"), "names"),
    **dict.fromkeys(("dependencies", "content", "encoding", "headers", "variables", "parameters"), "names"),
    **dict.fromkeys(("securityDefinitions", "additionalOperations"), "names"),
    **dict.fromkeys(("paths", "webhooks", "responses"), "members"),
    **dict.fromkeys(("example", "default", "enum", "const", "value", "dataValue", "serializedValue"), "data"),
    **dict.fromkeys(("required", "security", "scopes", "mapping"), "data"),
    "components": "components",
    "callbacks": "callbacks",
    "links": "leaves",
    "examples": "leaves",
}
_TABLES: Final[dict[Family, dict[str, _Role]]] = {
    "openapi": _OPENAPI,
    "swagger": {**_OPENAPI, "examples": "data"},
    "schema": {key: role for key, role in _OPENAPI.items() if key not in ("content", "headers", "parameters", "links")},
    "asyncapi": {
        **{key: role for key, role in _OPENAPI.items() if key not in ("headers", "security", "content", "responses")},
        **dict.fromkeys(("channels", "operations", "servers", "messages"), "members"),
        "examples": "data",
    },
}
_COMPONENTS: Final[dict[str, _Role]] = {"callbacks": "callbacks", "links": "leaves", "examples": "leaves"}


def family_of(value: object) -> Family:
    """What kind of document a root value is, by its version key."""
    if isinstance(value, Mapping):
        for key in ("swagger", "openapi", "asyncapi"):
            if key in value:
                return key
    return "schema"


def walk_objects(value: object, family: Family, pointer: str = "") -> Iterator[tuple[str, Mapping[str, object]]]:
    """Every object below ``value`` (and itself) whose keys are keywords, with its pointer, in document order.

    Iterative. A YAML alias is visited wherever it stands; the reader bounds what aliases expand to.
    """
    table = _TABLES[family]
    stack: list[tuple[str, object, _Role]] = [(pointer, value, "object")]
    while stack:
        where, current, role = stack.pop()
        if isinstance(current, list):
            if role in ("object", "names"):
                stack.extend(
                    (f"{where}/{index}", item, "object")
                    for index, item in reversed(tuple(enumerate(current)))
                    if isinstance(item, dict | list)
                )
            continue
        if not isinstance(current, dict):
            continue
        if role in ("object", "leaf", "callback"):
            yield where, current
        if role != "leaf":
            stack.extend(reversed(tuple(_children(where, current, role, table))))


def _children(
    where: str, current: dict[str, object], role: _Role, table: Mapping[str, _Role]
) -> Iterator[tuple[str, object, _Role]]:
    for key, child in current.items():
        if not isinstance(child, dict | list):
            continue
        below = _role(str(key), role, table)
        if below != "data":
            yield f"{where}/{escape(str(key))}", child, below


def _role(key: str, role: _Role, table: Mapping[str, _Role]) -> _Role:
    if role == "object":
        return "data" if key.startswith("x-") else table.get(key, "object")
    if role == "components":
        return "data" if key.startswith("x-") else _COMPONENTS.get(key, "names")
    if role == "leaves":
        return "leaf"
    if role == "callbacks":
        return "callback"
    return "data" if role in ("members", "callback") and key.startswith("x-") else "object"
