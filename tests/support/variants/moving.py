"""The same part at another place: in a component or where it is used, on the path or on its operations."""

from __future__ import annotations

import copy
import re
from random import Random

from tests.support.variants.base import Variant, branches_by_name, movable, some
from tests.support.walk import (
    METHODS,
    Document,
    Node,
    Place,
    components_of,
    fresh,
    is_ref,
    new_name,
    places,
    pointer,
    prefix_of,
    put,
    schemas_of,
    target,
    version,
)

_SECTION = {"parameter": "parameters", "response": "responses", "header": "headers", "request body": "requestBodies"}
_MOST_COPIED = 4_000
"""Characters of a component that is written out at one more place: a copy is no reason for a document to explode."""


def schemas_to_components(document: Document, random: Random) -> Document:
    """Schemas written in place become components."""
    document = fresh(document)
    fixed, home = branches_by_name(document), schemas_of(document)
    found = [place for place in places(document, "schema") if _in_place(place) and movable(place.node)]
    for place in reversed(some(found, random, 0.3)):
        if pointer(place.path) in fixed:
            continue
        name = new_name(home, _camel(place.path))
        home[name] = place.node
        put(document, place.path, {"$ref": prefix_of(document, "schemas") + name})
    return document


def _in_place(place: Place) -> bool:
    """Not a component itself, not a reference, and something that says more than nothing."""
    named = len(place.path) == 3 and place.path[:2] == ("components", "schemas")
    named = named or (len(place.path) == 2 and place.path[0] == "definitions")
    return not named and not is_ref(place.node) and bool(place.node) and "if" not in place.path


def _camel(path: tuple[str | int, ...]) -> str:
    words = [word for step in path[-4:] for word in re.findall(r"[A-Za-z]+", str(step))]
    return "".join(word.capitalize() for word in words[-3:])


def schemas_inlined(document: Document, random: Random) -> Document:
    """References to schemas that are not recursive, written out one level."""
    document = fresh(document)
    fixed, prefix = branches_by_name(document), prefix_of(document, "schemas")
    found = [place for place in places(document, "schema") if is_ref(place.node) and set(place.node) == {"$ref"}]
    for place in some(found, random, 0.3):
        ref = place.node["$ref"]
        if pointer(place.path) in fixed or ref in fixed or not ref.startswith(prefix):
            continue
        schema = _copy_of(document, ref)
        if schema is not None and not _reaches(document, schema, ref):
            put(document, place.path, schema)
    return document


def _copy_of(document: Document, ref: str) -> Node:
    try:
        found = target(document, ref)
    except (KeyError, IndexError, TypeError, ValueError):
        return None
    small = isinstance(found, dict) and len(str(found)) < _MOST_COPIED and "discriminator" not in found
    return copy.deepcopy(found) if small and movable(found) else None


def _reaches(document: Document, schema: Node, ref: str) -> bool:
    """A schema that leads back to the reference."""
    seen: set[str] = set()
    stack: list[Node] = [schema]
    while stack:
        node = stack.pop()
        if isinstance(node, list):
            stack.extend(node)
        elif isinstance(node, dict):
            other = node.get("$ref")
            if other == ref:
                return True
            if isinstance(other, str) and other not in seen:
                seen.add(other)
                stack.append(_resolved(document, other))
            stack.extend(value for key, value in node.items() if key != "$ref")
    return False


def _resolved(document: Document, ref: str) -> Node:
    try:
        return target(document, ref)
    except (KeyError, IndexError, TypeError, ValueError):
        return None


def parts_to_components(document: Document, random: Random) -> Document:
    """Parameters, responses, headers and request bodies written in place become components."""
    document = fresh(document)
    for kind, section in _SECTION.items():
        if version(document) == "2.0" and kind in {"header", "request body"}:
            continue
        found = [place for place in places(document, kind) if not is_ref(place.node) and _used(place)]
        for place in reversed(some(found, random, 0.3)):
            home = components_of(document, section)
            name = new_name(home, str(place.node.get("name") or _camel(place.path)))
            home[name] = place.node
            put(document, place.path, {"$ref": prefix_of(document, section) + name})
    return document


def _used(place: Place) -> bool:
    """Where it is used, and not where it is declared."""
    return place.path[0] in {"paths", "webhooks"}


def parts_inlined(document: Document, random: Random) -> Document:
    """References to parameters, responses, headers and request bodies, written out."""
    document = fresh(document)
    for kind in _SECTION:
        for place in some([one for one in places(document, kind) if is_ref(one.node)], random):
            put(document, place.path, copy.deepcopy(target(document, place.node["$ref"])))
    return document


def parameters_to_operations(document: Document, random: Random) -> Document:
    """What the path declares for all its operations, declared by each of them."""
    document = fresh(document)
    found = [place for place in places(document, "path item") if place.node.get("parameters")]
    for place in some(found, random):
        shared = place.node.pop("parameters")
        for operation in _operations(place.node):
            own = operation.setdefault("parameters", [])
            taken = {_identity(document, one) for one in own}
            own.extend(copy.deepcopy(one) for one in shared if _identity(document, one) not in taken)
    return document


def parameters_to_path(document: Document, random: Random) -> Document:
    """What every operation of a path declares alike, declared once."""
    document = fresh(document)
    for place in some(places(document, "path item"), random):
        operations = _operations(place.node)
        bodies = {"body", "formData"}
        common = [one for one in (operations[0].get("parameters") or () if operations else ())
                  if all(one in (other.get("parameters") or ()) for other in operations)
                  and _identity(document, one)[0] not in bodies]  # fmt: skip
        taken = {_identity(document, one) for one in place.node.get("parameters") or ()}
        common = [one for one in common if _identity(document, one) not in taken]
        if not common:
            continue
        place.node["parameters"] = [*(place.node.get("parameters") or ()), *copy.deepcopy(common)]
        for operation in operations:
            operation["parameters"] = [one for one in operation["parameters"] if one not in common]
    return document


def _operations(item: Node) -> list[Node]:
    own = [item[method] for method in METHODS if isinstance(item.get(method), dict)]
    return own + list((item.get("additionalOperations") or {}).values())


def _identity(document: Document, parameter: Node) -> tuple[str, str]:
    if is_ref(parameter):
        parameter = target(document, parameter["$ref"])
    return str(parameter.get("in")), str(parameter.get("name"))


def path_items_to_components(document: Document, random: Random) -> Document:
    """Whole path items as components, from OpenAPI 3.1 on."""
    if version(document) not in {"3.1", "3.2"}:
        return document
    document = fresh(document)
    found = [place for place in places(document, "path item") if len(place.path) == 2 and not is_ref(place.node)]
    for place in some(found, random, 0.3):
        home = components_of(document, "pathItems")
        name = new_name(home, _camel(place.path))
        home[name] = place.node
        put(document, place.path, {"$ref": prefix_of(document, "pathItems") + name})
    return document


MOVING: dict[str, Variant] = {
    "schemas to components": schemas_to_components,
    "schemas inlined": schemas_inlined,
    "parts to components": parts_to_components,
    "parts inlined": parts_inlined,
    "parameters to operations": parameters_to_operations,
    "parameters to path": parameters_to_path,
    "path items to components": path_items_to_components,
}
