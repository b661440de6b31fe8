"""Valid documents give nothing: a false alarm is a bug."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.contracts.lint.documents import OK, change, openapi, swagger, with_schema

GET = "/paths/~1orders~1{id}/get"
NODE = {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Order"}}}
PATH_PARAMETER = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(swagger(), id="swagger"),
        *(pytest.param(openapi(minor), id=f"3.{minor}") for minor in (0, 1, 2)),
        pytest.param({**openapi(), "openapi": "3.0.4"}, id="patch version"),
        pytest.param(with_schema(NODE), id="recursion through a property"),
        pytest.param(change(openapi(), f"{GET}/responses/4XX", {"description": "no"}), id="range of codes"),
        pytest.param(change(openapi(), f"{GET}/responses/default", {"description": "no"}), id="default response"),
        pytest.param(change(openapi(), "/paths/~1orders~1export", {"get": {"responses": OK}}), id="concrete beside {id}"),
        pytest.param(
            change(change(openapi(), f"{GET}/parameters/0", None), "/paths/~1orders~1{id}/parameters", [PATH_PARAMETER]),
            id="parameter of the path",
        ),
        pytest.param(
            {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "webhooks": {"w": {"post": {"responses": OK}}}},
            id="webhooks only",
        ),
        pytest.param(
            {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "components": {"schemas": {"S": {}}}},
            id="components only",
        ),
        pytest.param(with_schema({"type": ["string", "null"], "default": None, "enum": ["a", None]}, 1), id="null of 3.1"),
        pytest.param(with_schema({"type": "string", "nullable": True, "default": None, "enum": ["a", None]}), id="of 3.0"),
        pytest.param(with_schema(True, 1), id="boolean schema"),
        pytest.param(with_schema({"type": "number", "minimum": 0, "exclusiveMinimum": True, "default": 0.5}), id="draft 4"),
        pytest.param(with_schema({"type": "number", "enum": [1, 1.5], "default": 1}), id="integers are numbers"),
        pytest.param(with_schema({"type": "integer", "enum": [1.0], "default": 1.0}), id="1.0 is an integer"),
        pytest.param(with_schema({"allOf": [{"required": ["a"]}], "properties": {"a": {}}}), id="required in a branch"),
        pytest.param(with_schema({"required": ["a"], "allOf": [{"properties": {"a": {}}}]}), id="declared in a branch"),
        pytest.param(with_schema({"properties": {"$ref": {"type": "string"}}}), id="property called $ref"),
        pytest.param(with_schema({"type": "string", "pattern": "^[A-Z]{3}$", "example": "EUR"}), id="pattern"),
        pytest.param(with_schema({"type": "string", "pattern": r"^\p{Lu}+$", "example": "ÄÖ"}), id="unicode property"),
        pytest.param(
            with_schema({"required": ["id"], "properties": {"id": {"readOnly": True}}, "example": {}}), id="read only"
        ),
        pytest.param(
            change(openapi(), f"{GET}/responses/200/content/application~1xml", {"schema": {"type": "object"},
                                                                               "example": "<a/>"}), id="XML example"
        ),
        pytest.param(
            change(openapi(), f"{GET}/requestBody", {"content": {"application/x-www-form-urlencoded": {
                "schema": {"type": "object", "properties": {}}}}}), id="an empty form on GET"
        ),
    ],
)  # fmt: skip
def test_nothing_to_say(lint_document: Any, document: Any) -> None:
    assert lint_document(document) == ()


@pytest.mark.parametrize("document", [swagger(), openapi(0), openapi(1), openapi(2)])
def test_nor_in_strict_mode(lint_document: Any, document: Any) -> None:
    assert lint_document(document, strict=True) == ()


def test_yaml_spellings_of_booleans_and_numbers(lint_document: Any) -> None:
    text = b"""openapi: '3.0.3'
info: {title: t, version: '1'}
paths:
  /a/{id}:
    get:
      parameters:
      - {name: id, in: path, required: True, schema: {type: number, minimum: 1.10, default: 01.50}}
      responses:
        200: {description: fine}
"""
    assert lint_document(text) == ()
