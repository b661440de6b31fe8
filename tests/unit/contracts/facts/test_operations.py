"""Operations: what each says of its payloads, its errors, its limits, and of who may call."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.contracts.facts.documents import PATH, answering, asking, facts, openapi

DONE = {"responses": {"204": {"description": "Done."}}}
KEY = {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}}


def only(data: Any) -> Any:
    (operation,) = facts(data).operations
    return operation


@pytest.mark.parametrize(
    ("content", "body"),
    [
        ({"application/json": {"schema": {"type": "object"}}}, "typed"),
        ({"application/json": {"schema": {"type": "object"}}, "text/xml": {}}, "untyped"),
        ({"application/json": {"schema": {}}}, "untyped"),
        ({"application/json": {"schema": True}}, "untyped"),
        ({"application/octet-stream": {}}, "typed"),
        ({"image/png": {}}, "typed"),
        ({}, "untyped"),
    ],
)
def test_a_body_is_typed_when_each_representation_is(content: Any, body: str) -> None:
    post = {"requestBody": {"content": content}, **DONE}
    assert only(openapi({"/orders": {"post": post}})).body == body


@pytest.mark.parametrize(
    ("own", "shared", "security"),
    [
        (None, None, None),
        (None, [{"key": []}], (("key",),)),
        ([], [{"key": []}], ()),
        ([{"key": []}, {}], None, (("key",), ())),
    ],
)
def test_security_is_that_of_the_operation_else_of_the_document(own: Any, shared: Any, security: Any) -> None:
    get = {**DONE, **({"security": own} if own is not None else {})}
    more = {"security": shared} if shared is not None else {}
    assert only(openapi({"/orders": {"get": get}}, components=KEY, **more)).security == security


def test_swagger_has_the_same_facts() -> None:
    data = {
        "swagger": "2.0",
        "info": {"title": "Orders", "version": "1.4.0"},
        "basePath": "/v1",
        "securityDefinitions": {"key": KEY["securitySchemes"]["key"]},
        "security": [{"key": []}],
        "paths": {
            "/orders": {
                "post": {
                    "parameters": [
                        {"in": "body", "name": "order", "schema": {"required": ["sku"], "properties": {"sku": {}}}},
                        {"in": "header", "name": "X-Correlation-Id", "type": "string"},
                    ],
                    "responses": {"429": {"description": "Too many.", "headers": {"Retry-After": {"type": "integer"}}}},
                }
            }
        },
    }
    document = facts(data)
    (operation,) = document.operations
    assert (document.format, document.declared_version, document.schemes) == ("swagger", "1.4.0", (("key", "apiKey"),))
    assert (operation.name, operation.body, operation.security) == ("POST /orders", "typed", (("key",),))
    assert (operation.request_headers, operation.required_fields) == (("x-correlation-id",), ("sku",))
    assert [(one.status, one.headers) for one in operation.responses] == [("429", ("retry-after",))]


def test_one_schema_has_one_name_however_it_is_written() -> None:
    problem = {"$ref": "#/components/schemas/Problem"}
    own = {"type": "object", "properties": {"a": {}}}

    def answer(schema: Any) -> Any:
        return {"description": "Wrong.", "content": {"application/json": {"schema": schema}}}

    statuses = {"400": answer(problem), "401": answer({"allOf": [problem]}), "402": answer(own), "403": answer(own)}
    components = {"schemas": {"Problem": {"type": "object"}}}
    operation = only(openapi({"/orders": {"get": {"responses": statuses}}}, components=components))
    first, second, third, fourth = (response.schemas for response in operation.responses)
    assert first == second == ("#/components/schemas/Problem",)
    assert third == fourth
    assert third != first


def test_a_webhook_is_told_apart() -> None:
    data = {
        "openapi": "3.1.0",
        "info": {"title": "Hooks", "version": "1"},
        "webhooks": {"order.created": {"post": DONE}},
    }
    assert [(one.path, one.webhook) for one in facts(data).operations] == [("order.created", True)]


def test_sunset_limits_and_the_first_names_of_bodies() -> None:
    data = asking({"properties": {"meta": {"properties": {"trace_id": {"properties": {"deep": {}}}}}}})
    data["paths"]["/orders"]["post"] |= {"deprecated": True, "x-sunset": "2027-03-31", "x-rate-limit": 60}
    operation = only(data)
    assert (operation.deprecated, operation.sunset, operation.limits_declared) == (True, "2027-03-31", True)
    assert operation.body_fields == ("meta", "trace_id")


def test_places_are_in_the_document_that_holds_them() -> None:
    shared = "contracts/order/shared.yaml"
    gone = {
        "responses": {"Gone": {"description": "Gone.", "content": {"application/json": {"schema": {"type": "object"}}}}}
    }
    reference = {"$ref": "../../shared.yaml#/responses/Gone"}
    found = facts(openapi({"/orders": {"get": {"responses": {"410": reference}}}}), {shared: gone})
    (response,) = found.operations[0].responses
    assert (found.unresolved, response.place.path, response.place.pointer) == ((), shared, "/responses/Gone")
    assert found.operations[0].place.path == PATH


@pytest.mark.parametrize(
    ("data", "pointer"),
    [
        (
            answering({"$ref": "#/components/schemas/Gone"}),
            "/paths/~1orders/get/responses/200/content/application~1json/schema/$ref",
        ),
        (answering({"properties": {"a": {"$ref": "gone.yaml"}}}), "$ref"),
        (answering({"$ref": "http://example.com/schema"}), "$ref"),
        (answering({"$ref": "../../../../../etc/passwd"}), "$ref"),
        (openapi({"/orders": {"get": {"responses": {"200": {"$ref": "#/components/responses/Gone"}}}}}), "200/$ref"),
        (openapi({"/orders": {"$ref": "#/components/pathItems/Gone"}}), "/paths/~1orders/$ref"),
        (openapi({"/orders": {"get": {"parameters": [{"$ref": "#/gone"}], **DONE}}}), "parameters/0/$ref"),
        (openapi([]), "/paths"),
        (openapi({"/orders": []}), "/paths/~1orders"),
        (openapi({"/orders": {"get": []}}), "/paths/~1orders/get"),
        (openapi({"/orders": {"get": {"responses": []}}}), "/paths/~1orders/get"),
    ],
)
def test_what_leads_nowhere_is_told_with_its_place(data: Any, pointer: str) -> None:
    assert any(one.place.pointer.endswith(pointer) for one in facts(data).unresolved)


def test_a_dangling_reference_that_nothing_leads_to_hides_nothing() -> None:
    data = answering({"type": "object"}, components={"schemas": {"Old": {"$ref": "#/components/schemas/Gone"}}})
    assert facts(data).unresolved == ()


@pytest.mark.parametrize(
    ("data", "format_", "is_api"),
    [
        ({"openapi": "4.0.0", "paths": {}}, "unknown", True),
        ({"openapi": 3.1, "paths": {}}, "unknown", True),
        ({"swagger": "1.2"}, "unknown", True),
        ({"asyncapi": "3.0.0"}, "asyncapi", False),
        ({"$schema": "https://json-schema.org/draft/2020-12/schema"}, "jsonschema", False),
        (["a"], "unknown", False),
        (None, "unknown", False),
    ],
)
def test_only_api_documents_are_apis(data: Any, format_: str, is_api: bool) -> None:
    found = facts(data)
    assert (found.format, found.is_api, bool(found.problem)) == (format_, is_api, is_api)
