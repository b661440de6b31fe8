"""Defaults and examples against their schema."""

from __future__ import annotations

from typing import Any

import pytest

from retailctl.contracts.lint import message
from tests.unit.contracts.lint.documents import change, openapi, swagger, with_schema

SCHEMA = "/components/schemas/Order"
CONTENT = "/paths/~1orders~1{id}/get/responses/200/content/application~1json"
RESPONSE = "/paths/~1orders~1{id}/get/responses/200"


@pytest.mark.parametrize(
    ("document", "id", "pointer", "says"),
    [
        (with_schema({"type": "integer", "default": "hunter2"}), "default-invalid", f"{SCHEMA}/default", "string instead"),
        (with_schema({"type": "string", "default": None}), "default-invalid", f"{SCHEMA}/default", "null instead"),
        (with_schema({"enum": ["a"], "default": "hunter2"}), "default-invalid", f"{SCHEMA}/default", "none of the values"),
        (with_schema({"type": "string", "maxLength": 3, "example": "hunter2"}), "example-invalid", f"{SCHEMA}/example",
         "maxLength 3"),
        (with_schema({"type": "string", "examples": ["a", 1]}, 1), "example-invalid", f"{SCHEMA}/examples/1", "integer"),
        (with_schema({"properties": {"a": {"type": "integer"}}, "example": {"a": "hunter2"}}), "example-invalid",
         f"{SCHEMA}/example/a", "string instead of integer"),
        (with_schema({"properties": {"200": {"type": "integer"}}, "example": {"200": "hunter2"}}), "example-invalid",
         f"{SCHEMA}/example/200", "string instead of integer"),
        (with_schema({"required": ["a"], "properties": {"a": {}}, "example": {}}), "example-invalid",
         f"{SCHEMA}/example", "lacks 'a'"),
        (with_schema({"type": "number", "minimum": 0, "exclusiveMinimum": True, "default": 0}), "default-invalid",
         f"{SCHEMA}/default", "exclusiveMinimum 0"),
        (change(openapi(), f"{CONTENT}/example", {"id": 1}), "example-invalid", f"{CONTENT}/example/id", "integer"),
        (change(openapi(), f"{CONTENT}/examples", {"e": {"value": {"id": 1}}}), "example-invalid",
         f"{CONTENT}/examples/e/value/id", "integer"),
        (change(swagger(), f"{RESPONSE}/examples", {"application/json": {"id": 1}}), "example-invalid",
         f"{RESPONSE}/examples/application~1json/id", "integer"),
        (change(swagger(), "/paths/~1orders~1{id}/get/parameters/1", {"name": "q", "in": "query", "type": "integer",
                                                                      "default": "x"}), "default-invalid",
         "/paths/~1orders~1{id}/get/parameters/1/default", "string instead of integer"),
    ],
)  # fmt: skip
def test_values(lint_document: Any, document: Any, id: str, pointer: str, says: str) -> None:
    [found] = lint_document(document)
    assert (found.id, found.pointer) == (id, pointer)
    assert says in message(found)
    assert "hunter2" not in message(found)


def test_an_example_against_a_schema_in_another_file(lint_document: Any) -> None:
    document = with_schema({"$ref": "common.json#/Id"})
    files = {"common.json": {"Id": {"type": "string", "example": 3, "allOf": [{"$ref": "#/None"}]}}}
    found = {(one.id, one.path, one.pointer) for one in lint_document(document, files)}
    assert found == {
        ("example-invalid", "common.json", "/Id/example"),
        ("reference-dangling", "common.json", "/Id/allOf/0/$ref"),
    }


def test_a_value_of_a_pattern_without_bound_is_not_judged_by_it(lint_document: Any) -> None:
    [found] = lint_document(with_schema({"type": "string", "pattern": "(?<=a)b", "default": "zzz"}))
    assert found.id == "pattern-unsupported"


def test_a_shared_example_is_shown_where_it_is_written(lint_document: Any) -> None:
    document = change(openapi(), f"{CONTENT}/examples", {"e": {"$ref": "#/components/examples/Shared"}})
    document = change(document, "/components/examples", {"Shared": {"value": {"id": 1}}})
    assert [one.pointer for one in lint_document(document)] == ["/components/examples/Shared/value/id"]


def test_nullable_is_told_with_the_type(lint_document: Any) -> None:
    [found] = lint_document(with_schema({"type": "string", "nullable": True, "default": 1}))
    assert "integer instead of string or null" in message(found).replace("null or string", "string or null")


def test_an_allof_cycle_is_not_run(lint_document: Any) -> None:
    document = with_schema({"allOf": [{"$ref": "#/components/schemas/Order"}], "default": 1})
    assert [one.id for one in lint_document(document, strict=True)] == ["strict-skipped", "value-not-checked"]
