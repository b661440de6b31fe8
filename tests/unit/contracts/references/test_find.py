"""Where a reference can stand, and where the same key is a name or data."""

from __future__ import annotations

from typing import Any

import pytest

from retailctl.contracts.references import find_lookalikes, find_references

R = {"$ref": "#/x"}
SCHEMA = "/components/schemas/S"


def schema(value: Any) -> Any:
    return {"openapi": "3.1.0", "components": {"schemas": {"S": value}}}


def operation(value: Any) -> Any:
    return {"openapi": "3.1.0", "paths": {"/a": {"get": value}}}


@pytest.mark.parametrize(
    ("document", "pointers"),
    [
        (schema(R), [f"{SCHEMA}/$ref"]),
        (schema({"properties": {"$ref": {"type": "string"}, "b": R}}), [f"{SCHEMA}/properties/b/$ref"]),
        (schema({"properties": {"$ref": R}}), [f"{SCHEMA}/properties/$ref/$ref"]),
        (schema({"properties": {"properties": {"properties": {"$ref": R}}}}), [
            f"{SCHEMA}/properties/properties/properties/$ref/$ref"]),
        (schema({"properties": {"example": R, "default": R}}), [
            f"{SCHEMA}/properties/example/$ref", f"{SCHEMA}/properties/default/$ref"]),
        (schema({"example": R, "default": R, "enum": [R], "const": R, "examples": [R], "x-y": R}), []),
        (schema({"allOf": [R, {"items": R}]}), [f"{SCHEMA}/allOf/0/$ref", f"{SCHEMA}/allOf/1/items/$ref"]),
        (schema({"$dynamicRef": "#n", "$defs": {"a/b": R}}), [f"{SCHEMA}/$dynamicRef", f"{SCHEMA}/$defs/a~1b/$ref"]),
        (schema({"discriminator": {"propertyName": "p", "mapping": {"a": "#/x"}}}), [f"{SCHEMA}/discriminator/mapping/a"]),
        (schema({"$ref": {"not": "text"}}), []),
        ({"openapi": "3.0.0", "paths": {"/a": R, "x-a": R}}, ["/paths/~1a/$ref"]),
        (operation({"parameters": [R], "requestBody": R}), ["/paths/~1a/get/parameters/0/$ref",
            "/paths/~1a/get/requestBody/$ref"]),
        (operation({"responses": {"default": R}}), ["/paths/~1a/get/responses/default/$ref"]),
        (operation({"callbacks": {"c": R, "d": {"{$url}": {"post": {"requestBody": R}}}}}), [
            "/paths/~1a/get/callbacks/c/$ref", "/paths/~1a/get/callbacks/d/{$url}/post/requestBody/$ref"]),
        (operation({"responses": {"200": {"content": {"a/b": {"examples": {"e": R, "f": {"value": R}}}}}}}), [
            "/paths/~1a/get/responses/200/content/a~1b/examples/e/$ref"]),
        (operation({"responses": {"200": {"links": {"l": R, "m": {"parameters": R, "requestBody": R}}}}}), [
            "/paths/~1a/get/responses/200/links/l/$ref"]),
        ({"swagger": "2.0", "responses": {"r": {"examples": {"application/json": R}}}}, []),
        ({"swagger": "2.0", "definitions": {"D": R}, "parameters": {"P": R}}, ["/definitions/D/$ref",
            "/parameters/P/$ref"]),
        ({"asyncapi": "2.6.0", "channels": {"c": {"publish": {"message": {"headers": R, "payload": R}}}}}, [
            "/channels/c/publish/message/headers/$ref", "/channels/c/publish/message/payload/$ref"]),
    ],
)  # fmt: skip
def test_places(document: Any, pointers: list[str]) -> None:
    assert [pointer for pointer, _ in find_references(document)] == pointers


@pytest.mark.parametrize(
    ("value", "text"),
    [("Cat", "#/components/schemas/Cat"), ("a.b", "#/components/schemas/a.b"), ("cat.json", "cat.json"),
     ("#/components/schemas/Cat", "#/components/schemas/Cat"), ("../cat.yaml#/Cat", "../cat.yaml#/Cat")],
)  # fmt: skip
def test_a_bare_name_in_a_mapping_is_a_schema(value: str, text: str) -> None:
    document = schema({"discriminator": {"mapping": {"k": value}}})
    assert [found for _, found in find_references(document)] == [text]


def test_lookalikes_are_the_rest() -> None:
    document = schema({"example": R, "allOf": [R], "x-y": [R]})
    assert [pointer for pointer, _ in find_lookalikes(document)] == [f"{SCHEMA}/example/$ref", f"{SCHEMA}/x-y/0/$ref"]


def test_a_deep_document_is_walked_without_recursion() -> None:
    value: Any = R
    for _ in range(20_000):
        value = {"items": value}
    assert len(list(find_references(schema(value)))) == 1
