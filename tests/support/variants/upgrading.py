"""The same contract under the next version of the specification."""

from __future__ import annotations

from random import Random

from tests.support.variants.base import Variant
from tests.support.walk import Document, Node, fresh, is_ref, places, put, version

_DIALECT_30 = (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum"))


def to_3_1(document: Document, random: Random) -> Document:
    """OpenAPI 3.0 as 3.1: null is a type, exclusive bounds are numbers, examples are a list."""
    if version(document) != "3.0":
        return document
    document = fresh(document)
    document["openapi"] = random.choice(["3.1.0", "3.1.1"])
    for place in reversed(places(document, "schema")):
        put(document, place.path, schema_to_3_1(place.node))
    return document


def schema_to_3_1(schema: Node) -> Node:
    """One schema; what is nested in it has been rewritten already."""
    if is_ref(schema):
        return {"$ref": schema["$ref"]}  # the siblings did not count, and now they would
    node = dict(schema)
    for exclusive, bound in _DIALECT_30:
        if (flag := node.pop(exclusive, None)) is True and bound in node:
            node[exclusive] = node.pop(bound)
        elif flag is not None and not isinstance(flag, bool):
            node[exclusive] = flag
    if "example" in node:
        node["examples"] = [node.pop("example")]
    if node.pop("nullable", False) is True:
        if isinstance(node.get("type"), str):
            node["type"] = [node["type"], "null"]
        else:
            node = {"anyOf": [node, {"type": "null"}]}
    return node


def to_3_2(document: Document, random: Random) -> Document:
    """OpenAPI 3.1 as 3.2, which takes all of it."""
    if version(document) != "3.1":
        return document
    return {**fresh(document), "openapi": "3.2.0"}


def patch_version(document: Document, random: Random) -> Document:
    """Another patch version of the same specification."""
    others = {"3.0": ["3.0.0", "3.0.1", "3.0.2", "3.0.3", "3.0.4"], "3.1": ["3.1.0", "3.1.1", "3.1.2"]}
    if version(document) not in others:
        return document
    return {**fresh(document), "openapi": random.choice(others[version(document)])}


UPGRADING: dict[str, Variant] = {"3.0 to 3.1": to_3_1, "3.1 to 3.2": to_3_2, "patch version": patch_version}
